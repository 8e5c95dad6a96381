"""Register ledgers at the fixed hours: what grows, what is shown, and what a liar comes to."""

import pytest
from msgspec import UNSET

from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Outcome
from comity.exchange.answers import Word, decode_answer
from comity.exchange.pouch import Head, pack
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, sign_checkpoint, verify_cosignature
from comity.ledger.proofs import consistency_path
from comity.ledger.tiles import tile_reader
from comity.node import hours, receiving, replay, showing, standing
from comity.node.alarms import alarms
from comity.node.incoming import receive
from comity.node.links import directory_of, token_of
from comity.node.ports import Space
from comity.node.sitting import sitting
from comity.register.fold import Effect
from comity.register.rows import ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.logs import correspondence, journal, register_ledger
from comity.vocabulary.names import PersonId
from tests.scenarios.test_crossing import provide
from tests.support.pair import JPN, KOR, Hand, Pair, assure, conclude, enrol, pair

BOOK = register_ledger(JPN, KOR)
HOUR = 3600


@pytest.fixture
def two() -> Pair:
    made = pair()
    enrol(made)
    made.carry()
    return made


def size(two: Pair, log: str = BOOK) -> int:
    with two.tokyo.store.reading() as tx:
        return tx.frontier(log).size  # type: ignore[arg-type]


def show(two: Pair) -> Word | None:
    return showing.show(two.tokyo, KOR, Hand(two.nodes, JPN))


def held(two: Pair) -> bytes | None:
    """Return the checkpoint of Tokyo's register ledger that Seoul cosigned."""
    with two.seoul.store.reading() as tx:
        return tx.load(Space.LATEST, f"{BOOK}|cosigned")


def fill(two: Pair, count: int) -> None:
    """Let Tokyo enter leaves in its register ledger, as many as an hour's acts would."""
    with sitting(two.tokyo) as session:
        for _ in range(count):
            entry = Entry(
                deed=deeds.Blank(by=two.tokyo.registry), at=session.now, salt=session.salt()
            )
            session.append(BOOK, encode(entry), entry, effect=Effect(outcome=Outcome.LAWFUL))


def test_an_idle_hour_and_a_busy_one_grow_by_the_same_number(two: Pair) -> None:
    assert hours.strike(two.tokyo) == (KOR,)
    assert size(two) == 256
    assert hours.strike(two.tokyo) == ()  # not twice in one hour
    two.clock.turn(HOUR)
    fill(two, 77)
    assert hours.strike(two.tokyo) == (KOR,)
    assert size(two) == 512
    two.clock.turn(HOUR)
    fill(two, 256)
    hours.strike(two.tokyo)
    assert size(two) == 768
    two.clock.turn(HOUR)
    fill(two, 257)
    hours.strike(two.tokyo)
    assert size(two) == 768 + 512


def test_a_run_of_blank_leaves_is_one_line_of_the_journal_and_no_leaf_is_like_another(
    two: Pair,
) -> None:
    before = size(two, journal(JPN))
    hours.strike(two.tokyo)
    assert size(two, journal(JPN)) == before + 1
    with two.tokyo.store.reading() as tx:
        leaves = tx.leaves(BOOK, 0, 256)
    assert len(set(leaves)) == 256
    assert {type(decode_entry(leaf).deed) for leaf in leaves} == {deeds.Blank}
    assert replay.rebuild(two.tokyo).differences == ()


def test_whoever_slept_takes_one_step_on_waking(two: Pair) -> None:
    hours.strike(two.tokyo)
    two.clock.turn(9.5 * HOUR)
    hours.strike(two.tokyo)
    hours.strike(two.tokyo)
    assert size(two) == 512
    two.clock.turn(HOUR / 2)
    hours.strike(two.tokyo)
    assert size(two) == 768


