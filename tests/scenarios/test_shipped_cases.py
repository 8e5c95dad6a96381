"""The scenario cases that ship hold, one by one, and they bite: no clause can be left out."""

import re
from importlib.resources import files

import pytest

from comity.acts.canonical import digest
from comity.agreement.cases import CaseResult, run_cases
from comity.agreement.check import check
from comity.agreement.clauses import CLAUSES
from comity.agreement.clauses.network import DependsOn
from comity.agreement.text import bundle_bytes, open_bundle
from tests.support.pair import gsomia

TEXTS = files("comity.agreement").joinpath("texts")
NAMES = sorted(one.name for one in TEXTS.iterdir() if one.is_dir())


def read(name: str, file: str) -> str:
    return TEXTS.joinpath(name, file).read_text()


def results(name: str, text: str) -> list[CaseResult]:
    return run_cases(
        open_bundle(bundle_bytes(text.encode(), read(name, "cases.toml").encode(), {}))
    )


def clauses(name: str) -> list[str]:
    # A clause begins with its line and ends before the next one or at the end of its block.
    pattern = r"\[\[clause\]\]\n(?:(?!\[\[clause\]\]|```).*\n)+"
    return [found[0] for found in re.finditer(pattern, read(name, "agreement.md"))]


def kind(clause: str) -> str:
    found = re.search(r'type = "([a-z-]+)"', clause)
    assert found is not None
    return found[1]


SHIPPED = {name: results(name, read(name, "agreement.md")) for name in NAMES}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(one, id=f"{name} {one.article}: {one.says}")
        for name, found in SHIPPED.items()
        for one in found
    ],
)
def test_a_case_holds(case: CaseResult) -> None:
    assert case.found.startswith(case.expected.split(",")[0])
    assert case.passed


def test_the_agreements_that_ship_are_these() -> None:
    assert NAMES == [
        "CERT-AA-CERT-BB-1",
        "FIU-AA-FIU-BB-1",
        "KOR-JPN-ACSA-2012",
        "KOR-JPN-GSOMIA-2012",
        "KOR-JPN-GSOMIA-2016",
        "RESCUE-DRILL-2027",
        "TISA-2014",
        "TRILATERAL-WARNING-2023",
        "USA-JPN-GSOMIA-2007",
        "USA-KOR-GSOMIA-1987",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_text_rests_on_is_what_ships(name: str) -> None:
    texts = {digest(gsomia(one)) for one in NAMES}
    for clause in open_bundle(gsomia(name)).clauses:
        if isinstance(clause, DependsOn):
            assert {one.text for one in clause.on} <= texts


@pytest.mark.parametrize("name", NAMES)
def test_every_article_with_terms_has_five_cases_at_least(name: str) -> None:
    count: dict[str, int] = {}
    for one in SHIPPED[name]:
        article = one.article.partition("(")[0]
        count[article] = count.get(article, 0) + 1
    with_terms = set(re.findall(r'^article = "(\d+)', read(name, "agreement.md"), re.MULTILINE))
    assert with_terms == count.keys()
    # What is told to people only has nothing that a case could try.
    judged = {
        one.article.partition("(")[0]
        for one in open_bundle(gsomia(name)).clauses
        if not one.informative
    }
    assert min(count[one] for one in judged) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_both_good_and_bad_are_told(name: str) -> None:
    expected = {one.expected.split(",")[0] for one in SHIPPED[name]}
    assert expected == {"lawful", "lawful-once-remedied", "unlawful"}


@pytest.mark.parametrize(
    ("name", "clause"),
    # The term speaks through the agreement's state; its own tests are those of the lifecycle.
    # What is told to people only is judged by nobody.
    [
        pytest.param(name, one, id=f"{name} {kind(one)}")
        for name in NAMES
        for one in clauses(name)
        if kind(one) != "term" and not CLAUSES[kind(one)].informative
    ],
)
def test_no_clause_can_be_left_out(name: str, clause: str) -> None:
    changed = read(name, "agreement.md").replace(clause, "", 1)
    assert any(not one.passed for one in results(name, changed))


@pytest.mark.parametrize("name", NAMES)
def test_all_clauses_were_found(name: str) -> None:
    assert len(clauses(name)) == read(name, "agreement.md").count("[[clause]]")


@pytest.mark.parametrize("name", NAMES)
def test_a_second_reading_of_the_whole_bundle_finds_nothing(name: str) -> None:
    translations = {
        one.name.split(".")[1]: one.read_bytes()
        for one in TEXTS.joinpath(name).iterdir()
        if re.fullmatch(r"agreement\.[a-z]{2}\.md", one.name)
    }
    spoken = {"KOR": "ko", "JPN": "ja"}
    agreement = open_bundle(
        bundle_bytes(
            read(name, "agreement.md").encode(), read(name, "cases.toml").encode(), translations
        )
    )
    assert {spoken[one] for one in agreement.parties if one in spoken} <= translations.keys()
    assert check(agreement) == ()
    assert re.search("prevails", agreement.meta.note)


@pytest.mark.obligation("SEED-7")
@pytest.mark.obligation("ACSA-1")
def test_support_is_asked_for_given_as_asked_and_settled_as_agreed() -> None:
    found = {
        one.says: one
        for one in results("KOR-JPN-ACSA-2012", read("KOR-JPN-ACSA-2012", "agreement.md"))
    }
    assert all(one.passed for one in found.values())
    assert "unlawful: logistics.category" in found["Ammunition is never asked for"].found
    owed = found["What was asked for may be given"]
    assert owed.expected.endswith("logistics.settle")


def test_every_type_of_clause_stands_in_a_text_that_ships() -> None:
    assert {kind(one) for name in NAMES for one in clauses(name)} == CLAUSES.keys()
