"""What the trials made sayable: months of notice, categories of a list, what is not sent, slips."""

import re

import pytest
from msgspec import structs

from comity.agreement.cases import run_cases
from comity.agreement.check import check
from comity.agreement.complaints import InvalidAgreement
from comity.agreement.notices import Rules, Timeliness, notice_of
from comity.agreement.records import Record
from comity.agreement.scenarios import parse_cases
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.zones import FIXED
from tests.unit.agreement.test_cases import ONWARD
from tests.unit.agreement.test_check import TEXT
from tests.unit.agreement.test_choices import said


def given(at: str) -> Record:
    moment = Instant(f"{at}T00:00:00.000Z")
    return Record(since=moment, until=moment, date=at, agreement="A", party="NOR",
                  event="termination-note", note="")  # fmt: skip


UTC = FIXED["UTC"]
SINCE = Instant("2026-08-31T00:00:00.000Z")


@pytest.mark.parametrize(
    ("months", "deadline"),
    [(1, "2027-07-31"), (2, "2027-06-30"), (6, "2027-02-28"), (11, "2026-09-30")],
)
def test_months_are_reckoned_by_the_calendar(months: int, deadline: str) -> None:
    rules = Rules(years=1, notice_months=months, zone=UTC, counting="days")
    last = Instant(f"{deadline}T00:00:00.000Z")
    assert notice_of(rules, SINCE, given("2026-09-01")).by_days == last
    # The midnight with which that day begins is over the day before.
    before = structs.replace(given(deadline), until=plus_seconds(last, -0.001))
    before = structs.replace(before, since=before.until)
    assert notice_of(rules, SINCE, before).timeliness is Timeliness.TIMELY
    assert notice_of(rules, SINCE, given(deadline)).timeliness is Timeliness.LATE
    late = given(deadline[:8] + "31" if deadline.endswith("30") else "2027-08-01")
    assert notice_of(rules, SINCE, late).by_days >= last


def test_without_a_term_the_months_run_from_the_notice() -> None:
    rules = Rules(years=0, notice_months=6, zone=UTC)
    assert notice_of(rules, SINCE, given("2026-11-24")).term_end == "2027-05-24T00:00:00.000Z"
    assert notice_of(rules, SINCE, given("2026-08-31")).term_end == "2027-02-28T00:00:00.000Z"


def check_codes(old: str, new: str) -> list[tuple[str, str]]:
    assert old in TEXT
    bundle = bundle_bytes(TEXT.replace(old, new, 1).encode(), b"", {})
    return [(one.code, one.said) for one in check(open_bundle(bundle)) if one.code != "no-case"]


@pytest.mark.parametrize(
    ("new", "code", "words"),
    [
        ("notice_months = 12", "notice", "could never be given in time"),
        ("notice_months = 3\nnotice_days = 90", "unused", "nothing uses notice_days"),
        ("channel = 'diplomatic'", "notice", "does not say how long"),
        ("notice_months = 3", "", ""),
    ],
)
def test_the_second_reading_knows_months(new: str, code: str, words: str) -> None:
    found = check_codes('notice_days = 90\nchannel = "diplomatic"', new)
    assert [(one, words in told) for one, told in found] == ([(code, True)] if code else [])


RELEASE = {"kind": "release.release", "by": "KOR/KDIA", "to": "JPN", "offices": ["JPN/DIH"]}
READY = {"assured": "JPN:gokuhi"}


@pytest.mark.parametrize(
    ("form", "sealed", "verdict", "code"),
    [
        ("oral", False, "lawful", "transmission.shown"),
        ("visual", False, "lawful", "transmission.shown"),
        ("oral", True, "unlawful", "transmission.shown-only"),
        ("equipment", False, "lawful", "transmission.by-courier"),
        ("equipment", True, "unlawful", "transmission.form"),
        ("electronic", False, "unlawful", "transmission.unsealed"),
    ],
)
def test_what_is_not_sent_is_shown_or_brought(form, sealed, verdict, code) -> None:
    outcome, codes = said(TEXT, RELEASE, form=form, sealed=sealed, **READY)
    assert (outcome, code in codes) == (verdict, True)


