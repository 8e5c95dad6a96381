"""The demonstration: real nodes on this machine, and a report that crosses between them.

Each node is a process of its own with its own directory, keys, database and ports; they talk
only over mutual TLS. Two begin; a third joins, and the report goes on to it with its originator's
consent. The story is told step by step: what was done, under which article it was
judged, and how long it took. Everything released is a fictional assessment on public data.
"""

import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from comity.cli.demo.closing import agree, onward, proof
from comity.cli.demo.consent import consent, limits, requests
from comity.cli.demo.crossing import arrival, receipt, release
from comity.cli.demo.founding import begin, enrol, people, treaty
from comity.cli.demo.paper import paper
from comity.cli.demo.passkeys import passkeys
from comity.cli.demo.seats import Failed, Seat, free_ports, stop
from comity.cli.demo.story import Story
from comity.cli.demo.uses import uses
from comity.cli.demo.washington import join
from comity.vocabulary.errors import Unavailable

_LOOK: Final = {
    "KOR": ("kim", "park", "choi"),
    "JPN": ("suzuki", "abe", "minister-jpn"),
    "USA": ("clark", "adams"),
}
"""Who signs in at the end: a registry, whom the item concerns, and who finds nothing."""


def demo(parsed: Mapping[str, Any]) -> int:
    """Run the demonstration; with ``--check`` leave nothing behind."""
    brief = bool(parsed["check"])
    given = parsed.get("dir")
    base = Path(given).resolve() if given else Path(tempfile.mkdtemp(prefix="comity-demo-"))
    base.mkdir(parents=True, exist_ok=True)
    # Told to end, it takes its nodes with it, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    story = Story(brief=brief, lang=parsed["lang"])
    ports = free_ports(6)
    seats = [
        Seat(base / "seoul", "KOR", (ports[0], ports[1])),
        Seat(base / "tokyo", "JPN", (ports[2], ports[3])),
        Seat(base / "washington", "USA", (ports[4], ports[5])),
    ]
    try:
        _tell(story, seats[0], seats[1], seats[2], base)
        print(f"{story.steps} steps passed", flush=True)
        if not brief:
            _wait(seats)
    except (Failed, Unavailable) as error:
        print(f"step {story.steps + 1} failed: {error}", file=sys.stderr)
        return 1
    else:
        return 0
    finally:
        # Whoever says it twice does not interrupt that.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(seats)
        if not given:
            shutil.rmtree(base, ignore_errors=True)


def _tell(story: Story, seoul: Seat, tokyo: Seat, washington: Seat, base: Path) -> None:
    for part in (begin, enrol, treaty, people):
        part(story, seoul, tokyo, base)
    desks = passkeys(story, seoul, tokyo)
    reference = release(story, seoul, tokyo, base, desks.yoon)
    arrival(story, tokyo, reference)
    receipt(story, seoul, desks.ito, reference)
    onward(story, tokyo, reference, base)
    proof(story, seoul, tokyo, reference, base)
    three = (seoul, tokyo, washington)
    paper(story, desks.ito, base)
    join(story, tokyo, washington, base)
    consent(story, three, reference, base)
    limits(story, three, reference)
    uses(story, three, reference)
    requests(story, three, reference)
    agree(story, three)


def _wait(seats: list[Seat]) -> None:
    print("\nThe three nodes are running. Look at them from another terminal:")
    for seat in seats:
        print(f"  comity register list --node {seat.directory}")
    print("\nSign in at their consoles; each link works once, within 15 minutes:")
    for seat in seats:
        for person in _LOOK[seat.party]:
            print(f"  {seat.party} {person:<14} {seat.ask('console.link', person=person)['link']}")
    print("Your name at the top leads to your passkeys: register one, and it signs for you.")
    print("Ctrl-C stops them.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nstopping")
