"""What a hostile peer, a late pouch or a slip of the pen did to a node, found in review."""

from base64 import b64encode

import pytest
from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import LEAF_LIMIT, decode_entry
from comity.agreement.text import Bundle, open_bundle, parse
from comity.exchange.answers import Answer, Word, decode_answer
from comity.exchange.pouch import head_of, pack
from comity.ledger.checkpoints import verify_checkpoint
from comity.ledger.notes import parse_note
from comity.node import outgoing, replay
from comity.node.incoming import receive
from comity.node.links import directory_of, token_of
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.sitting import sitting
from comity.register.fold import Effect
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import AgreementId, Reason
from tests.support.pair import JPN, KOR, Hand, Pair, assure, conclude, enrol, pair

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
        note = session.sign(THEIRS, at=session.now)
    return decode_answer(receive(two.seoul, JPN, wire(two.tokyo, old, note, leaves, documents))).word


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
        note = session.sign(THEIRS, at=session.now)
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
        last = decode_entry(tx.leaves(THEIRS, tx.frontier(THEIRS).size - 1, tx.frontier(THEIRS).size)[0])
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
