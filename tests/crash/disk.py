"""Two real nodes over TLS and SQLite whose disks fail, or are full, while they work.

Run as ``python -m tests.crash.disk FOLDER failing`` with the shim of ``tests.support.failing_disk``
preloaded and ``COMITY_DISK`` naming the file of orders, or as ``… FOLDER full`` in a mount
namespace of its own. The nodes are those of :mod:`tests.crash.loop`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from comity.vocabulary.names import Party
from tests.crash.loop import (
    JPN,
    KOR,
    RUNNING,
    begin,
    check,
    goes_on,
    serving,
    start,
    stop,
    stop_all,
)
from tests.support.failing_disk import Disk

LOG = "store/book.sqlite3-wal$"
BOOK = "store/book.sqlite3$"
CODE = "unavailable.disk"
MIB = 1 << 20


class Fault(NamedTuple):
    """The call after ``skip`` others that fails, once, at one of the two."""

    party: Party
    call: str
    skip: int


FAULTS = (
    *(Fault(party, "sync", skip) for skip in (0, 1, 2, 5, 13) for party in (KOR, JPN)),
    *(Fault(party, "write", skip) for skip in (0, 3, 40) for party in (KOR, JPN)),
)


def failing(folder: Path) -> None:
    """Let syncs and writes of the log fail, one after the other: the node ends, and says why."""
    disk = Disk(Path(os.environ["COMITY_DISK"]))
    begin(folder)
    children = {party: start(folder, party) for party in (KOR, JPN)}
    for fault in FAULTS:
        serving(folder)
        disk.fail(fault.call, f"{fault.party}/{LOG}", skip=fault.skip)
        ended(folder, fault.party, children[fault.party])
        disk.mend()
        children[fault.party] = start(folder, fault.party)
    serving(folder)
    # What the system perhaps only believes to be written is written again before anything is
    # built on it: a disk that fails at that is no disk to begin on.
    stop(children[KOR], signal.SIGKILL)
    disk.fail("sync", f"{KOR}/{BOOK}", times=10**6)
    ended(folder, KOR, start(folder, KOR))
    disk.mend()
    children[KOR] = start(folder, KOR)
    serving(folder)
    unharmed(folder, disk, children)
    for pid in children.values():
        stop(pid, signal.SIGKILL)
    check(folder)


def unharmed(folder: Path, disk: Disk, children: dict[Party, int]) -> None:
    """Let fail what loses nothing: the witness's file. The node says so and goes on."""
    disk.fail("sync", f"{KOR}/witness/", times=3)
    goes_on(folder)
    deadline = time.monotonic() + 60
    while f"KOR|{CODE}" not in alarms(folder) and f"JPN|{CODE}" not in alarms(folder):
        assert time.monotonic() < deadline, "nobody says that a witness could not be kept"
        time.sleep(0.2)
    disk.mend()
    assert os.waitpid(children[KOR], os.WNOHANG) == (0, 0), "it ended for a witness's file"


def alarms(folder: Path) -> dict[str, object]:
    """Return the alarms that Seoul shows."""
    from comity.transport.local import Request, call

    said = call(folder / KOR / "comity.sock", Request("status", {}), seconds=30)
    return dict(said.output["alarms"])


def ended(folder: Path, party: Party, pid: int) -> None:
    """Wait until a node has ended by itself, for the reason that it names."""
    deadline = time.monotonic() + 60
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        assert time.monotonic() < deadline, f"{party} goes on with a disk that failed"
        time.sleep(0.02)
    RUNNING.discard(pid)
    said = (folder / f"{party}.error").read_text()
    assert said.splitlines()[-1].startswith("comity.vocabulary.errors.Unavailable: " + CODE), said
    (folder / f"{party}.error").unlink()


def full(folder: Path) -> None:
    """Let the disks be full again and again: both nodes wait, say so, and go on."""
    for party in (KOR, JPN):
        (folder / party).mkdir()
        mount(folder / party, "size=64m")
    begin(folder)
    children = {party: start(folder, party) for party in (KOR, JPN)}
    for victims in ((KOR,), (JPN,), (KOR, JPN)):
        serving(folder)
        for party in victims:
            (folder / f"{party}.said").unlink(missing_ok=True)
            shrink(folder / party)
        # Where both are small the first that is full holds up the other, which may then have
        # nothing left to write.
        deadline = time.monotonic() + 240
        while not any(CODE in said(folder, party) for party in victims):
            assert time.monotonic() < deadline, "no disk is ever full"
            time.sleep(0.1)
        for party in victims:
            mount(folder / party, "remount,size=64m")
        goes_on(folder)
        for party, pid in children.items():
            assert os.waitpid(pid, os.WNOHANG) == (0, 0), f"{party} ended with a full disk"
    for pid in children.values():
        stop(pid, signal.SIGKILL)
    check(folder)


def said(folder: Path, party: Party) -> str:
    """Return what a node said of its disk, to those who work at it or about a link."""
    file = folder / f"{party}.said"
    return file.read_text() if file.exists() else ""


def mount(where: Path, options: str) -> None:
    """Mount a disk in memory, or change its size."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(where)]
    subprocess.run(command, check=True, capture_output=True)


def shrink(where: Path) -> None:
    """Leave a disk a quarter of a mebibyte; its node may write more while it is asked for."""
    for _ in range(20):
        with contextlib.suppress(subprocess.CalledProcessError):
            mount(where, f"remount,size={used(where) + MIB // 4}")
            return
    raise AssertionError(f"{where} is never smaller")


def used(where: Path) -> int:
    """Return how many bytes are used."""
    found = os.statvfs(where)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def main() -> None:
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    try:
        {"failing": failing, "full": full}[kind](folder)
    finally:
        stop_all()
    sys.stdout.write(f"{kind} disks: nothing lost, nothing twice\n")


if __name__ == "__main__":
    main()
