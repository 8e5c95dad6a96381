"""What was found in a file, as plain values."""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta, Struct

MOST: Final = 40
"""The most findings that are told of one file."""

LONGEST: Final = 160
"""The most characters of one value."""


class State(Enum):
    """How far a file could be looked into."""

    LOOKED = "looked"
    NOT_LOOKED = "not-looked"
    BROKEN = "broken"


class Hint(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is in the file besides what it shows: its kind, and its words."""

    what: Annotated[str, Meta(pattern=r"^[a-z-]{1,24}\Z")]
    value: Annotated[str, Meta(max_length=LONGEST)]


class Hidden(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that was found.

    Attributes:
        kind: What the file is by its own bytes, whatever its name says; empty: not known here.
        more: More was found than is told.
    """

    state: State
    kind: Annotated[str, Meta(max_length=8)] = ""
    hints: Annotated[tuple[Hint, ...], Meta(max_length=MOST)] = ()
    more: bool = False


def told(kind: str, found: list[tuple[str, str]]) -> Hidden:
    """Return what was found within bounds, each once, without characters that steer a screen."""
    clean = [
        Hint(what, "".join(one if one.isprintable() else " " for one in value).strip()[:LONGEST])
        for what, value in found
    ]
    hints = tuple(dict.fromkeys(clean))
    return Hidden(state=State.LOOKED, kind=kind, hints=hints[:MOST], more=len(hints) > MOST)
