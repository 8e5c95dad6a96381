"""Receipts: signed by the final recipient (Korea-Japan 2016, Article 12)."""

from typing import Annotated, Literal

from msgspec import Meta

from comity.acts import deeds
from comity.acts.deeds import Role, Stage
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release

Days = Annotated[int, Meta(ge=0, le=366)]


class Receipt(Clause, frozen=True, kw_only=True, tag="receipt"):
    """The custodian of the addressed office signs after counting (Korea-Japan 2016, Article 12).

    Attributes:
        due: Always, or from which row of the table up.
        from_level: The row, where due says so.
        days: In how many days.
        working_days: Whether these are working days of the receiver.
        hand_overs: A receipt at every hand-over, not only the last.
    """

    due: Literal["always", "from-level", "never"] = "always"
    from_level: str = ""
    days: Days
    working_days: bool = False
    hand_overs: bool = False

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Only the receiver receipts, for what was provided, and counts truly."""
        deed = entry.deed
        if not isinstance(deed, deeds.Receipt):
            return None
        item = case.item
        if not isinstance(item, ItemFacts):
            return self.forbids("not-provided")
        if item.receiver != case.acting:
            return self.forbids("not-the-receiver")
        if deed.stage is Stage.PACKAGE:
            return self.permits("package")
        if deed.by not in item.offices:
            return self.forbids("not-the-addressed-office", office=deed.by)
        if not any(
            Role.CUSTODIAN in one.roles and one.office == deed.by for one in case.approvals
        ):
            return self.requires(
                "unsigned", act="delivery.receipt", by=case.acting, office=deed.by
            )
        if not deed.reserve and (deed.pages, deed.annexes) != (item.pages, item.annexes):
            return self.forbids("count-without-reserve")
        if not deed.reserve and not 1 <= deed.copy <= len(item.offices):
            return self.forbids("copy-number")
        return self.permits("reserve" if deed.reserve else "clear")

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The receiver owes a receipt for what is provided."""
        if self.due == "never" or not is_release(entry):
            return ()
        return (self.duty(case.counterpart, "delivery.receipt", self.days * 86400),)
