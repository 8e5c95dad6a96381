"""Streams at the command line: read from a file or what comes in, given in small batches."""

import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TextIO

from comity.assemble.commands.said import text_of
from comity.cli.house import asking
from comity.cli.words import say
from comity.formats import nmea, tracks
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.reading import whole

_TOGETHER: Final = 256
"""Observations of one go at the most; what came in meanwhile goes with the next."""

_WAITING: Final = 65_536
"""Lines that are read ahead; then the source waits."""

_END: Final = None
_FORMS: Final = ("lines", "nmea")


def send(parsed: dict[str, Any]) -> int:
    """Give what a file holds, or what comes in at the standard input, observation by observation.

    A file is counted from its beginning: run again after a kill, what was given is left out and
    what was damaged stays a gap. What comes in live is counted on from the last that was given.
    """
    if parsed["form"] not in _FORMS:
        raise Invalid("invalid.choice", f"--form {parsed['form']}: {', '.join(_FORMS)}")
    live = parsed["file"] == "-"
    at = None if live else whole(parsed["at"], "--at")
    total = {"given": 0, "before": 0, "damaged": 0, "stopped": [], "next": 0}
    with _lines(parsed["file"]) as source, asking(parsed) as ask:
        for numbered in _batches(_read(source, parsed["form"], total)):
            for start, lines in _runs(numbered, live=live):
                wanted = {"lines": lines, "at": None if at is None else at + start}
                response = ask("feed.give", parsed | wanted)
                if response.status != 0:
                    say("feed.send", response.output, parsed, status=response.status)
                    return response.status
                said = response.output
                total["given"] += said["given"]
                total["before"] += said["before"]
                total["next"] = said["next"]
                total["stopped"] += said["stopped"]
    say("feed.send", total, parsed, status=0)
    return 0


def compute(parsed: dict[str, Any]) -> int:
    """Write the tracks of a table of launches, one point a line."""
    name = parsed.get("table")
    sample = files("comity.assemble").joinpath("sample").joinpath("launches.csv")
    text = text_of(name) if name else sample.read_text()
    for launch in tracks.launches(text):
        for point in tracks.track(launch):
            print(point.decode())
    return 0


@contextmanager
def _lines(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as source:
            yield source
    except OSError as error:
        said = f"{name}: {error.strerror or error}"
        raise Refused("refused.file.unreadable", said) from error


def _read(source: Iterable[str], form: str, total: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield observations with the numbers of their lines; what is damaged is counted and left."""
    if form == "lines":
        for number, line in enumerate(source):
            if text := line.rstrip("\r\n"):
                yield number, text
        return
    for one in nmea.messages(source):
        if isinstance(one, nmea.Damaged):
            total["damaged"] += 1
            print(f"line {one.line + 1}: {one.why}", file=sys.stderr)
        else:
            yield one.line, one.data.decode()


def _batches(numbered: Iterator[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield what has come in since the last time, at least one: a burst becomes one batch."""
    waiting: deque[tuple[int, str] | None] = deque()
    changed = threading.Condition()

    def read() -> None:
        try:
            for one in numbered:
                with changed:
                    changed.wait_for(lambda: len(waiting) < _WAITING)
                    waiting.append(one)
                    changed.notify_all()
        finally:
            with changed:
                waiting.append(_END)
                changed.notify_all()

    threading.Thread(target=read, name="source", daemon=True).start()
    while True:
        with changed:
            changed.wait_for(lambda: bool(waiting))
            taken = [waiting.popleft() for _ in range(min(len(waiting), _TOGETHER))]
            changed.notify_all()
        found = [one for one in taken if one is not None]
        if found:
            yield found
        if len(found) < len(taken):
            return


def _runs(numbered: list[tuple[int, str]], *, live: bool) -> Iterator[tuple[int, list[str]]]:
    """Cut where a line is left out: its number stays empty. What comes in live has no gaps."""
    run: list[str] = []
    start = expected = numbered[0][0]
    for number, text in numbered:
        if number != expected and not live:
            yield start, run
            run, start = [], number
        run.append(text)
        expected = number + 1
    yield start, run
