"""The second verifier's table of deeds is that of the protocol's page, and reads by it."""

import re
from pathlib import Path

import pytest

from tests.second_verifier import verify as second

PAGE = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
KINDS = dict(re.findall(r"^\| `([a-z.-]+)` \| ([a-z]+) \|", PAGE, re.MULTILINE))
PARTS = {"Position", "Item", "Label", "Disclosed", "Schedule", "RefusedLeaf"}


def fields_of_the_page() -> dict[str, dict[str, str]]:
    block = PAGE.partition("<!-- worked: fields-deeds -->\n```text\n")[2].partition("```")[0]
    found: dict[str, dict[str, str]] = {}
    for line in block.splitlines():
        if not line.startswith("  "):
            fields = found.setdefault(line.split()[0], {})
            continue
        name, _, form = line.strip().partition(": ")
        fields[name] = re.sub(r'"([a-z-]+)"', r"\1", form).replace(" | ", "|")
    return found


def test_the_table_holds_the_deeds_of_a_correspondence_and_no_others() -> None:
    wanted = {
        name: fields
        for name, fields in fields_of_the_page().items()
        if KINDS.get(name) == "correspondence" or name in PARTS
    }
    assert len(wanted) > 60
    assert wanted == second.FORMS


PLACE = {"log": "comity/KOR/to/JPN", "index": 0}


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("[party] 0..2", []),
        ("[party] 0..2", ["KOR", "JPN"]),
        ("1..4", 4),
        ("bytes 1..3", "AAAA"),
        ("boolean", False),
        ("full|part", "part"),
        ("Position", PLACE),
    ],
)
def test_what_fits_its_form_is_read(form: str, value: object) -> None:
    second._read(value, form)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("[party] 0..2", ["KOR", "JPN", "USA"]),
        ("[party] 1..2", []),
        ("1..4", 5),
        ("1..4", True),
        ("bytes 1..3", "AAAAAA=="),
        ("bytes 1..3", ""),
        ("boolean", 0),
        ("full|part", "full|part"),
        ("Position", {**PLACE, "index": -1}),
        ("Position", {"log": PLACE["log"]}),
    ],
)
def test_what_does_not_fit_is_refused(form: str, value: object) -> None:
    with pytest.raises(second.NotBelievedError):
        second._read(value, form)
