"""The rows of the logs themselves: where each stands, and what each line came to."""

from comity.register.rows.base import Row


class LogState(Row, frozen=True, kw_only=True):
    """Where a log stands for the rules on time and cut. Key: the log.

    Attributes:
        at: The last entry's ``at``; empty before the first.
        seen: The last entry's ``seen`` size; -1 before the first.
    """

    at: str
    seen: int


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


class ErasureOf(Row, frozen=True, kw_only=True):
    """A party's word that the words of an entry are to go. Key: its leaf. Scope: that entry.

    They are gone once there is one of each party.
    """

    log: str
    index: int
    author: str
    by: str
    at: str
