"""Clauses where they stand in the file, with the terms that are written there."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from comity.agreement.clauses import Clause
from comity.agreement.complaints import Complaint
from comity.agreement.text import Agreement

FILE: Final = "agreement.md"
_CLAUSE: Final = re.compile(r"\s*\[\[\s*clause\s*\]\]")


class Placed(Struct, frozen=True):
    """A clause, the line of the file where it begins, and the terms that the file states."""

    clause: Clause
    line: int
    stated: frozenset[str]

    def complaint(self, code: str, said: str, instead: str) -> Complaint:
        """Complain of this clause."""
        return complaint(self.line, self.clause.article, code, said, instead)


def complaint(line: int, article: str, code: str, said: str, instead: str) -> Complaint:
    """Complain of a line of the text."""
    return Complaint(file=FILE, line=line, article=article, code=code, said=said, instead=instead)


def placed(agreement: Agreement) -> tuple[Placed, ...]:
    """Return the clauses of a text in its order, each where it stands."""
    where = list(_stated(agreement.source))
    return tuple(
        Placed(clause, *(where[place] if place < len(where) else (1, frozenset())))
        for place, clause in enumerate(agreement.clauses)
    )


def _stated(source: str) -> Iterator[tuple[int, frozenset[str]]]:
    """Give the line and the terms of each clause, block by block."""
    lines: list[int] = []
    block: list[str] | None = None
    for number, text in enumerate(source.split("\n"), start=1):
        if text.startswith("```"):
            if block is not None:
                yield from zip(lines, _terms("\n".join(block)), strict=False)
            lines, block = [], [] if text.strip() == "```toml terms" else None
        elif block is not None:
            block.append(text)
            if _CLAUSE.match(text):
                lines.append(number)


def _terms(block: str) -> list[frozenset[str]]:
    # The block has parsed once, or there would be no agreement to read.
    listed: list[dict[str, Any]] = tomllib.loads(block).get("clause", [])
    return [frozenset(one) for one in listed]
