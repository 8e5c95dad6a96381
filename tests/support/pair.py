"""Two houses in one process: real nodes, real judgement, a clock one can turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.agreement.text import bundle_bytes
from comity.exchange.answers import Word
from comity.exchange.replicas import REPLICA
from comity.node import outgoing, people, protecting, receiving, setup, treaty
from comity.node.incoming import receive
from comity.node.node import Node
from comity.node.ports import Store
from comity.node.replicas import answer_replica
from comity.register.rows import ItemOf, PersonOf
from comity.seal.suite import Suite
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Article, Level, Office, Party, PersonId, Subject
from tests.support.fast_suite import FAST

KOR, JPN, USA, AUS = Party("KOR"), Party("JPN"), Party("USA"), Party("AUS")
ADMIN, ADMIN2 = PersonId("admin"), PersonId("deputy-admin")
START = Instant("2026-11-24T00:00:00.000Z")
LATER = Instant("2027-11-24T00:00:00.000Z")


@dataclass
class TurnedClock:
    """A clock that stands until it is turned."""

    at: Instant = START

    def now(self) -> Instant:
        """Return the instant it stands at."""
        return self.at

    def moved(self) -> float:
        """Return nothing: time passes here by being turned."""
        return 0.0

    def believe(self) -> None:
        """Believe it always."""

    def turn(self, seconds: float) -> None:
        """Turn it forward (back when negative)."""
        self.at = plus_seconds(self.at, seconds)


@dataclass
class HeldVault:
    """Keys in memory, made when first asked for."""

    suite: Suite
    keys: dict[str, bytes] = field(default_factory=dict)
    earlier: dict[str, list[bytes]] = field(default_factory=dict)

    def _signing(self, name: str) -> bytes:
        return self.keys.setdefault(name, self.suite.generate_signing())

    def root(self) -> bytes:
        """Return the root key."""
        return self._signing("root")

    def ledger(self) -> bytes:
        """Return the ledger key."""
        return self._signing("ledger")

    def ledgers(self) -> Sequence[bytes]:
        """Return the ledger keys, the newest first."""
        return [self.ledger(), *self.earlier.get("ledger", [])]

    def transports(self) -> Sequence[bytes]:
        """Return the transport keys, the newest first."""
        return [self.transport(), *self.earlier.get("transport", [])]

    def renew(self, name: str) -> None:
        """Make a new ledger or transport key; the one before stays here."""
        made = self.suite.generate_kem if name == "transport" else self.suite.generate_signing
        old = self.transport() if name == "transport" else self.ledger()
        self.earlier.setdefault(name, []).insert(0, old)
        self.keys[name] = made()

    def transport(self) -> bytes:
        """Return the transport key."""
        if "transport" not in self.keys:
            self.keys["transport"] = self.suite.generate_kem()
        return self.keys["transport"]

    def office(self, office: Office, epoch: int) -> bytes:
        """Return the key of an office's epoch."""
        name = f"office {office} {epoch}"
        if name not in self.keys:
            self.keys[name] = self.suite.generate_kem()
        return self.keys[name]

    def storage(self, office: Office | Party) -> bytes:
        """Return a storage key."""
        return self.keys.setdefault(f"storage {office}", self.suite.generate_key())

    def person(self, person: str) -> bytes:
        """Return a person's approval key."""
        return self._signing(f"person {person}")


@dataclass
class Hand:
    """A courier that carries by hand, at once, unless told otherwise."""

    nodes: Mapping[Party, Node]
    sender: Party

    def send(self, peer: Party, path: str, body: bytes) -> bytes:
        """Carry a pouch to the other node and its answer back."""
        if peer not in self.nodes:
            raise Unavailable("unavailable.peer", "no such node")
        if path == REPLICA:
            return answer_replica(self.nodes[peer], self.sender, body)
        assert path == "/v1/pouch"
        return receive(self.nodes[peer], self.sender, body)


