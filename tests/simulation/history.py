"""The independent history checker: reads ledgers and databases, and nothing of what decided.

Written from the invariants of the threat model and from the protocol. It hashes with its own
tree, reads leaves as plain JSON, and knows no clause, no fold and no chancery.
"""

import hashlib
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from comity.node.ports import Reading, Space
from comity.register.rows import Copy, ItemOf, ReceiptOf, RefusedByPeer


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha384(b"\x00" + leaf).digest()


def root(leaves: list[bytes]) -> bytes:
    """Compute the root as RFC 9162, 2.1.1 defines it, by recursion."""
    if not leaves:
        return hashlib.sha384(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha384(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


class Broken(AssertionError):
    """An invariant does not hold."""


def require(condition: object, invariant: str, words: str) -> None:
    if not condition:
        raise Broken(f"{invariant}: {words}")


def leaves_of(tx: Reading, log: str) -> list[bytes]:
    return tx.leaves(log, 0, tx.frontier(log).size)  # type: ignore[arg-type]


def note_fields(note: bytes) -> tuple[str, int, bytes]:
    lines = note.decode().splitlines()
    return lines[0], int(lines[1]), b64decode(lines[2])


def check_ledgers(tx: Reading, logs: Mapping[str, list[bytes]], honest: set[str]) -> None:
    """V5: append-only; every checkpoint ever kept is consistent with the leaves."""
    roots: dict[tuple[str, int], bytes] = {}
    for key in tx.keys(Space.NOTE):
        note = tx.load(Space.NOTE, key)
        assert note is not None
        log, size, stated = note_fields(note)
        if log.split("/")[1] not in honest or log not in logs:
            continue
        require(size <= len(logs[log]), "V5", f"a checkpoint of {log} beyond its leaves")
        if (log, size) not in roots:
            roots[log, size] = root(logs[log][:size])
        require(roots[log, size] == stated, "V5", f"two histories of {log} at {size}")


def check_once(logs: Mapping[str, list[bytes]]) -> None:
    """V2: no leaf stands twice in a log, and no release or receipt under another salt or time."""
    for log, leaves in logs.items():
        twice = [h for h, n in Counter(map(leaf_hash, leaves)).items() if n > 1]
        require(not twice, "V2", f"a leaf stands twice in {log}")
        acts = Counter(one for leaf in leaves for one in _once_only(json.loads(leaf)["deed"]))
        for act, times in acts.items():
            require(times == 1, "V2", f"{act} stands {times} times in {log}")


def _once_only(deed: dict[str, Any]) -> Iterator[str]:
    """Name what an act does that can be done once: an item leaves, a copy is receipted for."""
    if deed["kind"] == "release.release":
        yield f"the release of {deed['item']['originator']}/{deed['item']['reference']}"
    if deed["kind"] == "delivery.receipt":
        yield f"the receipt {json.dumps(deed, sort_keys=True)}"


def check_stamps(logs: Mapping[str, list[bytes]]) -> None:
    """Time and cut never decrease in an honest log (protocol, "Time" and "The cut")."""
    for log, leaves in logs.items():
        at, seen = "", -1
        for leaf in leaves:
            entry: dict[str, Any] = json.loads(leaf)
            require(entry["at"] >= at, "at", f"time goes back in {log}")
            at = entry["at"]
            if "seen" in entry:
                require(entry["seen"]["size"] >= seen, "seen", f"seen decreases in {log}")
                require(entry["seen"]["time"] <= at, "seen", f"before its cut in {log}")
                seen = entry["seen"]["size"]


def check_acknowledged(mine: Reading, theirs: Reading, log: str, *, healed: bool) -> None:
    """V3: an acknowledgement exists exactly where the leaf is stored at the other side."""
    note = mine.load(Space.LATEST, f"{log}|acked")
    size = 0 if note is None else note_fields(note)[1]
    stored = theirs.frontier(log).size  # type: ignore[arg-type]
    require(size <= stored, "V3", f"{log}: acknowledged {size}, stored {stored}")
    if healed:
        whole = mine.frontier(log).size  # type: ignore[arg-type]
        require(size == stored == whole, "V1", f"{log}: {size}/{stored}/{whole} after healing")


def check_same_book(
    one: Reading, two: Reading, logs: tuple[str, ...], *, gone: Collection[str] = ()
) -> None:
    """V1 and V12: after healing both hold the same leaves and the same state of every item.

    Of copies that are ``gone`` to a contractor their holder alone knows it.
    """
    for log in logs:
        require(leaves_of(one, log) == leaves_of(two, log), "V12", f"{log} differs")
        for kind in (ItemOf, RefusedByPeer):
            require(
                one.within(kind, log) == two.within(kind, log), "V12", f"{kind.__name__} of {log}"
            )
        for item in one.within(ItemOf, log):
            for kind in (ReceiptOf, Copy):
                mine, theirs = (
                    [row for row in tx.within(kind, item.key) if row.key not in gone]
                    for tx in (one, two)
                )
                require(mine == theirs, "V12", f"{kind.__name__} of {item.key}")
            here = [copy for copy in one.within(Copy, item.key) if copy.key not in gone]
            states = {copy.state for copy in here}
            require(states <= {"in-transit", "held"}, "V1", "a copy in no known state")
            require(len(one.within(Copy, item.key)) == len(item.offices), "V1", "made is not held")


def check_agreed(logs: Mapping[str, list[bytes]]) -> None:
    """Honest houses come to one common judgement of every act: neither records a divergence."""
    for log, leaves in logs.items():
        kinds = {json.loads(leaf)["deed"]["kind"] for leaf in leaves}
        require("link.diverge" not in kinds, "P3", f"the judgements differ in {log}")


def check_register(mine: Reading, theirs: Reading, log: str) -> None:
    """Register ledgers (protocol, "Logs"): the other side holds a checkpoint of the hour.

    It is of the true tree, of a size that is a multiple of 256; and no leaf of it is there.
    """
    leaves = leaves_of(mine, log)
    for tx, use in ((mine, "acked"), (theirs, "cosigned")):
        note = tx.load(Space.LATEST, f"{log}|{use}")
        require(note is not None, "register", f"no hour of {log} was cosigned")
        assert note is not None
        _, size, stated = note_fields(note)
        require(size and size % 256 == 0, "register", f"{log} shows how busy it was: {size}")
        require(root(leaves[:size]) == stated, "register", f"another history of {log}")
    require(theirs.frontier(log).size == 0, "register", f"leaves of {log} left the house")  # type: ignore[arg-type]
