"""The rows of questions and consents, and of requests."""

from comity.register.rows.base import Row


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
