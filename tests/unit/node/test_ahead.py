"""The pouch after the one under way: made meanwhile, sent only if nothing else came about."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from comity.node import deciding, outgoing, releases
from comity.node.ahead import Ahead, Made
from comity.node.ports import Space
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.fast_suite import FAST
from tests.support.pair import JPN, KOR, Hand, Pair
from tests.unit.node.test_renewed_keys import linked, renew

OWN = correspondence(KOR, JPN)


@dataclass
class Posted:
    """Keeps what leaves; loses the answer where it is told to."""

    hand: Hand
    wires: list[bytes] = field(default_factory=list)
    loses: bool = False
    under_way: Callable[[], None] = lambda: None

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        self.wires.append(body)
        self.under_way()
        answer = self.hand.send(peer, path, body)
        if self.loses:
            raise Unavailable("unavailable.peer", "the answer is lost")
        return answer


class Seoul:
    """A house that goes on entering while a pouch of it is away."""

    def __init__(self, two: Pair) -> None:
        self.two, self.made = two, list[Made]()
        self.meanwhile: Callable[[], None] = self.release
        self.afterwards: Callable[[], None] = lambda: None
        self.posted = Posted(Hand(two.nodes, KOR))
        self.ahead = Ahead(two.seoul, JPN, self.begin)

    def release(self) -> None:
        laid = releases.lay_before(self.two.seoul, wish(b"A fiction."), drafter=KIM)
        deciding.approve(self.two.seoul, [laid.deed], authority=PARK)

    def begin(self, work: Callable[[], Made]) -> Callable[[], Made]:
        self.meanwhile()
        self.made.append(work())
        self.afterwards()
        done = self.made[-1]
        return lambda: done

    def exchange(self) -> outgoing.Progress:
        return self.ahead.exchange(self.posted)

    def wire_ahead(self) -> bytes:
        pouch = self.made[0].pouch
        assert pouch is not None
        return pouch.wire


@pytest.fixture
def seoul() -> Seoul:
    one = Seoul(linked(FAST))
    one.release()
    return one


def test_what_was_entered_meanwhile_leaves_as_it_was_made(seoul: Seoul) -> None:
    first, second = seoul.exchange(), seoul.exchange()
    assert second.acknowledged == first.acknowledged + 1
    assert seoul.posted.wires[1] == seoul.wire_ahead()


def test_what_is_told_while_a_pouch_is_away_is_made_before_its_answer(seoul: Seoul) -> None:
    def told() -> None:
        seoul.release()
        seoul.ahead.news()

    seoul.meanwhile = lambda: None
    seoul.posted.under_way = told
    first = seoul.exchange()
    assert [made.pouch is None for made in seoul.made] == [True, False]
    seoul.posted.under_way = lambda: None
    second = seoul.exchange()
    assert second.acknowledged == first.acknowledged + 1
    made = seoul.made[1].pouch
    assert made is not None
    assert seoul.posted.wires[1] == made.wire


def test_what_is_told_after_the_answer_begins_nothing(seoul: Seoul) -> None:
    seoul.meanwhile = lambda: None
    seoul.exchange()
    assert seoul.exchange().acknowledged
    begun = len(seoul.made)
    seoul.release()
    seoul.ahead.news()
    assert len(seoul.made) == begun
    assert seoul.exchange().acknowledged


def test_after_a_lost_answer_the_same_leaves_go_again(seoul: Seoul) -> None:
    seoul.posted.loses = True
    with pytest.raises(Unavailable):
        seoul.exchange()
    seoul.posted.loses, seoul.meanwhile = False, lambda: None
    while (done := seoul.exchange()).more:
        pass
    assert seoul.posted.wires[1] != seoul.wire_ahead()
    with seoul.two.seoul.store.reading() as tx:
        assert done.acknowledged == tx.frontier(OWN).size


def test_a_key_that_is_asked_for_again_goes_with_a_pouch_made_anew(seoul: Seoul) -> None:
    def asked() -> None:
        with seoul.two.seoul.store.transaction() as tx:
            tx.save(Space.LINK, {f"slips-asked|{OWN}": b"[0]"})

    seoul.exchange()
    seoul.meanwhile = lambda: None
    asked()
    seoul.exchange()
    assert seoul.posted.wires[1] != seoul.wire_ahead()


@pytest.mark.parametrize("party", [KOR, JPN])
def test_new_keys_of_either_side_make_it_anew(seoul: Seoul, party: Party) -> None:
    two = seoul.two

    def renewed() -> None:
        renew(two, party, "ledger", "transport")
        if party == JPN:
            outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)

    seoul.afterwards = renewed
    seoul.exchange()
    seoul.meanwhile = seoul.afterwards = lambda: None
    seoul.exchange()
    assert seoul.posted.wires[1] != seoul.wire_ahead()
    two.carry()
    with two.seoul.store.reading() as here, two.tokyo.store.reading() as there:
        assert here.frontier(OWN).root == there.frontier(OWN).root
