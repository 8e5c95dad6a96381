"""Which terms of a clause have an effect: read from the code of the rules, not from a list.

A term is used where the code of a clause's own rules names it, or the code of those that read
terms from outside (the lifecycle, the second reading). A term that only the explanation names is
told to people; a term of one possible value declares what holds anyway. What is left has no
effect, and a text that states it would let its readers believe in a rule that is none.
"""

from functools import cache
from types import CodeType, FunctionType
from typing import Any, Final, Literal, get_origin, get_type_hints

from comity.agreement.clauses import Clause
from comity.agreement.clauses.force import EntryIntoForce, Term
from comity.agreement.lifecycle import in_force_since
from comity.agreement.notices import notice_of, rules_of

READERS: Final[dict[type[Clause], tuple[Any, ...]]] = {
    EntryIntoForce: (rules_of, in_force_since),
    Term: (rules_of, notice_of),
}
"""Functions outside a clause that its terms are written for."""

_OWN: Final = frozenset({"article", "agreement"})


@cache
def without_effect(kind: type[Clause]) -> frozenset[str]:
    """Return the terms of a clause that no rule reads and no explanation tells."""
    if kind.informative:
        return frozenset()
    hints = get_type_hints(kind)
    read = _read_by(kind)
    return frozenset(
        name
        for name in kind.__struct_fields__
        if name not in read and name not in _OWN and not _declares(hints[name])
    )


def _read_by(kind: type[Clause]) -> frozenset[str]:
    found: set[str] = set()
    for member in (*vars(kind).values(), *READERS.get(kind, ())):
        function = member.fget if isinstance(member, property) else member
        if isinstance(function, FunctionType) and function.__name__ != "__post_init__":
            found |= _names(function.__code__)
    return frozenset(found)


def _names(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _names(constant)
    return found


def _declares(hint: Any) -> bool:  # noqa: ANN401 - a type
    """Tell whether a term has one possible value."""
    return get_origin(hint) is Literal and len(hint.__args__) == 1
