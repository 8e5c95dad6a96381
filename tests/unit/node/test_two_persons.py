"""Two persons decide: on entering, and again, from what was signed, before anything leaves.

On a real database, because half of what is tried here is written into it by hand.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Role
from comity.acts.documents import AnyApproval
from comity.acts.entries import decode_entry
from comity.acts.parts import Approval
from comity.ledger.approvals import approvals_of, sign_approval
from comity.node import deciding, outgoing, people, releases, setup
from comity.node.chancery import Act, RefusedAct, enter
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.signing import by_key_file
from comity.store.sqlite import FILE
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    Pair,
    assure,
    conclude,
    enrol,
    epochs,
    pair,
    text_of,
    where,
)
from tests.support.stores import on_disk

KIM, PARK, LEE = PersonId("kim"), PersonId("park"), PersonId("lee")


def founded(tmp_path: Path, *, approvals: int = 2) -> Pair:
    """Two houses under the pact; Seoul's profile asks for so many persons; park and lee decide."""
    two = pair(stores={KOR: on_disk(tmp_path / "seoul")})
    seoul = two.seoul
    profile = text_of("profile-KOR.md").replace(b"approvals = 1", b"approvals = %d" % approvals)
    setup.adopt_profile(seoul, profile, actor=ADMIN)
    people.add_person(
        seoul,
        LEE,
        name="lee",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=seoul.suite.signing_public(seoul.vault.person(LEE)),
        actor=ADMIN,
    )
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    return two


def laid(two: Pair, *, drafter: PersonId = KIM) -> releases.Digest:
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
        pages=4,
    )
    return releases.lay_before(two.seoul, wish, drafter=drafter).deed


def test_the_first_approval_is_kept_and_the_second_releases(tmp_path: Path) -> None:
    two = founded(tmp_path)
    name = laid(two)
    assert deciding.approve(two.seoul, [name], authority=PARK) == ()
    with two.seoul.store.reading() as tx:
        assert [one.key for one in releases.waiting(tx)] == [name]
        assert [one.person for one in deciding.given(two.seoul, tx, name)] == [PARK]
    (entered,) = deciding.approve(two.seoul, [name], authority=LEE)
    assert isinstance(entered.entry.approvals, tuple)
    assert len(entered.entry.approvals) == 2
    two.carry()
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()
        size = tx.frontier(correspondence(KOR, JPN)).size
        assert outgoing.acknowledged(tx, KOR, JPN) == size


def test_two_who_approve_at_the_same_time_are_two(tmp_path: Path) -> None:
    """The other one approves between the reading and the entering: it is said, and not lost."""
    two = founded(tmp_path)
    name = laid(two)

    def meanwhile(node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
        deciding.approve(two.seoul, [name], authority=LEE)
        return by_key_file(node, person, names)

    with pytest.raises(Unavailable, match=r"unavailable\.conflict"):
        deciding.approve(two.seoul, [name], authority=PARK, sign=meanwhile)
    assert len(deciding.approve(two.seoul, [name], authority=PARK)) == 1


def test_the_same_person_twice_is_one_person(tmp_path: Path) -> None:
    two = founded(tmp_path)
    name = laid(two)
    for _ in range(3):
        assert deciding.approve(two.seoul, [name], authority=PARK) == ()
    with two.seoul.store.reading() as tx:
        assert len(deciding.given(two.seoul, tx, name)) == 1


def test_the_same_person_under_a_new_key_is_one_person(tmp_path: Path) -> None:
    two = founded(tmp_path)
    name = laid(two)
    deciding.approve(two.seoul, [name], authority=PARK)
    seoul = two.seoul
    seoul.vault.keys["person park"] = seoul.suite.generate_signing()  # type: ignore[attr-defined]
    people.add_person(
        seoul,
        PARK,
        name="park",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=seoul.suite.signing_public(seoul.vault.person(PARK)),
        actor=ADMIN,
    )
    setup.publish_directory(seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now()))
    assert deciding.approve(two.seoul, [name], authority=PARK) == ()


def in_both_roles(two: Pair, person: PersonId) -> None:
    """Let a person draft and decide."""
    people.add_person(
        two.seoul,
        person,
        name=person,
        office=Office("KOR/KDIA"),
        roles=(Role.DESK, Role.RELEASING),
        key=two.seoul.suite.signing_public(two.seoul.vault.person(person)),
        actor=ADMIN,
    )


