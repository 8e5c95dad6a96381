"""Generations of a key: ``ledger`` is the first, ``ledger.2`` the next; the highest is in use.

A renewal writes one new file and changes no other, so a crash leaves the old key or both.
"""

from collections.abc import Iterable
from typing import Final

RENEWED: Final = ("ledger", "transport", "tls")
"""Kinds of key files that have generations."""


def generation_of(name: str) -> tuple[str, int] | None:
    """Return kind and number of a file of a renewed key; other files have none."""
    kind, _, number = name.partition(".")
    return (kind, int(number or "1")) if kind in RENEWED else None


def name_of(kind: str, number: int) -> str:
    """Return the name of the file of a generation."""
    return kind if number == 1 else f"{kind}.{number}"


def generations(names: Iterable[str], kind: str) -> list[str]:
    """Return the names of the files of a kind, the newest first."""
    found = [one for name in names if (one := generation_of(name)) and one[0] == kind]
    return [name_of(*one) for one in sorted(found, reverse=True)]


def next_name(names: Iterable[str], kind: str) -> str:
    """Return the name of the next generation of a kind."""
    newest = generation_of(generations(names, kind)[0])
    assert newest is not None  # noqa: S101 - generations() gives names of this kind
    return name_of(kind, newest[1] + 1)
