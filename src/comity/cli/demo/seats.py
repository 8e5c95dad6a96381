"""The nodes of the demonstration: a process each, asked over its socket like any other."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from comity.cli.words import failure_lines
from comity.transport.local import Request, call
from comity.vocabulary.errors import Unavailable

_READY: Final = 60.0
_PORTS: Final = range(15_000, 32_000)
_GIVEN: Final[set[int]] = set()


class Failed(Exception):
    """A step of the story did not come out as it must."""


class Seat:
    """One node as the story speaks to it."""

    def __init__(self, directory: Path, party: str, ports: tuple[int, int]) -> None:
        """Know where it is."""
        self.directory = directory
        self.party = party
        self.exchange = f"127.0.0.1:{ports[0]}"
        # A host of its own: browsers keep cookies by host, and a passkey belongs to one.
        self.console = f"{directory.name}.localhost:{ports[1]}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def secret(self) -> Path:
        """The file that holds its passphrase, for this demonstration only."""
        return self.directory.parent / f"{self.party}.passphrase"

    @property
    def log(self) -> Path:
        """The file that holds what the node itself says while it serves."""
        return self.directory.parent / f"{self.party}.log"

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Run a command that must succeed."""
        response = call(self.directory / "comity.sock", Request(command, arguments), seconds=120)
        if response.status:
            raise Failed("\n".join(failure_lines(response.output, "en")))
        output: dict[str, Any] = response.output
        return output

    def refused(self, command: str, code: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Run a command that must be refused, with this code."""
        response = call(self.directory / "comity.sock", Request(command, arguments), seconds=120)
        if response.status != 2 or response.output["error"] != code:  # noqa: PLR2004 - refused
            raise Failed(f"{command}: expected {code}, got {response.output}")
        output: dict[str, Any] = response.output
        return output


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens at now, and none that this process was given before.

    They lie below those that a system gives to connections on their way out: a node begins to
    listen a while after its port is chosen, and a connection would take it in between.
    """
    found: list[int] = []
    # Each process begins elsewhere, so that two that choose at once do not choose the same.
    at = _PORTS[os.getpid() * 7919 % len(_PORTS)]
    while len(found) < count:
        at = at + 1 if at + 1 in _PORTS else _PORTS.start
        if at not in _GIVEN and _is_free(at):
            _GIVEN.add(at)
            found.append(at)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def carried(*seats: Seat) -> None:
    """Wait until every link between these nodes is at rest and in step."""

    def at_rest() -> bool:
        for seat in seats:
            seat.ask("exchange")
        links = {
            (seat.party, one["peer"]): one for seat in seats for one in seat.ask("status")["links"]
        }
        return all(
            one["out"] == one["acknowledged"] == links[peer, party]["in"]
            for (party, peer), one in links.items()
            if (peer, party) in links
        )

    until(at_rest, "the links do not come to rest")


def until(done: Callable[[], bool], words: str) -> None:
    """Wait until something holds.

    Raises:
        Failed: With these words, when it does not hold within 60 seconds.
    """
    deadline = time.monotonic() + _READY
    while not done():
        if time.monotonic() > deadline:
            raise Failed(words)
        time.sleep(0.05)


def serves(seat: Seat) -> bool:
    """Say whether a node answers; one that ended fails the story."""
    if seat.process is not None and seat.process.poll() is not None:
        said = seat.log.read_text(errors="replace").strip()[-2000:]
        raise Failed(f"{seat.party} ended with status {seat.process.returncode}: {said}")
    try:
        seat.ask("status")
    except (Unavailable, OSError):
        return False
    return True


def command_line(*words: str) -> list[str]:
    """Return the command line that starts comity with these words."""
    return [sys.executable, "-m", "comity.cli.app", *words]


def comity(*words: str) -> str:
    """Run comity as a process that must succeed; return what it printed."""
    done = subprocess.run(command_line(*words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"comity {words[0]}: {done.stderr or done.stdout}")
    return done.stdout


def status_of(*words: str) -> int:
    """Run comity as a process; return its exit status."""
    return subprocess.run(command_line(*words), capture_output=True, check=False).returncode


def stop(seats: list[Seat]) -> None:
    """Stop the nodes: asked first, then killed."""
    for seat in seats:
        if seat.process is not None and seat.process.poll() is None:
            seat.process.terminate()
    for seat in seats:
        if seat.process is not None:
            try:
                seat.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                seat.process.kill()
                seat.process.wait()
