"""Values in which agreements differ, where terms beyond the usual ones say them.

One text has them all: each is tried with an act that keeps to it and one that does not.
"""

import msgspec
import pytest

from comity.agreement.case import Calendar, Case
from comity.agreement.cases import judged
from comity.agreement.clauses import Voice
from comity.agreement.clauses.clocks import DAY, after_working_days
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, borrowed
from comity.agreement.scenario import Scenario
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party
from tests.unit.agreement.test_check import TEXT
from tests.unit.agreement.test_contradictions import new_in
from tests.unit.agreement.test_overlays import OVERLAY
from tests.unit.agreement.test_remaining_clauses import BARE, BASE, LENT, MORE, UNLISTED, outcome

CHANGES = {
    'registries = "none"': 'registries = "none"\noffices = ["KOR/KDIA", "JPN/DIH"]',
    'counts = "any-other-state"': 'counts = "not-members"\nmembers = ["NATO"]\n'
    'groups = { "NATO" = ["USA", "GBR"] }',
    'nationality = "none"': 'nationality = "none"\ndual = "third-party"\n'
    'eyes = { "KOR:eyes" = ["KOR", "JPN"] }',
    'couriers = ["diplomatic"]': 'couriers = ["diplomatic", "cleared-employee"]\n'
    'certified = ["cleared-employee"]\nplanned = ["equipment"]',
    'by = "later-of-two-notes"': 'by = "later-of-two-notes"\n'
    'arrangement_first = ["KOR-JPN-SECURITY"]',
    'type = "facility"\n': 'type = "facility"\nreceives = true\ncontractors = true\n',
    "listed = true\n": 'through = ["JPN/DIH", "KOR/KDIA"]\ndirect_levels = ["KOR:mil-3"]\n',
    'needs = ["a", "b", "g"]\nveto = true': 'needs = ["a"]\nforeign_owned = "third-party"',
    'type = "incident"\n': 'type = "incident"\nclock = "promptly"\n',
}  # fmt: skip


def changed(text: str, changes: dict[str, str]) -> Agreement:
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    return open_bundle(bundle_bytes(text.encode(), b"", {}))


ROWS = changed(BARE + MORE, CHANGES)
GRANT = {"originator": "KOR", "uses": "contractor", "contractor": "ACME"}
FIRM = LENT | {"met": ["a"]}
VISIT = UNLISTED | {"begins": "2026-07-03T00:00:00.000Z"}
ASKED = {"act": "visit.request", "author": "KOR", "at": "2026-06-01T00:00:00.000Z"}
CARRIED = {
    "copy": 1, "step": 1, "sealed": True, "covered": True, "signed": True,
    "courier": "cleared-employee",
}  # fmt: skip
LATE = {"suspected": False, "copies": [], "discovered": "2026-06-01T00:00:00.000Z"}
RADAR = {"form": "equipment"}
HOME = {"nationalities": ["JPN"]}
TWO = {"nationalities": ["JPN", "BRA"]}
EYES = HOME | {"caveats": ["KOR:eyes"]}
FOR_BRAZIL = {"originator": "KOR", "uses": "third-party", "third_party": "BRA"}
DIRECT = VISIT | {"level": "KOR:mil-3"}
DIH, NSS = "JPN/DIH", "JPN/NSS"


