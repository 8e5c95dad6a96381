"""The node as a process: served at the terminal or behind it, and stopped."""

import json
import os
import select
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from comity.cli.house import here, passphrase_of, require_node
from comity.cli.words import say, word_in
from comity.transport.local import Request, call
from comity.vocabulary.errors import Unavailable

_LOG: Final = "serve.log"
_PATIENCE: Final = 60.0


def serve(parsed: Mapping[str, Any]) -> int:
    """Run the node until it is told to stop; behind the terminal, return when it serves."""
    directory = here(parsed)
    require_node(directory)
    passphrase = passphrase_of(parsed)
    if parsed["background"]:
        return _behind(directory, passphrase, parsed)
    _run(directory, passphrase, parsed, ready=lambda: None)
    return 0


def _run(
    directory: Path, passphrase: str, parsed: Mapping[str, Any], *, ready: Callable[[], None]
) -> None:
    from comity.assemble.serve import serve as run

    def serving(node: Any) -> None:  # noqa: ANN401 - a Served
        config = node.house.config
        said = {"serving": config.party, "exchange": config.exchange, "console": config.console}
        line = word_in(parsed["lang"])(
            "cli.serving", party=config.party, address=config.exchange, console=config.seen_at()
        )
        print(json.dumps(said) if parsed["json"] else line, flush=True)
        ready()

    run(directory, passphrase, ready=serving)


def _behind(directory: Path, passphrase: str, parsed: Mapping[str, Any]) -> int:
    """Serve in a process of its own; return when that one serves, or what it ended with.

    No thread runs yet, so that nothing is lost by the fork. What the node says later is in
    ``serve.log`` in its directory.
    """
    sys.stdout.flush()
    waits, tells = os.pipe()
    child = os.fork()
    if child:
        os.close(tells)
        with os.fdopen(waits, "rb") as pipe:
            serves = pipe.read(1) == b"."
        return 0 if serves else os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(waits)
    os.setsid()  # the terminal may close

    def ready() -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        log, nothing = os.open(directory / _LOG, flags, 0o600), os.open(os.devnull, os.O_RDONLY)
        for made, standard in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(made, standard)
        os.write(tells, b".")
        os.close(tells)

    _run(directory, passphrase, parsed, ready=ready)
    return 0


def stop(parsed: Mapping[str, Any]) -> int:
    """Stop the node that runs here, and return when it has ended."""
    directory = here(parsed)
    require_node(directory)
    try:
        asked = call(directory / "comity.sock", Request("stop", {}), seconds=_PATIENCE)
    except Unavailable as error:
        if error.code != "unavailable.node":
            raise
        say("stop", {"stopped": False}, parsed, status=0)
        return 0
    _require_ended(asked.output["process"])
    say("stop", {"stopped": True}, parsed, status=0)
    return 0


def _require_ended(process: int) -> None:
    """Return when a process has ended, so that another one finds its lock and its ports free.

    Raises:
        Unavailable: ``unavailable.node-answer``: it has not ended in time.
    """
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], _PATIENCE)
    finally:
        os.close(handle)
    if not ended:
        raise Unavailable("unavailable.node-answer", str(process))
