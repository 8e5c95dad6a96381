"""The rows of the accountable book, as typed values. Every one of them is a fold of the logs.

A row has a ``key`` (unique in its table) and a ``scope`` (what one asks for at once). Fields are
text, whole numbers, truth values, bytes, or tuples of text, so that one generic applier can
keep any row. ``log`` and ``index`` say which leaf a fact was folded from: a fact counts on a
cut exactly when its leaf lies within it.
"""

from functools import lru_cache
from typing import Final, Protocol, TypeVar

from msgspec import Struct

from comity.acts.parts import Position
from comity.vocabulary.logs import LogName


class Row(Struct, frozen=True, kw_only=True, cache_hash=True, gc=False):
    """One line of one table. The scope of a key never changes."""

    key: str
    scope: str


class LogState(Row, frozen=True, kw_only=True):
    """Where a log stands for the rules on time and cut. Key: the log.

    Attributes:
        at: The last entry's ``at``; empty before the first.
        seen: The last entry's ``seen`` size; -1 before the first.
    """

    at: str
    seen: int


class Peer(Row, frozen=True, kw_only=True):
    """An enrolled counterpart. Key: the party."""

    root: str
    directory: str
    compared_by: tuple[str, ...]
    index: int


class DirectoryOf(Row, frozen=True, kw_only=True):
    """A directory in force from a position. Scope: the author's correspondence."""

    log: str
    index: int
    digest: str
    version: int


class Instrument(Row, frozen=True, kw_only=True):
    """An instrument about one text, or about a pact. Scope: the text's digest; the pact.

    Attributes:
        text: The text's digest; empty where the instrument is about a pact as such.
        pact: The pact, where the instrument itself names it.
        on: When it was done on paper, as far as that is known; empty: when it was entered.
        about: The notice that it is about, or the digest of the text that takes this one's place.
        detail: The step of a negotiation; the channel of a notice.
        document: A document that it names.
    """

    log: str
    index: int
    author: str
    act: str
    text: str
    at: str
    pact: str
    on: str
    about: str
    detail: str
    document: str


class ChronicleLine(Row, frozen=True, kw_only=True):
    """What the house did or heard about a pact, from its journal. Scope: the pact.

    Attributes:
        own: It is a step of the house's own procedure.
    """

    index: int
    parties: tuple[str, ...]
    event: str
    on: str
    at: str
    document: str
    own: bool


class Authority(Row, frozen=True, kw_only=True):
    """The public profile that a party notified. Scope: the author's correspondence."""

    log: str
    index: int
    profile: str


class Assurance(Row, frozen=True, kw_only=True):
    """The word given before a release. Scope: the author's correspondence."""

    log: str
    index: int
    offices: tuple[str, ...]
    level: str
    until: str
    cleared: bool
    needed: bool
    protected: bool
    controls: tuple[str, ...] = ()


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


class AskOf(Row, frozen=True, kw_only=True):
    """A consent that was asked for. Key: its leaf. Scope: the item's position.

    What it is not for is empty: a party, a purpose, a contractor, a level. So is a mode that was
    not asked for.
    """

    log: str
    index: int
    at: str
    uses: str
    third_party: str
    purpose: str
    contractor: str
    level: str
    until: str
    times: int
    mode: str


class ConsentOf(Row, frozen=True, kw_only=True):
    """A consent that was granted. Key: its leaf. Scope: the item's position.

    Attributes:
        ask: The question it answers; empty where nobody asked.
        ended: Index of the withdrawal in the same log; -1: not withdrawn.
        ended_seen: How many of the holder's leaves the withdrawal had seen.
    """

    log: str
    index: int
    at: str
    ask: str
    uses: str
    third_party: str
    purpose: str
    contractor: str
    level: str
    until: str
    times: int
    mode: str
    ended: int
    ended_seen: int
    ended_at: str


class ConsentRefused(Row, frozen=True, kw_only=True):
    """A consent that was not given. Key: its leaf. Scope: the question's position."""

    log: str
    index: int
    at: str


class ConsentAcknowledged(Row, frozen=True, kw_only=True):
    """A withdrawal that the holder has seen. Key: its leaf. Scope: the consent's position."""

    log: str
    index: int
    at: str


class ConsentUse(Row, frozen=True, kw_only=True):
    """An item that went on. Key: the leaf that says so, and the scope. Scope: the consent.

    Attributes:
        seen: How many of the originator's leaves the holder had seen.
        release: Digest of the deed that handed it on.
    """

    log: str
    index: int
    at: str
    seen: int
    item: str
    third_party: str
    purpose: str
    release: str


class RequestOf(Row, frozen=True, kw_only=True):
    """A request for items. Key: its leaf. Scope: its log."""

    log: str
    index: int
    at: str
    office: str
    offices: tuple[str, ...]
    subject: str
    purpose: str
    due: str
    particulars: str


class RequestEnd(Row, frozen=True, kw_only=True):
    """An answer, a declining or a withdrawal. Key: its leaf. Scope: the request's position."""

    log: str
    index: int
    at: str
    act: str
    extent: str
    releases: tuple[str, ...]
    by: str


class PersonOf(Row, frozen=True, kw_only=True):
    """A person of this house. Key: the person. Scope: ``persons``."""

    office: str
    roles: tuple[str, ...]
    card: str
    approval_key: bytes
    relying_party: str
    nationalities: tuple[str, ...]
    index: int


