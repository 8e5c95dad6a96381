"""Another ledger, ``pymerkle`` on SQLite, at work for ``benchmarks.ledger``: a process of its own.

Runs in the peers' own virtual environment, knows nothing of comity, and speaks lines of JSON:
told to append leaves, singly or many in one transaction, or to prove and verify for so many
seconds, it says what that took, by the clock and of the processor. Its cache is its own default.
"""

import json
import sys
import time
from collections.abc import Callable
from random import Random  # noqa: TID251 - a seed, so that all see the same
from typing import Any

from pymerkle import SqliteTree, verify_inclusion


def leaf(number: int, length: int) -> bytes:
    """Return a leaf that no other is like: the same as ours."""
    return b"%020d" % number * (length // 20)


def _appended(tree: Any, asked: dict[str, Any]) -> dict[str, float]:  # noqa: ANN401 - not typed
    start, stop, batch = asked["start"], asked["stop"], asked["batch"]
    passed, worked = time.perf_counter(), time.process_time()
    for first in range(start, stop, batch):
        leaves = [leaf(one, asked["length"]) for one in range(first, min(stop, first + batch))]
        if batch == 1:
            tree.append_entry(leaves[0])
        else:
            tree.append_entries(leaves)
    return {"passed": time.perf_counter() - passed, "worked": time.process_time() - worked}


def _proved(tree: Any, asked: dict[str, Any]) -> dict[str, list[float]]:  # noqa: ANN401 - not typed
    draw = Random(asked["seed"])  # noqa: S311 - a seed
    size = tree.get_size()
    root = tree.get_root()
    proofs: list[tuple[int, Any]] = []

    def prove() -> None:
        index = draw.randrange(size)
        proofs.append((index, tree.prove_inclusion(index + 1)))

    taken = _timed(prove, asked["seconds"])
    bases = {index: tree.get_leaf(index + 1) for index, _ in proofs[:200]}
    turn = iter(range(10**9))

    def verify() -> None:
        index, proof = proofs[next(turn) % min(200, len(proofs))]
        verify_inclusion(bases[index], root, proof)

    checked = _timed(verify, asked["seconds"] / 4)
    return {"prove": taken[0], "prove worked": taken[1], "verify": checked[0]}


def _timed(once: Callable[[], None], seconds: float) -> tuple[list[float], list[float]]:
    passed: list[float] = []
    worked: list[float] = []
    until = time.perf_counter() + seconds
    while len(passed) < 20 or time.perf_counter() < until:  # noqa: PLR2004 - some at least
        before, work = time.perf_counter(), time.thread_time()
        once()
        worked.append(time.thread_time() - work)
        passed.append(time.perf_counter() - before)
    return passed, worked


def main() -> None:
    """Answer line by line until there is nothing more to answer."""
    tree = SqliteTree(sys.argv[1], algorithm="sha384")
    for line in sys.stdin:
        asked = json.loads(line)
        said = _appended(tree, asked) if "start" in asked else _proved(tree, asked)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
