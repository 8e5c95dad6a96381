"""What a scenario case may state: an act, the facts, and the judgement that they must lead to.

A case states what matters; everything it does not state is as it would be if all were in order.
"""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.judgements import Outcome
from comity.acts.parts import Disclosed, Schedule
from comity.agreement.case import ConsentFact, HandOverFact, MatterFacts, NamedFacts, Standing
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    AgreementId,
    Article,
    Caveat,
    Level,
    Office,
    Party,
    Purpose,
    Reason,
    Regime,
    Subject,
)

NOW = Instant("2026-07-01T09:00:00.000Z")
"""When an act of a case is done, unless it says so."""


class ActOf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The act of a case: its kind, the office that acts, towards whom.

    Attributes:
        fields: What an act of another kind states, by the names of its fields.
    """

    kind: str
    by: Office
    to: Party
    offices: tuple[Office, ...] = ()
    level: Level | UnsetType = UNSET
    regime: Regime | UnsetType = UNSET
    stage: Stage = Stage.DOCUMENT
    pages: int = 4
    annexes: int = 0
    copy: int = 1
    reserve: tuple[Reserve, ...] = ()
    until: Instant = Instant("2027-06-30T00:00:00.000Z")
    fields: dict[str, Any] = {}


class DirectiveGiven(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A standing directive of a case; what is left out is as what is given under it."""

    absent: bool = False
    level: Level | UnsetType = UNSET
    subject: Subject | UnsetType = UNSET
    since: Instant = Instant("2026-01-01T00:00:00.000Z")
    until: Instant = Instant("2026-12-31T00:00:00.000Z")
    most: int = 1000
    state: Literal["stands", "suspended", "withdrawn"] = "stands"
    given: int = 0
    next: int = 0


class NoticeGiven(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A notice that a party gave: when it was received."""

    by: Party
    at: Instant


class Given(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The facts of a case; what is left out is in order.

    Attributes:
        standing: What the agreement is, in every party's view but those of ``views``.
        in_force_since: Instead of ``standing``: when it came into force; what it is now follows
            from the length of its term and from ``notices``.
        named: What was asked or granted before. Left out of a consent act: what it speaks of, by
            whom it should be; of an answer to a request: nothing.
        sealed: Left out: whatever is not spoken or shown.
    """

    originator: Party | UnsetType = UNSET
    provider: Party | UnsetType = UNSET
    receiver: Party | UnsetType = UNSET
    level: Level
    subject: Subject
    purpose: Purpose
    form: Form = Form.ELECTRONIC
    offices: tuple[Office, ...] = ()
    releasable: tuple[Party, ...] = ()
    provided: bool | UnsetType = UNSET
    marked: Level | UnsetType = UNSET
    marked_regime: Regime | UnsetType = UNSET
    designated: Regime | UnsetType = UNSET
    designated_level: Level | UnsetType = UNSET
    category_regime: Regime | UnsetType = UNSET
    category_level: Level | UnsetType = UNSET
    standing: Standing = Standing.IN_FORCE
    views: dict[Party, Standing] = {}
    in_force_since: Instant | UnsetType = UNSET
    notices: tuple[NoticeGiven, ...] = ()
    approved_by: tuple[str, ...] = ("one",)
    signed_by: Office | UnsetType = UNSET
    assured: Level | UnsetType | bool = UNSET
    assured_until: Instant = Instant("2027-06-30T00:00:00.000Z")
    limbs: tuple[str, ...] = ("cleared", "needed", "protected")
    controls: tuple[Reason, ...] = ()
    surveyed: Instant | UnsetType = UNSET
    attested: bool = True
    consents: tuple[ConsentFact, ...] = ()
    not_notified: tuple[Office, ...] = ()
    designating: tuple[Office, ...] = ()
    cleared: tuple[Level, ...] = ()
    needs: tuple[Subject, ...] = ()
    roles: tuple[Role, ...] = (Role.OFFICIAL,)
    assigned: bool = True
    caveats: tuple[Caveat, ...] = ()
    copies: tuple[tuple[int, str], ...] = ((1, "held"),)
    received: tuple[Stage, ...] = (Stage.DOCUMENT,)
    misdirected: bool = False
    carried: tuple[HandOverFact, ...] = ()
    translations: int = 0
    disclosed: Disclosed | bool = True
    schedule: Schedule | UnsetType = UNSET
    about: MatterFacts | UnsetType = UNSET
    named: NamedFacts | UnsetType = UNSET
    incidents: int = 0
    visited: bool = True
    parents: dict[Digest, Standing] = {}
    not_concluded: tuple[AgreementId, ...] = ()
    rostered: bool = True
    officer: bool = True
    briefed: bool = True
    accredited: tuple[Level, ...] = ()
    nationalities: tuple[Party, ...] = ()
    directive: DirectiveGiven = DirectiveGiven()
    sealed: bool | UnsetType = UNSET
    age: int = 60
    at: Instant = NOW


class Expected(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the judgement must be.

    Attributes:
        duty: An act that it makes due.
        not_due: Acts that it makes due of nobody; ``*``: none at all.
    """

    verdict: Outcome
    finding: str = ""
    remedy: str = ""
    duty: str = ""
    not_due: tuple[str, ...] = ()


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One case."""

    article: Article
    says: str
    act: ActOf
    given: Given
    expect: Expected
