"""Visits: names checked, what was disclosed, what was found, and a view by proofs alone."""

import pytest
from msgspec import structs

from comity.acts.canonical import digest, encode
from comity.node import hours, inspecting, protecting, receiving, replay, showing, views
from comity.node.chancery import RefusedAct
from comity.node.ports import Space
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Level, PersonId
from tests.scenarios.test_protection_seen import about, houses, in_tokyo, release
from tests.support.pair import JPN, KOR, Hand, Pair, assure, entitle

CHOI, SUZUKI, ITO = PersonId("choi"), PersonId("suzuki"), PersonId("ito")
DAY = 86400
NAMES = "Kim 군사Ⅱ급비밀, Lee 군사Ⅱ급비밀 (a fictional list)".encode()
REPORT = b"Two containers stood open (a fictional report)."


@pytest.fixture
def two() -> Pair:
    made = houses()
    assure(made)
    return made


def ask(two: Pair, document: bytes | None = NAMES, **said):
    """Ask for a visit of Seoul's security representatives in Tokyo."""
    wanted = {
        "facility": "JPN/DIH",
        "level": "KOR:mil-2",
        "begins": "2026-12-01T00:00:00.000Z",
        "ends": "2026-12-02T00:00:00.000Z",
        "visitors": 2,
        "recurring": False,
        "emergency": False,
        "survey": True,
        **said,
    }
    asked = protecting.towards(
        two.seoul, JPN, "visit.request", wanted, officer=CHOI, document=document
    )
    two.carry()
    return asked


def permit(two: Pair, asked, **said):
    stated = {**about(asked), "level": "KOR:mil-2", **said}
    permitted = protecting.towards(two.tokyo, KOR, "visit.approve", stated, officer=SUZUKI)
    two.carry()
    return permitted


def close(two: Pair, permitted, document: bytes | None = None, **said):
    stated = {**about(permitted), "level": "KOR:mil-2", "disclosed": 0, **said}
    done = protecting.towards(two.seoul, JPN, "visit.done", stated, officer=CHOI, document=document)
    two.carry()
    return done


def owed(two: Pair, what: str) -> set[tuple[str, str]]:
    found = set()
    for node in two.nodes.values():
        with node.store.reading() as tx:
            found |= {
                (one["who"], one["state"])
                for one in views.duties(tx, two.clock.now())
                if one["what"] == what
            }
    return found


@pytest.mark.obligation("GSOMIA-8-4")
def test_the_names_are_checked_and_the_closing_list_names_what_was_disclosed(two: Pair) -> None:
    asked = ask(two)
    with two.tokyo.store.reading() as tx:
        assert tx.load(Space.DOCUMENT, digest(NAMES)) == NAMES
    with pytest.raises(RefusedAct, match=r"visit\.recurring"):
        ask(two, recurring=True)
    permitted = permit(two, asked, checked=True)
    key = release(two)
    log, _, index = key.rpartition("#")
    leaf = {"log": log, "index": int(index)}
    with pytest.raises(RefusedAct, match=r"visit\.closing-list"):
        # What was never released was not disclosed under this agreement.
        close(two, permitted, disclosed=1, items=[{"log": log, "index": 0}])
    done = close(two, permitted, disclosed=1, items=[leaf])
    assert done.assessment.case.shown == 1


@pytest.mark.obligation("GSOMIA-18-1")
def test_what_a_survey_finds_is_reported_and_followed_up(two: Pair) -> None:
    permitted = permit(two, ask(two))
    done = close(two, permitted, REPORT, findings=2)
    with two.tokyo.store.reading() as tx:
        assert tx.load(Space.DOCUMENT, digest(REPORT)) == REPORT
    assert owed(two, "visit.follow-up") == {("JPN", "open")}
    two.clock.turn(61 * DAY)
    assert owed(two, "visit.follow-up") == {("JPN", "overdue")}
    with pytest.raises(RefusedAct, match=r"visit\.no-visit"):
        protecting.towards(two.tokyo, KOR, "visit.follow-up", about(permitted), officer=SUZUKI)
    protecting.towards(
        two.tokyo, KOR, "visit.follow-up", about(done), officer=SUZUKI, document=b"Put right."
    )
    two.carry()
    assert owed(two, "visit.follow-up") == set()
    # A visit that found nothing leaves nothing to do.
    close(two, permit(two, ask(two, begins="2027-03-01T00:00:00.000Z",
                               ends="2027-03-02T00:00:00.000Z")), findings=0)  # fmt: skip
    assert owed(two, "visit.follow-up") == set()
    for node in two.nodes.values():
        assert replay.rebuild(node).differences == ()


