"""What is worked out once for a batch is what would be worked out for each act by itself."""

import pytest
from msgspec import UNSET, structs

from comity.acts.entries import Entry
from comity.acts.parts import Approval
from comity.agreement.alike import Alike
from comity.agreement.assess import assess
from comity.agreement.assessment import Assessment
from comity.agreement.cut import Asked
from comity.node import deciding, releases
from comity.node.ports import Space
from comity.node.sitting import Sitting, sitting
from comity.register.rows import Assurance, LogState
from comity.vocabulary.instants import EPOCH
from comity.vocabulary.logs import correspondence
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import JPN, KOR, LATER, Pair, under_the_pact

OURS, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)


@pytest.fixture
def agreed() -> Pair:
    return under_the_pact()


class Batch:
    """Acts of one batch, each assessed with what is known of those before it, and without."""

    def __init__(self, session: Sitting) -> None:
        self.session = session
        self.alike = Alike(lambda: session.rows.turn)

    def ask(self, entry: Entry, *, index: int = 1000) -> Assessment:
        asked = Asked(house=KOR, acting=KOR, counterpart=JPN, log=OURS, index=index, entry=entry)
        books, rows = self.session.books, self.session.rows
        together = assess(books, rows, asked, journal_size=1 << 20, alike=self.alike)
        assert together == assess(books, rows, asked, journal_size=1 << 20)
        return together


def entered(two: Pair, count: int) -> list[Entry]:
    wishes = [wish(b"%d" % number) for number in range(count)]
    laid = [one.deed for one in releases.lay_list_before(two.seoul, wishes, drafter=KIM)]
    return [one.entry for one in deciding.approve(two.seoul, laid, authority=PARK)]


def test_acts_that_are_alike_share_one_assessment(agreed: Pair) -> None:
    one, other = entered(agreed, 2)
    with sitting(agreed.seoul) as session:
        batch = Batch(session)
        assert batch.ask(one).lawful
        assert batch.ask(other) is batch.ask(one)


def test_what_differs_is_seen(agreed: Pair) -> None:
    one, other = entered(agreed, 2)
    assert isinstance(other.approvals, tuple)
    stolen: tuple[Approval, ...] = other.approvals
    with sitting(agreed.seoul) as session:
        batch = Batch(session)
        assert batch.ask(one).lawful
        for worse in (
            structs.replace(one, approvals=UNSET),
            structs.replace(one, approvals=stolen),
            structs.replace(one, seen=UNSET),
            structs.replace(one, at=EPOCH),
            structs.replace(one, at=LATER),
            structs.replace(one, ciphertext=UNSET),
        ):
            assert not batch.ask(worse).lawful
        assert batch.ask(one).lawful


def test_what_others_put_in_between_is_seen(agreed: Pair) -> None:
    (one,) = entered(agreed, 1)
    with sitting(agreed.seoul) as session:
        batch = Batch(session)
        assert batch.ask(one).lawful
        ended = [
            structs.replace(row, until=EPOCH) for row in session.rows.within(Assurance, THEIRS)
        ]
        assert ended
        session.rows.put(ended)
        assert not batch.ask(one).lawful


def test_where_the_log_stands_is_seen(agreed: Pair) -> None:
    (one,) = entered(agreed, 1)
    with sitting(agreed.seoul) as session:
        batch = Batch(session)
        assert batch.ask(one).lawful
        session.rows.put([LogState(key=OURS, scope="", at=LATER, seen=0)])
        assert not batch.ask(one).lawful


def test_what_the_author_claimed_to_have_seen_before_is_seen(agreed: Pair) -> None:
    (one,) = entered(agreed, 1)
    with sitting(agreed.seoul) as session:
        session.tx.save(Space.LINK, {f"claims|{OURS}": b"[[1001, 4096, 0]]"})
        batch = Batch(session)
        assert batch.ask(one).lawful
        assert not batch.ask(one, index=1001).lawful
