"""Observations under a standing directive: given at once, judged by both, counted, ended."""

from base64 import b64encode

import pytest
from msgspec import UNSET, structs

from comity.acts.canonical import encode
from comity.acts.observations import decode_observation
from comity.acts.parts import Label
from comity.evidence.bundle import ProvenObservation, decode_evidence
from comity.evidence.verify import verify
from comity.exchange.answers import Word, decode_answer
from comity.ledger.checkpoints import verify_checkpoint
from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import leaf_hash
from comity.node import (
    chancery,
    directives,
    flowing,
    lanes,
    lost,
    proving,
    reading,
    recovering,
    replay,
    wishes,
)
from comity.node.chancery import RefusedAct
from comity.node.directives import View
from comity.node.flowing import Flow
from comity.node.lanes import Offered, Source
from comity.node.node import Node
from comity.node.outgoing import Sent
from comity.node.ports import Space
from comity.register.rows import (
    ItemOf,
    Line,
    RefusedByPeer,
    StandingOf,
)
from comity.seal.fingerprints import key_id
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Level, Office, Party, Reference, Subject
from tests.support.fast_suite import FAST
from tests.support.pair import KOR, USA, Hand
from tests.support.streams import DAY, KIM, PARK, sign_directive, under_the_mechanism
from tests.support.three import Three


@pytest.fixture
def houses() -> Three:
    return under_the_mechanism()


def only(node: Node) -> View:
    (found,) = directives.listed(node)
    return found


def points(count: int, start: int = 0) -> list[Offered]:
    return [Offered(f"point {number}".encode()) for number in range(start, start + count)]


def source(houses: Three, item: ItemOf) -> Source:
    return Source.of(houses.nodes[KOR], item, officer=KIM)


def flow(houses: Three) -> Word:
    """Carry the lane, and nothing else, until it is acknowledged."""
    lane = LogName(only(houses.nodes[KOR]).row.lane)
    hand, held = Hand(houses.nodes, KOR), 0
    while True:
        said = flowing.exchange(houses.nodes[KOR], USA, hand, lane, held=held)
        if not said.more:
            return said.word
        held = said.held


def seen(node: Node) -> list[bytes]:
    item = only(node).item
    holder = Office(item.offices[0]) if item.receiver == node.party else node.party
    found = lanes.batches(node, item, holder=holder)
    return [one.data for batch in found for one in batch.observations]


def at_rest(houses: Three) -> None:
    houses.carry()
    for node in houses.nodes.values():
        assert replay.rebuild(node).differences == ()


def codes(refused: pytest.ExceptionInfo[RefusedAct]) -> set[str]:
    return {one.reason.code for one in refused.value.assessment.objections}


@pytest.mark.obligation("WARN-1")
def test_what_is_given_is_there_and_counted_the_same_on_both_sides(houses: Three) -> None:
    feed = source(houses, sign_directive(houses))
    for start in range(0, 30, 3):
        feed.offer(points(3, start))
        assert flow(houses) is Word.COSIGNED
    assert seen(houses.nodes[USA]) == [one.data for one in points(30)]
    for party in (KOR, USA):
        lane = only(houses.nodes[party]).lane
        assert lane is not None
        assert (lane.given, lane.batches, lane.next, lane.left_out, lane.late) == (30, 10, 30, 0, 0)
    at_rest(houses)


def test_who_is_not_given_the_stream_does_not_read_it(houses: Three) -> None:
    source(houses, sign_directive(houses)).offer(points(2))
    flow(houses)
    washington = houses.nodes[USA]
    with pytest.raises(Exception, match=r"refused\."):
        reading.read(washington, only(washington).item, person=KIM)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"subject": Subject("dprk.missile.programme")}, "standing-release.subject"),
        (
            {"label": Label(level=Level("KOR:mil-3"), releasable=(), caveats=())},
            "standing-release.outside-level",
        ),
    ],
)
def test_what_lies_outside_is_stopped_and_leaves_a_gap(
    houses: Three, what: dict[str, object], code: str
) -> None:
    feed = source(houses, sign_directive(houses))
    outside = [one._replace(**what) for one in points(2, 3)]
    account = feed.offer([*points(3), *outside, *points(1, 5)])
    assert (account.given, account.next) == (4, 6)
    (stopped,) = account.stopped
    assert stopped.numbers == range(3, 5)
    assert code in {one.reason.code for one in stopped.refusal.assessment.objections}
    flow(houses)
    view = only(houses.nodes[USA])
    assert [(gap.first, gap.until) for gap in view.gaps] == [(3, 5)]
    assert view.lane is not None
    assert view.lane.left_out == 2
    at_rest(houses)


