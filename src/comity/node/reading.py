"""Who may: one function. And reading an item, which is an act of its own.

``authorise`` stands in one place. Who may know that an item exists gets the refusal with its
article; who may not gets the answer for *absent*, the same bytes.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.contents import content_context
from comity.acts.deeds import Role
from comity.acts.documents import Particulars, decode_particulars
from comity.acts.entries import decode_entry
from comity.acts.parts import Item, Position
from comity.node import item_keys, large, slips, succession
from comity.node.articles import under
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.receiving import absent
from comity.node.searching import Search, Seer
from comity.node.sitting import sitting
from comity.register.links import erased
from comity.register.rows import (
    Assignment,
    Draft,
    ItemOf,
    PersonOf,
    RequestOf,
    position_of,
)
from comity.seal.salted import Salted, verify_salted
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.names import Office, Party, PersonId


class Deal(Enum):
    """What a person wants with an item."""

    SEE = "see"
    """Reference, level, custodian, state: what a register shows of every number."""
    READ = "read"
    """Title and content."""


_BY_OFFICE = frozenset({Role.REGISTRY.value, Role.SECURITY.value})
"""Roles that see reference, level, custodian and state of every number, and no content."""

_ASKS = frozenset({Role.DESK.value, Role.RELEASING.value})
"""Roles whose work requests are, of the offices that ask and are asked."""


def authorise(tx: Reading, person: PersonId, deal: Deal, item: ItemOf, *, house: Party) -> None:
    """Return if a person may; the one place where that is decided.

    Raises:
        Refused: ``refused.absent`` where the person may not know that the item exists;
            ``refused.access.content`` where the person may see the number and no more.
    """
    row = tx.get(PersonOf, person)
    if row is None:
        raise absent()
    involved = _involved(tx, person, row, item, house)
    if not involved and not _by_office(row, item, house):
        raise absent()
    if deal is Deal.READ and not involved:
        raise Refused(
            "refused.access.content",
            "Article 7: the register is open to this person, the content is not",
        )


def _by_office(row: PersonOf, item: ItemOf, house: Party) -> bool:
    """Tell whether a person's office is to know of every such number, and of no content.

    Who puts received items under a regime of national law has to know which there are.
    """
    designates = item.receiver == house and Role.DESIGNATING.value in row.roles
    return designates or bool(_BY_OFFICE.intersection(row.roles))


def seer_of(tx: Reading, person: PersonId, *, house: Party) -> Seer:
    """Return which items a person may know of: what :func:`authorise` says, as a question.

    A test holds the two against each other, on every store. Who is no person here sees nothing.
    """
    row = tx.get(PersonOf, person)
    roles = frozenset() if row is None else frozenset(row.roles)
    return Seer(
        house=house,
        person=PersonId("") if row is None else person,
        everything=bool(_BY_OFFICE & roles),
        provided=Role.RELEASING.value in roles,
        received=Role.DESIGNATING.value in roles,
        office=row.office if row is not None and Role.CUSTODIAN.value in roles else "",
    )


def reader_of(seer: Seer) -> Seer:
    """Return which items a seer may read, title and content: where the own work concerns them.

    The roles by which an office knows of every number open nothing.
    """
    return structs.replace(seer, everything=False, received=False)


def authorise_asking(tx: Reading, person: PersonId, request: RequestOf) -> None:
    """Return if a person may know of a request: of an office that asks or is asked.

    Its words are unclassified by rule; what this house looks for is told all the same to those
    whose work it is: desk officers and releasing authorities of these offices, registry and
    security officers.

    Raises:
        Refused: ``refused.absent``.
    """
    row = tx.get(PersonOf, person)
    if row is None:
        raise absent()
    concerned = row.office in (request.office, *request.offices)
    if not (concerned and _ASKS & set(row.roles)) and not _BY_OFFICE & set(row.roles):
        raise absent()


def authorise_drafts(tx: Reading, person: PersonId, drafts: Sequence[Draft]) -> list[Draft]:
    """Return those of some drafts that a person may know of: one's own; all, to who decides.

    To anybody else, and to nobody's name, there are none.
    """
    row = tx.get(PersonOf, person)
    if row is None:
        return []
    decides = Role.RELEASING.value in row.roles
    return [draft for draft in drafts if decides or draft.drafter == person]


def _involved(tx: Reading, person: PersonId, row: PersonOf, item: ItemOf, house: Party) -> bool:
    """Tell whether a person's own work concerns an item: assigned, custodian, or releasing it."""
    if item.receiver == house:
        if tx.get(Assignment, f"{item.key}|{person}") is not None:
            return True
        return Role.CUSTODIAN.value in row.roles and row.office in item.offices
    if Role.RELEASING.value in row.roles:
        return True
    drafted = Search(seer=Seer(house=house, person=person), among=(item.key,), limit=1)
    return bool(tx.search(drafted))


class Opened(NamedTuple):
    """An item as it was read: its content, its words, and the entry that records the reading.

    There are no words where both parties have erased them, or where they never came.
    """

    content: bytes
    particulars: Particulars | None
    entered: Entered | None
    length: int


