"""People of this house, what they may see, and the word given to the other side."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, json

from comity.acts import deeds
from comity.acts.canonical import check_text, digest, encode, normalised
from comity.acts.deeds import Role
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import (
    Clearance,
    Copy,
    FacilityLine,
    Need,
    PasskeyOf,
    PersonOf,
    position_of,
)
from comity.seal.cose import cose_key
from comity.seal.fingerprints import key_id
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Reason,
    Subject,
    parse_person,
    party_of,
)


class Card(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a person is called at home; never leaves the house."""

    name: str
    title: str
    salt: bytes


def add_person(  # noqa: PLR0913 - what it states, by name
    node: Node,
    person: PersonId,
    *,
    name: str,
    title: str = "",
    office: Office,
    roles: Sequence[Role],
    key: bytes | None,
    relying_party: str | None = None,
    actor: PersonId,
) -> Entered:
    """Enter a person, or a person's new office, roles or key.

    ``key`` is the public key of approvals; who approves or signs receipts needs one. It is a
    passkey of ``relying_party`` where that is given, and else a key file that the house keeps.

    Raises:
        Invalid: the name holds characters that text may not hold; ``invalid.key``: no passkey.
        Refused: the profile forbids it; ``refused.passkey.again``: the key is another person's,
            whose approvals would count as this one's; ``refused.person.holds``: a custodian
            leaves a post that holds copies and has no other.
    """
    if relying_party is not None:
        cose_key(b"" if key is None else key)
    if key is not None:
        with node.store.reading() as tx:
            holder = holder_of(tx, key)
        if holder is not None and holder != person:
            raise Refused("refused.passkey.again", "this key is another person's")
    with node.store.reading() as tx:
        _require_successor(tx, person, office=office, custodian=Role.CUSTODIAN in roles)
    shown = normalised(name)
    check_text(shown)
    card = encode(Card(name=shown, title=normalised(title), salt=node.suite.random(16)))
    return enter(
        node,
        [
            Act(
                deed=deeds.EnterPerson(
                    by=node.registry,
                    actor=actor,
                    person=parse_person(person),
                    office=office,
                    roles=tuple(roles),
                    card=digest(card),
                    key=UNSET if key is None else key,
                    relying_party=UNSET if relying_party is None else relying_party,
                ),
                keep={Space.DOCUMENT: {digest(card): card}},
            )
        ],
    )[0]


def _require_successor(tx: Reading, person: PersonId, *, office: Office, custodian: bool) -> None:
    """Return unless a change of a person would leave copies without a custodian.

    Raises:
        Refused: ``refused.person.holds``: nobody else is custodian of the post, and it holds
            copies: they are passed on first.
    """
    before = tx.get(PersonOf, person)
    if before is None or Role.CUSTODIAN.value not in before.roles:
        return
    if custodian and before.office == office:
        return
    others = [
        one
        for one in tx.within(PersonOf, "persons")
        if one.key != person and one.office == before.office and Role.CUSTODIAN.value in one.roles
    ]
    if others or not _held_by(tx, before.office):
        return
    raise Refused(
        "refused.person.holds",
        f"{before.office} holds copies and has no other custodian; see comity relieve",
    )


def _held_by(tx: Reading, office: str) -> bool:
    return any(
        one.custodian == office and one.state in ("held", "on-loan")
        for one in tx.page(Copy, limit=10_000_000)
    )


def holder_of(tx: Reading, key: bytes) -> PersonId | None:
    """Return whose a public key is, or ever was as a passkey; nobody: it is free."""
    passkey = tx.get(PasskeyOf, key_id(key))
    if passkey is not None:
        return PersonId(passkey.scope)
    rows = tx.within(PersonOf, "persons")
    return next((PersonId(row.key) for row in rows if row.approval_key == key), None)


def card_of(tx: Reading, person: PersonId) -> Card | None:
    """Return what a person is called, or nothing."""
    row = tx.get(PersonOf, person)
    raw = None if row is None else tx.load(Space.DOCUMENT, Digest(row.card))
    return None if raw is None else json.decode(raw, type=Card)


def require_person(tx: Reading, person: PersonId, *roles: Role) -> PersonOf:
    """Return a person of this house who has one of the roles (any person where none is named).

    Raises:
        Refused: ``refused.person.unknown``, ``refused.person.role``.
    """
    row = tx.get(PersonOf, person)
    if row is None:
        raise Refused("refused.person.unknown", person)
    if roles and not any(role.value in row.roles for role in roles):
        wanted = ", ".join(role.value for role in roles)
        raise Refused("refused.person.role", f"{person}: {wanted}")
    return row


def require_ahead(node: Node, until: Instant) -> None:
    """Return if an end that is stated lies ahead: what ends before it begins is a slip of the pen.

    Raises:
        Refused: ``refused.until.past``.
    """
    if until <= node.clock.now():
        raise Refused("refused.until.past", until)


