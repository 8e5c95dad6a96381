"""Idempotency keys: nothing is entered twice under one key, whatever dies in between.

Under a key stand, in this order, each durable before the next begins:

1. *begun*: whose key, and the digest of the request that it was first sent with;
2. *acted*: which leaves the act appended, saved in the transaction that appended them;
3. *done*: the answer, sealed.

If the process dies before 2, nothing was entered, and the same key runs the act. If it dies
between 2 and 3, the act stands and its answer is lost: the same key is told where it stands
(``unavailable.api.unknown``), and never runs again. A refusal ends the key with nothing entered,
so that the same key may be tried again once the remedy is done.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, cast

from msgspec import Meta, Struct, json

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import decode_entry
from comity.node.node import Node
from comity.node.ports import Reading, Space, Store, Transaction
from comity.register.rows import position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import PersonId

KEPT_SECONDS: Final = 7 * 86400
"""How long an answer is kept. The same key afterwards is a new one."""

_PRUNE_SECONDS: Final = 3600
_SPACE: Final = "key|"


class Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands under the digest of a person and a key.

    Attributes:
        request: Digest of method, address and body.
        leaves: Where the act stands, as far as it is entered (``comity/KOR/journal#7``).
        answer: Status and body, sealed under the house's storage key; empty where not kept.
    """

    state: Literal["begun", "acted", "done"]
    request: Digest
    at: Instant
    leaves: Annotated[tuple[str, ...], Meta(max_length=4096)] = ()
    answer: bytes = b""


class Once:
    """The keys of one node; one per console."""

    def __init__(self, node: Node) -> None:
        """Remember the node; nothing is read yet."""
        self._node: Final = node
        self._busy: Final[set[str]] = set()
        self._lock: Final = threading.Lock()
        self._pruned: Instant | None = None

    def run(
        self,
        person: PersonId,
        key: str,
        request: bytes,
        act: Callable[[Node], tuple[int, bytes]],
        *,
        keep: bool,
    ) -> tuple[int, bytes]:
        """Run an act once under a key, or return what it answered before.

        Args:
            person: Whose key; another person's same key is another key.
            key: What the client chose.
            request: What the key stands for: method, address and body.
            act: Runs on the node that it is given, and returns status and body.
            keep: Whether the body may be kept.

        Raises:
            Refused: ``refused.api.key-reused``: the key was sent with another request;
                ``refused.api.key-spent``: the answer held a content and was not kept.
            Unavailable: ``unavailable.api.busy``: the first request is being answered;
                ``unavailable.api.unknown``: the act is entered and its answer is lost.
        """
        name = _SPACE + digest(f"{person}\n{key}".encode())
        with self._alone(name):
            before = self._begin(name, digest(request))
            if before is not None:
                return self._again(name, before)
            marked = replace(self._node, store=cast("Store", _Marking(self._node.store, name)))
            try:
                status, body = act(marked)
            except (Refused, Unavailable, Invalid):
                self._forget(name)
                raise
            self._end(name, status, body, keep=keep)
            return status, body

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        with self._lock:
            if name in self._busy:
                raise Unavailable("unavailable.api.busy", "this key's first request is under way")
            self._busy.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(name)

    def _begin(self, name: str, request: Digest) -> Kept | None:
        """Return what stands under a key; where nothing was entered yet, begin."""
        now = self._node.clock.now()
        with self._node.store.transaction() as tx:
            self._prune(tx, now)
            raw = tx.load(Space.SESSION, name)
            kept = None if raw is None else json.decode(raw, type=Kept)
            if kept is not None and kept.request != request:
                raise Refused("refused.api.key-reused", "this key was sent with another request")
            if kept is not None and (kept.state == "done" or _entered(tx, kept.leaves)):
                return kept
            begun = Kept(state="begun", request=request, at=now)
            tx.save(Space.SESSION, {name: json.encode(begun)})
        return None

    def _again(self, name: str, kept: Kept) -> tuple[int, bytes]:
        if kept.state != "done":
            where = ", ".join(kept.leaves)
            raise Unavailable("unavailable.api.unknown", f"it is entered, at {where}")
        if not kept.answer:
            raise Refused("refused.api.key-spent", "the answer held a content and was not kept")
        node = self._node
        storage = node.vault.storage(node.party)
        raw = node.suite.unwrap(storage, wrapped=kept.answer, aad=name.encode())
        return int.from_bytes(raw[:2], "big"), raw[2:]

    def _end(self, name: str, status: int, body: bytes, *, keep: bool) -> None:
        """Keep the answer. If that fails the act stands, and the answer is given all the same."""
        node = self._node
        storage = node.vault.storage(node.party)
        sealed = node.suite.wrap(storage, key=status.to_bytes(2, "big") + body, aad=name.encode())
        with suppress(Unavailable), node.store.transaction() as tx:
            kept = json.decode(tx.load(Space.SESSION, name) or b"", type=Kept)
            done = Kept(
                state="done",
                request=kept.request,
                at=kept.at,
                leaves=kept.leaves,
                answer=sealed if keep else b"",
            )
            tx.save(Space.SESSION, {name: json.encode(done)})

    def _forget(self, name: str) -> None:
        """Let go of a key whose act was refused, if nothing of it was entered."""
        with suppress(Unavailable), self._node.store.transaction() as tx:
            raw = tx.load(Space.SESSION, name)
            kept = None if raw is None else json.decode(raw, type=Kept)
            if kept is not None and not _entered(tx, kept.leaves):
                tx.drop(Space.SESSION, [name])

    def _prune(self, tx: Transaction, now: Instant) -> None:
        """Forget keys that are older than their time, once in a while."""
        if self._pruned is not None and now < plus_seconds(self._pruned, _PRUNE_SECONDS):
            return
        oldest = plus_seconds(now, -KEPT_SECONDS)
        found = tx.load_many(Space.SESSION, tx.keys(Space.SESSION, _SPACE))
        ended = [key for key, raw in found.items() if json.decode(raw, type=Kept).at < oldest]
        if ended:
            tx.drop(Space.SESSION, ended)
        self._pruned = now


