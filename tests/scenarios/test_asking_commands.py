"""The commands as people call them: asked, granted, passed on, taken back, requested, answered."""

from types import SimpleNamespace
from typing import Any

import pytest

from comity.assemble.commands import COMMANDS
from comity.node import requests
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party
from tests.scenarios.test_onward import made, received
from tests.support.pair import JPN, KOR, USA
from tests.support.three import Three


@pytest.fixture
def houses() -> Three:
    return made()


def do(houses: Three, party: Party, command: str, **args: object) -> dict[str, Any]:
    node = houses.nodes[party]
    done = COMMANDS[command](SimpleNamespace(node=node, store=node.store), args)  # type: ignore[arg-type]
    houses.carry()
    return done


def test_from_the_question_to_the_acknowledged_withdrawal(houses: Three) -> None:
    item: ItemOf = received(houses)
    asked = do(
        houses,
        JPN,
        "consent.ask",
        item=item.reference,
        third_party="USA",
        times="2",
        **{"as": "sato"},
    )
    at = f"{asked['log']}#{asked['index']}"
    do(houses, KOR, "consent.grant", consent=at, **{"as": "park"})
    laid = do(
        houses, JPN, "pass-on", item=item.reference, to="USA", offices=["USA/DIA"], **{"as": "sato"}
    )
    released = do(houses, JPN, "approve", drafts=[laid["draft"][7:23]], **{"as": "tanaka"})
    number = released["released"][0]["reference"]
    shown = do(houses, USA, "register.show", item=number)
    assert (shown["originator"], shown["from"]) == ("KOR", "JPN")
    do(houses, KOR, "consent.withdraw", consent=at, **{"as": "park"})
    do(houses, JPN, "consent.acknowledge", consent=at, **{"as": "sato"})
    (view,) = do(houses, KOR, "consent.list")["consents"]
    assert (view["state"], view["used"], view["acknowledged"], view["concurrent"]) == (
        "withdrawn",
        1,
        True,
        [],
    )


def test_a_question_names_one_use(houses: Three) -> None:
    item = received(houses)
    for uses in ({}, {"third_party": "USA", "purpose": "defence.planning"}):
        with pytest.raises(Invalid):
            do(houses, JPN, "consent.ask", item=item.reference, **uses, **{"as": "sato"})
    with pytest.raises(Invalid):
        do(
            houses,
            JPN,
            "consent.ask",
            item=item.reference,
            third_party="USA",
            times="none",
            **{"as": "sato"},
        )


@pytest.mark.obligation("SEED-9")
def test_requests_from_the_command_line(houses: Three) -> None:
    wanted = {
        "to": "KOR",
        "offices": ["KOR/KDIA"],
        "subject": "dprk.missile.launch",
        "purpose": "defence.missile-warning",
        "title": "Launches",
        "as": "sato",
    }
    first, second, third = (do(houses, JPN, "request.ask", **wanted) for _ in range(3))
    at = [f"{one['log']}#{one['index']}" for one in (first, second, third)]
    item = received(houses)
    do(houses, KOR, "request.answer", request=at[0], release=[item.reference], **{"as": "kim"})
    do(houses, KOR, "request.decline", request=at[1], **{"as": "kim"})
    do(houses, JPN, "request.withdraw", request=at[2], **{"as": "sato"})
    found = {one["request"]: one for one in do(houses, KOR, "request.list")["requests"]}
    assert [found[one]["state"] for one in at] == ["answered", "declined", "withdrawn"]
    assert found[at[0]]["releases"] == [item.key]


@pytest.mark.obligation("SEED-9")
def test_who_asked_what_and_when_stands_and_the_clock_runs(houses: Three) -> None:
    wanted = {
        "to": "KOR",
        "offices": ["KOR/KDIA"],
        "subject": "dprk.missile.launch",
        "purpose": "defence.missile-warning",
        "title": "Launches",
        "as": "sato",
    }
    begun = houses.clock.now()
    do(houses, JPN, "request.ask", **wanted)
    (asked,) = requests.listed(houses.nodes[KOR])
    assert asked.request.at == begun
    assert (asked.request.office, asked.request.subject) == ("JPN/DIH", wanted["subject"])
    assert (asked.state, asked.overdue) == ("open", False)
    houses.clock.turn(15 * 86400)
    (asked,) = requests.listed(houses.nodes[KOR])
    assert asked.overdue
