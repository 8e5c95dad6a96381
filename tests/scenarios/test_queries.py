"""A receipt that differs: the query that it opens, what ends it, and the possible loss after it."""

import pytest

from comity.acts.deeds import Reserve, Stage
from comity.cli.words import result_lines
from comity.evidence.verify import verify
from comity.node import deciding, protecting, receiving, releases, replay, views
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf, key_of
from comity.seal.fingerprints import key_id
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import JPN, KOR, Pair, under_the_pact

DAY = 86400
QUERY, REPORT, BACK = "delivery.query", "incident.report", "delivery.return"


def given(two: Pair, *, level: str = "KOR:mil-2") -> ItemOf:
    """Seoul gives Tokyo an item, and Tokyo numbers and marks it."""
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level(level),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    with two.tokyo.store.reading() as tx:
        item = tx.get(ItemOf, key_of(entered.position))
    assert item is not None
    return item


def marked(two: Pair) -> ItemOf:
    item = given(two)
    registry = PersonId("suzuki")
    receiving.register(two.tokyo, item, officer=registry)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=registry)
    return item


def signed(two: Pair, item: ItemOf, *reserve: Reserve, pages: int | None = None) -> None:
    receiving.receipt(two.tokyo, item, custodian=PersonId("ito"), pages=pages, reserve=reserve)
    two.carry()


def owed(two: Pair, *kinds: str) -> dict[str, tuple[str, str, str, str]]:
    """Return who owes what under which article, since when and how; both houses say the same."""
    told = []
    for node, _ in two.links():
        with node.store.reading() as tx:
            shown = views.duties(tx, two.clock.now(), everything=True)
        told.append(
            {
                one["what"]: (one["who"], one["article"], one["since"], one["state"])
                for one in shown
                if one["what"] in (kinds or (QUERY, REPORT, BACK))
            }
        )
    assert told[0] == told[1]
    return told[0]


@pytest.mark.obligation("GSOMIA-12-a4")
def test_a_page_too_few_is_a_query_and_then_a_possible_loss() -> None:
    two = under_the_pact()
    item = marked(two)
    signed(two, item, Reserve.SHORT, pages=0)
    at = two.clock.now()
    assert owed(two) == {QUERY: (KOR, "12", at, "open")}
    two.clock.turn(14 * DAY + 1)
    overdue = plus_seconds(at, 14 * DAY)
    assert owed(two) == {
        QUERY: (KOR, "12", at, "overdue"),
        REPORT: (JPN, "17", overdue, "overdue"),
    }
    two.carry()
    fields = {"suspected": True, "discovered": two.clock.now(), "copies": [1]}
    protecting.protect(two.tokyo, item, "incident.report", fields, officer=PersonId("suzuki"))
    two.carry()
    # What is left to do is owed under Article 17 now.
    assert owed(two, QUERY, REPORT, "incident.investigate") == {
        QUERY: (KOR, "12", at, "discharged"),
        REPORT: (JPN, "17", overdue, "discharged"),
        "incident.investigate": (JPN, "17", two.clock.now(), "open"),
    }


@pytest.mark.obligation("GSOMIA-12-a4")
@pytest.mark.parametrize("late", [False, True])
def test_a_clear_receipt_ends_the_query_and_what_would_follow(late: bool) -> None:  # noqa: FBT001
    two = under_the_pact()
    item = marked(two)
    signed(two, item, Reserve.UNREADABLE)
    at = two.clock.now()
    two.clock.turn(20 * DAY if late else 3 * DAY)
    signed(two, item)
    two.clock.turn(40 * DAY)
    query = {QUERY: (KOR, "12", at, "discharged")}
    assert owed(two) == query | (
        {REPORT: (JPN, "17", plus_seconds(at, 14 * DAY), "discharged")} if late else {}
    )


def test_books_fold_again_alike_and_a_stranger_sees_both_receipts() -> None:
    two = under_the_pact()
    item = marked(two)
    signed(two, item, Reserve.SHORT, pages=0)
    signed(two, item)
    roots = {
        node.party: key_id(node.suite.signing_public(node.vault.root())) for node, _ in two.links()
    }
    for node, _ in two.links():
        assert replay.rebuild(node).differences == ()
        verified = verify(node.suite, evidence_for(node, item), roots=roots)
        assert verified.confirmed
        assert [one.kind for one in verified.statements].count("delivery.receipt") == 2


