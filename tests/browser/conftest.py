"""Two houses whose consoles are served to a real browser; skipped where there is none."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
import uvicorn

from comity.acts.canonical import digest
from comity.acts.deeds import Stage, Uses
from comity.agreement.profile import open_profile
from comity.cli.demo import cast
from comity.console import sessions
from comity.console.app import make_app
from comity.node import (
    attesting,
    consents,
    deciding,
    granting,
    paper,
    people,
    protecting,
    receiving,
    releases,
    requests,
    setup,
    sheets,
    treaty,
    uploads,
)
from comity.node.node import Node
from comity.register.rows import AskOf, ItemOf
from comity.vocabulary.dates import Dated
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, Party, PersonId, Purpose, Regime, Subject
from tests.support.hidden import docx
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    LATER,
    PERSONS,
    USA,
    Pair,
    entitle,
    epochs,
    give,
    gsomia,
    text_of,
    under_the_pact,
    where,
)

SERIES = (
    ("Launch assessment, north-east site", "dprk.missile.launch", "KOR:mil-2", 4),
    ("Propellant deliveries in the autumn", "dprk.missile.propellant", "KOR:mil-3", 11),
    ("Vessel movements, eastern harbours", "dprk.maritime.transfer", "KOR:mil-3", 2),
)
CONTENT = (
    "A fictional assessment, written for this demonstration.\n\n"
    "1. At 05:12 a launch was observed from the north-east site.\n"
    "2. The path was lofted; flight time about eleven minutes.\n"
    "3. No debris fell on land.\n"
)


_LISTED = "to,offices,level,subject,purpose,title,text,pages\n" + "".join(
    f'JPN,JPN/DIH,KOR:mil-{level},dprk.maritime.{what},defence.missile-warning,"{title}","{title}.",2\n'
    for level, what, title in (
        (3, "transfer", "Vessel track, eastern harbours"),
        (3, "transfer", "Vessel track, western approach"),
        (2, "fleet", "Submarine movements in the autumn"),
    )
)
LISTS = {
    "LIST": _LISTED.encode(),
    "SENT": _LISTED.replace("KOR:mil-2", "KOR:mil-1").encode(),
    "WRONG": _LISTED.replace("KOR:mil-2", "secret").replace("JPN/DIH,KOR:mil-3", ",").encode(),
    "READY": _LISTED.replace("autumn", "spring").encode(),
}
"""Lists of releases: laid, refused by the agreement, not to be read, and ready to be laid."""


class Served(NamedTuple):
    """Two houses, their consoles' addresses, and one item that crossed."""

    two: Pair
    at: dict[Party, str]
    reference: str
    assigned: str

    def link(self, party: Party, person: str) -> str:
        """Return an address that signs a person in."""
        secret = sessions.make_link(self.two.nodes[party], PersonId(person))
        return f"{self.at[party]}/enter/{secret}"

    def invitation(self, party: Party, person: str) -> str:
        """Return an address at which a person registers a passkey."""
        secret = sessions.make_link(self.two.nodes[party], PersonId(person), kind="invitation")
        return f"{self.at[party]}/invited/{secret}"


def wish(title: str, subject: str, level: str, pages: int) -> releases.Wish:
    return releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level(level),
        subject=Subject(subject),
        purpose=Purpose("defence.missile-warning"),
        content=CONTENT.encode(),
        title=title,
        media_type="text/plain; charset=utf-8",
        pages=pages,
        demonstration=True,
    )


def told() -> tuple[Pair, str, str]:
    """Let a story happen: three items cross, one is receipted, one draft and one sheet wait."""
    two = under_the_pact()
    in_full(two.seoul, two.tokyo)
    references = []
    for one in SERIES:
        laid = releases.lay_before(two.seoul, wish(*one), drafter=PersonId("kim"))
        entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
        references.append(entered[0].entry.deed.item.reference)
        two.clock.turn(5400)
    two.carry()
    take(two, references[0])
    releases.lay_before(
        two.seoul,
        wish("Second launch, same site", "dprk.missile.launch", "KOR:mil-2", 3),
        drafter=PersonId("kim"),
    )
    sheets.begin(
        two.seoul,
        sheets.Sheet(
            to=JPN,
            changed=two.clock.now(),
            offices=("JPN/DIH",),
            level="KOR:mil-2",
            subject="dprk.missile.launch",
            purpose="defence.missile-warning",
            title="Third launch, a comparison",
            text=CONTENT,
        ),
        person=PersonId("kim"),
    )
    asked(two, references[1])
    beside(two, references[0])
    on_paper(two)
    filed(two)
    listed(two)
    leaving(two)
    two.clock.turn(4 * 86400)
    return two, references[0], references[1]


