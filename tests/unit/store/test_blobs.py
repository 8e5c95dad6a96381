"""Large contents as files: whole or not at all, durable before they are spoken of."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha384
from pathlib import Path

import pytest

from comity.store.blobs import BlobStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from tests.support.failing_disk import shim

ROOT = Path(__file__).parents[3]
BYTES = bytes(range(256)) * 1000


def digest_of(raw: bytes) -> Digest:
    return Digest("sha384:" + sha384(raw).hexdigest())


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "contents"


@pytest.fixture
def blobs(directory: Path) -> BlobStore:
    return BlobStore(directory)


def test_bytes_in_pieces_come_back(blobs: BlobStore) -> None:
    pieces = [BYTES[:1], b"", BYTES[1:100_000], BYTES[100_000:]]
    assert blobs.put(pieces) == digest_of(BYTES)
    assert blobs.read(digest_of(BYTES)) == BYTES
    assert blobs.size(digest_of(BYTES)) == len(BYTES)
    assert blobs.exists(digest_of(BYTES))
    assert list(blobs.digests()) == [digest_of(BYTES)]
    blobs.verify(digest_of(BYTES))


@pytest.mark.parametrize(
    ("start", "length"), [(0, 0), (0, 10), (255, 2), (255_990, 10), (255_990, 99), (300_000, 9)]
)
def test_a_range_is_what_a_slice_is(blobs: BlobStore, start: int, length: int) -> None:
    digest = blobs.put([BYTES])
    assert blobs.read(digest, start, length) == BYTES[start : start + length]
    assert blobs.read(digest, start) == BYTES[start:]


def test_what_is_not_here_is_told(blobs: BlobStore) -> None:
    digest = digest_of(b"never put")
    for ask in (blobs.read, blobs.verify):
        with pytest.raises(Unavailable) as caught:
            ask(digest)
        assert caught.value.code == "unavailable.content"
    assert not blobs.exists(digest)
    assert blobs.size(digest) is None
    blobs.delete(digest)


def test_deleted_is_gone_and_others_stay(blobs: BlobStore) -> None:
    kept, gone = blobs.put([b"kept"]), blobs.put([b"gone"])
    blobs.delete(gone)
    assert not blobs.exists(gone)
    assert blobs.read(kept) == b"kept"


def test_the_same_bytes_again_are_nothing_new(blobs: BlobStore) -> None:
    assert blobs.put([BYTES]) == blobs.put([BYTES[:7], BYTES[7:]], expected=digest_of(BYTES))
    assert len(list(blobs.digests())) == 1


def test_other_bytes_than_expected_are_not_kept(blobs: BlobStore, directory: Path) -> None:
    with pytest.raises(Invalid) as caught:
        blobs.put([b"other"], expected=digest_of(BYTES))
    assert caught.value.code == "invalid.content"
    assert list(blobs.digests()) == []
    assert list((directory / "quarantine").iterdir()) == []


def test_a_source_that_fails_leaves_nothing(blobs: BlobStore, directory: Path) -> None:
    def source() -> Iterator[bytes]:
        yield BYTES
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.put(source())
    assert list(blobs.digests()) == []
    assert list((directory / "quarantine").iterdir()) == []
    assert blobs.put([BYTES]) == digest_of(BYTES)


def test_rot_is_found_and_healed_by_putting_again(blobs: BlobStore, directory: Path) -> None:
    digest = blobs.put([BYTES])
    with (directory / digest.removeprefix("sha384:")).open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00\x00")
    with pytest.raises(Invalid) as caught:
        blobs.verify(digest)
    assert caught.value.code == "invalid.content"
    blobs.put([BYTES], expected=digest)
    blobs.verify(digest)


def test_only_the_owner_reads(blobs: BlobStore, directory: Path) -> None:
    digest = blobs.put([BYTES])
    mode = (directory / digest.removeprefix("sha384:")).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_what_an_earlier_process_left_half_written_is_swept(directory: Path) -> None:
    first = BlobStore(directory)
    digest = first.put([BYTES])
    (directory / "quarantine" / "left").write_bytes(b"half")
    again = BlobStore(directory)
    assert list((directory / "quarantine").iterdir()) == []
    assert again.read(digest) == BYTES


def test_after_an_error_of_the_disk_nothing_is_put_until_opened_anew(directory: Path) -> None:
    """A limit on the size of files stands for the disk: the write fails, and not for space."""
    blobs = BlobStore(directory)
    kept = blobs.put([b"kept"])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(Unavailable) as caught:
            blobs.put([BYTES])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.code == "unavailable.disk"
    with pytest.raises(Unavailable) as caught:
        blobs.put([b"small"])
    assert caught.value.code == "unavailable.disk"
    assert blobs.read(kept) == b"kept"
    again = BlobStore(directory)
    assert set(again.digests()) == {kept}
    assert again.put([BYTES]) == digest_of(BYTES)


def test_a_source_is_not_read_far_past_an_error_of_the_disk(directory: Path) -> None:
    blobs = BlobStore(directory)
    given = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given
        for _ in range(1000):
            given += 1
            yield BYTES

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * len(BYTES), limits[1]))
    try:
        with pytest.raises(Unavailable):
            blobs.put(pieces())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    # Three are written, the fourth fails, and a few wait meanwhile: never all in memory.
    assert given < 20
    assert list((directory / "quarantine").iterdir()) == []


PUT_UNTIL_KILLED = """
import sys
from itertools import count
from pathlib import Path
from comity.store.blobs import BlobStore

blobs = BlobStore(Path(sys.argv[1]))
for at in count(int(sys.argv[2])):
    print(blobs.put([b"%d" % at, bytes(100_000)]), flush=True)
"""


def test_what_was_told_survives_a_kill(directory: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    told: set[str] = set()
    for cycle in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", PUT_UNTIL_KILLED, str(directory), str(len(told))],
            stdout=subprocess.PIPE,
            env=environment,
        ) as process:
            assert process.stdout is not None
            told |= {process.stdout.readline().decode().strip() for _ in range(5 * cycle + 3)}
            process.send_signal(signal.SIGKILL)
            told |= {line.decode().strip() for line in process.stdout}
        blobs = BlobStore(directory)
        there = set(blobs.digests())
        assert told <= there
        for digest in there:
            blobs.verify(digest)


FETCHED_ON_A_BAD_DISK = """
import sys
from pathlib import Path
from comity.store.blobs import BlobStore
from comity.vocabulary.errors import Unavailable

blobs = BlobStore(Path(sys.argv[1]))
Path(sys.argv[3]).write_text("1 sync 5 0 1 contents/arriving/")
try:
    blobs.resume(sys.argv[2], lambda start: (bytes(1 << 20) for _ in range(66)), limit=1 << 30)
except Unavailable as error:
    print(error.code, blobs.sound, blobs.arrived(sys.argv[2]))
"""


def test_a_sync_that_fails_under_way_is_as_final_as_one_at_the_end(
    directory: Path, tmp_path: Path
) -> None:
    """Of what is still growing, too, a later sync would succeed and prove nothing."""
    name = digest_of(bytes(66 << 20))
    env = shim(tmp_path) | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", FETCHED_ON_A_BAD_DISK, directory, name, tmp_path / "orders"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["unavailable.disk", "False", "0"], done.stderr
