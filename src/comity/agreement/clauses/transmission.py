"""Transmission: how an item travels (Korea-Japan 2016, Articles 9 and 12)."""

from typing import Annotated, Literal

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.conditions import counts_while
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level, party_of


class Transmission(Clause, frozen=True, kw_only=True, tag="transmission"):
    """Double envelope, nothing on the outer one (Korea-Japan 2016, Article 12).

    Attributes:
        envelope: The inner one bears classification and addressee; the outer none of it.
        encryption: Electronic items are encrypted to their level, or by approved commercial
            means, which serve ``commercial_levels`` only.
        commercial_levels: The originators' levels that commercial encryption serves.
        by_node: Forms that a node carries, sealed. Of others it enters the release and carries
            nothing: what is oral or visual is spoken or shown, the rest goes by courier.
        custody_passes: When the receiver begins to answer for the item.
        couriers: Who may carry what is not sent; where nobody may, its form never crosses.
    """

    envelope: Literal["double", "single"] = "double"
    encryption: Literal["to-level", "commercial", "none"] = "to-level"
    commercial_levels: Annotated[
        tuple[Level, ...], counts_while(encryption="commercial", needed=True)
    ] = ()
    by_node: tuple[Form, ...]
    custody_passes: Literal["dispatch", "delivery", "receipt"] = "receipt"
    couriers: tuple[Literal["diplomatic", "cleared-employee", "contractor"], ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What a node sends is of a form it can carry, sealed, and addressed to the receiver."""
        item = case.item
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return None
        if any(party_of(office) != item.receiver for office in item.offices):
            return self.forbids("addressee", party=item.receiver)
        if item.form not in self.by_node:
            return self._by_hand(case, item.form)
        if (self.envelope == "double" or self.encryption != "none") and not case.sealed:
            return self.forbids("unsealed")
        if self.encryption == "commercial" and item.level not in self.commercial_levels:
            return self.forbids("commercial", level=item.level)
        return None

    def _by_hand(self, case: Case, form: Form) -> Finding:
        """What a node does not carry has no sealed content: it is shown, or a courier brings it."""
        shown = form in (Form.ORAL, Form.VISUAL)
        if not shown and not self.couriers:
            return self.forbids("no-courier", form=form.value)
        if case.sealed:
            return self.forbids("shown-only" if shown else "form", form=form.value)
        return self.permits("shown" if shown else "by-courier", form=form.value)

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who answers for an item between dispatch and receipt looks into its loss."""
        item = case.item
        if not isinstance(entry.deed, deeds.ReportIncident) or not isinstance(item, ItemFacts):
            return ()
        passed = {
            "dispatch": True,
            "delivery": bool(item.received),
            "receipt": deeds.Stage.DOCUMENT in item.received,
        }[self.custody_passes]
        who = item.receiver if passed else item.provider
        return () if who == case.acting else (self.duty(who, "incident.investigate"),)
