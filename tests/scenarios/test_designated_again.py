"""A designation that ends is owed again while a copy is held (Korea-Japan 2016, Article 4)."""

from typing import Any

import pytest

from comity.agreement.text import bundle_bytes, open_bundle
from comity.node import protecting, receiving, replay
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.node.views import duties
from comity.register.rows import Designation, ItemOf
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Level, PersonId, Regime
from tests.scenarios.test_crossing import provide
from tests.support.pair import Pair, assure, conclude, enrol, gsomia, pair, under_the_pact

MORI, SUZUKI, ITO = PersonId("mori"), PersonId("suzuki"), PersonId("ito")
SPECIAL = "JPN:tokutei-himitsu"
DAY = 86_400


@pytest.fixture
def held() -> tuple[Pair, ItemOf]:
    """Tokyo holds one copy, receipted for, that its designating officer designates for ten days."""
    two = under_the_pact()
    item = provide(two)
    receiving.register(two.tokyo, item, officer=SUZUKI)
    designate(two, item, plus_seconds(two.clock.now(), 10 * DAY))
    receiving.re_mark(two.tokyo, item, level=Level(SPECIAL), regime=Regime(SPECIAL), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    two.carry()
    return two, item


def designate(two: Pair, item: ItemOf, until: Instant) -> None:
    regime, level = Regime(SPECIAL), Level(SPECIAL)
    receiving.designate(two.tokyo, item, regime=regime, level=level, until=until, officer=MORI)


def owed(two: Pair) -> list[tuple[str, bool]]:
    """Return what is owed of designations at Tokyo: when it is due, and whether it is late."""
    return [
        (one["due"], one["state"] == "overdue")
        for one in all_owed(two.tokyo)
        if one["what"] == "register.designate"
    ]


def all_owed(node: Node) -> list[dict[str, Any]]:
    with node.store.reading() as tx:
        return duties(tx, node.clock.now())


@pytest.mark.obligation("GSOMIA-4-6")
def test_the_next_designation_is_due_when_the_term_of_this_one_ends(
    held: tuple[Pair, ItemOf],
) -> None:
    two, item = held
    with two.tokyo.store.reading() as tx:
        (term,) = tx.within(Designation, item.key)
    assert owed(two) == [(term.until, False)]
    two.clock.turn(11 * DAY)
    assert owed(two) == [(term.until, True)]
    until = plus_seconds(two.clock.now(), 20 * DAY)
    designate(two, item, until)
    assert owed(two) == [(until, False)]
    assert replay.rebuild(two.tokyo).differences == ()
    # It is Tokyo's own affair, and Seoul's books know nothing of it.
    two.carry()
    assert "register.designate" not in {one["what"] for one in all_owed(two.seoul)}


def test_what_is_held_no_longer_is_not_designated_again(held: tuple[Pair, ItemOf]) -> None:
    two, item = held
    two.clock.turn(1)
    burnt = {"copy": "1", "method": "burn", "witnesses": "2", "emergency": "false"}
    protecting.protect(two.tokyo, item, "register.destroy", burnt, officer=ITO)
    assert owed(two) == []
    assert replay.rebuild(two.tokyo).differences == ()


def test_as_long_as_one_copy_is_left_it_is_designated_again(held: tuple[Pair, ItemOf]) -> None:
    two, item = held
    copied = {"copy": "1", "number": "2", "reason": "official-need"}
    protecting.protect(two.tokyo, item, "register.reproduce", copied, officer=ITO)
    for copy, left in (("1", 1), ("2", 0)):
        two.clock.turn(1)
        burnt = {"copy": copy, "method": "burn", "witnesses": "2", "emergency": "false"}
        protecting.protect(two.tokyo, item, "register.destroy", burnt, officer=ITO)
        assert len(owed(two)) == left
    # Designating what is gone is of no use, and owes nothing.
    designate(two, item, plus_seconds(two.clock.now(), 10 * DAY))
    assert owed(two) == []
    assert replay.rebuild(two.tokyo).differences == ()


def test_the_next_one_is_not_due_before_the_term_ends(held: tuple[Pair, ItemOf]) -> None:
    """A duty's time is in whole seconds: what is left of one is not taken away."""
    two, item = held
    until = Instant("2027-01-01T00:00:00.900Z")
    designate(two, item, until)
    assert [due for due, _ in owed(two) if due >= until] == ["2027-01-01T00:00:01.000Z"]


def designating(per: str) -> Pair:
    """Return two houses under a text by which one designates by item, or by category."""
    shipped = open_bundle(gsomia())
    source = shipped.source.replace("again = true", f'again = true\nper = "{per}"', 1)
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, bundle_bytes(source.encode(), shipped.cases.encode(), {}))
    assure(two)
    return two


@pytest.mark.parametrize("per", ["category", "item"])
def test_the_registry_marks_by_a_designation_of_the_category(per: str) -> None:
    two = designating(per)
    items = [provide(two, content) for content in (b"First.", b"Second.")]
    for item in items:
        receiving.register(two.tokyo, item, officer=SUZUKI)
    designate(two, items[0], plus_seconds(two.clock.now(), 10 * DAY))

    def mark() -> None:
        level, regime = Level(SPECIAL), Regime(SPECIAL)
        receiving.re_mark(two.tokyo, items[1], level=level, regime=regime, officer=SUZUKI)

    if per == "category":
        mark()
        assert replay.rebuild(two.tokyo).differences == ()
        return
    with pytest.raises(RefusedAct, match="designation"):
        mark()


def test_a_designation_of_the_category_that_has_ended_marks_nothing() -> None:
    two = designating("category")
    first, second = (provide(two, content) for content in (b"First.", b"Second."))
    designate(two, first, plus_seconds(two.clock.now(), DAY))
    two.clock.turn(2 * DAY)
    level, regime = Level(SPECIAL), Regime(SPECIAL)
    with pytest.raises(RefusedAct, match="designation"):
        receiving.re_mark(two.tokyo, second, level=level, regime=regime, officer=SUZUKI)