def test_without_couriers_nothing_is_brought() -> None:
    text = TEXT.replace('couriers = ["diplomatic"]', "couriers = []")
    outcome, codes = said(text, RELEASE, form="equipment", sealed=False, **READY)
    assert (outcome, "transmission.no-courier" in codes) == ("unlawful", True)


def test_commercial_means_serve_their_levels_besides() -> None:
    old = 'encryption = "to-level"'
    text = TEXT.replace(old, f'{old}\ncommercial_levels = ["KOR:mil-3"]')
    low = {"level": "KOR:mil-3", "assured": "JPN:hi"}
    assert "transmission.commercial-means" in said(text, RELEASE, sealed=False, **low)[1]
    assert said(text, RELEASE, sealed=True, **READY)[0] == "lawful"
    assert "transmission.unsealed" in said(text, RELEASE, sealed=False, **READY)[1]


def test_registries_bind_also_where_no_office_is_notified() -> None:
    old, new = (
        'notified = "diplomatic"\nregistries = "none"',
        'notified = "none"\nregistries = "named"',
    )
    text = TEXT.replace(old, f'{new}\nentry = ["JPN/REGISTRY"]')
    assert "authorities.registry" in said(text, RELEASE, **READY)[1]
    registry = {**RELEASE, "offices": ["JPN/REGISTRY", "JPN/DIH"]}
    assert "authorities.registry" not in said(text, registry, **READY)[1]


def test_a_heading_in_any_language_ends_with_its_number() -> None:
    words = "\n\n".join(
        f"## Artikkel {one.number} · Ord {{#{one.number}}}\n\nOrd."
        for one in open_bundle(bundle_bytes(TEXT.encode(), b"", {})).articles
    )
    open_bundle(bundle_bytes(TEXT.encode(), b"", {"nb": words.encode()}))
    with pytest.raises(InvalidAgreement) as caught:
        other = words.replace("Artikkel 7", "Artikkel 8")
        bundle_bytes(TEXT.encode(), b"", {"nb": other.encode()})
    assert caught.value.complaints[0].file == "agreement.nb.md"


@pytest.mark.parametrize(
    ("old", "new", "said", "instead"),
    [
        ('verdict = "unlawful"', 'verdict = "illegal"', "expect.verdict: 'illegal' is none of",
         "expect.verdict is `lawful`, `lawful-once-remedied`, `unlawful`"),
        ('originator = "KOR" }', 'originator = "KOR", form = "shouted" }',
         "given.form: 'shouted' is none of: oral, visual", "given.form is `oral`, `visual`"),
        ('originator = "KOR" }',
         'originator = "KOR", consents = [{ originator = "KOR", uses = "x", mode = "y" }] }',
         "given.consents[0].mode: 'y' is none of", "given.consents[0].mode is"),
        ('originator = "KOR" }', 'originator = "KOR", consents = [{ uses = "x" }] }',
         "given.consents[0]: originator is missing",
         "given.consents[0] may hold: originator: a party `NOR`; uses: a word; "),
        ('by = "JPN/DIH"', 'by = "DIH"', "act.by: it is not written", "act.by is an office"),
        ('originator = "KOR" }', 'origin = "KOR" }', "given: origin is not known",
         "given may hold: originator: a"),
        ("says =", "sais =", "sais is not known", "It may hold: article: a word; says"),
        ('"release.release"', '"release.unheard-of"', "no case can hold a release.unheard-of",
         "The acts: consent.acknowledge-withdrawal, consent.ask, "),
        ('by = "JPN/DIH"', 'by = "USA/DIH"', "acts towards its own party",
         "`to` is the other party"),
        ('kind = "release.release"', 'fields = { subject = "a.b" }, kind = "release.release"',
         "no field subject here", "The fields of release.release: none; its facts"),
        ('kind = "release.release"',
         'fields = { subject = "a.b" }, kind = "release.standing-directive"',
         "no field subject here", "The fields of release.standing-directive: most, since, until"),
        ('kind = "release.release"', 'kind = "register.destroy"', "copy is missing",
         "The fields of register.destroy: item, copy, method, witnesses, emergency"),
    ],
)  # fmt: skip
def test_every_slip_in_cases_has_its_line_and_the_way_out(old, new, said, instead) -> None:
    assert old in ONWARD
    wrong = ONWARD.replace(old, new)
    with pytest.raises(InvalidAgreement) as caught:
        parse_cases(wrong + wrong[wrong.index("[[case]]") :])
    first, second = caught.value.complaints
    for one in (first, second):
        assert (one.file, one.article, said in one.said) == ("cases.toml", "6(a)", True)
        assert one.instead.startswith(instead)
    line = ONWARD[: ONWARD.index("[[case]]")].count("\n") + 1
    assert first.line == line
    assert second.line > line


