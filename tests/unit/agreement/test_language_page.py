"""The page on how to write an agreement names every kind of clause and every term."""

import re
from pathlib import Path

import pytest

from comity.agreement.clauses import CLAUSES

PAGE = (Path(__file__).parents[3] / "docs" / "agreement-language.md").read_text()
ROWS = {
    found[1]: set(re.findall(r"`([a-z_]+)`", found[2]))
    for found in re.finditer(r"^\| `([a-z-]+)` \| (.*?) \|", PAGE, re.MULTILINE)
}


def test_every_kind_of_clause_has_its_row() -> None:
    assert ROWS.keys() == CLAUSES.keys()


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_a_row_names_the_terms_and_no_others(name: str) -> None:
    terms = set(CLAUSES[name].__struct_fields__) - {"article", "agreement"}
    inner = {"name", "rank", "levels", "fallback"} if name == "equivalence" else set()
    assert ROWS[name] == terms | inner