def test_nothing_goes_once_it_is_suspended_withdrawn_over_or_used_up(houses: Three) -> None:
    seoul = houses.nodes[KOR]
    item = sign_directive(houses, most=4)
    feed = source(houses, item)
    directives.suspend(seoul, item, officer=PARK)
    with pytest.raises(RefusedAct) as refused:
        feed.offer(points(1))
    assert codes(refused) == {"standing-release.suspended"}
    directives.resume(seoul, item, authorities=[PARK])
    houses.carry()
    assert feed.offer(points(3)).given == 3
    with pytest.raises(RefusedAct) as refused:
        feed.offer(points(2, 3))
    assert codes(refused) == {"standing-release.used-up"}
    houses.clock.turn(31 * DAY)
    houses.beat()
    with pytest.raises(RefusedAct) as refused:
        feed.offer(points(1, 3))
    assert "standing-release.expired" in codes(refused)
    directives.withdraw(seoul, item, officer=PARK)
    with pytest.raises(RefusedAct) as refused:
        feed.offer(points(1, 3))
    assert "standing-release.withdrawn" in codes(refused)
    houses.carry()
    flow(houses)
    assert seen(houses.nodes[USA]) == [one.data for one in points(3)]
    at_rest(houses)


def test_what_crossed_with_a_withdrawal_counts_and_is_recorded_as_late(houses: Three) -> None:
    seoul, washington = houses.nodes[KOR], houses.nodes[USA]
    item = sign_directive(houses)
    feed = source(houses, item)
    feed.offer(points(2))
    flow(houses)
    feed.offer(points(3, 2))
    directives.withdraw(seoul, item, officer=PARK)
    houses.carry()
    assert only(washington).state == "withdrawn"
    assert flow(houses) is Word.COSIGNED
    lane = only(washington).lane
    assert lane is not None
    assert (lane.given, lane.late) == (5, 3)
    own = only(seoul).lane
    assert own is not None
    assert own.late == 0
    with washington.store.reading() as tx:
        assert tx.page(RefusedByPeer) == ()
    at_rest(houses)


def test_a_withdrawn_stream_does_not_leave_where_the_rows_say_nothing_of_it(houses: Three) -> None:
    """Who writes the database deletes that it was withdrawn: the leaves say so still."""
    seoul = houses.nodes[KOR]
    item = sign_directive(houses)
    feed = source(houses, item)
    feed.offer(points(2))
    flow(houses)
    assert isinstance(seoul.store, MemoryStore)
    forged, own = seoul.store.clone(), correspondence(KOR, USA)
    directives.withdraw(seoul, item, officer=PARK)
    with seoul.store.reading() as tx:
        size = tx.frontier(own).size
        (leaf,) = tx.leaves(own, size - 1, size)
    with forged.transaction() as put:
        frontier, hashed = put.frontier(own), [leaf_hash(leaf)]
        begun = partial_tiles(size - 1)
        partial = dict(zip(begun, put.tiles(own, begun), strict=True))
        put.append(
            own,
            first=size - 1,
            leaves=[leaf],
            frontier=frontier.appended(hashed),
            tiles=grown(size - 1, hashed, partial),
        )
    seoul.store = forged
    houses.carry()
    feed.offer(points(1, 2))
    lane = LogName(only(seoul).row.lane)
    with seoul.store.reading() as tx:
        assert tx.frontier(lane).size > 1, "the forged rows let it be entered"
    with pytest.raises(Invalid) as refused:
        flowing.exchange(seoul, USA, Hand(houses.nodes, KOR), lane)
    assert refused.value.code == "invalid.dispatch"


