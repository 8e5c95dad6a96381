"""Verifying an evidence file from nothing but itself and the roots that a stranger confirmed.

Steps, in this order; the first that fails raises:

1. strict canonical decoding;
2. the two parties' first directories under the roots given (or, unconfirmed, under their own);
3. every further directory of the file under the same root;
4. both checkpoints: the owner's signature, and the counterpart's cosignature;
5. every leaf's inclusion in the checkpoint of its log;
6. every ``seen`` that an entry names: the note is in the file, signed by its log's owner, and
   its consistency proof leads to the checkpoint of its log;
7. every entry judged again on its cut, from the facts in the file: the digest it carries is the
   digest computed here;
8. nothing in the file that nothing names;
9. the subject is a release, or it gave the observation of the file: its inclusion in the tree
   whose root the leaf holds, and its number.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import Entry
from comity.acts.observations import Observation, decode_observation
from comity.evidence.books import FileBooks
from comity.evidence.bundle import Evidence, decode_evidence
from comity.evidence.judged import Statement, judged_again
from comity.evidence.signed import (
    Directories,
    checkpoint_of_log,
    directories_of,
    included,
    require_note,
)
from comity.ledger.checkpoints import Checkpoint
from comity.ledger.notes import note_digest, parse_note
from comity.ledger.proofs import verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid, Unconfirmed
from comity.vocabulary.logs import LogName, counterpart, owner
from comity.vocabulary.names import Party


class Verified(NamedTuple):
    """What an evidence file proves.

    Attributes:
        evidence: The file.
        release: The entry that provided the item.
        statements: All acts proven, the release among them.
        sizes: Size and root of each log, signed and cosigned.
        confirmed: The roots were those that the caller gave.
        roots: Identifier of each party's root, to be compared where unconfirmed.
        on_paper: The parties that have no keys: nothing in the file is signed by them.
        observation: The one that the file is about; then ``release`` is the leaf that gave it.
    """

    evidence: Evidence
    release: Entry
    statements: tuple[Statement, ...]
    sizes: Mapping[LogName, Checkpoint]
    confirmed: bool
    roots: Mapping[Party, Digest]
    on_paper: tuple[Party, ...] = ()
    observation: Observation | None = None


def verify(suite: Suite, raw: bytes, *, roots: Mapping[Party, Digest]) -> Verified:
    """Verify an evidence file.

    Args:
        suite: The suite of algorithms.
        raw: The file's bytes.
        roots: Identifiers of the party roots that the caller confirmed by another way.

    Returns:
        What it proves. ``confirmed`` is false where a root was not given: then anybody could
        have made the file (see :func:`require_confirmed`).

    Raises:
        Invalid: ``invalid.evidence.*``, ``invalid.document.*``, ``invalid.directory``,
            ``invalid.checkpoint.*``, ``invalid.signature``, ``invalid.proof``: the first step
            that fails.
    """
    evidence = decode_evidence(raw)  # 1
    directories = directories_of(suite, evidence, roots)  # 2, 3
    sizes = {one.log: checkpoint_of_log(suite, one, directories) for one in evidence.logs}  # 4
    entries = {one.log: included(one, sizes[one.log]) for one in evidence.logs}  # 5
    books = FileBooks(suite, evidence, roots)
    for note in evidence.notes:  # 6
        require_note(suite, note, directories, sizes)
    statements = judged_again(books, entries)  # 7
    _nothing_more(evidence, books, entries, directories)  # 8
    subject = evidence.subject
    release = entries.get(subject.log, {}).get(subject.index)
    if release is None or not isinstance(release.deed, deeds.Release | deeds.Observations):
        raise Invalid("invalid.evidence.subject", "the file does not hold its subject")
    observation = _observed(evidence, release.deed)  # 9
    signing = [party for party in evidence.parties if directories[party]]
    found = {party: key_id(directories[party][0][1].root) for party in signing}
    return Verified(
        evidence=evidence,
        release=release,
        statements=statements,
        sizes=sizes,
        confirmed=all(roots.get(party) == found[party] for party in signing)
        and not books.unconfirmed,
        roots=found,
        on_paper=tuple(party for party in evidence.parties if party not in found),
        observation=observation,
    )


def _observed(evidence: Evidence, deed: deeds.Release | deeds.Observations) -> Observation | None:
    """Return the observation of a file, if it is about one and its leaf gave just that."""
    proven = evidence.observation
    if isinstance(deed, deeds.Observations) == isinstance(proven, UnsetType):
        raise Invalid("invalid.evidence.subject", "an observation goes with the leaf that gave it")
    if isinstance(proven, UnsetType) or not isinstance(deed, deeds.Observations):
        return None
    verify_inclusion(
        leaf_hash=leaf_hash(proven.observation),
        index=proven.index,
        size=deed.count,
        path=proven.path,
        root=digest_to_bytes(deed.root),
    )
    one = decode_observation(proven.observation)
    if one.number != deed.first + proven.index:
        raise Invalid("invalid.evidence.subject", "the observation has another number")
    return one


def require_confirmed(verified: Verified) -> None:
    """Return if the roots were confirmed.

    Raises:
        Unconfirmed: ``unconfirmed.roots``: consistent, but with roots nobody vouched for.
    """
    if not verified.confirmed:
        raise Unconfirmed("unconfirmed.roots")


def _nothing_more(
    evidence: Evidence,
    books: FileBooks,
    entries: Mapping[LogName, Mapping[int, Entry]],
    directories: Directories,
) -> None:
    """Refuse what nothing names: it would be bound by nothing, and could be anything."""
    used = set(books.used)
    for found in entries.values():
        for entry in found.values():
            deed = entry.deed
            if isinstance(deed, deeds.PublishDirectory):
                used.add(deed.directory)
            if isinstance(deed, deeds.NotifyAuthority):
                used.add(deed.profile)
            if isinstance(entry.approvals, tuple):
                used.update(one.document for one in entry.approvals)
    names = [digest(raw) for raw in evidence.documents]
    notes = [note_digest(one.note) for one in evidence.notes]
    if names != sorted(set(names)) or notes != sorted(set(notes)):
        raise Invalid("invalid.evidence.order", "documents and notes stand in order, once each")
    if not used.issuperset(names) or not used.issuperset(notes):
        raise Invalid("invalid.evidence.superfluous", "something that nothing names")
    for one in evidence.notes:
        if len(parse_note(one.note).lines) != 1:
            raise Invalid("invalid.evidence.note", "a note with lines that nothing verifies")
    for proven in evidence.logs:
        # In this order: two orders would be two files of one crossing.
        signers = [line.name for line in parse_note(proven.checkpoint).lines]
        both = [owner(proven.log), counterpart(proven.log)]
        if signers != [one for one in both if one is not None and directories[one]]:
            raise Invalid("invalid.evidence.note", "a checkpoint with other lines than its two")


__all__ = ["Statement", "Verified", "require_confirmed", "verify"]