def clear(  # noqa: PLR0913 - what it states, by name
    node: Node,
    person: PersonId,
    *,
    level: Level,
    since: Instant,
    until: Instant,
    authority: Office,
    actor: PersonId,
    attestation: bytes | None = None,
) -> Entered:
    """Record a clearance that the holder's national procedure granted (Article 2(5)).

    Args:
        node: The node.
        person: Whose.
        level: Up to which level.
        since: From when.
        until: Until when.
        authority: Who granted it.
        actor: Who enters it.
        attestation: The vetting authority's word on what its decision rests: it stays here.

    Raises:
        Refused: ``refused.until.past``.
    """
    require_ahead(node, until)
    kept: dict[str, bytes] = {} if attestation is None else {digest(attestation): attestation}
    return enter(
        node,
        [
            Act(
                keep={Space.DOCUMENT: kept},
                deed=deeds.Clear(
                    by=authority,
                    actor=actor,
                    person=person,
                    level=level,
                    since=since,
                    until=until,
                    authority=authority,
                    attestation=UNSET if attestation is None else digest(attestation),
                ),
            )
        ],
    )[0]


def grant_need_to_know(
    node: Node, person: PersonId, *, subject: Subject, until: Instant, actor: PersonId
) -> Entered:
    """Record why this person: the subject that the person's duties require (Article 7).

    Raises:
        Refused: ``refused.until.past``.
    """
    require_ahead(node, until)
    return enter(
        node,
        [
            Act(
                deed=deeds.GrantNeedToKnow(
                    by=node.registry, actor=actor, person=person, subject=subject, until=until
                )
            )
        ],
    )[0]


Line = Clearance | Need | FacilityLine
"""What is recorded of persons and facilities to an end, and may be withdrawn before it."""


def living(  # noqa: PLR0913 - which lines, by what they say
    tx: Reading,
    now: Instant,
    *,
    person: str = "",
    facility: str = "",
    level: str = "",
    subject: str = "",
) -> list[Line]:
    """Return the lines that hold now of a person, or of a facility, in the order of the journal.

    Args:
        tx: What the house keeps.
        now: This moment.
        person: Whose; empty where a facility's are asked for.
        facility: Of which facility alone: the lines that say who answers, who enters, up to what.
        level: Clearances and accreditations to this level alone.
        subject: Needs of this subject alone.
    """
    lines: list[Line] = list(tx.within(FacilityLine, "facilities"))
    lines = [one for one in lines if not person or getattr(one, "person", "") == person]
    if person:
        lines += [*tx.within(Clearance, person), *tx.within(Need, person)]
    wanted = {"facility": facility, "level": level, "subject": subject}
    found = [
        one
        for one in lines
        if now < one.until
        and all(getattr(one, field, "") == value for field, value in wanted.items() if value)
    ]
    return sorted(found, key=lambda one: position_of(one.key).index)


def withdraw(node: Node, keys: Sequence[str], *, actor: PersonId) -> tuple[Entered, ...]:
    """Withdraw clearances, needs, or lines about a facility before their end, at once.

    Nothing that is entered from here on rests on them, whatever its time; what was done before
    stays as it was.

    Args:
        node: The node.
        keys: Where they stand in the journal.
        actor: Who withdraws them: a security officer or an administrator.

    Raises:
        Refused: ``refused.person.role``; ``refused.person.no-line``: there is no such line, or it
            has ended.
    """
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SECURITY, Role.ADMINISTRATOR)
        now = node.clock.now()
        keys = tuple(dict.fromkeys(keys))
        for key in keys:
            rows = (tx.get(Clearance, key), tx.get(Need, key), tx.get(FacilityLine, key))
            if not any(one is not None and now < one.until for one in rows):
                raise Refused("refused.person.no-line", "no such line, or it has ended")
    if not keys:
        raise Refused("refused.person.no-line", "no line that holds")
    lines = [position_of(key).index for key in keys]
    deed = [deeds.WithdrawLine(by=node.registry, actor=actor, line=line) for line in lines]
    return enter(node, [Act(deed=one, requested_by=actor) for one in deed])


def assure(  # noqa: PLR0913 - what it states, by name
    node: Node,
    to: Party,
    *,
    agreement: Digest,
    article: Article,
    offices: tuple[Office, ...],
    level: Level,
    until: Instant,
    by: Office,
    actor: PersonId,
    controls: Sequence[Reason] = (),
) -> Entered:
    """Give the word before the first release: cleared, needed officially, protected, and how.

    Raises:
        Refused: the actor is no signatory, an office is not this house's, or the agreement
            refuses; ``refused.until.past``.
    """
    require_ahead(node, until)
    with node.store.reading() as tx:
        require_person(tx, actor, Role.SIGNATORY)
    if any(party_of(office) != node.party for office in offices):
        raise Refused("refused.assure.office")
    return enter(
        node,
        [
            Act(
                deed=deeds.Assure(
                    by=by,
                    to=to,
                    article=article,
                    agreement=agreement,
                    offices=offices,
                    level=level,
                    until=until,
                    cleared=True,
                    needed=True,
                    protected=True,
                    controls=tuple(sorted(set(controls))) or UNSET,
                ),
                requested_by=actor,
            )
        ],
    )[0]
