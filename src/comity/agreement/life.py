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
        self.spent: list[Given] = []
        self.woken: Record | UnsetType = UNSET
        self._signed: set[str] = set()
        self._noted: set[str] = set()
        self._replaced: dict[str, set[str]] = {}
        self._since: Instant | UnsetType = UNSET
        self._received: dict[str, Record] = {}

    @property
    def notice(self) -> Notice | UnsetType:
        """The last notice that is not withdrawn, be it spent in this view."""
        told = self.notices or self.spent
        return told[-1].notice if told else UNSET

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
            self.notices, self.spent, self.woken = [], [], UNSET

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
                self._wake([each for each in mine if each.suspended], one)
            case "notes-withdrawn":
                self.notices = [each for each in self.notices if each not in mine]
                self.spent = [each for each in self.spent if not self._is_about(one, each)]
                self.woken = self.woken if self.notices or self.spent else UNSET
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

    def _wake(self, mine: list[Given], one: Record) -> None:
        """Lift the suspension of notices: one is spent whose term ended while it slept.

        The other party reads that the term was extended; the notice's author that it bites now.
        That they differ is kept for both.
        """
        over = [each for each in mine if (end := self._end(each)) is not None and end <= one.until]
        for each in mine:
            each.suspended = False
        self.woken = one if over else self.woken
        lost = [each for each in over if self._view != each.notice.party]
        self.notices = [each for each in self.notices if each not in lost]
        self.spent += lost

    def _counts(self, given: Given) -> bool:
        return self._end(given) is not None

    def _end(self, given: Given) -> Instant | None:
        """Return when a notice ends the pact in this view: each party has its own reading."""
        notice = given.notice
        own = notice.timeliness is Timeliness.DISPUTED and notice.party == self._view
        if own or notice.timeliness is Timeliness.TIMELY:
            return notice.term_end
        later = self._rules.late == "next-term" and notice.next_end > notice.term_end
        return notice.next_end if later else None

    def _lapse(self, now: Instant) -> None:
        if isinstance(self._since, UnsetType) or self.state is State.LAPSED:
            return
        ends = [self._end(each) for each in self.notices if not each.suspended]
        if any(end is not None and end <= now for end in ends):
            self.state = State.LAPSED
        elif not self._rules.renewed and self._rules.years:
            ended = term_end(self._rules, self._since, 1) <= now
            self.state = State.LAPSED if ended else self.state
