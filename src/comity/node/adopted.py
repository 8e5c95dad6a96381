"""Which profile counted, as the journal says and as the last look before dispatch asks.

A stricter profile does not undo what was decided lawfully under the one before it, and what a
line that was down kept back leaves afterwards. That something stood in the log before the present
profile was adopted is shown by a checkpoint of that time under this house's own ledger key: whoever
writes into the database alone has none for an entry that was dated back.
"""

from typing import Final

from comity.acts import deeds
from comity.acts.entries import decode_entry
from comity.agreement.profile import Profile, open_profile
from comity.ledger.checkpoints import Checkpoint, verify_checkpoint
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.node.lines import TOGETHER, deeds_at, wrong
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import ProfileOf
from comity.vocabulary.digests import digest_from_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, journal
from comity.vocabulary.names import Party

PROFILE: Final = "the profile"
"""Under which name the time of its adoption is remembered."""
_ADOPTS: Final = b'"domestic.adopt-profile"'
"""In the bytes of every leaf that adopts a profile: its kind."""


def adopted_at(tx: Reading, party: Party) -> str:
    """Return when the journal adopted the profile in force; none is: an empty text."""
    row = tx.get(ProfileOf, "own")
    if row is None:
        return ""
    return decode_entry(tx.leaves(journal(party), row.index, row.index + 1)[0]).at


def profile_of(node: Node, tx: Reading) -> Profile | None:
    """Return the profile that the journal adopted; nothing: there is none.

    Raises:
        Invalid: ``invalid.dispatch``: the register names another one than the journal.
    """
    row = tx.get(ProfileOf, "own")
    if row is None:
        _require_none_adopted(node, tx)
        return None
    (adopted,) = deeds_at(tx, journal(node.party), [row.index], deeds.AdoptProfile)
    profile = node.profile(tx, tx)
    if profile is None or adopted.profile != row.digest or profile.digest != adopted.profile:
        raise wrong("a profile that the journal did not adopt")
    return profile


def stood_before(node: Node, tx: Reading, log: LogName, index: int) -> Instant | None:
    """Return when it is known that a leaf of an own log stood, if before the present profile.

    It is the time of the first checkpoint that this house signed over the leaf, verified under
    its own keys and against the tree as it stands.
    """
    note = _first_over(node, tx, log, index)
    return note.time if note is not None and note.time < adopted_at(tx, node.party) else None


def profile_before(node: Node, tx: Reading, at: Instant) -> Profile | None:
    """Return the profile that the journal had adopted last at an instant; nothing: none.

    Raises:
        Invalid: ``invalid.dispatch``: it is not kept as it was adopted.
    """
    row = tx.get(ProfileOf, "own")
    index = -1 if row is None else row.index
    while index >= 0:
        index = _adoption_before(node, tx, index)
        if index < 0:
            return None
        entry = decode_entry(tx.leaves(journal(node.party), index, index + 1)[0])
        if entry.at <= at and isinstance(entry.deed, deeds.AdoptProfile):
            raw = tx.load(Space.DOCUMENT, entry.deed.profile)
            found = None if raw is None else open_profile(raw)
            if found is None or found.digest != entry.deed.profile:
                raise wrong("a profile that is not kept as it was adopted, and something")
            return found
    return None


def _first_over(node: Node, tx: Reading, log: LogName, index: int) -> Checkpoint | None:
    size = tx.frontier(log).size
    reader = tile_reader(lambda tiles: tx.tiles(log, tiles), size)
    publics = [node.suite.signing_public(one) for one in node.vault.ledgers()]
    # Of one size the first that was signed, where it was signed anew since.
    kept = [
        (int(key.rpartition("|")[2]), key)
        for which in ("first", "own")
        for key in tx.keys(Space.LATEST, f"{log}|{which}|")
    ]
    for at, key in sorted(kept):
        if not index < at <= size:
            continue
        note = tx.load(Space.LATEST, key) or b""
        for public in publics:
            try:
                found = verify_checkpoint(node.suite, note, public=public, log=log)
            except Invalid:
                continue
            if found.size > index and digest_from_bytes(root_at(reader, found.size)) == found.root:
                return found
    return None


def _adoption_before(node: Node, tx: Reading, index: int) -> int:
    """Return which line before one adopted a profile last; below zero: none did.

    What was read once in this process is remembered: a journal is long.
    """
    if index not in node.adoptions:
        log = journal(node.party)
        node.adoptions[index] = -1
        for stop in range(index, 0, -TOGETHER):
            start = max(0, stop - TOGETHER)
            page = list(enumerate(tx.leaves(log, start, stop), start=start))
            found = [at for at, leaf in page if _adopts(leaf)]
            if found:
                node.adoptions[index] = found[-1]
                break
    return node.adoptions[index]


def _adopts(leaf: bytes) -> bool:
    # Decoded where the bytes can say so at all: a title may have the same words in it.
    return _ADOPTS in leaf and isinstance(decode_entry(leaf).deed, deeds.AdoptProfile)


def _require_none_adopted(node: Node, tx: Reading) -> None:
    """Return if no line of the journal adopts a profile, as a house without the row of one says.

    Whoever deletes the row would have as many persons decide as nobody asks for. Lines that were
    read stay read in this process.
    """
    log = journal(node.party)
    stop = tx.frontier(log).size
    for start in range(node.unadopted, stop, TOGETHER):
        if any(map(_adopts, tx.leaves(log, start, min(stop, start + TOGETHER)))):
            raise wrong(f"{PROFILE} that the journal adopted is gone, and something")
    node.unadopted = max(node.unadopted, stop)
