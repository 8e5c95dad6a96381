"""The files of a second place: records one after the other, in a folder elsewhere."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from comity.store.records import Record, goes_on, is_whole, records_in
from comity.vocabulary.errors import Unavailable

_FILE: Final = 64 << 20
"""Bytes after which the next record begins a file of its own."""


class SecondPlace:
    """The files of one folder, to which records are only ever added."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        """Find the last record; what a process that died left half-written is put aside.

        Raises:
            Unavailable: ``unavailable.disk``: the folder cannot be made or read;
                ``unavailable.second``: its last file holds no record of this house, or one that
                is damaged before others that are not: nothing is cut off there.
        """
        self._folder: Final = folder
        self._secret: Final = secret
        self.last: Record | None = None
        self._file: Path | None = None
        self._end = 0
        with _told(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in reversed(self._files()):
                raw = file.read_bytes()
                found = list(records_in(raw, secret))
                if found:
                    self._file, (self.last, self._end) = file, found[-1]
                    rest = raw[self._end :]
                    if rest and goes_on(rest, secret, self.last.number + 2):
                        raise strange(f"{file} is damaged behind record {self.last.number}")
                    break
                if is_whole(raw):
                    raise strange(f"{file} holds no record of this house")
                # Begun as the process died. Left there it would stand in the way of the files
                # that are begun after it.
                file.rename(file.with_suffix(".torn"))
                _sync(folder)

    def add(self, records: Sequence[Record]) -> None:
        """Write records behind the last one; all of them are durable when this returns.

        What was written before and never became durable is written again from its beginning.

        Raises:
            Unavailable: ``unavailable.disk``: none of them counts as written.
        """
        for one in records:
            raw = one.frame()
            with _told(self._folder):
                file, at = self._behind(one, len(raw))
                self._write(file, at, raw)
            self.last, self._file, self._end = one, file, at + len(raw)

    def _behind(self, one: Record, length: int) -> tuple[Path, int]:
        """Return into which file a record of some length goes, and where it begins there."""
        if self._file is not None and self._end + length <= _FILE:
            return self._file, self._end
        if self._file is not None and not self._file.exists():
            # Its disk is away: a file on another one would be found by nobody.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._folder / f"{one.number:016d}.changes", 0

    def _write(self, file: Path, at: int, raw: bytes) -> None:
        flags = os.O_RDWR | os.O_CLOEXEC | (0 if at else os.O_CREAT)
        handle = os.open(file, flags, 0o600)
        try:
            if os.fstat(handle).st_size < at:
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            _put_aside(file, handle, at)
            os.ftruncate(handle, at)
            written = 0
            while written < len(raw):
                written += os.pwrite(handle, raw[written:], at + written)
            os.fsync(handle)
        finally:
            os.close(handle)
        if not at:
            _sync(self._folder)

    def after(self, last: Record) -> Iterator[Record]:
        """Give the records that follow one, each verified, in order.

        Raises:
            Unavailable: ``unavailable.second``: they do not follow it, or one is missing or
                not as it was written; ``unavailable.disk``.
        """
        before = last
        for file in self._files():
            with _told(self._folder):
                raw = file.read_bytes()
            end = 0
            for one, end in records_in(raw, self._secret):  # noqa: B007 - the end of the last one
                if one.number <= last.number:
                    if one.number == last.number and one.code != last.code:
                        raise strange("these books and these records went different ways")
                    continue
                if (one.number, one.before) != (before.number + 1, before.code):
                    raise strange(f"record {before.number + 1} is not in {self._folder}")
                yield one
                before = one
            if end != len(raw) and self._file is not None and file < self._file:
                raise strange(f"{file} is damaged behind record {before.number}")

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.changes"))


def _put_aside(file: Path, handle: int, at: int) -> None:
    """Keep what stands behind the last record, before it is cut off: perhaps it is needed yet."""
    size = os.fstat(handle).st_size
    if size > at:
        file.with_suffix(".torn").write_bytes(os.pread(handle, size - at, at))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("unavailable.disk", f"{folder}: {error.strerror}") from error


def strange(why: str) -> Unavailable:
    """Return the error of records that are not what they should be."""
    return Unavailable("unavailable.second", why)
