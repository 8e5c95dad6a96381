"""Scope: what may cross at all (Korea-Japan 2016, Articles 1 and 2)."""

from typing import ClassVar

from msgspec import Struct

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, hands_over
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Caveat, Subject, is_within
from comity.vocabulary.phrases import Phrase, phrase


class Exclusion(Struct, frozen=True, forbid_unknown_fields=True):
    """A subject that is left to another pact, or to none."""

    subject: Subject
    to: str = ""


class Scope(Clause, frozen=True, kw_only=True, tag="scope"):
    """Subjects and forms that the agreement covers (Korea-Japan 2016, Article 2(2)).

    Attributes:
        subjects: Each with everything below it.
        forms: Of the seven.
        excluded: Subjects left out, and to which pact they belong.
        caveats_excluded: Items with one of these never cross.
    """

    of_providing: ClassVar[bool] = True

    subjects: tuple[Subject, ...]
    forms: tuple[Form, ...]
    excluded: tuple[Exclusion, ...] = ()
    caveats_excluded: tuple[Caveat, ...] = ()

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """An item of another subject or form is outside the agreement."""
        item = case.item
        if not hands_over(entry) or not isinstance(item, ItemFacts):
            return None
        if any(is_within(item.subject, one.subject) for one in self.excluded):
            return self.forbids("excluded", subject=item.subject)
        if not any(is_within(item.subject, one) for one in self.subjects):
            return self.forbids("subject", subject=item.subject)
        if item.form not in self.forms:
            return self.forbids("form", form=item.form.value)
        if any(caveat in self.caveats_excluded for caveat in item.caveats):
            return self.forbids("caveat")
        return None

    def explain(self) -> Phrase:
        """Say which subjects and how many forms are covered."""
        subjects, forms = " ".join(self.subjects)[:120], frozenset(self.forms)
        if forms == frozenset(Form):
            return phrase("explain.scope.every-form", subjects=subjects)
        return phrase("explain.scope", subjects=subjects, forms=str(len(forms)))
