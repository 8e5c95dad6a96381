"""Who asks for the drafts is asked: forbidden is absent."""

from comity.node import people, releases
from comity.node.reading import authorise_drafts
from comity.vocabulary.names import PersonId
from tests.scenarios.test_crossing import wish
from tests.support.pair import ADMIN, KOR, PERSONS, under_the_pact


def test_a_draft_is_for_who_laid_it_and_for_who_decides() -> None:
    two = under_the_pact()
    office, roles = PERSONS[KOR]["kim"]
    people.add_person(
        two.seoul, PersonId("lee"), name="lee", office=office, roles=roles, key=None, actor=ADMIN
    )
    laid = {
        who: releases.lay_before(two.seoul, wish(who.encode()), drafter=PersonId(who)).deed
        for who in ("kim", "lee")
    }
    with two.seoul.store.reading() as tx:
        waiting = releases.waiting(tx)
        seen = {
            who: {row.key for row in authorise_drafts(tx, PersonId(who), waiting)}
            for who in (*PERSONS[KOR], "lee", "admin", "nobody")
        }
    assert seen.pop("park") == set(laid.values())
    assert seen.pop("kim") == {laid["kim"]}
    assert seen.pop("lee") == {laid["lee"]}
    assert set(map(len, seen.values())) == {0}
