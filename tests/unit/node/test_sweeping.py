"""Files that nothing names go after a long time and many looks; what an act names stays."""

from pathlib import Path

import pytest
from msgspec import structs

from comity.node import deciding, large, releases, sweeping
from comity.node.ports import Space
from comity.store.blobs import BlobStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Unavailable
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import KOR, Pair, assure, conclude, enrol, pair
from tests.unit.node.test_large_contents import asked, plain, released

DAY = 86400


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


def files(two: Pair) -> set[Digest]:
    assert two.seoul.files is not None
    return set(two.seoul.files.digests())


def laid(two: Pair) -> Digest:
    draft = releases.lay_before(
        two.seoul, structs.replace(wish(), content=b"", pieces=plain), drafter=KIM
    )
    return draft.deed


def stray(two: Pair) -> Digest:
    """Seal a file as laying does, and die before anything speaks of it."""
    assert two.seoul.files is not None
    return two.seoul.files.put([b"sealed", two.seoul.suite.random(16)])


def look(two: Pair, times: int) -> set[Digest]:
    return {name for _ in range(times) for name in sweeping.sweep(two.seoul)}


def test_a_file_whose_laying_died_goes_after_many_looks_and_a_long_time(two: Pair) -> None:
    name = stray(two)
    assert look(two, sweeping.LOOKS) == set()
    two.clock.turn(29 * DAY)
    assert look(two, 1) == set()
    two.clock.turn(2 * DAY)
    assert look(two, 1) == {name}
    assert files(two) == set()
    look(two, 1)
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.LINK, "stray|") == ()


def test_a_clock_that_jumps_deletes_nothing_that_is_being_laid(two: Pair) -> None:
    name = stray(two)
    look(two, 1)
    two.clock.turn(400 * DAY)
    assert look(two, sweeping.LOOKS - 1) == set()
    assert files(two) == {name}
    two.clock.turn(-800 * DAY)
    assert look(two, 5) == set()


def test_the_file_of_a_draft_and_of_a_release_stays(two: Pair) -> None:
    waiting, other = laid(two), laid(two)
    before = files(two)
    deciding.approve(two.seoul, [other], authority=PARK)
    look(two, sweeping.LOOKS)
    two.clock.turn(90 * DAY)
    assert look(two, 2) == set()
    assert files(two) == before
    deciding.decline(two.seoul, waiting, authority=PARK)
    assert len(files(two)) == 1


def test_the_file_of_a_declined_draft_goes_though_the_process_died_before_it(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = laid(two)
    look(two, 3)  # it was named while it waited: its time begins afterwards

    def dies(*_: object) -> None:
        raise Unavailable("unavailable.disk", "cut off")

    with monkeypatch.context() as patched:
        patched.setattr(deciding, "_forget_file", dies)
        with pytest.raises(Unavailable):
            deciding.decline(two.seoul, name, authority=PARK)
    assert len(files(two)) == 1
    look(two, sweeping.LOOKS)
    two.clock.turn(31 * DAY)
    assert len(look(two, 1)) == 1
    assert files(two) == set()


def test_what_came_from_a_counterpart_stays(two: Pair) -> None:
    item = released(two)
    name = Digest(item.ciphertext)
    large.fetch(two.tokyo, KOR, name, lambda start: asked(two, item, start))
    two.clock.turn(90 * DAY)
    for _ in range(sweeping.LOOKS + 1):
        assert sweeping.sweep(two.tokyo) == ()
        two.clock.turn(DAY)
    assert two.tokyo.files is not None
    assert two.tokyo.files.size(name) is not None


def test_a_look_that_dies_after_deleting_leaves_no_note_behind(two: Pair) -> None:
    name = stray(two)
    look(two, sweeping.LOOKS)
    two.clock.turn(31 * DAY)
    assert two.seoul.files is not None
    two.seoul.files.delete(name)
    assert look(two, 1) == set()
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.LINK, "stray|") == ()
