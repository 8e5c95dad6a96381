"""Between dispatch and receipt: who answers, what is carried, what came to the wrong place."""

import pytest

from comity.acts.deeds import Reserve, Stage
from comity.agreement.text import bundle_bytes, open_bundle
from comity.node import (
    answering,
    deciding,
    protecting,
    reading,
    receiving,
    releases,
    replay,
    views,
)
from comity.node.chancery import RefusedAct
from comity.register.rows import Copy, ItemOf, key_of
from comity.vocabulary.errors import Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import JPN, KOR, Pair, assure, conclude, enrol, gsomia, pair

CHOI, SUZUKI, ITO = PersonId("choi"), PersonId("suzuki"), PersonId("ito")


def houses(passes: str = "receipt") -> Pair:
    two = pair()
    enrol(two)
    two.carry()
    shipped = open_bundle(gsomia())
    source = shipped.source.replace('custody_passes = "receipt"', f'custody_passes = "{passes}"')
    conclude(two, bundle_bytes(source.encode(), shipped.cases.encode(), {}))
    assure(two)
    return two


def crossed(two: Pair, form: Form = Form.ELECTRONIC) -> dict:
    """Release an item to Tokyo; return it as each house has it."""
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"" if form is Form.EQUIPMENT else b"A fictional assessment.",
        title="Launch assessment",
        form=form,
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    found = {}
    for who, node in two.nodes.items():
        with node.store.reading() as tx:
            found[who] = tx.get(ItemOf, key_of(entered.position))
    return found


def answers(two: Pair, items: dict) -> set:
    """Return who answers for an item, in the book of either house."""
    found = set()
    for who, node in two.nodes.items():
        with node.store.reading() as tx:
            found.add(
                (answering.answers_for(node, tx, items[who]), answering.on_the_way(tx, items[who]))
            )
    return found


@pytest.mark.obligation("GSOMIA-9-1")
@pytest.mark.obligation("GSOMIA-9-2")
@pytest.mark.parametrize(
    ("passes", "answering_then"),
    [("dispatch", [JPN, JPN, JPN]), ("delivery", [KOR, JPN, JPN]), ("receipt", [KOR, KOR, JPN])],
)
def test_somebody_answers_for_the_item_at_every_moment(passes, answering_then) -> None:
    two = houses(passes)
    items = crossed(two)
    assert answers(two, items) == {(answering_then[0], True)}
    receiving.register(two.tokyo, items[JPN], officer=SUZUKI)
    receiving.re_mark(two.tokyo, items[JPN], level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, items[JPN], custodian=SUZUKI, stage=Stage.PACKAGE)
    two.carry()
    assert answers(two, items) == {(answering_then[1], True)}
    # Who answers looks into a loss on the way, and owes it from the report on.
    lost = {"suspected": False, "copies": [], "discovered": two.clock.now()}
    told = protecting.protect(two.tokyo, items[JPN], "incident.report", lost, officer=SUZUKI)
    owes = {str(one.who) for one in told.assessment.effect.duties
            if one.what == "incident.investigate"}  # fmt: skip
    assert owes == {JPN, answering_then[1]}
    receiving.receipt(two.tokyo, items[JPN], custodian=ITO)
    two.carry()
    assert answers(two, items) == {(answering_then[2], False)}


def carried(two: Pair, who, items: dict, officer, **fields):
    stated = {"copy": 1, "sealed": True, "covered": True, "signed": True, **fields}
    node = two.nodes[who]
    done = protecting.protect(node, items[who], "delivery.hand-over", stated, officer=officer)
    two.carry()
    return done


