"""What a hostile peer, a late pouch or a slip of the pen did to a node, found in review."""

from base64 import b64encode

import pytest
from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.entries import LEAF_LIMIT, decode_entry
from comity.acts.parts import Item, Label, Position, RefusedLeaf
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.agreement.parsing import parse
from comity.agreement.text import Bundle, open_bundle
from comity.evidence.bundle import decode_evidence
from comity.evidence.verify import verify
from comity.exchange.answers import Word, decode_answer
from comity.exchange.pouch import head_of, pack
from comity.ledger.approvals import approvals_of, sign_approval
from comity.ledger.checkpoints import checkpoint_of, verify_checkpoint
from comity.ledger.notes import parse_note
from comity.node import deciding, outgoing, people, receiving, releases, replay, setup
from comity.node.chancery import Act, enter
from comity.node.incoming import receive
from comity.node.links import directory_of, token_of
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.proving import evidence_for
from comity.node.sitting import sitting
from comity.register.fold import Effect
from comity.register.rows import DivergenceOf, ItemOf, Line, RefusedByPeer, key_of
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Level,
    Office,
    PersonId,
    Purpose,
    Reason,
    Reference,
    Subject,
)
from tests.support.pair import (
    JPN,
    KOR,
    LATER,
    USA,
    Hand,
    Pair,
    assure,
    conclude,
    enrol,
    pair,
)

THEIRS, OURS = correspondence(JPN, KOR), correspondence(KOR, JPN)


@pytest.fixture
def two() -> Pair:
    houses = pair()
    enrol(houses)
    houses.carry()
    return houses


@pytest.fixture
def agreed(two: Pair) -> Pair:
    conclude(two)
    assure(two)
    return two


def wire(
    node: Node, old: int, note: bytes, leaves: list[bytes], documents: tuple[bytes, ...] = ()
) -> bytes:
    """A pouch of Tokyo's own making."""
    from comity.exchange.pouch import by_digest

    head, pieces = head_of(
        log=THEIRS,
        old=old,
        checkpoint=note,
        leaves=leaves,
        documents=by_digest(documents),
        contents={},
        slips=(),
    )
    with node.store.reading() as tx:
        return pack(
            node.suite,
            head,
            pieces=pieces,
            transport=directory_of(tx, KOR, JPN).transport,
            token=token_of(tx, addressee=KOR, sender=JPN),
        )


def sent(two: Pair, leaves: list[bytes], documents: tuple[bytes, ...] = ()) -> Word:
    """Let Tokyo append any bytes, sign what results and send it."""
    with sitting(two.tokyo) as session:
        old = session.size(THEIRS)
        for leaf in leaves:
            session.append(THEIRS, leaf, None, effect=Effect(outcome=None), assessment=None)
        note = session.roots.sign(THEIRS, at=session.now)
    return decode_answer(
        receive(two.seoul, JPN, wire(two.tokyo, old, note, leaves, documents))
    ).word


def answered(two: Pair, **changes: object) -> tuple[outgoing.Sent, bytes]:
    """An honest answer of Tokyo to a heartbeat of Seoul, twisted."""
    pouch = outgoing.next_pouch(two.seoul, JPN, heartbeat=True)
    assert pouch is not None
    answer = decode_answer(receive(two.tokyo, KOR, pouch.wire))
    return pouch, encode(structs.replace(answer, **changes))


@pytest.mark.parametrize("time", ["soon", "2026-11-24", "", "2026-13-24T00:00:00.000Z"])
def test_an_answer_without_a_time_is_invalid(two: Pair, time: str) -> None:
    pouch, raw = answered(two, time=time)
    with pytest.raises(Invalid):
        outgoing.took(two.seoul, JPN, pouch, raw)


def text(terms: str, *, head: str = "", more: str = "") -> bytes:
    return (
        "# A text\n\n```toml agreement\n"
        'id = "KOR-JPN-OTHER"\nversion = "2026"\nparties = ["JPN", "KOR"]\n'
        'bindingness = "treaty"\nauthentic = ["en"]\nnote = "A note"\n'
        f"{head}```\n\n## Article 1 · One {{#1}}\n\n```toml terms\n{terms}```\n{more}"
    ).encode()


