"""The life of a pact, followed from record to record as one party reads it."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from msgspec import UNSET, UnsetType

from comity.agreement.notices import Notice, Rules, Timeliness, notice_of, term_end
from comity.agreement.records import Record
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party


class State(Enum):
    """What a pact is. ``NONE``: nobody has begun."""

    NONE = "none"
    NEGOTIATION = "negotiation"
    INITIALLED = "initialled"
    POSTPONED = "signature-postponed"
    BACK_BURNER = "back-burner"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    NOTICE_GIVEN = "notice-given"
    NOTICE_SUSPENDED = "notice-suspended"
    LAPSED = "lapsed"


_SIMPLE: Final = {
    "negotiation-opened": State.NEGOTIATION,
    "negotiation-resumed": State.NEGOTIATION,
    "text-initialled": State.INITIALLED,
    "signature-postponed": State.POSTPONED,
    "back-burner": State.BACK_BURNER,
    "activated": State.IN_FORCE,
}
"""Before signature the last word counts. After it none of these changes anything."""

_JOINT: Final = {"signed", "requirements-met-notified"}

_NOTES: Final = {
    "notice-acknowledged",
    "replaced",
    "termination-note",
    "termination-note-suspended",
    "suspension-lifted",
    "notes-withdrawn",
}

EFFECTIVE: Final = frozenset(_SIMPLE) | _JOINT | _NOTES
"""The events that are instruments. Every other one stands in the history without effect."""


class Given:
    """A notice that is not withdrawn, and whether its effect is suspended."""

    def __init__(self, record: Record, notice: Notice) -> None:
        """Keep a notice that is awake."""
        self.record, self.notice, self.suspended = record, notice, False


class Life:
    """Follows one history up to an instant, as one party reads it."""

    def __init__(self, rules: Rules, parties: Sequence[Party], view: Party, at: Instant) -> None:
        """Begin with nothing."""
        self._rules, self._parties, self._view, self._at = rules, parties, view, at
        self.state = State.NONE
        self.why: list[Record] = []
        self.notices: list[Given] = []
        self._signed: set[str] = set()
        self._noted: set[str] = set()
        self._replaced: dict[str, set[str]] = {}
        self._since: Instant | UnsetType = UNSET
        self._received: dict[str, Record] = {}

    @property
    def notice(self) -> Notice | UnsetType:
        """The last notice that is not withdrawn."""
        return self.notices[-1].notice if self.notices else UNSET

    def begin(self, since: Instant) -> "Life":
        """Begin in force, since an instant."""
        self._since, self.state = since, State.IN_FORCE
        return self

    def run(self, records: Iterable[Record]) -> "Life":
        """Follow the records, which are in order, and then go on to the instant asked about."""
        told = list(records)
        for one in told:
            if one.event == "notice-acknowledged":
                # What counts is the first word of the one who received it.
                self._received.setdefault(one.about, one)
        for one in told:
            # The end of a term comes by itself, between two records.
            self._lapse(one.until)
            if self.state is State.LAPSED and one.event != "notes-withdrawn":
                # What is dead is not brought back by a suspension; only a new text is new.
                self._reopen(one)
            else:
                self._take(one)
        self._lapse(self._at)
        return self

    def _reopen(self, one: Record) -> None:
        if one.event in ("negotiation-opened", "negotiation-resumed"):
            self.state = State.NEGOTIATION
            self.why = [one]
            self._signed, self._noted, self._since = set(), set(), UNSET
            self.notices = []

    def _take(self, one: Record) -> None:
        if one.event not in EFFECTIVE:
            return
        if one.event in _NOTES:
            self._note(one)
        elif not isinstance(self._since, UnsetType):
            return
        elif one.event in _JOINT:
            self._joint(one)
        elif not self._all(self._signed):
            self.state = _SIMPLE[one.event]
            if one.event.startswith("negotiation"):
                self.why = []
            self.why.append(one)
            if self.state is State.IN_FORCE:
                self._since = one.until

    def _joint(self, one: Record) -> None:
        who = set(self._parties) if one.party in ("both", "all") else {one.party}
        (self._signed if one.event == "signed" else self._noted).update(who)
        self.why.append(one)
        if not self._all(self._signed):
            return
        self.state = State.SIGNED
        if self._rules.signature_suffices or self._all(self._noted):
            self.state = State.IN_FORCE
            # The later of two notifications; of a day without a time, the day itself counts.
            self._since = one.since

    def _all(self, who: set[str]) -> bool:
        return set(self._parties) <= who

    def _note(self, one: Record) -> None:
        if isinstance(self._since, UnsetType):
            return  # a notice of what is not in force ends nothing
        if self.state is State.LAPSED:
            return
        mine = [given for given in self.notices if self._is_about(one, given)]
        match one.event:
            case "termination-note":
                notice = notice_of(
                    self._rules, self._since, one, received=self._received.get(one.key)
                )
                self.notices.append(Given(one, notice))
            case "notice-acknowledged":
                pass
            case "replaced":
                self._replaced.setdefault(one.about, set()).add(one.party)
            case "termination-note-suspended" if any(self._counts(each) for each in mine):
                for each in mine:
                    each.suspended = True
            case "suspension-lifted" if any(each.suspended for each in mine):
                for each in mine:
                    each.suspended = False
                self.notices = [each for each in self.notices if not self._spent(each, one)]
            case "notes-withdrawn":
                self.notices = [each for each in self.notices if each not in mine]
            case _:
                return
        self._settle()
        self.why.append(one)

    def _settle(self) -> None:
        """Say what the notices that stand come to."""
        counting = [each for each in self.notices if self._counts(each)]
        if any(self._all(who) for who in self._replaced.values()):
            self.state = State.LAPSED
        elif any(not each.suspended for each in counting):
            self.state = State.NOTICE_GIVEN
        elif counting:
            self.state = State.NOTICE_SUSPENDED
        else:
            self.state = State.IN_FORCE

    def _is_about(self, one: Record, given: Given) -> bool:
        """Tell whether a record is about a notice: only its own author moves it."""
        if one.party not in (given.record.party, "both", "all"):
            return False
        return not one.about or one.about == given.record.key

    def _spent(self, given: Given, one: Record) -> bool:
        """Tell whether a notice that is woken is spent: the term ended while it slept.

        The other party reads that the term was extended; the notice's author that it bites now.
        """
        return (
            self._is_about(one, given)
            and self._view != given.notice.party
            and given.notice.term_end <= one.until
        )

    def _counts(self, given: Given) -> bool:
        """Tell whether a notice ends the term in this view: each party has its own reading."""
        if given.notice.timeliness is Timeliness.LATE:
            return False
        return given.notice.timeliness is Timeliness.TIMELY or given.notice.party == self._view

    def _lapse(self, now: Instant) -> None:
        if isinstance(self._since, UnsetType) or self.state is State.LAPSED:
            return
        awake = [each for each in self.notices if self._counts(each) and not each.suspended]
        if any(each.notice.term_end <= now for each in awake):
            self.state = State.LAPSED
        elif not self._rules.renewed and self._rules.years:
            ended = term_end(self._rules, self._since, 1) <= now
            self.state = State.LAPSED if ended else self.state
