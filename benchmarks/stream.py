# ruff: noqa: S101, S603 - a benchmark whose setting is not right must stop; fixed commands
"""A live stream: from the originator's act to durable and visible in the other process.

Two processes, mutual TLS, SQLite synced at both ends, the text of 2016 with standing release. An
observation is born every 1/500 s, whether or not the one before has left: what waits is part of
its latency. The receiver's process notes the time right after the transaction that accepted a
leaf has committed and the lane was read back; both clocks are the machine's monotonic one. In
the end every observation is opened at the receiver, and compared.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from benchmarks.figures import Figure, quantile, show
from benchmarks.houses import KIM, PARK, PASSPHRASE, ROOT, two_directories, wish
from comity.assemble import serve
from comity.assemble.serve import Served, served, spare_the_collector
from comity.formats import nmea, tracks
from comity.node import deciding, directives, lanes, outgoing, releases
from comity.node.lanes import Offered, Source
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Office
from tests.support.streams import gsomia_with_streams

RATE: Final = 500
_MOST: Final = 999_999_999
_SHIPS: Final = ROOT.parent / "shared" / "data" / "ais-sample.nmea"


def observations() -> list[bytes]:
    """Return what is fed: points of computed tracks, and ships' positions where they are here."""
    table = (ROOT / "src/comity/assemble/sample/launches.csv").read_text()
    found = [point for one in tracks.launches(table) for point in tracks.track(one)]
    if _SHIPS.is_file():
        lines = _SHIPS.read_text(errors="replace").splitlines()
        found += [one.data for one in nmea.messages(lines) if isinstance(one, nmea.Message)]
    return found


class _Timed(Served):
    """A house that notes when what arrived in a lane is durable and can be read."""

    arrived: list[tuple[int, int]]

    def _received(self, fingerprint: Any, path: str, body: bytes) -> tuple[int, bytes]:  # noqa: ANN401
        answer = super()._received(fingerprint, path, body)
        with self.house.node.store.reading() as tx:
            for log in self.lanes_here:
                self.arrived.append((tx.frontier(log).size, time.monotonic_ns()))
        return answer

    lanes_here: tuple[LogName, ...] = ()


def receiver(folder: Path) -> None:
    """Serve the receiver, and answer at the standard input: lane NAME, report, check, stop."""
    serve.Served = _Timed  # type: ignore[misc]
    with served(folder, PASSPHRASE) as node:
        assert isinstance(node, _Timed)
        node.arrived = []
        spare_the_collector()
        threading.Thread(target=node.run, daemon=True).start()
        print("ready", flush=True)  # noqa: T201 - the other process waits for it
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            if word == "lane":
                node.lanes_here = (LogName(rest),)
                print("ok", flush=True)  # noqa: T201
            elif word == "report":
                times = os.times()
                said = {"arrived": node.arrived, "cpu": times.user + times.system}
                node.arrived = []
                print(json.dumps(said), flush=True)  # noqa: T201
            elif word == "check":
                (view,) = directives.listed(node.house.node)
                found = lanes.batches(node.house.node, view.item, holder=Office("JPN/DIH"))
                count = sum(len(one.observations) for one in found)
                late = 0 if view.lane is None else view.lane.late
                print(json.dumps({"opened": count, "late": late}), flush=True)  # noqa: T201
            else:
                return