def test_a_source_goes_on_after_what_was_entered_and_gives_nothing_twice(houses: Three) -> None:
    item = sign_directive(houses)
    source(houses, item).offer(points(7))
    again = source(houses, item)
    assert again.next == 7
    again.offer(points(1, 7))
    flow(houses)
    assert seen(houses.nodes[USA]) == [one.data for one in points(8)]


def test_a_lost_answer_costs_nothing_and_a_pouch_twice_adds_nothing(houses: Three) -> None:
    seoul = houses.nodes[KOR]
    feed = source(houses, sign_directive(houses))
    lane = LogName(only(seoul).row.lane)
    hand = Hand(houses.nodes, KOR)
    feed.offer(points(2))
    lost = flowing.next_pouch(seoul, USA, lane)
    assert lost is not None
    hand.send(USA, "/v1/pouch", lost.wire)
    feed.offer(points(2, 2))
    answer = hand.send(USA, "/v1/pouch", lost.wire)
    flowing.took(seoul, USA, lost, answer)
    assert flow(houses) is Word.COSIGNED
    assert seen(houses.nodes[USA]) == [one.data for one in points(4)]
    at_rest(houses)


def held_by(houses: Three, pouch: Sent) -> Flow:
    """Carry one pouch of a lane, and take the answer."""
    seoul = houses.nodes[KOR]
    return flowing.carry(seoul, USA, Hand(houses.nodes, KOR), pouch)


def test_observations_are_seen_before_they_are_acknowledged(houses: Three) -> None:
    """No observation waits for the cosignature of the one before; one does for all."""
    seoul, washington = houses.nodes[KOR], houses.nodes[USA]
    feed = source(houses, sign_directive(houses))
    lane = LogName(only(seoul).row.lane)
    held = 0
    for start in (0, 2):
        feed.offer(points(2, start))
        pouch = flowing.next_pouch(seoul, USA, lane, held=held)
        assert pouch is not None
        assert (pouch.old, pouch.new) == (held, held + 1)
        said = held_by(houses, pouch)
        assert said == (Word.COSIGNED, pouch.new, 0, True)
        held = said.held
    assert seen(washington) == [one.data for one in points(4)]
    assert flowing.next_pouch(seoul, USA, lane, held=held) is None
    with washington.store.reading() as tx:
        signed = tx.load(Space.LATEST, f"{lane}|signed")
        assert tx.load(Space.LATEST, f"{lane}|cosigned") is None
    assert signed is not None
    ledger = seoul.suite.signing_public(seoul.vault.ledger())
    assert verify_checkpoint(FAST, signed, public=ledger, log=lane).size == 2
    with pytest.raises(Unavailable, match=r"unavailable\.evidence"):
        evidence_of(houses, 1)
    asked = flowing.asking(seoul, USA, lane, held=held)
    assert asked is not None
    assert held_by(houses, asked) == (Word.COSIGNED, 2, 2, False)
    assert flowing.asking(seoul, USA, lane, held=held) is None
    at_rest(houses)
    evidence_of(houses, 1)


def test_what_a_reader_says_it_holds_is_its_word_alone(houses: Three) -> None:
    """One that says more than it holds is sent what it misses; one that says nonsense, all."""
    seoul = houses.nodes[KOR]
    feed = source(houses, sign_directive(houses))
    lane = LogName(only(seoul).row.lane)
    feed.offer(points(2))
    feed.offer(points(2, 2))
    too_far = flowing.next_pouch(seoul, USA, lane, held=1)
    assert too_far is not None
    assert held_by(houses, too_far) == (Word.ELSEWHERE, 0, 0, True)
    first = flowing.next_pouch(seoul, USA, lane)
    assert first is not None
    answer = decode_answer(Hand(houses.nodes, KOR).send(USA, "/v1/pouch", first.wire))
    lie = encode(structs.replace(answer, size=9))
    assert flowing.took(seoul, USA, first, lie) == (Word.COSIGNED, 0, 0, True)
    assert flow(houses) is Word.COSIGNED
    assert seen(houses.nodes[USA]) == [one.data for one in points(4)]


