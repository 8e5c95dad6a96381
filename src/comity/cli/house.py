"""Asking a house: over its socket while it is served, else in this process under its lock."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from comity.cli.words import say
from comity.keys.passphrase import passphrase_from_file, passphrase_from_terminal
from comity.transport.local import Request, Response, call
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.reading import whole

_MANY: Final = {"office": "offices", "role": "roles", "line": "lines"}
_PATHS: Final = ("file", "out", "scan", "document")
_WHOLE: Final = ("pages", "annexes")
_OURS: Final = frozenset(
    {"first", "second", "command", "node", "passphrase_file", "json", "lang", "check"}
)
_LONG: Final = 600.0
_BUG: Final = 70


def arguments_of(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's arguments as the house takes them."""
    found: dict[str, Any] = {}
    for name, value in parsed.items():
        if name in _OURS or value is None:
            continue
        if name in _PATHS or name == "map":
            found[name] = str(Path(value).resolve())
        elif name in ("folder", "under"):
            found["folder"] = str(folder_of(value))
        elif name in _WHOLE:
            found[name] = whole(value, f"--{name}")
        elif name == "draft" and isinstance(value, list):
            found["drafts"] = value
        elif name in _MANY and isinstance(value, list):
            found[_MANY[name]] = value
        else:
            found[name] = value
    if str(parsed.get("command", "")).startswith("print "):
        found["lang"] = parsed["lang"]  # in which the sheet is, not only what is said about it
    return found


def here(parsed: Mapping[str, Any]) -> Path:
    """Return the node's directory."""
    return Path(parsed["node"]).resolve()


def require_node(directory: Path) -> None:
    """Return if there is a node here, before anybody is asked for its passphrase.

    Raises:
        Refused: ``refused.node.none``.
    """
    if not (directory / "node.toml").exists():
        raise Refused("refused.node.none", str(directory))


def folder_of(name: str) -> Path:
    """Return the folder of an agreement: a path, or the name of one that ships with comity."""
    from importlib.resources import files

    if Path(name).is_dir():
        return Path(name).resolve()
    shipped = Path(str(files("comity.agreement").joinpath("texts").joinpath(name)))
    if not shipped.is_dir():
        names = sorted(one.name for one in shipped.parent.iterdir() if one.is_dir())
        raise Refused(
            "refused.agreement.no-folder",
            f"{name}: {', '.join(names)}",
        )
    return shipped


def passphrase_of(parsed: Mapping[str, Any], *, new: bool = False) -> str:
    """Return the passphrase: from a file that only its owner may read, or asked for.

    Args:
        parsed: The command's arguments; ``passphrase_file`` names the file.
        new: It is chosen here: at a terminal it is asked for twice.

    Raises:
        Refused: ``refused.passphrase.file``: others may read the file, or it is none.
            ``refused.passphrase.terminal``: no terminal that can hide what is typed.
            ``refused.file.unreadable``: the file is not there, or cannot be read.
    """
    name = parsed.get("passphrase_file")
    return passphrase_from_file(Path(name)) if name else passphrase_from_terminal(confirm=new)


def ask(command: str, parsed: Mapping[str, Any]) -> int:
    """Run a house's command and show what came of it; return the exit status."""
    response = answer(command, parsed)
    output = response.output
    status = response.status
    if command == "rebuild" and status == 0 and output.get("differences"):
        status = 4
    if command == "exchange" and status == 0:
        status = max((_status_of(one["word"]) for one in output["links"]), default=0)
    say(command, output, parsed, status=status)
    return status


_STATUS: Final = {
    "cosigned": 0,
    "elsewhere": 75,
    "later": 75,
    "busy": 75,
    "forked": 4,
    "refused": 4,
}
"""Exit statuses of the words that a pouch is answered with."""

_FAMILIES: Final = {"refused": 2, "invalid": 4, "unavailable": 75}


def _status_of(word: str) -> int:
    """Return the exit status of what a link said last: a pouch's word, or an error's code."""
    return _STATUS.get(word, _FAMILIES.get(word.partition(".")[0], _BUG))


@contextmanager
def asking(parsed: Mapping[str, Any]) -> Iterator[Callable[[str, Mapping[str, Any]], Response]]:
    """Ask a house several times: the running node each time, else this process, opened once."""
    directory = here(parsed)
    if os.path.lexists(directory / "comity.sock"):
        yield answer
        return
    from comity.assemble.serve import served

    require_node(directory)
    _keep_quiet()
    with served(directory, passphrase_of(parsed), listening=False) as node:
        yield lambda command, now: node.command(Request(command, arguments_of(now)))


def _keep_quiet() -> None:
    """Let the node of one command say nothing beside its answer, which tells what went wrong."""
    logging.getLogger("comity").setLevel(logging.ERROR)


def answer(command: str, parsed: Mapping[str, Any]) -> Response:
    """Return a house's response: from the running node, or from this process."""
    directory = here(parsed)
    request = Request(command, arguments_of(parsed))
    if os.path.lexists(directory / "comity.sock"):
        try:
            return call(directory / "comity.sock", request, seconds=_LONG)
        except Unavailable as error:
            if error.code != "unavailable.node":
                raise
    from comity.assemble.serve import served

    require_node(directory)
    _keep_quiet()
    with served(directory, passphrase_of(parsed), listening=False) as node:
        return node.command(request)


__all__ = ["answer", "arguments_of", "ask", "asking", "folder_of", "here", "passphrase_of"]
