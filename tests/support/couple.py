"""Two houses of any name, under any text: a pair whose parties, offices and levels are told."""

from dataclasses import dataclass
from pathlib import Path

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.agreement.text import bundle_bytes
from comity.node import outgoing, people, setup, treaty
from comity.node.node import Node
from comity.node.outgoing import Progress
from comity.store.memory import MemoryStore
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Article, Level, Office, Party, PersonId
from tests.support.fast_suite import FAST
from tests.support.pair import ADMIN, ADMIN2, LATER, START, Hand, HeldVault, TurnedClock, where

FOLDER = Path(__file__).parents[1] / "agreements"

PROFILE = """# National profile, for a trial

```toml profile
party = "{party}"
zone = "UTC"
working_days = [1, 2, 3, 4, 5]
holidays = []
registry = "{party}/REGISTRY"
clearances = [{levels}]
procedure = ["signature"]

[[offices]]
office = "{party}/{office}"
names = {{ en = "The office" }}
since = "2000-01-01T00:00:00.000Z"

[[offices]]
office = "{party}/REGISTRY"
names = {{ en = "The registry" }}
since = "2000-01-01T00:00:00.000Z"
registry = true

[[delegations]]
office = "{party}/{office}"
levels = [{levels}]
to = ["{other}"]
approvals = 1
```
"""


@dataclass(frozen=True)
class Side:
    """One party of a trial: its office beside the registry, its levels, its persons' names."""

    party: Party
    office: str
    levels: tuple[str, ...]

    def of(self, office: str) -> Office:
        """Return one of its offices."""
        return Office(f"{self.party}/{office}")

    @property
    def by(self) -> Office:
        """Return the office that is no registry."""
        return self.of(self.office)


def bundle(name: str) -> bytes:
    """Return the bundle of an agreement of the trial."""
    found = {one.name: one.read_bytes() for one in (FOLDER / name).iterdir()}
    translations = {
        one.split(".")[1]: raw
        for one, raw in found.items()
        if one.startswith("agreement.") and one.count(".") == 2
    }
    return bundle_bytes(found["agreement.md"], found["cases.toml"], translations)


DESK, RELEASES, REGISTERS, SIGNS, COUNTS = (
    PersonId("desk"),
    PersonId("releasing"),
    PersonId("registrar"),
    PersonId("signatory"),
    PersonId("custodian"),
)


def _house(side: Side, other: Party, clock: TurnedClock) -> Node:
    node = Node(
        party=side.party,
        registry=side.of("REGISTRY"),
        suite=FAST,
        store=MemoryStore(),
        vault=HeldVault(FAST),
        clock=clock,
    )
    levels = ", ".join(f'"{one}"' for one in side.levels)
    text = PROFILE.format(party=side.party, office=side.office, other=other, levels=levels)
    setup.adopt_profile(node, text.encode(), actor=ADMIN)
    persons = {
        DESK: (side.by, (Role.DESK, Role.OFFICIAL)),
        RELEASES: (side.by, (Role.RELEASING,)),
        REGISTERS: (side.of("REGISTRY"), (Role.REGISTRY,)),
        COUNTS: (side.by, (Role.CUSTODIAN,)),
        SIGNS: (side.by, (Role.SIGNATORY, Role.OFFICIAL)),
    }
    for person in (ADMIN, ADMIN2):
        people.add_person(node, person, name=person, office=node.registry,
                          roles=(Role.ADMINISTRATOR,), key=None, actor=ADMIN)  # fmt: skip
    for person, (office, roles) in persons.items():
        key = FAST.signing_public(node.vault.person(person))
        people.add_person(node, person, name=person, office=office, roles=roles, key=key,
                          actor=ADMIN)  # fmt: skip
    return node


@dataclass
class Couple:
    """Two houses of a trial, and what lies between them."""

    clock: TurnedClock
    first: Side
    second: Side
    nodes: dict[Party, Node]
    text: Digest = Digest("")

    def links(self) -> tuple[tuple[Node, Side, Side], ...]:
        """Return each node with its own side and the other."""
        one, two = self.first, self.second
        return (self.nodes[one.party], one, two), (self.nodes[two.party], two, one)

    def carry(self) -> None:
        """Carry until both sides have nothing more to say."""
        for _ in range(12):
            said: list[Progress] = [
                outgoing.exchange(node, other.party, Hand(self.nodes, own.party), heartbeat=False)
                for node, own, other in self.links()
            ]
            waiting = [outgoing.next_pouch(node, other.party) for node, _, other in self.links()]
            if not any(one.more for one in said) and not any(waiting):
                return
        raise AssertionError("the two nodes do not come to rest")

    def conclude(self, name: str) -> None:
        """Propose, sign and notify a text of the trial on both sides, and name authorities."""
        raw = bundle(name)
        self.text = digest(raw)
        node, own, other = self.links()[0]
        treaty.propose(node, raw, to=other.party, by=own.by, actor=SIGNS)
        self.carry()
        for node, own, other in self.links():
            treaty.sign(node, self.text, to=other.party, by=own.by, actor=SIGNS)
        self.carry()
        for node, own, other in self.links():
            treaty.notify(node, self.text, to=other.party, by=own.by, actor=SIGNS)
            treaty.notify_authorities(node, to=other.party, by=own.by, actor=SIGNS)
        self.carry()

    def assure(self, article: str) -> None:
        """Give the word of each side for its office, up to the highest of its levels."""
        for node, own, other in self.links():
            people.assure(
                node,
                other.party,
                agreement=self.text,
                article=Article(article),
                offices=(own.by,),
                level=Level(own.levels[-1]),
                until=LATER,
                by=own.by,
                actor=SIGNS,
            )
        self.carry()


def couple(first: Side, second: Side, *, start: Instant = START) -> Couple:
    """Return two houses that have compared their fingerprints."""
    clock = TurnedClock(start)
    two = Couple(clock, first, second, {
        first.party: _house(first, second.party, clock),
        second.party: _house(second, first.party, clock),
    })  # fmt: skip
    papers = {
        own.party: setup.enrolment_file(
            node,
            other.party,
            where=where(own.party),
            epochs=[
                (office, 1, plus_seconds(start, -60)) for office in (own.by, own.of("REGISTRY"))
            ],
        )
        for node, own, other in two.links()
    }
    for node, _, other in two.links():
        _, digits = setup.read_enrolment(papers[other.party])
        setup.enrol(node, papers[other.party], fingerprint=digits, compared_by=(ADMIN, ADMIN2),
                    by=node.registry)  # fmt: skip
    two.carry()
    return two
