# ruff: noqa: S101, S603 - a benchmark whose setting is not right must stop; fixed commands
"""Two houses as an operator has them: directories, sealed keys, SQLite, mutual TLS.

They are enrolled and the 2016 agreement is in force by hand, in this process; then each is
served by its own process: Tokyo by ``comity serve``, Seoul by the benchmark itself.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from comity.acts.deeds import Role
from comity.assemble.founding import init
from comity.assemble.house import House, opened
from comity.assemble.serve import SOCKET, Served, served, spare_the_collector
from comity.cli.demo.seats import free_ports
from comity.node import people, releases, setup
from comity.transport.local import Request, call
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.names import (
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Subject,
)
from tests.support.pair import (
    ADMIN,
    ADMIN2,
    JPN,
    KOR,
    PERSONS,
    Pair,
    TurnedClock,
    assure,
    conclude,
    text_of,
)

ROOT: Final = Path(__file__).resolve().parent.parent
PASSPHRASE: Final = "a passphrase for measuring only"  # noqa: S105 - of a directory that is removed
KIM: Final = PersonId("kim")
PARK: Final = PersonId("park")
_SIGNS: Final = {Role.RELEASING, Role.CUSTODIAN}


def wish(content: bytes) -> releases.Wish:
    """Return a wish to release this content from Seoul to Tokyo."""
    return releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=content,
        title="Launch assessment",
        pages=4,
    )


@contextmanager
def two_directories(bundle: bytes | None = None) -> Iterator[tuple[Path, Path]]:
    """Make Seoul and Tokyo, enrolled, a text in force, both assured; removed at the end.

    The text is that of 2016 unless another bundle is given.
    """
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name:
        base = Path(name)
        folders = {KOR: base / "seoul", JPN: base / "tokyo"}
        ports = free_ports(4)
        for party, folder in folders.items():
            init(
                folder,
                party=party,
                profile=text_of(f"profile-{party}.md"),
                exchange=f"127.0.0.1:{ports.pop()}",
                console=f"127.0.0.1:{ports.pop()}",
                passphrase=PASSPHRASE,
                quick=True,
            )
        with ExitStack() as stack:
            houses = {
                party: stack.enter_context(opened(folder, PASSPHRASE))
                for party, folder in folders.items()
            }
            for party, house in houses.items():
                _people(house, party)
            _enrol(houses)
            two = Pair(TurnedClock(), {party: house.node for party, house in houses.items()})
            conclude(two, bundle)
            assure(two)
        yield folders[KOR], folders[JPN]


def _people(house: House, party: Party) -> None:
    persons = {
        str(ADMIN): (f"{party}/REGISTRY", (Role.ADMINISTRATOR,)),
        str(ADMIN2): (f"{party}/REGISTRY", (Role.ADMINISTRATOR,)),
        **PERSONS[party],
    }
    for name, (office, roles) in persons.items():
        people.add_person(
            house.node,
            PersonId(name),
            name=name,
            office=Office(office),
            roles=roles,
            key=house.vault.add_person(PersonId(name)) if _SIGNS & set(roles) else None,
            actor=ADMIN,
        )


def _enrol(houses: dict[Party, House]) -> None:
    papers = {
        party: setup.enrolment_file(
            house.node,
            JPN if party == KOR else KOR,
            where=house.where(),
            epochs=house.vault.epochs(),
        )
        for party, house in houses.items()
    }
    for party, house in houses.items():
        paper = papers[JPN if party == KOR else KOR]
        _, digits = setup.read_enrolment(paper)
        setup.enrol(
            house.node,
            paper,
            fingerprint=digits,
            compared_by=(ADMIN, ADMIN2),
            by=house.node.registry,
        )


def comity(*words: str) -> list[str]:
    """Return the command line of comity in this checkout."""
    program = "import sys; from comity.cli import main; sys.exit(main())"
    return [sys.executable, "-c", program, *words]


def environment() -> dict[str, str]:
    """Return the environment of a process of comity: as ours, with this checkout's package."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src")}  # the one variable it needs


@contextmanager
def process_of(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Serve a node by ``comity serve`` in a process of its own, ready when the block begins."""
    secret = folder.parent / f"{folder.name}.passphrase"
    secret.touch(mode=0o600)
    secret.write_text(PASSPHRASE)
    words = comity("serve", "--node", str(folder), "--passphrase-file", str(secret))
    with subprocess.Popen(
        words, env=environment(), stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            while True:
                assert process.poll() is None, "the node does not serve"
                try:
                    call(folder / SOCKET, Request("status", {}), seconds=5)
                    break
                except Unavailable:
                    continue
            yield process
        finally:
            process.terminate()


@contextmanager
def two_nodes() -> Iterator[Served]:
    """Serve Tokyo in its own process and Seoul in this one; return Seoul."""
    with (
        two_directories() as (seoul, tokyo),
        process_of(tokyo),
        served(seoul, PASSPHRASE) as node,
    ):
        spare_the_collector()
        node.carry(heartbeat=True)
        yield node
