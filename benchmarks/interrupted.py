# ruff: noqa: S101 - a benchmark whose setting is not right must stop
"""One large item between two processes that are killed at random bytes while it is under way.

Both nodes are served by ``comity serve``; in turn one and the other is ended by SIGKILL once some
more bytes, drawn at random, have arrived, and begun again. In the end the item is opened at the
recipient and compared, and what was carried more than once is counted: nothing is fetched again
that had arrived.
"""

import argparse
import os
import signal
import tempfile
import time
from contextlib import ExitStack
from hashlib import sha384
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, show
from benchmarks.houses import process_of, two_directories
from benchmarks.large import approved, entitle, links, made, opened

_KILLS: Final = 20


def measure(size: int, *, kills: int = _KILLS) -> list[Figure]:
    """Carry one item of so many bytes through so many kills."""
    cuts: list[int] = []
    with tempfile.TemporaryDirectory(prefix="comity-large-") as name:
        file, out = Path(name) / "sent", Path(name) / "opened"
        made(file, size)
        with two_directories() as (seoul, tokyo), ExitStack() as stack:
            folders = [tokyo, seoul]
            served = [stack.enter_context(process_of(one)) for one in folders]
            entitle(tokyo)
            item = approved(seoul, tokyo, file)
            began = time.perf_counter()
            places = sorted(int.from_bytes(os.urandom(8)) % size for _ in range(kills))
            for number, place in enumerate(places):
                while _arrived(tokyo) < place and not _whole(tokyo):
                    time.sleep(0.0002)
                if _whole(tokyo):
                    break
                victim = number % 2
                served[victim].send_signal(signal.SIGKILL)
                served[victim].wait()
                if not _whole(tokyo):
                    cuts.append(_arrived(tokyo))
                served[victim] = stack.enter_context(process_of(folders[victim]))
            while links(tokyo)[0]["contents"]:
                time.sleep(0.02)
            took = time.perf_counter() - began
            assert cuts == sorted(cuts), f"what had arrived was fetched again: {cuts}"
            opened(tokyo, item, out)
            assert _digest(out) == _digest(file), "other bytes"
    what = f"{size >> 20} MiB, killed {len(cuts)} times, in turn recipient and sender"
    return [
        Figure(f"{size >> 20} MiB, kills under way", "times", (float(len(cuts)),), what),
        Figure(f"{size >> 20} MiB, from the approval until it is here", "s", (took,), what),
        Figure(f"{size >> 20} MiB, first kill", "of it", (cuts[0] / size,), what),
        Figure(f"{size >> 20} MiB, last kill", "of it", (cuts[-1] / size,), what),
    ]


def _arrived(folder: Path) -> int:
    found = 0
    for one in (folder / "contents" / "arriving").glob("*"):
        try:
            found += one.stat().st_size
        except FileNotFoundError:  # it has just got its name
            return found
    return found


def _whole(folder: Path) -> bool:
    return any(one.is_file() for one in (folder / "contents").iterdir())


def _digest(file: Path) -> str:
    whole = sha384()
    with file.open("rb") as opened_file:
        while piece := opened_file.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--kills", type=int, default=_KILLS)
    given = parser.parse_args()
    show(measure(given.mib << 20, kills=given.kills))
