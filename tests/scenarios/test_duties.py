"""What a release obliges the receiver to, and that both sides see what is owed."""

import pytest

from comity.node import deciding, releases
from comity.register.rows import DutyOf, key_of
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import JPN, under_the_pact

DAY = 86400


@pytest.mark.obligation("GSOMIA-12-a3")
@pytest.mark.obligation("GSOMIA-4-2")
def test_a_release_leaves_a_receipt_and_a_marking_owed() -> None:
    two = under_the_pact()
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    owed = {}
    for node, _ in two.links():
        with node.store.reading() as tx:
            duties = tx.within(DutyOf, key_of(entered.position))
        owed[node.party] = {one.what: (one.who, one.article, one.due) for one in duties}
    receipt = (JPN, "12", plus_seconds(entered.entry.at, 14 * DAY))
    # The sender waits for the receipt; how the receiver marks is the receiver's own book.
    assert owed == {
        "KOR": {"delivery.receipt": receipt},
        "JPN": {"delivery.receipt": receipt, "register.re-mark": (JPN, "4", "")},
    }
