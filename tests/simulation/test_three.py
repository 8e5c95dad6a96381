"""Three hundred schedules of three houses, and V4 read from the leaves; a failing seed replays.

``make simulate SEEDS=N`` runs more of them.
"""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from comity.vocabulary.names import Party
from tests.simulation import history, leaving
from tests.simulation.running import Schedules
from tests.simulation.three_world import REACHED, ThreeWorld, kept
from tests.support.pair import JPN, KOR, USA

SCHEDULES, STEPS = Schedules(usual=300, chunk=25), 40


@pytest.mark.parametrize("first", SCHEDULES.starts)
def test_schedules(first: int) -> None:
    reached: Counter[str] = Counter()
    for world in SCHEDULES.ran(first, ThreeWorld, STEPS):
        reached.update(world.reached)
    if SCHEDULES.is_whole(first):  # a check of nothing would never fail
        assert all(reached[one] > 0 for one in REACHED), reached


# --- the checker itself: each thing that must not leave is seen -------------------------------


@pytest.fixture(scope="module")
def world() -> ThreeWorld:
    """The houses after a schedule in which something went on, out and down, two deciding each."""
    for seed in range(1, 299, 2):
        world = ThreeWorld(seed)
        if world.approvals < 2:
            continue
        world.run(STEPS)
        if all(leaving.check_left(_seen(world, JPN), world.signature)):
            return world
    raise AssertionError("never did one go on, another to a contractor, a third to a lower level")


def _seen(world: ThreeWorld, party: Party) -> leaving.House:
    with world.nodes[party].store.reading() as tx:
        return world.seen(party, kept(tx))


@pytest.fixture(scope="module")
def quiet(world: ThreeWorld) -> leaving.House:
    """Tokyo as it stands then."""
    return _seen(world, JPN)


def test_a_consent_that_one_person_gave_where_two_are_asked_for_is_seen(world: ThreeWorld) -> None:
    seoul = _seen(world, KOR)
    leaving.check_left(seoul, _no_check)
    grants = [one for one in seoul.log(KOR, JPN) if one["deed"]["kind"] == "consent.grant"]
    grants[0]["approvals"].pop()
    with pytest.raises(history.Broken, match="V4: 1 of 2 approvals"):
        leaving.check_left(seoul, _no_check)


def _no_check(public: bytes, root: bytes, signature: bytes) -> None:
    """Signatures were looked at when the schedule was."""


def _onward(house: leaving.House) -> leaving.Leaf:
    log = house.log(JPN, USA)
    return next(one for one in log if "origin" in one["deed"])


def _told(house: leaving.House) -> leaving.Leaf:
    log = house.log(JPN, KOR)
    return next(one for one in log if one["deed"]["kind"] == "release.onward-released")


def _grant(house: leaving.House) -> leaving.Leaf:
    at = _told(house)["deed"]["consents"][0]["index"]
    return house.log(KOR, JPN)[at]


def _handed(house: leaving.House) -> leaving.Leaf:
    kind = "contractor.hand-over"
    return next(one for one in house.register(KOR) if one["deed"]["kind"] == kind)


def _lowered(house: leaving.House) -> leaving.Leaf:
    return next(one for one in house.log(JPN, KOR) if one["deed"]["kind"] == "register.regrade")


def _cited(house: leaving.House, leaf: leaving.Leaf) -> leaving.Leaf:
    return house.log(KOR, JPN)[leaf["deed"]["approval"]["index"]]


def _back(house: leaving.House, leaf: leaving.Leaf) -> None:
    deed = {"kind": "consent.withdraw", "consent": leaf["deed"]["approval"]}
    house.log(KOR, JPN)[0]["deed"] = deed


def _marked_before(house: leaving.House) -> None:
    """An item is marked lower, and was never lowered."""
    mark = next(one for one in house.register(KOR) if one["deed"]["kind"] == "register.re-mark")
    mark["deed"]["level"] = {"JPN:gokuhi": "JPN:hi", "JPN:hi": "JPN:gokuhi"}[mark["deed"]["level"]]


def _twice(house: leaving.House) -> None:
    again = json.loads(json.dumps(_handed(house)))
    house.logs["comity/JPN/register/KOR"].append(again)  # type: ignore[attr-defined]


def _taken_back(house: leaving.House) -> None:
    position = _told(house)["deed"]["consents"][0]
    house.log(KOR, JPN)[0]["deed"] = {"kind": "consent.withdraw", "consent": position}


