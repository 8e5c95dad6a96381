"""Approve with changes: who changes a draft has drafted it, and another authority decides."""

import pytest

from comity.acts.deeds import Role
from comity.node import people, releases
from comity.node.ports import Space
from comity.register.rows import Draft, ItemOf
from comity.vocabulary.names import Office, PersonId
from tests.console.test_deciding import answered, laid, signed_in, waiting
from tests.console.test_window import Dying
from tests.support.pair import ADMIN, KOR, Pair, assure, conclude, enrol, pair
from tests.support.programs import Program

CHANGED = {"title": "Launch assessment, amended", "level": "KOR:mil-3", "text": "Less of it."}


@pytest.fixture
def two() -> Pair:
    found = pair(stores={KOR: Dying()})
    people.add_person(
        found.seoul,
        PersonId("lee"),
        name="lee",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=found.seoul.suite.signing_public(found.seoul.vault.person("lee")),
        actor=ADMIN,
    )
    enrol(found)
    found.carry()
    conclude(found)
    assure(found)
    return found


def test_what_is_changed_is_decided_by_another_authority(two: Pair) -> None:
    kim, park, lee = (signed_in(two.seoul, one) for one in ("kim", "park", "lee"))
    laid(kim)
    (draft,) = waiting(park)
    told = park.post(f"{draft}/revise", CHANGED)
    assert (told.status_code, told.headers["location"]) == (303, "/approvals"), told.text
    (again,) = waiting(park)
    assert again != draft
    assert "You drafted it" in park.get(again).text
    assert park.post(f"{again}/approve", answered()).status_code == 403
    shown = lee.get(again).text
    assert "Launch assessment, amended" in shown
    assert "Less of it." in shown
    assert "Approved so far by" not in shown
    assert lee.post(f"{again}/approve", answered()).headers["location"].startswith("/register/")
    two.carry()
    with two.tokyo.store.reading() as tx:
        (item,) = tx.page(ItemOf, limit=9)
    assert item.level == "KOR:mil-3"
    with two.seoul.store.reading() as tx:
        states = {row.drafter: row.state for row in tx.within(Draft, "drafts")}
        assert tx.keys(Space.DRAFT) == ()
    assert states == {"kim": "declined", "park": "entered"}


def test_the_first_approval_of_two_does_not_carry_over(two: Pair) -> None:
    from comity.node import setup
    from tests.support.pair import text_of

    profile = text_of("profile-KOR.md").replace(b"approvals = 1", b"approvals = 2")
    setup.adopt_profile(two.seoul, profile, actor=ADMIN)
    kim, park, lee = (signed_in(two.seoul, one) for one in ("kim", "park", "lee"))
    laid(kim)
    (draft,) = waiting(park)
    park.post(f"{draft}/approve", answered())
    lee.post(f"{draft}/revise", CHANGED)
    (again,) = waiting(park)
    assert "Approved so far by" not in park.get(again).text
    park.post(f"{again}/approve", answered())
    # Two others than lee, who drafted it: park is one of them, and nobody is the second.
    assert waiting(park) == [again]
    assert lee.post(f"{again}/approve", answered()).status_code == 403


def test_what_would_be_unlawful_leaves_the_draft_as_it_was(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    told = park.post(f"{draft}/revise", CHANGED | {"level": "KOR:mil-1"})
    assert told.status_code == 403
    assert waiting(park) == [draft]
    assert "A fictional assessment." in park.get(draft).text


def test_if_the_process_dies_before_the_commit_the_draft_waits_as_it_was(two: Pair) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    laid(kim)
    (draft,) = waiting(park)
    two.seoul.store.dies = True  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        park.post(f"{draft}/revise", CHANGED)
    two.seoul.store.dies = False  # type: ignore[attr-defined]
    assert waiting(park) == [draft]
    with two.seoul.store.reading() as tx:
        assert [row.state for row in tx.within(Draft, "drafts")] == ["waiting"]


def test_by_the_api_too_and_only_by_an_authority(two: Pair) -> None:
    laid(signed_in(two.seoul, "kim"))
    with two.seoul.store.reading() as tx:
        name = releases.waiting(tx)[0].key.removeprefix("sha384:")
    choi = Program(two.seoul, "choi")
    assert choi.post(f"/approvals/{name}/revise", CHANGED).content == choi.get("/nowhere").content
    told = Program(two.seoul, "park").post(f"/approvals/{name}/revise", CHANGED)
    assert told.status_code == 200, told.text
    again = told.json()["draft"]
    shown = Program(two.seoul, "lee").get(f"/approvals/{again.removeprefix('sha384:')}").json()
    assert shown["draft"]["title"] == "Launch assessment, amended"
