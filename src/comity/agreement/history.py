"""The history of a pact, from its instruments: what it was, per date, per known-at, per view.

Bitemporal: ``at`` is the date asked about, ``known`` the date on which one asks. A record counts
only once it was known. A date that is only partly known is an interval; within it the answer
holds both states and says that it is not certain. Announcements, comments and domestic steps,
and whatever somebody does who is no party, stand in the history, attributed, and change no state
(Korea-Japan 2016, Article 21).
"""

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct, UnsetType

from comity.agreement.life import Life, State
from comity.agreement.notices import Notice, Rules
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
        states: The state; two where a partial date leaves both open.
        why: The instruments that made it so, in order.
        permitted: What is lawful in every state that is open.
        notice: The last notice that is not withdrawn, with both readings.
        without_effect: What was said or done beside it and changed nothing.
    """

    states: tuple[State, ...]
    why: tuple[Record, ...]
    permitted: tuple[Permitted, ...]
    notice: Notice | UnsetType
    without_effect: tuple[Record, ...]

    @property
    def certain(self) -> bool:
        """Whether the records leave one state only."""
        return len(self.states) == 1


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
    of_parties = [one for one in told if sort_of(one, parties) is Sort.INSTRUMENT]
    certain = [one for one in of_parties if one.until <= at]
    possible = [one for one in of_parties if one.since <= at]
    surely = Life(rules, parties, view, at).run(certain)
    perhaps = Life(rules, parties, view, at).run(possible)
    lives = (surely,) if surely.state is perhaps.state else (surely, perhaps)
    permitted = tuple(
        one for one in Permitted if all(one in permitted_in(life.state) for life in lives)
    )
    return Answer(
        states=tuple(life.state for life in lives),
        why=tuple(lives[-1].why),
        permitted=permitted,
        notice=lives[-1].notice,
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
