"""Purpose: used for what it was given for (Korea-Japan 2016, Article 6(c))."""

from typing import Literal

from msgspec import UnsetType

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release
from comity.vocabulary.names import Purpose as PurposeCode
from comity.vocabulary.names import is_within


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
        """The stated purpose is one of the agreement's, or the originator approved it."""
        item = case.item
        if not is_release(entry) or not isinstance(item, ItemFacts):
            return None
        if any(is_within(item.purpose, one) for one in self.purposes):
            return None
        if self.change == "never" or case.acting == item.originator:
            return self.forbids("outside", purpose=item.purpose)
        approved = any(
            one.originator == item.originator
            and one.uses == "purpose"
            and one.purpose == item.purpose
            and (isinstance(one.until, UnsetType) or case.at < one.until)
            for one in case.consents
        )
        if approved:
            return None
        return self.requires(
            "approval",
            act="consent.ask",
            by=case.acting,
            to=item.originator,
            purpose=item.purpose,
            originator=item.originator,
        )
