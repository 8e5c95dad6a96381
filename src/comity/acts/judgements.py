"""Findings, duties and judgements as values. ``agreement`` makes them; everybody reads them.

They hold coded values only and nothing of one item: two acts that are alike for the agreement
have the same judgement, byte for byte, and so the same digest.
"""

from enum import Enum
from functools import lru_cache
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import digest_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import AgreementId, Article, Party, Reason
from comity.vocabulary.phrases import Phrase


class Verdict(Enum):
    """What one clause says about an act, weakest first."""

    SILENT = "silent"
    PERMITS = "permits"
    REQUIRES = "requires"
    FORBIDS = "forbids"


class Outcome(Enum):
    """What the whole agreement says about an act."""

    LAWFUL = "lawful"
    REMEDIABLE = "lawful-once-remedied"
    UNLAWFUL = "unlawful"


class Remedy(Struct, frozen=True, forbid_unknown_fields=True):
    """Which act, by whom and towards whom, would make it lawful."""

    act: Reason
    by: Party
    to: Party | UnsetType = UNSET


class Finding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One clause's answer.

    Attributes:
        agreement: The agreement that speaks, or ``GROUND``, or ``PROFILE``.
        article: Its article.
        clause: The clause's type (``third-party``).
        verdict: What it says.
        reason: Why, as a code with coded values.
        remedy: What would make it lawful; present exactly where the verdict is ``requires``.
    """

    agreement: AgreementId
    article: Article
    clause: Reason
    verdict: Verdict
    reason: Phrase
    remedy: Remedy | UnsetType = UNSET


class Duty(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an act obliges somebody to do, by when, under which article.

    Attributes:
        who: The party that owes it.
        what: The act that discharges it (``delivery.receipt``).
        article: Where it stands.
        agreement: In which agreement.
        within: Seconds from the act's ``at``; absent where the agreement says no time.
        after: The other duty of the same act that is overdue before this one begins; ``within``
            counts from there. Where that one is done in time, this one never begins.
    """

    who: Party
    what: Reason
    agreement: AgreementId
    article: Article
    within: Annotated[int, Meta(ge=0, le=2**53 - 1)] | UnsetType = UNSET
    after: Reason | UnsetType = UNSET


class Judgement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, cache_hash=True):
    """The agreement's answer to an act.

    Attributes:
        outcome: Lawful, unlawful, or lawful once remedied.
        findings: In the order of the clauses; silent clauses are left out.
        duties: Only where the outcome is lawful.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    duties: tuple[Duty, ...]

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What would have to be done first, in the order of the findings."""
        return tuple(f.remedy for f in self.findings if not isinstance(f.remedy, UnsetType))

    @property
    def objections(self) -> tuple[Finding, ...]:
        """The findings that stand in the way, in the order of the texts that speak.

        What the originator's agreement says of an item that goes on stands before the rest.
        """
        return tuple(f for f in self.findings if f.verdict in (Verdict.FORBIDS, Verdict.REQUIRES))


def conclude(findings: tuple[Finding, ...], duties: tuple[Duty, ...]) -> Judgement:
    """Weigh findings: nothing permitted unless some clause permits; a prohibition beats it.

    Duties arise only from lawful acts; one that follows another, only where the act makes that.
    """
    verdicts = {finding.verdict for finding in findings}
    if Verdict.FORBIDS in verdicts:
        outcome = Outcome.UNLAWFUL
    elif Verdict.REQUIRES in verdicts:
        outcome = Outcome.REMEDIABLE
    elif Verdict.PERMITS in verdicts:
        outcome = Outcome.LAWFUL
    else:
        outcome = Outcome.UNLAWFUL
    kept = tuple(f for f in findings if f.verdict is not Verdict.SILENT)
    made = {duty.what for duty in duties}
    owed = tuple(duty for duty in duties if duty.after is UNSET or duty.after in made)
    return Judgement(
        outcome=outcome, findings=kept, duties=owed if outcome is Outcome.LAWFUL else ()
    )


@lru_cache(maxsize=1024)
def judgement_digest(judgement: Judgement) -> Digest:
    """Return the digest that travels in an entry and stands in the journal."""
    return digest_of(judgement)