def bundle(source: bytes) -> bytes:
    return encode(
        Bundle(
            id=AgreementId("KOR-JPN-OTHER"),
            version=Reason("2026"),
            agreement=source,
            cases=b"",
            translations={},
        )
    )


@pytest.mark.parametrize("field", ["article", "type"])
def test_a_number_too_long_to_be_written_is_invalid(field: str) -> None:
    source = text(f"[[clause]]\n{field} = 0x{'f' * 5000}\n")
    with pytest.raises(Invalid):
        open_bundle(bundle(source))


def test_articles_that_stand_twice_are_counted_once() -> None:
    source = text("", more="## Article 7 · Again\n" * 20_000).decode()
    with pytest.raises(Invalid) as error:
        parse(source, file="agreement.md")
    assert error.value.code == "invalid.agreement.article-twice"


def test_a_checkpoint_with_a_line_of_nobody_is_not_believed(two: Pair) -> None:
    fake = b"\xe2\x80\x94 KOR " + b64encode(bytes(40)) + b"\n"
    with sitting(two.tokyo) as session:
        size = session.size(THEIRS)
        note = session.roots.sign(THEIRS, at=session.now)
    answer = receive(two.seoul, JPN, wire(two.tokyo, size, note + fake, []))
    assert decode_answer(answer).word is Word.REFUSED


def test_an_acknowledgement_keeps_this_nodes_own_signature(two: Pair) -> None:
    pouch = outgoing.next_pouch(two.seoul, JPN, heartbeat=True)
    assert pouch is not None
    answer = decode_answer(receive(two.tokyo, KOR, pouch.wire))
    text_of, _, tail = answer.checkpoint.partition(b"\n\n")
    theirs = next(one for one in tail.split(b"\n") if b" JPN " in one)
    twisted = text_of + b"\n\n\xe2\x80\x94 KOR " + b64encode(bytes(40)) + b"\n" + theirs + b"\n"
    outgoing.took(two.seoul, JPN, pouch, encode(structs.replace(answer, checkpoint=twisted)))
    with two.seoul.store.reading() as tx:
        kept = tx.load(Space.LATEST, f"{OURS}|acked")
    assert kept is not None
    public = two.seoul.suite.signing_public(two.seoul.vault.ledger())
    verify_checkpoint(two.seoul.suite, kept, public=public, log=LogName(OURS))
    assert [one.name for one in parse_note(kept).lines] == [KOR, JPN]


def test_a_full_pouch_of_unlawful_leaves_is_answered_by_entries_that_decode(agreed: Pair) -> None:
    with agreed.tokyo.store.reading() as tx:
        last = decode_entry(
            tx.leaves(THEIRS, tx.frontier(THEIRS).size - 1, tx.frontier(THEIRS).size)[0]
        )
    other = structs.replace(last, deed=structs.replace(last.deed, to="USA"))
    leaf = encode(other)
    assert sent(agreed, [leaf] * 4096) is Word.COSIGNED
    with agreed.seoul.store.reading() as tx:
        for log in tx.logs():
            if log == THEIRS:
                continue
            for one in tx.leaves(log, 0, tx.frontier(log).size):
                assert len(one) <= LEAF_LIMIT
                decode_entry(one)
    assert replay.rebuild(agreed.seoul).differences == ()
    outgoing.exchange(agreed.seoul, JPN, Hand(agreed.nodes, KOR))