@dataclass
class Pair:
    """Seoul and Tokyo."""

    clock: TurnedClock
    nodes: dict[Party, Node]
    text: Digest = Digest("")

    @property
    def seoul(self) -> Node:
        """Return Korea's node."""
        return self.nodes[KOR]

    @property
    def tokyo(self) -> Node:
        """Return Japan's node."""
        return self.nodes[JPN]

    def carry(self, *, rounds: int = 12) -> None:
        """Carry until both sides have nothing more to say."""
        for _ in range(rounds):
            said = [
                outgoing.exchange(node, peer, Hand(self.nodes, party), heartbeat=False)
                for party, peer, node in (
                    (KOR, JPN, self.seoul),
                    (JPN, KOR, self.tokyo),
                )
            ]
            assert all(one.word in (Word.COSIGNED, Word.ELSEWHERE) for one in said)
            if not any(one.more for one in said) and not any(
                outgoing.next_pouch(node, peer) for node, peer in self.links()
            ):
                return
        raise AssertionError("the two nodes do not come to rest")

    def links(self) -> tuple[tuple[Node, Party], ...]:
        """Return each node with its counterpart."""
        return (self.seoul, JPN), (self.tokyo, KOR)


PERSONS = {
    KOR: {
        "kim": ("KOR/KDIA", (Role.DESK,)),
        "park": ("KOR/KDIA", (Role.RELEASING,)),
        "choi": ("KOR/REGISTRY", (Role.REGISTRY,)),
        "han": ("KOR/KDIA", (Role.CUSTODIAN,)),
        "minister-kor": ("KOR/MND", (Role.SIGNATORY, Role.OFFICIAL)),
    },
    JPN: {
        "sato": ("JPN/DIH", (Role.DESK, Role.OFFICIAL)),
        "tanaka": ("JPN/DIH", (Role.RELEASING,)),
        "suzuki": ("JPN/REGISTRY", (Role.REGISTRY,)),
        "ito": ("JPN/DIH", (Role.CUSTODIAN,)),
        "mori": ("JPN/MOD", (Role.DESIGNATING,)),
        "abe": ("JPN/DIH", (Role.OFFICIAL,)),
        "minister-jpn": ("JPN/MOD", (Role.SIGNATORY, Role.OFFICIAL)),
    },
    USA: {
        "adams": ("USA/DIA", (Role.DESK, Role.OFFICIAL)),
        "baker": ("USA/DIA", (Role.RELEASING,)),
        "clark": ("USA/REGISTRY", (Role.REGISTRY,)),
        "davis": ("USA/DIA", (Role.CUSTODIAN,)),
        "minister-usa": ("USA/DOD", (Role.SIGNATORY, Role.OFFICIAL)),
    },
}

OFFICES = {
    KOR: ("KOR/KDIA", "KOR/MND", "KOR/REGISTRY"),
    JPN: ("JPN/DIH", "JPN/MOD", "JPN/REGISTRY"),
    USA: ("USA/DIA", "USA/DOD", "USA/REGISTRY"),
}


def text_of(name: str) -> bytes:
    """Return a text that ships with comity."""
    return files("comity.agreement").joinpath("texts").joinpath(name).read_bytes()


def gsomia(name: str = "KOR-JPN-GSOMIA-2016") -> bytes:
    """Return the bundle of an agreement as it ships: the one of 2016 unless said otherwise."""
    folder = files("comity.agreement").joinpath("texts").joinpath(name)
    found = {one.name: one.read_bytes() for one in folder.iterdir()}
    translations = {
        name.split(".")[1]: raw
        for name, raw in found.items()
        if name.startswith("agreement.") and name.count(".") == 2
    }
    return bundle_bytes(found["agreement.md"], found.get("cases.toml", b""), translations)


def house(party: Party, *, suite: Suite, clock: TurnedClock, store: Store | None = None) -> Node:
    """Return a house with its profile adopted and its persons entered."""
    node = Node(
        party=party,
        registry=Office(f"{party}/REGISTRY"),
        suite=suite,
        store=MemoryStore() if store is None else store,
        vault=HeldVault(suite),
        clock=clock,
    )
    setup.adopt_profile(node, text_of(f"profile-{party}.md"), actor=ADMIN)
    for person in (ADMIN, ADMIN2):
        people.add_person(
            node,
            person,
            name=person,
            office=node.registry,
            roles=(Role.ADMINISTRATOR,),
            key=None,
            actor=ADMIN,
        )
    for name, (office, roles) in PERSONS[party].items():
        people.add_person(
            node,
            PersonId(name),
            name=name,
            office=Office(office),
            roles=roles,
            key=suite.signing_public(node.vault.person(name)),
            actor=ADMIN,
        )
    return node


def pair(
    *, suite: Suite = FAST, stores: Mapping[Party, Store] | None = None, start: Instant = START
) -> Pair:
    """Return two houses that know nothing of each other yet."""
    clock = TurnedClock(start)
    kept = stores or {}
    return Pair(
        clock,
        {
            party: house(party, suite=suite, clock=clock, store=kept.get(party))
            for party in (KOR, JPN)
        },
    )


