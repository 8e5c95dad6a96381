"""Three houses, a courier that fails, crashes at every commit: consents, onward, withdrawals.

A copy goes to a contractor, an item is lowered, a request is withdrawn.
"""

import random
from collections import Counter
from functools import lru_cache
from typing import Any

import msgspec

from comity.acts.deeds import Extent, Precondition, Uses
from comity.agreement.text import bundle_bytes, open_bundle
from comity.exchange.answers import Word, decode_answer
from comity.node import (
    consents,
    deciding,
    granting,
    outgoing,
    passing,
    protecting,
    receiving,
    releases,
    replay,
    requests,
    setup,
    treaty,
)
from comity.node.chancery import RefusedAct
from comity.node.incoming import receive
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import (
    Assignment,
    ConsentOf,
    ConsentUse,
    Holding,
    ItemOf,
    ReceiptOf,
    RefusedByPeer,
    RequestOf,
    position_of,
)
from comity.seal.real import REAL
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds, seconds_between
from comity.vocabulary.logs import correspondence, journal
from comity.vocabulary.names import (
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
    Subject,
)
from tests.scenarios.test_onward import approved, received
from tests.simulation import book, history, leaving
from tests.simulation.world import Crash
from tests.support.fast_suite import FAST, seeded
from tests.support.pair import (
    AUS,
    JPN,
    KOR,
    START,
    USA,
    HeldVault,
    TurnedClock,
    entitle,
    epochs,
    gsomia,
    where,
)
from tests.support.three import Three, three, two_decide

PARK, LEE, SATO, TANAKA = (PersonId(one) for one in ("park", "lee", "sato", "tanaka"))
WARNING, PLANNING = Purpose("defence.missile-warning"), Purpose("defence.planning")
SUZUKI, ITO = PersonId("suzuki"), PersonId("ito")
PARTIES = (KOR, JPN, USA)
KESTREL = consents.Terms(uses=Uses.CONTRACTOR, contractor=Reference("KESTREL"), times=2)
LOWER = consents.Terms(uses=Uses.LOWERING, level=Level("KOR:mil-3"))
MET = [one.value for one in Precondition]


LONG_AGO = Instant("2025-06-01T00:00:00.000Z")
"""An inspection of a contractor that is too old at the beginning of any schedule."""

LAST_HOUR = Instant("2027-11-23T14:00:00.000Z")
"""An hour before the midnight in Seoul with which the first term of 2016 ends for these houses."""


OVER = frozenset({"ground.agreement.none", "entry-into-force.lapsed"})
"""What is said of an act under a text that has ended: here no other text is ever missing."""


def _with_veto() -> bytes:
    """Return the text of 2016, but that the originator approves each contractor as well."""
    shipped = open_bundle(gsomia())
    conditions = "inspected_days = 366"
    source = shipped.source.replace(conditions, f"{conditions}\nveto = true", 1)
    before, mark, after = shipped.cases.partition("# --- Article 16 ")
    of_16, next_, rest = after.partition("# --- Article 17 ")
    of_16 = of_16.replace('verdict = "lawful"', 'verdict = "lawful-once-remedied"')
    cases = before + mark + of_16 + next_ + rest
    return bundle_bytes(source.encode(), cases.encode(), {})


WITHOUT = tuple(
    f"{one}.{why}" for one in ("contractor", "regrading") for why in ("approval", "consent-")
)
"""What is said of a contractor or a lower level for which no consent holds."""


