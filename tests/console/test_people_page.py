"""People and facilities in the browser: looked up by the registry, kept by who answers for them."""

import re

import pytest

from comity.acts.deeds import Role
from comity.node import people
from comity.register.rows import WITHDRAWN, Clearance, FacilityLine, Need
from comity.vocabulary.logs import journal
from comity.vocabulary.names import Office, PersonId
from tests.console.test_custody import refusal, signed_in
from tests.console.test_keeping import main
from tests.scenarios.test_protection_seen import houses
from tests.support.pair import ADMIN, JPN, Pair, assure
from tests.support.programs import Program

PAGES = ("/people", "/facilities")
UNTIL = {"until": "2030-12-31"}


@pytest.fixture
def two() -> Pair:
    """Tokyo with a security officer, and nobody cleared or on any list."""
    made = houses()
    assure(made)
    people.add_person(
        made.tokyo,
        PersonId("ueda"),
        name="Ueda",
        office=Office("JPN/MOD"),
        roles=(Role.SECURITY,),
        key=None,
        actor=ADMIN,
    )
    return made


def test_who_answers_for_a_facility_is_called_by_name(two: Pair) -> None:
    ueda = signed_in(two.tokyo, "ueda")
    form = {"facility": "JPN/DIH", "act": "appoint-officer", "person": "ueda", **UNTIL}
    assert ueda.post("/facilities/enter", form).status_code == 303
    told = ueda.get("/facilities").text
    assert "<span data-said>Ueda</span>" in told
    assert "<span data-said>ueda</span>" not in told


def test_a_security_officer_keeps_clearances_needs_briefings_and_lists(two: Pair) -> None:
    ueda = signed_in(two.tokyo, "ueda")
    abe = {"person": "abe", **UNTIL}
    place = {"facility": "JPN/DIH", **UNTIL}
    for path, form in (
        ("/people/clear", {**abe, "level": "JPN:gokuhi"}),
        ("/people/need", {**abe, "subject": "dprk.missile"}),
        ("/people/told", {"person": "abe", "act": "brief"}),
        ("/facilities/enter", {**place, "act": "appoint-officer", "person": "sato"}),
        ("/facilities/enter", {**place, "act": "enrol-on-roster", "person": "abe"}),
        ("/facilities/enter", {**place, "act": "accredit", "level": "JPN:gokuhi"}),
    ):
        told = ueda.post(path, form)
        assert told.status_code == 303, (path, told.text)
        assert told.headers["location"] == f"/{path.split('/')[1]}"
    with two.tokyo.store.reading() as tx:
        assert [one.level for one in tx.within(Clearance, "abe")] == ["JPN:gokuhi"]
        assert [one.subject for one in tx.within(Need, "abe")] == ["dprk.missile"]
        lines = {(one.what, one.person, one.level) for one in tx.within(FacilityLine, "facilities")}
    assert lines == {
        ("briefed", "abe", ""),
        ("officer", "sato", ""),
        ("roster", "abe", ""),
        ("accredited", "", "JPN:gokuhi"),
    }
    # The day ends where the house is: Tokyo's midnight.
    shown = main(ueda.get("/people", params={"lang": "en"}).text)
    row = shown.partition('<th scope="row"><span data-said>abe')[2].partition("</tr>")[0]
    assert row.count("Jan 2031") + row.count("2031-01-01") + row.count("31 Dec 2030") == 3, row
    assert "dprk.missile" in row
    assert "JPN/DIH" in row
    assert "briefing" in row
    places = main(ueda.get("/facilities", params={"lang": "en"}).text)
    assert ">sato</span> <" in places
    assert ">abe</span> <" in places


def test_what_was_recorded_is_withdrawn_from_the_page(two: Pair) -> None:
    ueda = signed_in(two.tokyo, "ueda")
    ueda.post("/people/clear", {"person": "abe", "level": "JPN:gokuhi", **UNTIL})
    place = {"facility": "JPN/DIH", **UNTIL}
    ueda.post("/facilities/enter", {**place, "act": "appoint-officer", "person": "sato"})
    two.clock.turn(1)
    for path in ("/people", "/facilities"):
        page = main(ueda.get(path, params={"lang": "en"}).text)
        (line,) = re.findall(r'name="line" value="([^"]+)"', page)
        told = ueda.post(f"{path}/withdraw", {"line": line})
        assert (told.status_code, told.headers["location"]) == (303, path)
        after = main(ueda.get(path, params={"lang": "en"}).text)
        assert 'name="line"' not in after
        assert "withdrawn" in after
        assert "1970" not in after
        again = ueda.post(f"{path}/withdraw", {"line": line, "lang": "en"})
        assert again.status_code == 403
        assert "refused.person.no-line" in refusal(again.text)
        assert f"<h1>{path[1:].capitalize()}" in again.text
    assert "nobody" in main(ueda.get("/facilities", params={"lang": "en"}).text)


