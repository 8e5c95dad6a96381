"""Discretion: the agreement authorises and never obliges (Korea-Japan 2016, Article 1)."""

from typing import ClassVar, Literal

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case
from comity.agreement.clauses.base import Clause, is_release
from comity.vocabulary.names import party_of
from comity.vocabulary.phrases import Phrase, phrase


class Discretion(Clause, frozen=True, kw_only=True, tag="discretion"):
    """Every release is a decision of the party that provides (Korea-Japan 2016, Article 1).

    A standing directive is decided on as any release is; so is that it has effect again. What is
    given under it rests on that decision, and the clause on standing release speaks of it.

    Attributes:
        duty_to_provide: None, in every agreement of this family.
        decided_by: Who decides: a releasing authority, case by case.
        approvals: How many distinct releasing authorities.
        on_paper: Of a party on paper, what it handed over counts as decided by it, as the
            receiver's registry attests it.
    """

    of_providing: ClassVar[bool] = True

    duty_to_provide: Literal["none"] = "none"
    decided_by: Literal["releasing-authority"] = "releasing-authority"
    approvals: Literal[1, 2] = 1
    on_paper: bool = True

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """A release needs the signed approval of the providing party's releasing authority."""
        if not is_release(entry) and not isinstance(entry.deed, deeds.ResumeDirective):
            return None
        if self.on_paper and not isinstance(case.attested, UnsetType):
            return self.permits("on-paper", party=case.acting)
        persons = {
            one.person
            for one in case.approvals
            if Role.RELEASING in one.roles and party_of(one.office) == case.acting
        }
        if len(persons) >= self.approvals:
            return self.permits("approved")
        return self.requires("approval", act="release.approve", by=case.acting, party=case.acting)

    def explain(self) -> Phrase:
        """Say how many authorities decide."""
        return phrase("explain.discretion", approvals=str(self.approvals))
