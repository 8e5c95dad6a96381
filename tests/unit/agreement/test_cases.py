"""Scenario cases: they pass where the agreement says so, and fail where it does not."""

from importlib.resources import files

import pytest

from comity.agreement.cases import run_cases
from comity.agreement.scenarios import parse_cases
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.errors import Invalid

SOURCE = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_bytes()

GIVEN = 'level = "KOR:mil-2"\nsubject = "dprk.missile"\npurpose = "defence.missile-warning"\n'
ONWARD = f"""
[default]
{GIVEN}

[[case]]
article = "6(a)"
says = "Japan may not pass Korea's item to the United States without asking"
act = {{ kind = "release.release", by = "JPN/DIH", to = "USA" }}
given = {{ originator = "KOR" }}
expect = {{ verdict = "unlawful", finding = "third-party.approval", remedy = "consent.ask" }}
"""


def run(cases, source=SOURCE):
    return run_cases(open_bundle(bundle_bytes(source, cases.encode(), {})))


def test_a_case_that_holds_passes_and_says_what_was_found():
    (result,) = run(ONWARD)
    assert result.passed
    assert (result.article, result.expected) == (
        "6(a)",
        "unlawful, third-party.approval, consent.ask",
    )
    assert "third-party.approval" in result.found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('verdict = "unlawful"', 'verdict = "lawful"'),
        ('finding = "third-party.approval"', 'finding = "third-party.approved"'),
        ('remedy = "consent.ask"', 'remedy = "release.approve"'),
        ('originator = "KOR"', 'originator = "JPN"'),
    ],
)
def test_a_case_that_does_not_hold_fails(old, new):
    (result,) = run(ONWARD.replace(old, new))
    assert not result.passed


def test_the_same_case_fails_under_a_text_that_says_otherwise():
    listed = b'consent = "standing-list"\nstanding = ["USA"]'
    other = SOURCE.replace(b'consent = "prior-written"', listed)
    (result,) = run(ONWARD, other)
    assert not result.passed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('verdict = "unlawful"', 'verdict = "illegal"'),
        ("[[case]]", "[[case"),
        ('by = "JPN/DIH"', 'by = "DIH"'),
        ('given = { originator = "KOR" }', 'given = { origin = "KOR" }'),
    ],
)
def test_cases_that_do_not_parse_are_refused(old, new):
    with pytest.raises(Invalid) as caught:
        parse_cases(ONWARD.replace(old, new))
    assert caught.value.code == "invalid.agreement.cases"


@pytest.mark.parametrize("kind", ["release.unheard-of", "treaty.sign", "people.brief"])
def test_a_kind_that_no_case_can_hold_is_refused(kind):
    with pytest.raises(Invalid):
        run(ONWARD.replace("release.release", kind))


def test_no_cases_are_no_failure():
    assert run("") == []
