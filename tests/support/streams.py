"""Seoul and Washington under the mechanism of 2023: directives and what is given under them."""

from msgspec import structs

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.agreement.text import bundle_bytes
from comity.node import deciding, directives, people, releases, setup, treaty
from comity.node.chancery import Entered
from comity.node.node import Node
from comity.register.rows import ItemOf, key_of
from comity.seal.suite import Suite
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from tests.support.fast_suite import FAST
from tests.support.pair import ADMIN, KOR, USA, epochs, gsomia, text_of, where
from tests.support.three import Three, _minister, three

KIM, PARK, LEE = PersonId("kim"), PersonId("park"), PersonId("lee")
WARNING = digest(gsomia("TRILATERAL-WARNING-2023"))
DAY = 86400


def under_the_mechanism(*, suite: Suite = FAST, persons: int = 1, stores=None) -> Three:
    """Return the two houses under the mechanism; Seoul decides by one person, or by two."""
    houses = three(suite=suite, links=((USA, KOR),), stores=stores)
    seoul = houses.nodes[KOR]
    people.add_person(
        seoul,
        LEE,
        name="lee",
        office=Office("KOR/KDIA"),
        roles=(Role.RELEASING,),
        key=seoul.suite.signing_public(seoul.vault.person("lee")),
        actor=ADMIN,
    )
    at = houses.clock.now()
    setup.publish_directory(seoul, USA, where=where(KOR), epochs=epochs(KOR, at))
    if persons > 1:
        profile = text_of("profile-KOR.md").replace(b"approvals = 1", b"approvals = 2")
        setup.adopt_profile(seoul, profile, actor=ADMIN)
    bundle = gsomia("TRILATERAL-WARNING-2023")
    minister, by = _minister(KOR)
    treaty.propose(seoul, bundle, to=USA, by=by, actor=minister)
    houses.carry()
    for party, peer in ((KOR, USA), (USA, KOR)):
        minister, by = _minister(party)
        treaty.sign(houses.nodes[party], WARNING, to=peer, by=by, actor=minister)
    houses.carry()
    return houses


def wish(houses: Three, **more: object) -> releases.Wish:
    """Return what Seoul's desk asks for: tracks of missiles, for thirty days from now."""
    now = houses.clock.now()
    standing = releases.Standing(since=now, until=plus_seconds(now, 30 * DAY), most=1000)
    made = releases.Wish(
        to=USA,
        offices=(Office("USA/DIA"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.warning"),
        purpose=Purpose("defence.missile-warning"),
        content=b"Tracks of missiles, one point a second. Fictional, on public data.",
        title="Warning tracks",
        agreement=WARNING,
        standing=standing,
    )
    changed = {name: more.pop(name) for name in ("since", "until", "most") if name in more}
    return structs.replace(made, standing=structs.replace(standing, **changed), **more)


def sign_directive(houses: Three, **more: object) -> ItemOf:
    """Lay a directive, approve it, carry it; return the stream as Seoul's register has it."""
    seoul = houses.nodes[KOR]
    laid = releases.lay_before(
        seoul, directives.beforehand(seoul, wish(houses, **more)), drafter=KIM
    )
    entered = deciding.approve(seoul, [laid.deed], authority=PARK)
    houses.carry()
    return stream(seoul, entered[0])


def stream(node: Node, entered: Entered) -> ItemOf:
    """Return the stream of a directive that was entered."""
    with node.store.reading() as tx:
        row = tx.get(ItemOf, key_of(entered.position))
    assert row is not None
    return row


WITH_STREAMS = """
```toml terms
[[clause]]
article = "1"
type = "standing-release"
subjects = ["dprk", "regional", "defence"]
directive_days = 366
```

## Article 2 """


def gsomia_with_streams_source() -> str:
    """Return the text of 2016 as if it provided for standing release in its first article."""
    source = text_of("KOR-JPN-GSOMIA-2016/agreement.md").decode()
    before, after = source.split("\n## Article 2 ", 1)
    return (before + WITH_STREAMS + after).replace('"KOR-JPN-GSOMIA"', '"KOR-JPN-STREAMS"')


def gsomia_with_streams() -> bytes:
    """Return that text as a bundle, with the cases of 2016."""
    cases = text_of("KOR-JPN-GSOMIA-2016/cases.toml")
    return bundle_bytes(gsomia_with_streams_source().encode(), cases, {})
