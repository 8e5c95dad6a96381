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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.deeds import kind_of
from comity.acts.documents import decode_approval, kind_of_approval
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Judgement, Outcome
from comity.acts.kinds import Log, kind
from comity.acts.observations import Observation, decode_observation
from comity.agreement.assess import assess
from comity.agreement.assessment import Assessment, effect_of
from comity.agreement.books import Claim
from comity.agreement.cut import Asked
from comity.agreement.ground import GROUND
from comity.agreement.origin import decode_origin
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement, open_bundle
from comity.agreement.verified import directory_at
from comity.evidence.bundle import Evidence, ProvenLog, ProvenNote, decode_evidence
from comity.ledger.approvals import verify_approval
from comity.ledger.checkpoints import (
    Checkpoint,
    parse,
    verify_checkpoint,
    verify_cosignature,
)
from comity.ledger.notes import note_digest, parse_note
from comity.ledger.proofs import verify_consistency, verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.register.fold import fold
from comity.register.leaves import Leaf
from comity.register.rows import Row, Rows
from comity.seal.directories import Directory, open_directory, read_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid, Unconfirmed
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    counterpart,
    is_attested,
    is_feed,
    owner,
    reader,
)
from comity.vocabulary.names import Party


@dataclass(frozen=True)
class Statement:
    """One act that the file proves, in the order in which it was judged.

    Attributes:
        log: Where it stands, with ``index``.
        by: The office that acted.
        at: When it was entered.
        kind: What was done.
        judgement: The common judgement, computed here, equal to what the author committed to.
        signed: How each person signed whose approval verifies: ``passkey``, or ``key-file``,
            which the person's house keeps: custodied.
        attested: Who entered it for its author, which did it on paper and did not sign it.
    """

    log: LogName
    index: int
    by: str
    at: Instant
    kind: str
    judgement: Judgement
    signed: tuple[str, ...] = ()
    attested: Party | None = None


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


