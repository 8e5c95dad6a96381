"""``docs/assurance.md`` says what is said of each attack and bad input, and which test shows it."""

import re
from pathlib import Path

import pytest

from comity.vocabulary.phrases import Reason
from tests.support.codes import shipped_catalogue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/assurance.md").read_text(encoding="utf-8")
MAP = PAGE[PAGE.index("## What is tried against it") :]
ERRORS = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in MAP.splitlines()
    if line.startswith("| ") and not line.startswith("| #") and "|---" not in line
]
TESTS = sorted(set(re.findall(r"`(tests/[^`]+)`", MAP)))
CODES = sorted(set(re.findall(r"`((?:refused|invalid|unavailable)\.[a-z0-9.-]+…?)`", MAP)))
FINDINGS = sorted(set(re.findall(r"finding `([a-z0-9.-]+)`", MAP)))


def test_each_attack_has_its_row() -> None:
    numbers = [row[0] for row in ROWS if row[0].isdigit()]
    assert numbers == [str(number) for number in range(1, 51)]


def test_each_row_names_a_test_or_says_that_there_is_none() -> None:
    named = [row[-1] for row in ROWS if row[-1] != "test"]
    assert len(named) > 60, "there is something to read"
    assert [one for one in named if "`tests/" not in one and not one.startswith("**none**")] == []


@pytest.mark.parametrize("name", TESTS)
def test_the_test_is_there(name: str) -> None:
    file, _, function = name.partition("::")
    assert (ROOT / file).is_file(), f"{file} is no file"
    assert not function or re.search(
        rf"^def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    ), f"{function} is not in {file}"


@pytest.mark.parametrize("code", CODES)
def test_the_code_is_one_of_the_page_of_errors(code: str) -> None:
    wanted = f"`{code[:-1]}" if code.endswith("…") else f"`{code}`"
    assert wanted in ERRORS


@pytest.mark.parametrize("code", FINDINGS)
def test_the_finding_has_words(code: str) -> None:
    assert Reason(code) in shipped_catalogue().templates["en"]
