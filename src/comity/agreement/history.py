"""The history of a pact, from its instruments: what it was, per date, per known-at, per view.

Bitemporal: ``at`` is the date asked about, ``known`` the date on which one asks. A record counts
only once it was known. A date that is only partly known is an interval; within it the answer
holds each state that is possible and says that it is not certain. Announcements, comments and
domestic steps, and whatever somebody does who is no party, stand in the history, attributed, and
change no state (Korea-Japan 2016, Article 21).
"""

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct, UnsetType, structs

from comity.agreement.life import Life, State
from comity.agreement.notices import Notice, Rules
from comity.agreement.placing import placings
from comity.agreement.records import Record
from comity.agreement.sorts import Sort, sort_of
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party


class Permitted(Enum):
    """Which acts are lawful."""

    PROVIDE = "provide"
    PROTECT = "protect"
    INSTRUMENTS = "instruments"


class Answer(Struct, frozen=True, kw_only=True):
    """What a pact was at a date, as known at another, in one party's view.

    Attributes:
        states: The state; each that is possible where dates are known only in part.
        otherwise: The states if a late notice counts for the next term, where they are others:
            no text says that it does or does not.
        complete: Whether every order in which the records can have happened was followed.
        why: The instruments that made it so, in order.
        permitted: What is lawful in every state that is open.
        notice: The last notice that is not withdrawn, with both readings.
        woken: What lifted its suspension after the term had ended: its author reads that it ends
            the pact, the other that the term was extended.
        without_effect: What was said or done beside it and changed nothing.
    """

    states: tuple[State, ...]
    otherwise: tuple[State, ...]
    complete: bool
    why: tuple[Record, ...]
    permitted: tuple[Permitted, ...]
    notice: Notice | UnsetType
    woken: Record | UnsetType
    without_effect: tuple[Record, ...]

    @property
    def certain(self) -> bool:
        """Whether the records leave one state only."""
        return len(self.states) == 1 and self.complete


def ask(  # noqa: PLR0913 - what is asked, of what, when, by whom
    records: Iterable[Record],
    rules: Rules,
    parties: Sequence[Party],
    *,
    at: Instant,
    known: Instant,
    view: Party,
) -> Answer:
    """Answer what a pact was at a date, as known at another, in one party's view.

    Args:
        records: Its history, of one agreement.
        rules: What its text says of its life.
        parties: Its parties.
        at: The instant asked about.
        known: Records that were not certain by then are left out.
        view: Whose reading of a disputed notice counts.
    """
    told = sorted((one for one in records if one.learnt <= known), key=lambda one: one.until)
    own = [one for one in told if sort_of(one, parties) is Sort.INSTRUMENT]
    possible, complete = placings(own, rules, at)

    def lives(read: Rules) -> dict[State, Life]:
        found: dict[State, Life] = {}
        for placing in possible:
            life = Life(read, parties, view, at).run(placing)
            found.setdefault(life.state, life)
        return found

    found = lives(rules)
    last = next(reversed(found.values()))
    otherwise = tuple(found)
    if any(one.event == "termination-note" for one in own):
        otherwise = tuple(lives(structs.replace(rules, late="next-term")))
    return Answer(
        states=tuple(found),
        otherwise=() if otherwise == tuple(found) else otherwise,
        complete=complete,
        why=tuple(last.why),
        permitted=tuple(
            one for one in Permitted if all(one in permitted_in(state) for state in found)
        ),
        notice=last.notice,
        woken=last.woken,
        without_effect=tuple(
            one for one in told if one.until <= at and sort_of(one, parties) is not Sort.INSTRUMENT
        ),
    )


def permitted_in(state: State) -> tuple[Permitted, ...]:
    """Return which acts are lawful in a state: after the end only what protects goes on."""
    if state in (State.IN_FORCE, State.NOTICE_GIVEN, State.NOTICE_SUSPENDED):
        return (Permitted.PROVIDE, Permitted.PROTECT, Permitted.INSTRUMENTS)
    if state is State.LAPSED:
        return (Permitted.PROTECT, Permitted.INSTRUMENTS)
    return (Permitted.INSTRUMENTS,)
