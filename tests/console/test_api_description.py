"""The description of the API: made from the structs, complete, current, and no less than pages."""

import json

import pytest
from starlette.routing import Mount, Route

from comity.cli import main
from comity.console.api.description import ROOT, described
from comity.console.api.operation import Body
from comity.console.api.table import OPERATIONS
from comity.console.app import make_app
from comity.console.places import PAGES
from tests.support.browser import Browser
from tests.support.pair import Pair, pair
from tests.support.programs import Program
from tools.reference import API_PAGE, api_page


@pytest.fixture(scope="module")
def two() -> Pair:
    return pair()


def test_routes_and_description_are_the_same(two: Pair) -> None:
    app = make_app(two.seoul, demonstration=True)
    (mount,) = [one for one in app.routes if isinstance(one, Mount)]  # type: ignore[attr-defined]
    routed = {(method, one.path) for one in mount.app.routes for method in one.methods - {"HEAD"}}
    paths = described()["paths"]
    told = {(method.upper(), path) for path, found in paths.items() for method in found}
    assert routed - told == {("GET", "/openapi.json")}
    assert told <= routed
    assert len(told) == len(OPERATIONS)


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert all(one.summary.endswith((".", ";")) for one in OPERATIONS)
    assert all((one.answer is Body) == (one.media != "application/json") for one in OPERATIONS)


CEREMONIES = {
    "/sign-in",
    "/passkey/sign-in",
    "/passkey/prove",
    "/passkey/proven",
    "/passkeys/new",
    "/passkeys/new/wish",
    "/invited/{secret}",
    "/invited/{secret}/wish",
}
"""What only a browser before its person can do: to sign in, and to register an authenticator."""


def test_whatever_a_page_of_the_console_can_do_the_api_can(two: Pair) -> None:
    app = make_app(two.seoul, demonstration=True)
    acts = {
        one.path
        for one in app.routes  # type: ignore[attr-defined]
        if isinstance(one, Route) and "POST" in (one.methods or ())
    }
    files = {"/register.csv", "/approvals/{draft:str}/content", "/evidence/{number:path}"}
    ways = ("/print/", "/network/as/")
    files |= {one.path for one in app.routes if getattr(one, "path", "").startswith(ways)}
    files.add("/paper/{party:str}/{index:int}/scan")
    twins = {page for one in OPERATIONS for page in one.page.split()}
    assert acts > CEREMONIES
    assert not ((acts - CEREMONIES) | files) - twins, "these forms of the console have no operation"
    assert not twins - (acts | files), "these twins are no form of the console"


SHOWN = {
    "today": {"today", "dutyList"},
    "release": {"sheetList", "draftList", "recipientList"},
    "sheet": {"sheetShow"},
    "series": {"listList"},
    "list": {"listShow"},
    "approvals": {"approvalList", "listList"},
    "approval": {"approvalShow"},
    "register": {"registerSearch"},
    "item": {"itemShow", "itemTimeline", "itemProofs"},
    "onward": {"itemShow", "recipientList"},
    "keeping": {"loanList", "matterList", "directiveList"},
    "people": {"personList", "personShow"},
    "facilities": {"facilityList"},
    "reports": {"reportReciprocity", "reportOversight"},
    "papers": {"paperList"},
    "paper_begin": {"paperList"},
    "paper_act": {"paperEntries"},
    "paper_item": {"paperEntries"},
    "paper_register": {"registerWaits"},
    "paper": {"paperEntries"},
    "attested_of_us": {"paperOfUs"},
    "requests": {"requestList"},
    "request_new": {"recipientList"},
    "request": {"requestShow"},
    "consents": {"consentList"},
    "consent_new": {"itemShow", "recipientList"},
    "consent": {"consentShow"},
    "pact": {"pactList"},
    "history": {"pactHistory", "pactTimeline", "pactProcedure"},
    "articles": {"pactShow"},
    "compare": {"pactCompare"},
    "network": {"networkTexts", "networkRoutes", "networkReach", "networkTold", "networkDiff"},
    "passkeys": {"passkeyList"},
    "ledger": {"ledgerLogs"},
}
"""By which operations a program is told what a page shows; of a form, what it is filled in with."""


def test_whatever_a_page_of_the_console_shows_the_api_tells() -> None:
    reads = {one.name for one in OPERATIONS if one.method == "GET"}
    assert SHOWN.keys() == PAGES.keys(), "a page without operations that tell what it shows"
    assert not set().union(*SHOWN.values()) - reads


def test_references_of_the_description_lead_somewhere() -> None:
    text = json.dumps(described())
    components = described()["components"]
    for part in text.split('"$ref": "#/components/')[1:]:
        group, name = part.partition('"')[0].split("/")
        assert name in components[group]
    assert r"\\Z" not in text


def test_the_description_is_given_and_printed_alike(two: Pair, capsys) -> None:
    told = Program(two.seoul, "kim").get("/openapi.json")
    assert told.headers["content-type"] == "application/json"
    with pytest.raises(SystemExit) as end:
        main(["api"])
    assert end.value.code == 0
    assert json.loads(capsys.readouterr().out) == told.json() == json.loads(json.dumps(described()))
    assert Program(two.seoul).get("/openapi.json").status_code == 401


def test_the_page_of_the_api_is_current() -> None:
    assert API_PAGE.read_text(encoding="utf-8") == api_page(), "run: make reference"


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_the_reference_names_every_operation_in_three_languages(two: Pair, lang: str) -> None:
    from comity.console import sessions
    from comity.vocabulary.names import PersonId

    client = Browser(two.seoul)
    assert client.get("/api").status_code == 401
    client.get(f"/enter/{sessions.make_link(two.seoul, PersonId('kim'))}")
    shown = client.get(f"/api?lang={lang}").text
    assert all(f'id="{one.name}"' in shown for one in OPERATIONS)
    assert all(ROOT + one.path in shown for one in OPERATIONS)
    assert "api." not in shown.replace("api.json", "")
    assert f'<html lang="{lang}">' in shown
