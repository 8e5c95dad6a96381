"""Where a passphrase comes from: a file that only its owner can read, or a terminal."""

import os
import stat
import warnings
from collections.abc import Callable
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import Final

from comity.vocabulary.errors import Refused

_LIMIT: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def passphrase_from_file(path: Path) -> str:
    """Return the one line of a file, without its line end.

    Raises:
        Refused: ``refused.passphrase.file``: group or others may read or write it, it belongs
            to another user (root excepted), is no regular file, or holds not exactly one line
            of text that is not empty.
            ``refused.file.unreadable``: it is not there, or not to be read.
    """
    try:
        # The opened file is asked for its mode, so that nothing is swapped in between.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            _check_mode(path, os.fstat(file.fileno()))
            raw = file.read(_LIMIT + 1)
    except OSError as error:
        detail = f"{path}: {error.strerror or 'cannot be read'}"
        raise Refused("refused.file.unreadable", detail) from error
    try:
        text = raw.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        # "from None": the decoder's complaint holds the bytes, and the bytes are the secret.
        raise Refused("refused.passphrase.file", f"{path} is not UTF-8") from None
    if len(raw) > _LIMIT or not text or not text.isprintable():
        raise Refused("refused.passphrase.file", f"{path} holds not exactly one line of text")
    return text


def passphrase_from_terminal(*, confirm: bool = False, ask: Callable[[str], str] = getpass) -> str:
    """Ask the person at the terminal, without showing what is typed.

    Args:
        confirm: Ask twice, for a new passphrase.
        ask: Shows a prompt and returns the typed line.

    Raises:
        Refused: ``refused.passphrase.terminal``: there is no terminal that can hide it, or it
            ended. ``refused.passphrase.differs``: the second typing differs.
            ``refused.passphrase``: it is empty.
    """
    first = _ask(ask, "Passphrase: ")
    if not first:
        raise Refused("refused.passphrase", "the passphrase is empty")
    if confirm and _ask(ask, "Passphrase again: ") != first:
        raise Refused("refused.passphrase.differs", "typed twice, not the same")
    return first


def _ask(ask: Callable[[str], str], prompt: str) -> str:
    with warnings.catch_warnings():
        # Where there is no terminal, getpass warns and then shows what is typed: not here.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return ask(prompt)
        except (GetPassWarning, EOFError):
            raise Refused(
                "refused.passphrase.terminal", "no terminal to ask at; name a passphrase file"
            ) from None


def _check_mode(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Refused("refused.passphrase.file", f"{path} is not a file")
    if found.st_uid not in {os.geteuid(), 0}:
        raise Refused("refused.passphrase.file", f"{path} belongs to another user")
    if found.st_mode & _OTHERS:
        raise Refused("refused.passphrase.file", f"chmod 600 {path}")
