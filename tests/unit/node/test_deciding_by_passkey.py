"""Two persons decide with passkeys: refused on entering what is wrong, and again before it leaves.

On a real database, because some of what is tried here is written into it by hand.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Role
from comity.acts.documents import PasskeyApproval
from comity.acts.entries import Entry, decode_entry
from comity.ledger.approvals import approval_root, approvals_of
from comity.node import deciding, outgoing, passkeys, people, releases, setup
from comity.node.alarms import alarms
from comity.node.chancery import Act, RefusedAct, enter
from comity.node.dispatch import require_decided
from comity.node.ports import Space
from comity.node.signing import ToSignError, by_passkey, only_ask
from comity.seal.fingerprints import key_id
from comity.seal.passkeys import PRESENT, VERIFIED, Answer
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, PersonId
from tests.support.authenticator import Authenticator, registered
from tests.support.pair import ADMIN, JPN, KOR, Pair
from tests.unit.node.test_two_persons import (
    KIM,
    LEE,
    PARK,
    entered_by_hand,
    forged,
    founded,
    laid,
    leaves_with,
)

OUT = correspondence(KOR, JPN)


def challenge_of(*names: Digest) -> bytes:
    return digest_to_bytes(approval_root(names))


def approve(two: Pair, name: Digest, person: PersonId, device: Authenticator) -> tuple[object, ...]:
    sign = by_passkey(device.sign(challenge_of(name)))
    return deciding.approve(two.seoul, [name], authority=person, sign=sign)


def paper(device: Authenticator, name: Digest, over: Digest | None = None) -> PasskeyApproval:
    """Return what a device signed, said to be over ``name``."""
    made = device.sign(challenge_of(name if over is None else over))
    return PasskeyApproval(
        key=key_id(device.public),
        root=approval_root([name]),
        size=1,
        client_data=made.client_data,
        authenticator=made.authenticator,
        signature=made.signature,
    )


def by_hand(two: Pair, name: Digest, papers: list[PasskeyApproval]) -> None:
    """Enter a release with these documents through the door, past the use case that signs."""
    with two.seoul.store.reading() as tx:
        draft = releases.open_draft(two.seoul, tx, name)
    act = Act(
        deed=draft.deed,
        approvals=tuple(one for each in papers for one in approvals_of(each, [name])),
        ciphertext=digest_of(draft.deed.item),
        keep={Space.DOCUMENT: {digest_of(each): encode(each) for each in papers}},
        requested_by=KIM,
    )
    enter(two.seoul, [act])


def last(two: Pair) -> tuple[int, Entry]:
    with two.seoul.store.reading() as tx:
        size = tx.frontier(OUT).size
        return size - 1, decode_entry(tx.leaves(OUT, size - 1, size)[0])


def released(two: Pair, device: Authenticator) -> tuple[int, Entry]:
    """Release lawfully, with one approval; return where, and the entry."""
    name = laid(two)
    approve(two, name, PARK, device)
    return last(two)


def looked_at(two: Pair, index: int, entry: Entry, *papers: PasskeyApproval) -> None:
    """Look at an entry as before it leaves, with other approvals than those it was entered with."""
    name = deeds.deed_digest(entry.deed)
    approvals = tuple(one for each in papers for one in approvals_of(each, [name]))
    changed = msgspec.structs.replace(entry, approvals=approvals)
    with two.seoul.store.transaction() as tx:
        tx.save(Space.DOCUMENT, {digest_of(each): encode(each) for each in papers})
    with two.seoul.store.reading() as tx:
        require_decided(two.seoul, tx, JPN, index, [changed])


def test_two_passkeys_release_and_the_counterpart_takes_it(tmp_path: Path) -> None:
    two = founded(tmp_path)
    parks, lees = registered(two.seoul, PARK), registered(two.seoul, LEE)
    name = laid(two)
    assert approve(two, name, PARK, parks) == ()
    assert len(approve(two, name, LEE, lees)) == 1
    two.carry()
    with two.seoul.store.reading() as tx:
        assert outgoing.acknowledged(tx, KOR, JPN) == tx.frontier(OUT).size
    with two.tokyo.store.reading() as tx:
        entry = decode_entry(tx.leaves(OUT, last(two)[0], last(two)[0] + 1)[0])
        assert isinstance(entry.approvals, tuple)
        kept = [tx.load(Space.DOCUMENT, one.document) or b"" for one in entry.approvals]
    assert [b'"scheme":"passkey"' in raw for raw in kept] == [True, True]


def test_what_is_to_be_signed_is_said_and_nothing_entered(tmp_path: Path) -> None:
    two = founded(tmp_path)
    registered(two.seoul, PARK)
    names = [laid(two), laid(two)]
    with two.seoul.store.reading() as tx:
        before = {log: tx.frontier(log).size for log in tx.logs()}
    with pytest.raises(ToSignError) as asked:
        deciding.approve(two.seoul, names, authority=PARK, sign=only_ask)
    assert asked.value.names == tuple(names)
    with two.seoul.store.reading() as tx:
        assert {log: tx.frontier(log).size for log in tx.logs()} == before


def test_one_assertion_over_a_list_approves_all_of_it(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    names = [laid(two) for _ in range(5)]
    sign = by_passkey(device.sign(challenge_of(*names)))
    assert len(deciding.approve(two.seoul, names, authority=PARK, sign=sign)) == 5
    two.carry()


def test_who_drafted_does_not_approve_with_a_passkey_either(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    people.add_person(
        two.seoul,
        KIM,
        name="kim",
        office=Office("KOR/KDIA"),
        roles=(Role.DESK, Role.RELEASING),
        key=None,
        actor=ADMIN,
    )
    device = registered(two.seoul, KIM)
    name = laid(two)
    with pytest.raises(Refused, match=r"refused\.release\.second-person"):
        approve(two, name, KIM, device)
    by_hand(two, name, [paper(device, name)])
    with pytest.raises(Invalid, match="own drafter"):
        leaves_with(two)


def test_two_passkeys_of_one_person_are_one_person(tmp_path: Path) -> None:
    two = founded(tmp_path)
    first, second = registered(two.seoul, PARK), registered(two.seoul, PARK)
    name = laid(two)
    assert approve(two, name, PARK, first) == ()
    assert approve(two, name, PARK, second) == ()
    with pytest.raises(RefusedAct) as caught:
        by_hand(two, name, [paper(first, name), paper(second, name)])
    assert "profile.second-approval" in [
        one.reason.code for one in caught.value.assessment.objections
    ]


def test_two_passkeys_of_one_person_let_nothing_out(tmp_path: Path) -> None:
    two = founded(tmp_path)
    first, second, lees = (registered(two.seoul, one) for one in (PARK, PARK, LEE))
    name = laid(two)
    approve(two, name, PARK, first)
    approve(two, name, LEE, lees)
    index, entry = last(two)
    looked_at(two, index, entry, paper(first, name), paper(lees, name))
    with pytest.raises(Invalid, match="fewer persons"):
        looked_at(two, index, entry, paper(first, name), paper(second, name))


def at_another_domain(device: Authenticator, name: Digest) -> PasskeyApproval:
    device.domain = "tokyo.localhost"
    return paper(device, name)


def without_verification(device: Authenticator, name: Digest) -> PasskeyApproval:
    device.flags = PRESENT
    return paper(device, name)


def without_presence(device: Authenticator, name: Digest) -> PasskeyApproval:
    device.flags = VERIFIED
    return paper(device, name)


def at_another_origin(device: Authenticator, name: Digest) -> PasskeyApproval:
    device.origin = "http://seoul.localhost.evil.example"
    return paper(device, name)


def over_another_deed(device: Authenticator, name: Digest) -> PasskeyApproval:
    return paper(device, name, over=Digest("sha384:" + "0" * 96))


def by_a_key_that_nobody_registered(device: Authenticator, name: Digest) -> PasskeyApproval:
    del device
    return paper(Authenticator(), name)


def with_another_key_named(device: Authenticator, name: Digest) -> PasskeyApproval:
    other = paper(Authenticator(), name)
    return msgspec.structs.replace(other, key=key_id(device.public))


WRONG = [
    at_another_domain,
    without_verification,
    without_presence,
    at_another_origin,
    over_another_deed,
    by_a_key_that_nobody_registered,
    with_another_key_named,
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: one.__name__)
def test_a_wrong_assertion_is_refused_where_it_is_signed_where_it_is_entered_and_before_it_leaves(
    tmp_path: Path, wrong: Callable[[Authenticator, Digest], PasskeyApproval]
) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    index, entry = released(two, device)
    good = paper(device, deeds.deed_digest(entry.deed))
    looked_at(two, index, entry, good)
    name = laid(two)
    bad = wrong(device, name)
    credential = device.credential if bad.key == key_id(device.public) else b"of another device"
    brought = Answer(credential, bad.client_data, bad.authenticator, bad.signature)
    with pytest.raises((Invalid, Refused), match=r"invalid\.|refused\.passkey\.unknown"):
        deciding.approve(two.seoul, [name], authority=PARK, sign=by_passkey(brought))
    with pytest.raises(RefusedAct):
        by_hand(two, name, [bad])
    with pytest.raises(Invalid):
        looked_at(two, index, entry, wrong(device, deeds.deed_digest(entry.deed)))


def test_an_assertion_serves_no_other_deed_and_not_the_same_one_changed(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    first, other = laid(two), laid(two)
    made = device.sign(challenge_of(first))
    with pytest.raises(Invalid, match=r"invalid\.passkey.*another challenge"):
        deciding.approve(two.seoul, [other], authority=PARK, sign=by_passkey(made))
    with pytest.raises(Invalid, match=r"invalid\.passkey.*another challenge"):
        deciding.approve(two.seoul, [first, other], authority=PARK, sign=by_passkey(made))
    index, entry = released(two, device)
    assert isinstance(entry.deed, deeds.Release)
    good = paper(device, deeds.deed_digest(entry.deed))
    item = msgspec.structs.replace(entry.deed.item, pages=5)
    changed = msgspec.structs.replace(entry, deed=msgspec.structs.replace(entry.deed, item=item))
    approvals = approvals_of(good, [deeds.deed_digest(entry.deed)])
    with two.seoul.store.transaction() as tx:
        tx.save(Space.DOCUMENT, {digest_of(good): encode(good)})
    with two.seoul.store.reading() as tx, pytest.raises(Invalid, match=r"invalid\.dispatch"):
        # Nobody laid the changed one before an authority: it has another digest.
        forged_entry = msgspec.structs.replace(changed, approvals=tuple(approvals))
        require_decided(two.seoul, tx, JPN, index, [forged_entry])


def test_a_passkey_forged_in_the_database_approves_nothing(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device, thief = registered(two.seoul, PARK), Authenticator()
    index, entry = released(two, device)
    name = laid(two)
    forged(
        tmp_path,
        f"UPDATE row_passkey SET public = x'{thief.public.hex()}',"  # noqa: S608 - of this test
        f" credential = x'{thief.credential.hex()}', \"key\" = '{key_id(thief.public)}'",
    )
    # The house believes its row; the door and the last look believe the signed directory.
    with pytest.raises(RefusedAct):
        approve(two, name, PARK, thief)
    with pytest.raises(Invalid, match=r"invalid\.approval"):
        looked_at(two, index, entry, paper(thief, deeds.deed_digest(entry.deed)))


def test_a_counter_that_goes_back_is_refused_and_an_alarm(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    device.counter = 40  # and 41 is said
    approve(two, laid(two), PARK, device)
    name = laid(two)
    for before in (39, 40):
        device.counter = before
        with pytest.raises(Refused, match=r"refused\.passkey\.counter"):
            approve(two, name, PARK, device)
    with two.seoul.store.reading() as tx:
        assert alarms(tx)[f"{KOR}|passkey.counter"]["count"] == 2
    device.counter = 41
    assert len(approve(two, name, PARK, device)) == 1


def test_a_device_that_does_not_count_goes_on_signing(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    for _ in range(2):
        device.counter = -1
        assert len(approve(two, laid(two), PARK, device)) == 1
    device.counter = 4
    approve(two, laid(two), PARK, device)
    device.counter = -1
    with pytest.raises(Refused, match=r"refused\.passkey\.counter"):
        approve(two, laid(two), PARK, device)


def test_a_passkey_takes_the_place_of_the_key_file(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    registered(two.seoul, PARK)
    name = laid(two)
    with pytest.raises(Refused, match=r"refused\.passkey\.wanted"):
        deciding.approve(two.seoul, [name], authority=PARK)
    with pytest.raises(RefusedAct):
        entered_by_hand(two, signers=(PARK,))


def test_a_revoked_passkey_approves_nothing_and_what_it_approved_stands(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, PARK)
    approve(two, laid(two), PARK, device)
    name = laid(two)
    passkeys.revoke(two.seoul, PARK, key_id(device.public), actor=PARK)
    with pytest.raises(Refused, match=r"refused\.passkey\.unknown"):
        approve(two, name, PARK, device)
    assert passkeys.tell(two.seoul) == (JPN,)
    with pytest.raises(RefusedAct):
        by_hand(two, name, [paper(device, name)])
    with pytest.raises(Refused, match=r"refused\.passkey\.wanted"):
        deciding.approve(two.seoul, [name], authority=PARK)
    two.carry()


def test_nobody_registers_the_passkey_of_another(tmp_path: Path) -> None:
    two = founded(tmp_path)
    device = registered(two.seoul, PARK)
    with pytest.raises(Refused, match=r"refused\.passkey\.again"):
        registered(two.seoul, LEE, device)
    passkeys.revoke(two.seoul, PARK, key_id(device.public), actor=PARK)
    with pytest.raises(Refused, match=r"refused\.passkey\.again"):
        registered(two.seoul, LEE, device)


def test_nobody_is_entered_with_the_key_of_another(tmp_path: Path) -> None:
    two = founded(tmp_path)
    device = registered(two.seoul, PARK)
    for key, domain in (
        (device.public, device.domain),
        (two.seoul.suite.signing_public(two.seoul.vault.person(LEE)), None),
    ):
        with pytest.raises(Refused, match=r"refused\.passkey\.again"):
            people.add_person(
                two.seoul,
                KIM,
                name="kim",
                office=Office("KOR/KDIA"),
                roles=(Role.DESK,),
                key=key,
                relying_party=domain,
                actor=ADMIN,
            )


def test_another_persons_passkey_signs_nothing_of_mine(tmp_path: Path) -> None:
    two = founded(tmp_path, approvals=1)
    device = registered(two.seoul, LEE)
    with pytest.raises(Refused, match=r"refused\.passkey\.unknown"):
        approve(two, laid(two), PARK, device)


def test_counterparts_are_told_once_and_only_of_who_signs(tmp_path: Path) -> None:
    two = founded(tmp_path)
    assert passkeys.tell(two.seoul) == ()
    registered(two.seoul, KIM)
    with two.seoul.store.reading() as tx:
        before = tx.frontier(OUT).size
    registered(two.seoul, PARK)
    assert passkeys.tell(two.seoul) == ()
    with two.seoul.store.reading() as tx:
        assert tx.frontier(OUT).size == before + 1
        own = setup.own_directory(two.seoul, tx, JPN)
    assert own is not None
    domains = [one.relying_party for one in own[0].approvers if one.relying_party]
    assert domains == ["seoul.localhost"]
