"""What one evidence file holds: its documents and notes by digest, its leaves folded into rows."""

from collections.abc import Mapping, Sequence
from typing import cast

from comity.acts.canonical import digest
from comity.agreement.books import Claim
from comity.agreement.ground import GROUND
from comity.agreement.origin import decode_origin
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement, open_bundle
from comity.evidence.bundle import Evidence
from comity.ledger.notes import note_digest
from comity.register.rows import R, Row, Rows
from comity.seal.directories import read_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


class FileRows:
    """Rows folded from the leaves of one file."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rows: dict[type[Row], dict[str, Row]] = {}

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row, or nothing."""
        return cast("R | None", self._rows.get(kind, {}).get(key))

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of one scope in the order of their keys."""
        rows = self._rows.get(kind, {})
        found = (rows[key] for key in sorted(rows) if rows[key].scope == scope)
        return tuple(cast("R", row) for row in found)

    def put(self, rows: Sequence[Row]) -> None:
        """Keep rows in the place of those with their keys."""
        for row in rows:
            self._rows.setdefault(type(row), {})[row.key] = row


class FileBooks:
    """What the file holds, found by digest; and which of it was asked for."""

    def __init__(self, suite: Suite, evidence: Evidence, roots: Mapping[Party, Digest]) -> None:
        """Hold a file; ``roots`` are those that the caller confirmed by another way."""
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


__all__ = ["FileBooks", "FileRows"]
