"""The web of agreements drawn: nothing hides another thing, with three parties and with twenty."""

from itertools import combinations

import pytest
from msgspec import structs

from comity.agreement import shipped
from comity.agreement.net import Net, Thing
from comity.agreement.network import reach
from comity.agreement.text import Agreement
from comity.console.pages.web import drawn, hubs_of
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Level, Party, Purpose, Subject

TEXTS = shipped.newest()
AT = Instant("2026-11-28T00:00:00.000Z")


def many(parties: int, agreements: int) -> tuple[Agreement, ...]:
    """Return agreements of two among so many parties, and one of five of them."""
    names = [Party(f"P{number:02d}") for number in range(parties)]
    pairs = list(combinations(range(parties), 2))
    step = max(1, len(pairs) // agreements)
    two = [(names[one], names[other]) for one, other in pairs[::step][: agreements - 1]]
    first = TEXTS[0]
    return tuple(
        structs.replace(
            first,
            meta=structs.replace(first.meta, id=AgreementId(f"PACT-{number}"), parties=between),
            clauses=(),
        )
        for number, between in enumerate((*two, tuple(names[:5])), start=1)
    )


def apart(picture: dict) -> None:
    """See that no box and no party lies on another, and all within the picture."""
    dot = picture["dot"]
    boxes = [(one["x"], one["y"], one["wide"] / 2, 11) for one in picture["boxes"]]
    rounds = [(one["x"], one["y"], dot, dot) for one in picture["parties"]]
    for one, other in combinations([*boxes, *rounds], 2):
        across = abs(one[0] - other[0]) < one[2] + other[2]
        down = abs(one[1] - other[1]) < one[3] + other[3]
        assert not (across and down), (one, other)
    for x, y, wide, high in [*boxes, *rounds]:
        assert wide <= x <= picture["wide"] - wide
        assert high <= y <= picture["high"] - high


def test_what_ships_is_drawn_with_names_and_its_hub() -> None:
    picture = drawn(TEXTS, (), origin="KOR")
    apart(picture)
    assert {one["said"] for one in picture["boxes"]} == {f"{one.id} {one.version}" for one in TEXTS}
    assert [one["name"] for one in picture["parties"] if one["hub"]] == ["USA"]
    assert hubs_of(TEXTS) == {Party("USA"): ("TISA", "TRILATERAL-WARNING")}


@pytest.mark.parametrize(("parties", "agreements"), [(3, 3), (8, 12), (20, 40), (20, 80)])
def test_nothing_hides_another_thing(parties: int, agreements: int) -> None:
    picture = drawn(many(parties, agreements), (), origin="P00")
    apart(picture)
    assert len(picture["parties"]) == parties
    assert len(picture["boxes"]) == agreements
    assert len({one["said"] for one in picture["boxes"]}) == agreements


def test_a_way_is_drawn_on_the_lines_that_it_takes() -> None:
    thing = Thing(
        originator=Party("KOR"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk"),
        purpose=Purpose("defence"),
    )
    net = Net(agreements=TEXTS, at=AT).without(AgreementId("KOR-JPN-GSOMIA"))
    found = [one.route for one in reach(net, thing)]
    picture = drawn(TEXTS, found, origin="KOR", ended="KOR-JPN-GSOMIA")
    on = {one["name"].split()[0] for one in picture["boxes"] if one["on"]}
    assert "USA-JPN-GSOMIA" in on
    assert "KOR-JPN-GSOMIA" not in on
    assert [one["name"] for one in picture["boxes"] if one["ended"]] == ["KOR-JPN-GSOMIA 2016"]
    assert {one["name"] for one in picture["parties"] if one["reached"]} == {"JPN", "USA"}