@lru_cache(maxsize=6)
def _base(suite: Suite, approvals: int, *, ending: bool) -> tuple[Three, ItemOf, ItemOf]:
    """Return three houses in which Tokyo holds an item of Seoul's, and consents of three kinds.

    It holds another one, with a consent for a contractor that ends within seconds.

    Tokyo's profile asks for one or two persons for what goes on, and Seoul's for its consents.
    Where it is two Seoul approves each contractor, too; where it is one the text is as shipped.
    Where it is ending, Tokyo gave notice of the text with Seoul long ago, and its term is over
    within the hour. Made once: every schedule begins with a copy.
    """
    bundles = {(KOR, JPN): _with_veto()} if approvals > 1 else {}
    houses = three(suite=suite, approvals=approvals, bundles=bundles)
    if ending:
        _give_notice(houses)
    entitle(houses.nodes[JPN], "sato", level="JPN:gokuhi", subject="dprk.missile")
    item, spare = received(houses), received(houses)
    if approvals > 1:
        two_decide(houses.nodes[KOR])
        houses.carry()
    for one in (item, spare):
        receiving.receipt(houses.nodes[JPN], one, custodian=ITO)
    onward = consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, times=2)
    for terms in (onward, KESTREL, LOWER):
        approved(houses, item, terms, by=(PARK, LEE)[:approvals])
    short = msgspec.structs.replace(KESTREL, until=plus_seconds(houses.clock.now(), 20))
    approved(houses, spare, short, by=(PARK, LEE)[:approvals])
    return houses, item, spare


def _give_notice(houses: Three) -> None:
    """Tokyo ends the text with Seoul; a year goes by, in which keys are announced anew."""
    treaty.instrument(
        houses.nodes[JPN],
        "treaty.give-notice",
        {"text": houses.texts[KOR, JPN], "channel": "diplomatic", "on": "2026-11-24"},
        to=KOR,
        by=Office("JPN/MOD"),
        actor=PersonId("minister-jpn"),
    )
    houses.carry()
    houses.clock.turn(seconds_between(houses.clock.now(), LAST_HOUR))
    houses.beat()
    for party, peer in houses.ways():
        node = houses.nodes[party]
        setup.publish_directory(node, peer, where=where(party), epochs=epochs(party, LAST_HOUR))
    houses.carry()


REACHED = (
    "crashes",
    "lost",
    "released",
    "onward",
    "withdrawn",
    "renewed",
    "over",
    "handed",
    "lowered",
    "held back",
    "called off",
)
"""What happens in schedules: among it that a contractor or a lower level is refused a consent."""


