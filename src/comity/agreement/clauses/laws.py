"""National law: asked for and told, and looked at again when it changes (Article 3)."""

from typing import Annotated, ClassVar

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, MatterFacts
from comity.agreement.clauses.base import Clause
from comity.agreement.clauses.clocks import Days, after_days
from comity.agreement.clauses.conditions import counts_while
from comity.vocabulary.phrases import Phrase, phrase


class LawChange(Clause, frozen=True, kw_only=True, tag="law-change"):
    """A change of law that touches protection is told (Korea-Japan 2016, Article 3).

    What is protected stays protected meanwhile: a change of law ends nothing by itself.

    Attributes:
        consult: Whether the other side consults on it.
        days: In how many days.
        revalidate: Both sides look again at what the text says, as the table of levels, and say
            whether it still gives the agreed protection; until then the duty to do so stands.
        revalidate_days: In how many days.
        answer_days: In how many days a side that is asked says which law is in force with it.
    """

    of_crossing: ClassVar[bool] = False

    of_instruments: ClassVar[bool] = True

    consult: bool = False
    days: Annotated[Days, counts_while(consult=True)] = 30
    revalidate: bool = False
    revalidate_days: Annotated[Days, counts_while(revalidate=True)] = 60
    answer_days: Days = 30

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Told at any time; what is said of it refers to what was asked, or told."""
        match entry.deed:
            case deeds.LawChange():
                return self.permits("told")
            case deeds.StateLaw():
                asked = self._is(case, "treaty.ask-law") and self._by_other(case)
                return None if asked else self.forbids("not-asked")
            case deeds.Revalidate():
                return None if self._is(case, "treaty.law-change") else self.forbids("not-told")
            case _:
                return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who is asked answers; a change is consulted on, and looked at by both."""
        found: list[Duty] = []
        if isinstance(entry.deed, deeds.AskLaw):
            within = after_days(self.answer_days)
            found.append(self.duty(case.counterpart, "treaty.state-law", within))
        if isinstance(entry.deed, deeds.LawChange):
            if self.consult:
                found.append(self.duty(case.counterpart, "dispute.consult", after_days(self.days)))
            if self.revalidate:
                within = after_days(self.revalidate_days)
                found += [
                    self.duty(who, "treaty.revalidate", within)
                    for who in sorted((case.acting, case.counterpart))
                ]
        return tuple(found)

    def explain(self) -> Phrase:
        """Say whether it is only told, consulted on, or looked at again."""
        if self.revalidate:
            return phrase("explain.law-change.revalidate", days=str(self.revalidate_days))
        return phrase(f"explain.law-change.{'consult' if self.consult else 'notify'}")

    def _is(self, case: Case, act: str) -> bool:
        return isinstance(case.about, MatterFacts) and case.about.act == act

    def _by_other(self, case: Case) -> bool:
        return isinstance(case.about, MatterFacts) and case.about.author == case.counterpart
