"""Sealed contents that are too large for the database: files, named by their digest.

A file is written in quarantine, synced, renamed, and its directory synced; only then is its
digest told, so what a transaction speaks of is there. If the process dies before the rename,
the next start sweeps the quarantine; if it dies after, the file is whole and merely unspoken of.
Renaming replaces: bytes that have rotted are healed by putting them again.

A full disk is a clean refusal. After any other error of the disk nothing more is put until the
files are opened anew. The owner of a directory holds its lock (see :mod:`comity.store.lock`).
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from comity.acts.canonical import Hasher, digest_of_pieces
from comity.node.behind import Behind
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid, Unavailable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_SIZE: Final = 1 << 20
_SYNC_SIZE: Final = 64 << 20
"""Bytes after which a file that still grows is synced."""


class BlobStore:
    """Files by digest in one directory."""

    def __init__(self, directory: Path) -> None:
        """Open the directory, or make it, and sweep what an earlier process left half-written.

        Raises:
            Unavailable: ``unavailable.disk``.
        """
        self._kept: Final = directory
        self._quarantine: Final = directory / "quarantine"
        self._arriving: Final = directory / "arriving"
        self._failed: bool = False
        with self._told():
            self._arriving.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in self._quarantine.iterdir():
                left.unlink()
            # A name that was given just before the last process died is durable from here.
            _sync(directory)
            _sync(directory.parent)

    @property
    def sound(self) -> bool:
        """Whether it can go on being used; not after an error of the disk."""
        return not self._failed

    def put(self, chunks: Iterable[bytes], *, expected: Digest | None = None) -> Digest:
        """Keep bytes, given in pieces, and return their digest once they are durable.

        Memory does not grow with them. The same bytes again are nothing new.

        Raises:
            Invalid: ``invalid.content``: they have another digest than expected; not kept.
            Unavailable: ``unavailable.disk``: nothing was kept. Errors of ``chunks`` pass
                through, and nothing was kept either.
        """
        if self._failed:
            raise Unavailable("unavailable.disk", "the disk failed; open the files anew")
        with self._quarantined() as (opened, path):
            whole = Hasher()
            with self._writer(opened, path, whole) as take:
                for chunk in chunks:
                    take(chunk)
            digest = whole.digest()
            if expected not in {None, digest}:
                raise Invalid("invalid.content", "the bytes have another digest")
            with self._told():
                os.fsync(opened)
                path.rename(self._path(digest))
                _sync(self._kept)
            return digest

    def resume(self, digest: Digest, ask: Callable[[int], Iterable[bytes]], *, limit: int) -> None:
        """Go on with what has arrived so far; ``ask`` gives the bytes from a position on.

        What arrived before is hashed again from the file. It was not synced piece by piece: a
        power cut may leave other bytes than came, the digest says so, and it begins anew. If
        the process dies anywhere before the rename, what has arrived stays for the next time.

        Raises:
            Invalid: ``invalid.content``: another digest, or longer than ``limit``; not kept.
            Unavailable: ``unavailable.disk``. Errors of ``ask`` pass through, and what came
                until then is good for resuming.
        """
        if self._failed:
            raise Unavailable("unavailable.disk", "the disk failed; open the files anew")
        path = self._arriving / digest.removeprefix("sha384:")
        with self._told():
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            whole = Hasher()
            length = 0
            with self._told():
                while piece := os.read(opened, _READ_SIZE):
                    whole.update(piece)
                    length += len(piece)
            # Whole already if the last process died between its last byte and the rename.
            if whole.digest() != digest:
                with self._writer(opened, path, whole) as take:
                    for piece in ask(length):
                        length += len(piece)
                        if length > limit:
                            break
                        take(piece)
            if length > limit or whole.digest() != digest:
                with self._told():
                    path.unlink()
                raise Invalid("invalid.content", "the bytes have another digest")
            with self._told():
                _sync_or_forget(opened, path)
                path.rename(self._path(digest))
                _sync(self._kept)
        finally:
            os.close(opened)

    def arrived(self, digest: Digest) -> int:
        """Return how many bytes have arrived of what is not whole yet."""
        try:
            return (self._arriving / digest.removeprefix("sha384:")).stat().st_size
        except FileNotFoundError:
            return 0

    def read(self, digest: Digest, start: int = 0, length: int | None = None) -> bytes:
        """Return the bytes from ``start``, at most ``length`` of them; fewer at the end.

        They are not hashed again: whoever opens them learns from the seal if they rotted.

        Raises:
            Unavailable: ``unavailable.content``: not here. ``unavailable.disk``: cannot be read.
        """
        with self._told(), self._path(digest).open("rb", buffering=0) as file:
            file.seek(start)
            return _read(file.fileno(), length)

    def size(self, digest: Digest) -> int | None:
        """Return how many bytes are kept under a digest; nothing if none are."""
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def exists(self, digest: Digest) -> bool:
        """Return whether bytes are kept under a digest."""
        return self._path(digest).exists()

    def delete(self, digest: Digest) -> None:
        """Forget the bytes under a digest, durably; absent ones are forgotten already.

        Raises:
            Unavailable: ``unavailable.disk``.
        """
        with self._told():
            self._path(digest).unlink(missing_ok=True)
            _sync(self._kept)

    def digests(self) -> Iterator[Digest]:
        """Return the digests of everything kept, in no order."""
        for path in self._kept.iterdir():
            if path not in (self._quarantine, self._arriving):
                yield digest_from_bytes(bytes.fromhex(path.name))

    def verify(self, digest: Digest) -> None:
        """Return if the bytes still have their digest.

        Raises:
            Invalid: ``invalid.content``: they rotted.
            Unavailable: ``unavailable.content``: not here. ``unavailable.disk``: cannot be read.
        """
        with self._told(), self._path(digest).open("rb", buffering=0) as file:
            found = digest_of_pieces(iter(partial(file.read, _READ_SIZE), b""))
        if found != digest:
            raise Invalid("invalid.content", "the bytes have another digest")

    @contextmanager
    def _writer(self, opened: int, path: Path, whole: Hasher) -> Iterator[Callable[[bytes], None]]:
        """Write pieces in one thread and hash them in another, a few behind who gives them.

        Who gives them reads, opens or seals meanwhile. As long as more comes, what is written is
        synced every 64 MiB, in a third thread: at the end less is left to wait for. That says
        nothing of the whole yet.
        """
        unsynced = 0

        def write(piece: bytes) -> None:
            nonlocal unsynced
            with self._told():
                _write(opened, piece)
            unsynced += len(piece)
            if unsynced >= _SYNC_SIZE:
                unsynced = 0
                syncing.take(b"sync")

        def sync(_: bytes) -> None:
            with self._told():
                _sync_or_forget(opened, path)

        def take(piece: bytes) -> None:
            writing.take(piece)
            hashing.take(piece)

        # Left in the other order: who syncs ends after who writes.
        with Behind(sync) as syncing, Behind(write) as writing, Behind(whole.update) as hashing:
            yield take

    def _path(self, digest: Digest) -> Path:
        return self._kept / digest.removeprefix("sha384:")

    @contextmanager
    def _quarantined(self) -> Iterator[tuple[int, Path]]:
        """Open a new file that only the owner reads, gone at the end unless it was renamed."""
        with self._told():
            opened, name = tempfile.mkstemp(dir=self._quarantine)
        try:
            yield opened, Path(name)
        finally:
            os.close(opened)
            with suppress(OSError):
                Path(name).unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn errors of the operating system into ours."""
        try:
            yield
        except FileNotFoundError as error:
            raise Unavailable("unavailable.content", "the content is not here") from error
        except OSError as error:
            if error.errno in _FULL:
                raise Unavailable("unavailable.disk", "the disk is full") from error
            self._failed = True
            raise Unavailable("unavailable.disk", "the disk failed") from error


def _write(opened: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(opened, left) :]


def _read(opened: int, length: int | None) -> bytes:
    """Read to the end, or so many bytes: one call may return fewer than are there."""
    pieces = []
    left = os.fstat(opened).st_size if length is None else length
    while left > 0 and (piece := os.read(opened, min(left, _READ_SIZE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _sync_or_forget(opened: int, path: Path) -> None:
    """Sync a file; one that could not be synced is removed.

    The system may take what it could not write for written: the next sync of the same bytes
    would succeed and prove nothing. So they are asked for again.
    """
    try:
        os.fsync(opened)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def _sync(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
