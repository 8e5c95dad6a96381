"""Transmission: how an item travels (Korea-Japan 2016, Articles 9 and 12)."""

from typing import Annotated, Literal

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.agreement.clauses.conditions import counts_unless
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level, Party, party_of
from comity.vocabulary.phrases import Phrase, phrase

CourierKind = Literal["diplomatic", "cleared-employee", "contractor"]


class Transmission(Clause, frozen=True, kw_only=True, tag="transmission"):
    """Double envelope, nothing on the outer one (Korea-Japan 2016, Article 12).

    Attributes:
        envelope: The inner one bears classification and addressee; the outer none of it.
        encryption: Electronic items are encrypted to their level; or by approved commercial
            means, and then only those of ``commercial_levels`` are sent.
        commercial_levels: The originators' levels that approved commercial encryption, or
            ordinary post, serves besides: their release may be entered without a content.
        by_node: Forms that a node carries, sealed. Of others it enters the release and carries
            nothing: what is oral or visual is spoken or shown, the rest goes by courier.
        chained: Forms of which every hand-over on the way is entered: sealed and covered, signed
            for by who takes it, without a gap, up to the office that signs the receipt.
        custody_passes: When the receiver begins to answer for the item.
        couriers: Who may carry what is not sent; where nobody may, its form never crosses.
        certified: Those of the couriers who carry with a certificate only.
        planned: Forms that are carried as both sides have planned it beforehand (a hand-carriage
            plan).
    """

    envelope: Literal["double", "single"] = "double"
    encryption: Literal["to-level", "commercial", "none"] = "to-level"
    commercial_levels: Annotated[tuple[Level, ...], counts_unless(encryption="none")] = ()
    by_node: tuple[Form, ...]
    chained: tuple[Form, ...] = ()
    custody_passes: Literal["dispatch", "delivery", "receipt"] = "receipt"
    couriers: tuple[CourierKind, ...] = ()
    certified: tuple[CourierKind, ...] = ()
    planned: tuple[Form, ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What crosses goes by its way: sent and sealed, or carried without a gap."""
        item = case.item
        if not isinstance(item, ItemFacts):
            return None
        if isinstance(entry.deed, deeds.HandOver):
            return self._handed(entry.deed, item)
        if isinstance(entry.deed, deeds.Receipt):
            return self._arrived(entry.deed, case, item)
        return self._sent(case, item) if hands_over(entry) else None

    def _sent(self, case: Case, item: ItemFacts) -> Finding | None:
        if any(party_of(office) != item.receiver for office in item.offices):
            return self.forbids("addressee", party=item.receiver)
        if item.form not in self.by_node:
            return self._by_hand(case, item.form)
        if (self.envelope == "double" or self.encryption != "none") and not case.sealed:
            if self.encryption != "none" and item.level in self.commercial_levels:
                return self.permits("commercial-means", level=item.level)
            return self.forbids("unsealed")
        if self.encryption == "commercial" and item.level not in self.commercial_levels:
            return self.forbids("commercial", level=item.level)
        return None

    def explain(self) -> Phrase:
        """Say what is sent, and how."""
        if not self.by_node:
            return phrase("explain.transmission.nothing")
        if self.commercial_levels:
            levels = " ".join(self.commercial_levels)[:120]
            return phrase("explain.transmission.commercial", levels=levels)
        return phrase("explain.transmission")

    def besides(self) -> tuple[Phrase, ...]:
        """Say what a courier shows, and what is planned."""
        found = []
        if self.certified:
            couriers = " ".join(self.certified)[:120]
            found.append(phrase("explain.transmission.certified", couriers=couriers))
        if self.planned:
            forms = " ".join(one.value for one in self.planned)[:120]
            found.append(phrase("explain.transmission.planned", forms=forms))
        return tuple(found)

    def _by_hand(self, case: Case, form: Form) -> Finding:
        """What a node does not carry has no sealed content: it is shown, or a courier brings it."""
        shown = form in (Form.ORAL, Form.VISUAL)
        if not shown and not self.couriers:
            return self.forbids("no-courier", form=form.value)
        if case.sealed:
            return self.forbids("shown-only" if shown else "form", form=form.value)
        return self.permits("shown" if shown else "by-courier", form=form.value)

    def _handed(self, deed: deeds.HandOver, item: ItemFacts) -> Finding | None:
        """A hand-over follows the one before, sealed, covered, signed for by who takes it."""
        if item.form in (*self.by_node, Form.ORAL, Form.VISUAL):
            return self.forbids("not-carried", form=item.form.value)
        before = [one for one in item.carried if one.copy == deed.copy]
        courier, taker = deed.courier, deed.taker
        if isinstance(courier, UnsetType) == isinstance(taker, UnsetType):
            return self.forbids("no-taker")
        if deed.step != len(before) + 1:
            return self.forbids("gap", step=str(len(before) + 1))
        if not isinstance(courier, UnsetType) and courier.value not in self.couriers:
            return self.forbids("courier", courier=courier.value)
        certificate = isinstance(courier, UnsetType) or courier.value not in self.certified
        if not certificate and deed.certified is not True:
            return self.forbids("no-certificate", courier=courier.value)
        if item.form in self.planned and deed.planned is not True:
            return self.forbids("no-plan", form=item.form.value)
        if not deed.sealed or not deed.covered:
            return self.forbids("uncovered")
        return None if deed.signed else self.forbids("hand-over-unsigned")

    def _arrived(self, deed: deeds.Receipt, case: Case, item: ItemFacts) -> Finding | None:
        """Who signs for what was carried is the last in its chain."""
        if item.form not in self.chained or deed.stage is not deeds.Stage.DOCUMENT:
            return None
        chain = [one for one in item.carried if one.copy == deed.copy]
        if not chain or chain[-1].taker != deed.by:
            return self.requires("chain", act="delivery.hand-over", by=case.acting)
        return None

    def answers(self, item: ItemFacts) -> Party:
        """Return who answers for an item now: custody passes when the text says (Article 9)."""
        passed = {
            "dispatch": True,
            "delivery": bool(item.received),
            "receipt": deeds.Stage.DOCUMENT in item.received,
        }[self.custody_passes]
        return item.receiver if passed and not item.misdirected else item.provider

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """Who answers for an item between dispatch and receipt looks into its loss."""
        item = case.item
        if not isinstance(entry.deed, deeds.ReportIncident) or not isinstance(item, ItemFacts):
            return ()
        who = self.answers(item)
        return () if who == case.acting else (self.duty(who, "incident.investigate"),)