def test_nothing_is_decided_on_a_lane_whose_ground_has_not_come(houses: Three) -> None:
    seoul = houses.nodes[KOR]
    item = sign_directive(houses)
    feed = source(houses, item)
    directives.suspend(seoul, item, officer=PARK)
    directives.resume(seoul, item, authorities=[PARK])
    feed.offer(points(1))
    assert flowing.next_pouch(seoul, USA, LogName(only(seoul).row.lane)) is None
    houses.carry()
    assert flow(houses) is Word.COSIGNED
    assert seen(houses.nodes[USA]) == [b"point 0"]


def test_an_empty_or_endless_observation_is_none(houses: Three) -> None:
    feed = source(houses, sign_directive(houses))
    for data in (b"", b"x" * ((1 << 16) + 1)):
        with pytest.raises(Exception, match=r"invalid\.content"):
            feed.offer([Offered(data)])


def evidence_of(houses: Three, number: int) -> bytes:
    washington = houses.nodes[USA]
    item = only(washington).item
    given = lanes.proven(washington, item, number, holder=Office("USA/DIA"))
    return proving.evidence_for(washington, item, given=given)


def roots_of(houses: Three) -> dict[Party, Digest]:
    return {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in houses.nodes.items()
        if party in (KOR, USA)
    }


def test_one_observation_is_proved_to_a_stranger_and_no_other_is_shown(houses: Three) -> None:
    feed = source(houses, sign_directive(houses))
    feed.offer(points(5))
    feed.offer(points(8, 5))
    flow(houses)
    houses.carry()
    raw = evidence_of(houses, 9)
    verified = verify(FAST, raw, roots=roots_of(houses))
    assert verified.confirmed
    assert verified.observation is not None
    assert (verified.observation.number, verified.observation.data) == (9, b"point 9")
    kinds = [one.kind for one in verified.statements]
    assert {"release.standing-directive", "release.observations"} <= set(kinds)
    assert b64encode(b"point 8") not in raw
    with pytest.raises(Refused, match=r"refused\.absent"):
        evidence_of(houses, 99)


def test_another_observation_or_place_is_no_evidence(houses: Three) -> None:
    feed = source(houses, sign_directive(houses))
    feed.offer(points(5))
    flow(houses)
    houses.carry()
    proof = decode_evidence(evidence_of(houses, 2))
    shown = proof.observation
    assert isinstance(shown, ProvenObservation)
    one = decode_observation(shown.observation)
    for wrong in (
        structs.replace(shown, observation=encode(structs.replace(one, data=b"point 3"))),
        structs.replace(shown, observation=encode(structs.replace(one, number=3))),
        structs.replace(shown, index=3),
        UNSET,
    ):
        raw = encode(structs.replace(proof, observation=wrong))
        with pytest.raises(Invalid):
            verify(FAST, raw, roots=roots_of(houses))


def test_an_answer_that_comes_late_changes_nothing_and_alarms_nobody(houses: Three) -> None:
    seoul = houses.nodes[KOR]
    feed = source(houses, sign_directive(houses))
    lane = LogName(only(seoul).row.lane)
    hand = Hand(houses.nodes, KOR)
    feed.offer(points(2))
    first = flowing.next_pouch(seoul, USA, lane)
    assert first is not None
    answer = hand.send(USA, "/v1/pouch", first.wire)
    feed.offer(points(2, 2))
    assert flow(houses) is Word.COSIGNED
    for _ in range(2):
        assert flowing.took(seoul, USA, first, answer).acknowledged == 2
    with seoul.store.reading() as tx:
        assert tx.load(Space.LATEST, f"{lane}|rolled-back") is None
        assert len(tx.keys(Space.LATEST, prefix=f"{lane}|own|")) == 0


def refused_there(houses: Three) -> dict[str, str]:
    with houses.nodes[USA].store.reading() as tx:
        rows = tx.page(Line, limit=1000)
    return {row.log: row.code for row in rows if row.outcome == "unlawful"}


