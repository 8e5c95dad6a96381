"""A node that was put back gets back what it signed, and nothing that it did not sign."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from msgspec import structs

from comity.acts.canonical import digest, encode
from comity.acts.deeds import Stage
from comity.acts.entries import decode_entry
from comity.exchange.answers import Word
from comity.exchange.pouch import Pouch, by_digest, head_of, pack, unpack
from comity.exchange.replicas import REPLICA, decode_replica_ask
from comity.ledger.notes import line_alone, parse_note, with_line, write_line, write_note
from comity.node import (
    deciding,
    fetching,
    hours,
    large,
    outgoing,
    receiving,
    releases,
    setup,
    showing,
)
from comity.node.fetching import Asking
from comity.node.incoming import receive
from comity.node.links import directory_of, token_of
from comity.node.lost import Found, fetch_contents, find
from comity.node.named import documents_of
from comity.node.ports import Courier, Space
from comity.node.recovering import enter_again
from comity.node.replay import rebuild
from comity.node.sitting import sitting
from comity.register.rows import DutyOf, ItemOf, Line, RefusedByPeer
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Invalid, Refused
from comity.vocabulary.logs import LogName, correspondence, journal, register_ledger
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.scenarios.test_crossing import provide
from tests.simulation.hostile import last_entry, receipt_for_nothing, stale_seen
from tests.simulation.hostile import put as append
from tests.support.pair import (
    JPN,
    KOR,
    Hand,
    HeldVault,
    Pair,
    epochs,
    under_the_pact,
    where,
)

OWN, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)
SHOWN = register_ledger(JPN, KOR)


@dataclass
class Put:
    """Seoul before and after its database was put back, and what it knew to be cosigned."""

    two: Pair
    whole: MemoryStore
    older: MemoryStore
    witness: bytes

    def find(self, courier: Courier | None = None, *, remembered: bool = True) -> Found:
        known = [self.witness] if remembered else []
        asked = Hand(self.two.nodes, KOR) if courier is None else courier
        return find(self.two.seoul, JPN, asked, remembered=known)


def put_back(two: Pair, act: Callable[[Pair], object]) -> Put:
    """Do something, and put Seoul's database back to what it was before."""
    store = two.seoul.store
    assert isinstance(store, MemoryStore)
    older = store.clone()
    act(two)
    with store.reading() as tx:
        witness = tx.load(Space.LATEST, f"{OWN}|acked")
    assert witness is not None
    two.seoul.store = older
    return Put(two, store, older, witness)


def crossing(two: Pair) -> ItemOf:
    """A report goes to Tokyo, is registered and receipted; Tokyo publishes, so that it has more."""
    publish(two, JPN)
    two.carry()
    item = provide(two)
    receiving.register(two.tokyo, item, officer=PersonId("suzuki"))
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    receiving.receipt(two.tokyo, item, stage=Stage.DOCUMENT, custodian=PersonId("ito"), copy=1)
    two.carry()
    return item


@pytest.fixture
def put() -> Put:
    two = under_the_pact()
    return put_back(two, crossing)


def heads(store: MemoryStore) -> dict[LogName, bytes]:
    with store.reading() as tx:
        return {log: tx.frontier(log).root for log in (OWN, THEIRS)}


def test_the_lost_entries_come_back_under_their_old_numbers(put: Put) -> None:
    two, node = put.two, put.two.seoul
    assert heads(node.store) != heads(put.whole)  # type: ignore[arg-type]
    found = put.find()
    assert heads(node.store) != heads(put.whole)  # type: ignore[arg-type]
    back = enter_again(node, JPN, found)
    assert heads(node.store) == heads(put.whole) == heads(two.tokyo.store)  # type: ignore[arg-type]
    assert (back.own, back.theirs) == (len(found.own.leaves), len(found.theirs.leaves))
    assert back.own > 0
    assert back.theirs > 0
    assert rebuild(node).differences == ()
    with node.store.reading() as tx, put.whole.reading() as before:
        (item,) = tx.page(ItemOf)
        assert item == before.get(ItemOf, item.key)
        assert back.without_key == (item.reference,)
        # What is owed for it stands as it stood: the receipt came back with Tokyo's entries.
        assert tx.within(DutyOf, item.key) == before.within(DutyOf, item.key)
    assert put.find().nothing


