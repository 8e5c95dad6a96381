"""What a database that was put back lost comes back from its second place, and nothing else."""

from pathlib import Path

import pytest

from comity.acts.deeds import Role
from comity.node import deciding, people, releases
from comity.node.ports import Store
from comity.node.replay import rebuild
from comity.store.memory import MemoryStore
from comity.store.records import records_in
from comity.store.second import TwoPlaces, entered_again, given_up, joined
from comity.store.second_files import SecondPlace
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.scenarios.test_crossing import provide
from tests.support.pair import ADMIN, JPN, KOR, Pair, under_the_pact
from tests.support.stores import everything

SECRET, CHANCE = b"s" * 32, b"c" * 32


def second(folder: Path, secret: bytes = SECRET) -> SecondPlace:
    return SecondPlace(folder, secret)


def two_places(store: Store, folder: Path) -> TwoPlaces:
    return TwoPlaces(store, second(folder), SECRET, CHANCE)


def draft(two: Pair) -> None:
    """A desk officer lays a draft before the authority: nobody else ever has it."""
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"Fictional.",
        title="Fictional",
    )
    releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))


def at_home(two: Pair) -> None:
    people.add_person(
        two.seoul,
        PersonId("yun"),
        name="Yun",
        office=Office("KOR/KDIA"),
        roles=(Role.DESK,),
        key=None,
        actor=ADMIN,
    )
    draft(two)


@pytest.fixture
def whole() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def two(whole: MemoryStore, tmp_path: Path) -> Pair:
    """Seoul keeps a second place from its first transaction on."""
    return under_the_pact(stores={KOR: two_places(whole, tmp_path / "second")})


def test_all_that_a_copy_lacks_comes_back(two: Pair, whole: MemoryStore, tmp_path: Path) -> None:
    older = whole.clone()
    at_home(two)
    provide(two)
    assert everything(older) != everything(whole)
    place = second(tmp_path / "second")
    assert joined(older, place) == joined(older, place) > 0
    assert entered_again(older, place) > 0
    assert everything(older) == everything(whole)
    assert joined(older, place) == entered_again(older, place) == 0
    # The node goes on from there, and what it does next stands behind the rest.
    two.seoul.store = two_places(older, tmp_path / "second")
    provide(two, b"Another.")
    assert rebuild(two.seoul).differences == ()
    assert two.seoul.store.behind == 0
    assert joined(whole, second(tmp_path / "second")) > 0


