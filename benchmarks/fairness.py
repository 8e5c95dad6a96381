# ruff: noqa: S603, S101 - our own program; a benchmark whose setting is not right must stop
"""A slow, a silent and a flooding peer beside honest ones: what the others notice of them.

Seoul is served by its own process and has twenty links (``COMITY_LINKS`` says how many, and may
name several sizes). All peers but three send it a heartbeat each second, over mutual TLS: from a
pouch made to its answer taken. That is measured
alone, and then while one peer sends its request at 1 kB/s again and again, one takes Seoul's
connections and never answers, and one sends as fast as it is answered, on four connections.
Both in turn, in the same run. What Seoul holds in memory and on disk is looked at after it all.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from benchmarks.figures import Figure, quantile, run
from benchmarks.houses import ADMIN, ADMIN2, PASSPHRASE, environment, process_of
from comity.acts.deeds import Role
from comity.assemble.founding import init
from comity.assemble.house import House, opened, reached_at, shown_to
from comity.cli.demo.seats import free_ports
from comity.node import outgoing, people, setup
from comity.transport.client import HttpCourier
from comity.transport.limits import POUCH
from comity.transport.tls import client_context
from comity.vocabulary.errors import ComityError, Unavailable
from comity.vocabulary.names import Office, Party
from tests.support.pair import KOR, text_of

SIZES: Final = tuple(int(one) for one in os.environ.get("COMITY_LINKS", "5,10,20").split(","))
_PAUSE: Final = 1.0
_RUNS: Final = 5
_FLOODS: Final = 4
_SLOW: Final = 1000
"""Bytes a second."""


@contextmanager
def _houses(base: Path, links: int) -> Iterator[tuple[Path, dict[Party, Path]]]:
    """Make Seoul and so many peers that are enrolled with it."""
    codes = [Party(f"X{one}{two}") for one, two in product(ascii_uppercase, repeat=2)][:links]
    folders = {party: base / party for party in (KOR, *codes)}
    ports = free_ports(2 * len(folders))
    for party, folder in folders.items():
        text = text_of("profile-KOR.md" if party == KOR else "profile-JPN.md")
        init(
            folder,
            party=party,
            profile=text.replace(b"JPN", party.encode()),
            exchange=f"127.0.0.1:{ports.pop()}",
            console=f"127.0.0.1:{ports.pop()}",
            passphrase=PASSPHRASE,
            quick=True,
        )
    with ExitStack() as stack:
        seoul = stack.enter_context(opened(folders[KOR], PASSPHRASE))
        _administrators(seoul)
        for code in codes:
            with opened(folders[code], PASSPHRASE) as peer:
                _administrators(peer)
                _enrol(seoul, peer)
    yield folders.pop(KOR), folders


def _administrators(house: House) -> None:
    for person in (ADMIN, ADMIN2):
        people.add_person(
            house.node,
            person,
            name=str(person),
            office=Office(f"{house.node.party}/REGISTRY"),
            roles=(Role.ADMINISTRATOR,),
            key=None,
            actor=ADMIN,
        )


def _enrol(one: House, other: House) -> None:
    ways = ((one, other), (other, one))
    papers = [
        setup.enrolment_file(
            theirs.node, mine.node.party, where=theirs.where(), epochs=theirs.vault.epochs()
        )
        for mine, theirs in ways
    ]
    for (mine, _), paper in zip(ways, papers, strict=True):
        _, digits = setup.read_enrolment(paper)
        setup.enrol(
            mine.node,
            paper,
            fingerprint=digits,
            compared_by=(ADMIN, ADMIN2),
            by=mine.node.registry,
        )


def _courier(house: House) -> HttpCourier:
    return HttpCourier(partial(reached_at, house), partial(shown_to, house), local=True)


def _honest(houses: Sequence[House], seconds: float) -> list[float]:
    """Let each send a heartbeat now and then; return how long each took, in ms."""
    took: list[float] = []
    until = time.monotonic() + seconds

    def keep(house: House, first: float) -> None:
        courier = _courier(house)
        time.sleep(first)
        while time.monotonic() < until:
            time.sleep(_PAUSE)
            began = time.perf_counter()
            with suppress(Unavailable):
                outgoing.exchange(house.node, KOR, courier, heartbeat=True)
            took.append((time.perf_counter() - began) * 1000)
        courier.close()

    # Not all at once: they begin one after the other.
    threads = [
        threading.Thread(target=keep, args=(one, _PAUSE * at / len(houses)))
        for at, one in enumerate(houses)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took


@contextmanager
def _hostile(folders: Mapping[str, Path]) -> Iterator[None]:
    """Let three peers do what they do, each in a process of its own."""
    with ExitStack() as stack:
        processes = []
        for what, folder in folders.items():
            words = [sys.executable, "-m", "benchmarks.fairness", what, str(folder)]
            process = stack.enter_context(
                subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.terminate)
            processes.append(process)
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield


def flooding(house: House) -> None:
    """Send one heartbeat after the other, on several connections."""

    def keep() -> None:
        courier = _courier(house)
        while True:
            with suppress(ComityError):
                outgoing.exchange(house.node, KOR, courier, heartbeat=True)

    for _ in range(_FLOODS):
        threading.Thread(target=keep, daemon=True).start()
    threading.Event().wait()


def silent(house: House) -> None:
    """Take every connection and say nothing."""
    host, _, port = house.config.exchange.rpartition(":")
    with socket.create_server((host, int(port))) as listening:
        held = []
        while True:
            held.append(listening.accept()[0])


def slow(house: House) -> None:
    """Send a request byte by byte, again and again."""
    address = reached_at(house, KOR)
    context = client_context(house.vault.certificate(), address.certificate)
    while True:
        with (
            suppress(OSError),
            socket.create_connection((address.host, address.port)) as plain,
            context.wrap_socket(plain, server_hostname=address.host) as connection,
        ):
            head = f"POST {POUCH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n"
            connection.sendall(head.encode())
            while True:
                connection.sendall(b"x" * (_SLOW // 10))
                time.sleep(0.1)


def measure(seconds: float) -> list[Figure]:
    """Measure each number of links with its part of the time; the plot is of the medians."""
    return [one for links in SIZES for one in _measured(links, seconds / len(SIZES))]


def _measured(links: int, seconds: float) -> list[Figure]:
    """Measure five rounds, alone and beside the three in turn, a tenth of the time each."""
    alone: dict[float, list[float]] = {0.5: [], 0.99: []}
    beside: dict[float, list[float]] = {0.5: [], 0.99: []}
    with (
        tempfile.TemporaryDirectory(prefix="comity-fair-") as name,
        _houses(Path(name), links) as (seoul, peers),
    ):
        hostile = dict(zip(("flooding", "silent", "slow"), list(peers.values()), strict=False))
        with ExitStack() as stack:
            process = stack.enter_context(process_of(seoul))
            honest = [
                stack.enter_context(opened(folder, PASSPHRASE))
                for folder in list(peers.values())[3:]
            ]
            _honest(honest, 2.0)
            before = _held(process.pid, seoul)
            for _ in range(_RUNS):
                for found, with_them in ((alone, False), (beside, True)):
                    with _hostile(hostile if with_them else {}):
                        took = _honest(honest, seconds / 2 / _RUNS)
                    for part, values in found.items():
                        values.append(quantile(took, part))
            after = _held(process.pid, seoul)
    figures = []
    for part, label in ((0.5, "p50"), (0.99, "p99")):
        ratios = tuple(two / one for one, two in zip(alone[part], beside[part], strict=True))
        figures += [
            (f"honest peers alone, {label}", "ms", tuple(alone[part])),
            (f"beside a slow, a silent, a flooding one, {label}", "ms", tuple(beside[part])),
            (f"ratio of {label}", "times", ratios),
        ]
    figures += [
        ("memory gained in the whole run", "MiB", (after[0] - before[0],)),
        ("disk gained in the whole run", "MiB", (after[1] - before[1],)),
    ]
    note = f"{links - 3} honest peers"
    return [
        Figure(f"{links} links: {row}", unit, values, note, links) for row, unit, values in figures
    ]


def _held(process: int, folder: Path) -> tuple[float, float]:
    """Return what a process holds resident and what lies in its directory, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    resident = next(int(one.split()[1]) / 1024 for one in lines if one.startswith("VmRSS"))
    files = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    return resident, files / (1 << 20)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in {"flooding", "silent", "slow"}:  # noqa: PLR2004
        with opened(Path(sys.argv[2]), PASSPHRASE) as mine:
            print("ready", flush=True)  # noqa: T201 - to who began it
            {"flooding": flooding, "silent": silent, "slow": slow}[sys.argv[1]](mine)
    run(measure, seconds=60.0)
