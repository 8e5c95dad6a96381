"""The register as one transaction sees it: what is kept, with what the transaction has put."""

from collections.abc import Iterable
from typing import TypeVar, cast

from comity.agreement.gather import OF_ITEMS
from comity.node.ports import Reading
from comity.register.rows import Needs, Row

R = TypeVar("R", bound=Row)


class Overlay:
    """Rows over a reading, or over nothing (a fold from the beginning)."""

    def __init__(self, base: Reading | None) -> None:
        """Begin with what ``base`` keeps and nothing put."""
        self._base = base
        self._rows: dict[tuple[type[Row], str], Row | None] = {}
        self._scopes: dict[tuple[type[Row], str], dict[str, Row]] = {}
        self._sorted: dict[tuple[type[Row], str], tuple[Row, ...]] = {}
        self._fresh: dict[tuple[type[Row], str], dict[str, Row]] = {}
        self.changed: dict[tuple[type[Row], str], Row] = {}
        self.turn = 0
        """How many rows were put that a release never puts; see ``agreement.alike.Alike``."""

    @property
    def kept(self) -> bool:
        """Whether there is something below it, of which to read ahead."""
        return self._base is not None

    def fetch(self, ask: Needs) -> None:
        """Read ahead what a batch will ask: one query per table instead of one per act."""
        if self._base is None:
            return
        missing = Needs()
        for kind, keys in ask.keys.items():
            missing.keys[kind] = {key for key in keys if (kind, key) not in self._rows}
        for kind, scopes in ask.scopes.items():
            missing.scopes[kind] = {one for one in scopes if (kind, one) not in self._scopes}
        rows, found_scopes = self._base.fetch(missing)
        for kind, keys in missing.keys.items():
            for key in keys:
                self._rows[kind, key] = rows.get((kind, key))
        for (kind, scope), found in found_scopes.items():
            self._load(kind, scope, found)

    def get(self, kind: type[R], key: str) -> R | None:
        """Return the row under a key, as this transaction sees it."""
        at = (kind, key)
        if at not in self._rows:
            self._rows[at] = None if self._base is None else self._base.get(kind, key)
        return cast("R | None", self._rows[at])

    def within(self, kind: type[R], scope: str) -> tuple[R, ...]:
        """Return the rows of a scope, as this transaction sees them, in the order of keys."""
        at = (kind, scope)
        known = self._sorted.get(at)
        if known is None:
            if at not in self._scopes:
                found = () if self._base is None else self._base.within(kind, scope)
                self._load(kind, scope, found)
            rows = self._scopes[at]
            # The same rows, as one object, until one of the scope is put again.
            known = self._sorted[at] = tuple(rows[key] for key in sorted(rows))
        return cast("tuple[R, ...]", known)

    def put(self, rows: Iterable[Row]) -> None:
        """Put rows; whatever is asked afterwards sees them. A row never changes its scope."""
        for row in rows:
            kind, key = type(row), row.key
            at, among = (kind, key), (kind, row.scope)
            self._rows[at] = self.changed[at] = row
            fresh = self._fresh.get(among)
            if fresh is None:
                self._fresh[among] = {key: row}
            else:
                fresh[key] = row
            if kind not in OF_ITEMS:
                self.turn += 1
            if (scope := self._scopes.get(among)) is not None:
                scope[key] = row
                self._sorted.pop(among, None)

    def _load(self, kind: type[Row], scope: str, found: Iterable[Row]) -> None:
        """Take a scope as kept, with the changes made so far laid over it."""
        rows = {row.key: row for row in found}
        rows.update(self._fresh.get((kind, scope), {}))
        self._scopes[kind, scope] = rows
        self._sorted.pop((kind, scope), None)
