"""The scenario cases that ship hold, one by one, and they bite: no clause can be left out."""

import re
from importlib.resources import files

import pytest

from comity.agreement.cases import CaseResult, run_cases
from comity.agreement.text import bundle_bytes, open_bundle

FOLDER = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016")
TEXT = FOLDER.joinpath("agreement.md").read_text()
CASES = FOLDER.joinpath("cases.toml").read_text()

# A clause begins with its line and ends before the next one or at the end of its block.
CLAUSES = [
    found[0] for found in re.finditer(r"\[\[clause\]\]\n(?:(?!\[\[clause\]\]|```).*\n)+", TEXT)
]


def results(text: str) -> list[CaseResult]:
    return run_cases(open_bundle(bundle_bytes(text.encode(), CASES.encode(), {})))


SHIPPED = results(TEXT)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda one: f"{one.article}: {one.says}")
def test_a_case_holds(case: CaseResult) -> None:
    assert case.found.startswith(case.expected.split(",")[0])
    assert case.passed


def test_every_article_with_terms_has_five_cases_at_least() -> None:
    count: dict[str, int] = {}
    for one in SHIPPED:
        article = one.article.partition("(")[0]
        count[article] = count.get(article, 0) + 1
    with_terms = set(re.findall(r'^article = "(\d+)', TEXT, re.MULTILINE))
    assert with_terms == count.keys()
    assert min(count.values()) >= 5


def test_both_good_and_bad_are_told() -> None:
    expected = {one.expected.split(",")[0] for one in SHIPPED}
    assert expected == {"lawful", "lawful-once-remedied", "unlawful"}


@pytest.mark.parametrize(
    "clause",
    # The term speaks through the agreement's state; its own tests are those of the lifecycle.
    [one for one in CLAUSES if 'type = "term"' not in one],
    ids=lambda text: re.search(r'type = "([a-z-]+)"', text)[1],
)
def test_no_clause_can_be_left_out(clause: str) -> None:
    changed = TEXT.replace(clause, "", 1)
    assert any(not one.passed for one in results(changed))


def test_all_clauses_were_found() -> None:
    assert len(CLAUSES) == TEXT.count("[[clause]]")
