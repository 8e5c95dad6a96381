"""Schedules with a stream: fed, carried, suspended, withdrawn, while everything goes wrong."""

from collections.abc import Callable
from functools import lru_cache

from comity.acts.observations import Observation
from comity.node import deciding, directives, flowing, lanes, releases
from comity.node.directives import View
from comity.node.lanes import Offered, Source
from comity.node.node import Node
from comity.register.rows import RefusedByPeer
from comity.seal.real import REAL
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import LogName, is_feed
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.simulation import history
from tests.simulation.world import Letter, World
from tests.support.fast_suite import seeded
from tests.support.pair import JPN, KOR, Hand, Pair, assure, conclude, enrol, pair
from tests.support.streams import gsomia_with_streams

PARK, KIM = PersonId("park"), PersonId("kim")
DIH = Office("JPN/DIH")


@lru_cache(2)
def founded_with_streams(*, real: bool) -> Pair:
    """Return two houses whose pact provides for standing release."""
    two = pair(suite=REAL if real else seeded(b"streams"))
    enrol(two)
    two.carry()
    conclude(two, gsomia_with_streams())
    assure(two)
    two.clock.turn(3600)  # what was founded then is founded whichever way the clock turns
    return two


class StreamWorld(World):
    """Seoul gives a stream to Tokyo, among everything else that the two do."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, base=founded_with_streams(real=seed % 20 == 7))
        self.given: dict[tuple[str, int], bytes] = {}
        """What the source was told is given: durable from then on."""
        self.tried: dict[tuple[str, int], set[bytes]] = {}
        self.held: dict[LogName, int] = {}
        """What Tokyo said that it holds of each lane: known to the process that asked."""
        self.ended = 0

    def acts(self) -> tuple[tuple[Callable[[Party], None], ...], tuple[int, ...]]:
        names, weights = super().acts()
        return (*names, self.feed, self.flow, self.turn), (*weights, 6, 7, 1)

    def views(self, party: Party) -> list[View]:
        return sorted(directives.listed(self.node(party)), key=lambda one: one.row.index)

    def feed(self, party: Party) -> None:
        """Give a few observations under the directive that is in effect; sign one if none is."""
        del party
        node = self.node(KOR)
        open_ones = [one for one in self.views(KOR) if one.state in ("stands", "suspended")]
        if not open_ones:
            self._sign(node)
            return
        view = open_ones[-1]
        source = Source.of(node, view.item, officer=KIM)
        data = [
            b"%d %d" % (source.next + place, self.random.randrange(10**9))
            for place in range(self.random.randrange(1, 5))
        ]
        if self.random.random() < 0.1:
            source.next += 3  # the source lost some: they stay a gap
        names = [(view.row.lane, source.next + place) for place in range(len(data))]
        for name, one in zip(names, data, strict=True):
            self.tried.setdefault(name, set()).add(one)
        source.offer([Offered(one) for one in data])
        self.given |= dict(zip(names, data, strict=True))

    def _sign(self, node: Node) -> None:
        now = node.clock.now()
        wish = releases.Wish(
            to=JPN,
            offices=(DIH,),
            by=Office("KOR/KDIA"),
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile"),
            purpose=Purpose("defence.missile-warning"),
            content=b"A stream. Fictional.",
            title="Stream",
            standing=releases.Standing(
                since=now,
                until=plus_seconds(now, 5 * 86400),
                most=self.random.choice((6, 40, 10**6)),
            ),
        )
        laid = releases.lay_before(node, directives.beforehand(node, wish), drafter=KIM)
        deciding.approve(node, [laid.deed], authority=PARK)

    def flow(self, party: Party) -> None:
        """Put the next pouch of some lane on its way."""
        del party
        found = self.views(KOR)
        if found:
            lane = LogName(self.random.choice(found).row.lane)
            # What was answered last, in whatever order; or nothing, as after a start.
            held = self.held.get(lane, 0) if self.random.random() < 0.8 else 0
            sent = flowing.next_pouch(self.node(KOR), JPN, lane, held=held)
            if sent is None or self.random.random() < 0.1:
                sent = flowing.asking(self.node(KOR), JPN, lane, held=held)
            if sent is not None:
                self._post(Letter(0, 0, JPN, sent.wire, sent))

    def answered(self, letter: Letter, *, shown: bool) -> None:
        """Take an answer that has come; one about a lane says how much is held."""
        if not is_feed(letter.sent.log):
            super().answered(letter, shown=shown)
            return
        try:
            said = flowing.took(self.node(KOR), JPN, letter.sent, letter.body)
        except Invalid:
            # Under way while its author changed keys: it is signed anew, under those that count.
            self.held[letter.sent.log] = 0
        else:
            self.held[letter.sent.log] = said.held

    def turn(self, party: Party) -> None:
        """Suspend, lift, or withdraw."""
        del party
        node, found = self.node(KOR), self.views(KOR)
        if not found:
            return
        view = self.random.choice(found)
        match self.random.choice(("suspend", "resume", "resume", "withdraw")):
            case "suspend":
                directives.suspend(node, view.item, officer=PARK)
            case "resume":
                directives.resume(node, view.item, authorities=[PARK])
            case _:
                directives.withdraw(node, view.item, officer=PARK)
        self.ended += 1

    def heal(self) -> None:
        """Carry the lanes to their end, too, once the correspondences are in step."""
        super().heal()
        for view in self.views(KOR):
            lane, held = LogName(view.row.lane), 0
            for _ in range(200):
                try:
                    hand = Hand(self.two.nodes, KOR)
                    said = flowing.exchange(self.node(KOR), JPN, hand, lane, held=held)
                    held = said.held
                except (Refused, Unavailable):
                    continue
                if not said.more:
                    break
        self.two.carry(rounds=20)

    def check(self, *, final: bool = False) -> None:
        """Every observation that was given is with both, once, under its number, and no other."""
        super().check(final=final)
        seoul, tokyo = self.views(KOR), self.views(JPN)
        history.require(len(seoul) == len(tokyo), "V12", "a directive that only one side has")
        for mine, theirs in zip(seoul, tokyo, strict=True):
            read = [
                [
                    one
                    for batch in lanes.batches(node, view.item, holder=holder)
                    for one in batch.observations
                ]
                for node, view, holder in (
                    (self.two.seoul, mine, KOR),
                    (self.two.tokyo, theirs, DIH),
                )
            ]
            history.require(read[0] == read[1], "V6", "the two books of a stream differ")
            numbers = [one.number for one in read[0]]
            history.require(numbers == sorted(set(numbers)), "V3", "a number twice")
            for one in read[0]:
                tried = self.tried.get((mine.row.lane, one.number), set())
                history.require(one.data in tried, "V3", "what no source gave")
            if mine.lane is None or theirs.lane is None:
                history.require(mine.lane is theirs.lane, "V6", "an account of one side only")
                continue
            same = ("head", "next", "given", "batches", "left_out", "at")
            for name in same:
                one, other = getattr(mine.lane, name), getattr(theirs.lane, name)
                history.require(one == other, "V6", f"{name} of a stream: {one} and {other}")
            history.require(mine.lane.given == len(numbers) <= mine.row.most, "V6", "miscounted")
            history.require(mine.lane.late == 0, "V6", "late with its own author")
        kept = {
            (view.row.lane, one.number): one.data
            for view in tokyo
            for one in _read(self.two.tokyo, view, DIH)
        }
        for name, data in self.given.items():
            history.require(kept.get(name) == data, "V9", f"{name} was given and is not there")
        with self.two.seoul.store.reading() as tx:
            history.require(not tx.page(RefusedByPeer), "V12", "a lawful act refused")


def _read(node: Node, view: View, holder: Office | Party) -> list[Observation]:
    found = lanes.batches(node, view.item, holder=holder)
    return [one for batch in found for one in batch.observations]
