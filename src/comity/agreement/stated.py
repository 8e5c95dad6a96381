"""The terms of a clause as they stand: each with its value, and whether the text says it.

An explanation in a sentence says what a clause means; it leaves terms out. Here none is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from comity.agreement.clauses.base import Clause


class Term(NamedTuple):
    """One term.

    Attributes:
        name: As written in a file.
        value: As it would be written in a file, on one line.
        usual: It has the value that it has unless it is said otherwise.
    """

    name: str
    value: str
    usual: bool


def terms_of(clause: Clause) -> tuple[Term, ...]:
    """Return every term of a clause, those first that the text must have said."""
    found = []
    written = msgspec.to_builtins(clause)
    for field in msgspec.structs.fields(clause):
        if field.name in ("agreement", "article"):
            continue
        usual = field.default is not msgspec.NODEFAULT and field.default == getattr(
            clause, field.name
        )
        found.append(Term(field.encode_name, in_words(written.get(field.encode_name)), usual))
    return tuple(sorted(found, key=lambda one: one.usual))


def in_words(value: Any) -> str:  # noqa: ANN401 - a value of a file
    """Return a value of a file on one line, without the marks that only a parser needs."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {in_words(each)}" for name, each in value.items()) or "—"
    if isinstance(value, Sequence) and not isinstance(value, str):
        nested = any(isinstance(one, Mapping) for one in value)
        return ("; " if nested else ", ").join(map(in_words, value)) or "—"
    return "—" if value in (None, "") else str(value)