def _every(house: leaving.House, log: tuple[str, str], kind: str, **fields: object) -> None:
    for one in house.log(*log):
        if one["deed"]["kind"] == kind:
            one["deed"].update(fields)


def _over(house: leaving.House) -> None:
    """The text between Seoul and Tokyo came into force long ago, and was ended before that."""
    text = _told(house)["deed"]["agreement"]
    first = house.log(JPN, KOR)[0]
    first["at"], first["deed"] = "2024-01-01T00:00:00.000Z", {"kind": "treaty.give-notice"}
    first["deed"]["text"] = text
    for log in (house.log(JPN, KOR), house.log(KOR, JPN)):
        for one in log:
            if one["deed"]["kind"] == "treaty.notify-requirements-met":
                one["at"] = "2024-02-01T00:00:00.000Z"


BREACHES: dict[str, Callable[[leaving.House], object]] = {
    "its originator was not told": lambda house: _told(house)["deed"].update(kind="link.note"),
    "it was told of another release": lambda house: _told(house)["deed"].update(release="none"),
    "it was told of another party": lambda house: _told(house)["deed"].update(third_party="AUS"),
    "no consent is named": lambda house: _told(house)["deed"].update(consents=[]),
    "the consent was not seen": lambda house: _told(house)["seen"].update(size=1),
    "the consent is for another party": lambda house: _grant(house)["deed"].update(
        third_party="AUS"
    ),
    "the consent is for another item": lambda house: _grant(house)["deed"].update(item={}),
    "the consent had ended": lambda house: _grant(house)["deed"].update(until="2020"),
    "the consent was used too often": lambda house: _grant(house)["deed"].update(times=0),
    "the consent was taken back": _taken_back,
    "it is no consent": lambda house: _grant(house)["deed"].update(kind="consent.refuse"),
    "another level": lambda house: _onward(house)["deed"]["item"]["label"].update(
        level="KOR:mil-1"
    ),
    "another content": lambda house: _onward(house)["deed"]["item"].update(plaintext="none"),
    "no proof of where it comes from": lambda house: _onward(house)["deed"].pop("origin"),
    "one person where two are asked for": lambda house: _onward(house)["approvals"].pop(),
    "nobody approved it": lambda house: _onward(house).pop("approvals"),
    "the releaser did not sign the agreement": lambda house: _every(
        house, (JPN, USA), "treaty.sign", text="none"
    ),
    "the receiver did not sign it": lambda house: _every(
        house, (USA, JPN), "treaty.sign", text="none"
    ),
    "the originator's agreement was not notified": lambda house: _every(
        house, (KOR, JPN), "treaty.notify-requirements-met", text="none"
    ),
    "nobody drafted it": lambda house: house.drafters.clear(),
    "who drafted it approved it": lambda house: house.drafters.update(
        dict.fromkeys(house.drafters, "tanaka")
    ),
    "the originator's agreement was over": _over,
    "no word was given": lambda house: _every(house, (USA, JPN), "people.assure", until="2020"),
    "a contractor without a consent": lambda house: _handed(house)["deed"].pop("approval"),
    "another contractor": lambda house: _handed(house)["deed"].update(contractor="merlin"),
    "a contractor that lacks something": lambda house: _handed(house)["deed"].update(met=["a"]),
    "a contractor inspected long ago": lambda house: _handed(house)["deed"].update(
        inspected="2025-01-01T00:00:00.000Z"
    ),
    "its consent is no consent": lambda house: _cited(house, _handed(house))["deed"].update(
        kind="consent.refuse"
    ),
    "its consent is for another use": lambda house: _cited(house, _handed(house))["deed"].update(
        uses="third-party"
    ),
    "its consent is for another item": lambda house: _cited(house, _handed(house))["deed"].update(
        item={}
    ),
    "its consent had ended": lambda house: _cited(house, _handed(house))["deed"].update(
        until="2020"
    ),
    "its consent was not seen": lambda house: _handed(house)["seen"].update(
        size=_handed(house)["deed"]["approval"]["index"]
    ),
    "its consent was used too often": lambda house: _cited(house, _handed(house))["deed"].update(
        times=0
    ),
    "its consent was taken back": lambda house: _back(house, _handed(house)),
    "a copy went to two": _twice,
    "a copy that nobody signed for": lambda house: _every(
        house, (JPN, KOR), "delivery.receipt", copy=9
    ),
    "an item of elsewhere to a contractor": lambda house: _handed(house)["deed"].update(
        item={"log": "comity/USA/to/JPN", "index": 1}
    ),
    "a contractor under another text": lambda house: _handed(house)["deed"].update(
        agreement="none"
    ),
    "lowered without a consent": lambda house: _lowered(house)["deed"].pop("approval"),
    "lowered to another level": lambda house: _lowered(house)["deed"].update(level="KOR:mil-1"),
    "lowered twice under one consent": lambda house: _cited(house, _lowered(house))["deed"].update(
        times=0
    ),
    "lowered under what was taken back": lambda house: _back(house, _lowered(house)),
    "lowered before the consent was seen": lambda house: _lowered(house)["seen"].update(size=1),
    "marked lower than it is": _marked_before,
}


