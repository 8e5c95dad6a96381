"""Who decides in whose place: a deputy under a dated delegation, and never outside it."""

import pytest

from comity.node import deciding, releases, setup
from comity.node.chancery import RefusedAct
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import ADMIN, JPN, KOR, Pair, assure, conclude, enrol, pair, text_of

DAY = 86400
AWAY = """
[[absences]]
office = "KOR/MND"
deputy = "KOR/KDIA"
since = "2026-11-25T00:00:00.000Z"
until = "2026-11-27T00:00:00.000Z"

[[delegations]]
"""


def houses() -> Pair:
    """Two houses; in Seoul the ministry decides, and is away for two days."""
    two = pair()
    own = text_of(f"profile-{KOR}.md").decode()
    head, _, rest = own.partition("\n[[delegations]]\n")
    own = head + AWAY + rest.replace('office = "KOR/KDIA"', 'office = "KOR/MND"')
    setup.adopt_profile(two.seoul, own.encode(), actor=ADMIN)
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    return two


def decide(two: Pair) -> set[str]:
    """Let a person of the deputy decide for the ministry; return what stands in the way."""
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/MND"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    try:
        entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    except RefusedAct as refused:
        return {one.reason.code for one in refused.assessment.objections}
    # The act says for whom: the office that acts is the ministry, who signed is of the deputy.
    assert entered.entry.deed.by == "KOR/MND"
    assert [one.office for one in entered.assessment.case.approvals] == ["KOR/KDIA"]
    return set()


@pytest.mark.obligation("AUTH-2")
def test_a_deputy_decides_while_the_office_is_away_and_neither_before_nor_after() -> None:
    two = houses()
    assert decide(two) == {"profile.not-delegated"}
    two.clock.turn(DAY)
    two.carry()
    assert decide(two) == set()
    two.clock.turn(2 * DAY)
    two.carry()
    assert decide(two) == {"profile.not-delegated"}