def approved_by_its_drafter(tmp_path: Path) -> Pair:
    """Return houses in whose books a release stands that its own drafter approved, by hand."""
    two = founded(tmp_path, approvals=1)
    in_both_roles(two, KIM)
    setup.publish_directory(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now()))
    entered_by_hand(two, signers=(KIM,))
    return two


def test_who_drafted_does_not_decide(tmp_path: Path) -> None:
    two = founded(tmp_path)
    in_both_roles(two, PARK)
    name = laid(two, drafter=PARK)
    with pytest.raises(Refused, match=r"refused\.release\.second-person"):
        deciding.approve(two.seoul, [name], authority=PARK)


def test_a_draft_that_one_approved_is_declined_by_the_other_and_forgotten(tmp_path: Path) -> None:
    two = founded(tmp_path)
    name = laid(two)
    deciding.approve(two.seoul, [name], authority=PARK)
    deciding.decline(two.seoul, name, authority=LEE)
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()
    with pytest.raises(Refused, match=r"refused\.release\.no-draft"):
        deciding.approve(two.seoul, [name], authority=LEE)


def entered_by_hand(two: Pair, *, signers: tuple[PersonId, ...]) -> releases.Digest:
    """Enter a release with these approvals through the door, past the use case that counts."""
    seoul = two.seoul
    name = laid(two)
    with seoul.store.reading() as tx:
        draft = releases.open_draft(seoul, tx, name)
    papers = [sign_approval(seoul.suite, seoul.vault.person(one), [name]) for one in signers]
    approvals: list[Approval] = [one for paper in papers for one in approvals_of(paper, [name])]
    act = Act(
        deed=draft.deed,
        approvals=tuple(approvals),
        ciphertext=digest_of(draft.deed.item),
        keep={Space.DOCUMENT: {digest_of(paper): encode(paper) for paper in papers}},
        requested_by=KIM,
    )
    enter(seoul, [act])
    return name


def leaves_with(two: Pair) -> outgoing.Sent | None:
    return outgoing.next_pouch(two.seoul, JPN)


def test_one_approval_is_not_entered_where_two_are_asked_for(tmp_path: Path) -> None:
    two = founded(tmp_path)
    with pytest.raises(RefusedAct) as caught:
        entered_by_hand(two, signers=(PARK,))
    assert "profile.second-approval" in [
        one.reason.code for one in caught.value.assessment.objections
    ]
    with pytest.raises(RefusedAct):
        entered_by_hand(two, signers=(PARK, PARK))


def test_an_approval_of_another_deed_does_not_count(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    seoul, other = two.seoul, laid(two)
    paper = sign_approval(seoul.suite, seoul.vault.person(PARK), [other])
    name = laid(two)
    with seoul.store.reading() as tx:
        draft = releases.open_draft(seoul, tx, name)
    act = Act(
        deed=draft.deed,
        approvals=tuple(approvals_of(paper, [other])),
        ciphertext=digest_of(draft.deed.item),
        keep={Space.DOCUMENT: {digest_of(paper): encode(paper)}},
    )
    with pytest.raises(RefusedAct):
        enter(seoul, [act])


def forged(tmp_path: Path, statement: str, values: tuple[str, ...] = ()) -> None:
    """Write into Seoul's database as who holds its disk could."""
    with closing(sqlite3.connect(tmp_path / "seoul" / FILE)) as database:
        assert database.execute(statement, values).rowcount > 0
        database.commit()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE row_draft SET line = 0", "a line that says something else"),
        ("DELETE FROM row_draft", "nobody laid before"),
        ("UPDATE row_draft SET line = 9999", "not in the log"),
        ("UPDATE row_directory SET digest = 'sha384:' || hex(zeroblob(48))", "not published"),
        ('UPDATE row_profile SET "index" = 1', "says something else"),
        ("DELETE FROM row_profile", "adopted is gone"),
    ],
)
def test_a_row_forged_in_the_database_makes_nothing_leave(
    tmp_path: Path, statement: str, said: str
) -> None:
    two = founded(tmp_path, approvals=1)
    deciding.approve(two.seoul, [laid(two)], authority=PARK)
    assert leaves_with(two) is not None
    forged(tmp_path, statement)
    with pytest.raises(Invalid, match=r"invalid\.dispatch.*" + said):
        leaves_with(two)


