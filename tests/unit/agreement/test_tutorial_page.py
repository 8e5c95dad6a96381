"""The treaty office's page: its file passes, and every answer that it quotes is made again."""

import re
from pathlib import Path

import pytest

from comity.agreement.cases import run_cases
from comity.agreement.check import check
from comity.agreement.complaints import InvalidAgreement
from comity.agreement.text import bundle_bytes, open_bundle
from comity.cli.app import COMMANDS

PAGE = (Path(__file__).parents[3] / "docs/tutorials/treaty-office.md").read_text()
QUOTED = re.findall(r"^> (.+)$", PAGE, re.MULTILINE)


def file(name: str) -> str:
    found = re.search(rf"<!-- file: {name} -->\n(`{{3,4}})\w+\n(.*?)\n\1\n", PAGE, re.DOTALL)
    assert found is not None
    return found[2] + "\n"


TEXT, CASES = file("agreement.md"), file("cases.toml")


def told(text: str, cases: str = CASES) -> str:
    """Return everything that is said of a text."""
    try:
        agreement = open_bundle(bundle_bytes(text.encode(), cases.encode(), {}))
    except InvalidAgreement as error:
        return "\n".join(str(one) for one in error.complaints)
    said = [str(one) for one in check(agreement)]
    said += [f"expected {one.expected}, found {one.found}" for one in run_cases(agreement)]
    return "\n".join(said)


def changed(old: str, new: str, text: str = TEXT) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_the_whole_file_passes() -> None:
    agreement = open_bundle(bundle_bytes(TEXT.encode(), CASES.encode(), {}))
    assert check(agreement) == ()
    assert all(one.passed for one in run_cases(agreement))


SECOND = changed(
    "FIN:restricted", "SWE:restricted", changed("notice_days = 90", "notice_days = 365")
)
TRIES = {
    "": told(""),
    "heading": told(changed("Article 1 · Purpose {#1}", "Article 1 Purpose")),
    "terms": told(
        changed(
            "approvals = 1\n",
            'approvals = 3\n\n[[clause]]\narticle = "2"\ntype = "scop"\n',
        )
    ),
    "second": told(
        changed(
            '\n[[clause]]\narticle = "3"\ntype = "survival"\n',
            "",
            changed("freshness = 86400\n", "", SECOND),
        )
    ),
    "cases": told(TEXT, ""),
    "wrong": told(
        TEXT,
        changed(
            '{ verdict = "unlawful", finding = "equivalence.unmapped" }',
            '{ verdict = "lawful-once-remedied", finding = "equivalence.unmapped" }',
            CASES,
        ),
    ),
}


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_is_quoted_is_said(quoted) -> None:
    assert any(quoted in said for said in TRIES.values())
    assert len(QUOTED) == 11


@pytest.mark.parametrize("line", re.findall(r"^    comity (.+)$", PAGE, re.MULTILINE))
def test_the_commands_exist_with_their_options(line) -> None:
    words = line.split()
    name = " ".join(words[:2])
    options = {one.flags for one in COMMANDS[name].options}
    assert {word for word in words if word.startswith("--")} <= options