def test_the_draft_that_came_back_is_approved_as_if_nothing_had_been(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    older = whole.clone()
    draft(two)
    entered_again(older, second(tmp_path / "second"))
    two.seoul.store = two_places(older, tmp_path / "second")
    with older.reading() as tx:
        (waiting,) = tx.waiting_drafts()
    deciding.approve(two.seoul, [waiting.key], authority=PersonId("park"))
    two.carry()


def test_what_was_committed_as_the_process_died_is_written_at_the_next_start(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    def die(moment: str) -> None:
        if moment == "after":
            raise KeyboardInterrupt

    whole.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        draft(two)
    whole.on_commit = lambda _: None
    place = second(tmp_path / "second")
    assert joined(whole, place) == 0
    before = place.last
    again = TwoPlaces(whole, place, SECRET, CHANCE)
    again.catch_up()
    assert place.last is not None
    assert before is not None
    assert place.last.number == before.number + 1
    assert again.behind == 0


def test_what_was_not_committed_is_in_neither_place(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    kept = second(tmp_path / "second").last

    def die(moment: str) -> None:
        if moment == "before":
            raise KeyboardInterrupt

    whole.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        draft(two)
    whole.on_commit = lambda _: None
    assert second(tmp_path / "second").last == kept
    assert joined(whole, second(tmp_path / "second")) == 0


@pytest.mark.parametrize("limit", [1, 64 << 20])
def test_a_folder_that_is_away_stops_nobody_and_is_caught_up(
    two: Pair,
    whole: MemoryStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
) -> None:
    monkeypatch.setattr("comity.store.second_files._FILE", limit)  # 1: each record in its own file
    older, folder = whole.clone(), tmp_path / "second"
    folder.rename(tmp_path / "away")
    at_home(two)
    assert isinstance(two.seoul.store, TwoPlaces)
    assert two.seoul.store.behind > 1
    folder.mkdir()  # the empty folder on which its disk was mounted: nothing is begun there
    draft(two)
    assert list(folder.iterdir()) == []
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    draft(two)
    assert two.seoul.store.behind == 0
    draft(two)
    entered_again(older, second(folder))
    assert everything(older) == everything(whole)


def test_half_a_record_is_cut_off_and_written_again(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    older = whole.clone()
    draft(two)
    (file,) = (tmp_path / "second").glob("*.changes")
    whole_file = file.read_bytes()
    last = second(tmp_path / "second").last
    assert last is not None
    for cut in (1, len(last.frame()) - 1):
        file.write_bytes(whole_file[:-cut])
        place = second(tmp_path / "second")
        assert place.last is not None
        assert place.last.number == last.number - 1
        TwoPlaces(whole, place, SECRET, CHANCE).catch_up()
        assert file.read_bytes() == whole_file
    entered_again(older, second(tmp_path / "second"))
    assert everything(older) == everything(whole)


@pytest.mark.parametrize("what", ["changed", "left out", "another house's"])
def test_records_that_are_not_as_they_were_written_are_not_believed(
    two: Pair, whole: MemoryStore, tmp_path: Path, what: str
) -> None:
    older = whole.clone()
    (file,) = (tmp_path / "second").glob("*.changes")
    first = len(file.read_bytes())
    draft(two)
    middle = len(file.read_bytes())
    at_home(two)
    raw = file.read_bytes()
    if what == "changed":
        file.write_bytes(raw[: first + 60] + bytes([raw[first + 60] ^ 1]) + raw[first + 61 :])
    elif what == "left out":
        file.write_bytes(raw[:first] + raw[middle:])
    before = everything(older)
    with pytest.raises(Unavailable) as error:
        place = second(tmp_path / "second", b"t" * 32 if what == "another house's" else SECRET)
        entered_again(older, place)
    assert error.value.code == "unavailable.second"
    assert everything(older) == before


def test_books_that_went_another_way_are_not_mixed(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    """An older copy went on by itself, without its second place or with another."""
    older = whole.clone()
    at_home(two)
    two.seoul.store = two_places(older, tmp_path / "elsewhere")
    for _ in range(5):
        draft(two)
    with pytest.raises(Unavailable) as error:
        joined(older, second(tmp_path / "second"))
    assert error.value.code == "unavailable.second"


def test_books_without_a_record_begin_in_an_empty_folder_alone(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    given_up(whole)
    with pytest.raises(Unavailable) as error:
        joined(whole, second(tmp_path / "second"))
    assert error.value.code == "unavailable.second"
    assert joined(whole, second(tmp_path / "new")) == 0
    two.seoul.store = two_places(whole, tmp_path / "new")
    older = whole.clone()
    draft(two)
    # What was copied before the second place began knows nothing of it.
    with pytest.raises(Unavailable):
        joined(older, second(tmp_path / "new"))


@pytest.mark.usefixtures("two")
def test_an_empty_folder_is_not_taken_for_the_one_that_is_not_mounted(
    whole: MemoryStore, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable) as error:
        joined(whole, second(tmp_path / "mountpoint"))
    assert error.value.code == "unavailable.second"


@pytest.mark.parametrize("left", [0, 10, 100])
def test_a_file_that_was_begun_as_the_process_died_is_begun_again(
    two: Pair, whole: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    monkeypatch.setattr("comity.store.second_files._FILE", 1)
    older = whole.clone()
    draft(two)
    file = max((tmp_path / "second").glob("*.changes"))
    file.write_bytes(file.read_bytes()[:left])
    place = second(tmp_path / "second")
    assert joined(whole, place) == 0
    TwoPlaces(whole, place, SECRET, CHANCE).catch_up()
    entered_again(older, second(tmp_path / "second"))
    assert everything(older) == everything(whole)


def test_records_go_on_in_a_file_of_their_own(
    two: Pair, whole: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files before the one that a newer copy goes on from may be deleted."""
    monkeypatch.setattr("comity.store.second_files._FILE", 4096)
    at_home(two)
    older = whole.clone()
    at_home(two)
    files = sorted((tmp_path / "second").glob("*.changes"))
    assert len(files) > 2
    files[0].unlink()
    entered_again(older, second(tmp_path / "second"))
    assert everything(older) == everything(whole)


def test_a_file_that_rotted_before_its_end_is_told_and_nothing_is_cut_off(
    two: Pair, whole: MemoryStore, tmp_path: Path
) -> None:
    (file,) = (tmp_path / "second").glob("*.changes")
    end = len(file.read_bytes())
    at_home(two)
    raw = bytearray(file.read_bytes())
    for place in (3, 8 + 8 + 5, 60):  # of the record after: its length, the code before, a change
        rotten = raw[: end + place] + bytes([raw[end + place] ^ 1]) + raw[end + place + 1 :]
        file.write_bytes(rotten)
        with pytest.raises(Unavailable) as error:
            second(tmp_path / "second")
        assert error.value.code == "unavailable.second"
        assert file.read_bytes() == rotten
    file.write_bytes(raw)
    assert joined(whole, second(tmp_path / "second")) == 0


def test_what_is_cut_off_is_put_aside_and_stands_in_nobodys_way(
    two: Pair, whole: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.store.second_files._FILE", 1 << 12)
    folder, older = tmp_path / "second", whole.clone()
    at_home(two)
    begun = max(folder.glob("*.changes"))
    half = (
        begun.read_bytes()[:-1] if len(list(records_in(begun.read_bytes(), SECRET))) == 1 else b"x"
    )
    begun.write_bytes(half)
    # The database went with it; what follows is of another length, and goes where there is room.
    put_back = older.clone()
    entered_again(put_back, second(folder))
    assert begun.with_suffix(".torn").read_bytes() == half
    two.seoul.store = two_places(put_back, folder)
    for _ in range(4):
        draft(two)
    entered_again(older, second(folder))
    assert everything(older) == everything(put_back)
