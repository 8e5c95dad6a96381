"""What every clause is: typed terms, one rule, duties, and an explanation."""

from enum import Enum
from functools import cache
from typing import ClassVar, Final

from msgspec import UNSET, Struct

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding, Remedy, Verdict
from comity.agreement.case import Case
from comity.vocabulary.names import AgreementId, Article, Party, Reason
from comity.vocabulary.phrases import Phrase, phrase

CROSSING: Final = (deeds.Release, deeds.Observations)
"""What crosses: decided by itself, or under a standing directive."""

_GOING_ON: Final = (*CROSSING, deeds.OnwardReleased)


class Voice(Enum):
    """Which judgement a clause speaks in.

    COMMON: agreement, cut and evidence; both nodes compute it. DOMESTIC: own profile and own
    people; on one's own acts only.
    """

    COMMON = "common"
    DOMESTIC = "domestic"


class Clause(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """The terms of one passage, with the rule that they are terms of.

    Attributes:
        article: Where it stands in the agreement.
        agreement: Which agreement it is part of; set by the parser, never written in the file.
    """

    article: Article
    agreement: AgreementId = AgreementId("UNBOUND")

    voice: ClassVar[Voice] = Voice.COMMON
    travels: ClassVar[bool] = False
    """Whether the terms go with an item beyond the agreement's own parties."""
    of_instruments: ClassVar[bool] = False
    """Whether it is asked of the instruments about its own agreement (notices, changes of law)."""
    of_providing: ClassVar[bool] = False
    """Whether it speaks of nothing but providing: after the agreement's end it is at rest."""
    of_crossing: ClassVar[bool] = True
    """Whether it may say something of what crosses; one that is silent on it is not asked."""
    informative: ClassVar[bool] = False
    """Whether the passage has no machine effect: its terms are told to people only."""

    repeats: ClassVar[bool] = False
    """Whether a text may hold several: each about something else. Two of another kind would
    answer differently for one act."""

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Return what this clause says of an act; nothing where it does not concern it."""
        del entry, case
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Return what a lawful act obliges to under this clause."""
        del entry, case
        return ()

    def explain(self) -> Phrase:
        """Return what the clause means in practice, to be worded."""
        return phrase(f"explain.{self.type}")

    def besides(self) -> tuple[Phrase, ...]:
        """Return what the terms say beyond that, where they are not at their usual value."""
        return ()

    def told(self) -> tuple[Phrase, ...]:
        """Return all that is said of the clause: what it means, and what it says besides."""
        return (self.explain(), *self.besides())

    @property
    def type(self) -> Reason:
        """The clause's type as written in a file: ``third-party``."""
        return _type_of(self.__class__)

    def permits(self, code: str, **parameters: str) -> Finding:
        """Say that this clause permits the act."""
        return self._finding(Verdict.PERMITS, phrase(f"{self.type}.{code}", **parameters))

    def forbids(self, code: str, **parameters: str) -> Finding:
        """Say that this clause forbids the act, whatever is done."""
        return self._finding(Verdict.FORBIDS, phrase(f"{self.type}.{code}", **parameters))

    def requires(
        self, code: str, *, act: str, by: Party, to: Party | None = None, **parameters: str
    ) -> Finding:
        """Say that the act is lawful once another act is done."""
        remedy = Remedy(act=Reason(act), by=by, to=UNSET if to is None else to)
        return self._finding(Verdict.REQUIRES, phrase(f"{self.type}.{code}", **parameters), remedy)

    def duty(
        self, who: Party, what: str, within: int | None = None, *, after: str | None = None
    ) -> Duty:
        """Return a duty under this clause; ``after`` another of the same act is overdue."""
        return Duty(
            who=who,
            what=Reason(what),
            agreement=self.agreement,
            article=self.article,
            within=UNSET if within is None else within,
            after=UNSET if after is None else Reason(after),
        )

    def _finding(self, verdict: Verdict, reason: Phrase, remedy: Remedy | None = None) -> Finding:
        return Finding(
            agreement=self.agreement,
            article=self.article,
            clause=self.type,
            verdict=verdict,
            reason=reason,
            remedy=UNSET if remedy is None else remedy,
        )


@cache
def _type_of(kind: type[Clause]) -> Reason:
    # Asked for every finding; a class never changes its tag.
    return Reason(str(kind.__struct_config__.tag))


def is_release(entry: Entry) -> bool:
    """Tell whether an act hands an item over."""
    return isinstance(entry.deed, deeds.Release)


def hands_over(entry: Entry) -> bool:
    """Tell whether something crosses: an item by a decision, observations under a directive."""
    return isinstance(entry.deed, CROSSING)


def hands_on(entry: Entry) -> bool:
    """Tell whether something crosses, or its originator is told that it goes on."""
    return isinstance(entry.deed, _GOING_ON)


OWN_USE: Final = (
    deeds.Access,
    deeds.Extract,
    deeds.Translate,
    deeds.Derive,
    deeds.HandToContractor,
)
"""What a holder does with an item for its own use; to keep it and to pass it on are not."""
