"""Releases as a list: laid, approved and released together, or not at all."""

import pytest
from msgspec import structs

from comity.acts.deeds import Approve
from comity.acts.entries import decode_entry
from comity.node import deciding, outgoing, releases
from comity.node.chancery import RefusedAct
from comity.node.ports import Space
from comity.register.rows import Draft, ItemOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import correspondence, journal
from comity.vocabulary.names import PersonId, Subject
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import JPN, KOR, Pair, under_the_pact

OURS = correspondence(KOR, JPN)


@pytest.fixture
def agreed() -> Pair:
    return under_the_pact()


def journal_deeds(two: Pair) -> list[object]:
    with two.seoul.store.reading() as tx:
        log = journal(KOR)
        leaves = tx.leaves(log, 0, tx.frontier(log).size)
    return [decode_entry(leaf).deed for leaf in leaves]


def test_a_list_is_approved_with_one_signature_and_crosses(agreed: Pair) -> None:
    wishes = [structs.replace(wish(), title=f"Assessment {number}") for number in range(7)]
    laid = releases.lay_list_before(agreed.seoul, wishes, drafter=KIM)
    assert len({one.deed for one in laid}) == len(wishes)
    with agreed.seoul.store.reading() as tx:
        drafts = releases.open_drafts(agreed.seoul, tx, [one.deed for one in laid])
    assert [one.particulars.title for one in drafts] == [one.title for one in wishes]
    entered = deciding.approve(agreed.seoul, [one.deed for one in laid], authority=PARK)
    assert len(entered) == len(wishes)
    assert sum(isinstance(one, Approve) for one in journal_deeds(agreed)) == 1
    assert len({one.entry.approvals[0].document for one in entered}) == 1
    agreed.carry()
    with agreed.tokyo.store.reading() as tx:
        assert len(tx.within(ItemOf, OURS)) == len(wishes)
    with agreed.seoul.store.reading() as tx:
        assert outgoing.acknowledged(tx, KOR, JPN) == tx.frontier(OURS).size
        assert releases.waiting(tx) == ()
        assert tx.keys(Space.DRAFT) == ()


def test_one_that_is_refused_keeps_the_whole_list_back(agreed: Pair) -> None:
    bad = structs.replace(wish(), subject=Subject("economy.trade"))
    with pytest.raises(RefusedAct):
        releases.lay_list_before(agreed.seoul, [wish(), bad, wish()], drafter=KIM)
    with agreed.seoul.store.reading() as tx:
        assert tx.within(Draft, "drafts") == ()
        assert tx.keys(Space.DRAFT) == ()


def test_a_list_with_a_draft_that_does_not_wait_is_not_released(agreed: Pair) -> None:
    laid = releases.lay_list_before(agreed.seoul, [wish(), wish()], drafter=KIM)
    deciding.decline(agreed.seoul, laid[1].deed, authority=PARK)
    with pytest.raises(Refused) as refusal:
        deciding.approve(agreed.seoul, [one.deed for one in laid], authority=PARK)
    assert refusal.value.code == "refused.release.no-draft"
    with agreed.seoul.store.reading() as tx:
        assert tx.within(ItemOf, OURS) == ()
        assert [one.key for one in releases.waiting(tx)] == [laid[0].deed]


def test_only_a_desk_officer_lays_a_list(agreed: Pair) -> None:
    with pytest.raises(Refused):
        releases.lay_list_before(agreed.seoul, [wish()], drafter=PersonId("park"))
