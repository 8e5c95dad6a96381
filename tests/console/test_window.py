"""The window after a decision, and changes sent back: nothing leaves that was not decided on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from comity.acts.deeds import Role
from comity.node import deciding, departing, people, releases, setup, window
from comity.node.ports import Space, Transaction
from comity.register.rows import Draft, ItemOf
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, PersonId
from tests.console.test_deciding import TYPED, answered, laid, signed_in, waiting
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    Pair,
    text_of,
    under_the_pact,
)

MINUTES = 10


class Dying(MemoryStore):
    """A store whose process dies at the commit that is told to fail: nothing of it is there."""

    dies = False

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with super().transaction() as tx:
            yield tx
            if self.dies:
                raise KeyboardInterrupt


def with_window(two: Pair, *, approvals: int = 1) -> None:
    profile = (
        text_of("profile-KOR.md")
        .replace(b'zone = "Asia/Seoul"', b'zone = "Asia/Seoul"\nwindow_minutes = %d' % MINUTES)
        .replace(b"approvals = 1", b"approvals = %d" % approvals)
    )
    setup.adopt_profile(two.seoul, profile, actor=ADMIN)


@pytest.fixture
def two() -> Pair:
    found = under_the_pact(stores={KOR: Dying()})
    with_window(found)
    return found


def decided(two: Pair) -> Digest:
    """Let kim lay a release and park approve it; return the draft."""
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    told = park.post(f"{draft}/approve", answered())
    assert (told.status_code, told.headers["location"]) == (303, "/approvals"), told.text
    with two.seoul.store.reading() as tx:
        return Digest(releases.waiting(tx)[0].key)


def out(two: Pair) -> int:
    """Return how many leaves Seoul has towards Tokyo."""
    with two.seoul.store.reading() as tx:
        return tx.frontier(correspondence(KOR, JPN)).size


def items(two: Pair) -> list[ItemOf]:
    two.carry()
    with two.tokyo.store.reading() as tx:
        return list(tx.page(ItemOf))


def test_what_is_decided_leaves_when_its_window_is_over(two: Pair) -> None:
    before = out(two)
    decided(two)
    two.clock.turn(MINUTES * 60 - 1)
    assert departing.depart(two.seoul) == ()
    assert out(two) == before
    two.clock.turn(1)
    (entered,) = departing.depart(two.seoul)
    # Stamped and judged now, not when it was decided.
    assert entered.entry.at >= two.clock.now()
    assert [one.reference for one in items(two)] == [entered.entry.deed.item.reference]
    assert departing.depart(two.seoul) == ()
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()


@pytest.mark.parametrize("who", ["kim", "park"])
def test_taken_back_in_the_window_nothing_of_it_has_left(two: Pair, who: str) -> None:
    before = out(two)
    name = decided(two)
    client = signed_in(two.seoul, who)
    if who == "kim":
        assert "leaves at" in client.get("/release").text
        told = client.post(f"/release/laid/{name.removeprefix('sha384:')[:32]}/back")
        assert "A fictional assessment." in client.get(told.headers["location"]).text
    else:
        assert "Take back" in client.get("/approvals").text
        told = client.post(f"/approvals/{name.removeprefix('sha384:')[:16]}/decline")
    assert told.status_code == 303
    two.clock.turn(86400)
    assert departing.depart(two.seoul) == ()
    assert (out(two), items(two)) == (before, [])
    with two.seoul.store.reading() as tx:
        assert window.leaving(two.seoul, tx) == {}


def test_rows_of_a_draft_that_was_taken_back_bring_nothing_out(two: Pair) -> None:
    """Who writes the database puts back, byte for byte, what stood there before the taking back."""
    seoul, before = two.seoul, out(two)
    name = decided(two)
    with seoul.store.reading() as tx:
        keys = tx.keys(Space.DRAFT)
        rows = {Space.DRAFT: tx.load_many(Space.DRAFT, keys)}
        row = tx.get(Draft, name)
    assert row is not None
    deciding.decline(seoul, name, authority=PersonId("park"))
    with seoul.store.transaction() as put:
        put.save(Space.DRAFT, rows[Space.DRAFT])
        put.put([row])
    two.clock.turn(86400)
    with seoul.store.reading() as tx:
        assert set(window.leaving(seoul, tx)) == {name}
    assert departing.depart(seoul) == ()
    assert (out(two), items(two)) == (before, [])


def test_dying_within_the_departure_it_leaves_once_and_not_twice(two: Pair) -> None:
    decided(two)
    two.clock.turn(MINUTES * 60)
    store = two.seoul.store
    assert isinstance(store, Dying)
    store.dies = True
    before = out(two)
    with pytest.raises(KeyboardInterrupt):
        departing.depart(two.seoul)
    store.dies = False
    assert out(two) == before
    assert len(departing.depart(two.seoul)) == 1
    assert departing.depart(two.seoul) == ()
    assert len(items(two)) == 1


def test_of_a_departure_and_a_taking_back_at_once_one_holds(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = decided(two)
    two.clock.turn(MINUTES * 60)
    real = deciding.given
    taken = []

    def meanwhile(*args: object) -> object:
        # The other decides between the reading of the drafts and the transaction.
        if not taken:
            taken.append(True)
            monkeypatch.setattr(departing, "given", real)
            deciding.take_back(two.seoul, name, drafter=PersonId("kim"))
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(departing, "given", meanwhile)
    assert departing.depart(two.seoul) == ()
    assert items(two) == []


def test_taking_back_what_has_just_left_is_refused(
    two: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = decided(two)
    two.clock.turn(MINUTES * 60)
    real = deciding.given

    def meanwhile(*args: object) -> object:
        monkeypatch.setattr(deciding, "given", real)
        departing.depart(two.seoul)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "given", meanwhile)
    with pytest.raises(Refused, match=r"refused\.release\.no-draft"):
        deciding.take_back(two.seoul, name, drafter=PersonId("kim"))
    assert len(items(two)) == 1


def test_what_is_not_lawful_any_more_does_not_leave_and_waits_anew(two: Pair) -> None:
    name = decided(two)
    # The profile delegates nothing to this office any more.
    strict = text_of("profile-KOR.md").replace(
        b'levels = ["KOR:mil-2", "KOR:mil-3"]', b'levels = ["KOR:mil-3"]'
    )
    setup.adopt_profile(two.seoul, strict, actor=ADMIN)
    two.clock.turn(MINUTES * 60)
    before = out(two)
    assert departing.depart(two.seoul) == ()
    assert out(two) == before
    with two.seoul.store.reading() as tx:
        assert window.leaving(two.seoul, tx) == {}
        assert deciding.given(two.seoul, tx, name) == ()
        assert [row.key for row in releases.waiting(tx)] == [name]
    assert departing.depart(two.seoul) == ()


def test_a_decided_draft_is_not_decided_again(two: Pair) -> None:
    name = decided(two)
    with two.seoul.store.reading() as tx:
        first = window.leaving(two.seoul, tx)
    two.clock.turn(60)
    with pytest.raises(Refused, match=r"refused\.release\.leaving"):
        deciding.approve(two.seoul, [name], authority=PersonId("park"))
    with two.seoul.store.reading() as tx:
        assert window.leaving(two.seoul, tx) == first


def second_authority(two: Pair) -> None:
    people.add_person(
        two.seoul,
        PersonId("yoon"),
        name="yoon",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=two.seoul.suite.signing_public(two.seoul.vault.person("yoon")),
        actor=ADMIN,
    )


def test_a_changed_draft_is_another_deed_and_no_approval_counts_for_it(two: Pair) -> None:
    with_window(two, approvals=2)
    second_authority(two)
    kim, park, yoon = (signed_in(two.seoul, one) for one in ("kim", "park", "yoon"))
    laid(kim)
    (draft,) = waiting(park)
    park.post(f"{draft}/approve", answered())
    assert "Approved so far by" in yoon.get(draft).text
    told = yoon.post(f"{draft}/change", {"title": "Launch assessment, amended", "text": "Other."})
    assert (told.status_code, told.headers["location"]) == (303, "/approvals")
    assert waiting(park) == []
    page = kim.get("/release").text
    assert "Launch assessment, amended" in page
    (sheet,) = {
        part for part in page.split('"') if part.startswith("/release/") and len(part) == 25
    }
    shown = kim.get(sheet).text
    assert "Sent back with changes by yoon" in shown
    assert "Other." in shown
    fields = TYPED | {"title": "Launch assessment, amended", "text": "Other."}
    assert kim.post(f"{sheet}/lay", fields).status_code == 303
    (again,) = waiting(yoon)
    assert again != draft
    assert "Approved so far by" not in yoon.get(again).text
    yoon.post(f"{again}/approve", answered())
    # One approval of two: park's was for another deed.
    with two.seoul.store.reading() as tx:
        assert window.leaving(two.seoul, tx) == {}
    park.post(f"{again}/approve", answered())
    with two.seoul.store.reading() as tx:
        assert len(window.leaving(two.seoul, tx)) == 1


def test_only_a_releasing_authority_sends_back(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    choi = signed_in(two.seoul, "choi")
    absent = choi.post("/approvals/0123456789abcdef/change", {"title": "x"}).content
    assert choi.post(f"{draft}/change", {"title": "x"}).content == absent
    assert waiting(park) == [draft]
