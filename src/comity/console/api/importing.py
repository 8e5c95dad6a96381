"""An existing register of a counterpart on paper: brought, entered part by part, by who signs."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts.deeds import Role
from comity.console.api.operation import Doing, Nothing, Operation, requires
from comity.console.api.signing import Signed
from comity.console.pages import importing as pages
from comity.console.pages.visit import Visit
from comity.node import brought
from comity.vocabulary.names import Party


class Register(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A register as CSV and the map of its columns as TOML, both in base64."""

    file: Annotated[bytes, Meta(min_length=1, max_length=brought.LIMIT)]
    map: Annotated[bytes, Meta(min_length=1, max_length=1 << 16)]


class BadLine(Struct, frozen=True, kw_only=True):
    """What is wrong on a line: where, what stands there, and what would be right."""

    line: int
    column: str
    value: str
    right: str


class RegisterRead(Struct, frozen=True, kw_only=True):
    """A register as it was read; with a bad line nothing is kept."""

    lines: int
    bad: tuple[BadLine, ...]


class RegisterLine(Struct, frozen=True, kw_only=True):
    """A line as it would be entered: which way it went, its number, title and level."""

    line: int
    incoming: bool
    number: str
    title: str
    level: str


class RegisterWaits(Struct, frozen=True, kw_only=True):
    """How far a register is.

    Attributes:
        by: Who brought it.
        lines: How many lines it has.
        left: Of how many something is not in the book, by the role that signs for it.
        seen: Names exactly this file, its map and who brought it; sent back by who signs.
        shown: The lines that the next step enters.
    """

    by: str
    at: str
    lines: int
    left: dict[str, int]
    seen: str
    shown: tuple[RegisterLine, ...]


First = Annotated[int, Meta(ge=0, le=10_000_000)]


class Behind(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many lines are behind, as the step before said."""

    first: First = 0


class From(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many lines are behind, and which register was shown."""

    first: First = 0
    seen: Annotated[str, Meta(max_length=128)] = ""


class Entered(Struct, frozen=True, kw_only=True):
    """What a step came to.

    Attributes:
        entered: Lines of which something was entered.
        passed: Lines that were in the book already.
        left: Lines of which another person signs for something.
        after: How many lines are behind; the next step begins there.
    """

    entered: int
    passed: int
    left: int
    after: int
    lines: int


def bring(doing: Doing[Register]) -> RegisterRead:
    """Bring an existing register: it is read whole, and kept, sealed, if no line is bad."""
    requires(doing, Role.REGISTRY)
    body = doing.body
    read = brought.bring(doing.node, _party(doing), body.file, body.map, officer=doing.person)
    return RegisterRead(
        lines=len(read.lines), bad=tuple(BadLine(**one._asdict()) for one in read.bad)
    )


def waits(visit: Visit, asked: Behind) -> RegisterWaits:
    """Say how far a register is, what comes next of it, and who signs for what is left."""
    del asked
    found = pages.waiting(visit)
    left = {role.value: count for role, count in found.left.items()}
    return RegisterWaits(
        by=found.by,
        at=found.at,
        lines=found.lines,
        left=left,
        seen=found.seen,
        shown=tuple(
            RegisterLine(
                line=one.line,
                incoming=one.incoming,
                number=one.number,
                title=one.title,
                level=one.level,
            )
            for one in found.shown
        ),
    )


def go_on(doing: Doing[From]) -> Entered:
    """Enter the next lines of the register that was shown, as far as who acts signs for them."""
    requires(doing, *brought.SIGNS)
    party = _party(doing)
    body = doing.body
    done = brought.go_on(
        doing.node,
        party,
        person=doing.person,
        seen=body.seen,
        first=body.first,
        sign=doing.sign,
    )
    with doing.node.store.reading() as tx:
        lines = brought.waiting(doing.node, tx, party).lines
    return Entered(
        entered=done.entered, passed=done.passed, left=done.left, after=done.after, lines=lines
    )


def forget(doing: Doing[Nothing]) -> Nothing:
    """Throw a register away; what of it is in the book stays there."""
    requires(doing, Role.REGISTRY)
    brought.forget(doing.node, _party(doing), officer=doing.person)
    return Nothing()


def _party(doing: Doing[Any]) -> Party:
    return Party(doing.place["party"])


_PLACE = "/paper/{party}/register"
_PAGE = "/paper/{party:str}/register"
OPERATIONS = (
    Operation("registerBring", "paper", "POST", _PLACE, bring, RegisterRead, Register, page=_PAGE),
    Operation("registerWaits", "paper", "GET", _PLACE, waits, RegisterWaits, Behind),
    Operation(
        "registerGoOn",
        "paper",
        "POST",
        f"{_PLACE}/enter",
        go_on,
        Entered,
        From,
        page=f"{_PAGE}/enter",
        signs=True,
    ),
    Operation(
        "registerForget",
        "paper",
        "POST",
        f"{_PLACE}/forget",
        forget,
        Nothing,
        page=f"{_PAGE}/forget",
    ),
)
"""Of registers that are imported."""
