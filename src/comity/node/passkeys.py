"""Passkeys of this house's persons: registered, found, used, revoked, and told to counterparts.

A passkey is entered in the journal; the counterparts learn of it by the next directory, signed by
the party root, and only if its person signs anything that they see. What it approved is judged by
the directory in force where that stands, so revoking one takes nothing back.
"""

from typing import Final

from comity.acts import deeds
from comity.node import kept, setup
from comity.node.alarms import raise_alarm
from comity.node.chancery import Act, Entered, enter, enter_in
from comity.node.node import Node
from comity.node.people import holder_of, require_person
from comity.node.ports import Reading, Space, Transaction
from comity.node.setup import approvers_of
from comity.node.sitting import Sitting
from comity.register.rows import PasskeyOf
from comity.seal.cose import cose_key
from comity.seal.passkeys import Assertion
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, Party, PersonId

MOST: Final = 8
"""Passkeys of one person that sign: a directory has room for 512 keys of all persons."""


def passkeys_of(tx: Reading, person: PersonId) -> tuple[PasskeyOf, ...]:
    """Return the passkeys that a person ever registered, the oldest first."""
    return tuple(sorted(tx.within(PasskeyOf, person), key=lambda row: row.index))


def living(tx: Reading, person: PersonId) -> tuple[PasskeyOf, ...]:
    """Return the passkeys of a person that are not revoked."""
    return tuple(row for row in passkeys_of(tx, person) if not row.revoked)


def by_credential(tx: Reading, credential: bytes) -> PasskeyOf:
    """Return the passkey, not revoked, that an authenticator calls by this name.

    Raises:
        Refused: ``refused.passkey.unknown``: none is, or it was revoked; the same answer.
    """
    after, found = "", None
    while rows := tx.page(PasskeyOf, after=after):
        found = next((row for row in rows if row.credential == credential), found)
        after = rows[-1].key
    if found is None or found.revoked:
        raise unknown()
    return found


def unknown() -> Refused:
    """Return the one answer for a passkey that never was, was revoked, or is another's."""
    return Refused("refused.passkey.unknown", "no passkey that signs here")


def register_in(  # noqa: PLR0913 - what an authenticator says of a passkey
    session: Sitting,
    person: PersonId,
    *,
    public: bytes,
    relying_party: str,
    credential: bytes,
    copied: bool,
) -> Entered:
    """Enter a passkey in a sitting that has begun (the link that allowed it is used up there too).

    One key is one person's: who could register another's public key as their own would have that
    person's approvals counted as theirs. No key comes back, not even a revoked one.

    Raises:
        Invalid: ``invalid.key``: no key of a passkey.
        Refused: ``refused.person.unknown``; ``refused.passkey.again``: the key or its name is
            here already; ``refused.passkey.many``.
    """
    cose_key(public)
    tx = session.tx
    row = require_person(tx, person)
    if holder_of(tx, public) is not None or _named(tx, credential):
        raise Refused("refused.passkey.again", "this passkey is registered already")
    if len(living(tx, person)) >= MOST:
        raise Refused("refused.passkey.many", f"no more than {MOST}; revoke one first")
    deed = deeds.EnterPasskey(
        by=Office(row.office),
        actor=person,
        person=person,
        key=public,
        relying_party=relying_party,
        credential=credential,
        copied=copied,
    )
    return enter_in(session, [Act(deed=deed)])[0]


def _named(tx: Reading, credential: bytes) -> bool:
    try:
        by_credential(tx, credential)
    except Refused:
        return False
    return True


def revoke(node: Node, person: PersonId, key: Digest, *, actor: PersonId) -> Entered:
    """Revoke a passkey: it signs nothing and nobody in from here on.

    Raises:
        Refused: ``refused.passkey.unknown``: the person has no such passkey that signs.
    """
    with node.store.reading() as tx:
        row = require_person(tx, person)
        if key not in {one.key for one in living(tx, person)}:
            raise unknown()
    deed = deeds.RevokePasskey(by=Office(row.office), actor=actor, person=person, key=key)
    return enter(node, [Act(deed=deed)])[0]


def tell(node: Node) -> tuple[Party, ...]:
    """Publish a directory to each counterpart that does not know the present keys of approvals.

    It says nothing else that is new. Who keeps paper reads it on joining; what is entered of it
    is judged by it before. If the process dies before it is done, or a clock is wrong,
    the node finds it undone and does it the next time that it looks after its keys.

    Returns:
        The counterparts that were told.

    Raises:
        Unavailable: what was told to some stands.
    """
    told = []
    with node.store.reading() as tx:
        late = [
            peer for peer in kept.counterparts(tx, node.party) if not up_to_date(node, tx, peer)
        ]
    for peer in late:
        with node.store.reading() as tx:
            own = setup.own_directory(node, tx, peer)
        if own is None:
            continue
        now = node.clock.now()
        where = setup.Address(address=own[0].address, certificate=own[0].certificate)
        # The key of an epoch that has ended may be destroyed already.
        epochs = [(one.office, one.epoch, one.since) for one in own[0].offices if now < one.until]
        setup.publish_directory(node, peer, where=where, epochs=epochs)
        told.append(peer)
    return tuple(told)


def up_to_date(node: Node, tx: Reading, peer: str) -> bool:
    """Tell whether the directory that a counterpart has names the present keys of approvals."""
    own = setup.own_directory(node, tx, Party(peer))
    return own is None or own[0].approvers == approvers_of(node, tx, Party(peer))


def use(node: Node, row: PasskeyOf, said: Assertion) -> None:
    """Keep how far a passkey has counted; refuse one that counts backwards.

    Authenticators that count say a greater number each time (Web Authentication, 6.1.1): a
    smaller or equal one comes from a copy of the key, or was made before one that was used since.
    It is refused, an alarm is raised, and a person looks; the passkey stays until it is revoked.
    Authenticators that do not count say 0 always. Nobody but this house can judge it: the order
    in which one authenticator was used is the order of no log.

    Raises:
        Refused: ``refused.passkey.counter``.
    """
    with node.store.transaction() as tx:
        behind = not _counted(tx, row.key, said.counter)
    if behind:
        raise_alarm(node, node.party, "passkey.counter")
        raise Refused("refused.passkey.counter", f"the passkey {row.key[7:19]} counts backwards")


def _counted(tx: Transaction, key: str, counter: int) -> bool:
    place = f"passkey|{key}|counter"
    last = int(tx.load(Space.LATEST, place) or b"0")
    if counter <= last and (counter or last):
        return False
    if counter:
        tx.save(Space.LATEST, {place: str(counter).encode()})
    return True
