"""The reference of clauses is what the code says now, and leaves no term unexplained."""

import pytest

from comity.agreement.clauses import CLAUSES
from tools.reference import PAGE, page, terms


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_every_term_is_explained_and_no_other(name: str) -> None:
    kind = CLAUSES[name]
    assert terms(kind).keys() == set(kind.__struct_fields__) - {"article", "agreement"}
