"""Clocks that jump, drift and turn back under real nodes: refused by name, in order, nothing lost.

Each house is a process under a clock of its own. What a node says is read from its socket.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from comity.acts.entries import decode_entry
from comity.assemble import house
from tests.cli.conftest import run_comity
from tests.crash.loop import SECRET
from tests.support.set_clock import SetClock

ROOT = Path(__file__).parents[2]
DAY = 86400.0
BEGIN = """
import pathlib, sys
from tests.crash import loop
folder = pathlib.Path(sys.argv[1])
try:
    loop.begin(folder)
finally:
    loop.stop_all()
(folder / "secret").write_text(loop.SECRET)
"""


def begun(folder: Path, env: dict[str, str]) -> Path:
    """Make both houses with the pact in force, under some clock."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN, str(folder)],
        cwd=ROOT,
        env={**env, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "secret").chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clocks")
    clock = SetClock(folder / "clock")
    clock.set(-3600)  # an hour ago: what is in force is so whichever way a clock turns
    return begun(folder, clock.env())


class House:
    """A house that is served under its own clock."""

    def __init__(self, folder: Path, party: str, **others: str) -> None:
        self.folder, self.party = folder, party
        self.clock = SetClock(folder / f"{party}.clock")
        self.others = others
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        at = ["--node", str(self.folder / self.party)]
        secret = ["--passphrase-file", str(self.folder / "secret")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity.cli.app", "serve", *at, *secret],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**self.clock.env(**self.others), "PYTHONPATH": str(ROOT / "src")},
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.startswith("serving "), said + self.process.stdout.read()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=60)
            self.process = None

    def ask(self, *words: str, status: int | tuple[int, ...] = 0) -> Any:
        done = run_comity(*words, "--node", str(self.folder / self.party), "--json")
        allowed = status if isinstance(status, tuple) else (status,)
        assert done.returncode in allowed, done.stdout + done.stderr
        return json.loads(done.stdout)

    def lay(self, title: str) -> str:
        file = self.folder / "report.txt"
        file.write_text(title)
        done = self.ask(
            *("release", str(file), "--to", "JPN", "--office", "JPN/DIH", "--title", title),
            *("--level", "KOR:mil-2", "--subject", "dprk.missile.launch"),
            *("--purpose", "defence.missile-warning", "--as", "kim"),
        )
        return str(done["draft"])

    def approve(self, draft: str, *, status: int = 0) -> Any:
        return self.ask("approve", draft, "--as", "park", status=status)

    def items(self) -> list[tuple[str, str]]:
        """Return the numbers of the items and when they were released, the earliest first."""
        found = self.ask("register", "list")["items"]
        return sorted(((one["reference"], one["at"]) for one in found), key=itemgetter(1, 0))

    def in_step(self) -> bool:
        (link,) = self.ask("status")["links"]
        return bool(link["out"] == link["acknowledged"])

    def carry(self) -> None:
        """Exchange until everything of this house is acknowledged."""
        deadline = time.monotonic() + 60
        while not self.in_step():
            assert time.monotonic() < deadline, self.ask("status")
            # What was signed ahead of the other's clock is decided on later: asked again.
            self.ask("exchange", status=(0, 75))

    def alarms(self) -> set[str]:
        return set(self.ask("status")["alarms"])

    def folds_again(self) -> None:
        assert self.ask("rebuild", "--check")["differences"] == []


