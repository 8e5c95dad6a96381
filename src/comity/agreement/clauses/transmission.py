"""Transmission: how an item travels (Korea-Japan 2016, Articles 9 and 12)."""

from typing import Literal

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release
from comity.vocabulary.forms import Form
from comity.vocabulary.names import party_of


class Transmission(Clause, frozen=True, kw_only=True, tag="transmission"):
    """Double envelope, nothing on the outer one (Korea-Japan 2016, Article 12).

    Attributes:
        envelope: The inner one bears classification and addressee; the outer none of it.
        encryption: Electronic items are encrypted to their level.
        by_node: Forms that a node can carry; others need a courier.
        custody_passes: When the receiver begins to answer for the item.
        couriers: Who may carry what is not sent.
    """

    envelope: Literal["double", "single"] = "double"
    encryption: Literal["to-level", "commercial", "none"] = "to-level"
    by_node: tuple[Form, ...]
    custody_passes: Literal["dispatch", "delivery", "receipt"] = "receipt"
    couriers: tuple[Literal["diplomatic", "cleared-employee", "contractor"], ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What a node sends is of a form it can carry, sealed, and addressed to the receiver."""
        item = case.item
        if not is_release(entry) or not isinstance(item, ItemFacts):
            return None
        if item.form not in self.by_node:
            return self.forbids("form", form=item.form.value)
        if any(party_of(office) != item.receiver for office in item.offices):
            return self.forbids("addressee", party=item.receiver)
        if self.encryption != "none" and not case.sealed:
            return self.forbids("unsealed")
        return None