@pytest.mark.parametrize(
    ("kind", "by", "given", "fields", "wanted"),
    [
        # A firm that is owned abroad is a third party.
        ("contractor.hand-over", DIH, {}, FIRM | {"owned": "JPN"},
         ("lawful", "survival.protects")),
        ("contractor.hand-over", DIH, {}, FIRM | {"owned": "KOR"},
         ("lawful", "survival.protects")),
        ("contractor.hand-over", DIH, {}, FIRM, ("unlawful", "contractor.owner-unstated")),
        ("contractor.hand-over", DIH, {}, FIRM | {"owned": "USA"},
         ("lawful-once-remedied", "contractor.approval")),
        ("contractor.hand-over", DIH, {"consents": [GRANT]}, FIRM | {"owned": "USA",
         "contractor": "acme"}, ("lawful", "contractor.approved")),
        ("contractor.hand-over", DIH, {"accredited": []}, FIRM | {"owned": "JPN"},
         ("lawful-once-remedied", "facility.not-accredited")),
        # Visits from authority to authority, and between facilities at a low level.
        ("visit.request", DIH, {}, VISIT | {"begins": "2026-09-03T00:00:00.000Z"},
         ("lawful", "entry-into-force.in-force")),
        ("visit.request", NSS, {}, VISIT | {"begins": "2026-09-03T00:00:00.000Z"},
         ("unlawful", "visit.through")),
        ("visit.request", DIH, {}, VISIT, ("unlawful", "visit.lead")),
        ("visit.request", NSS, {}, DIRECT | {"survey": True}, ("unlawful", "visit.through")),
        ("visit.approve", NSS, {"about": ASKED | {"level": "KOR:mil-2"}}, {"level": "KOR:mil-3"},
         ("unlawful", "visit.through")),
        # Only nationals of certain states; a national of a third one is that state.
        ("register.access", DIH, HOME, {}, ("lawful", "access.entitled")),
        ("register.access", DIH, {}, {}, ("unlawful", "access.nationality")),
        ("register.access", DIH, TWO, {}, ("lawful-once-remedied", "access.dual-approval")),
        ("register.access", DIH, TWO | {"consents": [FOR_BRAZIL]}, {},
         ("lawful", "access.entitled")),
        ("register.assign", DIH, TWO | {"consents": [FOR_BRAZIL | {"withdrawn": True}]}, {},
         ("lawful-once-remedied", "access.dual-approval")),
        ("register.access", DIH, EYES, {}, ("lawful", "access.entitled")),
        ("register.access", DIH, EYES | TWO | {"consents": [FOR_BRAZIL]}, {},
         ("unlawful", "access.eyes")),
        # Couriers with a certificate, by a plan.
        ("delivery.hand-over", DIH, RADAR, CARRIED | {"certified": True, "planned": True},
         ("lawful", "survival.protects")),
        ("delivery.hand-over", DIH, RADAR, CARRIED | {"planned": True},
         ("unlawful", "transmission.no-certificate")),
        ("delivery.hand-over", DIH, RADAR, CARRIED | {"certified": False, "planned": True},
         ("unlawful", "transmission.no-certificate")),
        ("delivery.hand-over", DIH, RADAR, CARRIED | {"certified": True},
         ("unlawful", "transmission.no-plan")),
        ("delivery.hand-over", DIH, RADAR, CARRIED | {"courier": "diplomatic", "planned": True},
         ("lawful", "survival.protects")),
        # Promptly, without a figure.
        ("incident.report", DIH, {}, LATE, ("lawful", "incident.told")),
        # An arrangement that is concluded first.
        ("release.release", "KOR/KDIA", {}, {}, ("lawful", "discretion.approved")),
        ("release.release", "KOR/KDIA", {"not_concluded": ["KOR-JPN-SECURITY"]}, {},
         ("lawful-once-remedied", "entry-into-force.no-arrangement")),
        # Two offices alone.
        ("release.release", "KOR/MND", {}, {}, ("unlawful", "authorities.not-named")),
    ],
)  # fmt: skip
def test_what_the_rows_say(kind, by, given, fields, wanted) -> None:
    said, codes, _ = outcome(kind, given, by=by, agreement=ROWS, **fields)
    assert wanted[1] in codes
    assert said == wanted[0]


def test_facilities_agree_on_a_visit_between_themselves_at_any_time() -> None:
    free = changed(ROWS.source, {'\noffices = ["KOR/KDIA", "JPN/DIH"]': ""})
    assert outcome("visit.request", by=NSS, agreement=free, **DIRECT)[0] == "lawful"
    about = {"about": ASKED | {"level": "KOR:mil-3"}}
    low, high = {"level": "KOR:mil-3"}, {"level": "KOR:mil-2"}
    assert outcome("visit.approve", about, by=NSS, agreement=free, **low)[0] == "lawful"
    assert outcome("visit.approve", about, by=NSS, agreement=free, **high)[0] == "unlawful"
    assert outcome("visit.decline", about, by=NSS, agreement=free)[0] == "lawful"


@pytest.mark.parametrize(("accredited", "asked"), [([], True), (["KOR:mil-2"], False)])
def test_what_is_received_is_marked_at_an_accredited_registry(accredited, asked) -> None:
    given = {"marked": "JPN:gokuhi", "accredited": accredited}
    _, codes, _ = outcome("register.re-mark", given, agreement=ROWS)
    assert ("facility.not-accredited" in codes) is asked