def test_the_node_goes_on_releasing(put: Put) -> None:
    enter_again(put.two.seoul, JPN, put.find())
    item = provide(put.two, b"Another fictional assessment.")
    assert item.provider == KOR
    put.two.carry()
    assert heads(put.two.seoul.store) == heads(put.two.tokyo.store)  # type: ignore[arg-type]
    for node in put.two.nodes.values():
        assert rebuild(node).differences == ()


def test_a_process_that_dies_before_the_commit_entered_nothing(put: Put) -> None:
    node, found = put.two.seoul, put.find()
    assert isinstance(node.store, MemoryStore)
    before = heads(node.store)

    def die(moment: str) -> None:
        if moment == "before":
            raise KeyboardInterrupt

    node.store.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        enter_again(node, JPN, found)
    node.store.on_commit = lambda _: None
    assert heads(node.store) == before
    with node.store.reading() as tx:
        assert tx.keys(Space.LINK, f"alarm|{JPN}|recover.alarm") == ()
    enter_again(node, JPN, put.find())
    assert heads(node.store) == heads(put.whole)


@dataclass
class Liar:
    """A counterpart whose answers are changed on the way out."""

    put: Put
    change: Callable[[Pouch], dict[str, object]]

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        two = self.put.two
        wire = Hand(two.nodes, KOR).send(peer, path, body)
        assert path == REPLICA
        node = two.seoul
        with node.store.reading() as tx:
            token = token_of(tx, addressee=KOR, sender=JPN)
        pouch = unpack(node.suite, wire, transport=node.vault.transport(), token=token)
        if decode_replica_ask(body).log != pouch.log or not pouch.leaves:
            return wire
        said: dict[str, object] = {
            "log": pouch.log,
            "old": pouch.old,
            "checkpoint": pouch.checkpoint,
            "leaves": list(pouch.leaves),
            "documents": pouch.documents,
            "contents": pouch.contents,
            "slips": (),
            **self.change(pouch),
        }
        head, pieces = head_of(**said)  # type: ignore[arg-type]
        with two.tokyo.store.reading() as tx:
            transport = directory_of(tx, KOR, JPN).transport
        return pack(node.suite, head, pieces=pieces, transport=transport, token=token)


def of(log: LogName, change: Callable[[Pouch], dict[str, object]]) -> Callable[[Pouch], dict]:  # type: ignore[type-arg]
    return lambda pouch: change(pouch) if pouch.log == log else {}


def other_leaf(pouch: Pouch) -> dict[str, object]:
    return {"leaves": [b"x" + pouch.leaves[0][1:], *pouch.leaves[1:]]}


def one_more(pouch: Pouch) -> dict[str, object]:
    return {"leaves": [*pouch.leaves, b"{}"]}


def no_documents(pouch: Pouch) -> dict[str, object]:
    notes = {name: raw for name, raw in pouch.documents.items() if raw.startswith(b"comity/")}
    return {"documents": notes}


def no_notes(pouch: Pouch) -> dict[str, object]:
    notes = {name: raw for name, raw in pouch.documents.items() if raw.startswith(b"comity/")}
    return {"documents": {n: raw for n, raw in pouch.documents.items() if n not in notes}}


def without_line(name: str) -> Callable[[Pouch], dict[str, object]]:
    def change(pouch: Pouch) -> dict[str, object]:
        parts = parse_note(pouch.checkpoint)
        line = next(one for one in parts.lines if one.name != name)
        return {"checkpoint": write_note(parts.text, line)}

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (of(OWN, other_leaf), "invalid.recover.leaves"),
        (of(THEIRS, other_leaf), "invalid.recover.leaves"),
        (of(OWN, one_more), "invalid.recover.leaves"),
        (of(OWN, no_documents), "invalid.recover.judgement"),
        (of(OWN, no_notes), "invalid.recover.judgement"),
        (of(OWN, without_line(JPN)), "invalid.recover.note"),
        (of(OWN, without_line(KOR)), "invalid.checkpoint.unsigned"),
        (of(THEIRS, without_line(KOR)), "invalid.recover.note"),
    ],
)
def test_a_counterpart_that_lies_is_refused(
    put: Put, change: Callable[[Pouch], dict[str, object]], code: str
) -> None:
    node = put.two.seoul
    before = heads(node.store)  # type: ignore[arg-type]
    with pytest.raises(ComityError) as error:
        enter_again(node, JPN, put.find(Liar(put, change)))
    assert error.value.code == code
    assert heads(node.store) == before  # type: ignore[arg-type]
    # And an honest answer is taken all the same.
    enter_again(node, JPN, put.find())
    assert heads(node.store) == heads(put.whole)  # type: ignore[arg-type]