CAST = {**cast.SEOUL, **cast.TOKYO, **cast.WASHINGTON}


def in_full(*nodes: Node) -> None:
    """Call everybody by the full name of the demonstration: a page must hold it."""
    for node in nodes:
        for person, (office, roles) in PERSONS[node.party].items():
            people.add_person(
                node,
                PersonId(person),
                name=CAST[person][0],
                office=Office(office),
                roles=roles,
                key=node.suite.signing_public(node.vault.person(person)),
                actor=ADMIN,
            )


def beside(two: Pair, reference: str) -> None:
    """Let Seoul visit Tokyo, which lends a copy and answers for a facility."""
    tokyo, ito = two.tokyo, PersonId("ito")
    with tokyo.store.reading() as tx:
        item = receiving.find_item(tx, JPN, reference)
    until = plus_seconds(two.clock.now(), 3 * 86400)
    lent = {"copy": 1, "person": "abe", "until": until, "signed": True}
    protecting.protect(tokyo, item, "register.loan", lent, officer=ito)
    for act, more in (
        ("people.appoint-officer", {"person": "mori", "until": until}),
        ("people.accredit", {"level": "JPN:tokutei-himitsu", "until": LATER}),
    ):
        protecting.at_facility(tokyo, act, {"facility": "JPN/MOD", **more}, officer=ADMIN)
    wanted = {
        "facility": "JPN/DIH",
        "level": "KOR:mil-2",
        "begins": until,
        "ends": plus_seconds(until, 86400),
        "visitors": 2,
        "recurring": False,
        "emergency": False,
        "survey": True,
    }
    names = b"Two names (a fictional list)"
    asked = protecting.towards(
        two.seoul, JPN, "visit.request", wanted, officer=PersonId("choi"), document=names
    )
    two.carry()
    about = {"log": asked.position.log, "index": asked.position.index}
    granted = {"about": about, "level": "KOR:mil-2"}
    protecting.towards(tokyo, KOR, "visit.approve", granted, officer=PersonId("suzuki"))
    two.carry()


def on_paper(two: Pair) -> None:
    """Let Washington keep paper towards Seoul: its note, its signature, the word it gave."""
    seoul, choi, text = two.seoul, PersonId("choi"), gsomia("USA-KOR-GSOMIA-1987")
    mnd, minister, dod = Office("KOR/MND"), PersonId("minister-kor"), Office("USA/DOD")
    sheet = paper.Sheet(scan=b"%PDF- a scanned letter", on=Dated("2016-11-23"))
    paper.begin(
        seoul,
        USA,
        profile=open_profile(text_of("profile-USA.md")),
        sheet=sheet,
        by=dod,
        officer=choi,
        where=where(KOR),
        epochs=epochs(KOR, two.clock.now()),
    )
    treaty.propose(seoul, text, to=USA, by=mnd, actor=minister)
    treaty.sign(seoul, digest(text), to=USA, by=mnd, actor=minister)
    numbered = sheet._replace(number="I-16/07714")
    signed = {"text": "USA-KOR-GSOMIA"}
    attesting.enter(seoul, USA, "treaty.sign", signed, by=dod, sheet=numbered, officer=choi)
    word = {"offices": "USA/DIA", "level": "USA:secret", "until": LATER}
    word |= dict.fromkeys(("cleared", "needed", "protected"), "true")
    dia = Office("USA/DIA")
    attesting.enter(seoul, USA, "people.assure", word, by=dia, sheet=sheet, officer=choi)


def filed(two: Pair) -> None:
    """Let a sheet hold a file that says more than it shows; it is not the latest of the sheets."""
    sheets.begin(
        two.seoul,
        sheets.Sheet(
            to=JPN,
            changed=plus_seconds(two.clock.now(), -3600),
            offices=("JPN/DIH",),
            level="KOR:mil-3",
            subject="dprk.missile.launch",
            purpose="defence.missile-warning",
            title="Report with a history",
            file=docx(),
            file_name="report.docx",
            media_type="application/octet-stream",
        ),
        person=PersonId("kim"),
    )


def listed(two: Pair) -> None:
    """Let one list be laid and others be sent in, of which two have something wrong."""
    for name, raw in LISTS.items():
        sent = uploads.Sent(csv=raw, files={}, at=two.clock.now())
        kim = PersonId("kim")
        if name == "LIST":
            uploads.lay(two.seoul, sent, person=kim, demonstration=True)
        else:
            uploads.keep(two.seoul, sent, person=kim)