class ThreeWorld:
    """Seoul, Tokyo and Washington, and everything that can go wrong between and inside them."""

    def __init__(self, seed: int) -> None:
        """Begin with a copy of the houses: one seed in fifty with the real algorithms."""
        self.random = random.Random(seed)
        real = seed % 50 == 7
        self.approvals = 1 if real else 1 + seed % 2
        ending = seed % 3 == 2
        self.keyed = LAST_HOUR if ending else START
        base, self.item, self.spare = _base(REAL if real else FAST, self.approvals, ending=ending)
        self.clock = TurnedClock(base.clock.at)
        if ending:
            # A schedule takes some forty seconds, and hours where nothing is under way.
            self.clock.turn(3600 - self.random.random() * 60)
        suite = REAL if real else seeded(seed.to_bytes(8, "big"))
        self.nodes = {
            party: Node(
                party=party,
                registry=node.registry,
                suite=suite,
                store=node.store.clone(),  # type: ignore[attr-defined]
                vault=HeldVault(suite, dict(node.vault.keys)),  # type: ignore[attr-defined]
                clock=self.clock,
            )
            for party, node in base.nodes.items()
        }
        self.ways = base.ways()
        self.vetoes = {str(base.texts[KOR, JPN])} if self.approvals > 1 else set[str]()
        self.letters: list[tuple[Party, Party, bytes, Any, bool]] = []
        self.crash_rate = self.random.choice((0.0, 0.02, 0.1))
        self.loss = self.random.choice((0.0, 0.1, 0.3))
        self.cut_off: set[frozenset[Party]] = set()
        self.promised: dict[tuple[Party, str], int] = {}
        self.reached = dict.fromkeys(REACHED, 0)
        for node in self.nodes.values():
            node.store.on_commit = self._maybe_crash  # type: ignore[attr-defined]

    def _maybe_crash(self, moment: str) -> None:
        if self.random.random() < self.crash_rate:
            self.reached["crashes"] += 1
            raise Crash(moment)

    def run(self, steps: int) -> None:
        """Take a number of steps, then heal, then check everything."""
        for _ in range(steps):
            self.clock.turn(self.random.random() * 2)
            acts = (
                self.send,
                self.deliver,
                self.seoul,
                self.tokyo,
                self.using,
                self.asking,
                self.weather,
                self.renew,
            )
            act = self.random.choices(acts, (8, 10, 5, 7, 4, 3, 1, 1))[0]
            try:
                act()
            except Crash:
                self._restart()
            except RefusedAct as refusal:
                codes = {one.reason.code for one in refusal.assessment.objections}
                self.reached["over"] += bool(codes & OVER)
                self.reached["held back"] += any(one.startswith(WITHOUT) for one in codes)
            except (Refused, Unavailable):
                continue
        self._heal()
        self._check()

    def _restart(self) -> None:
        """Begin anew from what is kept; what was acknowledged before is there after (V9)."""
        for party, old in list(self.nodes.items()):
            self.nodes[party] = Node(
                party=party,
                registry=old.registry,
                suite=old.suite,
                store=old.store,
                vault=old.vault,
                clock=self.clock,
            )
        for (holder, log), size in self.promised.items():
            with self.nodes[holder].store.reading() as tx:
                kept = tx.frontier(log).size  # type: ignore[arg-type]
            history.require(kept >= size, "V9", f"{holder} acknowledged {size} of {log}")

    # --- the line --------------------------------------------------------------------------

    def send(self) -> None:
        """Put the next pouch of some link on its way."""
        party, peer = self.random.choice(self.ways)
        sent = outgoing.next_pouch(self.nodes[party], peer, heartbeat=self.random.random() < 0.3)
        if sent is not None:
            self._post(party, peer, sent.wire, sent, answer=False)

    def _post(self, party: Party, peer: Party, body: bytes, sent: Any, *, answer: bool) -> None:
        if frozenset({party, peer}) in self.cut_off or self.random.random() < self.loss:
            self.reached["lost"] += 1
            return
        for _ in range(2 if self.random.random() < 0.15 else 1):
            self.letters.append((party, peer, body, sent, answer))

    def deliver(self) -> None:
        """Let some letter arrive, in whatever order: late, early, twice."""
        if not self.letters:
            return
        at = 0 if self.random.random() < 0.6 else self.random.randrange(len(self.letters))
        party, peer, body, sent, answer = self.letters.pop(at)
        if answer:
            outgoing.took(self.nodes[peer], party, sent, body)
            return
        said = receive(self.nodes[peer], party, body)
        word = decode_answer(said)
        if word.word is Word.COSIGNED:
            key = (peer, str(word.log))
            self.promised[key] = max(self.promised.get(key, 0), sent.new)
        self._post(peer, party, said, sent, answer=True)

    def weather(self) -> None:
        """Cut a link off, mend it, let hours pass."""
        link = frozenset(self.random.choice(self.ways))
        self.cut_off ^= {link}
        if not self.letters:
            self.clock.turn(self.random.choice((60, 3600, 6 * 3600)))

    def renew(self) -> None:
        """Make new keys at some house, and announce them on some of its links."""
        party = self.random.choice(PARTIES)
        node = self.nodes[party]
        for kind in ("ledger", "transport"):
            if self.random.random() < 0.5:
                node.vault.renew(kind)  # type: ignore[attr-defined]
        for one, peer in self.ways:
            if one == party and self.random.random() < 0.7:
                keys = epochs(party, self.keyed)
                setup.publish_directory(node, peer, where=where(party), epochs=keys)
        self.reached["renewed"] += 1

    # --- what people do --------------------------------------------------------------------

    def seoul(self) -> None:
        """Seoul releases; grants, refuses, takes back what it granted."""
        node = self.nodes[KOR]
        views = consents.listed(node)
        asks = [one.ask for one in views if one.state == "asked" and one.ask]
        grants = [one.consent for one in views if one.state == "granted" and one.consent]
        chance = self.random.random()
        if asks and chance < 0.8:
            person = self.random.choice((PARK, LEE)) if self.approvals > 1 else PARK
            question = self.random.choice(asks)
            if self.random.random() < 0.85:
                granting.grant(node, question, authority=person)
            else:
                consents.refuse(node, question, authority=PARK)
        elif grants and chance < 0.4:
            consents.withdraw(node, self.random.choice(grants), authority=PARK)
            self.reached["withdrawn"] += 1
        else:
            wish = releases.Wish(
                to=JPN,
                offices=(Office("JPN/DIH"),),
                by=Office("KOR/KDIA"),
                level=Level(self.random.choice(("KOR:mil-2", "KOR:mil-3"))),
                subject=Subject("dprk.missile.launch"),
                purpose=WARNING,
                content=self.random.randbytes(self.random.randrange(1, 200)),
                title="Fictional",
            )
            # An authority may draft, but what it drafted another one has to approve.
            drafter = PARK if self.random.random() < 0.15 else PersonId("kim")
            laid = releases.lay_before(node, wish, drafter=drafter)
            # Sometimes one alone decides where two are asked for: it waits.
            for person in (PARK, LEE)[: self.random.randint(1, self.approvals)]:
                if deciding.approve(node, [laid.deed], authority=person):
                    self.reached["released"] += 1

    def tokyo(self) -> None:
        """Tokyo takes in what came, asks for consents, passes on, acknowledges."""
        node = self.nodes[JPN]
        with node.store.reading() as tx:
            items = tx.within(ItemOf, correspondence(KOR, JPN))
            item = self.item if self.random.random() < 0.5 else self.random.choice(items)
            held = tx.get(Holding, item.key)
            mine = any(one.person == SATO for one in tx.within(Assignment, item.key))
            signed = tx.within(ReceiptOf, item.key)
        if held is None:
            receiving.register(node, item, officer=SUZUKI)
        elif not held.level:
            level = "JPN:gokuhi" if item.level == "KOR:mil-2" else "JPN:hi"
            receiving.re_mark(node, item, level=Level(level), officer=SUZUKI)
        elif not mine:
            receiving.assign(node, item, person=SATO, officer=SUZUKI)
        elif not signed:
            receiving.receipt(node, item, custodian=ITO)
        elif self.random.random() < 0.35:
            self._ask(node, item)
        else:
            self._pass_on(node, item)

    def _ask(self, node: Node, item: ItemOf) -> None:
        terms = self.random.choice(
            (
                consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA),
                consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, times=2),
                consents.Terms(uses=Uses.THIRD_PARTY, third_party=AUS),
                consents.Terms(uses=Uses.PURPOSE, purpose=PLANNING),
                KESTREL,
                LOWER,
            )
        )
        if self.random.random() < 0.3:
            soon = plus_seconds(self.clock.now(), self.random.randrange(5, 30))
            terms = msgspec.structs.replace(terms, until=soon)
        consents.ask(node, item, terms, officer=SATO)

    def _pass_on(self, node: Node, item: ItemOf) -> None:
        purpose = self.random.choice((WARNING, WARNING, PLANNING))
        offices = (Office("USA/DIA"),)
        wish = passing.wish(node, item, to=USA, offices=offices, person=SATO, purpose=purpose)
        laid = releases.lay_before(node, wish, drafter=SATO)
        persons = [TANAKA, PersonId("okada")]
        self.random.shuffle(persons)
        for person in persons[: self.random.choice((1, 2))]:
            if deciding.approve(node, [laid.deed], authority=person):
                self.reached["onward"] += 1
                break

    def using(self) -> None:
        """Tokyo gives a copy to a contractor, lowers an item, or marks it anew.

        It cites a consent that may be over, or of another item, or for another use; or none.
        """
        node = self.nodes[JPN]
        with node.store.reading() as tx:
            items = tx.within(ItemOf, correspondence(KOR, JPN))
            item = self.random.choice((self.item, self.item, self.spare, *items))
            granted = tx.page(ConsentOf, limit=1000)
        act = self.random.choice(("contractor", "contractor", "lowering", "lowering", "mark"))
        if act == "mark":
            level = Level(self.random.choice(("JPN:gokuhi", "JPN:hi")))
            receiving.re_mark(node, item, level=level, officer=SUZUKI)
            return
        fitting = [one for one in granted if one.scope == item.key and one.uses == act]
        alike = [one for one in granted if one.uses == act]
        chosen = self.random.choice((fitting, fitting, fitting, fitting, alike, alike, granted, ()))
        cited: dict[str, Any] = {}
        if chosen:
            cited["approval"] = msgspec.to_builtins(position_of(self.random.choice(chosen).key))
        if act == "lowering":
            level = self._seldom("KOR:mil-2", else_="KOR:mil-3")
            fields = {"level": level} | cited
            protecting.protect(node, item, "register.regrade", fields, officer=SUZUKI)
            self.reached["lowered"] += 1
            return
        fields = cited | {
            "copy": self._seldom(2, else_=1),
            "contractor": self._seldom("merlin", else_="kestrel"),
            "met": self._seldom(MET[1:], else_=MET),
            "inspected": self._seldom(LONG_AGO, else_=self.clock.now()),
            "letter": True,
        }
        protecting.protect(node, item, "contractor.hand-over", fields, officer=SUZUKI)
        self.reached["handed"] += bool(cited)

    def _seldom(self, one: Any, *, else_: Any) -> Any:
        return one if self.random.random() < 0.1 else else_

    def asking(self) -> None:
        """Tokyo asks for items, or withdraws what it asked; Seoul answers, or declines.

        What Seoul took back of its consents Tokyo acknowledges first.
        """
        seoul, tokyo = self.nodes[KOR], self.nodes[JPN]
        done = [one for one in consents.listed(tokyo) if one.state == "withdrawn"]
        waiting = [one for one in done if one.consent and not one.acknowledged]
        if waiting and waiting[0].consent:
            consents.acknowledge(tokyo, waiting[0].consent, officer=SATO)
            return
        asked = self._open(tokyo)
        if asked and self.random.random() < 0.4:
            requests.withdraw(tokyo, self.random.choice(asked), officer=SATO)
            self.reached["called off"] += 1
            return
        open_ = self._open(seoul)
        if open_ and self.random.random() < 0.5:
            with seoul.store.reading() as tx:
                item = self.random.choice(tx.within(ItemOf, correspondence(KOR, JPN)))
            extent = self.random.choice((Extent.PART, Extent.FULL))
            kim = PersonId("kim")
            requests.answer(seoul, open_[0], releases=[item], extent=extent, officer=kim)
        elif open_:
            requests.decline(seoul, open_[0], officer=PersonId("kim"))
        else:
            wanted = requests.Wanted(
                to=KOR,
                offices=(Office("KOR/KDIA"),),
                subject=Subject("dprk.missile.launch"),
                purpose=WARNING,
                title="Launches",
            )
            requests.ask(tokyo, wanted, officer=SATO)

    def _open(self, node: Node) -> list[RequestOf]:
        """Return requests that are open at a house, and now and then one that has ended."""
        going = ("open", "in-part")
        views = requests.listed(node)
        ended_too = self.random.random() < 0.3
        return [one.request for one in views if ended_too or one.state in going]

    # --- the end ---------------------------------------------------------------------------

    def _heal(self) -> None:
        self.crash_rate = self.loss = 0.0
        self.cut_off.clear()
        while self.letters:
            try:
                self.deliver()
            except (Unavailable, Refused):
                continue
        houses = Three(self.clock, self.nodes, tuple(self.ways[::2]))
        houses.beat()
        houses.carry(rounds=60)

    def _check(self) -> None:
        """V4 from the leaves of every house; then the same books, folded alike."""
        gone: dict[Party, set[str]] = {}
        for party, node in self.nodes.items():
            with node.store.reading() as tx:
                raws = kept(tx)
                house = self.seen(party, raws)
                left = leaving.check_left(house, self.signature)
                ledgers = [raws[one] for one in raws if "/register/" in one]
                gone[party] = {one for leaves in ledgers for one in book.gone_of(leaves)}
                if party == JPN:
                    self._counted(tx, left)
                # A draft's content is sealed and kept from laying on; it waits, and goes nowhere.
                waiting = [Digest(row.key) for row in tx.waiting_drafts()]
                laid = {one.ciphertext for one in releases.waiting_drafts(node, tx, waiting)}
                contents = set(tx.keys(Space.CONTENT)) - laid
                leaving.check_held(house, contents, set(tx.keys(Space.KEY)))
                history.check_once(raws)
                history.check_stamps(raws)
            # V6
            history.require(not replay.rebuild(node).differences, "V6", f"{party} folds otherwise")
        for one, other in self.ways[::2]:
            logs = (correspondence(one, other), correspondence(other, one))
            with (
                self.nodes[one].store.reading() as mine,
                self.nodes[other].store.reading() as theirs,
            ):
                history.check_acknowledged(mine, theirs, logs[0], healed=True)
                history.check_acknowledged(theirs, mine, logs[1], healed=True)
                history.check_same_book(mine, theirs, logs, gone=gone[one] | gone[other])
                for party, tx in ((one, mine), (other, theirs)):
                    lines = {str(log): history.leaves_of(tx, log) for log in logs}
                    book.check_book(tx, lines, gone=gone[party])
                for log in logs:
                    refused = [*mine.within(RefusedByPeer, log), *theirs.within(RefusedByPeer, log)]
                    history.require(not refused, "V12", "a lawful act refused")

    def seen(self, party: Party, raws: dict[str, list[bytes]]) -> leaving.House:
        """Return a house as the checker of V4 sees it."""
        node = self.nodes[party]

        def document(name: str) -> bytes | None:
            with node.store.reading() as tx:
                return tx.load(Space.DOCUMENT, name)

        names = {KOR: ("park", "lee"), JPN: ("tanaka", "okada"), USA: ("baker",)}[party]
        keys = {one: node.suite.signing_public(node.vault.person(one)) for one in names}
        logs = {log: leaving.leaves_of(leaves) for log, leaves in raws.items()}
        # The first two items were given before Seoul's profile asked for two.
        first = {(KOR, JPN, one.index) for one in (self.item, self.spare)}

        def wanted(reader: str, index: int) -> int:
            return 1 if (party, reader, index) in first else self.approvals

        with node.store.reading() as tx:
            lines = leaving.leaves_of(history.leaves_of(tx, journal(party)))
        drafters = leaving.drafters_of(lines)
        return leaving.House(party, logs, document, keys, wanted, drafters, self.vetoes)

    def signature(self, public: bytes, root: bytes, signature: bytes) -> None:
        """Verify an approval's signature under a public key."""
        suite = self.nodes[KOR].suite
        try:
            suite.verify(public, type=SignatureType.APPROVAL, message=root, signature=signature)
        except Invalid as error:
            raise history.Broken("V4: an approval that nobody signed") from error

    def _counted(self, tx: Reading, left: leaving.Left) -> None:
        """What the register says went on, was handed over and lowered is what the leaves say."""
        onward = sum(one.originator != JPN for one in tx.within(ItemOf, correspondence(JPN, USA)))
        history.require(left.onward == onward, "V4", "a release is not counted")
        uses = {one.key: one.uses for one in tx.page(ConsentOf, limit=1000)}
        used = Counter(uses[one.scope] for key in uses for one in tx.within(ConsentUse, key))
        counted = (used["contractor"], used["lowering"])
        history.require(counted == (left.handed, left.lowered), "V4", "a use is not counted")


def kept(tx: Reading) -> dict[str, list[bytes]]:
    """Return the leaves of every correspondence of a house, and of its register ledgers."""
    logs = [log for log in tx.logs() if "/to/" in log or "/register/" in log]
    own = [log for log in logs if "/to/" in log or tx.frontier(log).size]
    return {str(log): history.leaves_of(tx, log) for log in own}