def lied(
    two: Pair, deed: deeds.AnyDeed, documents: tuple[bytes, ...] = (), **changes: object
) -> Word:
    """Let Tokyo enter a deed with the judgement that its own software computes, whatever it is."""
    from comity.acts.entries import Entry
    from comity.agreement.cut import Asked
    from comity.node.assess import assess

    for raw in documents:
        with sitting(two.tokyo) as session:
            session.tx.save(Space.DOCUMENT, {digest(raw): raw})
    with sitting(two.tokyo) as session:
        seen = session.roots.seen(KOR)
        entry = Entry(deed=deed, at=session.now, salt=session.salt(), seen=seen or UNSET)
        entry = structs.replace(entry, **changes)
        asked = Asked(
            house=KOR,
            acting=JPN,
            counterpart=KOR,
            log=THEIRS,
            index=session.size(THEIRS),
            entry=entry,
        )
        judged = assess(session.books, session.rows, asked, journal_size=0).common_digest
    return sent(two, [encode(structs.replace(entry, judgement=judged))], documents)


def outcome(two: Pair) -> Line:
    with two.seoul.store.reading() as tx:
        found = [one for one in tx.page(Line, limit=10_000) if one.log == THEIRS]
    return max(found, key=lambda one: one.index)


def test_what_is_no_directory_takes_effect_on_no_link(two: Pair) -> None:
    raw = b"no directory at all"
    deed = deeds.PublishDirectory(
        by=two.tokyo.registry,
        to=KOR,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        directory=digest(raw),
        version=2,
    )
    assert lied(two, deed, (raw,)) is Word.COSIGNED
    assert outcome(two).code == "ground.link.directory"
    # The link goes on.
    assert sent(two, [b"something"]) is Word.COSIGNED


def test_another_houses_directory_takes_effect_on_no_link(two: Pair) -> None:
    with two.seoul.store.reading() as tx:
        found = setup.own_directory(two.seoul, tx, JPN)
        assert found is not None
        raw = tx.load(Space.DOCUMENT, found[1])
    assert raw is not None
    deed = deeds.PublishDirectory(
        by=two.tokyo.registry,
        to=KOR,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        directory=digest(raw),
        version=1,
    )
    assert lied(two, deed, (raw,)) is Word.COSIGNED
    assert outcome(two).code == "ground.link.directory"


def test_a_text_that_only_its_author_proposed_permits_nothing(agreed: Pair) -> None:
    # Whoever wrote it left out what says when it is in force.
    raw = bundle(text('[[clause]]\ntype = "discretion"\narticle = "1"\n'))
    name = open_bundle(raw).digest
    propose = deeds.Propose(
        by=Office("JPN/MOD"),
        to=KOR,
        article=Article("2"),
        agreement=GROUND.digest,
        text=name,
        id=AgreementId("KOR-JPN-OTHER"),
        version=Reason("2026"),
    )
    assert lied(agreed, propose, (raw,)) is Word.COSIGNED
    assert outcome(agreed).outcome == "lawful"
    deed = deeds.Release(
        by=Office("JPN/DIH"),
        to=KOR,
        article=Article("1"),
        agreement=name,
        offices=(Office("KOR/KDIA"),),
        item=Item(
            reference=Reference("JPN-2026-1"),
            originator=JPN,
            providing=JPN,
            label=Label(level=Level("JPN:gokuhi"), releasable=(), caveats=()),
            subject=Subject("dprk.missile.launch"),
            form=Form.ELECTRONIC,
            pages=1,
            annexes=0,
            plaintext=digest(b"plain"),
            sources=(),
        ),
        purpose=Purpose("defence.missile-warning"),
        particulars=digest(b"words"),
    )
    assert lied(agreed, deed, ciphertext=digest(b"sealed")) is Word.COSIGNED
    assert outcome(agreed).outcome == "unlawful"


def test_a_late_pouch_does_not_stop_this_house_from_stamping(agreed: Pair) -> None:
    with sitting(agreed.tokyo) as session:
        old = session.size(THEIRS)
        session.append(THEIRS, b"noise", None, effect=Effect(outcome=None), assessment=None)
        note = session.roots.sign(THEIRS, at=session.now)
    agreed.clock.turn(3600)  # the link was down for an hour
    raw = receive(agreed.seoul, JPN, wire(agreed.tokyo, old, note, [b"noise"]))
    assert decode_answer(raw).word is Word.COSIGNED