def where(party: Party) -> setup.Address:
    """Return the address of a node that is not on any network."""
    return setup.Address(address=f"{party.lower()}.invalid:443", certificate=b"none")


def epochs(party: Party, at: Instant) -> list[tuple[Office, int, Instant]]:
    """Return the first epoch of every office."""
    return [(Office(office), 1, plus_seconds(at, -60)) for office in OFFICES[party]]


def enrol(two: Pair) -> None:
    """Exchange enrolment files and enter the comparison on both sides."""
    at = two.clock.now()
    papers = {
        node.party: setup.enrolment_file(
            node, peer, where=where(node.party), epochs=epochs(node.party, at)
        )
        for node, peer in two.links()
    }
    for node, peer in two.links():
        _, digits = setup.read_enrolment(papers[peer])
        setup.enrol(
            node,
            papers[peer],
            fingerprint=digits,
            compared_by=(ADMIN, ADMIN2),
            by=node.registry,
        )


def conclude(two: Pair, bundle: bytes | None = None) -> None:
    """Propose, sign on both sides, notify on both sides, name authorities: a text, or the 2016."""
    bundle = gsomia() if bundle is None else bundle
    two.text = digest(bundle)
    treaty.propose(two.seoul, bundle, to=JPN, by=Office("KOR/MND"), actor=PersonId("minister-kor"))
    two.carry()
    for node, peer in two.links():
        by, actor = Office(PERSONS[node.party][_minister(node)][0]), PersonId(_minister(node))
        treaty.sign(node, two.text, to=peer, by=by, actor=actor)
    two.carry()
    for node, peer in two.links():
        by, actor = Office(PERSONS[node.party][_minister(node)][0]), PersonId(_minister(node))
        treaty.notify(node, two.text, to=peer, by=by, actor=actor)
        treaty.notify_authorities(node, to=peer, by=by, actor=actor)
    two.carry()


def under_the_pact(*, suite: Suite = FAST, stores: Mapping[Party, Store] | None = None) -> Pair:
    """Return two houses with the text of 2016 in force, each with the other's word."""
    two = pair(suite=suite, stores=stores)
    enrol(two)
    two.carry()
    conclude(two)
    assure(two)
    return two


def _minister(node: Node) -> str:
    return f"minister-{node.party.lower()}"


def assure(two: Pair) -> None:
    """Tokyo and Seoul give their word for one office each."""
    words = {
        KOR: (Office("KOR/KDIA"), Level("KOR:mil-2")),
        JPN: (Office("JPN/DIH"), Level("JPN:gokuhi")),
    }
    for node, peer in two.links():
        office, level = words[node.party]
        people.assure(
            node,
            peer,
            agreement=two.text,
            article=Article("7(5)"),
            offices=(office,),
            level=level,
            until=LATER,
            by=office,
            actor=PersonId(_minister(node)),
        )
    two.carry()


def entitle(node: Node, person: str, *, level: str, subject: str | None) -> None:
    """Clear a person, who is on the list of a facility; record a need-to-know if there is one."""
    enlist(node, person)
    people.clear(
        node,
        PersonId(person),
        level=Level(level),
        since=START,
        until=LATER,
        authority=node.registry,
        actor=ADMIN,
    )
    if subject is not None:
        people.grant_need_to_know(
            node, PersonId(person), subject=Subject(subject), until=LATER, actor=ADMIN
        )


def enlist(node: Node, person: str) -> None:
    """Put a person on the list of the office's facility, for which somebody answers."""
    with node.store.reading() as tx:
        facility = found.office if (found := tx.get(PersonOf, person)) else ""
    for act, who in (("people.appoint-officer", ADMIN), ("people.enrol-on-roster", person)):
        fields = {"facility": facility, "person": who, "until": LATER}
        protecting.at_facility(node, act, fields, officer=ADMIN)


def give(  # noqa: PLR0913 - who gives what to whom
    node: Node, item: ItemOf, person: str, *, level: str, subject: str, officer: str
) -> None:
    """Number and mark a received item, and give it to a person who is entitled to it."""
    registry = PersonId(officer)
    receiving.register(node, item, officer=registry)
    receiving.re_mark(node, item, level=Level(level), officer=registry)
    entitle(node, person, level=level, subject=subject)
    receiving.assign(node, item, person=PersonId(person), officer=registry)