SPECIAL = {"level": "JPN:tokutei-himitsu", "regime": "JPN:tokutei-himitsu"}
CITED = {"category_regime": SPECIAL["regime"], "category_level": SPECIAL["level"]}


def marking(agreement: Agreement, **given: object) -> set[str]:
    """Mark an item with the level of a regime; say what is found."""
    one = msgspec.convert(
        {
            "article": "4",
            "says": "it",
            "act": {"kind": "register.re-mark", "by": DIH, "to": "KOR", **SPECIAL},
            "given": BASE | given,
            "expect": {"verdict": "lawful"},
        },
        Scenario,
    )
    return {str(each.reason.code) for each in judged(agreement, one).findings}


def test_a_designation_of_a_category_marks_other_items_of_it() -> None:
    by_item = open_bundle(bundle_bytes(TEXT.encode(), b"", {}))
    by_category = changed(TEXT, {"again = true": 'again = true\nper = "category"'})
    assert "equivalence.designation" in marking(by_category)
    assert "equivalence.designation" in marking(by_item, **CITED)
    assert "equivalence.marked-as-category" in marking(by_category, **CITED)
    other = CITED | {"category_level": "JPN:gokuhi"}
    assert "equivalence.designation" in marking(by_category, **other)
    # A designation of its own comes first.
    own = marking(by_category, designated=SPECIAL["regime"], designated_level="JPN:gokuhi", **CITED)
    assert "equivalence.other-than-designated" in own


def test_a_group_stands_for_its_nations() -> None:
    clause = ROWS.clause("third-party")
    assert isinstance(clause, ThirdParty)
    assert clause.names_of(Party("USA")) == ("USA", "NATO")
    assert clause.names_of(Party("FRA")) == ("FRA",)
    label = {"releasable": ["NATO", "JPN"], "receiver": "USA", "originator": "KOR"}
    _, codes, _ = outcome("release.release", label, by="KOR/KDIA", agreement=ROWS)
    assert "third-party.not-releasable" not in codes
    _, codes, _ = outcome("release.release", label | {"receiver": "FRA"}, by="KOR/KDIA",
                          agreement=ROWS)  # fmt: skip
    assert "third-party.not-releasable" in codes


@pytest.mark.parametrize(("third", "holds"), [("USA", True), ("NATO", True), ("AUS", False)])
def test_an_approval_for_a_group_is_one_for_each_of_its_nations(third, holds) -> None:
    grouped = changed(TEXT, {'counts = "any-other-state"': 'groups = { "NATO" = ["USA"] }'})
    grant = {"originator": "KOR", "uses": "third-party", "third_party": third}
    given = {"provider": "JPN", "receiver": "USA", "consents": [grant], "provided": True}
    fields = {
        "third_party": "USA", "purpose": "defence.missile-warning", "consents": [],
        "release": "sha384:" + 96 * "0",
    }  # fmt: skip
    _, codes, _ = outcome("release.onward-released", given, agreement=grouped, **fields)
    assert ("third-party.approved" in codes) is holds


WEEK = Calendar(working_days=(1, 2, 3, 4, 5))
SUNDAYS = Calendar(working_days=(7, 1, 2, 3, 4), holidays=("2026-07-06",))


@pytest.mark.parametrize(("of", "days"), [("receiver", 5), ("author", 6), ("both", 7)])
def test_whose_working_days_are_counted(of, days) -> None:
    # A Wednesday: Thursday and Friday count here; Thursday, Sunday and Tuesday there.
    at = Instant("2026-07-01T09:00:00.000Z")
    case = Case(acting=Party("AAA"), counterpart=Party("BBB"), at=at, calendars=(WEEK,),
                own_calendars=(SUNDAYS,))  # fmt: skip
    assert after_working_days(case, 3, of=of) == days * DAY