def held(two: Pair):
    """Let Tokyo hold an item of Seoul: registered, marked, receipted, kept, given to a person."""
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    protecting.protect(
        two.tokyo, item, "register.store", {"copy": 1, "place": "vault"}, officer=ITO
    )
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=SUZUKI)
    two.carry()
    return item


def open_view(two: Pair, permitted, **said) -> str:
    stated = {
        **about(permitted),
        "facility": "JPN/DIH",
        "until": "2026-11-26T00:00:00.000Z",
        **said,
    }
    opened = protecting.towards(two.tokyo, KOR, "visit.open-inspection", stated, officer=SUZUKI)
    two.carry()
    return f"{opened.position.log}#{opened.position.index}"


def strike(two: Pair) -> None:
    """Let the fixed hour strike in Tokyo, and Seoul cosign its register ledger."""
    two.clock.turn(3600)
    two.carry()
    hours.strike(two.tokyo)
    showing.show(two.tokyo, KOR, Hand(two.nodes, JPN))


@pytest.mark.obligation("GSOMIA-18-2")
@pytest.mark.obligation("GSOMIA-18-3")
def test_a_view_shows_how_the_visitors_items_are_treated_by_proofs_and_nothing_else(
    two: Pair,
) -> None:
    item = held(two)
    permitted = permit(two, ask(two))
    view = open_view(two, permitted)
    strike(two)
    raw = inspecting.inspection(two.tokyo, view, officer=SUZUKI)
    shown = inspecting.verified(two.seoul, raw)
    assert shown["items"] == [item.key]
    assert [one["kind"] for one in shown["acts"]] == [
        "register.register",
        "register.re-mark",
        "register.store",
    ]
    # Who was given it is counted, and is in no leaf of the file.
    assert shown["naming_persons"] == 1
    assert b"abe" not in raw
    # A leaf that is changed, left in another place, or of another tree is seen.
    kept = inspecting._decode(raw)
    one = kept.ledger.leaves[0]
    for wrong in (
        structs.replace(one, leaf=one.leaf.replace(b"JPN-", b"JPX-", 1)),
        structs.replace(one, index=one.index + 1),
    ):
        ledger = structs.replace(kept.ledger, leaves=(wrong, *kept.ledger.leaves[1:]))
        with pytest.raises(Invalid):
            inspecting.verified(two.seoul, encode(structs.replace(kept, ledger=ledger)))
    strike(two)
    with pytest.raises(Invalid, match="checkpoint"):
        inspecting.verified(two.seoul, raw)


@pytest.mark.obligation("GSOMIA-18-3")
def test_a_view_is_opened_for_a_permitted_visit_of_one_facility_and_has_an_end(two: Pair) -> None:
    held(two)
    asked = ask(two)
    with pytest.raises(RefusedAct, match=r"visit\.not-permitted"):
        open_view(two, asked)
    permitted = permit(two, asked)
    with pytest.raises(RefusedAct, match=r"visit\.no-view"):
        open_view(two, permitted, facility="KOR/KDIA")
    elsewhere = open_view(two, permitted, facility="JPN/MOD")
    view = open_view(two, permitted)
    strike(two)
    assert (
        inspecting.told(inspecting.inspection(two.tokyo, elsewhere, officer=SUZUKI))["acts"] == []
    )
    with pytest.raises(Refused, match="role"):
        inspecting.inspection(two.tokyo, view, officer=PersonId("abe"))
    with pytest.raises(Refused, match=r"inspection\.closed"):
        inspecting.inspection(two.seoul, view, officer=CHOI)
    two.clock.turn(2 * DAY)
    with pytest.raises(Refused, match=r"inspection\.closed"):
        inspecting.inspection(two.tokyo, view, officer=SUZUKI)
    two.carry()
    later = open_view(two, permitted, until="2026-12-26T00:00:00.000Z")
    inspecting.inspection(two.tokyo, later, officer=SUZUKI)
    close(two, permitted)
    with pytest.raises(Refused, match=r"inspection\.closed"):
        inspecting.inspection(two.tokyo, later, officer=SUZUKI)
