"""Approve with changes: who changes a draft has drafted it, and another authority decides."""

import pytest
from msgspec import UNSET, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.parts import Schedule
from comity.node import again, deciding, people, releases
from comity.node.ports import Space
from comity.register.rows import Draft, ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import (
    Caveat,
    Level,
    Office,
    PersonId,
    Purpose,
    Regime,
    Subject,
)
from tests.console.test_deciding import answered, laid, signed_in, waiting
from tests.console.test_window import Dying
from tests.support import streams
from tests.support.pair import ADMIN, JPN, KOR, Pair, assure, conclude, enrol, pair
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
    park = Program(two.seoul, "park")
    told = park.post(f"/approvals/{name}/revise", CHANGED | {"pages": "many"})
    assert (told.status_code, told.json()["code"]) == (422, "invalid.number")
    told = park.post(f"/approvals/{name}/revise", CHANGED)
    assert told.status_code == 200, told.text
    again = told.json()["draft"]
    shown = Program(two.seoul, "lee").get(f"/approvals/{again.removeprefix('sha384:')}").json()
    assert shown["draft"]["title"] == "Launch assessment, amended"


def restricted(two: Pair) -> releases.Wish:
    """Return what only the command line can ask for: all that no field of the page names."""
    return releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
        media_type="text/plain; charset=utf-8",
        form=Form.DOCUMENTARY,
        pages=4,
        caveats=(Caveat("KOR:eyes-only"),),
        releasable=(JPN,),
        regime=Regime("KOR:military-secrets"),
        schedule=Schedule(
            level=Level("KOR:mil-3"), on=plus_seconds(two.clock.now(), 40 * 86400), event=UNSET
        ),
        not_after=plus_seconds(two.clock.now(), 20 * 86400),
    )


def only_draft(two: Pair) -> releases.Drafted:
    with two.seoul.store.reading() as tx:
        (row,) = releases.waiting(tx)
        return releases.open_draft(two.seoul, tx, Digest(row.key))


def alike(deed: deeds.Release, than: deeds.Release) -> deeds.Release:
    """Return a deed with the number and the salted digests of another, which no wish has."""
    item = structs.replace(deed.item, reference=than.item.reference, plaintext=than.item.plaintext)
    return structs.replace(deed, item=item, particulars=than.particulars)


def test_what_the_form_does_not_name_is_of_the_deed_as_before(two: Pair) -> None:
    park = signed_in(two.seoul, "park")
    releases.lay_before(two.seoul, restricted(two), drafter=PersonId("kim"))
    before = only_draft(two)
    assert before.deed.item.label.caveats == ("KOR:eyes-only",)
    (draft,) = waiting(park)
    told = park.post(f"{draft}/revise", CHANGED)
    assert told.status_code == 303, told.text
    after = only_draft(two)
    label = structs.replace(before.deed.item.label, level=Level("KOR:mil-3"))
    wanted = structs.replace(before.deed, item=structs.replace(before.deed.item, label=label))
    assert alike(after.deed, wanted) == wanted
    assert (after.particulars.title, after.content) == (CHANGED["title"], b"Less of it.")


@pytest.mark.parametrize("by", ["park", "kim"])
def test_a_sheet_that_was_a_draft_keeps_what_the_page_does_not_name(two: Pair, by: str) -> None:
    kim, park = signed_in(two.seoul, "kim"), signed_in(two.seoul, "park")
    releases.lay_before(two.seoul, restricted(two), drafter=PersonId("kim"))
    before = only_draft(two).deed
    (draft,) = waiting(park)
    if by == "park":
        assert park.post(f"{draft}/change", {}).status_code == 303
        with two.seoul.store.reading() as tx:
            (key,) = tx.keys(Space.DRAFT, "sheet|kim|")
        sheet = f"/release/{key.rpartition('|')[2]}"
    else:
        name = draft.removeprefix("/approvals/")
        sheet = kim.post(f"/release/laid/{name}/back").headers["location"]
    assert kim.post(f"{sheet}/lay", {}).headers["location"] == "/release"
    assert alike(only_draft(two).deed, before) == before


def test_a_directive_is_not_changed_by_who_decides_on_it() -> None:
    houses = streams.under_the_mechanism()
    seoul = houses.nodes[KOR]
    laid = releases.lay_before(seoul, streams.wish(houses), drafter=streams.KIM)
    changes = again.Changes(title="Other tracks")
    with pytest.raises(Refused, match=r"refused\.release\.standing"):
        deciding.revise(seoul, laid.deed, changes, authority=streams.PARK)
    with seoul.store.reading() as tx:
        kept = releases.open_draft(seoul, tx, laid.deed)
    assert isinstance(kept.deed, deeds.StandingDirective)
    park = signed_in(seoul, "park")
    (draft,) = waiting(park)
    assert park.post(f"{draft}/revise", {"title": "Other tracks"}).status_code == 403
    assert waiting(park) == [draft]
