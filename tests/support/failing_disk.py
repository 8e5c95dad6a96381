"""A disk that fails on order: a shim between a process and its system, compiled where cc is."""

import errno
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SERIALS = itertools.count(1)


class Disk:
    """What the file of orders says; every process that has the shim obeys it at once."""

    def __init__(self, orders: Path) -> None:
        """Take the file of orders; nothing fails yet."""
        self.orders = orders
        self.mend()

    def fail(
        self, call: str, part: str, *, code: int = errno.EIO, skip: int = 0, times: int = 1
    ) -> None:
        """Let calls (``sync``, ``write``) on files with ``part`` in their path fail."""
        order = f"{next(_SERIALS)} {call} {code} {skip} {times} {part}"
        made = self.orders.with_suffix(".new")
        made.write_text(order)
        made.replace(self.orders)

    def mend(self) -> None:
        """Let nothing fail any more."""
        self.orders.write_text("")


def shim(folder: Path) -> dict[str, str]:
    """Return the environment under which a process obeys ``folder/orders``."""
    made = compiled("failing_disk.c", folder)
    return {**os.environ, "LD_PRELOAD": str(made), "COMITY_DISK": str(folder / "orders")}


def compiled(name: str, folder: Path) -> Path:
    """Compile a shim of this folder, to be preloaded; skip where that is not possible."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler here (Debian: gcc libc6-dev): no shim below a process")
    made = (folder / name).with_suffix(".so")
    source = Path(__file__).with_name(name)
    done = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(made), str(source), "-ldl", "-lpthread"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the shim does not compile here: {done.stderr.splitlines()[:1]}")
    return made