@pytest.mark.obligation("GSOMIA-12-b")
def test_equipment_goes_from_hand_to_hand_and_the_chain_has_no_gap() -> None:
    two = houses()
    items = crossed(two, Form.EQUIPMENT)
    with pytest.raises(RefusedAct, match="gap"):
        carried(two, KOR, items, CHOI, step=2, courier="diplomatic")
    with pytest.raises(RefusedAct, match="uncovered"):
        carried(two, KOR, items, CHOI, step=1, courier="diplomatic", sealed=False)
    with pytest.raises(RefusedAct, match="no-taker"):
        carried(two, KOR, items, CHOI, step=1)
    carried(two, KOR, items, CHOI, step=1, courier="diplomatic")
    receiving.register(two.tokyo, items[JPN], officer=SUZUKI)
    receiving.re_mark(two.tokyo, items[JPN], level=Level("JPN:gokuhi"), officer=SUZUKI)
    with pytest.raises(RefusedAct, match="chain"):
        receiving.receipt(two.tokyo, items[JPN], custodian=ITO)
    # The other side saw the first step: the next one, in its own log, is the second.
    with pytest.raises(RefusedAct, match="gap"):
        carried(two, JPN, items, SUZUKI, step=1, taker="JPN/DIH")
    with pytest.raises(RefusedAct, match="hand-over-unsigned"):
        carried(two, JPN, items, SUZUKI, step=2, taker="JPN/DIH", signed=False)
    carried(two, JPN, items, SUZUKI, step=2, taker="JPN/DIH")
    receiving.receipt(two.tokyo, items[JPN], custodian=ITO)
    two.carry()
    for who, node in two.nodes.items():
        with node.store.reading() as tx:
            shown = views.item_view(tx, items[who], house=who)
        assert sorted((one["stage"], one["office"]) for one in shown["receipts"]) == [
            ("document", "JPN/DIH"),
            ("hand-over", ""),
            ("hand-over", "JPN/DIH"),
        ]
        assert replay.rebuild(node).differences == ()


@pytest.mark.obligation("GSOMIA-12-b")
def test_what_is_sent_is_not_carried() -> None:
    two = houses()
    items = crossed(two)
    with pytest.raises(RefusedAct, match="not-carried"):
        carried(two, KOR, items, CHOI, step=1, courier="diplomatic")


@pytest.mark.obligation("GSOMIA-12-e")
def test_what_came_to_the_wrong_place_is_told_sent_back_and_never_held() -> None:
    two = houses()
    items = crossed(two)
    with pytest.raises(Refused, match="not-registered"):
        receiving.receipt(two.tokyo, items[JPN], custodian=SUZUKI, stage=Stage.PACKAGE)
    receiving.receipt(
        two.tokyo,
        items[JPN],
        custodian=SUZUKI,
        stage=Stage.PACKAGE,
        reserve=(Reserve.MISDIRECTED,),
    )
    two.carry()
    # The provider is told, answers for it again, and sees that it is owed back.
    assert answers(two, items) == {(KOR, True)}
    for node in two.nodes.values():
        with node.store.reading() as tx:
            owed = {(one["who"], one["what"]) for one in views.duties(tx, two.clock.now())}
        assert (JPN, "delivery.return") in owed
        assert (JPN, "delivery.receipt") not in owed
    with pytest.raises(RefusedAct, match="misdirected-held"):
        receiving.register(two.tokyo, items[JPN], officer=SUZUKI)
    protecting.protect(two.tokyo, items[JPN], "delivery.return", {"copy": 1}, officer=SUZUKI)
    two.carry()
    for who, node in two.nodes.items():
        with node.store.reading() as tx:
            assert [one.state for one in tx.within(Copy, items[who].key)] == ["returned"]
            owed = {one["what"] for one in views.duties(tx, two.clock.now())}
        assert "delivery.return" not in owed
        assert replay.rebuild(node).differences == ()


def test_what_is_carried_has_no_file_and_nothing_is_read_of_it_there() -> None:
    two = houses()
    with pytest.raises(Refused, match=r"release\.shown"):
        crossed(two, Form.MAGNETIC)
    items = crossed(two, Form.EQUIPMENT)
    assert {one.ciphertext for one in items.values()} == {""}
    # At home the words that belong to it are read; there nothing is, and it is said why.
    assert reading.opened(two.seoul, items[KOR], holder=KOR)[1].title == "Launch assessment"
    with pytest.raises(Refused, match=r"item\.shown"):
        reading.opened(two.tokyo, items[JPN], holder=Office("JPN/DIH"))
