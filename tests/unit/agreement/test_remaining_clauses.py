"""The remaining headings: what each term forbids, requires, permits and obliges to."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs

from comity.acts.deeds import Outward
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Outcome
from comity.acts.kinds import KINDS
from comity.agreement.case import Calendar, Case
from comity.agreement.cases import judged
from comity.agreement.clauses import CLAUSES
from comity.agreement.clauses.clocks import DAY, after_working_days
from comity.agreement.scenario import Scenario
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party
from tests.support.generated import plain
from tests.unit.agreement.test_check import TEXT

BARE = re.sub(
    r"(## Article (?:5|8|10|11|13|14|15|16|17|19|20) .*?\n\n.*?\n)\n```toml terms\n.*?```\n",
    r"\1",
    re.sub(
        r'\[\[clause\]\]\narticle = "[^"]+"\ntype = "(?:extract|roster|custody|regrading)"\n'
        r"(?:[a-z_]+ = .*\n)*\n?",
        "",
        TEXT,
    ),
    flags=re.DOTALL,
)
"""The text without its clauses on what is told apart below, under other terms."""

MORE = """
## Article 30 · The rest {#30}

Words.

```toml terms
[[clause]]
article = "30"
type = "facility"
accredited = true
briefed = true
[[clause]]
article = "30"
type = "roster"
[[clause]]
article = "30"
type = "storage"
places = { "KOR:mil-2" = ["vault"] }
[[clause]]
article = "30"
type = "custody"
extract = "on-request"
holdings = "count"
[[clause]]
article = "30"
type = "muster"
every_days = 365
persons = 2
[[clause]]
article = "30"
type = "visit"
lead_days = 20
listed = true
[[clause]]
article = "30"
type = "reproduction"
consent_levels = ["KOR:mil-2"]
most = 3
[[clause]]
article = "30"
type = "extract"
[[clause]]
article = "30"
type = "translation"
most = 1
[[clause]]
article = "30"
type = "regrading"
acknowledge_days = 10
[[clause]]
article = "30"
type = "disposition"
methods = ["burn", "shred", "crush"]
equipment = ["crush"]
witnesses = 1
certificate = "sent"
top_levels = ["KOR:mil-2"]
emergency = "tell-afterwards"
[[clause]]
article = "30"
type = "incident"
content = ["facts", "measures"]
suspend = "until-results"
[[clause]]
article = "30"
type = "contractor"
needs = ["a", "b", "g"]
veto = true
[[clause]]
article = "30"
type = "dispute"
[[clause]]
article = "30"
type = "logistics"
categories = ["fuel"]
how = ["cash"]
```
"""
BUNDLE = bundle_bytes((BARE + MORE).encode(), b"", {})
FULL = open_bundle(BUNDLE)
BASE = {
    "level": "KOR:mil-2",
    "subject": "dprk.missile.launch",
    "purpose": "defence.missile-warning",
    "offices": ["JPN/DIH"],
    "assured": "JPN:gokuhi",
    "marked": "JPN:gokuhi",
    "cleared": ["JPN:gokuhi"],
    "needs": ["dprk.missile"],
    "accredited": ["JPN:gokuhi"],
    "originator": "KOR",
}
ABOUT = {"author": "KOR", "at": "2026-06-01T00:00:00.000Z", "level": "JPN:gokuhi"}
HERE = "JPN/DIH"


def outcome(
    kind: str,
    given: dict[str, Any] | None = None,
    *,
    by: str = HERE,
    agreement: Agreement = FULL,
    **fields: object,
) -> tuple[str, set[str], dict[str, int]]:
    to = "KOR" if by.startswith("JPN") else "JPN"
    act: dict[str, Any] = {"kind": kind, "by": by, "to": to, "fields": fields}
    if kind == "release.release":
        act["offices"] = ["JPN/DIH"]
    one = msgspec.convert(
        {
            "article": "30",
            "says": "it",
            "act": act,
            "given": BASE | (given or {}),
            "expect": {"verdict": "lawful"},
        },
        Scenario,
    )
    found = judged(agreement, one)
    due = {str(duty.what): -1 if duty.within is UNSET else duty.within for duty in found.duties}
    return found.outcome.value, {str(one.reason.code) for one in found.findings}, due


BURN = {"copy": 1, "method": "burn", "witnesses": 2, "emergency": False}
COPY = {"copy": 1, "number": 2, "reason": "official-need"}
GIVEN = [{"originator": "KOR", "uses": "reproduction"}]
LENT = {"copy": 1, "contractor": "acme", "inspected": "2026-06-01T00:00:00.000Z", "letter": True}
TOLD = {"number": "T-1", "level": "JPN:gokuhi", "language": "ja", "person": "abe", "note": True}
VISIT = {
    "facility": "KOR/KDIA", "level": "KOR:mil-2", "ends": "2026-09-02T00:00:00.000Z",
    "visitors": 2, "recurring": False, "emergency": False, "survey": False,
}  # fmt: skip
UNLISTED = VISIT
VISIT = UNLISTED | {"particulars": "sha384:" + 96 * "0"}


@pytest.mark.parametrize(
    ("kind", "given", "fields", "wanted"),
    [
        ("register.destroy", {}, BURN, ("lawful", "survival.protects")),
        ("register.destroy", {}, BURN | {"method": "pulp"}, ("unlawful", "disposition.method")),
        ("register.destroy", {"form": "equipment"}, BURN,
         ("unlawful", "disposition.recognisable")),
        ("register.destroy", {"form": "equipment"}, BURN | {"method": "crush"},
         ("lawful", "survival.protects")),
        ("register.destroy", {"form": "equipment"}, BURN | {"method": "crush", "witnesses": 0},
         ("unlawful", "disposition.witnesses")),
        ("register.destroy", {}, BURN | {"witnesses": 1}, ("unlawful", "disposition.witnesses")),
        ("register.destroy", {}, BURN | {"copy": 9}, ("unlawful", "disposition.not-held")),
        ("register.destroy", {"copies": [[1, "destroyed"]]}, BURN,
         ("unlawful", "disposition.not-held")),
        ("register.destroy", {}, BURN | {"method": "crush", "emergency": True, "witnesses": 0},
         ("lawful", "survival.protects")),
        ("register.reproduce", {}, COPY, ("lawful-once-remedied", "reproduction.consent")),
        ("register.reproduce", {"consents": GIVEN}, COPY, ("lawful", "survival.protects")),
        ("register.reproduce", {"consents": GIVEN}, COPY | {"number": 1},
         ("unlawful", "reproduction.number-taken")),
        ("register.reproduce",
         {"consents": GIVEN, "copies": [[1, "held"], [2, "held"], [3, "held"]]},
         COPY | {"number": 4}, ("unlawful", "reproduction.too-many")),
        ("register.extract", {}, {"number": "E-1", "level": "JPN:hi", "pages": 1},
         ("unlawful", "extract.level")),
        ("register.translate", {}, TOLD | {"machine": "none"}, ("lawful", "access.entitled")),
        ("register.translate", {}, TOLD | {"machine": "other"},
         ("unlawful", "translation.machine")),
        ("register.translate", {}, TOLD | {"machine": "none", "note": False},
         ("unlawful", "translation.no-note")),
        ("register.translate", {"translations": 1}, TOLD | {"machine": "none"},
         ("unlawful", "translation.too-many")),
        ("register.translate", {"cleared": []}, TOLD | {"machine": "none"},
         ("lawful-once-remedied", "access.not-cleared")),
        ("register.assign", {"officer": False}, {}, ("lawful-once-remedied",
         "facility.no-officer")),
        ("register.assign", {"accredited": []}, {}, ("lawful-once-remedied",
         "facility.not-accredited")),
        ("register.assign", {"briefed": False}, {}, ("lawful-once-remedied",
         "facility.not-briefed")),
        ("register.assign", {"rostered": False}, {}, ("lawful-once-remedied",
         "roster.not-listed")),
        ("register.store", {}, {"copy": 1, "place": "container"}, ("unlawful", "storage.place")),
        ("register.muster", {}, {"found": [1], "missing": [], "persons": 1},
         ("unlawful", "muster.persons")),
        ("register.muster", {}, {"found": [], "missing": [], "persons": 2},
         ("unlawful", "muster.incomplete")),
        ("custody.ask", {}, {"extract": True}, ("lawful", "entry-into-force.in-force")),
        ("custody.state", {}, {"copies": 1, "offices": ["JPN/DIH"]},
         ("unlawful", "custody.no-offices")),
        ("incident.results", {"about": ABOUT | {"act": "incident.report"}},
         {"stated": ["facts"]}, ("unlawful", "incident.incomplete")),
        ("incident.report", {}, {"suspected": True, "copies": [],
         "discovered": "2026-06-01T00:00:00.000Z"}, ("lawful", "incident.late")),
        ("incident.close", {}, {}, ("unlawful", "incident.no-results")),
        ("contractor.hand-over", {}, LENT | {"met": ["a", "g"]},
         ("unlawful", "contractor.lacks")),
        ("contractor.hand-over", {}, LENT | {"met": ["a", "b", "g"]},
         ("lawful-once-remedied", "contractor.approval")),
        ("contractor.hand-over", {}, LENT | {"met": ["a", "b", "g"], "copy": 2},
         ("unlawful", "contractor.not-held")),
        ("contractor.hand-over", {"copies": [[1, "transferred"]]},
         LENT | {"met": ["a", "b", "g"]}, ("unlawful", "contractor.not-held")),
        ("contractor.hand-over", {"copies": [[1, "in-transit"]]},
         LENT | {"met": ["a", "b", "g"]}, ("unlawful", "contractor.not-held")),
        ("contractor.hand-over", {}, LENT | {"met": ["a", "b", "g"],
         "inspected": "2020-06-01T00:00:00.000Z"}, ("unlawful", "contractor.inspection-old")),
        ("visit.request", {}, VISIT | {"begins": "2026-09-01T00:00:00.000Z"},
         ("lawful", "entry-into-force.in-force")),
        ("visit.request", {}, VISIT | {"begins": "2026-07-05T00:00:00.000Z"},
         ("unlawful", "visit.lead")),
        ("visit.request", {}, UNLISTED | {"begins": "2026-09-01T00:00:00.000Z"},
         ("unlawful", "visit.no-list")),
        ("visit.approve", {"about": ABOUT | {"act": "visit.request"}}, {"level": "JPN:gokuhi"},
         ("unlawful", "visit.unchecked")),
        ("visit.approve", {"about": ABOUT | {"act": "visit.request"}},
         {"level": "JPN:gokuhi", "checked": True}, ("lawful", "entry-into-force.in-force")),
        ("visit.done", {"about": ABOUT | {"act": "visit.approve"}},
         {"level": "JPN:gokuhi", "disclosed": 1}, ("unlawful", "visit.closing-list")),
        ("visit.done", {}, {"level": "JPN:gokuhi", "disclosed": 1},
         ("unlawful", "visit.not-permitted")),
        ("visit.done", {"about": ABOUT | {"act": "visit.approve"}},
         {"level": "JPN:hi", "disclosed": 1}, ("unlawful", "visit.level")),
        ("dispute.settle", {}, {}, ("unlawful", "dispute.not-raised")),
        ("dispute.raise", {"standing": "survival"}, {}, ("lawful", "survival.protects")),
        ("logistics.request", {}, {"category": "ammunition"}, ("unlawful", "logistics.category")),
        ("logistics.settle", {"about": ABOUT | {"act": "logistics.transfer"}},
         {"how": "replacement", "value": 3}, ("unlawful", "logistics.means")),
        ("register.regrade", {}, {"level": "KOR:mil-3"},
         ("lawful-once-remedied", "regrading.approval")),
    ],
)  # fmt: skip
@pytest.mark.obligation("GSOMIA-6-e")
@pytest.mark.obligation("GSOMIA-8-1")
@pytest.mark.obligation("GSOMIA-8-2")
@pytest.mark.obligation("GSOMIA-8-3")
@pytest.mark.obligation("GSOMIA-8-4")
@pytest.mark.obligation("GSOMIA-10-2")
@pytest.mark.obligation("GSOMIA-11-1")
@pytest.mark.obligation("GSOMIA-4-4")
@pytest.mark.obligation("GSOMIA-15-1")
@pytest.mark.obligation("GSOMIA-15-2")
@pytest.mark.obligation("GSOMIA-15-3")
@pytest.mark.obligation("GSOMIA-13-2")
@pytest.mark.obligation("GSOMIA-20-1")
def test_what_the_terms_say(kind, given, fields, wanted) -> None:
    said, codes, _ = outcome(kind, given, **fields)
    assert said == wanted[0]
    assert wanted[1] in codes


PARAGRAPHS = "abcdefghijklmno"
ALL_MET = BARE + MORE.replace('needs = ["a", "b", "g"]\nveto = true',
                              f"needs = {list(PARAGRAPHS)}".replace("'", '"'))  # fmt: skip
FIFTEEN = open_bundle(bundle_bytes(ALL_MET.encode(), b"", {}))


@pytest.mark.obligation("GSOMIA-16-a")
@pytest.mark.obligation("GSOMIA-16-b")
@pytest.mark.obligation("GSOMIA-16-c")
@pytest.mark.obligation("GSOMIA-16-d")
@pytest.mark.obligation("GSOMIA-16-e")
@pytest.mark.obligation("GSOMIA-16-f")
@pytest.mark.obligation("GSOMIA-16-g")
@pytest.mark.obligation("GSOMIA-16-h")
@pytest.mark.obligation("GSOMIA-16-i")
@pytest.mark.obligation("GSOMIA-16-j")
@pytest.mark.obligation("GSOMIA-16-k")
@pytest.mark.obligation("GSOMIA-16-l")
@pytest.mark.obligation("GSOMIA-16-m")
@pytest.mark.obligation("GSOMIA-16-n")
@pytest.mark.obligation("GSOMIA-16-o")
@pytest.mark.parametrize("paragraph", PARAGRAPHS)
@pytest.mark.parametrize("under", [{}, {"under": "prime"}], ids=["contractor", "subcontractor"])
def test_a_contractor_gets_nothing_while_one_of_fifteen_is_missing(paragraph, under) -> None:
    kind = "contractor.hand-over"
    met = list(PARAGRAPHS)
    assert outcome(kind, agreement=FIFTEEN, **LENT, **under, met=met)[0] == "lawful"
    met.remove(paragraph)
    said, codes, _ = outcome(kind, agreement=FIFTEEN, **LENT, **under, met=met)
    assert said == "unlawful"
    assert "contractor.lacks" in codes


def test_an_open_incident_stops_releases_until_its_results() -> None:
    assert outcome("release.release", {}, by="KOR/KDIA")[0] == "lawful"
    said, codes, _ = outcome("release.release", {"incidents": 1}, by="KOR/KDIA")
    assert (said, "incident.open" in codes) == ("lawful-once-remedied", True)


@pytest.mark.parametrize(
    ("kind", "by", "fields", "owed"),
    [
        ("register.destroy", HERE, BURN, {"delivery.certificate": 30 * DAY}),
        ("register.destroy", HERE, BURN | {"emergency": True}, {"delivery.certificate": DAY}),
        ("register.regrade", "KOR/KDIA", {"level": "KOR:mil-3"},
         {"register.acknowledge-regrading": 10 * DAY, "register.re-mark": 10 * DAY}),
        ("incident.report", HERE, {"suspected": True, "copies": [],
         "discovered": "2026-07-01T08:30:00.000Z"},
         {"incident.investigate": -1, "incident.results": 30 * DAY}),
        ("register.muster", HERE, {"found": [], "missing": [1], "persons": 2},
         {"register.muster": 365 * DAY, "incident.report": 0}),
        ("visit.request", HERE, VISIT | {"begins": "2026-09-01T00:00:00.000Z"},
         {"visit.approve": 14 * DAY}),
        ("custody.ask", HERE, {"extract": True}, {"custody.state": 30 * DAY}),
        ("dispute.raise", HERE, {}, {"dispute.consult": 30 * DAY}),
        ("release.recall", "KOR/KDIA", {}, {"delivery.return": 30 * DAY}),
    ],
)  # fmt: skip
@pytest.mark.obligation("GSOMIA-20-2")
@pytest.mark.obligation("GSOMIA-6-h")
def test_what_an_act_obliges_to(kind, by, fields, owed) -> None:
    given = {"provider": "KOR", "receiver": "JPN"}
    said, _, due = outcome(kind, given, by=by, **fields)
    assert (said, due) == ("lawful", owed)


@pytest.mark.obligation("TIME-1")
def test_working_days_are_those_that_the_receiver_notified() -> None:
    # Friday evening in UTC is Saturday in Tokyo; Monday is a holiday there.
    case = Case(
        acting=Party("KOR"),
        counterpart=Party("JPN"),
        at=Instant("2026-07-17T16:00:00.000Z"),
        calendars=(
            Calendar(working_days=(1, 2, 3, 4, 5), holidays=("2026-07-20",), zone="Asia/Tokyo"),
        ),
    )
    assert after_working_days(case, 1) == 3 * DAY
    assert after_working_days(structs.replace(case, calendars=()), 1) == 3 * DAY
    assert after_working_days(structs.replace(case, calendars=()), 2) == 4 * DAY
    assert after_working_days(case, 2) == 4 * DAY


KIND = st.sampled_from(
    sorted((one for one in KINDS if issubclass(one, Outward)), key=lambda one: one.__name__)
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(CLAUSES)))
def test_every_clause_answers_every_act(data, name) -> None:
    """Judging is total: whatever is asked, a clause says something, or nothing; twice the same."""
    clause = next((one for one in FULL.clauses if one.type == name), None)
    if clause is None:
        return
    kind = data.draw(KIND)
    deed = msgspec.convert(data.draw(plain(kind)), kind)
    entry = Entry(deed=deed, at=Instant("2026-07-01T09:00:00.000Z"), salt=bytes(16))
    case = Case(acting=Party("JPN"), counterpart=Party("KOR"), at=entry.at)
    found = clause.judge(entry, case)
    assert found is None or isinstance(found, Finding)
    assert clause.judge(entry, case) == found
    assert isinstance(clause.duties(entry, case), tuple)


def test_the_outcomes_are_words_of_the_field() -> None:
    assert {one.value for one in Outcome} >= {outcome("custody.ask", extract=False)[0]}