def test_a_draft_that_is_said_to_be_anothers_makes_nothing_leave(tmp_path: Path) -> None:
    """Whoever drafted it could approve it, if the line of somebody else's draft stood for it."""
    two = founded(tmp_path, approvals=1)
    other, name = laid(two), laid(two)
    deciding.approve(two.seoul, [name], authority=PARK)
    assert leaves_with(two) is not None
    forged(
        tmp_path,
        "UPDATE row_draft SET line = (SELECT line FROM row_draft WHERE key = ?) WHERE key = ?",
        (other, name),
    )
    with pytest.raises(Invalid, match=r"invalid\.dispatch.*as another one"):
        leaves_with(two)


STRICT = text_of("profile-KOR.md").replace(b"approvals = 1", b"approvals = 2")


def test_what_was_decided_before_a_stricter_profile_leaves_after_it(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    deciding.approve(two.seoul, [laid(two)], authority=PARK)
    two.clock.turn(60)
    setup.adopt_profile(two.seoul, STRICT, actor=ADMIN)
    two.clock.turn(60)
    name = laid(two)
    for person in (PARK, LEE):
        deciding.approve(two.seoul, [name], authority=person)
    two.carry()
    log = correspondence(KOR, JPN)
    with two.tokyo.store.reading() as tx:
        there = [decode_entry(leaf) for leaf in tx.leaves(log, 0, tx.frontier(log).size)]
    released = [one.approvals for one in there if isinstance(one.deed, deeds.Release)]
    assert [len(one) for one in released if isinstance(one, tuple)] == [1, 2]


def test_of_several_profiles_that_of_its_time_counts(tmp_path: Path) -> None:
    two = founded(tmp_path)
    two.clock.turn(60)
    setup.adopt_profile(two.seoul, text_of("profile-KOR.md"), actor=ADMIN)
    deciding.approve(two.seoul, [laid(two)], authority=PARK)
    for profile in (STRICT, text_of("profile-KOR.md"), STRICT):
        two.clock.turn(60)
        setup.adopt_profile(two.seoul, profile, actor=ADMIN)
    assert leaves_with(two) is not None


@pytest.mark.parametrize("how", ["in the same moment", "no checkpoint", "another's checkpoint"])
def test_what_is_not_known_to_be_older_than_a_stricter_profile_does_not_leave(
    tmp_path: Path, how: str
) -> None:
    """That it was there before shows the house's own checkpoint, not the time in its bytes."""
    two = founded(tmp_path, approvals=1)
    deciding.approve(two.seoul, [laid(two)], authority=PARK)
    two.clock.turn(0 if how == "in the same moment" else 60)
    setup.adopt_profile(two.seoul, STRICT, actor=ADMIN)
    if how == "no checkpoint":
        forged(tmp_path, "DELETE FROM space_latest WHERE key LIKE 'comity/KOR/to/JPN|own|%'")
    if how == "another's checkpoint":
        seoul = two.seoul.vault
        seoul.keys["ledger"] = two.seoul.suite.generate_signing()  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match="fewer persons"):
        leaves_with(two)


def test_a_release_that_its_own_drafter_approved_does_not_leave(tmp_path: Path) -> None:
    two = approved_by_its_drafter(tmp_path)
    with pytest.raises(Invalid, match="own drafter"):
        leaves_with(two)


def test_a_line_of_the_journal_that_names_another_drafter_makes_nothing_leave(
    tmp_path: Path,
) -> None:
    """The leaf itself is written anew, past its guard; the tree has the hash of the former one."""
    two = approved_by_its_drafter(tmp_path)
    with closing(sqlite3.connect(tmp_path / "seoul" / FILE)) as database:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'leaf'"
        for (guard,) in database.execute(names).fetchall():
            database.execute(f"DROP TRIGGER {guard}")
        changed = database.execute(
            "UPDATE leaf SET leaf = CAST(replace(CAST(leaf AS TEXT), ?, ?) AS BLOB)"
            " WHERE CAST(leaf AS TEXT) LIKE '%release.propose%'",
            ('"actor":"kim"', '"actor":"lee"'),
        )
        assert changed.rowcount == 1
        database.commit()
    with pytest.raises(Invalid, match="not as it was entered"):
        leaves_with(two)


def test_what_was_decided_as_the_house_decides_leaves(tmp_path: Path) -> None:
    two = founded(tmp_path)
    entered_by_hand(two, signers=(PARK, LEE))
    sent = leaves_with(two)
    assert sent is not None
    with two.seoul.store.reading() as tx:
        last = decode_entry(tx.leaves(sent.log, sent.new - 1, sent.new)[0])
    assert isinstance(last.deed, deeds.Release)
