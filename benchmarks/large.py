# ruff: noqa: S101, S603 - a benchmark whose setting is not right must stop; fixed commands
"""One large item between two processes: sealed, approved, carried, opened and verified.

Both nodes are served by ``comity serve``; this process only asks, at their sockets. Memory is
the most that each process held resident, above what it held before.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, run
from benchmarks.houses import process_of, two_directories
from comity.assemble.serve import SOCKET
from comity.transport.local import Request, call

_RUNS: Final = 5
_PIECE: Final = 1 << 20
SIZES: Final = (16 << 20, 160 << 20)
"""Bytes; ``COMITY_LARGE`` in the environment says others, in MiB, with commas between."""


def measure(seconds: float) -> list[Figure]:
    """Measure each size five times; ``seconds`` says nothing here."""
    del seconds
    told = os.environ.get("COMITY_LARGE", "")
    sizes = tuple(int(one) << 20 for one in told.split(",")) if told else SIZES
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="comity-large-") as name:
        for size in sizes:
            figures += _measured(Path(name), size, _RUNS if size <= 256 << 20 else 1)
    return figures


def _measured(base: Path, size: int, runs: int) -> list[Figure]:
    file, out = base / "sent", base / "opened"
    made(file, size)
    parts: dict[str, list[float]] = {"sealed": [], "carried": [], "opened": [], "end to end": []}
    peer: list[float] = []
    disk: list[float] = []
    with (
        two_directories() as (seoul, tokyo),
        process_of(seoul) as sender,
        process_of(tokyo) as receiver,
    ):
        entitle(tokyo)
        idle = [_resident(one.pid, "VmRSS") for one in (sender, receiver)]
        for _ in range(runs):
            took = _once(seoul, tokyo, file, out)
            for part, seconds in zip(parts, (*took, sum(took)), strict=True):
                parts[part].append(size / _PIECE / seconds)
            peer += [size / _PIECE / seconds for seconds in _age(base, file)]
            disk.append(size / _PIECE / _dd(base, file))
        most = [_resident(one.pid, "VmHWM") for one in (sender, receiver)]
    label = f"{size >> 20} MiB"
    figures = [
        Figure(f"{label}, {part}", "MiB/s", tuple(values), size=size >> 20)
        for part, values in parts.items()
    ]
    if peer:
        label_of = f"{label}, age: sealed, synced, opened, synced"
        figures.append(Figure(label_of, "MiB/s", tuple(peer), size=size >> 20))
    written = f"{label}, the disk: written and synced by dd, once"
    figures.append(Figure(written, "MiB/s", tuple(disk), size=size >> 20))
    for who, before, after in zip(("sender", "receiver"), idle, most, strict=True):
        row = f"{label}, memory above idle, {who}"
        figures.append(Figure(row, "MiB", (after - before,), size=size >> 20))
    return figures


def _once(seoul: Path, tokyo: Path, file: Path, out: Path) -> tuple[float, float, float]:
    began = time.perf_counter()
    draft = _laid(seoul, file)
    sealed = time.perf_counter()
    item = _decided(seoul, tokyo, draft)
    while links(tokyo)[0]["contents"]:
        time.sleep(0.02)
    carried = time.perf_counter()
    took = opened(tokyo, item, out)
    assert out.stat().st_size == file.stat().st_size
    return sealed - began, carried - sealed, took


def made(file: Path, size: int) -> None:
    """Write a file of random bytes."""
    with file.open("wb") as written:
        for _ in range(size // _PIECE):
            written.write(os.urandom(_PIECE))


def approved(seoul: Path, tokyo: Path, file: Path) -> str:
    """Lay a file before the authority and approve it; return the item, which Tokyo knows of."""
    return _decided(seoul, tokyo, _laid(seoul, file))


def links(folder: Path) -> list[dict[str, Any]]:
    """Return how a node's links stand."""
    found: list[dict[str, Any]] = _ask(folder, "status")["links"]
    return found


def opened(tokyo: Path, item: str, out: Path) -> float:
    """Register and assign an item, and let its reader open it; return how long that one took."""
    _ask(tokyo, "register.enter", item=item, **{"as": "suzuki"})
    level = "JPN:tokutei-himitsu"
    until = "2027-11-24T00:00:00.000Z"
    _ask(tokyo, "designate", item=item, regime=level, level=level, until=until, **{"as": "mori"})
    _ask(tokyo, "re-mark", item=item, regime=level, level=level, **{"as": "suzuki"})
    _ask(tokyo, "assign", item=item, person="abe", **{"as": "suzuki"})
    ready = time.perf_counter()
    _ask(tokyo, "read", item=item, out=str(out), **{"as": "abe"})
    return time.perf_counter() - ready


def _laid(seoul: Path, file: Path) -> str:
    found: str = _ask(
        seoul,
        "release",
        file=str(file),
        to="JPN",
        offices=["JPN/DIH"],
        level="KOR:mil-2",
        subject="dprk.missile.launch",
        purpose="defence.missile-warning",
        title="Large",
        **{"as": "kim"},
    )["draft"]
    return found


def _decided(seoul: Path, tokyo: Path, draft: str) -> str:
    before = {one["reference"] for one in _ask(tokyo, "register.list")["items"]}
    _ask(seoul, "approve", drafts=[draft], **{"as": "park"})
    while True:
        items = {one["reference"] for one in _ask(tokyo, "register.list")["items"]} - before
        if items:
            (item,) = items
            return str(item)
        time.sleep(0.02)


def _age(base: Path, file: Path) -> list[float]:
    """Let ``age`` seal and open the same file, where it is here; neither signed nor carried."""
    program, maker = shutil.which("age"), shutil.which("age-keygen")
    if program is None or maker is None:
        return []
    key, sealed, out = base / "key", base / "sealed.age", base / "opened.age"
    key.unlink(missing_ok=True)
    said = subprocess.run([maker, "-o", key], check=True, capture_output=True, text=True).stderr
    began = time.perf_counter()
    recipient = said.split()[-1]
    subprocess.run([program, "-r", recipient, "-o", sealed, file], check=True)
    _sync(sealed)
    subprocess.run([program, "-d", "-i", key, "-o", out, sealed], check=True)
    _sync(out)
    return [time.perf_counter() - began]


def _dd(base: Path, file: Path) -> float:
    """Let ``dd`` copy the file and sync it: what the disk does by itself."""
    began = time.perf_counter()
    said = ["dd", f"if={file}", f"of={base / 'copy'}", "bs=1M", "conv=fsync", "status=none"]
    subprocess.run(said, check=True)
    return time.perf_counter() - began


def _sync(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def entitle(tokyo: Path) -> None:
    """Clear a reader in Tokyo for the item."""
    at, until = "2026-11-24T00:00:00.000Z", "2027-11-24T00:00:00.000Z"
    _ask(
        tokyo,
        "person.clear",
        person="abe",
        level="JPN:tokutei-himitsu",
        since=at,
        until=until,
        authority="JPN/REGISTRY",
        **{"as": "admin"},
    )
    _ask(
        tokyo,
        "person.need-to-know",
        person="abe",
        subject="dprk.missile.launch",
        until=until,
        **{"as": "admin"},
    )


def _ask(folder: Path, command: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    answer = call(folder / SOCKET, Request(command, arguments), seconds=600)
    assert answer.status == 0, answer
    return answer.output


def _resident(process: int, field: str) -> float:
    """Return what a process holds resident (``VmRSS``), or held at most (``VmHWM``), in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(one.split()[1]) / 1024 for one in lines if one.startswith(field))


if __name__ == "__main__":
    run(measure, seconds=0.0)
