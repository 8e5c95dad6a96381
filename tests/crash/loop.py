"""Two real nodes over TLS, killed by SIGKILL again and again while they work.

Run as ``python -m tests.crash.loop FOLDER CYCLES SEED [postgresql]``: on SQLite, or on a
PostgreSQL that is killed meanwhile. This process has no threads of its own, so that it may fork:
a node is a child that opens its directory, serves it, and works until it is killed. What a child
says it has done it writes to a file, synced, before it goes on.
"""

import logging
import os
import random
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from importlib.resources import files
from pathlib import Path
from traceback import format_exception

from comity.acts.deeds import Role
from comity.assemble import commands, founding, house, serve
from comity.cli.demo.seats import free_ports
from comity.node import deciding, outgoing, receiving, releases, replay, setup
from comity.register.rows import Draft, Holding, ItemOf, ReceiptOf, RefusedByPeer
from comity.vocabulary.errors import ComityError, Refused, Unavailable
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Subject
from tests.support.database import Database
from tests.support.pair import Hand

SECRET = "a passphrase"  # noqa: S105 - of nodes that live for one test
KOR, JPN = Party("KOR"), Party("JPN")
UNTIL = "2036-01-01T00:00:00.000Z"
PEOPLE = {
    KOR: {
        "kim": ("KOR/KDIA", Role.DESK),
        "park": ("KOR/KDIA", Role.RELEASING),
        "lee": ("KOR/REGISTRY", Role.ADMINISTRATOR),
        "jang": ("KOR/MND", Role.SIGNATORY),
    },
    JPN: {
        "suzuki": ("JPN/REGISTRY", Role.REGISTRY),
        "ito": ("JPN/DIH", Role.CUSTODIAN),
        "ueno": ("JPN/REGISTRY", Role.ADMINISTRATOR),
        "oda": ("JPN/MOD", Role.SIGNATORY),
    },
}
RUNNING: set[int] = set()
"""The children of this process."""

AWAY = ("unavailable.database", "unavailable.commit-unknown", "unavailable.locked")
"""What a node says while its server is away or has just come back."""

OTHER = {KOR: JPN, JPN: KOR}
ADMIN = {KOR: "lee", JPN: "ueno"}
SIGNATORY = {KOR: "jang", JPN: "oda"}


def begin(folder: Path, where: str = "") -> None:
    """Make both nodes and bring the pact into force."""
    for party in (KOR, JPN):
        profile = files("comity.agreement").joinpath(f"texts/profile-{party}.md").read_bytes()
        founding.init(
            folder / party,
            party=party,
            profile=profile,
            exchange=f"127.0.0.1:{free_ports(1)[0]}",
            console=f"127.0.0.1:{free_ports(1)[0]}",
            passphrase=SECRET,
            quick=True,
            where=where,
        )
        with house.opened(folder / party, SECRET) as one:
            for person, (office, role) in PEOPLE[party].items():
                run(one, "person.add", person=person, name=person, office=office, roles=[role])
            run(one, "enrol.export", peer=OTHER[party], out=str(folder / f"{party}.json"))
    with ExitStack() as stack:
        houses = {
            party: stack.enter_context(house.opened(folder / party, SECRET)) for party in OTHER
        }
        _conclude(folder, houses)


