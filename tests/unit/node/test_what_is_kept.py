"""What a peer sends beside the log: kept only where something names it, and only the first."""

import msgspec
import pytest
from msgspec import structs

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.deeds import Stage
from comity.agreement.clauses.marking import Marking
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.exchange.answers import Word, decode_answer
from comity.exchange.pouch import Slip, by_digest, head_of, pack
from comity.node import item_keys, outgoing, reading, setup, slips
from comity.node.alarms import alarms
from comity.node.chancery import Act, RefusedAct, enter
from comity.node.incoming import receive
from comity.node.links import directory_of, token_of
from comity.node.node import REMEMBERED
from comity.node.ports import Space
from comity.node.sitting import sitting
from comity.register.fold import Effect
from comity.register.rows import ItemOf, position_of
from comity.seal.directories import sign_directory
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office
from tests.scenarios.test_crossing import provide
from tests.support.pair import (
    JPN,
    KOR,
    Hand,
    HeldVault,
    Pair,
    pair,
    under_the_pact,
)

OURS, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)
DIH = Office("JPN/DIH")


@pytest.fixture
def agreed() -> Pair:
    return under_the_pact()


def heartbeat(
    two: Pair,
    *,
    slips: tuple[Slip, ...] = (),
    documents: tuple[bytes, ...] = (),
    contents: tuple[bytes, ...] = (),
) -> Word:
    """Let Seoul send an empty pouch with anything beside it."""
    with sitting(two.seoul) as session:
        size = session.size(OURS)
        note = session.roots.sign(OURS, at=session.now)
    head, pieces = head_of(
        log=OURS,
        old=size,
        checkpoint=note,
        leaves=[],
        documents=by_digest(documents),
        contents=by_digest(contents),
        slips=slips,
    )
    return decode_answer(receive(two.tokyo, KOR, packed(two, head, pieces))).word


def packed(two: Pair, head, pieces) -> bytes:  # type: ignore[no-untyped-def]
    with two.seoul.store.reading() as tx:
        return pack(
            two.seoul.suite,
            head,
            pieces=pieces,
            transport=directory_of(tx, JPN, KOR).transport,
            token=token_of(tx, addressee=JPN, sender=KOR),
        )


def slip(two: Pair, item: ItemOf, keys: item_keys.ItemKeys) -> Slip:
    """A slip with any keys, sealed to the office as Seoul would."""
    body = encode(slips.SlipBody(OURS, (slips.SlipItem(item.index, keys),)))
    public = two.seoul.suite.kem_public(two.tokyo.vault.office(DIH, 1))
    info = f"comity/v1 slip\n{OURS}\n{DIH}\n1".encode()
    return Slip(DIH, 1, two.seoul.suite.seal_to(public, info=info, plaintext=body))


def wrong(two: Pair, item: ItemOf) -> item_keys.ItemKeys:
    """Other keys for an item."""
    del item
    suite = two.seoul.suite
    return item_keys.ItemKeys(
        content=suite.generate_key(), particulars=suite.generate_key(), sealed=digest(b"other")
    )


def held(two: Pair, item: ItemOf) -> item_keys.ItemKeys:
    with two.tokyo.store.reading() as tx:
        keys = item_keys.keys_of(two.tokyo, tx, item.key, DIH)
    assert keys is not None
    return keys


def test_a_later_wrong_slip_takes_no_item_from_its_office(agreed: Pair) -> None:
    item = provide(agreed)
    before = held(agreed, item)
    assert heartbeat(agreed, slips=(slip(agreed, item, wrong(agreed, item)),)) is Word.COSIGNED
    assert held(agreed, item) == before
    reading.opened(agreed.tokyo, item, holder=DIH)


def test_a_key_that_was_asked_for_again_is_replaced_and_asked_for_no_more(agreed: Pair) -> None:
    item = provide(agreed)
    right = held(agreed, item)
    with sitting(agreed.tokyo) as session:
        other = item_keys.wrapped(agreed.tokyo, wrong(agreed, item), item=item.key, holder=DIH)
        session.tx.save(Space.KEY, {f"{item.key}|{DIH}": other})
        slips.ask_again(session, OURS, item.index)
    # The next word asks, the word after it brings the slip again; then nothing is left to say.
    outgoing.exchange(agreed.seoul, JPN, Hand(agreed.nodes, KOR), heartbeat=True)
    agreed.carry()
    assert held(agreed, item) == right
    with agreed.tokyo.store.reading() as tx:
        assert slips.wanted_again(tx, OURS) == []


def test_a_slip_that_cannot_be_made_does_not_keep_the_link_busy(agreed: Pair) -> None:
    item = provide(agreed)
    with sitting(agreed.seoul) as session:
        session.tx.drop(Space.KEY, [f"{item.key}|{KOR}"])
    with sitting(agreed.tokyo) as session:
        slips.ask_again(session, OURS, item.index)
    outgoing.exchange(agreed.seoul, JPN, Hand(agreed.nodes, KOR), heartbeat=True)
    agreed.carry()


def test_particulars_that_come_with_a_slip_made_again_are_kept(agreed: Pair) -> None:
    item = provide(agreed)
    keys = held(agreed, item)
    sealed = b"sealed again"
    again = structs.replace(keys, sealed=digest(sealed))
    with sitting(agreed.tokyo) as session:
        slips.ask_again(session, OURS, item.index)
    made = slip(agreed, item, again)
    assert heartbeat(agreed, slips=(made,), documents=(sealed,)) is Word.COSIGNED
    with agreed.tokyo.store.reading() as tx:
        assert tx.load(Space.WORDS, digest(sealed)) == sealed