def test_where_both_have_a_rule_the_stricter_decides() -> None:
    hop = changed(OVERLAY, {"[[clause]]": '[[clause]]\narticle = "1"\ntype = "dispute"\n'
                            "[[clause]]"})  # fmt: skip
    stricter = changed(hop.source, {"on = [{": 'where_both = "stricter"\non = [{'})
    parent = open_bundle(bundle_bytes(TEXT.encode(), b"", {}))

    def asked(text: Agreement) -> set[str]:
        texts = Texts(hop=text, origins=(), ground=GROUND, profile=None, borrowed=(parent,))
        return {one.type for one in borrowed(texts, Voice.COMMON)}

    assert "receipt" in asked(hop)
    assert "dispute" not in asked(hop)
    assert asked(stricter) == asked(hop) | {"dispute"}


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({'by = "later-of-two-notes"': 'by = "later-of-two-notes"\n'
          'arrangement_first = ["KOR-JPN-GSOMIA"]'}, "contradiction",
         "it waits for itself before anything is provided"),
        ({'by = "later-of-two-notes"': 'by = "later-of-two-notes"\narrangement_first = ["A-B"]',
          "allowed = true": "allowed = false"}, "contradiction",
         "it waits for A-B, and Article 5 (supplementary) allows no arrangement"),
        ({"survey = true": 'survey = true\nthrough = ["FRA/DRM"]'}, "no-party",
         "the authority FRA/DRM is of no party"),
        ({"survey = true": 'survey = true\ndirect_levels = ["KOR:mil-9"]'}, "no-such-level",
         "KOR:mil-9 stands in no row of the table"),
        ({'registries = "none"': 'registries = "accredited"\nentry = ["JPN/REGISTRY"]'},
         "no-accreditation",
         "nothing asks for the accreditation of these registries"),
        ({'registries = "none"': 'registries = "named"\nentry = ["JPN/REGISTRY"]\n'
          'offices = ["JPN/DIH"]'}, "contradiction",
         "the registry JPN/REGISTRY is none of the offices that alone are addressed"),
        ({'couriers = ["diplomatic"]': 'couriers = ["diplomatic"]\ncertified = ["contractor"]'},
         "unused", "nothing uses the certificate of contractor: it carries nothing"),
        ({'couriers = ["diplomatic"]': 'couriers = ["diplomatic"]\nplanned = ["electronic"]'},
         "unused", "nothing uses the plan for electronic: it is not carried"),
        ({"within_hours = 0": 'within_hours = 0\nclock = "promptly"'}, "unused",
         "nothing uses within_hours while clock is 'promptly'"),
        ({'nationality = "none"': 'nationality = "sole"\ndual = "never"'}, "unused",
         "nothing uses dual while nationality is 'sole'"),
        ({"working_days = false": 'working_days = false\ndays_of = "both"'}, "unused",
         "nothing uses days_of while working_days is false"),
        ({'nationality = "none"': 'nationality = "none"\neyes = { "KOR:eyes" = ["KOR"] }',
          "forms =": 'caveats_excluded = ["KOR:eyes"]\nforms ='}, "contradiction",
         "nothing marked KOR:eyes crosses, and Article 7 (access) says who sees it"),
        ({"freshness = 86400": "freshness = { network = 86400, media = 3600 }"}, "contradiction",
         "a word that is carried must be newer than one that is sent"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_or_used_is_found(changes, code, said) -> None:
    assert (code, said) in [(one.code, one.said) for one in new_in(TEXT, changes)]


def test_terms_beyond_the_usual_close_no_way() -> None:
    named = {'registries = "none"': 'registries = "none"\noffices = ["KOR/KDIA", "JPN/DIH"]'}
    assert new_in(TEXT, named) == []


def test_a_freshness_by_medium_judges_what_comes_by_network() -> None:
    both = changed(TEXT, {"freshness = 86400": "freshness = { network = 3600, media = 864000 }"})
    assert both.meta.fresh == 3600
    assert outcome("release.release", {"age": 3600}, by="KOR/KDIA", agreement=both)[0] == "lawful"
    said, codes, _ = outcome("release.release", {"age": 3601}, by="KOR/KDIA", agreement=both)
    assert (said, "ground.seen.stale" in codes) == ("lawful-once-remedied", True)


def test_all_of_it_is_told() -> None:
    told = {one.code for clause in ROWS.clauses for one in clause.told()}
    besides = {one.code for clause in ROWS.clauses for one in clause.besides()}
    assert len(besides) == 12
    assert besides <= told
    plain = open_bundle(bundle_bytes(TEXT.encode(), b"", {}))
    usual = [one.code for clause in plain.clauses for one in clause.besides()]
    assert usual == ["explain.incident.unanswered-receiver"]