def _conclude(folder: Path, houses: dict[Party, house.House]) -> None:
    """Enrol each at the other and bring the pact into force; what they send is carried by hand."""
    for party, one in houses.items():
        paper = folder / f"{OTHER[party]}.json"
        _, digits = setup.read_enrolment(paper.read_bytes())
        run(
            one,
            "enrol.confirm",
            file=str(paper),
            fingerprint=digits,
            compared_by=["administrator", ADMIN[party]],
        )
    text = str(files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016"))
    script = [
        [(KOR, "agreement.propose", {"folder": text})],
        [(party, "agreement.sign", {"agreement": "KOR-JPN-GSOMIA"}) for party in (KOR, JPN)],
        [(party, "agreement.notify", {"agreement": "KOR-JPN-GSOMIA"}) for party in (KOR, JPN)],
        [(party, "agreement.authorities", {}) for party in (KOR, JPN)],
        [(JPN, "assure", {"offices": ["JPN/DIH"], "level": "JPN:gokuhi", "until": UNTIL})],
    ]
    nodes = {party: one.node for party, one in houses.items()}
    for acts in script:
        for party, command, args in acts:
            run(houses[party], command, to=OTHER[party], **{"as": SIGNATORY[party]}, **args)
        while any(outgoing.has_news(node, OTHER[party]) for party, node in nodes.items()):
            for party, node in nodes.items():
                outgoing.exchange(node, OTHER[party], Hand(nodes, party))


def run(one: house.House, command: str, **args: object) -> dict[str, object]:
    return commands.COMMANDS[command](one, args)


def rest(folder: Path) -> None:
    """Serve both sides, without work, until the links are in step."""
    children = {party: start(folder, party, idle=True) for party in (KOR, JPN)}
    deadline = time.monotonic() + 120
    while not in_step(folder):
        if time.monotonic() > deadline:
            raise AssertionError("the nodes do not come to rest")
        time.sleep(0.1)
    for pid in children.values():
        stop(pid, signal.SIGTERM)


def in_step(folder: Path) -> bool:
    """Ask both nodes at their sockets, as the command line does."""
    from comity.transport.local import Request, call

    try:
        said = []
        for party in (KOR, JPN):
            path = folder / party / "comity.sock"
            call(path, Request("exchange", {}), seconds=30)
            said.append(call(path, Request("status", {}), seconds=30).output["links"][0])
    except (ComityError, KeyError, IndexError):
        return False
    return (
        all(one["out"] == one["acknowledged"] for one in said)
        and said[0]["out"] == said[1]["in"]
        and said[1]["out"] == said[0]["in"]
    )


def start(folder: Path, party: Party, *, idle: bool = False) -> int:
    """Begin a node in a child of this process."""
    pid = os.fork()
    if pid:
        RUNNING.add(pid)
        return pid
    status = 1
    try:
        work(folder, party, idle=idle)
        status = 0
    except BaseException as error:  # noqa: BLE001 - a child tells why it ended
        (folder / f"{party}.error").write_text("".join(format_exception(error)))
    finally:
        os._exit(status)


def stop(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
    RUNNING.discard(pid)


def stop_all() -> None:
    """Leave nothing running, however the loop ended."""
    for pid in list(RUNNING):
        stop(pid, signal.SIGKILL)


def work(folder: Path, party: Party, *, idle: bool) -> None:
    """Serve a node, and release or receipt as fast as it goes."""
    with serve.served(folder / party, SECRET) as node:
        signal.signal(signal.SIGTERM, node.stop)
        if idle:
            node.run()
            return
        # A full disk is met by who works, or by a link that takes what the other side sends.
        logging.getLogger("comity.serve").addHandler(_Saying(folder / f"{party}.said"))
        ended: list[BaseException] = []
        threading.Thread(target=run_until, args=(node, ended), daemon=True).start()
        out = os.open(folder / f"{party}.done", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        while True:
            if ended:
                raise ended[0]
            try:
                said = release(node) if party == KOR else receipt(node)
                if said:
                    os.write(out, (said + "\n").encode())
                    os.fsync(out)
                    node.carry()
                else:
                    time.sleep(0.01)
            except Unavailable as error:
                waits = error.code in AWAY or error.code == "unavailable.disk"
                if not waits or not node.house.store.sound:
                    raise
                (folder / f"{party}.said").write_text(error.code)
                time.sleep(0.05)


class _Saying(logging.Handler):
    """Keep the last word of a node whose disk is full, for this process's parent."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().endswith("unavailable.disk"):
            self._file.write_text("unavailable.disk")


def run_until(node: serve.Served, ended: list[BaseException]) -> None:
    """Keep the links, as ``serve`` does; keep what ended it."""
    try:
        node.run()
    except BaseException as error:  # noqa: BLE001 - it ends the process, in the main thread
        ended.append(error)


def release(node: serve.Served) -> str:
    one = node.house.node
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"fictional",
        title="Fictional",
    )
    laid = releases.lay_before(one, wish, drafter=PersonId("kim"))
    while True:
        try:
            entered = deciding.approve(one, [laid.deed], authority=PersonId("park"))
        except Unavailable as error:
            # Perhaps it is entered and perhaps not: who approves looks, or approves once more.
            if error.code not in AWAY:
                raise
            time.sleep(0.05)
        except Refused as error:
            if error.code != "refused.release.no-draft":
                raise
            return ""
        else:
            deed = entered[0].entry.deed
            return str(deed.item.reference)  # type: ignore[union-attr]


def receipt(node: serve.Served) -> str:
    one = node.house.node
    with one.store.reading() as tx:
        for item in tx.within(ItemOf, correspondence(KOR, JPN)):
            if not tx.within(ReceiptOf, item.key):
                held = tx.get(Holding, item.key)
                break
        else:
            return ""
    if held is None:
        receiving.register(one, item, officer=PersonId("suzuki"))
    if held is None or not held.level:
        receiving.re_mark(one, item, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    receiving.receipt(one, item, custodian=PersonId("ito"))
    return item.reference


def kill(folder: Path, cycles: int, seed: int, database: Database | None = None) -> None:
    """Kill one side or both, or the database under both, at random; begin them again."""
    dice = random.Random(seed)
    children = {party: start(folder, party) for party in (KOR, JPN)}
    for cycle in range(cycles):
        time.sleep(0.1 + dice.random() * 0.5)
        if database is not None and cycle % 4 == 3:
            serving(folder)
            outlive(folder, database, children, everything=dice.random() < 0.5)
            continue
        for party in dice.choice(((KOR,), (JPN,), (KOR, JPN))):
            stop(children[party], signal.SIGKILL)
            children[party] = start(folder, party)
    if database is not None:
        goes_on(folder)
    for pid in children.values():
        stop(pid, signal.SIGKILL)


def serving(folder: Path) -> None:
    """Wait until both nodes answer: one that is begun without its database does not begin."""
    from comity.transport.local import Request, call

    deadline = time.monotonic() + 30
    for party in (KOR, JPN):
        while True:
            with suppress(ComityError):
                call(folder / party / "comity.sock", Request("status", {}), seconds=10)
                break
            assert time.monotonic() < deadline, f"{party} does not answer"
            time.sleep(0.05)


def outlive(
    folder: Path, database: Database, children: dict[Party, int], *, everything: bool
) -> None:
    """Kill the server and begin it again; the nodes wait, and do not end."""
    database.kill(everything=everything)
    time.sleep(0.3)
    database.begin()
    for party, pid in children.items():
        ended = os.waitpid(pid, os.WNOHANG) != (0, 0)
        assert not ended, f"{party} ended with its database\n{why(folder, party)}"


def why(folder: Path, party: Party) -> str:
    """Return what a child wrote before it ended."""
    told = folder / f"{party}.error"
    return told.read_text() if told.exists() else "it said nothing"


def goes_on(folder: Path) -> None:
    """Wait until something new is done, by nodes that nobody began again."""
    done = folder / "KOR.done"
    before = done.stat().st_size if done.exists() else 0
    deadline = time.monotonic() + 60
    while not done.exists() or done.stat().st_size == before:
        assert time.monotonic() < deadline, "nothing goes on after the database came back"
        time.sleep(0.1)


def check(folder: Path) -> None:
    """Nothing lost, nothing twice, and both books agree."""
    rest(folder)
    leaves, items = {}, {}
    drafts = 0
    for party in (KOR, JPN):
        with house.opened(folder / party, SECRET) as one:
            node = one.node
            rebuilt = replay.rebuild(node)
            assert not rebuilt.differences, rebuilt.differences[:3]
            with one.store.reading() as tx:
                for log in (correspondence(KOR, JPN), correspondence(JPN, KOR)):
                    leaves[party, log] = tx.leaves(log, 0, tx.frontier(log).size)
                items[party] = [i.reference for i in tx.within(ItemOf, correspondence(KOR, JPN))]
                assert not tx.page(RefusedByPeer)
                drafts += sum(one.state == "entered" for one in tx.page(Draft, limit=10**6))
                receipts = tx.page(ReceiptOf, limit=10**6)
                assert len({one.scope for one in receipts}) == len(receipts), "receipted twice"
    for log in (correspondence(KOR, JPN), correspondence(JPN, KOR)):
        assert leaves[KOR, log] == leaves[JPN, log], f"{log} differs"
        assert len(set(leaves[KOR, log])) == len(leaves[KOR, log]), f"a leaf twice in {log}"
    assert items[KOR] == items[JPN]
    assert len(set(items[KOR])) == len(items[KOR]) == drafts, "released twice"
    done = (folder / "KOR.done").read_text().split()
    missing = set(done) - set(items[JPN])
    assert not missing, f"released and lost: {sorted(missing)[:3]}"
    sys.stdout.write(f"{len(items[KOR])} items, {len(done)} told of, all at both sides\n")


def main() -> None:
    folder, cycles, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    database = Database() if "postgresql" in sys.argv else None
    try:
        begin(folder, "" if database is None else database.uri)
        kill(folder, cycles, seed, database)
        check(folder)
    finally:
        stop_all()
        if database is not None:
            database.remove()
    sys.stdout.write(f"{cycles} cycles passed\n")


if __name__ == "__main__":
    main()
