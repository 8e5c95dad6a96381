"""Disclosure: what is spoken or shown has a record (Korea-Japan 2016, Article 2)."""

from msgspec import UnsetType

from comity.acts.entries import Entry
from comity.acts.judgements import Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, is_release
from comity.agreement.clauses.clocks import Days, after_days
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.phrases import Phrase, phrase

SHOWN = (Form.ORAL, Form.VISUAL)
"""Forms that leave nothing behind but their record."""


class Disclosure(Clause, frozen=True, kw_only=True, tag="disclosure"):
    """Oral and visual disclosure: who was there was checked, and it is written down in time.

    The release of an item of these forms is the record. The persons and the points stay in its
    sealed words with who disclosed it.

    Attributes:
        record_days: In how many days it is recorded. A late record is entered all the same, and
            is called late.
        level_first: The level is said before anything else.
        check: Clearance and official need of each who attends are checked beforehand.
    """

    record_days: Days = 3
    level_first: bool = True
    check: bool = True

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """What was spoken or shown is released by a record of how that was done."""
        item = case.item
        if not is_release(entry) or not isinstance(item, ItemFacts) or item.form not in SHOWN:
            return None
        record = item.disclosed
        if isinstance(record, UnsetType) or record.at > case.at:
            return self.forbids("no-record")
        if self.level_first and not record.level_said:
            return self.forbids("level-unsaid")
        if self.check and not (record.attendees and record.cleared and record.needed):
            return self.forbids("unchecked")
        late = seconds_between(record.at, case.at) > after_days(self.record_days)
        return self.permits("late" if late else "recorded", days=str(self.record_days))

    def explain(self) -> Phrase:
        """Say in how many days."""
        return phrase("explain.disclosure", days=str(self.record_days))