def read(
    node: Node,
    item: ItemOf,
    *,
    person: PersonId,
    into: Callable[[bytes], object] | None = None,
    consent: Position | UnsetType = UNSET,
) -> Opened:
    """Open a received item: assigned, cleared, with need-to-know; the reading is entered first.

    If the process dies after the reading is entered and before the content is shown, the
    register says that it was opened: it errs on the side of the record.

    Args:
        node: This node.
        item: Which item.
        person: Who reads.
        into: Takes the content piece by piece, whatever its size; it counts only when this
            returns. Without it the content is in the result.
        consent: The grant under which it is opened to be passed on, and not to be used.

    Raises:
        Refused: ``refused.absent``.
        RefusedAct: Article 7.
        Invalid: the content or its key is not what the skeleton commits to; the key is asked
            for again and an alarm is raised.
        Unavailable: content or key has not arrived yet.
    """
    with node.store.reading() as tx:
        row = require_person(tx, person)
        authorise(tx, person, Deal.READ, item, house=node.party)
    office = Office(row.office)
    if item.receiver != node.party:
        raise Refused("refused.item.not-received", "this item was not given to this house")
    position = position_of(item.key)
    deed = deeds.Access(
        by=office,
        to=Party(item.provider),
        article=under(node, item.agreement, "register.access"),
        agreement=Digest(item.agreement),
        item=position,
        person=person,
        consent=consent,
    )
    entered = enter(node, [Act(deed=deed, requested_by=person)])[0]
    try:
        # The key was made out to the office that was addressed: a successor holds it now.
        holder = succession.addressed_as(node, item, office) or office
        content, words, length = _opened(node, item, holder, into)
    except Invalid:
        with sitting(node) as session:
            slips.ask_again(session, position.log, position.index)
        raise
    return Opened(content, words, entered, length)


def opened(node: Node, item: ItemOf, *, holder: Office | Party) -> tuple[bytes, Particulars | None]:
    """Return content and words of an item, checked against what its skeleton commits to.

    Raises:
        Invalid: ``invalid.content``, ``invalid.salted``, ``invalid.wrapped``.
        Unavailable: ``unavailable.content``, ``unavailable.key``.
    """
    content, words, _ = _opened(node, item, holder, None)
    return content, words


def salt_of(node: Node, item: ItemOf, *, holder: Office | Party) -> bytes:
    """Return the salt under which an item's originator digested its content.

    Raises:
        Unavailable: ``unavailable.key``; ``unavailable.content``: it is not here, or is larger
            than what travels in a pouch (such a content is not passed on in this version).
        Invalid: ``invalid.content``.
    """
    with node.store.reading() as tx:
        keys = item_keys.keys_of(node, tx, item.key, holder)
        ciphertext = tx.load(Space.CONTENT, item.ciphertext)
        core = core_of(tx, item)
    if keys is None:
        raise Unavailable("unavailable.key", "the key slip has not arrived yet; it is asked for")
    if ciphertext is None:
        raise Unavailable("unavailable.content", "no such content is kept in one piece")
    return node.suite.decrypt(keys.content, content_context(core), ciphertext)[:16]


def _opened(
    node: Node, item: ItemOf, holder: Office | Party, into: Callable[[bytes], object] | None
) -> tuple[bytes, Particulars | None, int]:
    with node.store.reading() as tx:
        gone = erased(tx, item.key) is not None
        keys = item_keys.keys_of(node, tx, item.key, holder)
        ciphertext = tx.load(Space.CONTENT, item.ciphertext)
        sealed = None if keys is None else tx.load(Space.WORDS, keys.sealed)
        core = core_of(tx, item)
    if not item.ciphertext and holder != node.party:
        raise Refused("refused.item.shown", "it was spoken, shown or carried: no content was sent")
    if keys is None:
        raise Unavailable("unavailable.key", "the key slip has not arrived yet; it is asked for")
    # The words first: of a large content nothing is given before they hold. Where they are not
    # here at all (erased, or kept back with the slip) the content is given without them.
    particulars = None if sealed is None or gone else _words(node, item, keys, sealed)
    if not item.ciphertext:
        return b"", particulars, 0
    if ciphertext is None:
        pieces: list[bytes] = []
        length = large.open_into(
            node,
            core,
            Digest(item.ciphertext),
            key=keys.content,
            into=pieces.append if into is None else into,
        )
        return b"".join(pieces), particulars, length
    content = _small(node, item, core, ciphertext, keys.content)
    if into is None:
        return content, particulars, len(content)
    into(content)
    return b"", particulars, len(content)


def _words(node: Node, item: ItemOf, keys: item_keys.ItemKeys, sealed: bytes) -> Particulars:
    words = node.suite.decrypt(keys.particulars, item.particulars.encode(), sealed)
    if digest(words) != item.particulars:
        raise Invalid("invalid.content", "the particulars are not those of the skeleton")
    return decode_particulars(words)


def _small(node: Node, item: ItemOf, core: Item, ciphertext: bytes, key: bytes) -> bytes:
    if digest(ciphertext) != item.ciphertext:
        raise Invalid("invalid.content", "what is kept is not what the skeleton names")
    plain = node.suite.decrypt(key, content_context(core), ciphertext)
    salt, content = plain[:16], plain[16:]
    verify_salted(Salted.CONTENT, content, salt=salt, digest=Digest(item.plaintext))
    return content


def core_of(tx: Reading, item: ItemOf) -> Item:
    """Return the item core as its leaf holds it."""
    position = position_of(item.key)
    leaf = tx.leaves(position.log, position.index, position.index + 1)[0]
    deed = decode_entry(leaf).deed
    if not isinstance(deed, deeds.Release):
        raise Invalid("invalid.item", "the leaf is no release")
    return deed.item
