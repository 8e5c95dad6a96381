"""Purpose: used for what it was given for (Korea-Japan 2016, Article 6(c))."""

from typing import Literal

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_on
from comity.agreement.clauses.consents import weigh
from comity.vocabulary.names import Purpose as PurposeCode
from comity.vocabulary.names import is_within
from comity.vocabulary.phrases import Phrase, phrase


class Purpose(Clause, frozen=True, kw_only=True, tag="purpose"):
    """No other purpose without the originator's approval (Korea-Japan 2016, Article 6(c)).

    Attributes:
        purposes: What the agreement itself allows, each with everything below it.
        change: What a change of purpose needs.
    """

    travels = True

    purposes: tuple[PurposeCode, ...]
    change: Literal["prior-written", "never"] = "prior-written"

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """The purpose is the agreement's and the item's own, or the originator approved it."""
        item = case.item
        if not hands_on(entry) or not isinstance(item, ItemFacts):
            return None
        given = item.origin_purpose
        passed_on = case.acting != item.originator and isinstance(given, str)
        if any(is_within(item.purpose, one) for one in self.purposes) and (
            not passed_on or is_within(item.purpose, str(given))
        ):
            return None
        if self.change == "never" or case.acting == item.originator:
            return self.forbids("outside", purpose=item.purpose)
        reason = weigh(case, item.originator, "purpose", lambda one: one.purpose == item.purpose)
        if reason is None:
            return None
        return self.requires(
            reason,
            act="release.onward-released" if reason == "consent-not-cited" else "consent.ask",
            by=case.acting,
            to=item.originator,
            purpose=item.purpose,
            originator=item.originator,
        )

    def explain(self) -> Phrase:
        """Say for what, and what another purpose needs."""
        purposes = " ".join(self.purposes)[:120]
        return phrase(f"explain.purpose.{self.change}", purposes=purposes)
