"""What every clause is: frozen terms under an article, one rule, its duties, one explanation.

A clause speaks in one voice: in the *common* judgement, which both nodes compute from the same
facts, or in the *domestic* one, which a party makes of its own acts with its own facts. Duties
belong to the common judgement, whoever owes them.
"""

from enum import Enum
from typing import ClassVar

from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding, Remedy, Verdict
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.ladder import Ladder
from comity.agreement.times import Clocks, Span
from comity.vocabulary.names import AgreementId, Article, Party, Reason
from comity.vocabulary.phrases import Phrase

ITEM_ACTS = (
    deeds.Receipt,
    deeds.Register,
    deeds.Designate,
    deeds.ReMark,
    deeds.Assign,
    deeds.Access,
)
"""Acts of the receiving party on an item that it was given."""


class Voice(Enum):
    """In which judgement a clause speaks."""

    COMMON = "common"
    DOMESTIC = "domestic"


class Setting(Struct, frozen=True, kw_only=True):
    """What all clauses of one agreement share.

    Attributes:
        agreement: Whose clauses they are; stands in every finding.
        parties: Its parties.
        clocks: How it counts time.
        freshness: How old the other's last word may be when an act provides something.
        ladder: Its table of levels.
    """

    agreement: AgreementId = AgreementId("GROUND")
    parties: tuple[Party, ...] = ()
    clocks: Clocks = Clocks()
    freshness: Span = Span("24h")
    ladder: Ladder = Ladder()


class Clause(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """The terms of one numbered passage.

    Attributes:
        article: Where it stands.
        setting: Filled in when the whole agreement has been read; never written in the text.
    """

    voice: ClassVar[Voice] = Voice.COMMON

    article: Article
    setting: Setting = Setting()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Return what the clause says about an act; nothing where it is silent."""
        del entry, case
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Return what a lawful act obliges somebody to do."""
        del entry, case
        return ()

    def explain(self) -> Phrase:
        """Return what the clause means in practice, as a phrase."""
        raise NotImplementedError

    def permits(self, code: str, **parameters: str) -> Finding:
        """Say that the clause permits the act."""
        return self._finding(Verdict.PERMITS, code, parameters)

    def forbids(self, code: str, **parameters: str) -> Finding:
        """Say that the clause forbids the act."""
        return self._finding(Verdict.FORBIDS, code, parameters)

    def requires(self, code: str, remedy: Remedy, **parameters: str) -> Finding:
        """Say what has to be done before the act is lawful."""
        return self._finding(Verdict.REQUIRES, code, parameters, remedy)

    def obliges(self, who: Party, what: str, *, within: int | UnsetType = UNSET) -> Duty:
        """Return a duty under this clause; ``within`` is in seconds from the act."""
        return Duty(
            who=who,
            what=Reason(what),
            agreement=self.setting.agreement,
            article=self.article,
            within=within,
        )

    def explains(self, code: str, **parameters: str) -> Phrase:
        """Return the explanation ``explain.<code>`` of this clause's terms."""
        return Phrase(code=Reason(f"explain.{code}"), parameters=parameters)

    def _finding(
        self,
        verdict: Verdict,
        code: str,
        parameters: dict[str, str],
        remedy: Remedy | UnsetType = UNSET,
    ) -> Finding:
        return Finding(
            agreement=self.setting.agreement,
            article=self.article,
            clause=Reason(str(self.__struct_config__.tag)),
            verdict=verdict,
            reason=Phrase(code=Reason(code), parameters=parameters),
            remedy=remedy,
        )


def remedy(act: str, by: Party, to: Party | UnsetType = UNSET) -> Remedy:
    """Return a remedy from literals of our own code."""
    return Remedy(act=Reason(act), by=by, to=to)


def item_of(case: Case) -> ItemFacts | None:
    """Return the facts of the item that an act concerns, or nothing."""
    return case.item if isinstance(case.item, ItemFacts) else None