def test_what_nothing_names_is_not_kept(agreed: Pair) -> None:
    paper, content = b"a paper of nobody", b"a content of nobody"
    assert heartbeat(agreed, documents=(paper,), contents=(content,)) is Word.COSIGNED
    with sitting(agreed.seoul) as session:
        old = session.size(OURS)
        session.append(OURS, b"noise", None, effect=Effect(outcome=None), assessment=None)
        note = session.roots.sign(OURS, at=session.now)
    head, pieces = head_of(
        log=OURS,
        old=old,
        checkpoint=note,
        leaves=[b"noise"],
        documents=by_digest([paper]),
        contents=by_digest([content]),
        slips=(),
    )
    wire = packed(agreed, head, pieces)
    for _ in range(2):  # the second is answered from store
        assert decode_answer(receive(agreed.tokyo, KOR, wire)).word is Word.COSIGNED
    with agreed.tokyo.store.reading() as tx:
        assert tx.load(Space.DOCUMENT, digest(paper)) is None
        assert tx.load(Space.CONTENT, digest(content)) is None


def test_a_node_does_not_keep_every_text_read(agreed: Pair) -> None:
    node = agreed.tokyo
    for number in range(2 * REMEMBERED):
        raw = b"no bundle %d" % number
        with sitting(node) as session:
            session.tx.save(Space.DOCUMENT, {digest(raw): raw})
        with node.store.reading() as tx:
            assert node.agreement(tx, digest(raw)) is None
    assert len(node._bundles) <= REMEMBERED
    with node.store.reading() as tx:
        assert node.agreement(tx, agreed.text) is not None


def test_a_receipt_is_under_the_agreement_of_its_item(agreed: Pair) -> None:
    item = provide(agreed)
    deed = deeds.Receipt(
        by=DIH,
        to=KOR,
        article=LINK_ARTICLE,
        agreement=digest(b"another"),
        item=position_of(item.key),
        stage=Stage.PACKAGE,
        number="JPN-R-1",
        copy=1,
        pages=item.pages,
        annexes=item.annexes,
        reserve=(),
    )
    with pytest.raises(RefusedAct) as refusal:
        enter(agreed.tokyo, [Act(deed=deed)])
    codes = {one.reason.code for one in refusal.value.assessment.findings}
    assert "ground.agreement.not-the-items" in codes


@pytest.mark.parametrize("within", [-1, 10**15])
def test_the_time_for_marking_is_bounded(within: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"article": "4", "type": "marking", "within": within}, Marking)
    assert msgspec.convert({"article": "4", "type": "marking", "within": 0}, Marking).within == 0


@pytest.mark.parametrize("error", [Invalid("invalid.form", "x"), Refused("refused.form", "x")])
def test_whatever_ends_the_transaction_is_answered_by_later(
    agreed: Pair, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    pouch = outgoing.next_pouch(agreed.seoul, JPN, heartbeat=True)
    assert pouch is not None
    monkeypatch.setattr(slips, "take", fails)
    assert decode_answer(receive(agreed.tokyo, KOR, pouch.wire)).word is Word.LATER
    with agreed.tokyo.store.reading() as tx:
        assert f"KOR|{error.code}" in alarms(tx)  # type: ignore[attr-defined]


def test_a_key_that_was_given_up_raises_no_fork(agreed: Pair) -> None:
    node = agreed.seoul
    vault = node.vault
    assert isinstance(vault, HeldVault)
    old_key, new_key = vault.ledger(), node.suite.generate_signing()
    with node.store.reading() as tx:
        found = setup.own_directory(node, tx, JPN)
    assert found is not None
    directory, name = found
    changed = structs.replace(
        directory,
        ledger=node.suite.signing_public(new_key),
        version=directory.version + 1,
        previous=name,
    )
    raw = sign_directory(node.suite, vault.root(), changed)
    deed = deeds.PublishDirectory(
        by=node.registry,
        to=JPN,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        directory=digest(raw),
        version=changed.version,
    )
    enter(node, [Act(deed=deed, keep={Space.DOCUMENT: {digest(raw): raw}})])
    agreed.carry()
    vault.keys["ledger"] = new_key
    outgoing.exchange(node, JPN, Hand(agreed.nodes, KOR), heartbeat=True)

    # Whoever has the old key signs another history of the same size, and begins at 0.
    vault.keys["ledger"] = old_key
    with node.store.reading() as tx:
        size = tx.frontier(OURS).size
    leaves = [b"another %d" % number for number in range(size)]
    other = pair().seoul
    other.vault = vault
    with sitting(other) as session:
        for leaf in leaves:
            session.append(OURS, leaf, None, effect=Effect(outcome=None), assessment=None)
        note = session.roots.sign(OURS, at=session.now)
    head, pieces = head_of(
        log=OURS, old=0, checkpoint=note, leaves=leaves, documents={}, contents={}, slips=()
    )
    answer = decode_answer(receive(agreed.tokyo, KOR, packed(agreed, head, pieces)))
    assert answer.word is Word.REFUSED
    with agreed.tokyo.store.reading() as tx:
        assert "KOR|fork" not in alarms(tx)
