"""A clearance, a need or a place on a list that is withdrawn bites at once, and undoes nothing."""

from types import SimpleNamespace

import pytest

from comity.acts.deeds import Role
from comity.assemble.commands import COMMANDS
from comity.node import people, reading
from comity.node.chancery import RefusedAct
from comity.node.replay import rebuild
from comity.register.rows import WITHDRAWN, Assignment, Clearance, FacilityLine, ItemOf, Need
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Office, PersonId
from tests.scenarios.test_crossing import provide
from tests.support.pair import (
    ADMIN,
    Pair,
    entitle,
    give,
    under_the_pact,
)

ABE, UEDA, SUZUKI = PersonId("abe"), PersonId("ueda"), PersonId("suzuki")
LEVEL, SUBJECT = "JPN:gokuhi", "dprk.missile"


@pytest.fixture
def held() -> tuple[Pair, ItemOf]:
    """Tokyo holds an item that was given to Abe."""
    two = under_the_pact()
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


def test_a_clock_that_was_set_back_revives_nothing(held: tuple[Pair, ItemOf]) -> None:
    """The withdrawal is stamped minutes ahead of the register ledger, and holds all the same."""
    two, item = held
    two.clock.turn(240)
    entitle(two.tokyo, "sato", level=LEVEL, subject=SUBJECT)
    two.clock.turn(-240)
    people.withdraw(two.tokyo, lines(two, person="abe"), actor=ADMIN)
    assert lines(two, person="abe") == []
    with pytest.raises(RefusedAct):
        reading.read(two.tokyo, item, person=ABE)
    assert rebuild(two.tokyo).differences == ()


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
            assert {one.until for one in tx.within(kind, "abe")} == {WITHDRAWN}
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
    for bad in ([], ["comity/JPN/journal#0"], [*found, item.key], ["x"], [""]):
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
    found = lines(two, person="abe")
    entered = people.withdraw(two.tokyo, [*found, *found], actor=UEDA)
    assert len(entered) == len(found)  # each once
    assert lines(two, person="abe") == []


def test_the_commands_withdraw_what_they_are_told_and_no_more(held: tuple[Pair, ItemOf]) -> None:
    two, _ = held
    house = SimpleNamespace(node=two.tokyo, store=two.tokyo.store)

    def run(command: str, **args: str) -> list[dict[str, str]]:
        return COMMANDS[command](house, {"as": ADMIN, **args})["withdrawn"]

    with pytest.raises(Invalid):
        run("person.withdraw", person="abe", level=LEVEL, subject=SUBJECT)
    (one,) = run("person.withdraw", person="abe", level=LEVEL)
    assert (one["person"], one["level"], one["subject"]) == ("abe", LEVEL, "")
    assert len(lines(two, person="abe")) == 2
    with pytest.raises(Refused) as none:
        run("person.withdraw", person="abe", level=LEVEL)
    assert none.value.code == "refused.person.no-line"
    ended = run("facility.withdraw", facility="JPN/DIH")
    assert {one["facility"] for one in ended} == {"JPN/DIH"}
    assert {one["person"] for one in ended} == {"abe", ADMIN}  # its list, and who answers for it
    assert len(lines(two, person="abe")) == 1
    (last,) = run("person.withdraw", person="abe")
    assert last["subject"] == SUBJECT
    with pytest.raises(Refused) as role:
        run("facility.withdraw", facility="JPN/DIH", **{"as": "suzuki"})
    assert role.value.code == "refused.person.role"
