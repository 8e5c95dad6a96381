"""Contents that no pouch carries: sealed in pieces, given to one counterpart, resumed, opened."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from comity.acts.deeds import Stage
from comity.exchange.pouch import CONTENT_INLINE
from comity.node import deciding, large, reading, receiving, releases
from comity.node.ports import Space
from comity.register.rows import ItemOf
from comity.seal.salted import Salted, salted_digest
from comity.store.blobs import BlobStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.names import Level, Office, PersonId, Subject
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import JPN, KOR, USA, Pair, assure, conclude, enrol, entitle, pair

DIH = Office("JPN/DIH")
LENGTH = CONTENT_INLINE + 12_345


def plain() -> Iterator[bytes]:
    """Bytes that are not all alike, in pieces of one length after another."""
    left, number = LENGTH, 0
    while left:
        piece = (b"%08d" % number * 8192)[: min(left, 65_000)]
        left, number = left - len(piece), number + 1
        yield piece


@pytest.fixture
def two(tmp_path: Path) -> Pair:
    houses = pair()
    for node in (houses.seoul, houses.tokyo):
        node.files = BlobStore(tmp_path / node.party)
    enrol(houses)
    houses.carry()
    conclude(houses)
    assure(houses)
    return houses


def released(two: Pair) -> ItemOf:
    """Lay a large file before the authority, let it be approved, and carry the leaf."""
    laid = releases.lay_before(
        two.seoul, structs.replace(wish(), content=b"", pieces=plain), drafter=KIM
    )
    entered = deciding.approve(two.seoul, [laid.deed], authority=PARK)
    two.carry()
    with two.tokyo.store.reading() as tx:
        return receiving.find_item(tx, KOR, entered[0].entry.deed.item.reference)  # type: ignore[union-attr]


def asked(two: Pair, item: ItemOf, start: int, *, peer: str = JPN) -> Iterator[bytes]:
    """What Seoul gives to a counterpart that asks from a byte on."""
    assert two.seoul.files is not None
    with two.seoul.store.reading() as tx:
        large.given(two.seoul, tx, peer, Digest(item.ciphertext))  # type: ignore[arg-type]
    yield from large.pieces_of(two.seoul.files, Digest(item.ciphertext), start)


def test_it_arrives_after_interruptions_at_random_bytes_and_opens(two: Pair) -> None:
    item = released(two)
    name = Digest(item.ciphertext)
    with two.tokyo.store.reading() as tx:
        assert large.wanted(tx, KOR) == (name,)
        assert tx.load(Space.CONTENT, name) is None
    chance = random.Random(11)
    starts: list[int] = []

    def broken(start: int) -> Iterator[bytes]:
        starts.append(start)
        left = chance.randrange(1, 2 << 20)
        for piece in asked(two, item, start):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                raise Unavailable("unavailable.peer", "cut")

    for _ in range(20):
        with pytest.raises(Unavailable):
            large.fetch(two.tokyo, KOR, name, broken)
        if starts[-1] > LENGTH - (4 << 20):
            break
    assert starts == sorted(set(starts)), "each begins where the one before was cut"
    large.fetch(two.tokyo, KOR, name, lambda start: asked(two, item, start))
    with two.tokyo.store.reading() as tx:
        assert large.wanted(tx, KOR) == ()

    take(two, item)
    pieces: list[bytes] = []
    opened = reading.read(two.tokyo, item, person=PersonId("abe"), into=pieces.append)
    assert opened.length == LENGTH
    assert b"".join(pieces) == b"".join(plain())


def take(two: Pair, item: ItemOf) -> None:
    """Register, designate, mark and assign, as Tokyo does with every item."""
    from comity.vocabulary.names import Regime
    from tests.support.pair import LATER

    regime, level = Regime("JPN:tokutei-himitsu"), Level("JPN:tokutei-himitsu")
    officer = PersonId("suzuki")
    receiving.register(two.tokyo, item, officer=officer)
    receiving.designate(
        two.tokyo, item, regime=regime, level=level, until=LATER, officer=PersonId("mori")
    )
    receiving.re_mark(two.tokyo, item, level=level, regime=regime, officer=officer)
    entitle(two.tokyo, "abe", level="JPN:tokutei-himitsu", subject="dprk.missile.launch")
    receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=officer)


def test_nobody_signs_for_what_is_not_here(two: Pair) -> None:
    item = released(two)
    take(two, item)
    with pytest.raises(Refused) as refusal:
        receiving.receipt(two.tokyo, item, custodian=PersonId("ito"))
    assert refusal.value.code == "refused.receipt.content"
    receiving.receipt(two.tokyo, item, custodian=PersonId("ito"), stage=Stage.PACKAGE)
    large.fetch(two.tokyo, KOR, Digest(item.ciphertext), lambda start: asked(two, item, start))
    receiving.receipt(two.tokyo, item, custodian=PersonId("ito"))


def test_other_bytes_do_not_count_and_it_begins_anew(two: Pair) -> None:
    item = released(two)
    name = Digest(item.ciphertext)
    with pytest.raises(Invalid):
        large.fetch(two.tokyo, KOR, name, lambda _: iter([b"other bytes"]))
    with two.tokyo.store.reading() as tx:
        assert not large.has(two.tokyo, tx, name)
        assert large.wanted(tx, KOR) == (name,)
    large.fetch(two.tokyo, KOR, name, lambda start: asked(two, item, start))


def test_a_content_goes_to_whom_it_was_given_and_others_hear_that_it_is_absent(two: Pair) -> None:
    item = released(two)
    with two.seoul.store.reading() as tx:
        for peer, name in ((USA, item.ciphertext), (JPN, "sha384:" + "0" * 96)):
            with pytest.raises(Unavailable) as absent:
                large.given(two.seoul, tx, peer, Digest(name))
            assert (absent.value.code, absent.value.detail) == (
                "unavailable.content",
                "no such content",
            )
        assert large.given(two.seoul, tx, JPN, Digest(item.ciphertext)) > LENGTH


def test_what_waits_or_is_declined_is_given_to_nobody(two: Pair) -> None:
    laid = releases.lay_before(
        two.seoul, structs.replace(wish(), content=b"", pieces=plain), drafter=KIM
    )
    assert isinstance(two.seoul.files, BlobStore)
    (name,) = two.seoul.files.digests()
    with two.seoul.store.reading() as tx, pytest.raises(Unavailable):
        large.given(two.seoul, tx, JPN, name)
    deciding.decline(two.seoul, laid.deed, authority=PARK)
    assert list(two.seoul.files.digests()) == []


def test_a_file_is_read_once_and_what_is_approved_is_what_was_read(two: Pair) -> None:
    """Between two readings it could have changed; its core says of what was sealed what it is."""
    turns = iter([b"first", b"other"])
    changing = structs.replace(wish(), content=b"", pieces=lambda: [next(turns)])
    laid = releases.lay_before(two.seoul, changing, drafter=KIM)
    assert next(turns) == b"other"
    with two.seoul.store.reading() as tx:
        (draft,) = releases.waiting_drafts(two.seoul, tx, [laid.deed])
    assert draft.deed.item.plaintext == salted_digest(Salted.CONTENT, b"first", salt=draft.salt)
    pieces: list[bytes] = []
    item, key = draft.deed.item, draft.keys.content
    large.open_into(two.seoul, item, draft.ciphertext, key=key, into=pieces.append)
    assert b"".join(pieces) == b"first"
    with pytest.raises(Invalid):
        other = structs.replace(item, subject=Subject("dprk.missile"))
        large.open_into(two.seoul, other, draft.ciphertext, key=key, into=pieces.append)
    with pytest.raises(Invalid, match=r"invalid\.salted"):
        other = structs.replace(item, plaintext=salted_digest(Salted.CONTENT, b"", salt=draft.salt))
        large.open_into(two.seoul, other, draft.ciphertext, key=key, into=pieces.append)


def test_a_whole_file_without_its_name_is_found_at_the_next_try(tmp_path: Path) -> None:
    from comity.acts.canonical import digest

    files = BlobStore(tmp_path)
    raw = b"all of it"
    (tmp_path / "arriving" / digest(raw).removeprefix("sha384:")).write_bytes(raw)

    def nothing(start: int) -> Iterator[bytes]:
        raise AssertionError(start)

    files.resume(digest(raw), nothing, limit=1 << 20)
    assert files.read(digest(raw)) == raw
    assert files.arrived(digest(raw)) == 0


def test_a_peer_that_never_ends_fills_no_disk(tmp_path: Path) -> None:
    files = BlobStore(tmp_path)
    name = Digest("sha384:" + "0" * 96)

    def endless(start: int) -> Iterator[bytes]:
        del start
        while True:
            yield bytes(1000)

    with pytest.raises(Invalid):
        files.resume(name, endless, limit=10_000)
    assert files.arrived(name) == 0