class _MemoryRows:
    """Rows folded from the leaves of one file."""

    def __init__(self) -> None:
        self._rows: dict[type[Row], dict[str, Row]] = {}

    def get(self, kind, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return self._rows.get(kind, {}).get(key)

    def within(self, kind, scope):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        rows = self._rows.get(kind, {})
        return tuple(rows[key] for key in sorted(rows) if rows[key].scope == scope)

    def put(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._rows.setdefault(type(row), {})[row.key] = row


class _FileBooks:
    """What the file holds, found by digest; and which of it was asked for."""

    def __init__(self, suite: Suite, evidence: Evidence, roots: Mapping[Party, Digest]) -> None:
        self.suite = suite
        self._roots = roots
        self.unconfirmed: set[Party] = set()
        self._documents = {digest(raw): raw for raw in evidence.documents}
        self._notes = {note_digest(one.note): one.note for one in evidence.notes}
        self._first = {read_directory(raw).party: raw for raw in evidence.first_directories if raw}
        self._bundles: dict[Digest, Agreement] = {}
        self.used: set[Digest] = set()

    def document(self, name: Digest) -> bytes | None:
        """Return a document of the file."""
        self.used.add(name)
        return self._documents.get(name)

    def note(self, name: Digest) -> bytes | None:
        """Return a note of the file."""
        self.used.add(name)
        return self._notes.get(name)

    def agreement(self, name: Digest) -> Agreement | None:
        """Return an agreement of the file."""
        if name == GROUND.digest:
            return GROUND
        self.used.add(name)
        if name not in self._bundles:
            raw = self._documents.get(name)
            if raw is None:
                return None
            self._bundles[name] = open_bundle(raw)
        return self._bundles[name]

    def root(self, party: Party) -> Digest | None:
        """Return the root that the caller confirmed; else the one that the file claims."""
        if party in self._roots:
            return self._roots[party]
        self.unconfirmed.add(party)
        for raw in self._documents.values():
            try:
                directory = read_directory(decode_origin(raw).directory)
            except Invalid:
                continue
            if directory.party == party:
                return key_id(directory.root)
        return None

    def claims(self, log: LogName) -> Sequence[Claim]:
        """Return nothing: claims that others learnt are not in the file."""
        del log
        return ()

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        """Return the directory exchanged at enrolment."""
        del reader
        return self._first.get(author)

    def profile(self, rows: Rows) -> Profile | None:
        """Return nothing: a stranger has no profile."""
        del rows
        return None

    def tree_root(self, log: LogName, size: int) -> Digest | None:
        """Return nothing: the file does not hold the whole of a log."""
        del log, size
        return None


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
    directories = _directories(suite, evidence, roots)  # 2, 3
    sizes = {one.log: _checkpoint(suite, one, directories) for one in evidence.logs}  # 4
    entries = {one.log: _leaves(one, sizes[one.log]) for one in evidence.logs}  # 5
    books = _FileBooks(suite, evidence, roots)
    for note in evidence.notes:  # 6
        _note(suite, note, directories, sizes)
    statements = _judged(books, evidence, entries)  # 7
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
        raise Unconfirmed(
            "unconfirmed.roots", "consistent, roots not confirmed: give --root for both parties"
        )


T = TypeVar("T")

_Directories = Mapping[Party, list[tuple[int, Directory]]]


def _directories(suite: Suite, evidence: Evidence, roots: Mapping[Party, Digest]) -> _Directories:
    """Verify the directories of both parties; the first has position 0."""
    found: dict[Party, list[tuple[int, Directory]]] = {}
    logs = [one.log for one in evidence.logs]
    if list(evidence.parties) != sorted(set(evidence.parties)) or logs != sorted(set(logs)):
        raise Invalid("invalid.evidence.parties", "two parties and their two logs, in order")
    for party, raw in zip(evidence.parties, evidence.first_directories, strict=True):
        if not raw:
            found[party] = []  # on paper: it has no keys, and signs nothing in the file
            continue
        own = key_id(read_directory(raw).root)
        directory = open_directory(suite, raw, root=roots.get(party, own))
        other = next(one for one in evidence.parties if one != party)
        if (directory.party, directory.to) != (party, other):
            raise Invalid("invalid.evidence.parties", "a directory of somebody else")
        found[party] = [(0, directory)]
    if not any(found.values()):
        raise Invalid("invalid.evidence.parties", "a file that nobody signed")
    documents = {digest(raw): raw for raw in evidence.documents}
    for log in evidence.logs:
        party = owner(log.log)
        if not found.get(party) or counterpart(log.log) not in found:
            raise Invalid("invalid.evidence.parties", "a log of somebody else")
        if is_attested(log.log):
            continue  # a directory in it is that of the party that joins, and signs nothing there
        for leaf in log.leaves:
            deed = decode_entry(leaf.leaf).deed
            if isinstance(deed, deeds.PublishDirectory):
                raw_directory = documents.get(deed.directory)
                if raw_directory is None:
                    raise Invalid("invalid.evidence.missing", "a directory is not in the file")
                root = key_id(found[party][0][1].root)
                directory = open_directory(suite, raw_directory, root=root)
                found[party].append((leaf.index, directory))
    return found


def _ledger_keys(directories: _Directories, log: LogName, size: int) -> list[bytes]:
    """Return the ledger keys that may sign a size of a log of its owner's.

    That of the latest directory below it. A pouch is signed under the directory in force at its
    beginning: where the last leaf of all is a directory, the key before it may have signed, too.
    """
    party = owner(log)
    if is_attested(log) or is_feed(log):
        # Its sizes are not those of the log that the directories stand in.
        return [one.ledger for _, one in directories[party]]
    known = [(index, one) for index, one in directories[party] if index < size or index == 0]
    if len(known) > 1 and known[-1][0] == size - 1:
        return [known[-1][1].ledger, known[-2][1].ledger]
    return [known[-1][1].ledger]


def _cosigning_keys(directories: _Directories, party: Party, seen: int) -> list[bytes]:
    """Return the ledger keys that may cosign a note that has seen so much of the party's log.

    Whoever cosigned held at least what the note has seen of its own log: the key is that of the
    directory in force there, or of a later one; never one that was given up before.
    """
    known = directories[party]
    before = [one for index, one in known if index < seen or index == 0]
    return [before[-1].ledger, *(one.ledger for index, one in known if index >= max(seen, 1))]


def _checkpoint(suite: Suite, proven: ProvenLog, directories: _Directories) -> Checkpoint:
    other = counterpart(proven.log)
    if other is None:
        raise Invalid("invalid.evidence.parties", "a log without a counterpart")
    checkpoint = _signed(suite, proven.checkpoint, proven.log, directories)
    if not directories[other]:
        return checkpoint  # who keeps paper cosigns nothing
    seen = 0 if checkpoint.seen is None else checkpoint.seen.size
    keys = _cosigning_keys(directories, other, seen)
    _under_one(
        keys, lambda key: verify_cosignature(suite, proven.checkpoint, public=key, name=other)
    )
    return checkpoint


def _signed(suite: Suite, note: bytes, log: LogName, directories: _Directories) -> Checkpoint:
    """Return a note's checkpoint if its log's owner signed it with a key of that size."""
    keys = _ledger_keys(directories, log, parse(parse_note(note).text).size)
    return _under_one(keys, lambda key: verify_checkpoint(suite, note, public=key, log=log))


def _under_one(keys: Sequence[bytes], verified: Callable[[bytes], T]) -> T:
    """Return what verifies under one of some keys; where none does, the error of the first."""
    first: Invalid | None = None
    for key in dict.fromkeys(keys):
        try:
            return verified(key)
        except Invalid as error:
            first = first or error
    assert first is not None  # noqa: S101 - there is at least the first directory
    raise first


def _leaves(proven: ProvenLog, checkpoint: Checkpoint) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    last = -1
    for one in proven.leaves:
        if one.index <= last:
            raise Invalid("invalid.evidence.order", "leaves out of order")
        last = one.index
        verify_inclusion(
            leaf_hash=leaf_hash(one.leaf),
            index=one.index,
            size=checkpoint.size,
            path=one.path,
            root=digest_to_bytes(checkpoint.root),
        )
        entries[one.index] = decode_entry(one.leaf)
    return entries


def _note(
    suite: Suite,
    proven: ProvenNote,
    directories: _Directories,
    sizes: Mapping[LogName, Checkpoint],
) -> None:
    """Verify a note that an entry relies on: its owner's, and within the log as proven."""
    stated = parse(parse_note(proven.note).text)
    if stated.log not in sizes or owner(stated.log) not in directories:
        raise Invalid("invalid.evidence.note", "a note of another log")
    checkpoint = _signed(suite, proven.note, stated.log, directories)
    whole = sizes[stated.log]
    try:
        if checkpoint.size == 0:
            # Every log begins with nothing, and an empty root has been compared already.
            if proven.path:
                raise Invalid("invalid.proof", "from size 0 there is nothing to prove")
            return
        verify_consistency(
            old=checkpoint.size,
            old_root=digest_to_bytes(checkpoint.root),
            new=whole.size,
            new_root=digest_to_bytes(whole.root),
            path=proven.path,
        )
    except Invalid as error:
        # Its owner signed it, and yet it is not how the log began: another history.
        raise Invalid("invalid.evidence.note", "a note that the proven log contradicts") from error


def _judged(
    books: _FileBooks, evidence: Evidence, entries: Mapping[LogName, Mapping[int, Entry]]
) -> tuple[Statement, ...]:
    """Judge every entry again, each after the leaves that its cut holds."""
    rows = _MemoryRows()
    waiting = {log: sorted(found) for log, found in entries.items()}
    statements: list[Statement] = []
    while any(waiting.values()):
        log = _next(waiting, entries)
        index = waiting[log].pop(0)
        entry = entries[log][index]
        assessment = _one(books, rows, log, index, entry)
        if assessment.common is None:
            raise Invalid("invalid.evidence.judgement", "an act without a common judgement")
        statements.append(
            Statement(
                log=log,
                index=index,
                by=entry.deed.by,
                at=entry.at,
                kind=kind_of(entry.deed),
                judgement=assessment.common,
                signed=() if is_attested(log) else _ways(books, rows, log, index, entry),
                attested=owner(log) if is_attested(log) else None,
            )
        )
        effect = effect_of(assessment, claimed=entry.judgement)
        rows.put(fold(rows, Leaf(house=owner(log), log=log, index=index, entry=entry), effect))
    del evidence
    return tuple(statements)


def _ways(
    books: _FileBooks, rows: _MemoryRows, log: LogName, index: int, entry: Entry
) -> tuple[str, ...]:
    """Return how the persons signed whose approvals verify; one that does not is no approval."""
    other = counterpart(log)
    directory = None if other is None else directory_at(books, rows, owner(log), other, index)
    found = []
    for one in () if isinstance(entry.approvals, UnsetType) else entry.approvals:
        raw = books.document(one.document)
        if directory is None or raw is None:
            continue
        try:
            name = deeds.deed_digest(entry.deed)
            verify_approval(books.suite, one, deed=name, document=raw, directory=directory)
        except Invalid:
            continue
        found.append(kind_of_approval(decode_approval(raw)))
    return tuple(found)


def _next(
    waiting: Mapping[LogName, list[int]], entries: Mapping[LogName, Mapping[int, Entry]]
) -> LogName:
    """Return the log whose next entry rests on nothing that is still waiting."""
    for log, indexes in waiting.items():
        if not indexes:
            continue
        rests = _rests_on(log, entries[log][indexes[0]])
        if all(
            not waiting.get(one) or waiting[one][0] >= size for one, size in rests if one != log
        ):
            return log
    raise Invalid("invalid.evidence.cut", "two entries that each rest on the other")


def _rests_on(log: LogName, entry: Entry) -> list[tuple[LogName, int]]:
    """Return how much of which other logs counts for an entry."""
    found: list[tuple[LogName, int]] = []
    to = reader(log)
    if not isinstance(entry.seen, UnsetType) and to is not None:
        found.append((correspondence(to, author(log)), entry.seen.size))
    if not isinstance(entry.also, UnsetType):
        found += [(one.log, one.size) for one in entry.also]
    return found


def _one(
    books: _FileBooks, rows: _MemoryRows, log: LogName, index: int, entry: Entry
) -> Assessment:
    deed = entry.deed
    other = reader(log)
    held = Log.FEED if is_feed(log) else Log.CORRESPONDENCE
    if kind(deed).log is not held or not isinstance(deed, deeds.Outward):
        raise Invalid("invalid.evidence.kind", "an act that such a log does not hold")
    if other is None or deed.to != other:
        raise Invalid("invalid.evidence.kind", "an act addressed to somebody else")
    asked = Asked(
        house=other, acting=author(log), counterpart=other, log=log, index=index, entry=entry
    )
    assessment = assess(books, rows, asked, journal_size=0)
    if assessment.common is None or assessment.common_digest != entry.judgement:
        raise Invalid(
            "invalid.evidence.judgement",
            f"{kind_of(deed)} at {log}#{index}: the judgement computed here is not the one "
            "that the entry carries",
        )
    if assessment.common.outcome is not Outcome.LAWFUL:
        raise Invalid("invalid.evidence.unlawful", f"{kind_of(deed)} at {log}#{index}")
    return assessment


def _nothing_more(
    evidence: Evidence,
    books: _FileBooks,
    entries: Mapping[LogName, Mapping[int, Entry]],
    directories: _Directories,
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