def test_a_clock_that_is_set_back_strikes_no_hour_twice_and_one_set_right_goes_on(
    two: Pair,
) -> None:
    two.clock.turn(HOUR)
    hours.strike(two.tokyo)
    two.clock.turn(-1)
    assert hours.strike(two.tokyo) == ()
    two.clock.turn(-3 * HOUR)
    # Far behind what was heard: nothing is stamped; the ledger stays due.
    assert hours.strike(two.tokyo) == ()
    with two.tokyo.store.reading() as tx:
        assert f"{KOR}|unavailable.clock" in alarms(tx)


def test_the_counterpart_cosigns_what_goes_on_and_sees_no_leaf(two: Pair) -> None:
    for _ in range(3):
        hours.strike(two.tokyo)
        assert show(two) is Word.COSIGNED
        assert show(two) is None
        two.clock.turn(HOUR)
    note = held(two)
    assert note is not None
    assert checkpoint_of(note).size == 768
    verify_cosignature(
        two.seoul.suite,
        note,
        public=two.seoul.suite.signing_public(two.seoul.vault.ledger()),
        name=KOR,
    )
    with two.seoul.store.reading() as tx:
        assert tx.frontier(BOOK).size == 0
        shown = [one for one in standing.logs(two.seoul, tx) if one["log"] == BOOK]
    assert [one["cosigned"] for one in shown] == [768]
    with two.tokyo.store.reading() as tx:
        own = [one for one in standing.logs(two.tokyo, tx) if one["log"] == BOOK]
        assert [one["cosigned"] for one in own] == [768]
        assert tx.keys(Space.LATEST, f"{BOOK}|own|") == (f"{BOOK}|own|{768:016d}",)


def test_an_answer_that_was_lost_is_asked_for_again_and_hours_may_be_skipped(two: Pair) -> None:
    hours.strike(two.tokyo)
    sent = showing.next_showing(two.tokyo, KOR)
    assert sent is not None
    receive(two.seoul, JPN, sent.wire)  # its answer is lost
    assert show(two) is Word.COSIGNED
    for _ in range(2):
        two.clock.turn(HOUR)
        hours.strike(two.tokyo)
    later = showing.next_showing(two.tokyo, KOR)
    assert later is not None
    assert (later.old, later.new) == (256, 768)
    receive(two.seoul, JPN, later.wire)  # lost again, and another hour strikes
    two.clock.turn(HOUR)
    hours.strike(two.tokyo)
    assert show(two) is Word.ELSEWHERE  # it learns what is cosigned
    assert show(two) is Word.COSIGNED
    # An old pouch that comes late moves nothing back.
    assert decode_answer(receive(two.seoul, JPN, sent.wire)).word is Word.ELSEWHERE
    assert checkpoint_of(held(two) or b"").size == 1024


def wire(two: Pair, note: bytes, *, old: int, path: tuple[bytes, ...] = ()) -> bytes:
    head = Head(
        log=BOOK,
        old=old,
        new=checkpoint_of(note).size,
        checkpoint=note,
        leaves=(),
        documents=(),
        contents=(),
        slips=(),
        consistency=path or UNSET,
    )
    with two.tokyo.store.reading() as tx:
        return pack(
            two.tokyo.suite,
            head,
            pieces=(),
            transport=directory_of(tx, KOR, JPN).transport,
            token=token_of(tx, addressee=KOR, sender=JPN),
        )


def lie(two: Pair, size: int, root: Digest) -> bytes:
    private = two.tokyo.vault.ledger()
    return sign_checkpoint(
        two.tokyo.suite,
        private,
        two.tokyo.suite.signing_public(private),
        Checkpoint(log=BOOK, size=size, root=root, time=two.clock.now()),
    )


