"""One organisation's node: its party, its parts, and what it has read and need not read again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from comity.acts.deeds import AnyDeed
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts
from comity.agreement.profile import Profile, open_profile
from comity.agreement.text import Agreement, open_bundle
from comity.node.ports import Clock, Face, Files, Reading, Space, Store, Vault, Witness
from comity.register.rows import ProfileOf, Rows
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Office, Party

__all__ = ["Node", "Texts"]

T = TypeVar("T")

REMEMBERED: Final = 64
"""Texts and profiles that a node keeps read; the others are read again."""


class _Unread:
    """Stands for a text that is not kept read."""


_UNREAD: Final = _Unread()


Turns = tuple[tuple[int, AnyDeed], ...]
"""Acts on one directive, each with its index."""


@dataclass
class Node:
    """One party's node.

    Attributes:
        party: Whose it is.
        registry: The office that stamps and files for it.
        suite: The one suite of algorithms.
        store: Where everything is kept.
        vault: Its opened keys.
        clock: Where *now* comes from.
        files: Where contents are kept that no pouch carries; none: there are none.
        witness: What is remembered outside the database; none: nothing is.
        face: What a new directory says of it; none: it is not served, or has no console.
        last_line: The time of the journal's last line, once this process has met it.
        decided: Leaves of directives that the last look before dispatch found decided, in this
            process: log, index, bytes.
        turned: The turns of directives that it read from the leaves, by log and index of the
            directive, and up to which leaf.
        unadopted: Up to which line it read the journal and found no adoption of a profile.
        adoptions: Which line adopted a profile last before a line that did, where it was read.
    """

    party: Party
    registry: Office
    suite: Suite
    store: Store
    vault: Vault
    clock: Clock
    files: Files | None = None
    witness: Witness | None = None
    face: Callable[[], Face] | None = None
    last_line: Instant | None = None
    decided: set[tuple[LogName, int, bytes]] = field(default_factory=set)
    turned: dict[tuple[LogName, int], tuple[int, Turns]] = field(default_factory=dict)
    unadopted: int = 0
    adoptions: dict[int, int] = field(default_factory=dict)
    _bundles: dict[Digest, Agreement | None] = field(default_factory=dict)
    _profiles: dict[Digest, Profile] = field(default_factory=dict)

    def agreement(self, tx: Reading, digest: Digest) -> Agreement | None:
        """Return the agreement of a bundle that this node keeps; nothing if not readable."""
        if digest == GROUND.digest:
            return GROUND
        # Taken out once: another thread may forget it between two looks.
        found = self._bundles.get(digest, _UNREAD)
        if isinstance(found, _Unread):
            raw = tx.load(Space.DOCUMENT, digest)
            if raw is None:
                return None
            try:
                opened = open_bundle(raw)
            except Invalid:
                opened = None
            _remember(self._bundles, digest, opened)
            return opened
        return found

    def profile(self, tx: Reading, rows: Rows) -> Profile | None:
        """Return the house's own profile as adopted by its journal so far."""
        row = rows.get(ProfileOf, "own")
        if row is None:
            return None
        digest = Digest(row.digest)
        found = self._profiles.get(digest)
        if found is None:
            raw = tx.load(Space.DOCUMENT, digest)
            if raw is None:
                raise Invalid("invalid.profile", "the adopted profile is not kept here")
            opened = open_profile(raw)
            _remember(self._profiles, digest, opened)
            return opened
        return found


def _remember(kept: dict[Digest, T], digest: Digest, what: T) -> None:
    """Keep what was read as the latest, and forget what was read longest ago.

    A peer may name as many texts as it likes; what is forgotten is read again when asked for.
    """
    kept.pop(digest, None)
    kept[digest] = what
    for oldest in list(kept)[:-REMEMBERED]:
        kept.pop(oldest, None)


Documents = Mapping[Digest, bytes]