def test_the_api_withdraws_what_it_shows(two: Pair) -> None:
    ueda = signed_in(two.tokyo, "ueda")
    ueda.post("/people/clear", {"person": "abe", "level": "JPN:gokuhi", **UNTIL})
    program = Program(two.tokyo, "ueda")
    (line,) = [one["line"] for one in program.get("/persons/abe").json()["clearances"]]
    strange = Program(two.tokyo, "sato").post("/persons/withdraw", {"lines": [line]})
    assert strange.content == Program(two.tokyo, "sato").get("/nowhere").content
    two.clock.turn(1)
    told = program.post("/persons/withdraw", {"lines": [line, line]})
    assert (told.status_code, len(told.json()["entered"])) == (200, 1)
    ends = [one["until"] for one in program.get("/persons/abe").json()["clearances"]]
    assert ends == [WITHDRAWN]


def test_of_two_briefings_the_later_one_is_shown(two: Pair) -> None:
    """By its place, and not by the text of its key: the hundredth line comes after the last two."""
    ueda = signed_in(two.tokyo, "ueda")
    told = []
    for act in ("brief", "debrief"):
        form = {"person": "abe", "act": act}
        while _lines(two) != (99 if act == "brief" else 100):
            ueda.post("/people/need", {"person": "ito", "subject": "dprk", **UNTIL})
        assert ueda.post("/people/told", form).status_code == 303
        page = main(ueda.get("/people", params={"lang": "en"}).text)
        row = page.partition('<th scope="row"><span data-said>abe')[2].partition("</tr>")[0]
        told.append("debriefing" in row)
    assert told == [False, True]


def _lines(two: Pair) -> int:
    with two.tokyo.store.reading() as tx:
        return tx.frontier(journal(JPN)).size


@pytest.mark.parametrize(
    ("path", "form", "status", "code"),
    [
        ("/people/clear", {"person": "abe", "level": "JPN:gokuhi"}, 422, "invalid.form"),
        (
            "/people/clear",
            {"person": "abe", "level": "JPN:gokuhi", "until": "2020-01-01"},
            403,
            "refused.until.past",
        ),
        (
            "/people/clear",
            {"person": "nobody", "level": "JPN:gokuhi", **UNTIL},
            403,
            "refused.person.unknown",
        ),
        ("/people/clear", {"person": "abe", "level": "x", **UNTIL}, 422, "invalid.level"),
        ("/people/need", {"person": "abe", **UNTIL}, 422, "invalid.subject"),
        (
            "/facilities/enter",
            {"act": "accredit", "facility": "KOR/KDIA", "level": "JPN:gokuhi", **UNTIL},
            403,
            "refused.facility.elsewhere",
        ),
        (
            "/facilities/enter",
            {"act": "enrol-on-roster", "facility": "JPN/DIH", "person": "nobody", **UNTIL},
            403,
            "refused.person.unknown",
        ),
        ("/people/told", {"person": "abe", "act": "accredit"}, 422, "invalid.form"),
        ("/facilities/enter", {"act": "brief", "person": "abe"}, 422, "invalid.form"),
        (
            "/facilities/enter",
            {"act": "accredit", "facility": "", "level": "JPN:gokuhi", **UNTIL},
            422,
            "invalid.office",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    two: Pair, path: str, form: dict[str, str], status: int, code: str
) -> None:
    told = signed_in(two.tokyo, "ueda").post(path, {**form, "lang": "en"})
    assert told.status_code == status, told.text
    assert code in refusal(told.text)
    if form.get("until"):
        assert f'value="{form["until"]}"' in told.text


def test_the_registry_looks_up_and_keeps_nothing(two: Pair) -> None:
    suzuki = signed_in(two.tokyo, "suzuki")
    kept = main(suzuki.get("/keeping").text)
    for path in PAGES:
        page = suzuki.get(path)
        assert page.status_code == 200
        assert "<form" not in main(page.text)
        assert f'href="{path}"' in kept
    form = {"person": "abe", "level": "JPN:gokuhi", **UNTIL}
    assert suzuki.post("/people/clear", form).status_code == 403
    with two.tokyo.store.reading() as tx:
        assert not tx.within(Clearance, "abe")


def test_an_administrator_finds_the_pages(two: Pair) -> None:
    admin = signed_in(two.tokyo, ADMIN)
    kept = main(admin.get("/keeping").text)
    for path in PAGES:
        assert f'href="{path}"' in kept
        assert "<form" in main(admin.get(path).text)
    assert Program(two.tokyo, ADMIN).get("/facilities").status_code == 200
    assert 'href="/reports"' not in kept


def test_for_others_there_are_no_such_pages(two: Pair) -> None:
    for person in ("sato", "ito", "tanaka", "mori", "minister-jpn"):
        client = signed_in(two.tokyo, person)
        nowhere = client.get("/nowhere").content
        for path in PAGES:
            assert client.get(path).content == nowhere, (person, path)