@pytest.mark.parametrize("size", [256, 512])
def test_another_history_is_refused_and_kept_as_evidence(two: Pair, size: int) -> None:
    hours.strike(two.tokyo)
    show(two)
    first = held(two)
    two.clock.turn(HOUR)
    hours.strike(two.tokyo)
    with two.tokyo.store.reading() as tx:
        read = tile_reader(lambda tiles: tx.tiles(BOOK, tiles), tx.frontier(BOOK).size)
        path = consistency_path(read, 256, 512) if size == 512 else ()
    forged = lie(two, size, Digest("sha384:" + "5a" * 48))
    said = decode_answer(receive(two.seoul, JPN, wire(two, forged, old=256, path=path)))
    assert said.word is Word.FORKED
    assert said.checkpoint == first
    assert held(two) == first
    with two.seoul.store.reading() as tx:
        assert alarms(tx)[f"{JPN}|fork"]["count"] == 1
        assert tx.load(Space.LATEST, f"fork|{BOOK}") == forged
        assert tx.load(Space.LATEST, f"fork|{BOOK}|held") == first
    # A second lie is refused like the first, and does not push the evidence out.
    other = lie(two, size, Digest("sha384:" + "6b" * 48))
    receive(two.seoul, JPN, wire(two, other, old=256, path=path))
    with two.seoul.store.reading() as tx:
        assert tx.load(Space.LATEST, f"fork|{BOOK}") == forged
    # The true history is cosigned as before.
    assert show(two) is Word.COSIGNED


def test_a_checkpoint_that_would_tell_how_busy_its_owner_was_is_not_believed(two: Pair) -> None:
    note = lie(two, 3, Digest("sha384:" + "5a" * 48))
    assert decode_answer(receive(two.seoul, JPN, wire(two, note, old=0))).word is Word.REFUSED


def test_a_ledger_restored_from_an_old_copy_is_found_out(two: Pair) -> None:
    hours.strike(two.tokyo)
    show(two)
    with two.tokyo.store.transaction() as tx:
        note = tx.load(Space.LATEST, f"{BOOK}|own") or b""
        tx.save(Space.LATEST, {f"{BOOK}|acked": b""})
    # As its counterpart sees it: an older size than the one that was cosigned.
    old = decode_answer(receive(two.seoul, JPN, wire(two, note, old=0)))
    assert old.word is Word.COSIGNED  # the same checkpoint again, that is all
    bigger = lie(two, 512, Digest("sha384:" + "5a" * 48))
    said = decode_answer(receive(two.seoul, JPN, wire(two, bigger, old=0)))
    assert said.word is Word.ELSEWHERE


def test_a_real_act_in_the_hour_changes_nothing_that_is_shown(two: Pair) -> None:
    conclude(two)
    assure(two)
    provide(two)
    two.carry()
    hours.strike(two.tokyo)
    with two.tokyo.store.reading() as tx:
        (item,) = tx.within(ItemOf, correspondence(KOR, JPN))
    receiving.register(two.tokyo, item, officer=PersonId("suzuki"))
    assert size(two) > 256
    two.clock.turn(HOUR)
    hours.strike(two.tokyo)
    assert size(two) == 512
    two.carry()
    assert show(two) is Word.COSIGNED
    assert replay.rebuild(two.tokyo).differences == ()


def test_nothing_is_shown_before_the_directory_that_verifies_it_has_arrived() -> None:
    two = pair()
    enrol(two)
    hours.strike(two.tokyo)
    assert showing.next_showing(two.tokyo, KOR) is None
    two.carry()
    assert show(two) is Word.COSIGNED


def test_a_peer_that_refuses_or_decides_nothing_is_said(two: Pair) -> None:
    hours.strike(two.tokyo)
    sent = showing.next_showing(two.tokyo, KOR)
    assert sent is not None
    with pytest.raises(Invalid, match="does not believe"):
        showing.took(two.tokyo, KOR, sent, receive(two.seoul, JPN, sent.wire[:-1]))
    two.seoul.clock = type(two.clock)(two.clock.now())
    two.seoul.clock.turn(-HOUR)
    with pytest.raises(Unavailable, match="decided nothing"):
        showing.took(two.tokyo, KOR, sent, receive(two.seoul, JPN, sent.wire))