def test_a_second_reserve_leaves_the_clock_of_the_first() -> None:
    two = under_the_pact()
    item = marked(two)
    signed(two, item, Reserve.SHORT, pages=0)
    at = two.clock.now()
    two.clock.turn(10 * DAY)
    signed(two, item, Reserve.SHORT, pages=0)
    two.clock.turn(5 * DAY)
    assert owed(two, QUERY) == {QUERY: (KOR, "12", at, "overdue")}


@pytest.mark.parametrize("act", ["release.recall", "delivery.return"])
def test_what_is_asked_back_or_sent_back_is_no_query_any_more(act: str) -> None:
    two = under_the_pact()
    item = marked(two)
    signed(two, item, Reserve.DAMAGED)
    at = two.clock.now()
    if act == "release.recall":
        protecting.protect(two.seoul, item, act, {}, officer=PersonId("choi"))
    else:
        protecting.protect(two.tokyo, item, act, {"copy": 1}, officer=PersonId("ito"))
    two.carry()
    two.clock.turn(20 * DAY)
    assert owed(two, QUERY, REPORT) == {QUERY: (KOR, "12", at, "discharged")}


def test_a_torn_package_is_a_query_until_the_office_signs_a_clear_receipt() -> None:
    two = under_the_pact()
    item = marked(two)
    receiving.receipt(
        two.tokyo,
        item,
        custodian=PersonId("suzuki"),
        stage=Stage.PACKAGE,
        reserve=(Reserve.DAMAGED,),
    )
    two.carry()
    at = two.clock.now()
    assert owed(two) == {QUERY: (KOR, "12", at, "open")}
    signed(two, item)
    assert owed(two) == {QUERY: (KOR, "12", at, "discharged")}


def misdirected(two: Pair) -> ItemOf:
    item = given(two)
    receiving.receipt(
        two.tokyo,
        item,
        custodian=PersonId("suzuki"),
        stage=Stage.PACKAGE,
        reserve=(Reserve.MISDIRECTED,),
    )
    two.carry()
    return item


def test_what_came_to_the_wrong_place_goes_back_or_is_possibly_lost() -> None:
    two = under_the_pact()
    item = misdirected(two)
    at = two.clock.now()
    assert owed(two) == {BACK: (JPN, "12", at, "open")}
    two.clock.turn(14 * DAY + 1)
    overdue = plus_seconds(at, 14 * DAY)
    assert owed(two)[REPORT] == (JPN, "17", overdue, "overdue")
    protecting.protect(two.tokyo, item, BACK, {"copy": 1}, officer=PersonId("suzuki"))
    two.carry()
    assert {what: one[3] for what, one in owed(two).items()} == {
        BACK: "discharged",
        REPORT: "discharged",
    }


def test_what_went_back_in_time_was_never_possibly_lost() -> None:
    two = under_the_pact()
    item = misdirected(two)
    protecting.protect(two.tokyo, item, BACK, {"copy": 1}, officer=PersonId("suzuki"))
    two.carry()
    two.clock.turn(20 * DAY)
    assert {what: one[3] for what, one in owed(two).items()} == {BACK: "discharged"}


@pytest.mark.parametrize(
    ("lang", "query"),
    [("en", "query of a receipt under reserve"), ("ko", "유보"), ("ja", "留保")],
)
def test_a_query_is_told_with_its_article_and_its_clock(lang: str, query: str) -> None:
    two = under_the_pact()
    signed(two, marked(two), Reserve.SHORT, pages=0)
    two.clock.turn(15 * DAY)
    with two.tokyo.store.reading() as tx:
        lines = result_lines("duties", {"duties": views.duties(tx, two.clock.now())}, lang)
    (line,) = [one for one in lines if query in one]
    assert "12" in line
    assert "2026-12-08" in line
    assert any("17" in one for one in lines)
