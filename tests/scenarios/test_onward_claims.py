"""Passing on: the originator's terms hold for what an item is, not for what is said of it."""

import pytest

from comity.acts.judgements import Finding
from comity.node import deciding, receiving, releases
from comity.node.chancery import RefusedAct
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.support.pair import JPN, KOR, USA, Pair, under_the_pact


def wish(**changes: object) -> releases.Wish:
    terms: dict[str, object] = {
        "to": JPN,
        "offices": (Office("JPN/DIH"),),
        "by": Office("KOR/KDIA"),
        "level": Level("KOR:mil-2"),
        "subject": Subject("dprk.missile.launch"),
        "purpose": Purpose("defence.missile-warning"),
        "content": b"A fictional assessment.",
        "title": "Launch assessment",
    }
    return releases.Wish(**{**terms, **changes})  # type: ignore[arg-type]


@pytest.fixture
def two() -> Pair:
    return under_the_pact()


def pass_on(two: Pair, *, released: dict[str, object], **changes: object) -> list[Finding]:
    """Release an item to Tokyo, try to pass it on to Washington; return what objects."""
    laid = releases.lay_before(two.seoul, wish(**released), drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
    two.carry()
    with two.tokyo.store.reading() as tx:
        item = receiving.find_item(tx, KOR, entered[0].entry.deed.item.reference)
    onward: dict[str, object] = {
        "to": USA,
        "offices": (Office("USA/DOD"),),
        "by": Office("JPN/DIH"),
        "originator": KOR,
        "origin": receiving.position_of(item.key),
        **changes,
    }
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.tokyo, wish(**onward), drafter=PersonId("sato"))
    return [one for one in refusal.value.assessment.objections if one.agreement == "KOR-JPN-GSOMIA"]


def codes(objections: list[Finding]) -> list[str]:
    return [one.reason.code for one in objections]


@pytest.mark.obligation("GSOMIA-6-a")
@pytest.mark.parametrize("claimed", ["KOR", "USA", "AUS"])
def test_the_approval_to_ask_for_is_that_of_the_true_originator(two: Pair, claimed: str) -> None:
    found = pass_on(two, released={}, originator=Party(claimed))
    assert codes(found) == ["third-party.approval"]
    assert found[0].remedy.to == KOR  # type: ignore[union-attr]


def test_a_lower_claimed_label_does_not_widen_the_audience(two: Pair) -> None:
    found = pass_on(
        two, released={"releasable": (JPN,)}, level=Level("USA:unclassified"), releasable=()
    )
    assert codes(found) == ["third-party.not-releasable"]


@pytest.mark.obligation("GSOMIA-6-c")
def test_another_purpose_than_it_was_given_for_needs_approval(two: Pair) -> None:
    found = pass_on(two, released={}, purpose=Purpose("defence.planning"))
    assert codes(found) == ["third-party.approval", "purpose.approval"]