def test_a_clock_far_ahead_does_not_draw_this_house_after_it(agreed: Pair) -> None:
    with sitting(agreed.tokyo) as session:
        size = session.size(THEIRS)
        note = session.roots.sign(THEIRS, at=Instant("9999-12-31T00:00:00.000Z"))
    raw = receive(agreed.seoul, JPN, wire(agreed.tokyo, size, note, []))
    assert decode_answer(raw).word is Word.LATER
    pouch, raw = answered(agreed, own=note)
    outgoing.took(agreed.seoul, JPN, pouch, raw)
    people.assure(
        agreed.seoul,
        JPN,
        agreement=agreed.text,
        article=Article("7(5)"),
        offices=(Office("KOR/KDIA"),),
        level=Level("KOR:mil-2"),
        until=LATER,
        by=Office("KOR/KDIA"),
        actor=PersonId("minister-kor"),
    )
    with agreed.seoul.store.reading() as tx:
        size = tx.frontier(OURS).size
        assert decode_entry(tx.leaves(OURS, size - 1, size)[0]).at == agreed.clock.now()


def test_a_refusal_or_divergence_speaks_of_its_own_link_only(agreed: Pair) -> None:
    elsewhere = correspondence(KOR, USA)
    common = {
        "by": agreed.tokyo.registry,
        "to": KOR,
        "article": LINK_ARTICLE,
        "agreement": GROUND.digest,
    }
    refusal = deeds.RefuseLeaves(
        **common,  # type: ignore[arg-type]
        log=elsewhere,
        old=0,
        new=9,
        refused=(RefusedLeaf(index=3, code=Reason("judgement.unlawful")),),
    )
    diverge = deeds.Diverge(
        **common,  # type: ignore[arg-type]
        leaf=Position(log=elsewhere, index=3),
        claimed=digest(b"one"),
        computed=digest(b"two"),
    )
    assert lied(agreed, refusal) is Word.COSIGNED
    assert lied(agreed, diverge) is Word.COSIGNED
    with agreed.seoul.store.reading() as tx:
        assert tx.page(RefusedByPeer) == ()
        assert tx.page(DivergenceOf) == ()


def test_a_counterpart_learns_nothing_of_the_items_of_another_link(agreed: Pair) -> None:
    item = Position(log=correspondence(KOR, USA), index=5)
    receipt = deeds.Receipt(
        by=Office("JPN/DIH"),
        to=KOR,
        article=Article("12"),
        agreement=agreed.text,
        item=item,
        stage=deeds.Stage.PACKAGE,
        number=Reference("JPN-R-1"),
        copy=1,
        pages=1,
        annexes=0,
        reserve=(),
    )
    assert lied(agreed, receipt) is Word.COSIGNED
    before = outcome(agreed).code
    with agreed.seoul.store.transaction() as tx:
        tx.put([elsewhere(item, agreed.text)])
    assert lied(agreed, receipt) is Word.COSIGNED
    assert outcome(agreed).code == before


def elsewhere(item: Position, agreement: str) -> ItemOf:
    """What Seoul's register would hold of an item given to Washington."""
    return ItemOf(
        key=key_of(item),
        scope=item.log,
        log=item.log,
        index=item.index,
        at="2026-11-24T00:00:00.000Z",
        reference="KOR-2026-1",
        originator="KOR",
        provider="KOR",
        receiver="USA",
        level="KOR:mil-2",
        regime="",
        releasable=(),
        caveats=(),
        subject="dprk.missile.launch",
        form="electronic",
        purpose="defence.missile-warning",
        offices=("USA/DIA",),
        pages=1,
        annexes=0,
        plaintext=digest(b"plain"),
        ciphertext=digest(b"sealed"),
        particulars=digest(b"words"),
        agreement=agreement,
    )