def _entered(tx: Reading, leaves: Sequence[str]) -> bool:
    """Tell whether an act was entered: leaves that record a refusal are none of it."""
    for one in leaves:
        position = position_of(one)
        leaf = tx.leaves(position.log, position.index, position.index + 1)[0]
        if not isinstance(decode_entry(leaf).deed, deeds.RefuseAct):
            return True
    return False


class _Marking:
    """A store that notes under a key, in the same transaction, what is appended."""

    def __init__(self, store: Store, name: str) -> None:
        self._store: Final = store
        self._name: Final = name

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin a transaction, and before it is committed note what it appended."""
        with self._store.transaction() as tx:
            marking = _Noting(tx)
            yield cast("Transaction", marking)
            if marking.leaves:
                raw = tx.load(Space.SESSION, self._name)
                kept = json.decode(raw or b"", type=Kept)
                acted = Kept(
                    state="acted",
                    request=kept.request,
                    at=kept.at,
                    leaves=(*kept.leaves, *marking.leaves),
                )
                tx.save(Space.SESSION, {self._name: json.encode(acted)})

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a store does
        return getattr(self._store, name)


class _Noting:
    """A transaction that remembers which leaves were appended through it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx: Final = tx
        self.leaves: list[str] = []

    def append(self, log: LogName, *, first: int, leaves: Sequence[bytes], **rest: Any) -> None:  # noqa: ANN401 - as the transaction takes it
        """Append, and remember where."""
        self._tx.append(log, first=first, leaves=leaves, **rest)
        self.leaves += [f"{log}#{first + index}" for index in range(len(leaves))]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transaction does
        return getattr(self._tx, name)
