"""The steps of a party's own procedure, where dates are partial and openings are told twice."""

import pytest

from comity.agreement.procedure import Attempt, Mark, examine
from comity.agreement.records import read_records
from comity.vocabulary.names import Party

KOR = Party("KOR")
ORDER = ("cabinet", "president", "signature")
OPENED = "2012-01-01,,PACT,both,negotiation-opened,"
CABINET, SIGNED = "2012-04-15,,PACT,KOR,cabinet-approved,", "2012-06-29,,PACT,both,signed,"
SANCTIONED = "2012-06-28,,PACT,KOR,head-of-state-sanctioned,"


def attempts(*rows: str) -> tuple[Attempt, ...]:
    head = "date,time_kst,agreement,party,event,note"
    return examine(read_records("\n".join([head, *rows, ""])), ORDER, KOR)


def marks(one: Attempt) -> list[Mark]:
    return [step.mark for step in one.steps]


def test_steps_that_no_opening_precedes_are_an_attempt_of_their_own() -> None:
    (only,) = attempts(CABINET, SIGNED)
    assert (only.opened, marks(only)) == ("2012-04-15", [Mark.DONE, Mark.SKIPPED, Mark.DONE])


def test_an_opening_of_a_year_may_lie_before_the_first_step() -> None:
    (only,) = attempts("2012,,PACT,both,negotiation-opened,", CABINET, SANCTIONED, SIGNED)
    assert (only.opened, marks(only)) == ("2012", [Mark.DONE] * 3)


def test_an_opening_after_the_first_steps_begins_another_attempt() -> None:
    first, second = attempts(CABINET, OPENED.replace("2012-01", "2012-05"), SIGNED)
    assert marks(first) == [Mark.DONE, Mark.OPEN, Mark.OPEN]
    assert marks(second) == [Mark.SKIPPED, Mark.SKIPPED, Mark.DONE]


def test_the_other_sides_word_on_the_same_opening_begins_no_attempt() -> None:
    (only,) = attempts(
        OPENED.replace("both", "KOR"),
        CABINET,
        "2012-05-01,,PACT,JPN,negotiation-opened,",
        SANCTIONED,
        SIGNED,
    )
    assert (only.opened, only.regular) == ("2012-01-01", True)


@pytest.mark.parametrize(
    "between", ["negotiation-resumed", "back-burner,\n2012-05-02,,PACT,JPN,negotiation-opened"]
)
def test_what_is_resumed_or_opened_after_a_pause_is_another_attempt(between: str) -> None:
    assert len(attempts(OPENED.replace("both", "KOR"), f"2012-05-01,,PACT,JPN,{between},")) == 2


@pytest.mark.parametrize(
    ("cabinet", "mark"),
    [
        ("2012-06", Mark.DONE),
        ("2012-06-29", Mark.DONE),
        ("2012-06-30", Mark.OUT_OF_ORDER),
        ("2012-07", Mark.OUT_OF_ORDER),
    ],
)
def test_a_step_is_out_of_order_only_where_its_dates_leave_no_other_order(
    cabinet: str, mark: Mark
) -> None:
    (only,) = attempts(OPENED, SIGNED, f"{cabinet},,PACT,KOR,cabinet-approved,")
    assert marks(only) == [mark, Mark.SKIPPED, Mark.DONE]