def leaving(two: Pair) -> None:
    """Let one release stand in a window; what is decided later leaves at once again."""
    plain, zone = text_of("profile-KOR.md"), b'zone = "Asia/Seoul"'
    windowed = plain.replace(zone, zone + b"\nwindow_minutes = 10")
    setup.adopt_profile(two.seoul, windowed, actor=ADMIN)
    third = wish("Fuel train, north-east", "dprk.missile.propellant", "KOR:mil-3", 6)
    laid = releases.lay_before(two.seoul, third, drafter=PersonId("kim"))
    deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
    setup.adopt_profile(two.seoul, plain, actor=ADMIN)


def asked(two: Pair, reference: str) -> None:
    """Let Tokyo ask for a consent and for more items; let Seoul answer one request of two."""
    tokyo, sato = two.tokyo, PersonId("sato")
    with tokyo.store.reading() as tx:
        item = receiving.find_item(tx, JPN, reference)
    give(tokyo, item, "sato", level="JPN:hi", subject="dprk.missile", officer="suzuki")
    for terms in (
        consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, times=2),
        consents.Terms(uses=Uses.PURPOSE, purpose=Purpose("defence.planning")),
    ):
        consents.ask(tokyo, item, terms, officer=sato)
    for title in ("Propellant deliveries, earlier years", "Launches from the north-east site"):
        requests.ask(
            tokyo,
            requests.Wanted(
                to=KOR,
                offices=(Office("KOR/KDIA"),),
                subject=Subject("dprk.missile"),
                purpose=Purpose("defence.missile-warning"),
                title=title,
                lines=("Whatever was observed since the spring.",),
            ),
            officer=sato,
        )
    two.carry()
    first = requests.listed(two.seoul)[-1].request
    with two.seoul.store.reading() as tx:
        given = receiving.find_item(tx, KOR, reference)
    requests.answer(two.seoul, first, releases=[given], officer=PersonId("kim"))
    park = PersonId("park")
    granting.grant(two.seoul, question(two.seoul, "purpose"), authority=park)
    two.carry()


def question(node: Node, uses: str) -> AskOf:
    return next(
        one.ask for one in consents.listed(node) if one.ask is not None and one.ask.uses == uses
    )


def take(two: Pair, reference: str) -> None:
    tokyo, special = two.tokyo, "JPN:tokutei-himitsu"
    with tokyo.store.reading() as tx:
        item = receiving.find_item(tx, JPN, reference)
    marked(two, item)
    suzuki = PersonId("suzuki")
    entitle(tokyo, "abe", level=special, subject="dprk.missile")
    receiving.assign(tokyo, item, person=PersonId("abe"), officer=suzuki)
    receiving.receipt(tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT)
    two.carry()


def marked(two: Pair, item: ItemOf) -> None:
    """Number, designate and mark a received item."""
    tokyo, special, suzuki = two.tokyo, "JPN:tokutei-himitsu", PersonId("suzuki")
    receiving.register(tokyo, item, officer=suzuki)
    receiving.designate(
        tokyo,
        item,
        regime=Regime(special),
        level=Level(special),
        until=LATER,
        officer=PersonId("mori"),
    )
    receiving.re_mark(tokyo, item, level=Level(special), regime=Regime(special), officer=suzuki)


HOSTS = {KOR: "seoul.localhost", JPN: "tokyo.localhost", USA: "washington.localhost"}


def serving(node: Node) -> tuple[uvicorn.Server, socket.socket, threading.Thread, str]:
    """Serve a console at a host name of its own: a passkey belongs to one."""
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://{HOSTS[node.party]}:{listening.getsockname()[1]}"
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(node, demonstration=True, origin=origin),
            lifespan="off",
            log_level="error",
            access_log=False,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    return server, listening, thread, origin


@contextmanager
def consoles(*nodes: Node) -> Iterator[dict[Party, str]]:
    """Serve consoles for the block; give their addresses."""
    running = {node.party: serving(node) for node in nodes}
    yield {party: one[3] for party, one in running.items()}
    for server, listening, thread, _ in running.values():
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    two, reference, assigned = told()
    with consoles(two.seoul, two.tokyo) as at:
        yield Served(two, at, reference, assigned)


@pytest.fixture(scope="session")
def axe() -> str:
    pytest.importorskip("axe_playwright_python")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
