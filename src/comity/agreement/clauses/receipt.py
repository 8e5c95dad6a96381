"""Receipts: signed by the final recipient (Korea-Japan 2016, Article 12)."""

from typing import Annotated, ClassVar, Final, Literal

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.deeds import Reserve, Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release
from comity.agreement.clauses.clocks import Days, after_days, after_working_days
from comity.agreement.clauses.conditions import counts_unless, counts_while
from comity.vocabulary.names import Level
from comity.vocabulary.phrases import Phrase, phrase

_HELD: Final = deeds.Register | deeds.ReMark | deeds.Designate | deeds.Assign | deeds.Access
"""What is done with an item that is held; one that came to the wrong place is not."""


class Receipt(Clause, frozen=True, kw_only=True, tag="receipt"):
    """The custodian of the addressed office signs after counting (Korea-Japan 2016, Article 12).

    Attributes:
        due: Always, or for some levels only.
        from_levels: The originators' levels that a receipt is due for, where due says so.
        days: In how many days one is due.
        working_days: Whether only working days count, as they were notified.
        days_of: Whose: of the receiver, who signs; of the author, who waits for it; or the days
            on which both work.
        query_days: In how many days the provider clears up what a receipt holds a reserve about:
            by a clear receipt for what was made good, by asking the item back, or by a return;
            0: a reserve is told, and makes nothing due.
        hand_overs: A receipt at every hand-over, not only the last: a loan is signed for.
        on_paper: A receipt signed by hand counts, as the provider's registry attests it; else
            only one that a key has signed.
    """

    of_crossing: ClassVar[bool] = False

    due: Literal["always", "from-level", "never"] = "always"
    from_levels: Annotated[tuple[Level, ...], counts_while(due="from-level", needed=True)] = ()
    days: Days = 14
    working_days: Annotated[bool, counts_unless(due="never")] = False
    days_of: Annotated[
        Literal["receiver", "author", "both"],
        counts_while(working_days=True),
        counts_unless(due="never"),
    ] = "receiver"
    query_days: Days = 0
    hand_overs: bool = False
    on_paper: bool = True

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Only the receiver receipts, for what was provided, and counts truly."""
        deed = entry.deed
        if isinstance(deed, deeds.Loan) and self.hand_overs and not deed.signed:
            return self.forbids("loan-unsigned")
        item = case.item
        if isinstance(deed, _HELD) and isinstance(item, ItemFacts) and item.misdirected:
            return self.forbids("misdirected-held")
        if not isinstance(deed, deeds.Receipt):
            return None
        if not isinstance(item, ItemFacts):
            return self.forbids("not-provided")
        if item.receiver != case.acting:
            return self.forbids("not-the-receiver")
        if Reserve.MISDIRECTED in deed.reserve:
            return self.permits("misdirected")
        if deed.stage is Stage.PACKAGE:
            return self.permits("package")
        if deed.by not in item.offices:
            return self.forbids("not-the-addressed-office", office=deed.by)
        if not deed.reserve and (deed.pages, deed.annexes) != (item.pages, item.annexes):
            return self.forbids("count-without-reserve")
        if not deed.reserve and not 1 <= deed.copy <= len(item.offices):
            return self.forbids("copy-number")
        # What no signature heals is said first: taking one away must not make an act less unlawful.
        if not self._signed(deed, case):
            return self.requires("unsigned", act="delivery.receipt", by=case.acting, office=deed.by)
        return self.permits("reserve" if deed.reserve else "clear")

    def _signed(self, deed: deeds.Receipt, case: Case) -> bool:
        if not isinstance(case.attested, UnsetType):
            return self.on_paper
        return any(Role.CUSTODIAN in one.roles and one.office == deed.by for one in case.approvals)

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The receiver owes a receipt for what is provided; what is misdirected goes back.

        A receipt that differs is a query to the provider. A count or a copy number that is not as
        stated can be given under reserve only, so that every receipt that differs has a reserve.
        """
        item, deed = case.item, entry.deed
        if isinstance(deed, deeds.Receipt) and Reserve.MISDIRECTED in deed.reserve:
            return (self.duty(case.acting, "delivery.return", after_days(self.days)),)
        if isinstance(deed, deeds.Receipt) and deed.reserve and self.query_days:
            return (self.duty(case.counterpart, deeds.QUERY, after_days(self.query_days)),)
        if self.due == "never" or not is_release(entry) or not isinstance(item, ItemFacts):
            return ()
        if self.due == "from-level" and item.level not in self.from_levels:
            return ()
        within = after_days(self.days)
        if self.working_days:
            within = after_working_days(case, self.days, of=self.days_of)
        return (self.duty(case.counterpart, "delivery.receipt", within),)

    def explain(self) -> Phrase:
        """Say in how many days a receipt is due, and a query is cleared up."""
        code = "never" if self.due == "never" else "working-days" if self.working_days else "days"
        if not self.query_days:
            return phrase(f"explain.receipt.{code}", days=str(self.days))
        query = str(self.query_days)
        return phrase(f"explain.receipt.{code}-query", days=str(self.days), query=query)

    def besides(self) -> tuple[Phrase, ...]:
        """Say whose days are counted."""
        if not self.working_days or self.due == "never" or self.days_of == "receiver":
            return ()
        return (phrase(f"explain.receipt.days-of-{self.days_of}"),)
