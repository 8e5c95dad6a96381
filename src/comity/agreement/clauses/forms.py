"""What the treaty says of itself: read by people and by the lifecycle, and by no judgement.

Each of these is declared informative, or is read by :mod:`comity.agreement.lifecycle`.
"""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts, MatterFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.clocks import Days, after_days
from comity.agreement.clauses.conditions import counts_while
from comity.vocabulary.names import AgreementId, Party
from comity.vocabulary.phrases import Phrase, phrase


class IntellectualProperty(Clause, frozen=True, kw_only=True, tag="intellectual-property"):
    """Rights are respected (Korea-Japan 2016, Article 6(d)).

    Attributes:
        refuse_commercial: No copy is made for the reason ``commercial``.
    """

    of_crossing: ClassVar[bool] = False

    refuse_commercial: bool = True

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """No copy is made to use somebody's right in trade."""
        del case
        deed = entry.deed
        if isinstance(deed, deeds.Reproduce) and deed.reason == "commercial":
            return self.forbids("commercial") if self.refuse_commercial else None
        return None


_COST: Final = frozenset({"visit", "incident", "custody"})
"""Headings of what costs something."""

_ASKED: Final = frozenset({"visit.request", "custody.ask"})
"""Acts that ask for something: their author is who requests."""


class Expenses(Clause, frozen=True, kw_only=True, tag="expenses"):
    """Each party bears its own costs (Korea-Japan 2016, Article 19).

    A note of what a visit or an incident cost says who bears it.

    Attributes:
        borne: By whom costs are borne.
    """

    of_crossing: ClassVar[bool] = False

    borne: Literal["own", "shared", "by-requester"] = "own"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Nobody puts its costs down to another than the text says."""
        deed, about = entry.deed, case.about
        if not isinstance(deed, deeds.NoteExpense):
            return None
        if not isinstance(about, MatterFacts) or about.act.partition(".")[0] not in _COST:
            return self.forbids("nothing-that-costs")
        if deed.bears not in (case.acting, case.counterpart):
            return self.forbids("no-party", party=deed.bears)
        asked = about.author if about.act in _ASKED else None
        bears = {"own": case.acting, "shared": deed.bears, "by-requester": asked or deed.bears}
        if deed.bears != bears[self.borne]:
            return self.forbids("other-bears", party=bears[self.borne])
        return None

    def explain(self) -> Phrase:
        """Say who bears them."""
        return phrase(f"explain.expenses.{self.borne}")


class Amendment(Clause, frozen=True, kw_only=True, tag="amendment"):
    """By mutual written consent (Korea-Japan 2016, Article 21(2)).

    Informative: an amended text is another version that all sign, whatever this says.

    Attributes:
        by: In which form consent to a change is given.
    """

    informative: ClassVar[bool] = True

    by: Literal["mutual-written", "exchange-of-notes"] = "mutual-written"


class Termination(Clause, frozen=True, kw_only=True, tag="termination"):
    """What is done at the end (Korea-Japan 2016, Article 21).

    Attributes:
        statement_days: In how many days after a notice the registries state open holdings.
        dispose: What becomes of items that are held at the end.
    """

    of_instruments: ClassVar[bool] = True

    statement_days: Days = 90
    dispose: Literal["protect", "return-or-destroy"] = "protect"

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """A notice obliges both to state what they hold."""
        if kind_of(entry.deed) != "treaty.give-notice":
            return ()
        within = after_days(self.statement_days)
        what = "custody.state" if self.dispose == "protect" else "register.destroy"
        return (
            self.duty(case.acting, what, within),
            self.duty(case.counterpart, what, within),
        )

    def explain(self) -> Phrase:
        """Say what becomes of items."""
        return phrase(f"explain.termination.{self.dispose}")


class Supplementary(Clause, frozen=True, kw_only=True, tag="supplementary"):
    """Competent authorities may agree on more (Korea-Japan 2016, Article 5).

    Informative: a supplementary arrangement is an agreement of its own that depends on this one.
    No judgement reads it; no house proposes or signs one where this one allows none.

    Attributes:
        allowed: Whether competent authorities may conclude such arrangements.
    """

    informative: ClassVar[bool] = True

    allowed: bool = True


class Relation(Clause, frozen=True, kw_only=True, tag="relation"):
    """How the text stands to others and to its translations, and where it holds.

    Informative: what several agreements say of one act is judged by each of them, and the
    stricter one wins.

    Attributes:
        rule: Which text prevails over which, or replaces it.
        other: The other agreement, where one is meant.
        prevailing: The language whose text prevails where authentic texts diverge; empty: none,
            they are equally authentic.
        territory: Where the text holds.
        earlier: What becomes of what was exchanged before: it stays under the text of its time,
            whose digest it carries, whatever is agreed here.
    """

    informative: ClassVar[bool] = True
    repeats: ClassVar[bool] = True

    rule: Literal["prevails", "without-prejudice", "stricter-rule", "replaces"] = "stricter-rule"
    other: AgreementId | UnsetType = UNSET
    prevailing: Annotated[str, Meta(pattern=r"^([a-z]{2})?\Z")] = ""
    territory: Literal["metropolitan", "with-dependencies", "with-forces-abroad"] = "metropolitan"
    earlier: Literal["from-entry-into-force", "earlier-too"] = "from-entry-into-force"


class JointInformation(Clause, frozen=True, kw_only=True, tag="joint-information"):
    """What several parties made together has several originators.

    Attributes:
        consent: All of them approve its release to others, or one that is named.
        lead: Who speaks for all, where one does.
        others: The parties with whom information is made together.
    """

    of_providing: ClassVar[bool] = True

    travels = True
    repeats: ClassVar[bool] = True

    consent: Literal["all", "lead"] = "all"
    lead: Annotated[Party | UnsetType, counts_while(consent="lead", needed=True)] = UNSET
    others: Annotated[tuple[Party, ...], counts_while(consent="all")] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A joint item goes on only with every originator's approval, or the lead's."""
        item = case.item
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return None
        joint = [one for one in item.caveats if one.endswith(":joint")]
        if not joint:
            return None
        lead = isinstance(self.lead, str) and self.consent == "lead"
        wanted = {self.lead} if lead else {*self.others, item.originator}
        given = {one.originator for one in case.consents if one.uses == "third-party"}
        for party in sorted(str(one) for one in wanted):
            if party in (case.acting, item.receiver) or party in given:
                continue
            return self.requires(
                "approval",
                act="consent.ask",
                by=case.acting,
                to=Party(party),
                originator=party,
            )
        return None