class PasskeyOf(Row, frozen=True, kw_only=True):
    """A passkey of a person. Key: identifier of the public key. Scope: the person.

    Attributes:
        revoked: When it was revoked; empty while it signs.
    """

    public: bytes
    relying_party: str
    credential: bytes
    copied: bool
    at: str
    revoked: str
    index: int


class Clearance(Row, frozen=True, kw_only=True):
    """A clearance. Key: journal position. Scope: the person."""

    level: str
    since: str
    until: str
    authority: str
    attestation: str = ""


class Need(Row, frozen=True, kw_only=True):
    """A need-to-know grant. Key: journal position. Scope: the person."""

    subject: str
    until: str


class Draft(Row, frozen=True, kw_only=True):
    """A deed on its way to a decision. Key: the deed's digest. Scope: ``drafts``.

    Attributes:
        state: ``waiting``, ``declined`` or ``entered``.
        line: The line of the journal in which it was laid before the authority.
    """

    drafter: str
    line: int
    at: str
    state: str
    entered: str


class ApprovalOf(Row, frozen=True, kw_only=True):
    """An approval given in this house. Key: the document. Scope: ``approvals``."""

    person: str
    at: str


class ProfileOf(Row, frozen=True, kw_only=True):
    """The house's own national profile. Key: ``own``."""

    digest: str
    index: int


class Line(Row, frozen=True, kw_only=True):
    """One leaf as the timeline shows it. Key: its position. Scope: the item it concerns.

    Attributes:
        outcome: ``lawful``, ``unlawful``, ``lawful-once-remedied``, or ``opaque``.
        code: The gravest objection's reason; empty where lawful.
    """

    log: str
    index: int
    at: str
    kind: str
    by: str
    outcome: str
    code: str
    article: str


class RefusedByPeer(Row, frozen=True, kw_only=True):
    """A leaf of ours that the counterpart says has no effect. Key: the leaf's position."""

    code: str
    article: str
    refusal: str


class DivergenceOf(Row, frozen=True, kw_only=True):
    """A leaf on which the two nodes' common judgements differ. Key: the leaf's position."""

    claimed: str
    computed: str
    by: str


TABLES: Final[dict[str, type[Row]]] = {
    "log_state": LogState,
    "peer": Peer,
    "directory": DirectoryOf,
    "instrument": Instrument,
    "chronicle": ChronicleLine,
    "authority": Authority,
    "assurance": Assurance,
    "item": ItemOf,
    "standing_directive": StandingOf,
    "directive_turn": DirectiveTurn,
    "lane": LaneOf,
    "lane_gap": LaneGap,
    "holding": Holding,
    "designation": Designation,
    "number": Number,
    "copy": Copy,
    "receipt": ReceiptOf,
    "loan": LoanOf,
    "assignment": Assignment,
    "access": AccessOf,
    "duty": DutyOf,
    "consent_ask": AskOf,
    "consent": ConsentOf,
    "consent_refused": ConsentRefused,
    "consent_acknowledged": ConsentAcknowledged,
    "consent_use": ConsentUse,
    "request": RequestOf,
    "request_end": RequestEnd,
    "regrading": Regrading,
    "matter": Matter,
    "facility_line": FacilityLine,
    "person": PersonOf,
    "passkey": PasskeyOf,
    "clearance": Clearance,
    "need": Need,
    "draft": Draft,
    "approval": ApprovalOf,
    "profile": ProfileOf,
    "line": Line,
    "refused_by_peer": RefusedByPeer,
    "divergence": DivergenceOf,
}
"""Every table of the register, by name."""

TABLE_OF: Final[dict[type[Row], str]] = {kind: name for name, kind in TABLES.items()}

R = TypeVar("R", bound=Row)


class Rows(Protocol):
    """What a fold and a gathering may ask of the register: by key, or a whole scope."""

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        ...

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        ...


class Needs:
    """What a batch will ask, so that it can be fetched with one query per table."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self.keys: dict[type[Row], set[str]] = {}
        self.scopes: dict[type[Row], set[str]] = {}
        self._said: set[object] = set()

    def first(self, what: object) -> bool:
        """Tell whether this is asked the first time: what a batch shares is said once."""
        if what in self._said:
            return False
        self._said.add(what)
        return True

    def key(self, key: str, *kinds: type[Row]) -> None:
        """Ask for the rows of these kinds under one key."""
        for kind in kinds:
            self.keys.setdefault(kind, set()).add(key)

    def scope(self, scope: str, *kinds: type[Row]) -> None:
        """Ask for all rows of these kinds in one scope."""
        for kind in kinds:
            self.scopes.setdefault(kind, set()).add(scope)


def key_of(position: Position) -> str:
    """Write a position as a key: ``comity/KOR/to/JPN#7``."""
    return f"{position.log}#{position.index}"


@lru_cache(maxsize=64)
def key_at(log: LogName, index: int) -> str:
    """Write a log and an index as a key."""
    return f"{log}#{index}"


def position_of(key: str) -> Position:
    """Read a key that :func:`key_of` wrote."""
    log, _, index = key.rpartition("#")
    return Position(log=LogName(log), index=int(index))
