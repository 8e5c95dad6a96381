"""Clauses that cannot both be kept, ways that are all closed, and strangers in a text."""

import pytest

from comity.agreement.check import check
from comity.agreement.clauses.conditions import conditions
from comity.agreement.clauses.copies import Disposition
from comity.agreement.complaints import Complaint
from comity.agreement.text import bundle_bytes, open_bundle
from tests.unit.agreement.test_check import TEXT, line_of
from tests.unit.agreement.test_overlays import OVERLAY


def found(text: str) -> list[Complaint]:
    return [
        one
        for one in check(open_bundle(bundle_bytes(text.encode(), b"", {})))
        if one.code != "no-case"
    ]


def new_in(text: str, changes: dict[str, str]) -> list[Complaint]:
    changed = text
    for old, new in changes.items():
        assert old in changed
        changed = changed.replace(old, new, 1)
    said = {one.said for one in found(text)}
    return [one for one in found(changed) if one.said not in said]


DISPOSITION = 'methods = ["burn", "pulp", "shred", "erase", "crush"]'
SURVIVAL = 'type = "survival"\nlasts = "for-ever"'


def more(terms: str) -> dict[str, str]:
    return {SURVIVAL: f'{SURVIVAL}\n\n[[clause]]\narticle = "21"\n{terms}'}


CUSTODY = 'extract = "on-request"\nholdings = "office"'
UNSTATED = {CUSTODY: 'extract = "none"\nholdings = "none"'}


@pytest.mark.parametrize(
    ("changes", "code", "article", "said"),
    [
        pytest.param({'couriers = ["diplomatic"]': "couriers = []"}, "contradiction", "2",
            "equipment is covered here, and Article 12 (transmission) never lets it pass: "
            "transmission.no-courier", id="a form that nobody may carry"),
        pytest.param(more('type = "standing-release"\nsubjects = ["dprk.missile"]'),
            "contradiction", "2", "regional is covered here, and Article 21 (standing-release) "
            "never lets it pass: standing-release.subject", id="a subject outside the flow"),
        pytest.param(more('type = "standing-release"\nsubjects = ["dprk", "regional", "defence"]'
            '\nlevels = ["KOR:mil-3"]'), "contradiction", "4", "KOR:mil-2 is covered here, and "
            "Article 21 (standing-release) never lets it pass: standing-release.level",
            id="a level outside the flow"),
        pytest.param({'rank = 1\n  levels = [\n    { level = "KOR:mil-3" },\n': "rank = 1\n"
            "  levels = [\n"}, "contradiction", "4", "JPN:hi is covered here, and Article 4 "
            "(equivalence) never lets it pass: equivalence.no-level-there",
            id="a row of one party's levels"),
        pytest.param({'by = "later-of-two-notes"': 'by = "later-of-two-notes"\nvisit_first = true',
            "survey = true": "survey = false"}, "contradiction", "21(1)", "visit_first waits for "
            "a survey, and Article 8 (visit) foresees none", id="a survey that is not foreseen"),
        pytest.param(more('type = "termination"') | UNSTATED, "contradiction", "21",
            "holdings are to be stated, and Article 6(f) (custody) forbids to state any",
            id="a statement that is owed and forbidden"),
        pytest.param({'subjects = ["dprk", "regional", "defence"]':
            'subjects = ["dprk.missile", "regional"]\nexcluded = [{ subject = "dprk" }]'},
            "contradiction", "2", "dprk.missile is both covered and excluded",
            id="an exclusion above what is covered"),
        pytest.param({'registries = "none"': 'registries = "named"\nentry = ["FRA/REGISTRY"]'},
            "no-party", "2", "the registry FRA/REGISTRY is of no party", id="a strange registry"),
        pytest.param({'cap = "SECRET"': 'cap = "SECRET"\noffice_caps = { "FRA/DRM" = "SECRET" }'},
            "no-party", "4", "the office FRA/DRM is of no party", id="a strange office"),
        pytest.param({'["KOR:mil-3", "KOR:mil-2"],': '["KOR:mil-3", "KOR:mil-2"], ["FRA:secret"],'},
            "no-party", "7", "the clearance FRA:secret is of no party", id="a strange clearance"),
        pytest.param({'cap = "SECRET"': 'cap = "CONFIDENTIAL"', DISPOSITION:
            f'{DISPOSITION}\ntop_levels = ["JPN:gokuhi"]'}, "no-such-level", "13",
            "JPN:gokuhi stands above the cap: no item at it ever crosses", id="above the cap"),
        pytest.param({'"oral", "visual", "electronic"': '"oral", "visual"', 'cap = "SECRET"':
            'cap = "SECRET"\nelectronic_cap = "CONFIDENTIAL"', '["electronic", "documentary"]':
            '["documentary"]'}, "unused", "4",
            "nothing uses electronic_cap: the scope leaves electronic items out",
            id="a cap for a form that is left out"),
    ],
)  # fmt: skip
def test_what_cannot_both_be_kept_is_found(changes, code, article, said) -> None:
    assert (code, article, said) in [
        (one.code, one.article, one.said) for one in new_in(TEXT, changes)
    ]


