"""A party's domestic procedure on the timeline: what was done, skipped, out of order.

A source that never tells of a step does not show that it was skipped: a step that a profile
declares as assumed, and that nobody recorded in any attempt, is not on record.

A step that is skipped or out of order blocks no sovereign; it is marked for ever. Each attempt
at a pact (from one opening of negotiations to the next) is looked at on its own.
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
    """One attempt at the pact, from an opening of negotiations on."""

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
    own = {STEPS.get(one.event) for one in told if one.party in (party, "both", "all")}
    untold = frozenset(
        step for step in procedure if step not in own and (step in assumed or not covered)
    )
    attempts: list[list[Record]] = []
    for one in told:
        if one.event in ("negotiation-opened", "negotiation-resumed"):
            attempts.append([one])
        elif attempts:
            attempts[-1].append(one)
    return tuple(
        Attempt(
            opened=one[0].date,
            steps=tuple(
                structs.replace(step, assumed=step.step in assumed, mark=Mark.OPEN)
                if step.step in untold
                else structs.replace(step, assumed=step.step in assumed)
                for step in _steps(one, procedure, party)
            ),
        )
        for one in attempts
    )


def _steps(records: Sequence[Record], procedure: Sequence[str], party: Party) -> tuple[Step, ...]:
    own = [one for one in records if one.party in (party, "both", "all")]
    first: dict[str, int] = {}
    for position, one in enumerate(own):
        step = STEPS.get(one.event, "")
        if step in procedure:
            first.setdefault(step, position)
    found = []
    for rank, step in enumerate(procedure):
        later = [first[one] for one in procedure[rank + 1 :] if one in first]
        if step not in first:
            mark = Mark.SKIPPED if later else Mark.OPEN
        else:
            mark = Mark.OUT_OF_ORDER if any(one < first[step] for one in later) else Mark.DONE
        record = own[first[step]] if step in first else UNSET
        found.append(Step(step=step, assumed=False, mark=mark, record=record))
    return tuple(found)
