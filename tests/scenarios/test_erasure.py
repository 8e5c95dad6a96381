"""Words that both parties erase: gone from both houses, while the entry and its proof stay."""

from collections.abc import Callable

import pytest
from msgspec import UNSET, structs

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Stage
from comity.acts.entries import decode_entry
from comity.acts.parts import Position
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.cli.words import result_lines
from comity.evidence.verify import verify
from comity.ledger.approvals import approvals_of
from comity.node import (
    audit,
    deciding,
    drafts,
    erasing,
    finding,
    item_keys,
    outgoing,
    passing,
    reading,
    receiving,
    releases,
    replay,
    requests,
    slips,
    titles,
    titling,
    views,
    wishes,
)
from comity.node import waits as waiting
from comity.node.chancery import Act, RefusedAct, enter
from comity.node.incoming import receive
from comity.node.lost import find
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.proving import evidence_for
from comity.node.reading import seer_of
from comity.node.recovering import enter_again
from comity.node.searching import Search
from comity.node.signing import by_key_file
from comity.node.sitting import sitting
from comity.register.rows import ErasureOf, ItemOf, RefusedByPeer, RequestOf, position_of
from comity.seal.fingerprints import key_id
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Article, Level, Office, Party, PersonId, Purpose, Subject
from tests.scenarios import test_onward as onward
from tests.scenarios.test_crossing import provide, wish
from tests.scenarios.test_words_of_results import run
from tests.support.pair import JPN, KOR, LATER, USA, Hand, Pair, give, under_the_pact
from tests.unit.node.test_what_is_kept import heartbeat, slip

OURS, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)
DIH = Office("JPN/DIH")
OFFICER = {KOR: PersonId("choi"), JPN: PersonId("suzuki")}
READER = {KOR: PersonId("park"), JPN: PersonId("ito")}


@pytest.fixture
def agreed() -> Pair:
    return under_the_pact()


def says(two: Pair, party: Party, entry: str) -> None:
    erasing.say(two.nodes[party], entry, officer=OFFICER[party])


def both(two: Pair, entry: str, *, first: Party = KOR) -> None:
    """Let one ask and the other agree, and carry what they said."""
    for party in (first, *({KOR, JPN} - {first})):
        says(two, party, entry)
        two.carry()


def words(node: Node) -> tuple[str, ...]:
    with node.store.reading() as tx:
        return tx.keys(Space.WORDS)


def title(node: Node, item: ItemOf) -> str:
    with node.store.reading() as tx:
        return titles.title_of(node, tx, item, person=READER[node.party])


def found(node: Node, text: str) -> list[str]:
    with node.store.reading() as tx:
        seer = seer_of(tx, READER[node.party], house=node.party)
        answer = finding.find(node, tx, Search(seer=seer), text.split())
    return [one.item.reference for one in answer.found]


def read_in(two: Pair) -> None:
    for node in two.nodes.values():
        while titling.catch_up(node):
            pass


def keys(node: Node, item: ItemOf, holder: Office | Party) -> item_keys.ItemKeys:
    with node.store.reading() as tx:
        kept = item_keys.keys_of(node, tx, item.key, holder)
    assert kept is not None
    return kept


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedAct) as refusal:
        act()
    return refusal.value.code


def test_words_go_from_both_houses_once_both_have_said_so(agreed: Pair) -> None:
    item = provide(agreed)
    read_in(agreed)
    says(agreed, JPN, item.key)
    agreed.carry()
    for node in agreed.nodes.values():
        assert title(node, item) == "Launch assessment"
        assert found(node, "launch ass") == [item.reference]
    says(agreed, KOR, item.key)
    assert (words(agreed.seoul), len(words(agreed.tokyo))) == ((), 1)
    agreed.carry()
    for node, holder in ((agreed.seoul, KOR), (agreed.tokyo, DIH)):
        assert words(node) == ()
        assert title(node, item) == ""
        assert found(node, "ass") == []
        assert found(node, "launch") == [item.reference]  # of the subject, which is in the entry
        assert keys(node, item, holder).particulars == bytes(32)
        with node.store.reading() as tx:
            view = views.item_life(tx, item, house=node.party, now=node.clock.now())
            assert erasing.waiting(tx) == ()
        assert view["erased"].partition("#")[0] == OURS
        assert [one["kind"] for one in view["timeline"]].count("link.erase-particulars") == 2
        assert [one["signed"] for one in view["timeline"] if "erase" in one["kind"]] == 2 * [
            ["key-file"]
        ]


