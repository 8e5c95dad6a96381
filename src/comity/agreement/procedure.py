"""A party's domestic procedure on the timeline: what was done, skipped, out of order.

A source that never tells of a step does not show that it was skipped: a step that a profile
declares as assumed, and that nobody recorded in any attempt, is not on record.

A step that is skipped or out of order blocks no sovereign; it is marked for ever: so it is called
out of order only where the dates leave no other order. Each attempt at a pact (from one opening
of negotiations to the next) is looked at on its own. Each side tells of an opening by itself, and
that is one attempt; what was done before anybody told of an opening is one too.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType, structs

from comity.agreement.records import Record
from comity.vocabulary.names import Party

StepName = Literal[
    "working-level",
    "legal-review",
    "vice-ministers",
    "cabinet",
    "president",
    "signature",
    "gazette",
    "public-notice",
]
"""A step that a profile can name: those that can be recorded; any other would count as skipped."""

STEPS: Final[dict[str, StepName]] = {
    "text-initialled": "working-level",
    "legal-reviewed": "legal-review",
    "vice-ministers-reviewed": "vice-ministers",
    "cabinet-approved": "cabinet",
    "head-of-state-sanctioned": "president",
    "signed": "signature",
    "gazetted": "gazette",
    "publicly-announced": "public-notice",
}
"""Which step of the procedure a record of the history is."""


_OPENINGS: Final = ("negotiation-opened", "negotiation-resumed")
_EVERYBODY: Final = ("both", "all")


class Mark(Enum):
    """What became of a step."""

    DONE = "done"
    SKIPPED = "skipped"
    OUT_OF_ORDER = "out-of-order"
    OPEN = "open"


class Step(Struct, frozen=True, kw_only=True):
    """One step of one attempt, with the record of it where there is one.

    Attributes:
        assumed: That the step exists at all is assumed by the profile, and published nowhere.
    """

    step: str
    assumed: bool
    mark: Mark
    record: Record | UnsetType


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt at the pact, from an opening of negotiations on, or from its first step."""

    opened: str
    steps: tuple[Step, ...]

    @property
    def regular(self) -> bool:
        """Whether no step is marked as skipped or out of order."""
        return all(one.mark in (Mark.DONE, Mark.OPEN) for one in self.steps)


def examine(
    records: Iterable[Record],
    procedure: Sequence[str],
    party: Party,
    *,
    assumed: Collection[str] = (),
    covered: bool = True,
) -> tuple[Attempt, ...]:
    """Return each attempt with its steps, as the party's own procedure orders them.

    Args:
        records: The history of one agreement.
        procedure: The steps that the national profile declares, in order.
        party: Whose procedure it is.
        assumed: Which of them the profile assumes: missing means skipped only where another
            attempt has one on record.
        covered: Whether the source tells of this party's own steps at all; else all are like
            the assumed ones.
    """
    told = sorted(records, key=lambda record: record.until)
    own = {STEPS.get(one.event) for one in told if one.party in (party, *_EVERYBODY)}
    untold = frozenset(
        step for step in procedure if step not in own and (step in assumed or not covered)
    )
    return tuple(
        Attempt(
            opened=opened,
            steps=tuple(
                structs.replace(step, assumed=step.step in assumed, mark=Mark.OPEN)
                if step.step in untold
                else structs.replace(step, assumed=step.step in assumed)
                for step in _steps(one, procedure, party)
            ),
        )
        for opened, one in _attempts(told, procedure, party)
    )


def _attempts(
    told: Sequence[Record], procedure: Sequence[str], party: Party
) -> list[tuple[str, list[Record]]]:
    """Return the records attempt by attempt, each with the date from which it is told."""
    found: list[tuple[str, list[Record]]] = []
    for one in told:
        if one.event not in _OPENINGS:
            own = one.party in (party, *_EVERYBODY) and STEPS.get(one.event) in procedure
            if found:
                found[-1][1].append(one)
            elif own:
                found.append((one.date, [one]))
        elif found and _is_of(found[-1][1], one):
            opened, records = found.pop()
            first = min((each.since for each in records), default=one.since)
            found.append((one.date if one.since < first else opened, [*records, one]))
        else:
            found.append((one.date, [one]))
    return found


def _is_of(records: Sequence[Record], opening: Record) -> bool:
    """Tell whether an opening is the other side's word on the attempt that runs already."""
    openings = [one for one in records if one.event in _OPENINGS]
    if not openings:
        # Nobody told how it began: a date that may lie before its first step is that of this one.
        return opening.since <= records[0].since
    if any(one.event == "back-burner" for one in records):
        return False
    said = {one.party for one in openings}
    return (
        opening.event == openings[0].event
        and said.isdisjoint({opening.party, *_EVERYBODY})
        and opening.party not in _EVERYBODY
    )


def _steps(records: Sequence[Record], procedure: Sequence[str], party: Party) -> tuple[Step, ...]:
    own = [one for one in records if one.party in (party, *_EVERYBODY)]
    first: dict[str, Record] = {}
    for one in own:
        step = STEPS.get(one.event, "")
        if step in procedure:
            first.setdefault(step, one)
    found = []
    for rank, step in enumerate(procedure):
        later = [first[one] for one in procedure[rank + 1 :] if one in first]
        if step not in first:
            mark = Mark.SKIPPED if later else Mark.OPEN
        else:
            late = any(_is_before(one, first[step]) for one in later)
            mark = Mark.OUT_OF_ORDER if late else Mark.DONE
        found.append(Step(step=step, assumed=False, mark=mark, record=first.get(step, UNSET)))
    return tuple(found)


def _is_before(one: Record, other: Record) -> bool:
    """Tell whether one was over before the other can have happened: partial dates are intervals."""
    return one.until <= other.since and one.since < other.since