def results(text: str, cases: str) -> list[tuple[bool, str]]:
    agreement = open_bundle(bundle_bytes(text.encode(), cases.encode(), {}))
    return [(one.passed, one.found) for one in run_cases(agreement)]


CASE = """
[[case]]
article = "4"
says = "it"
act = { kind = "release.release", by = "KOR/MND", to = "JPN", offices = ["JPN/DIH"] }
given = { level = "KOR:mil-2", subject = "dprk", purpose = "defence", assured = "JPN:gokuhi"GIVEN }
expect = { verdict = "VERDICT"EXPECT }
"""


def case(given: str = "", expect: str = "", verdict: str = "lawful") -> str:
    more = {"GIVEN": given and f", {given}", "EXPECT": expect and f", {expect}", "VERDICT": verdict}
    text = CASE
    for name, value in more.items():
        text = text.replace(name, value)
    return text


def test_a_case_says_what_is_due_of_nobody() -> None:
    due = 'duty = "delivery.receipt"'
    wanted = {due: True, 'not_due = ["delivery.receipt"]': False, 'not_due = ["*"]': False}
    wanted |= {'not_due = ["register.destroy"]': True}
    for expect, passed in wanted.items():
        ((found, told),) = results(TEXT, case(expect=expect))
        assert found is passed, told
        assert "due: " in told


SINCE_2016 = 'in_force_since = "2016-11-23T05:35:00.000Z"'


@pytest.mark.parametrize(
    ("at", "notice", "verdict"),
    [
        ("2017-06-01", "", "lawful"),
        # In time for the end of the first year: until then it goes on, and then no more.
        ("2017-11-22", "2017-08-01", "lawful"),
        ("2017-11-24", "2017-08-01", "unlawful"),
        # Too late for it: that one ends nothing.
        ("2017-11-24", "2017-10-01", "lawful"),
        ("2018-11-24", "2017-10-01", "lawful"),
    ],
)
def test_the_passing_of_a_notice_can_be_stated(at: str, notice: str, verdict: str) -> None:
    given = f'at = "{at}T00:00:00.000Z", assured_until = "2030-01-01T00:00:00.000Z", {SINCE_2016}'
    if notice:
        given += f', notices = [{{ by = "JPN", at = "{notice}T00:00:00.000Z" }}]'
    ((passed, told),) = results(TEXT, case(given=given, verdict=verdict))
    assert passed, told


def test_what_is_spoken_is_not_sealed_unless_it_is_said() -> None:
    nothing = re.sub(r"by_node = .*", "by_node = []", TEXT)
    assert nothing != TEXT
    oral, shown = 'form = "oral"', 'finding = "transmission.shown"'
    for given, passes in ((oral, True), (f"{oral}, sealed = true", False)):
        ((passed, told),) = results(nothing, case(given, shown))
        assert passed is passes, told
