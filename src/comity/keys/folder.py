"""A directory of small secret files: only its owner enters, each file is whole or absent."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from comity.vocabulary.errors import Refused, Unavailable

LIMIT: Final = 1 << 16
"""The longest key file, in bytes."""

_UNFINISHED: Final = ".part"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def check_folder(folder: Path) -> None:
    """Return if the directory is one, is ours, and nobody else may enter it.

    Raises:
        Refused: ``refused.keys.none``: no such directory. ``refused.keys.mode``: it is a link,
            another user's, or open to group or others.
    """
    try:
        found = folder.lstat()
    except FileNotFoundError:
        raise Refused("refused.keys.none", str(folder)) from None
    if not stat.S_ISDIR(found.st_mode):
        raise Refused("refused.keys.mode", f"{folder} is not a directory")
    _check_private(folder, found)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file of the directory by name; what a crash left unfinished is removed.

    Raises:
        Refused: ``refused.keys.mode``: a file is a link, another user's, or open to group or
            others. ``refused.keys.size``: a file is longer than any key.
        Unavailable: ``unavailable.disk``.
    """
    try:
        names = sorted(path.name for path in folder.iterdir())
        # Its rename never happened: nothing was promised about its content.
        for name in names:
            if name.endswith(_UNFINISHED):
                (folder / name).unlink()
        return {name: _read(folder / name) for name in names if not name.endswith(_UNFINISHED)}
    except OSError as error:
        raise _disk(error) from error


def write_file(folder: Path, name: str, data: bytes) -> None:
    """Put a file in place, readable by its owner only; durable when this returns.

    A process that dies here leaves the file as it was before, and perhaps an unfinished one
    that the next :func:`read_files` removes.

    Raises:
        Unavailable: ``unavailable.disk``: the file is as it was before, or whole.
    """
    unfinished = folder / (name + _UNFINISHED)
    try:
        with suppress(FileNotFoundError):
            unfinished.unlink()
        made = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(made, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
        sync_folder(folder)
    except OSError as error:
        raise _disk(error) from error


def remove_file(folder: Path, name: str) -> None:
    """Remove a file; durable when this returns. One that is not there is nothing to do.

    Raises:
        Unavailable: ``unavailable.disk``.
    """
    try:
        (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
    except OSError as error:
        raise _disk(error) from error


def sync_folder(folder: Path) -> None:
    """Make the names of a directory durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> bytes:
    # The opened file is asked, not the path: between the two questions nothing can be swapped.
    # Without O_NONBLOCK the opening of a pipe would wait for a writer.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Refused("refused.keys.mode", f"{path} is not a file")
        _check_private(path, found)
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Refused("refused.keys.size", f"{path} is longer than any key")
    return data


def _check_private(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Refused("refused.keys.mode", f"{path} belongs to another user")
    if found.st_mode & _OTHERS:
        raise Refused(
            "refused.keys.mode", f"{path} is open to others; chmod go-rwx, and ask who read it"
        )


def _disk(error: OSError) -> Unavailable:
    return Unavailable("unavailable.disk", f"the files: {error.strerror or 'not readable'}")