def test_a_page_may_be_short_and_the_rest_is_asked_for(put: Put) -> None:
    enter_again(put.two.seoul, JPN, put.find(Liar(put, lambda p: {"leaves": [p.leaves[0]]})))
    assert heads(put.two.seoul.store) == heads(put.whole)  # type: ignore[arg-type]


def test_fewer_than_is_remembered_is_refused(put: Put) -> None:
    """Tokyo shows an older checkpoint, genuine in its time: the witness file knows better."""
    tokyo = put.two.tokyo
    with put.older.reading() as tx:
        note = tx.load(Space.LATEST, f"{OWN}|acked")
        assert note is not None
    with tokyo.store.transaction() as tx:
        tx.save(Space.LATEST, {f"{OWN}|cosigned": note})
    with pytest.raises(Invalid) as error:
        put.find()
    assert error.value.code == "invalid.recover.too-few"


def hour(two: Pair) -> bytes:
    """Tokyo shows where its register ledger stands; return what Seoul cosigned of it."""
    two.clock.turn(3600)
    outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
    hours.strike(two.tokyo)
    assert showing.show(two.tokyo, KOR, Hand(two.nodes, JPN)) is Word.COSIGNED
    with two.seoul.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{SHOWN}|cosigned")
    assert note is not None
    return note


def test_how_far_the_other_register_ledger_was_cosigned_comes_back(put: Put) -> None:
    """Without it Tokyo's next hours could not be shown to go on from the last, for ever."""
    two = put.two
    two.seoul.store = put.whole
    note = hour(two)
    two.seoul.store = put.older
    enter_again(two.seoul, JPN, put.find())
    with two.seoul.store.reading() as tx:
        assert tx.load(Space.LATEST, f"{SHOWN}|cosigned") == note
    assert hour(two) != note


def test_an_older_checkpoint_of_its_register_ledger_is_not_believed(put: Put) -> None:
    """From there it could show another history; the witness file, or this house's key, says so."""
    two = put.two
    two.seoul.store = put.whole
    first = hour(two)
    second = hour(two)
    two.seoul.store = put.older
    for given, code in (
        (first, "invalid.recover.too-few"),
        (b"", "invalid.recover.too-few"),
        (line_alone(second, JPN), "invalid.recover.note"),
    ):
        with two.tokyo.store.transaction() as tx:
            tx.drop(Space.LATEST, [f"{SHOWN}|acked"])
            tx.save(Space.LATEST, {f"{SHOWN}|acked": given} if given else {})
        with pytest.raises(Invalid) as error:
            find(two.seoul, JPN, Hand(two.nodes, KOR), remembered=[put.witness, second])
        assert error.value.code == code


def test_a_copy_that_went_on_by_itself_cannot_be_rejoined(put: Put) -> None:
    """Without its witness files it did not know that it was behind, and signed something else."""
    publish(put.two)
    with pytest.raises(Refused) as error:
        put.find()
    assert error.value.code == "refused.recover.forked"


def test_what_was_signed_and_is_nowhere_closes_the_log(put: Put) -> None:
    """Tokyo has heard of a checkpoint of Seoul's for entries that never came to it."""
    two = put.two
    two.seoul.store = put.whole
    publish(two)
    # Tokyo speaks first: the answer says how far Seoul's own log is, and Seoul is put back.
    outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
    two.seoul.store = put.older
    with pytest.raises(Refused) as error:
        put.find()
    assert error.value.code == "refused.recover.for-good"


