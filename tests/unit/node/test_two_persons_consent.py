"""Two persons decide on a consent: on entering, and again, from what was signed, before it goes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Uses
from comity.acts.documents import AnyApproval
from comity.acts.parts import Approval
from comity.ledger.approvals import approvals_of, sign_approval
from comity.node import consents, deciding, granting, outgoing, protecting, receiving, setup
from comity.node.chancery import Act, Entered, RefusedAct, enter
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.signing import by_key_file
from comity.register.rows import AskOf, ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, PersonId
from tests.support.pair import ADMIN, JPN, KOR, USA, Pair, text_of
from tests.unit.node.test_two_persons import KIM, LEE, PARK, forged, founded, laid

SATO = PersonId("sato")
TO_USA = consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA)


def _profile(two: Pair, *changes: tuple[str, str]) -> None:
    text = text_of("profile-KOR.md").decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    setup.adopt_profile(two.seoul, text.encode(), actor=ADMIN)


def released(two: Pair) -> ItemOf:
    name = laid(two)
    entered = [deciding.approve(two.seoul, [name], authority=one) for one in (PARK, LEE)][-1]
    two.carry()
    deed = entered[0].entry.deed
    assert isinstance(deed, deeds.Release)
    with two.tokyo.store.reading() as tx:
        return receiving.find_item(tx, KOR, deed.item.reference)


def asked(two: Pair, terms: consents.Terms = TO_USA) -> AskOf:
    entered = consents.ask(two.tokyo, released(two), terms, officer=SATO)
    two.carry()
    with two.seoul.store.reading() as tx:
        return consents.find_ask(tx, f"{entered.position.log}#{entered.position.index}")


def state(two: Pair) -> consents.View:
    return consents.listed(two.seoul)[0]


def test_the_first_approval_waits_at_home_and_the_second_grants(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    with two.seoul.store.reading() as tx:
        before = tx.frontier(correspondence(KOR, JPN)).size
    assert granting.grant(two.seoul, question, authority=PARK) is None
    assert (state(two).state, state(two).approved) == ("asked", (PARK,))
    with two.seoul.store.reading() as tx:
        assert tx.frontier(correspondence(KOR, JPN)).size == before
    entered = granting.grant(two.seoul, question, authority=LEE)
    assert entered is not None
    assert isinstance(entered.entry.approvals, tuple)
    assert len(entered.entry.approvals) == 2
    two.carry()
    assert state(two).state == consents.listed(two.tokyo)[0].state == "granted"
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()


def test_the_same_person_twice_is_one_person(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    for _ in range(3):
        assert granting.grant(two.seoul, question, authority=PARK) is None
    assert state(two).approved == (PARK,)


def test_two_who_approve_at_the_same_time_are_two(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)

    def meanwhile(node: Node, person: PersonId, names: Sequence[Digest]) -> AnyApproval:
        granting.grant(two.seoul, question, authority=LEE)
        return by_key_file(node, person, names)

    with pytest.raises(Unavailable, match=r"unavailable\.conflict"):
        granting.grant(two.seoul, question, authority=PARK, sign=meanwhile)
    assert granting.grant(two.seoul, question, authority=PARK) is not None


def shown(two: Pair, question: AskOf) -> str:
    """Return what names the one deed that waits, as a page would carry it."""
    with two.seoul.store.reading() as tx:
        (one,) = granting.waiting(two.seoul, tx, question.key)
    return granting.digest_seen(one)


def test_who_comes_second_approves_the_deed_that_was_seen(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    sooner = plus_seconds(Instant(question.until), -86400)
    granting.grant(two.seoul, question, authority=PARK, until=sooner)
    entered = granting.grant(
        two.seoul, question, authority=LEE, seen=shown(two, question), times=question.times
    )
    assert entered is not None
    assert isinstance(entered.entry.deed, deeds.Grant)
    assert entered.entry.deed.until == sooner


def test_terms_that_the_first_changed_meanwhile_are_not_signed(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    granting.grant(two.seoul, question, authority=PARK)
    seen = shown(two, question)
    later = plus_seconds(Instant(question.until), 70 * 365 * 86400)
    granting.grant(two.seoul, question, authority=PARK, until=later, times=999_999)
    # What was seen does not wait any more; and what is left out is as asked, not as it waits.
    for more in (
        {"seen": seen},
        {},
        {"seen": shown(two, question), "times": 1},
        {"seen": shown(two, question), "until": Instant(question.until)},
    ):
        with pytest.raises(Refused, match=r"refused\.consent\.changed"):
            granting.grant(two.seoul, question, authority=LEE, **more)
    assert (state(two).state, state(two).approved) == ("asked", (PARK,))


def test_approved_then_changed_begins_anew(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    granting.grant(two.seoul, question, authority=PARK)
    assert granting.grant(two.seoul, question, authority=LEE, times=5) is None
    entered = granting.grant(two.seoul, question, authority=PARK, times=5)
    assert entered is not None
    assert isinstance(entered.entry.deed, deeds.Grant)
    assert entered.entry.deed.times == 5


def test_a_refusal_forgets_what_one_approved(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    granting.grant(two.seoul, question, authority=PARK)
    consents.refuse(two.seoul, question, authority=LEE)
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()
    with pytest.raises(RefusedAct, match=r"consent\.closed"):
        granting.grant(two.seoul, question, authority=LEE)


def test_what_no_approval_would_make_lawful_is_refused_to_the_first(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    two.clock.turn(8 * 86400)
    with pytest.raises(RefusedAct, match=r"consent\.over"):
        granting.grant(two.seoul, question, authority=PARK)
    with two.seoul.store.reading() as tx:
        assert tx.keys(Space.DRAFT) == ()


def test_an_approval_written_by_hand_is_not_believed(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    granting.grant(two.seoul, question, authority=PARK)
    with two.seoul.store.reading() as tx:
        (name,) = tx.keys(Space.DRAFT, prefix="consent|")
        raw = tx.load(Space.DRAFT, name)
    assert raw is not None
    with two.seoul.store.transaction() as writing:
        writing.save(Space.DRAFT, {name.replace(PARK, "kim"): raw})
    with pytest.raises(Invalid, match=r"invalid\.wrapped"):
        granting.grant(two.seoul, question, authority=LEE)


def test_a_consent_for_a_third_party_takes_what_a_release_to_it_takes(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    one = '[[delegations]]\noffice = "KOR/KDIA"\nlevels = ["KOR:mil-2", "KOR:mil-3"]\n'
    about = 'subjects = ["dprk", "defence", "regional.naval", "exercise"]\n'
    strict = f'{one}to = ["JPN"]\n{about}approvals = 1\n\n{one}to = ["USA"]\n{about}approvals = 2\n'
    _profile(two, (f'{one}to = ["JPN", "USA"]\n{about}approvals = 1\n', strict))
    assert granting.grant(two.seoul, question, authority=PARK) is None
    assert granting.grant(two.seoul, question, authority=LEE) is not None
    _profile(two, (f'{one}to = ["JPN", "USA"]\n', f'{one}to = ["JPN"]\n'))
    again = asked_again(two, question)
    assert granting.grant(two.seoul, again, authority=PARK) is not None


def asked_again(two: Pair, question: AskOf) -> AskOf:
    two.carry()
    with two.tokyo.store.reading() as tx:
        item = tx.get(ItemOf, question.scope)
    assert item is not None
    entered = consents.ask(two.tokyo, item, TO_USA, officer=SATO)
    two.carry()
    with two.seoul.store.reading() as tx:
        return consents.find_ask(tx, f"{entered.position.log}#{entered.position.index}")


def by_hand(two: Pair, question: AskOf, *signers: PersonId) -> Entered:
    """Enter a consent with these approvals through the door, past the use case that counts."""
    seoul = two.seoul
    with seoul.store.reading() as tx:
        deed = granting.asked_for(seoul, tx, question, granting.Wanted(), by=Office("KOR/KDIA"))
    name = digest_of(deed)
    papers = [sign_approval(seoul.suite, seoul.vault.person(one), [name]) for one in signers]
    approvals: list[Approval] = [one for paper in papers for one in approvals_of(paper, [name])]
    keep = {Space.DOCUMENT: {str(digest_of(paper)): encode(paper) for paper in papers}}
    return enter(seoul, [Act(deed=deed, approvals=tuple(approvals), keep=keep)])[0]


def test_one_approval_is_not_entered_where_two_are_asked_for(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    for signers in ((PARK,), (PARK, PARK)):
        with pytest.raises(RefusedAct, match=r"profile\.second-approval"):
            by_hand(two, question, *signers)


def test_a_consent_that_fewer_approved_than_the_profile_asks_for_does_not_leave(
    tmp_path: Path,
) -> None:
    two = founded(tmp_path)
    question = asked(two)
    _profile(two)
    assert granting.grant(two.seoul, question, authority=PARK) is not None
    assert outgoing.next_pouch(two.seoul, JPN) is not None
    _profile(two, ("approvals = 1", "approvals = 2"))
    with pytest.raises(Invalid, match=r"invalid\.dispatch.*a consent that fewer persons"):
        outgoing.next_pouch(two.seoul, JPN)


def test_a_regrading_forged_in_the_database_lets_no_consent_out(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    with two.seoul.store.reading() as tx:
        item = tx.get(ItemOf, question.scope)
    assert item is not None
    protecting.protect(
        two.seoul, item, "register.regrade", {"level": "KOR:mil-3"}, officer=PersonId("choi")
    )
    two.carry()
    for one in (PARK, LEE):
        granting.grant(two.seoul, question, authority=one)
    assert outgoing.next_pouch(two.seoul, JPN) is not None
    forged(tmp_path, 'UPDATE row_regrading SET "index" = 0')
    with pytest.raises(Invalid, match=r"invalid\.dispatch.*says something else"):
        outgoing.next_pouch(two.seoul, JPN)


def test_who_is_no_authority_grants_nothing(tmp_path: Path) -> None:
    two = founded(tmp_path)
    question = asked(two)
    with pytest.raises(Refused):
        granting.grant(two.seoul, question, authority=KIM)
