"""Where a passphrase comes from."""

import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from comity.keys.passphrase import passphrase_from_file, passphrase_from_terminal
from comity.vocabulary.errors import ComityError, Refused


def written(path: Path, raw: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(raw)
    path.chmod(mode)
    return path


def refused(path: Path, code: str) -> str:
    with pytest.raises(ComityError) as caught:
        passphrase_from_file(path)
    assert caught.value.code == code
    return str(caught.value)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_the_line_of_a_file_is_the_passphrase(tmp_path: Path, end: bytes, mode: int) -> None:
    path = written(tmp_path / "phrase", " 한 줄 ".encode() + end, mode)
    assert passphrase_from_file(path) == " 한 줄 "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    refused(written(tmp_path / "phrase", b"phrase", mode), "refused.passphrase.file")


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"one\ntwo", b"one\n\n", b"tab\there", b"\xff\xfe", b"nul\0", b"x" * 4097],
    ids=range(8),
)
def test_anything_but_one_line_of_text_is_refused(tmp_path: Path, raw: bytes) -> None:
    refused(written(tmp_path / "phrase", raw), "refused.passphrase.file")


def test_a_refusal_does_not_tell_the_passphrase(tmp_path: Path) -> None:
    assert "canary" not in refused(
        written(tmp_path / "phrase", b"canary\xff"), "refused.passphrase.file"
    )


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    refused(tmp_path / "pipe", "refused.passphrase.file")
    refused(tmp_path / "nothing", "refused.file.unreadable")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder", "refused.file.unreadable")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_another_users_file_is_refused(tmp_path: Path) -> None:
    os.chown(written(tmp_path / "phrase", b"phrase"), 12345, -1)
    refused(tmp_path / "phrase", "refused.passphrase.file")


def test_a_person_is_asked_once_or_twice() -> None:
    prompts = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return "phrase"

    assert passphrase_from_terminal(ask=ask) == "phrase"
    assert passphrase_from_terminal(confirm=True, ask=ask) == "phrase"
    assert prompts == ["Passphrase: ", "Passphrase: ", "Passphrase again: "]


def test_two_typings_that_differ_are_refused() -> None:
    answers = iter(["phrase", "phrsae"])
    with pytest.raises(Refused, match=r"^refused\.passphrase\.differs"):
        passphrase_from_terminal(confirm=True, ask=lambda _prompt: next(answers))


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match=r"^refused\.passphrase:"):
        passphrase_from_terminal(ask=lambda _prompt: "")


def test_an_end_instead_of_an_answer_is_refused() -> None:
    def ask(_prompt: str) -> str:
        raise EOFError

    with pytest.raises(Refused, match=r"^refused\.passphrase\.terminal"):
        passphrase_from_terminal(ask=ask)


CHILD = """
import os, sys
from comity.keys.passphrase import passphrase_from_terminal
from comity.vocabulary.errors import Refused
if os.isatty(0):
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # becomes this session's terminal
try:
    print("len", len(passphrase_from_terminal()))
except Refused as error:
    print(error.code)
"""


@contextmanager
def asking(own_end: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the question in a session of its own, with this as its input and output."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=own_end,
        stdout=own_end,
        stderr=own_end,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    ) as child:
        os.close(own_end)
        yield child


def read_until(screen: int, end: bytes) -> bytes:
    shown = b""
    with suppress(OSError):  # a terminal whose process has gone ends so
        while end not in shown and (part := os.read(screen, 1000)):
            shown += part
    return shown


def test_what_is_typed_is_not_shown() -> None:
    screen, own_end = pty.openpty()
    with asking(own_end):
        shown = read_until(screen, b"Passphrase: ")
        os.write(screen, b"canary\n")
        shown += read_until(screen, b"len 6")
    os.close(screen)
    assert b"len 6" in shown
    assert b"canary" not in shown


def test_without_a_terminal_nothing_is_asked() -> None:
    ours, theirs = socket.socketpair()
    with ours, asking(theirs.detach()):
        ours.sendall(b"canary\n")
        shown = read_until(ours.fileno(), b"refused.passphrase.terminal")
    assert shown.strip() == b"refused.passphrase.terminal"
