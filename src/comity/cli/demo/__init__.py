"""The demonstration: two real nodes on this machine, and a report that crosses between them.

Each node is a process of its own with its own directory, keys, database and ports; they talk
only over mutual TLS. The story is told step by step: what was done, under which article it was
judged, and how long it took. Everything released is a fictional assessment on public data.
"""

import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from comity.cli.demo.closing import onward, proof
from comity.cli.demo.crossing import arrival, receipt, release
from comity.cli.demo.founding import begin, enrol, people, treaty
from comity.cli.demo.seats import Failed, Seat, free_ports, stop
from comity.cli.demo.story import Story
from comity.vocabulary.errors import Unavailable

_LOOK: Final = {"KOR": ("choi", "park"), "JPN": ("suzuki", "abe", "minister-jpn")}
"""Who signs in at the end: a registry, whom the item concerns, and who finds nothing."""


def demo(parsed: Mapping[str, Any]) -> int:
    """Run the demonstration; with ``--check`` leave nothing behind."""
    brief = bool(parsed["check"])
    given = parsed.get("dir")
    base = Path(given).resolve() if given else Path(tempfile.mkdtemp(prefix="comity-demo-"))
    base.mkdir(parents=True, exist_ok=True)
    story = Story(brief=brief)
    ports = free_ports(4)
    seats = [
        Seat(base / "seoul", "KOR", (ports[0], ports[1])),
        Seat(base / "tokyo", "JPN", (ports[2], ports[3])),
    ]
    try:
        _tell(story, seats[0], seats[1], base)
        print(f"{story.steps} steps passed", flush=True)
        if not brief:
            _wait(seats)
    except (Failed, Unavailable) as error:
        print(f"step {story.steps + 1} failed: {error}", file=sys.stderr)
        return 1
    else:
        return 0
    finally:
        stop(seats)
        if not given:
            shutil.rmtree(base, ignore_errors=True)


def _tell(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    for part in (begin, enrol, treaty, people):
        part(story, seoul, tokyo, base)
    reference = release(story, seoul, tokyo, base)
    arrival(story, tokyo, reference)
    receipt(story, seoul, tokyo, reference)
    onward(story, tokyo, reference, base)
    proof(story, seoul, tokyo, reference, base)


def _wait(seats: list[Seat]) -> None:
    print("\nBoth nodes are running. Look at them from another terminal:")
    for seat in seats:
        print(f"  comity register list --node {seat.directory}")
    print("\nSign in at their consoles; each link works once, within 15 minutes:")
    for seat in seats:
        for person in _LOOK[seat.party]:
            print(f"  {seat.party} {person:<14} {seat.ask('console.link', person=person)['link']}")
    print("Ctrl-C stops both.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nstopping")