def test_observations_in_the_lane_of_another_directive_count_nowhere(
    houses: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's own software puts them there: so it would give the same numbers twice."""
    one, other = sign_directive(houses), sign_directive(houses)
    first, second = sorted(directives.listed(houses.nodes[KOR]), key=lambda view: view.row.lane)
    assert {first.item.key, second.item.key} == {one.key, other.key}
    with monkeypatch.context() as lie:
        lie.setattr(chancery, "log_for", lambda *_, **__: LogName(first.row.lane))
        source(houses, second.item).offer(points(3))
    lane = LogName(first.row.lane)
    flowing.exchange(houses.nodes[KOR], USA, Hand(houses.nodes, KOR), lane)
    assert refused_there(houses) == {lane: "leaf.wrong-lane"}
    assert all(view.lane is None for view in directives.listed(houses.nodes[USA]))


def test_a_second_directive_of_one_reference_is_refused(
    houses: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their streams would share a lane, and each would begin anew what the other has given."""
    reference = Reference(sign_directive(houses).reference)
    monkeypatch.setattr(wishes, "new_reference", lambda _: reference)
    sign_directive(houses)
    assert refused_there(houses) == {correspondence(KOR, USA): "leaf.wrong-lane"}
    assert len(directives.listed(houses.nodes[USA])) == 1


def test_a_burst_of_long_observations_is_read_by_both(houses: Three) -> None:
    """As one leaf they would be more than a batch may have, and nobody could open it again."""
    feed = source(houses, sign_directive(houses))
    burst = [Offered(b"%d" % number + bytes(60_000)) for number in range(300)]
    assert feed.offer(burst).given == 300
    assert flow(houses) is Word.COSIGNED
    assert seen(houses.nodes[USA]) == [one.data for one in burst]
    assert seen(houses.nodes[KOR]) == [one.data for one in burst]


@pytest.mark.parametrize("more", [False, True])
def test_a_lane_of_a_copy_that_was_put_back_is_closed(houses: Three, *, more: bool) -> None:
    """What it gave since is nowhere here: its numbers would be given twice."""
    seoul = houses.nodes[KOR]
    item = sign_directive(houses)
    source(houses, item).offer(points(2))
    flow(houses)
    assert isinstance(seoul.store, MemoryStore)
    older = seoul.store.clone()
    source(houses, item).offer(points(2, 2))
    flow(houses)
    if more:
        sign_directive(houses)
    with seoul.store.reading() as tx:
        lane = tx.get(StandingOf, item.key)
        assert lane is not None
        note = tx.load(Space.LATEST, f"{lane.lane}|acked")
        assert note is not None
    seoul.store = older
    assert source(houses, item).next == 2
    known = [] if more else [note]
    found = lost.find(seoul, USA, Hand(houses.nodes, KOR), remembered=known)
    assert found.nothing is not more
    recovering.enter_again(seoul, USA, found, remembered=known)
    for view in directives.listed(seoul):
        with pytest.raises(Refused, match=r"refused\.lane\.closed"):
            source(houses, view.item)
    source(houses, sign_directive(houses)).offer(points(1))
    at_rest(houses)


def test_a_recovery_of_what_is_whole_closes_no_lane(houses: Three) -> None:
    seoul, item = houses.nodes[KOR], sign_directive(houses)
    source(houses, item).offer(points(2))
    flow(houses)
    with seoul.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{only(seoul).row.lane}|acked")
    assert note is not None
    found = lost.find(seoul, USA, Hand(houses.nodes, KOR), remembered=[note])
    recovering.enter_again(seoul, USA, found, remembered=[note])
    assert source(houses, item).offer(points(1, 2)).given == 1


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_lane_whose_reader_knows_more_of_it_is_closed(
    houses: Three, *, acknowledged: bool
) -> None:
    """No file outside the database says so; the reader's answer does, whatever it cosigned."""
    seoul, item = houses.nodes[KOR], sign_directive(houses)
    assert isinstance(seoul.store, MemoryStore)
    older = seoul.store.clone()
    source(houses, item).offer(points(2))
    (flow if acknowledged else flow_once)(houses)
    seoul.store = older
    source(houses, item).offer(points(1))
    flow_once(houses)
    with pytest.raises(Refused, match=r"refused\.lane\.closed"):
        source(houses, item)


def flow_once(houses: Three) -> None:
    lane = LogName(only(houses.nodes[KOR]).row.lane)
    flowing.exchange(houses.nodes[KOR], USA, Hand(houses.nodes, KOR), lane)
