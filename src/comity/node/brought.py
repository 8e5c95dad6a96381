"""A register that waits to be entered: brought by the registry, signed for by those it concerns.

The file is kept sealed until all of it is in the book. Each person who signs enters a part, one
after the other, in any order: the registry what it attests, the authority the own releases, the
custodian the own receipts. The officer who brought it counts as having laid the releases before
the authority, so the two are never the same person.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct, json

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.formats.register_csv import Line, Read, parse_map, parse_register
from comity.node import importing, paper
from comity.node.importing import Done, Part, Signers
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.receiving import absent
from comity.node.signing import Signer, by_key_file, listed
from comity.register.rows import PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party, PersonId

LIMIT: Final = 16 << 20
"""Bytes of a register that is brought in one piece; a larger one is entered at the command line."""
STEPS: Final = 4
"""Batches that are entered at a time."""
SHOWN: Final = STEPS * importing.BATCH
"""Lines that are shown before they are entered: as many as one step enters."""
SIGNS: Final = {
    Role.REGISTRY: (Part.RECEIVED, Part.THEIR_RECEIPT),
    Role.RELEASING: (Part.RELEASED,),
    Role.CUSTODIAN: (Part.OWN_RECEIPT,),
}
"""Who signs for what."""


class Brought(Struct, frozen=True, kw_only=True):
    """A register as it was brought, with its map, by whom and when."""

    raw: bytes
    map: bytes
    by: PersonId
    at: Instant


class Waiting(NamedTuple):
    """How far a register is.

    Attributes:
        lines: How many it has.
        left: Of how many something is missing in the book, by the role that signs for it.
        seen: Names exactly this file and map, and who brought them; sent back by who signs.
        shown: The lines that the next step would enter.
    """

    by: PersonId
    at: Instant
    lines: int
    left: dict[Role, int]
    seen: Digest
    shown: tuple[Line, ...]


def bring(node: Node, party: Party, raw: bytes, terms: bytes, *, officer: PersonId) -> Read:
    """Read a register and keep it, sealed, if no line of it is bad.

    Returns:
        The register as it was read; where it has bad lines nothing is kept.

    Raises:
        Refused: the person is none of the registry; ``refused.paper.not-kept``.
        Invalid: ``invalid.import.map``, ``invalid.import.file``: too large, or of another party.
    """
    if not 0 < len(raw) <= LIMIT:
        raise Invalid("invalid.import.file", f"a register of 1 byte to {LIMIT >> 20} MiB")
    with node.store.reading() as tx:
        require_person(tx, officer, Role.REGISTRY)
        paper.require_open(tx, node.party, party)
    kept = Brought(raw=raw, map=terms, by=officer, at=node.clock.now())
    read = _read(node, kept)
    if read.party != party:
        raise Invalid("invalid.import.map", f"it is a register of {read.party}, not of {party}")
    with node.store.reading() as tx:
        taken = importing.taken(node, tx, read, parse_map(terms))
    if taken:
        read = read._replace(bad=tuple(sorted((*read.bad, *taken))))
    if not read.bad:
        sealed = node.suite.wrap(
            node.vault.storage(node.party), key=json.encode(kept), aad=_aad(party)
        )
        with node.store.transaction() as tx:
            tx.save(Space.DRAFT, {_key(party): sealed})
    return read


def forget(node: Node, party: Party, *, officer: PersonId) -> None:
    """Throw a register away; what of it is in the book stays there."""
    with node.store.transaction() as tx:
        require_person(tx, officer, Role.REGISTRY)
        tx.drop(Space.DRAFT, [_key(party)])


def waits(tx: Reading) -> tuple[Party, ...]:
    """Return the parties of whose registers one waits."""
    return tuple(Party(one.removeprefix("register|")) for one in tx.keys(Space.DRAFT, "register|"))


def waiting(node: Node, tx: Reading, party: Party, *, first: int = 0) -> Waiting:
    """Return how far a register is, and the lines after the first so many.

    Raises:
        Refused: ``refused.absent``: none waits.
    """
    kept = _kept(node, tx, party)
    read = _read(node, kept)
    left = dict.fromkeys(SIGNS, 0)
    for one in read.lines:
        parts = importing.missing(tx, node.party, one)
        for role, signed in SIGNS.items():
            left[role] += bool(parts & frozenset(signed))
    shown = tuple(read.lines[first : first + SHOWN])
    return Waiting(kept.by, kept.at, len(read.lines), left, _seen(kept), shown)


def go_on(  # noqa: PLR0913 - which register, which lines, and who signs how
    node: Node,
    party: Party,
    *,
    person: PersonId,
    seen: str,
    first: int = 0,
    sign: Signer = by_key_file,
) -> Done:
    """Enter the next lines, as far as this person signs for them; each batch a transaction.

    One signature covers all that the person signs of these lines. If the process dies in between,
    the batches before stand, and to go on again enters the rest, under a signature of its own.
    What was entered by somebody else meanwhile makes another list: the signature is refused.

    Args:
        node: This node.
        party: Whose register.
        person: Who signs.
        seen: The register that was shown, by :attr:`Waiting.seen`.
        first: How many lines are behind.
        sign: How the person signs.

    Raises:
        Refused: ``refused.absent``; the person signs for nothing of it;
            ``refused.import.changed``: another register waits than the one that was shown;
            ``refused.import.line``: an act was refused; ``refused.import.number``: a number
            was given to another item meanwhile.
        Unavailable: nothing of the next batch was entered.
    """
    with node.store.reading() as tx:
        row = require_person(tx, person, *SIGNS)
        kept = _kept(node, tx, party)
    # What was brought since under the same key is another file: nobody has looked at it. From
    # here on the one that was read is entered, whatever is brought meanwhile.
    if _seen(kept) != seen:
        raise Refused("refused.import.changed", "another register waits than was shown")
    read = _read(node, kept)
    signers = _signers(row, person, kept.by)
    with node.store.reading() as tx:
        shown = read.lines[first : first + SHOWN]
        names = importing.to_sign(node, tx, read, signers, shown)
    # Where there is nothing to sign a key file is not asked for, and whoever only asks is told so.
    if names or sign is not by_key_file:
        signers = signers._replace(sign=listed(sign(node, person, names), names))
    done: list[Done] = []
    while first < len(read.lines) and len(done) < STEPS:
        done.append(importing.enter_batch(node, read, signers, first=first, partly=True))
        first = done[-1].after
    return _together(done, first)


def _signers(row: PersonOf, person: PersonId, by: PersonId) -> Signers:
    def who(role: Role) -> PersonId | None:
        return person if role.value in row.roles else None

    authority = who(Role.RELEASING)
    return Signers(
        officer=who(Role.REGISTRY),
        drafter=by,
        authority=None if authority == by else authority,
        custodian=who(Role.CUSTODIAN),
        in_order=True,
    )


def _together(done: Sequence[Done], after: int) -> Done:
    return Done(
        entered=sum(one.entered for one in done),
        passed=sum(one.passed for one in done),
        after=after,
        left=sum(one.left for one in done),
    )


def _kept(node: Node, tx: Reading, party: Party) -> Brought:
    raw = tx.load(Space.DRAFT, _key(party))
    if raw is None:
        raise absent()
    opened = node.suite.unwrap(node.vault.storage(node.party), wrapped=raw, aad=_aad(party))
    return json.decode(opened, type=Brought)


def _seen(kept: Brought) -> Digest:
    # Who brought it counts as having laid the own releases before the authority: it is shown too.
    return digest("\n".join((digest(kept.raw), digest(kept.map), kept.by)).encode())


def _read(node: Node, kept: Brought) -> Read:
    return parse_register(kept.raw, parse_map(kept.map), house=node.party)


def _key(party: Party) -> str:
    return f"register|{party}"


def _aad(party: Party) -> bytes:
    return f"register of {party}".encode()
