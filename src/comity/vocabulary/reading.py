"""What does not read, said in plain words: a field by its name, and what would be right."""

import re
from enum import Enum
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Struct, ValidationError

from comity.vocabulary.errors import Invalid

_SAID: Final = re.compile(r"(?P<what>.*?)(?: - at `(?P<where>[^`]*)`)?\Z", re.DOTALL)
_EXPECTED: Final = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`)?")
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `([^`]+)`")
_KINDS: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}

E = TypeVar("E", bound=Enum)


def one_of(kind: type[E], text: object, name: str) -> E:
    """Return the one value of an enumeration that a person named.

    Args:
        kind: The enumeration; its values are texts.
        text: What was written.
        name: For which argument or field, as the person knows it: ``--role``.

    Raises:
        Invalid: ``invalid.choice``: none of them; all are named.
    """
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(str(one.value) for one in kind)
        raise Invalid("invalid.choice", f"{name} {text}: {known}") from None


def whole(text: object, name: str) -> int:
    """Return a whole number that a person wrote.

    Raises:
        Invalid: ``invalid.number``.
    """
    said = str(text)
    if not (said.isascii() and said.isdecimal()):
        raise Invalid("invalid.number", f"{name}: {said}")
    return int(said)


def plainly(error: ValidationError, of: type[Struct] | None = None) -> str:
    """Return what a decoder found wrong, in plain words: the field, and what would be right.

    Args:
        error: Its complaint, whose wording is meant for programmers.
        of: What was to be read: where one of a few values is wanted, they are named.
    """
    found = _SAID.match(str(error))
    what, where = (found["what"], found["where"] or "") if found else (str(error), "")
    field = where.removeprefix("$").removeprefix(".")
    before = f"{field}: " if field and field != "$" else ""
    if missing := _FIELD.match(what):
        said = "is missing" if missing[1].startswith("missing") else "is not known here"
        return f"{before}{missing[2]} {said}"
    if what.startswith("Invalid enum value"):
        known = ", ".join(_values(of, field))
        return f"{before}{what.removeprefix('Invalid enum value ')} is none of: {known or '—'}"
    if "matching regex" in what:
        return f"{before}it is not written as it should be"
    if kinds := _EXPECTED.match(what):
        wanted = " or ".join(_KINDS.get(one.strip(), one.strip()) for one in kinds[1].split("|"))
        got = f", not {_KINDS.get(kinds[2], kinds[2])}" if kinds[2] else what[kinds.end() :]
        return f"{before}{wanted} is wanted{got}"
    return f"{before}{what}"


def _values(of: type[Struct] | None, field: str) -> list[str]:
    """Return the values that a field may have, however deep in tables and lists it stands."""
    hint: Any = of
    for name in re.findall(r"(\w+)(?:\[[^\]]*\])*(?:\.|\Z)", field):
        holder = next((one for one in _within(hint) if _is_table(one)), None)
        hint = None if holder is None else get_type_hints(holder).get(name)
    found = []
    for one in _within(hint):
        if isinstance(one, type) and issubclass(one, Enum):
            found += [str(each.value) for each in one]
        elif get_origin(one) is Literal:
            found += [str(each) for each in get_args(one)]
    return found


def _is_table(hint: Any) -> bool:  # noqa: ANN401 - a type or what stands for one
    return isinstance(hint, type) and issubclass(hint, Struct)


def _within(hint: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return a type and all that it is made of."""
    found, waiting = [], [hint]
    while waiting:
        one = waiting.pop()
        found.append(one)
        if get_origin(one) is not Literal:
            waiting += get_args(one)
    return found
