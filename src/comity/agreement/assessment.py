"""What the judgements of an act are, what they come to, and what stands in the way."""

from dataclasses import dataclass
from functools import cached_property

from msgspec import UNSET, UnsetType, structs

from comity.acts.judgements import Finding, Judgement, Outcome
from comity.acts.judgements import judgement_digest as digest_of_judgement
from comity.agreement.case import Case
from comity.register.fold import Effect
from comity.vocabulary.digests import Digest


@dataclass(frozen=True)
class Assessment:
    """What the judgements of one act are, and what they come to.

    Acts that are alike share one, so what follows from it is worked out once.
    """

    case: Case
    common: Judgement | None
    domestic: Judgement | None

    @cached_property
    def common_digest(self) -> Digest | None:
        """The digest that travels in the entry."""
        return None if self.common is None else digest_of_judgement(self.common)

    @cached_property
    def domestic_digest(self) -> Digest | None:
        """The digest that stays in the journal."""
        return None if self.domestic is None else digest_of_judgement(self.domestic)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """Those that were made."""
        return tuple(one for one in (self.common, self.domestic) if one is not None)

    @property
    def lawful(self) -> bool:
        """Whether every judgement that was made is lawful."""
        return all(one.outcome is Outcome.LAWFUL for one in self.judgements)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the common ones first."""
        return tuple(finding for one in self.judgements for finding in one.findings)

    @cached_property
    def objections(self) -> tuple[Finding, ...]:
        """What stands in the way, the gravest first."""
        return tuple(finding for one in self.judgements for finding in one.objections)

    def without(self, remedy: str) -> "Assessment":
        """Return the assessment as if one remedy were done: what stands in the way besides."""
        return Assessment(self.case, _without(self.common, remedy), _without(self.domestic, remedy))

    @cached_property
    def effect(self) -> Effect:
        """What a leaf comes to whose author's digest of the common judgement is this one's."""
        worst = Outcome.LAWFUL
        for one in self.judgements:
            if one.outcome is Outcome.UNLAWFUL or (
                one.outcome is Outcome.REMEDIABLE and worst is Outcome.LAWFUL
            ):
                worst = one.outcome
        objection = next(iter(self.objections), None)
        code = "" if worst is Outcome.LAWFUL else "judgement.nothing-permits"
        return Effect(
            outcome=worst,
            code=code if objection is None else objection.reason.code,
            article="" if objection is None else objection.article,
            duties=tuple(duty for one in self.judgements for duty in one.duties),
        )


def _without(judgement: Judgement | None, remedy: str) -> Judgement | None:
    if judgement is None:
        return None
    findings = tuple(
        one
        for one in judgement.findings
        if isinstance(one.remedy, UnsetType) or one.remedy.act != remedy
    )
    return Judgement(outcome=judgement.outcome, findings=findings, duties=())


def effect_of(assessment: Assessment, *, claimed: Digest | UnsetType = UNSET) -> Effect:
    """Return what a leaf comes to; ``claimed`` is the digest that its author computed."""
    if isinstance(claimed, str) and claimed != assessment.common_digest:
        return structs.replace(assessment.effect, diverged=True)
    return assessment.effect


OPAQUE = Effect(outcome=None, code="leaf.opaque")
