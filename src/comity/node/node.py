"""One organisation's node: its party, its parts, and what it has read and need not read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts
from comity.agreement.profile import Profile, open_profile
from comity.agreement.text import Agreement, open_bundle
from comity.node.ports import Clock, Reading, Space, Store, Vault
from comity.register.rows import ProfileOf, Rows
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Office, Party

__all__ = ["Node", "Texts"]


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
    """

    party: Party
    registry: Office
    suite: Suite
    store: Store
    vault: Vault
    clock: Clock
    _bundles: dict[Digest, Agreement | None] = field(default_factory=dict)
    _profiles: dict[Digest, Profile] = field(default_factory=dict)

    def agreement(self, tx: Reading, digest: Digest) -> Agreement | None:
        """Return the agreement of a bundle that this node keeps; nothing if not readable."""
        if digest == GROUND.digest:
            return GROUND
        if digest not in self._bundles:
            raw = tx.load(Space.DOCUMENT, digest)
            if raw is None:
                return None
            try:
                self._bundles[digest] = open_bundle(raw)
            except Invalid:
                self._bundles[digest] = None
        return self._bundles[digest]

    def profile(self, tx: Reading, rows: Rows) -> Profile | None:
        """Return the house's own profile as adopted by its journal so far."""
        row = rows.get(ProfileOf, "own")
        if row is None:
            return None
        digest = Digest(row.digest)
        if digest not in self._profiles:
            raw = tx.load(Space.DOCUMENT, digest)
            if raw is None:
                raise Invalid("invalid.profile", "the adopted profile is not kept here")
            self._profiles[digest] = open_profile(raw)
        return self._profiles[digest]


Documents = Mapping[Digest, bytes]
