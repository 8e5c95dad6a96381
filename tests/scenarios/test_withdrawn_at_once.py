"""A clearance, a need or a place on a list that is withdrawn bites at once, and undoes nothing."""

import pytest

from comity.acts.deeds import Role
from comity.node import people, reading
from comity.node.chancery import RefusedAct
from comity.node.replay import rebuild
from comity.register.rows import Assignment, Clearance, FacilityLine, ItemOf, Need
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, PersonId
from tests.scenarios.test_crossing import provide
from tests.support.pair import ADMIN, Pair, assure, conclude, enrol, entitle, give, pair

ABE, UEDA, SUZUKI = PersonId("abe"), PersonId("ueda"), PersonId("suzuki")
LEVEL, SUBJECT = "JPN:gokuhi", "dprk.missile"


@pytest.fixture
def held() -> tuple[Pair, ItemOf]:
    """Tokyo holds an item that was given to Abe."""
    two = pair()
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    item = provide(two)
    give(two.tokyo, item, ABE, level=LEVEL, subject=SUBJECT, officer=SUZUKI)
    return two, item


def lines(two: Pair, **like: str) -> list[str]:
    with two.tokyo.store.reading() as tx:
        return [one.key for one in people.living(tx, two.clock.now(), **like)]


@pytest.mark.parametrize(
    ("like", "code"),
    [
        ({"level": LEVEL}, "access"),
        ({"subject": SUBJECT}, "access"),
        ({"facility": "JPN/DIH"}, "roster"),
    ],
)
def test_what_is_withdrawn_lets_nobody_read_from_that_moment_on(
    held: tuple[Pair, ItemOf], like: dict[str, str], code: str
) -> None:
    two, item = held
    assert reading.read(two.tokyo, item, person=ABE)
    two.clock.turn(1)
    found = lines(two, person="abe", **like)
    assert len(found) == 1
    people.withdraw(two.tokyo, found, actor=ADMIN)
    with pytest.raises(RefusedAct) as refused:
        reading.read(two.tokyo, item, person=ABE)
    clauses = {one.clause for one in refused.value.assessment.objections}
    assert code in clauses, clauses
    # What was done before stays as it was: the assignment stands, and the books fold the same.
    with two.tokyo.store.reading() as tx:
        assert tx.within(Assignment, item.key)
    assert rebuild(two.tokyo).differences == ()
    with pytest.raises(Refused) as again:
        people.withdraw(two.tokyo, found, actor=ADMIN)
    assert again.value.code == "refused.person.no-line"
    # Entered again, it holds again.
    two.clock.turn(1)
    entitle(two.tokyo, "abe", level=LEVEL, subject=SUBJECT)
    assert reading.read(two.tokyo, item, person=ABE)


def test_somebody_who_leaves_loses_all_at_once_and_nobody_else_anything(
    held: tuple[Pair, ItemOf],
) -> None:
    two, _ = held
    entitle(two.tokyo, "sato", level=LEVEL, subject=SUBJECT)
    two.clock.turn(1)
    before = lines(two, person="sato")
    people.withdraw(two.tokyo, lines(two, person="abe"), actor=ADMIN)
    assert lines(two, person="abe") == []
    assert lines(two, person="sato") == before
    with two.tokyo.store.reading() as tx:
        now = two.clock.now()
        for kind in (Clearance, Need):
            assert all(one.until <= now for one in tx.within(kind, "abe"))
        officers = [one for one in tx.within(FacilityLine, "facilities") if one.what == "officer"]
    assert any(now < one.until for one in officers)


@pytest.mark.parametrize("who", ["suzuki", "sato", "ito"])
def test_only_who_keeps_these_books_withdraws(held: tuple[Pair, ItemOf], who: str) -> None:
    two, _ = held
    with pytest.raises(Refused) as refused:
        people.withdraw(two.tokyo, lines(two, person="abe"), actor=PersonId(who))
    assert refused.value.code == "refused.person.role"
    assert len(lines(two, person="abe")) == 3


def test_what_is_no_such_line_is_refused_and_nothing_else_is_withdrawn(
    held: tuple[Pair, ItemOf],
) -> None:
    two, item = held
    found = lines(two, person="abe")
    for bad in ([], ["comity/JPN/journal#0"], [*found, item.key]):
        with pytest.raises(Refused) as refused:
            people.withdraw(two.tokyo, bad, actor=ADMIN)
        assert refused.value.code == "refused.person.no-line"
    assert lines(two, person="abe") == found


def test_a_security_officer_withdraws(held: tuple[Pair, ItemOf]) -> None:
    two, _ = held
    people.add_person(
        two.tokyo, UEDA, name="Ueda", office=Office("JPN/MOD"), roles=(Role.SECURITY,), key=None,
        actor=ADMIN,
    )  # fmt: skip
    two.clock.turn(1)
    people.withdraw(two.tokyo, lines(two, person="abe"), actor=UEDA)
    assert lines(two, person="abe") == []
