"""The rows of items: what was provided, held, copied, lent, read, owed and noted about it."""

from comity.register.rows.base import Row


class ItemOf(Row, frozen=True, kw_only=True):
    """An item that was provided, as its skeleton says. Key: its position. Scope: its log.

    Attributes:
        origin: The leaf by which its provider got it, where it was passed on; else empty.
    """

    log: str
    index: int
    at: str
    reference: str
    originator: str
    provider: str
    receiver: str
    level: str
    regime: str
    releasable: tuple[str, ...]
    caveats: tuple[str, ...]
    subject: str
    form: str
    purpose: str
    offices: tuple[str, ...]
    pages: int
    annexes: int
    plaintext: str
    ciphertext: str
    particulars: str
    agreement: str
    origin: str = ""


class StandingOf(Row, frozen=True, kw_only=True):
    """A standing directive, beside its line as an item. Key: its leaf. Scope: its log."""

    log: str
    index: int
    reference: str
    lane: str
    since: str
    until: str
    most: int


class DirectiveTurn(Row, frozen=True, kw_only=True):
    """A directive is suspended, resumed or withdrawn. Key: the leaf. Scope: the directive's leaf.

    Attributes:
        act: The kind of that deed.
    """

    log: str
    index: int
    act: str
    at: str
    by: str


class LaneOf(Row, frozen=True, kw_only=True):
    """What was given in a lane so far: the account of a stream. Key: the lane.

    Scope: the directive's leaf.

    Attributes:
        head: How much of its author's correspondence the last leaf rested on.
        next: Number after that of the last observation.
        given: Observations; ``batches``: leaves that gave them.
        left_out: Numbers that no leaf gave.
        late: Observations that came here after the word that ended the directive had come, and
            were given before their author had written it.
        at: When the last were given.
    """

    head: int
    next: int
    given: int
    batches: int
    left_out: int
    late: int
    at: str


class LaneGap(Row, frozen=True, kw_only=True):
    """Numbers of a stream that were not given. Key: the leaf that goes on. Scope: the lane."""

    first: int
    until: int
    at: str


class Holding(Row, frozen=True, kw_only=True):
    """How this house protects a received item. Key: the item's position. Scope: counterpart."""

    number: str
    level: str
    regime: str
    marked_at: str


class Designation(Row, frozen=True, kw_only=True):
    """A designation of a received item. Key: its leaf. Scope: the item's position."""

    log: str
    index: int
    regime: str
    level: str
    until: str
    officer: str


class Number(Row, frozen=True, kw_only=True):
    """A registry's number for an item. Key: ``PARTY:NUMBER``. Scope: the item's position."""


class Copy(Row, frozen=True, kw_only=True):
    """A numbered copy and who answers for it where. Key: position and copy number.

    Scope: the item's position. ``state`` is one of ``in-transit``, ``held``, ``on-loan``,
    ``returned``, ``destroyed``, ``transferred``, ``lost``: every copy that was made is in one.
    """

    copy: int
    office: str
    custodian: str
    state: str


class LoanOf(Row, frozen=True, kw_only=True):
    """Who has a copy for a while. Key: position and copy number. Scope: the item's position.

    Attributes:
        person: The borrower; the custodian of the copy stays who it was.
        ended: The leaf by which it came back, or ended; empty while it is lent.
    """

    copy: int
    person: str
    since: str
    until: str
    signed: bool
    ended: str


class ReceiptOf(Row, frozen=True, kw_only=True):
    """A receipt. Key: its leaf. Scope: the item's position.

    Of a copy that is carried each hand-over is one: its stage is ``hand-over``, its office who
    takes it (empty: a courier), its number the how many-th it is.
    """

    log: str
    index: int
    at: str
    stage: str
    office: str
    number: str
    copy: int
    reserve: tuple[str, ...]


class Assignment(Row, frozen=True, kw_only=True):
    """An item given to a person. Key: position and person. Scope: the item's position."""

    person: str
    office: str
    at: str


class AccessOf(Row, frozen=True, kw_only=True):
    """A reading. Key: its leaf. Scope: the item's position."""

    person: str
    at: str


class Regrading(Row, frozen=True, kw_only=True):
    """A change of level by the originator. Key: its leaf. Scope: the item's position.

    Attributes:
        since: From when it counts, where the item itself says it beforehand; empty: at once.
    """

    log: str
    index: int
    level: str
    since: str = ""


class Matter(Row, frozen=True, kw_only=True):
    """An act that later ones refer to (a request, a report, a permission). Key: its leaf.

    Scope: the log and the act's heading. ``level``, ``until`` and ``about`` are empty where the
    act states none.
    """

    log: str
    index: int
    kind: str
    author: str
    at: str
    item: str
    about: str
    level: str
    until: str


class FacilityLine(Row, frozen=True, kw_only=True):
    """One line about a facility of this house. Key: journal position. Scope: ``facilities``.

    Attributes:
        what: ``roster``, ``officer``, ``accredited``, ``briefed`` or ``debriefed``.
    """

    what: str
    facility: str
    person: str
    level: str
    until: str


class DutyOf(Row, frozen=True, kw_only=True):
    """What somebody owes. Key: position, act and who. Scope: the item's position.

    Attributes:
        since: When it begins: at its act, or when the duty that it follows is overdue; empty
            where that one was done in time, so that this one never began.
        due: Empty where the agreement says no time.
        discharged: Position of the act that discharged it; empty: open. Overdue is a view.
    """

    who: str
    what: str
    office: str
    agreement: str
    article: str
    since: str
    due: str
    discharged: str
