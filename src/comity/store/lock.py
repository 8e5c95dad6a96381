"""One instance at a time on a directory."""

import fcntl
import os
from pathlib import Path

from comity.vocabulary.errors import Unavailable


class DirectoryLock:
    """A lock on a directory, held until it is released or the process ends, however it ends.

    It lies on an open file, not in the file's content: nothing stale is ever left behind. It
    does not reach across machines; a directory on a network share is not supported.
    """

    def __init__(self, directory: Path) -> None:
        """Take the lock, or refuse at once.

        Raises:
            Unavailable: ``unavailable.locked``: another instance has it.
                ``unavailable.disk``: the directory cannot be written.
        """
        try:
            opened = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable("unavailable.disk", "the directory cannot be written") from error
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(opened)
            raise Unavailable("unavailable.locked", "another instance runs here") from error
        self._opened: int | None = opened

    def release(self) -> None:
        """Let go of the lock; once more is nothing new."""
        opened, self._opened = self._opened, None
        if opened is not None:
            os.close(opened)
