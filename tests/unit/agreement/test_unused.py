"""Every term has an effect, is told, or declares what holds anyway; the code says which."""

from importlib.resources import files
from typing import Literal

import pytest

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case
from comity.agreement.clauses import CLAUSES, Clause
from comity.agreement.unused import without_effect
from comity.vocabulary.phrases import Phrase, phrase


@pytest.mark.parametrize("kind", CLAUSES.values(), ids=list(CLAUSES))
def test_no_term_of_any_clause_is_without_effect(kind) -> None:
    assert without_effect(kind) == frozenset()


class Sample(Clause, frozen=True, kw_only=True, tag="sample"):
    read: int = 1
    told: int = 1
    only: Literal["this"] = "this"
    forgotten: int = 1

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        del entry, case
        return self.forbids("x") if any(self.read for _ in range(2)) else None

    def explain(self) -> Phrase:
        return phrase("x", told=str(self.told))


def test_a_term_that_is_forgotten_is_found() -> None:
    assert without_effect(Sample) == {"forgotten"}


def test_the_module_holds_no_list_of_terms() -> None:
    source = files("comity.agreement").joinpath("unused.py").read_text()
    assert not any(
        f'"{name}"' in source
        for kind in CLAUSES.values()
        for name in set(kind.__struct_fields__) - {"article", "agreement"}
    )