def test_a_checkpoint_of_a_part_claims_what_its_next_entry_has_seen(agreed: Pair) -> None:
    with sitting(agreed.seoul) as session:
        size = session.size(OURS)
        entry = decode_entry(session.tx.leaves(OURS, size - 1, size)[0])
    assert sent(agreed, [b"one more"]) is Word.COSIGNED  # seen now is more than then
    with sitting(agreed.seoul) as session:
        note = session.roots.sign_at(OURS, size - 1, at=session.now)
    seen = checkpoint_of(note).seen
    assert seen is not None
    assert not isinstance(entry.seen, UnsetType)
    assert seen.size <= entry.seen.size


def test_what_was_declined_or_released_cannot_be_approved(agreed: Pair) -> None:
    from tests.scenarios.test_crossing import KIM, PARK, wish

    laid = releases.lay_before(agreed.seoul, wish(), drafter=KIM)
    deciding.decline(agreed.seoul, laid.deed, authority=PARK)
    with pytest.raises(Refused) as refusal:
        deciding.approve(agreed.seoul, [laid.deed], authority=PARK)
    assert refusal.value.code == "refused.release.no-draft"


def test_a_draft_is_released_once_however_often_it_is_approved(agreed: Pair) -> None:
    from tests.scenarios.test_crossing import KIM, PARK, wish

    laid = releases.lay_before(agreed.seoul, wish(), drafter=KIM)
    with pytest.raises(Refused) as refusal:
        deciding.approve(agreed.seoul, [laid.deed, laid.deed], authority=PARK)
    assert refusal.value.code == "refused.release.no-draft"
    with agreed.seoul.store.reading() as tx:
        assert tx.within(ItemOf, OURS) == ()


def test_what_nobody_could_read_is_not_entered(agreed: Pair) -> None:
    with pytest.raises(Invalid):
        people.assure(
            agreed.seoul,
            JPN,
            agreement=agreed.text,
            article=Article("7(5)"),
            offices=(Office("KOR/KDIA"),),
            level=Level("KOR:mil-2"),
            until=Instant("soon"),
            by=Office("KOR/KDIA"),
            actor=PersonId("minister-kor"),
        )
    agreed.carry()


def test_evidence_has_the_signatures_of_a_checkpoint_in_one_order(agreed: Pair) -> None:
    from tests.scenarios.test_crossing import provide

    item = provide(agreed)
    raw = evidence_for(agreed.seoul, item)
    verify(agreed.seoul.suite, raw, roots={})
    evidence = decode_evidence(raw)
    first = evidence.logs[0]
    body, _, tail = first.checkpoint.partition(b"\n\n")
    lines = tail[:-1].split(b"\n")
    swapped = body + b"\n\n" + b"\n".join(reversed(lines)) + b"\n"
    other = structs.replace(
        evidence, logs=(structs.replace(first, checkpoint=swapped), evidence.logs[1])
    )
    with pytest.raises(Invalid) as error:
        verify(agreed.seoul.suite, encode(other), roots={})
    assert error.value.code == "invalid.evidence.note"


def test_a_number_stays_with_the_item_that_had_it_first(agreed: Pair) -> None:
    from tests.scenarios.test_crossing import KIM, PARK, provide, wish

    item = provide(agreed)
    draft = releases.drafted(agreed.seoul, wish(b"Another"), drafter=KIM)
    deed = structs.replace(
        draft.deed, item=structs.replace(draft.deed.item, reference=item.reference)
    )
    name = digest(encode(deed))
    paper = sign_approval(agreed.seoul.suite, agreed.seoul.vault.person(PARK), [name])
    act = Act(
        deed=deed,
        approvals=tuple(approvals_of(paper, [name])),
        ciphertext=digest(b"sealed"),
        keep={Space.DOCUMENT: {digest(encode(paper)): encode(paper)}},
    )
    laid = Act(deed=deeds.LayBefore(by=deed.by, actor=KIM, deed=name))
    enter(agreed.seoul, [laid, act])
    agreed.carry()
    with agreed.tokyo.store.reading() as tx:
        assert len(tx.within(ItemOf, OURS)) == 2
        assert receiving.find_item(tx, JPN, item.reference) == item