Start = Callable[..., tuple[House, House]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def houses(folder: Path, **others: str) -> tuple[House, House]:
            copied = tmp_path / "houses"
            shutil.copytree(folder, copied)
            two = House(copied, "KOR", **others), House(copied, "JPN", **others)
            for one in two:
                stack.callback(one.stop)
            return two

        yield houses


def agree(seoul: House, tokyo: House, *, items: int) -> list[str]:
    """Both books are the same, fold again without difference, and no stamp is before an older."""
    seoul.carry()
    found = tokyo.items()
    assert seoul.items() == found
    assert len({reference for reference, _ in found}) == len(found) == items
    for one in (seoul, tokyo):
        one.folds_again()
        one.stop()
        at = one.folder / one.party
        with house.opened(at, SECRET) as opened, opened.store.reading() as tx:
            for log in tx.logs():
                leaves = tx.leaves(log, 0, tx.frontier(log).size)
                stamps = [decode_entry(leaf).at for leaf in leaves]
                assert stamps == sorted(stamps), f"{log}: a stamp before an older one"
    return [at for _, at in found]


@pytest.mark.parametrize("jump", [6 * 3600.0, DAY, -DAY], ids=["6h", "a-day", "a-day-back"])
def test_a_jump_in_the_middle_of_a_release(base: Path, start: Start, jump: float) -> None:
    """Nobody is there to compare with: it is found by the time that passed."""
    seoul, tokyo = start(base)
    seoul.start()
    tokyo.start()
    seoul.approve(seoul.lay("before"))
    seoul.carry()
    tokyo.stop()
    draft = seoul.lay("meanwhile")
    seoul.clock.set(jump)
    said = seoul.approve(draft, status=75)
    assert said["error"] == "unavailable.clock"
    assert "was set by" in said["detail"]
    assert len(seoul.items()) == 1, "nothing was stamped"
    # Set right again: the same draft leaves, once.
    seoul.clock.set(0)
    seoul.approve(draft)
    tokyo.start()
    agree(seoul, tokyo, items=2)


def test_clocks_that_are_apart_from_the_beginning(base: Path, start: Start) -> None:
    """A clock that was wrong when the node began: the counterpart's word finds it."""
    seoul, tokyo = start(base)
    seoul.clock.set(400)
    seoul.start()
    tokyo.start()
    # Tokyo decides nothing on what comes from so far ahead, and says so with the link's word.
    seoul.ask("exchange", status=(0, 75))
    draft = seoul.lay("ahead")
    said = seoul.approve(draft, status=75)
    assert said["error"] == "unavailable.clock"
    assert "differed by" in said["detail"]
    assert "KOR|unavailable.clock" in tokyo.alarms() or "JPN|unavailable.clock" in seoul.alarms()
    seoul.clock.set(0)
    # What was signed ahead may be on its way still: the link comes round by itself.
    seoul.ask("exchange", status=(0, 75))
    seoul.approve(draft)
    agree(seoul, tokyo, items=1)


def test_a_drift_within_the_bound_keeps_the_order(base: Path, start: Start) -> None:
    """290 seconds ahead, then 290 behind: allowed, and no stamp lies before an older one."""
    seoul, tokyo = start(base)
    seoul.start()
    tokyo.start()
    for at, title in ((290, "one"), (0, "two"), (-290, "three")):
        seoul.clock.set(at)
        seoul.ask("exchange")
        seoul.approve(seoul.lay(title))
    agree(seoul, tokyo, items=3)


@pytest.mark.parametrize(
    ("moment", "back", "zone"),
    [
        ("2027-03-28T00:59:40Z", 0.0, "Europe/Berlin"),
        ("2027-10-31T00:59:40Z", 0.0, "Europe/Berlin"),
        ("2026-12-31T23:59:40Z", 1.0, "Asia/Seoul"),
    ],
    ids=["summer-time-begins", "summer-time-ends", "a-second-twice-at-new-year"],
)
def test_a_clock_that_turns(
    tmp_path: Path, start: Start, moment: str, back: float, zone: str
) -> None:
    """Both houses live over a change of their local time; a leap second is a second twice."""
    folder = tmp_path / "then"
    folder.mkdir()
    clock = SetClock(folder / "clock")
    clock.set_to(moment.replace("59:40Z", "00:00Z"))
    begun(folder, clock.env(TZ=zone))
    seoul, tokyo = start(folder, TZ=zone)
    for one in (seoul, tokyo):
        one.clock.set_to(moment)
        one.start()
    offset = float(seoul.clock.file.read_text())
    for number in range(4):
        seoul.approve(seoul.lay(f"report {number}"))
        if number == 1:
            # From before the turn to after it; all but a leap second is the same for UTC.
            for one in (seoul, tokyo):
                one.clock.set(offset + 20 - back)
    at = agree(seoul, tokyo, items=4)
    turn = moment.replace("59:40Z", "59:59Z")
    assert at[0] < turn < at[-1], at