def publish(two: Pair, party: Party = KOR) -> None:
    at, to = two.clock.now(), JPN if party == KOR else KOR
    setup.publish_directory(two.nodes[party], to, where=where(party), epochs=epochs(party, at))


def test_contents_of_received_items_come_back() -> None:
    two = under_the_pact()
    put = put_back(two, given_by_tokyo)
    found = put.find()
    assert fetch_contents(two.seoul, JPN, Hand(two.nodes, KOR), found.theirs) == 1
    enter_again(two.seoul, JPN, found)
    for _ in range(2):  # asked for with one answer, made again for the next pouch
        outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
    with two.seoul.store.reading() as tx:
        (item,) = tx.within(ItemOf, THEIRS)
        assert large.has(two.seoul, tx, Digest(item.ciphertext))
        assert tx.load(Space.KEY, f"{item.key}|KOR/KDIA") is not None
        assert large.wanted(tx, JPN) == ()


def given_by_tokyo(two: Pair) -> None:
    wish = releases.Wish(
        to=KOR,
        offices=(Office("KOR/KDIA"),),
        by=Office("JPN/DIH"),
        level=Level("JPN:gokuhi"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Fictional",
    )
    laid = releases.lay_before(two.tokyo, wish, drafter=PersonId("sato"))
    deciding.approve(two.tokyo, [laid.deed], authority=PersonId("tanaka"))
    publish(two)
    two.carry()


def test_what_is_cosigned_again_is_cosigned_under_the_key_that_came_back() -> None:
    """Seoul renewed its key, held what Tokyo sent after it, and its answer was lost; so was it."""
    two = under_the_pact()

    def renewed(two: Pair) -> None:
        vault = two.seoul.vault
        assert isinstance(vault, HeldVault)
        vault.renew("ledger")
        publish(two)
        outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR))
        publish(two, JPN)
        sent = outgoing.next_pouch(two.tokyo, KOR)
        assert sent is not None
        receive(two.seoul, JPN, sent.wire)
        outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR), heartbeat=True)

    put = put_back(two, renewed)
    found = put.find()
    assert len(parse_note(found.theirs.note).lines) == 1
    enter_again(two.seoul, JPN, found)
    two.carry()
    outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
    with two.tokyo.store.reading() as tx:
        assert outgoing.acknowledged(tx, JPN, KOR) == tx.frontier(THEIRS).size


def test_nothing_rests_on_a_word_that_its_owner_lost_itself() -> None:
    """Both are put back, one after the other: Seoul's copy holds a word that Tokyo's never gave."""
    two = under_the_pact()
    words = []
    older = {JPN: two.tokyo.store.clone()}  # type: ignore[attr-defined]
    for _ in range(2):
        two.clock.turn(1)
        outgoing.exchange(two.seoul, JPN, Hand(two.nodes, KOR), heartbeat=True)
        with two.seoul.store.reading() as tx:
            words.append(tx.load(Space.LATEST, f"{THEIRS}|held"))
        older.setdefault(KOR, two.seoul.store.clone())  # type: ignore[attr-defined]
    assert words[0] != words[1]
    for party, peer in ((JPN, KOR), (KOR, JPN)):
        node = two.nodes[party]
        node.store = older[party]
        found = find(node, peer, Hand(two.nodes, party))
        assert found.nothing
        enter_again(node, peer, found)
    item = provide(two)
    two.carry()
    with two.seoul.store.reading() as tx:
        assert tx.within(RefusedByPeer, OWN) == ()
        assert outgoing.acknowledged(tx, KOR, JPN) == tx.frontier(OWN).size
    with two.tokyo.store.reading() as tx:
        assert tx.get(ItemOf, item.key) is not None


def test_whose_key_is_gone_is_said_again_if_the_process_died_before_it_was_said(put: Put) -> None:
    first = enter_again(put.two.seoul, JPN, put.find())
    assert len(first.without_key) == 1
    again = put.find()
    assert again.nothing
    assert enter_again(put.two.seoul, JPN, again).without_key == first.without_key


