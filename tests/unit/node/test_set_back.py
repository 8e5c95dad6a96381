"""Who writes into the database sets it back to an older directory or profile: nothing leaves."""

from collections.abc import Mapping

import pytest
from msgspec import structs

from comity.assemble.witness import FileWitness
from comity.node import deciding, outgoing, releases, setup
from comity.node.dispatch import latest_of
from comity.register.rows import DirectoryOf, ProfileOf
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.logs import correspondence
from tests.scenarios.test_crossing import KIM, PARK, provide, wish
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    Pair,
    epochs,
    text_of,
    under_the_pact,
    where,
)

OWN = correspondence(KOR, JPN)


@pytest.fixture
def two(tmp_path) -> Pair:
    two = under_the_pact()
    setup.publish_directory(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now()))
    two.carry()
    two.clock.turn(60)
    setup.adopt_profile(two.seoul, text_of("profile-KOR.md"), actor=ADMIN)
    witness = FileWitness(tmp_path / "witness")
    with two.seoul.store.reading() as tx:
        witness.keep(latest_of(tx, KOR, JPN))
    # Read again, as a process that starts does.
    two.seoul.witness = FileWitness(tmp_path / "witness")
    return two


def decided(two: Pair) -> None:
    laid = releases.lay_before(two.seoul, wish(), drafter=KIM)
    deciding.approve(two.seoul, [laid.deed], authority=PARK)


def test_with_what_is_remembered_everything_leaves_as_ever(two: Pair) -> None:
    provide(two)


def test_an_older_directory_of_the_house_is_seen(two: Pair) -> None:
    decided(two)
    store = two.seoul.store
    assert isinstance(store, MemoryStore)
    with store.reading() as tx:
        first, second = sorted(tx.within(DirectoryOf, OWN), key=lambda row: row.index)
    with store.transaction() as tx:
        # It says of itself that it is the newest; the leaf that it points to does not.
        tx.put([structs.replace(second, index=first.index, digest=first.digest, version=99)])
    with pytest.raises(Invalid) as error:
        outgoing.next_pouch(two.seoul, JPN)
    assert error.value.code == "invalid.dispatch"
    assert "set back" in error.value.detail


def test_an_older_profile_of_the_house_is_seen(two: Pair) -> None:
    decided(two)
    with two.seoul.store.transaction() as tx:
        row = tx.get(ProfileOf, "own")
        assert row is not None
        tx.put([structs.replace(row, index=0)])  # the one that was adopted first
    with pytest.raises(Invalid) as error:
        outgoing.next_pouch(two.seoul, JPN)
    assert "the profile was set back" in error.value.detail


@pytest.mark.parametrize(
    ("kind", "told"), [(ProfileOf, "the profile that the journal adopted"), (DirectoryOf, "or")]
)
def test_a_directory_or_a_profile_that_was_deleted_is_missed(
    two: Pair, kind: type, told: str
) -> None:
    decided(two)
    store = two.seoul.store
    assert isinstance(store, MemoryStore)
    store._state.tables[kind] = type(store._state.tables[kind])()
    with pytest.raises(Invalid) as error:
        outgoing.next_pouch(two.seoul, JPN)
    assert error.value.code == "invalid.dispatch"
    assert f"{told} is gone" in error.value.detail


def test_what_is_remembered_only_grows(tmp_path) -> None:
    def kept(values: Mapping[str, str]) -> str:
        witness = FileWitness(tmp_path)
        witness.keep(values)
        return FileWitness(tmp_path).latest("a")

    assert FileWitness(tmp_path).latest("a") == ""
    assert [kept({"a": one}) for one in ("2", "1", "3", "2")] == ["2", "2", "3", "3"]


def test_a_witness_that_cannot_be_read_stops_the_node(tmp_path) -> None:
    (tmp_path / "latest.json").write_bytes(b"{")
    with pytest.raises(Unavailable):
        FileWitness(tmp_path)
