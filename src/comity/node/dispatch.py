"""The last look before a pouch leaves: every release in it was decided as the house decides.

Written apart from the judgement that admitted them, from what was signed and what stands in the
logs: the approvals from the bytes that will leave, the keys from directories that the party root
signed, the drafter and the profile from the lines of the journal. A row of the register only says
where to look, so a row forged in the database makes nothing leave. It cannot tell that a row was
set back to an older directory or profile of this house, genuine in its time.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from comity.acts import deeds
from comity.acts.deeds import AnyDeed, Role
from comity.acts.entries import Entry, decode_entry
from comity.ledger.approvals import verify_approval
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.setup import pseudonym
from comity.register.rows import DirectoryOf, Draft, ProfileOf
from comity.seal.directories import Directory, open_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence, journal
from comity.vocabulary.names import Office, Party, PersonId

D = TypeVar("D", bound=AnyDeed)


def require_decided(
    node: Node, tx: Reading, peer: Party, first: int, entries: Sequence[Entry]
) -> None:
    """Return if every release among these entries was approved by enough other persons.

    Args:
        node: Whose releases they are.
        tx: What it keeps.
        peer: To whom the pouch goes.
        first: The index of the first entry in the correspondence.
        entries: As decoded from the bytes that will leave.

    Raises:
        Invalid: ``invalid.dispatch``: one was not, and nothing of the pouch is sent.
    """
    for index, entry in enumerate(entries, start=first):
        if isinstance(entry.deed, deeds.Release):
            _require(node, tx, peer, index, entry, entry.deed)


def _require(  # noqa: PLR0913 - one release where it stands
    node: Node, tx: Reading, peer: Party, index: int, entry: Entry, deed: deeds.Release
) -> None:
    if not isinstance(entry.approvals, tuple):
        raise _wrong("a release without an approval")
    name = deeds.deed_digest(deed)
    directory = _directory(node, tx, peer, index)
    persons: dict[str, Office] = {}
    for approval in entry.approvals:
        who = verify_approval(
            node.suite,
            approval,
            deed=name,
            document=tx.load(Space.DOCUMENT, approval.document),
            directory=directory,
        )
        if Role.RELEASING in who.roles:
            persons[who.person] = who.office
    if not persons:
        raise _wrong("a release that no releasing authority approved")
    if pseudonym(node, peer, _drafter(node, tx, name)) in persons:
        raise _wrong("a release that its own drafter approved")
    _require_enough(node, tx, deed, list(persons.values()))


def _drafter(node: Node, tx: Reading, name: Digest) -> PersonId:
    """Return who laid a deed before the authority, as the journal says."""
    row = tx.get(Draft, name)
    if row is None:
        raise _wrong("a release that nobody laid before an authority")
    laid = _deed_at(tx, journal(node.party), row.line, deeds.LayBefore)
    if laid.deed != name:
        raise _wrong("a release that was laid before the authority as another one")
    return laid.actor


def _require_enough(
    node: Node, tx: Reading, deed: deeds.Release, offices: Sequence[Office]
) -> None:
    """Return if the profile that the journal adopted last delegates this to these persons."""
    row = tx.get(ProfileOf, "own")
    if row is None:
        return
    adopted = _deed_at(tx, journal(node.party), row.index, deeds.AdoptProfile)
    profile = node.profile(tx, tx)
    if profile is None or adopted.profile != row.digest or profile.digest != adopted.profile:
        raise _wrong("a profile that the journal did not adopt")
    for one in profile.delegations:
        fits = deed.item.label.level in one.levels and (not one.to or deed.to in one.to)
        if fits and offices.count(one.office) >= one.approvals:
            return
    raise _wrong("a release that fewer persons approved than the profile asks for")


def _directory(node: Node, tx: Reading, peer: Party, index: int) -> Directory:
    """Return the own directory in force at a position, as the party root signed it."""
    log = correspondence(node.party, peer)
    rows = [row for row in tx.within(DirectoryOf, log) if row.index < index]
    if rows:
        last = max(rows, key=lambda row: row.index)
        published = _deed_at(tx, log, last.index, deeds.PublishDirectory)
        if published.directory != last.digest:
            raise _wrong("a directory that was not published")
        raw = tx.load(Space.DOCUMENT, published.directory)
    else:
        raw = tx.load(Space.LATEST, f"directory|{peer}")
    if raw is None:
        raise _wrong("a release before any directory")
    root = key_id(node.suite.signing_public(node.vault.root()))
    hashable: Any = node.suite  # one suite per node, told apart by identity
    return _signed(hashable, raw, root)


@lru_cache(maxsize=16)
def _signed(suite: Suite, raw: bytes, root: Digest) -> Directory:
    # The same bytes under the same root are as good the second time.
    return open_directory(suite, raw, root=root)


def _deed_at(tx: Reading, log: LogName, index: int, kind: type[D]) -> D:
    """Return the deed of a leaf, which must be of a kind."""
    if not 0 <= index < tx.frontier(log).size:
        raise _wrong("a line that is not in the log")
    deed = decode_entry(tx.leaves(log, index, index + 1)[0]).deed
    if not isinstance(deed, kind):
        raise _wrong("a line that says something else")
    return deed


def _wrong(what: str) -> Invalid:
    return Invalid("invalid.dispatch", f"{what} was about to leave")
