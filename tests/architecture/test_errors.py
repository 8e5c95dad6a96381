"""``docs/errors.md`` lists every stable code of the source, in its family, with its status."""

import ast
import re
from pathlib import Path

import pytest

from comity.vocabulary import errors
from comity.vocabulary.errors import ComityError
from comity.wording import LANGUAGES
from tests.support.codes import SOURCE, constants, shipped_catalogue

PAGE = (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
CATALOGUE = shipped_catalogue()
FAMILIES = {
    one.family: one.exit_status
    for one in vars(errors).values()
    if isinstance(one, type) and issubclass(one, ComityError) and one is not ComityError
}
CODE = re.compile(rf"(?:{'|'.join(FAMILIES)})(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")
FROM_VALUES = {"refused.": "first.reason.code", "invalid.agreement.": "first.code"}
"""Codes that go on with that of a finding or complaint: the page has a section for each."""


def is_of_a_finding(code: str) -> bool:
    """A refused act has the code of its gravest finding, and only the finding has words."""
    family, _, rest = code.partition(".")
    words = CATALOGUE.templates["en"]
    return family == "refused" and rest in words and code not in words


def completed(text: ast.JoinedStr, around: ast.AST) -> set[str]:
    """The codes that a text with one name in it may become; none where a value goes on."""
    match text.values:
        case [ast.Constant(value=str(start)), ast.FormattedValue(value=ast.Name(id=name))]:
            ends = [
                end
                for one in ast.walk(around)
                if isinstance(one, ast.Assign)
                and any(isinstance(to, ast.Name) and to.id == name for to in one.targets)
                for end in constants(one.value, {})
            ]
            assert ends, f"nobody can tell what {ast.unparse(text)} becomes"
            return {start + end for end in ends}
        case [ast.Constant(value=str(start)), ast.FormattedValue(value=ast.Attribute() as value)]:
            assert FROM_VALUES[start] == ast.unparse(value)
    return set()


def begins_with_a_family(text: ast.JoinedStr) -> bool:
    first = text.values[0] if text.values else None
    return isinstance(first, ast.Constant) and str(first.value).startswith(
        tuple(f"{one}." for one in FAMILIES)
    )


def complaints(tree: ast.AST) -> set[str]:
    """What the reader of agreements complains of: the code stands fourth, or is named."""
    found = set()
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name == "complain":
            found |= set(constants(call.args[2], {}))
        if name == "Complaint":
            named = [one.value for one in call.keywords if one.arg == "code"]
            found |= {code for one in named for code in constants(one, {})}
    return {f"invalid.agreement.{one}" for one in found}


def raised() -> set[str]:
    # The two readers of a bundle complain; the second reading's codes are no errors.
    found = {
        code
        for reader in ("parsing", "scenarios")
        for code in complaints(ast.parse((SOURCE / f"agreement/{reader}.py").read_text()))
    }
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if CODE.fullmatch(node.value) else set()
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.JoinedStr) and begins_with_a_family(node):
                    found |= completed(node, function)
    return {code for code in found if not is_of_a_finding(code)}


RAISED = raised()
LISTED = re.findall(rf"^\| `({CODE.pattern})` \|", PAGE, re.MULTILINE)


def test_the_search_finds_literals_completions_and_complaints() -> None:
    assert {
        "refused.absent",
        "refused.enrol.other-root",
        "invalid.agreement.unknown-term",
        "unavailable.clock",
        "unconfirmed.roots",
    } <= RAISED
    assert "refused.third-party.approval" not in RAISED


def test_the_page_lists_each_code_once_and_no_other() -> None:
    assert len(LISTED) == len(set(LISTED))
    assert set(LISTED) - RAISED == set()
    assert RAISED - set(LISTED) == set()


@pytest.mark.parametrize(("family", "status"), FAMILIES.items())
def test_the_page_gives_each_family_its_exit_status(family: str, status: int) -> None:
    assert re.search(rf"^\| `{family}` \| {status} \|", PAGE, re.MULTILINE)
    sections = [one for one in PAGE.split("\n## ")[1:] if f"\n| `{family}." in one]
    assert sections
    for section in sections:
        assert f"xit status {status}" in section


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words_in_every_language(language: str) -> None:
    assert RAISED - CATALOGUE.templates[language].keys() == set()


def test_no_words_are_kept_for_an_error_that_nobody_raises() -> None:
    worded = {code for code in CATALOGUE.templates["en"] if CODE.fullmatch(code)}
    assert worded <= RAISED