def test_what_had_no_effect_before_has_none_again() -> None:
    """Tokyo sent an act on less than it had seen; Seoul said so before the loss."""
    two = under_the_pact()

    def lies(two: Pair) -> None:
        crossing(two)
        for lie in (stale_seen, receipt_for_nothing):
            lie(two.tokyo, Random(1))
        two.carry()

    put = put_back(two, lies)
    enter_again(two.seoul, JPN, put.find())
    assert rebuild(two.seoul).differences == ()
    with two.seoul.store.reading() as tx, put.whole.reading() as before:
        lines = {row.key: row for row in tx.page(Line, limit=1000) if row.log in (OWN, THEIRS)}
        assert any(row.outcome != "lawful" for row in before.page(Line, limit=1000))
        for row in before.page(Line, limit=1000):
            if row.log in (OWN, THEIRS):
                holds = row.outcome == "lawful"
                assert (lines[row.key].outcome == "lawful") == holds, row
        assert tx.frontier(OWN) == before.frontier(OWN)


def test_the_journal_says_what_came_back(put: Put) -> None:
    node = put.two.seoul
    with node.store.reading() as tx:
        before = tx.frontier(journal(KOR)).size
    enter_again(node, JPN, put.find())
    with node.store.reading() as tx:
        lines = tx.leaves(journal(KOR), before, tx.frontier(journal(KOR)).size)
    assert lines
    assert all(b'"kind":"journal.recovered"' in line for line in lines)


def test_by_naming_a_digest_in_its_own_log_a_counterpart_gets_no_document(put: Put) -> None:
    """Tokyo names what only Seoul has, as evidence of an entry, and asks for the entry as lost."""
    two = put.two
    two.seoul.store = put.whole
    secret = b"what a third party gave Seoul"
    with put.whole.transaction() as writing:
        writing.save(Space.DOCUMENT, {digest(secret): secret})
    with sitting(two.tokyo) as session:
        twisted = structs.replace(
            last_entry(two.tokyo), evidence=(digest(secret),), salt=session.salt()
        )
        append(session, encode(twisted))
    two.carry()
    page = Asking(two.tokyo, KOR, Hand(two.nodes, JPN), lambda *_: None).page(
        THEIRS, 0, contents=True
    )
    named = {name for leaf in page.leaves for name in documents_of(decode_entry(leaf))}
    assert digest(secret) in named
    # All others that its entries name it brought itself, and gets back.
    assert named - page.documents.keys() == {digest(secret)}
    assert len(named) > 1


def one_by_one(pouch: Pouch) -> dict[str, object]:
    return {"leaves": [pouch.leaves[0]]}


@dataclass
class Endless(Liar):
    """A counterpart that would go on for ever; it is asked at the most so often."""

    left: int = 60

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        self.left -= 1
        assert self.left, "it is asked for ever"
        return super().send(peer, path, body)


def from_the_beginning(pouch: Pouch) -> dict[str, object]:
    return {**one_by_one(pouch), "old": 0}


def with_documents(pouch: Pouch) -> dict[str, object]:
    return {**one_by_one(pouch), "documents": by_digest([b"%d" % pouch.old + bytes(1 << 20)])}


def longer_each_time(pouch: Pouch) -> dict[str, object]:
    """Its own log, said to be longer than anybody cosigned; signed by nobody who was asked."""
    parts = parse_note(pouch.checkpoint)
    lines = parts.text.split(b"\n")
    lines[1] = b"%d" % (10**9 + pouch.old)
    note = write_note(b"\n".join(lines), parts.lines[0])
    for line in parts.lines[1:]:
        note = with_line(note, write_line(line))
    return {**one_by_one(pouch), "checkpoint": note}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (of(OWN, from_the_beginning), "invalid.recover.leaves"),
        (of(THEIRS, from_the_beginning), "invalid.recover.leaves"),
        (of(THEIRS, longer_each_time), "invalid.recover.note"),
        (of(OWN, longer_each_time), "invalid.signature"),
        (of(THEIRS, with_documents), "invalid.recover.documents"),
    ],
)
def test_a_counterpart_that_never_ends_is_refused(
    put: Put,
    change: Callable[[Pouch], dict[str, object]],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "_DOCUMENTS_SPARE", 1 << 19)
    with pytest.raises(ComityError) as error:
        put.find(Endless(put, change))
    assert error.value.code == code
