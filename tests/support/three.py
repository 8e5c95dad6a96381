"""Three houses in one process: Seoul, Tokyo and Washington, each pair under its own pact."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.exchange.answers import Word
from comity.node import outgoing, people, setup, treaty
from comity.node.node import Node
from comity.node.ports import Store
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Article, Level, Office, Party, PersonId
from tests.support.fast_suite import FAST
from tests.support.pair import (
    ADMIN,
    ADMIN2,
    JPN,
    KOR,
    LATER,
    PERSONS,
    USA,
    Hand,
    TurnedClock,
    epochs,
    gsomia,
    house,
    text_of,
    where,
)

TEXTS = {
    (KOR, JPN): ("KOR-JPN-GSOMIA-2016", "7(5)"),
    (USA, JPN): ("USA-JPN-GSOMIA-2007", "7"),
    (USA, KOR): ("USA-KOR-GSOMIA-1987", "5"),
}
WORDS = {
    KOR: (Office("KOR/KDIA"), Level("KOR:mil-2")),
    JPN: (Office("JPN/DIH"), Level("JPN:gokuhi")),
    USA: (Office("USA/DIA"), Level("USA:secret")),
}
ALL = ((KOR, JPN), (USA, JPN), (USA, KOR))


@dataclass
class Three:
    """Three houses and the links that they have."""

    clock: TurnedClock
    nodes: dict[Party, Node]
    links: tuple[tuple[Party, Party], ...] = ALL
    texts: dict[tuple[Party, Party], Digest] = field(default_factory=dict)

    def ways(self) -> tuple[tuple[Party, Party], ...]:
        """Return each party with each of its counterparts."""
        return tuple(way for one, other in self.links for way in ((one, other), (other, one)))

    def carry(self, *, rounds: int = 30) -> None:
        """Carry on every link until nobody has anything more to say."""
        for _ in range(rounds):
            for party, peer in self.ways():
                said = outgoing.exchange(self.nodes[party], peer, Hand(self.nodes, party))
                assert said.word in (Word.COSIGNED, Word.ELSEWHERE)
            if not any(outgoing.next_pouch(self.nodes[one], peer) for one, peer in self.ways()):
                return
        raise AssertionError("the three nodes do not come to rest")

    def beat(self) -> None:
        """Let every house hear every counterpart once more."""
        for party, peer in self.ways():
            outgoing.exchange(self.nodes[party], peer, Hand(self.nodes, party), heartbeat=True)


def three(
    *,
    suite: Suite = FAST,
    stores: Mapping[Party, Store] | None = None,
    links: tuple[tuple[Party, Party], ...] = ALL,
    approvals: int = 1,
    bundles: Mapping[tuple[Party, Party], bytes] | None = None,
) -> Three:
    """Return three houses under their pacts: enrolled, concluded, assured.

    Of a link in ``bundles`` the pact is that one.

    With two ``approvals`` Tokyo's profile asks for two persons for what it passes on.
    """
    clock = TurnedClock()
    kept = stores or {}
    found = Three(
        clock,
        {
            party: house(party, suite=suite, clock=clock, store=kept.get(party))
            for party in (KOR, JPN, USA)
        },
        links,
    )
    _second_person(found.nodes[JPN], approvals)
    for one, other in links:
        enrol(found, one, other)
    found.carry()
    for one, other in links:
        name, _ = TEXTS[(one, other)]
        _conclude(found, one, other, (bundles or {}).get((one, other)) or gsomia(name))
    return found


def _second_person(tokyo: Node, approvals: int) -> None:
    people.add_person(
        tokyo,
        PersonId("okada"),
        name="okada",
        office=Office("JPN/DIH"),
        roles=(Role.RELEASING,),
        key=tokyo.suite.signing_public(tokyo.vault.person("okada")),
        actor=ADMIN,
    )
    if approvals > 1:
        before, after = text_of("profile-JPN.md").rsplit(b"approvals = 1", 1)
        profile = before + f"approvals = {approvals}".encode() + after
        setup.adopt_profile(tokyo, profile, actor=ADMIN)


def two_decide(seoul: Node) -> None:
    """Seoul has a second authority, and from now on two persons decide there."""
    lee = PersonId("lee")
    people.add_person(
        seoul,
        lee,
        name="lee",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=seoul.suite.signing_public(seoul.vault.person(lee)),
        actor=ADMIN,
    )
    at = seoul.clock.now()
    setup.publish_directory(seoul, JPN, where=where(KOR), epochs=epochs(KOR, at))
    profile = text_of("profile-KOR.md").replace(b"approvals = 1", b"approvals = 2")
    setup.adopt_profile(seoul, profile, actor=ADMIN)


def enrol(found: Three, one: Party, other: Party) -> None:
    """Enrol two houses with each other, the fingerprints compared by two persons each."""
    at = found.clock.now()
    papers = {
        party: setup.enrolment_file(
            found.nodes[party], peer, where=where(party), epochs=epochs(party, at)
        )
        for party, peer in ((one, other), (other, one))
    }
    for party, peer in ((one, other), (other, one)):
        node = found.nodes[party]
        _, digits = setup.read_enrolment(papers[peer])
        setup.enrol(
            node,
            papers[peer],
            fingerprint=digits,
            compared_by=(ADMIN, ADMIN2),
            by=node.registry,
        )


def _conclude(found: Three, one: Party, other: Party, bundle: bytes) -> None:
    _, article = TEXTS[(one, other)]
    text = found.texts[(one, other)] = digest(bundle)
    minister, by = _minister(one)
    treaty.propose(found.nodes[one], bundle, to=other, by=by, actor=minister)
    found.carry()
    for party, peer in ((one, other), (other, one)):
        minister, by = _minister(party)
        treaty.sign(found.nodes[party], text, to=peer, by=by, actor=minister)
    found.carry()
    for party, peer in ((one, other), (other, one)):
        minister, by = _minister(party)
        node = found.nodes[party]
        treaty.notify(node, text, to=peer, by=by, actor=minister)
        treaty.notify_authorities(node, to=peer, by=by, actor=minister)
    found.carry()
    for party, peer in ((one, other), (other, one)):
        office, level = WORDS[party]
        people.assure(
            found.nodes[party],
            peer,
            agreement=text,
            article=Article(article),
            offices=(office,),
            level=level,
            until=LATER,
            by=office,
            actor=_minister(party)[0],
        )
    found.carry()


def _minister(party: Party) -> tuple[PersonId, Office]:
    name = f"minister-{party.lower()}"
    return PersonId(name), Office(PERSONS[party][name][0])