@pytest.mark.parametrize("what", BREACHES)
def test_what_must_not_leave_is_seen_by_the_checker(quiet: leaving.House, what: str) -> None:
    logs = json.loads(json.dumps(quiet.logs))
    drafters = dict(quiet.drafters)
    house = leaving.House(
        quiet.party,
        logs,
        quiet.document,
        quiet.authorities,
        quiet.wanted,
        drafters,
        quiet.vetoes,
    )
    leaving.check_left(house, _no_check)
    BREACHES[what](house)
    with pytest.raises(history.Broken, match="V4"):
        leaving.check_left(house, _no_check)


def test_a_content_or_a_key_without_a_release_is_seen(quiet: leaving.House) -> None:
    leaving.check_held(quiet, set(), set())
    for contents, keys in (
        ({"sha384:none"}, set[str]()),
        (set[str](), {"comity/KOR/to/JPN#0|JPN"}),
    ):
        with pytest.raises(history.Broken, match="V4"):
            leaving.check_held(quiet, contents, keys)


@pytest.fixture(scope="module")
def called_off() -> tuple[leaving.House, leaving.House]:
    """Seoul and Tokyo after a schedule: one request was answered, and one withdrawn."""
    for seed in range(1, 299):
        world = ThreeWorld(seed)
        world.run(STEPS)
        seoul, tokyo = _seen(world, KOR), _seen(world, JPN)
        if _ends(seoul, JPN, "answer") and _ends(tokyo, KOR, "withdraw"):
            return seoul, tokyo
    raise AssertionError("never was one answered and one withdrawn")


def _ends(house: leaving.House, peer: str, how: str) -> list[leaving.Leaf]:
    log = house.log(house.party, peer)
    return [one for one in log if one["deed"]["kind"] == f"request.{how}"]


def _of_itself(house: leaving.House) -> None:
    """An answer names the correspondence's first leaf, which is no release."""
    (*_, answer) = _ends(house, JPN, "answer")
    answer["deed"]["releases"] = [{"log": "comity/KOR/to/JPN", "index": 0}]


def _once_more(house: leaving.House) -> None:
    """A request that was withdrawn is withdrawn once more."""
    log = house.log(JPN, KOR)
    log.append(_ends(house, KOR, "withdraw")[0])  # type: ignore[attr-defined]


ENDS: dict[str, tuple[int, Callable[[leaving.House], object]]] = {
    "answered by what never left": (0, _of_itself),
    "answered by who asked": (
        1,
        lambda house: _ends(house, KOR, "withdraw")[0]["deed"].update(kind="request.answer"),
    ),
    "withdrawn by who was asked": (
        0,
        lambda house: _ends(house, JPN, "answer")[0]["deed"].update(kind="request.withdraw"),
    ),
    "withdrawn twice": (1, _once_more),
}


@pytest.mark.parametrize("what", ENDS)
def test_a_request_that_ends_otherwise_than_it_may_is_seen(
    called_off: tuple[leaving.House, leaving.House], what: str
) -> None:
    which, breach = ENDS[what]
    kept_ = called_off[which]
    logs = json.loads(json.dumps(kept_.logs))
    house = leaving.House(
        kept_.party, logs, kept_.document, kept_.authorities, kept_.wanted, kept_.drafters
    )
    leaving.check_left(house, _no_check)
    breach(house)
    with pytest.raises(history.Broken, match="request"):
        leaving.check_left(house, _no_check)
