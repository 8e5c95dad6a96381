"""Terms that count only beside others, declared where the term stands.

A term of a clause that has no effect under some value of another one says so in its own type:
``certificate_days: Annotated[Days, counts_while(certificate="sent")]``. The second reading
reads these declarations; a test tries every term of every clause on every scenario case and
finds those that lack one.
"""

from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Struct


class Counts(Struct, frozen=True, kw_only=True):
    """When a term counts: while (or unless) another term of its clause has a value.

    Attributes:
        term: The other one.
        value: Its value.
        unless: The term counts with every value but this one.
        needed: Where it counts, it must be stated: its default would say nothing.
    """

    term: str
    value: Any
    unless: bool = False
    needed: bool = False

    def holds(self, clause: object) -> bool:
        """Tell whether the term counts in a clause as it stands."""
        return bool(getattr(clause, self.term) == self.value) is not self.unless


def counts_while(*, needed: bool = False, **other: object) -> Counts:
    """Declare that a term counts only while another has this value: ``certificate="sent"``."""
    ((term, value),) = other.items()
    return Counts(term=term, value=value, needed=needed)


def counts_unless(*, needed: bool = False, **other: object) -> Counts:
    """Declare that a term counts only while another has not this value."""
    ((term, value),) = other.items()
    return Counts(term=term, value=value, unless=True, needed=needed)


@cache
def conditions(kind: type) -> dict[str, tuple[Counts, ...]]:
    """Return what the terms of a clause declare, by their names."""
    found: dict[str, tuple[Counts, ...]] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is not Annotated:
            continue
        declared = tuple(one for one in get_args(hint)[1:] if isinstance(one, Counts))
        if declared:
            found[name] = declared
    return found