def test_no_list_of_the_index_has_the_title_any_more(agreed: Pair) -> None:
    item = provide(agreed)
    read_in(agreed)
    with agreed.tokyo.store.reading() as tx:
        number = tx.title_numbers([item.key])[item.key]
        where = titling.Where(read=(str(DIH),))
        before = list(titling.found(agreed.tokyo, tx, ["assessment"], where))
    assert [number in one.read for one in before] == [True]
    both(agreed, item.key)
    with agreed.tokyo.store.reading() as tx:
        after = list(titling.found(agreed.tokyo, tx, ["assessment"], where))
        still = list(titling.found(agreed.tokyo, tx, ["missile"], where))
    assert [number in one.read for one in after] == [False]
    assert [number in one.read for one in still] == [True]


def test_titles_that_go_while_they_are_read_in_are_not_read_in(
    agreed: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = provide(agreed)
    says(agreed, JPN, item.key)
    agreed.carry()
    written = titling._written

    def meanwhile(*args: object) -> object:
        made = written(*args)  # type: ignore[arg-type]
        monkeypatch.setattr(titling, "_written", written)
        says(agreed, KOR, item.key)
        return made

    monkeypatch.setattr(titling, "_written", meanwhile)
    assert titling.catch_up(agreed.seoul) == 0
    assert titling.catch_up(agreed.seoul) == 1
    where = titling.Where(read=("out",))
    with agreed.seoul.store.reading() as tx:
        hits = list(titling.found(agreed.seoul, tx, ["assessment"], where))
    assert [len(one.read) for one in hits] == [0]


def test_the_content_is_read_and_goes_on_without_the_words(agreed: Pair) -> None:
    item = provide(agreed)
    both(agreed, item.key)
    tokyo = agreed.tokyo
    give(tokyo, item, "sato", level="JPN:gokuhi", subject="dprk.missile", officer="suzuki")
    opened = reading.read(tokyo, item, person=PersonId("sato"))
    assert (opened.content, opened.particulars) == (b"A fictional assessment.", None)
    on = passing.wish(tokyo, item, to=USA, offices=(Office("USA/DIA"),), person=PersonId("sato"))
    assert (on.title, on.content) == (item.reference, b"A fictional assessment.")


@pytest.mark.parametrize("before", [True, False])
def test_what_went_on_is_proven_to_its_originator_whenever_the_words_went(before: bool) -> None:  # noqa: FBT001
    houses = onward.made()
    item = onward.received(houses)
    onward.approved(houses, item)

    def erase() -> None:
        for party in (JPN, KOR):
            erasing.say(houses.nodes[party], item.key, officer=OFFICER[party])
            houses.carry()

    if before:
        erase()
    entered = onward.pass_on(houses, item)
    houses.carry()
    if not before:
        erase()
    washington = houses.nodes[USA]
    got = onward.find(washington, JPN, entered)
    content, there = reading.opened(washington, got, holder=Office("USA/DIA"))
    assert content == onward.SECRET
    assert there is not None
    # What the hub gave has words of its own: those of the time when it was laid.
    assert there.title == (item.reference if before else "Launch assessment")
    roots = {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in houses.nodes.items()
    }
    assert verify(washington.suite, evidence_for(washington, got), roots=roots).confirmed
    for party in (KOR, JPN):
        assert title(houses.nodes[party], item) == ""


def test_words_that_go_between_reading_and_laying_do_not_go_on() -> None:
    houses = onward.made()
    item = onward.received(houses)
    onward.approved(houses, item)
    tokyo = houses.nodes[JPN]
    sato, dia = PersonId("sato"), (Office("USA/DIA"),)
    on = passing.wish(tokyo, item, to=USA, offices=dia, person=sato)
    for party in (KOR, JPN):
        erasing.say(houses.nodes[party], item.key, officer=OFFICER[party])
        houses.carry()
    with pytest.raises(Unavailable) as meanwhile:
        releases.lay_before(tokyo, on, drafter=sato)
    assert meanwhile.value.code == "unavailable.conflict"
    again = passing.wish(tokyo, item, to=USA, offices=dia, person=sato)
    releases.lay_before(tokyo, again, drafter=sato)


def test_a_draft_that_would_pass_the_words_on_ends_with_them(agreed: Pair) -> None:
    item = provide(agreed)
    tokyo = agreed.tokyo
    give(tokyo, item, "sato", level="JPN:gokuhi", subject="dprk.missile", officer="suzuki")
    on = passing.wish(tokyo, item, to=USA, offices=(Office("USA/DIA"),), person=PersonId("sato"))
    lays(tokyo, on)
    lays(tokyo, structs.replace(on, origin=UNSET, originator=JPN, title="Of its own"))
    with tokyo.store.reading() as tx:
        before = len(tx.waiting_drafts())
    both(agreed, item.key)
    with tokyo.store.reading() as tx:
        (left,) = tx.waiting_drafts()
        assert before == 2
        assert drafts.open_draft(tokyo, tx, Digest(left.key)).particulars.title == "Of its own"
        assert len(tx.keys(Space.DRAFT)) == 1
    assert replay.rebuild(tokyo).differences == ()
    assert audit.replay(tokyo, MemoryStore()).divergences == ()


def lays(node: Node, wanted: releases.Wish) -> None:
    """Lay a draft, whatever the agreement would say of it: there is none with that party here."""
    draft = wishes.drafted(node, wanted, drafter=PersonId("sato"))
    waits, content = drafts.sealed(node, draft, None)
    name = deeds.deed_digest(waits.deed)
    act = Act(
        deed=deeds.LayBefore(by=draft.deed.by, actor=draft.drafter, deed=name),
        keep={Space.DRAFT: {name: waiting.wrapped(node, waits, name)}, Space.CONTENT: content},
    )
    enter(node, [act])


def test_proofs_folds_and_judgements_are_what_they_were(agreed: Pair) -> None:
    item = provide(agreed)
    receiving.register(agreed.tokyo, item, officer=OFFICER[JPN])
    receiving.re_mark(agreed.tokyo, item, level=Level("JPN:gokuhi"), officer=OFFICER[JPN])
    receiving.receipt(agreed.tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT)
    agreed.carry()
    both(agreed, item.key, first=JPN)
    roots = {
        node.party: key_id(node.suite.signing_public(node.vault.root()))
        for node in agreed.nodes.values()
    }
    for node in agreed.nodes.values():
        assert replay.rebuild(node).differences == ()
        assert audit.replay(node, MemoryStore()).divergences == ()
        with node.store.reading() as tx:
            assert len(tx.within(ErasureOf, item.key)) == 2
            assert tx.page(RefusedByPeer) == ()
        proven = verify(node.suite, evidence_for(node, item), roots=roots)
        assert proven.confirmed
        assert [one.kind for one in proven.statements].count("link.erase-particulars") == 2


def test_the_words_of_a_request_go_likewise(agreed: Pair) -> None:
    wanted = requests.Wanted(
        to=KOR,
        offices=(Office("KOR/KDIA"),),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        title="What of the launch",
    )
    entered = requests.ask(agreed.tokyo, wanted, officer=PersonId("sato"))
    agreed.carry()
    key = f"{entered.position.log}#{entered.position.index}"
    for node in agreed.nodes.values():
        (view,) = requests.listed(node)
        assert view.words is not None
        assert (view.words.title, view.erased) == ("What of the launch", "")
    both(agreed, key, first=JPN)
    for node in agreed.nodes.values():
        (view,) = requests.listed(node)
        assert view.words is None
        assert view.erased.startswith(OURS)
        assert words(node) == ()
        assert replay.rebuild(node).differences == ()
        with node.store.reading() as tx:
            assert tx.get(RequestOf, key) is not None


def asks(two: Pair, particulars: Digest) -> str:
    """Let Tokyo ask with words that are another entry's: it names them, and that is all."""
    with two.tokyo.store.reading() as tx:
        agreement = requests.treaty.between(two.tokyo, tx, KOR)
    assert agreement is not None
    deed = deeds.Request(
        by=DIH,
        to=KOR,
        article=Article("1"),
        agreement=agreement.digest,
        offices=(Office("KOR/KDIA"),),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        due=LATER,
        particulars=particulars,
    )
    position = enter(two.tokyo, [Act(deed=deed)])[0].position
    two.carry()
    return f"{position.log}#{position.index}"


def test_a_request_that_names_the_words_of_another_entry_takes_none_of_them(agreed: Pair) -> None:
    item = provide(agreed)
    theirs = asks(agreed, keys(agreed.seoul, item, KOR).sealed)
    assert [one.words for one in requests.listed(agreed.seoul)] == [None]
    both(agreed, theirs, first=JPN)
    wanted = requests.Wanted(
        to=JPN,
        offices=(DIH,),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        title="What of the launch",
    )
    asked = requests.ask(agreed.seoul, wanted, officer=PersonId("kim")).entry.deed
    agreed.carry()
    assert isinstance(asked, deeds.Request)
    both(agreed, asks(agreed, asked.particulars), first=JPN)
    for node in agreed.nodes.values():
        assert title(node, item) == "Launch assessment"
        titled = [one.words.title for one in requests.listed(node) if one.words is not None]
        assert titled == ["What of the launch"]


def test_who_says_it_and_of_what(agreed: Pair) -> None:
    item = provide(agreed)
    seoul = agreed.seoul
    with pytest.raises(Refused) as refusal:
        erasing.say(seoul, item.key, officer=PersonId("park"))
    assert refusal.value.code == "refused.person.role"
    with seoul.store.reading() as tx, pytest.raises(Refused) as refusal:
        erasing.named(tx, KOR, f"{OURS}#0")
    assert refusal.value.code == "refused.absent"
    nothing = "refused.ground.erasing.no-words"
    assert code_of(lambda: says(agreed, KOR, f"{OURS}#0")) == nothing  # a directory has no words
    assert code_of(lambda: says(agreed, KOR, f"{OURS}#900")) == nothing
    says(agreed, KOR, item.key)
    assert code_of(lambda: says(agreed, KOR, item.key)) == "refused.ground.erasing.again"
    agreed.carry()
    with agreed.tokyo.store.reading() as tx:
        (one,) = erasing.waiting(tx)
    assert (one.entry, one.reference, one.said.author) == (item.key, item.reference, KOR)
    says(agreed, JPN, item.key)
    agreed.carry()
    for party in (KOR, JPN):
        assert code_of(lambda: says(agreed, party, item.key)) == "refused.ground.erasing.erased"  # noqa: B023


def test_nobody_says_it_without_an_officer_of_the_own_registry(agreed: Pair) -> None:
    item = provide(agreed)
    assert code_of(lambda: unsigned(agreed.seoul, item)) == "refused.ground.erasing.unsigned"
    # By a releasing authority, who wrote the words perhaps: not by that one alone either.
    park = lambda: unsigned(agreed.seoul, item, signer=PersonId("park"))  # noqa: E731
    assert code_of(park) == "refused.ground.erasing.unsigned"


def unsigned(node: Node, item: ItemOf, *, signer: PersonId | None = None) -> None:
    """Enter the act without the signature that it needs."""
    deed = deeds.EraseParticulars(
        by=node.registry,
        to=JPN,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        leaf=position_of(item.key),
    )
    name = digest_of(deed)
    papers = [] if signer is None else [by_key_file(node, signer, [name])]
    enter(
        node,
        [
            Act(
                deed=deed,
                approvals=tuple(one for paper in papers for one in approvals_of(paper, [name])),
                keep={Space.DOCUMENT: {digest_of(paper): encode(paper) for paper in papers}},
            )
        ],
    )


def test_two_who_ask_at_once_have_agreed(agreed: Pair) -> None:
    item = provide(agreed)
    says(agreed, KOR, item.key)
    says(agreed, JPN, item.key)
    assert len(words(agreed.seoul)) == len(words(agreed.tokyo)) == 1
    agreed.carry()
    for node in agreed.nodes.values():
        assert words(node) == ()
        assert replay.rebuild(node).differences == ()
        with node.store.reading() as tx:
            assert tx.page(RefusedByPeer) == ()


def test_other_entries_keep_their_words(agreed: Pair) -> None:
    gone, kept = provide(agreed), provide(agreed, b"Another one.")
    both(agreed, gone.key)
    for node in agreed.nodes.values():
        assert (title(node, gone), title(node, kept)) == ("", "Launch assessment")


def test_words_that_are_kept_back_keep_no_content_back(agreed: Pair) -> None:
    item = provide(agreed)
    with sitting(agreed.tokyo) as session:
        session.tx.drop(Space.WORDS, session.tx.keys(Space.WORDS))
    assert reading.opened(agreed.tokyo, item, holder=DIH) == (b"A fictional assessment.", None)


def test_a_slip_that_names_other_words_takes_none_of_them(agreed: Pair) -> None:
    item, other = provide(agreed), provide(agreed, b"Another one.")
    wrong = structs.replace(
        keys(agreed.seoul, item, KOR), sealed=keys(agreed.seoul, other, KOR).sealed
    )
    with sitting(agreed.tokyo) as session:
        slips.ask_again(session, OURS, item.index)
    heartbeat(agreed, slips=(slip(agreed, item, wrong),))
    both(agreed, item.key)
    assert title(agreed.tokyo, other) == "Launch assessment"


@pytest.mark.parametrize("asked_again", [False, True])
def test_a_slip_made_before_brings_nothing_back(agreed: Pair, asked_again: bool) -> None:  # noqa: FBT001
    item = provide(agreed)
    before = keys(agreed.seoul, item, KOR)
    with agreed.seoul.store.reading() as tx:
        sealed = tx.load(Space.WORDS, before.sealed)
    assert sealed is not None
    both(agreed, item.key)
    if asked_again:
        with sitting(agreed.tokyo) as session:
            slips.ask_again(session, OURS, item.index)
    heartbeat(agreed, slips=(slip(agreed, item, before),), documents=(sealed,))
    assert words(agreed.tokyo) == ()
    assert keys(agreed.tokyo, item, DIH) == item_keys.without_words(before)
    assert reading.opened(agreed.tokyo, item, holder=DIH) == (b"A fictional assessment.", None)


def test_a_pouch_that_comes_twice_brings_nothing_back(agreed: Pair) -> None:
    laid = releases.lay_before(agreed.seoul, wish(), drafter=PersonId("kim"))
    deciding.approve(agreed.seoul, [laid.deed], authority=PersonId("park"))
    sent = outgoing.next_pouch(agreed.seoul, JPN)
    assert sent is not None
    agreed.carry()
    with agreed.tokyo.store.reading() as tx:
        (item,) = tx.within(ItemOf, OURS)
    both(agreed, item.key)
    assert receive(agreed.tokyo, KOR, sent.wire) == receive(agreed.tokyo, KOR, sent.wire)
    assert words(agreed.tokyo) == ()
    assert keys(agreed.tokyo, item, DIH).particulars == bytes(32)


def test_a_key_that_comes_after_all_comes_without_the_words(agreed: Pair) -> None:
    item = provide(agreed)
    with sitting(agreed.tokyo) as session:
        session.tx.drop(Space.KEY, [f"{item.key}|{DIH}"])
        slips.ask_again(session, OURS, item.index)
    both(agreed, item.key)
    assert keys(agreed.tokyo, item, DIH).particulars == bytes(32)
    assert reading.opened(agreed.tokyo, item, holder=DIH) == (b"A fictional assessment.", None)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_erased_all_or_nothing(agreed: Pair, moment: str) -> None:
    item = provide(agreed)
    read_in(agreed)
    says(agreed, JPN, item.key)
    agreed.carry()
    store = agreed.seoul.store
    assert isinstance(store, MemoryStore)

    def die(when: str) -> None:
        if when == moment:
            raise KeyboardInterrupt

    store.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        says(agreed, KOR, item.key)
    store.on_commit = lambda _: None
    done = moment == "after"
    assert title(agreed.seoul, item) == ("" if done else "Launch assessment")
    assert found(agreed.seoul, "ass") == ([] if done else [item.reference])
    assert (words(agreed.seoul) == ()) is done
    if not done:
        says(agreed, KOR, item.key)
    agreed.carry()
    assert (words(agreed.seoul), words(agreed.tokyo)) == ((), ())


def test_a_house_that_is_put_back_to_before_it_erases_again(agreed: Pair) -> None:
    item = provide(agreed)
    read_in(agreed)
    seoul = agreed.seoul
    whole = seoul.store
    assert isinstance(whole, MemoryStore)
    older = whole.clone()
    both(agreed, item.key)
    seoul.store = older
    assert title(seoul, item) == "Launch assessment"
    with whole.reading() as tx:
        witness = tx.load(Space.LATEST, f"{OURS}|acked")
    assert witness is not None
    lost = find(seoul, JPN, Hand(agreed.nodes, KOR), remembered=[witness])
    enter_again(seoul, JPN, lost)
    assert (title(seoul, item), words(seoul)) == ("", ())
    assert found(seoul, "ass") == []
    assert replay.rebuild(seoul).differences == ()


def test_a_peer_that_erases_what_was_never_asked_only_asks(agreed: Pair) -> None:
    item = provide(agreed)
    says(agreed, JPN, item.key)
    agreed.carry()
    assert title(agreed.seoul, item) == "Launch assessment"
    assert len(words(agreed.seoul)) == 1
    with agreed.seoul.store.reading() as tx:
        leaf = tx.leaves(THEIRS, tx.frontier(THEIRS).size - 1, tx.frontier(THEIRS).size)[0]
        deed = decode_entry(leaf).deed
        assert isinstance(deed, deeds.EraseParticulars)
        assert deed.leaf == Position(log=OURS, index=item.index)


def test_at_the_command_line_one_asks_and_the_other_agrees(agreed: Pair) -> None:
    item = provide(agreed)
    asked = run(agreed, JPN, "ledger erase", entry=item.reference, **{"as": "suzuki"})
    assert (asked["entry"], asked["erased"]) == (item.key, "")
    said = result_lines("ledger.erase", asked, "en")
    assert said[-1] == "waits for the other party"
    agreed.carry()
    (waits,) = run(agreed, KOR, "ledger erasures")["erasures"]
    assert (waits["reference"], waits["by"], waits["ours"]) == (
        item.reference,
        "JPN/REGISTRY",
        False,
    )
    shown = run(agreed, KOR, "register show", item=item.reference)
    assert any(
        "wants the words erased" in one for one in result_lines("register.show", shown, "en")
    )
    done = run(agreed, KOR, "ledger erase", entry=item.key, **{"as": "choi"})
    where = f"{done['log']}#{done['index']}"
    assert done["erased"] == where
    assert result_lines("ledger.erase", done, "en")[-1].endswith(f"under entry {where}")
    agreed.carry()
    for party in (KOR, JPN):
        assert run(agreed, party, "ledger erasures") == {"erasures": []}
        shown = run(agreed, party, "register show", item=item.reference)
        assert any(where in one for one in result_lines("register.show", shown, "ko"))
        assert [one["erased"] for one in run(agreed, party, "register list")["items"]] == [where]