RETURN_ONLY = {DISPOSITION: f'{DISPOSITION}\ntop_levels = ["KOR:mil-3"]\ntop = "return-only"'}


def test_what_is_owed_of_a_holder_and_forbidden_to_it_is_found() -> None:
    at_the_end = more('type = "termination"\ndispose = "return-or-destroy"')
    (one,) = new_in(TEXT, RETURN_ONLY | at_the_end)
    assert (one.code, one.article) == ("contradiction", "21")
    assert one.said == (
        "register.destroy is owed here for items at KOR:mil-3, and Article 13 (disposition) never "
        "lets it be done: disposition.return-only"
    )
    assert new_in(TEXT, at_the_end) == []
    # Kept, returned or destroyed with consent: each of these can be done.
    assert new_in(TEXT, RETURN_ONLY) == []
    consented = {
        old: new.replace("return-only", "originator-consent") for old, new in RETURN_ONLY.items()
    }
    assert new_in(TEXT, consented | at_the_end) == []


def test_a_drill_whose_marking_is_excluded() -> None:
    (one,) = [
        one
        for one in new_in(OVERLAY, {"forms =": 'caveats_excluded = ["KOR:exercise"]\nforms ='})
        if "crosses" in one.said
    ]
    assert (one.code, one.said) == (
        "contradiction",
        "nothing marked KOR:exercise crosses, and Article 1 (exercise) asks for that marking",
    )


def test_a_parent_between_strangers() -> None:
    (one,) = new_in(OVERLAY, {'between = ["KOR", "USA"]': 'between = ["KOR", "FRA"]'})
    assert (one.code, one.said) == (
        "unused",
        "nothing uses US-ROK-1987: no two parties are between its own",
    )


def test_a_level_that_moved_stands_in_two_rows_at_two_times() -> None:
    both = '{ level = "JPN:hi", since = "2020-01-01T00:00:00.000Z" }'
    before = '{ level = "JPN:hi", until = "2020-01-01T00:00:00.000Z" }'
    dated = TEXT.replace('{ level = "JPN:hi" }', both).replace(
        '{ level = "JPN:gokuhi" }', f'{{ level = "JPN:gokuhi" }}, {before}', 1
    )
    assert "two-rows" not in [one.code for one in found(dated)]
    assert "two-rows" in [
        one.code for one in found(dated.replace(', since = "2020', ', until = "2020'))
    ]


def test_a_complaint_says_the_way_out_and_the_line() -> None:
    changed = TEXT.replace("recall_days = 30", "recall_days = 30\ncertificate_days = 5", 1)
    (one,) = [one for one in found(changed) if one.code == "unused"]
    assert str(one) == (
        f"agreement.md:{line_of(changed, '[[clause]]' + chr(10) + 'article = ' + chr(34) + '13')}:"
        " Article 13: nothing uses certificate_days while certificate is 'kept'. "
        "Leave certificate_days out, or let certificate be 'sent'"
    )
    assert conditions(Disposition)["certificate_days"][0].value == "sent"


def test_a_number_is_said_as_the_file_writes_it() -> None:
    (one,) = new_in(TEXT, {"notice_days = 90": "notice_days = 90\nnotice_months = 3"})
    assert one.said == "nothing uses notice_days while notice_months is 3"
    assert one.instead == "Leave notice_days out, or let notice_months be 0"


def test_terms_on_a_form_that_the_scope_leaves_out_are_used_by_nothing() -> None:
    found = new_in(TEXT, {'"documentary", "equipment", "technology"]': '"technology"]'})
    assert {(one.code, one.article, one.said) for one in found if one.code == "unused"} == {
        ("unused", "12", "nothing uses chained: the scope leaves equipment items out"),
        ("unused", "13", "nothing uses equipment: the scope leaves equipment items out"),
    }
    # What a node may carry is told as contradicting the scope, and once.
    assert [one.said for one in found if "documentary" in one.said] == [
        "a node may carry documentary, which the scope leaves out"
    ]