class _Other:
    """The receiver's process."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stream", "--receiver", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ask(self, words: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        return self._line()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def fed(node: Served, source: Source, lane: LogName, *, seconds: float, rate: int) -> list[int]:
    """Feed for some time; return the birth of every observation, in nanoseconds."""
    kinds = observations()
    born: list[int] = []
    waiting: deque[bytes] = deque()
    end = threading.Event()
    changed = threading.Condition()

    def give() -> None:
        while True:
            with changed:
                changed.wait_for(lambda: bool(waiting) or end.is_set())
                taken = [waiting.popleft() for _ in range(len(waiting))]
            if not taken:
                return
            source.offer([Offered(one) for one in taken])
            node.lanes.flow(lane, within=0.05)

    giver = threading.Thread(target=give)
    giver.start()
    began = time.monotonic_ns()
    for number in range(int(seconds * rate)):
        due = began + number * 1_000_000_000 // rate
        while (left := due - time.monotonic_ns()) > 0:
            time.sleep(left / 1e9)
        born.append(due)
        with changed:
            waiting.append(kinds[number % len(kinds)])
            changed.notify()
    end.set()
    with changed:
        changed.notify()
    giver.join()
    return born


def _acknowledged(node: Served, lane: LogName) -> None:
    while True:
        with node.house.node.store.reading() as tx:
            if outgoing.cosigned(tx, lane) == tx.frontier(lane).size:
                return
        time.sleep(0.05)


def measure(seconds: float, *, runs: int = 5, rate: int = RATE) -> list[Figure]:
    """Measure runs of some seconds each, after one that warms up."""
    halves, tails, sizes, ours, theirs, waited = [], [], [], [], [], []
    with two_directories(gsomia_with_streams()) as (seoul, tokyo):
        other = _Other(tokyo)
        with served(seoul, PASSPHRASE) as node:
            spare_the_collector()
            lane, source, first = _begin(node, other)
            threading.Thread(target=node.run, daemon=True).start()
            total = 0
            for number in range(runs + 1):
                json.loads(other.ask("report"))
                before = _cpu()
                before_other = json.loads(other.ask("report"))["cpu"]
                start = source.next
                born = fed(node, source, lane, seconds=seconds if number else 2.0, rate=rate)
                took_cpu = _cpu() - before
                _acknowledged(node, lane)
                said = json.loads(other.ask("report"))
                total += len(born)
                leaves = _numbers(node, source, first)
                times = _latencies(born, start, leaves, said["arrived"])
                first = max(leaves)
                if number:
                    count = len(leaves) - 1
                    halves.append(quantile(times, 0.5))
                    tails.append(quantile(times, 0.99))
                    waited.append(max(times))
                    sizes.append(len(born) / count)
                    ours.append(took_cpu / count * 1000)
                    theirs.append((said["cpu"] - before_other) / count * 1000)
            checked = json.loads(other.ask("check"))
            assert checked["opened"] == total, (checked, total)
            other.close()
    what = "act to durable and visible in the other process, mutual TLS, SQLite"
    at = f"{rate} a second"
    return [
        Figure(f"{at}: one observation, p50", "ms", tuple(halves), what, rate),
        Figure(f"{at}: one observation, p99", "ms", tuple(tails), what, rate),
        Figure(f"{at}: one observation, the slowest of a run", "ms", tuple(waited), what, rate),
        Figure(f"{at}: observations of one leaf", "on average", tuple(sizes), size=rate),
        Figure(f"{at}: processor time of a leaf, originator", "ms", tuple(ours), size=rate),
        Figure(f"{at}: processor time of a leaf, recipient", "ms", tuple(theirs), size=rate),
    ]


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


def _begin(node: Served, other: _Other) -> tuple[LogName, Source, int]:
    """Sign a directive, carry it, begin to feed."""
    seoul = node.house.node
    node.carry(heartbeat=True)
    now = seoul.clock.now()
    standing = releases.Standing(since=now, until=plus_seconds(now, 86400), most=_MOST)
    asked = directives.beforehand(seoul, _with(wish(b"Tracks, one point a second."), standing))
    laid = releases.lay_before(seoul, asked, drafter=KIM)
    deciding.approve(seoul, [laid.deed], authority=PARK)
    node.carry()
    (view,) = directives.listed(seoul)
    assert other.ask(f"lane {view.row.lane}") == "ok"
    return LogName(view.row.lane), Source.of(seoul, view.item, officer=KIM), 0


def _with(one: releases.Wish, standing: releases.Standing) -> releases.Wish:
    return structs.replace(one, standing=standing)


def _numbers(node: Served, source: Source, first: int) -> dict[int, int]:
    """Return, for each size of the lane from ``first`` on, the number after its last leaf."""
    found = {first: 0}
    batches = lanes.batches(node.house.node, source.item, holder=node.house.node.party, start=first)
    for one in batches:
        found[one.leaf + 1] = one.observations[-1].number + 1
    return found


def _latencies(
    born: list[int], start: int, leaves: dict[int, int], arrived: list[list[int]]
) -> list[float]:
    """Return each observation's time from its birth to the first look that showed it."""
    found: list[float] = []
    for size, at in sorted(arrived):
        reached = leaves.get(size, 0) - start
        found += [(at - one) / 1e6 for one in born[len(found) : reached]]
    if len(found) != len(born):
        raise Unavailable("unavailable.leaves", f"{len(found)} of {len(born)} arrived")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=12.0, help="of each run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rates", default=str(RATE), help="observations a second, with commas")
    parser.add_argument("--receiver", type=Path)
    given = parser.parse_args()
    if given.receiver:
        receiver(given.receiver)
    else:
        rates = [int(one) for one in given.rates.split(",")]
        show(
            figure
            for rate in rates
            for figure in measure(given.seconds, runs=given.runs, rate=rate)
        )
