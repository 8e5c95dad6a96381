"""Supplementary arrangements: concluded where the text allows them, and resting on it."""

import pytest

from comity.acts.canonical import digest
from comity.agreement.text import bundle_bytes, open_bundle
from comity.evidence.verify import verify
from comity.node import deciding, releases, supplements, treaty
from comity.node.chancery import RefusedAct
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf, key_of
from comity.seal.fingerprints import key_id
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, PersonId
from tests.scenarios.test_crossing import KIM, PARK, wish
from tests.support.pair import JPN, KOR, Pair, assure, conclude, enrol, gsomia, pair

SHIPPED = open_bundle(gsomia())
TERMS = 'type = "supplementary"\nallowed = true\n'
CASE = """
[[case]]
article = "5"
says = "A report goes to Tokyo as before"
act = { kind = "release.release", by = "KOR/KDIA", to = "JPN", offices = ["JPN/DIH"] }
given = {}
expect = { verdict = "lawful" }
"""


def with_terms(terms: str, *, default: str = "", identifier: str = "KOR-JPN-GSOMIA") -> bytes:
    """Return the text of 2016 with other terms for its Article 5."""
    source = SHIPPED.source.replace(TERMS, f"{terms}\n", 1)
    source = source.replace('id = "KOR-JPN-GSOMIA"', f'id = "{identifier}"', 1)
    cases = SHIPPED.cases.replace("[default]\n", f"[default]\n{default}\n", 1)
    return bundle_bytes(source.encode(), (cases + CASE).encode(), {})


def child_of(parent: bytes) -> bytes:
    text = digest(parent)
    on = f'[{{ id = "KOR-JPN-GSOMIA", text = "{text}", between = ["KOR", "JPN"] }}]'
    return with_terms(
        f'type = "depends-on"\non = {on}',
        default=f'parents = {{ "{text}" = "in-force" }}',
        identifier="KOR-JPN-SUPPLEMENT",
    )


def houses(parent: bytes) -> Pair:
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, parent)
    return two


def propose(two: Pair, bundle: bytes):
    return treaty.propose(
        two.seoul, bundle, to=JPN, by=Office("KOR/MND"), actor=PersonId("minister-kor")
    )


@pytest.mark.obligation("GSOMIA-5-1")
def test_where_the_text_allows_none_nobody_proposes_or_signs_one() -> None:
    parent = with_terms('type = "supplementary"\nallowed = false')
    two = houses(parent)
    with pytest.raises(Refused, match=r"treaty\.supplementary"):
        propose(two, child_of(parent))
    with two.seoul.store.reading() as tx:
        assert len(supplements.tree(KOR, treaty.known(two.seoul, tx))) == 1


@pytest.mark.obligation("GSOMIA-5-1")
@pytest.mark.parametrize("allowed", [False, True])
def test_one_that_was_proposed_before_its_parent_was_known_is_not_signed(*, allowed: bool) -> None:
    parent = with_terms(f'type = "supplementary"\nallowed = {str(allowed).lower()}')
    two, child = pair(), child_of(parent)
    enrol(two)
    two.carry()
    propose(two, child)
    two.carry()
    conclude(two, parent)
    for node, peer, by in ((two.seoul, JPN, "KOR/MND"), (two.tokyo, KOR, "JPN/MOFA")):
        actor = PersonId(f"minister-{node.party.lower()}")
        if allowed:
            assert treaty.sign(node, digest(child), to=peer, by=Office(by), actor=actor)
            continue
        with pytest.raises(Refused, match="KOR-JPN-GSOMIA, Article 5, allows no supplementary"):
            treaty.sign(node, digest(child), to=peer, by=Office(by), actor=actor)


@pytest.mark.obligation("GSOMIA-5-1")
def test_an_arrangement_stands_below_what_it_rests_on() -> None:
    parent = gsomia()
    two = houses(parent)
    conclude(two, child_of(parent))
    for node in two.nodes.values():
        with node.store.reading() as tx:
            (told,) = supplements.tree(node.party, treaty.known(node, tx))
        (below,) = told["below"]
        assert (told["id"], below["id"]) == ("KOR-JPN-GSOMIA", "KOR-JPN-SUPPLEMENT")
        assert below["views"] == {"KOR": "in-force", "JPN": "in-force"}
        assert (below["rests_on"], below["falls_with"]) == (["KOR-JPN-GSOMIA"], [])


def released(two: Pair, under: bytes) -> ItemOf:
    """Release an assessment from Seoul to Tokyo under a text, and carry it."""
    laid = releases.lay_before(two.seoul, wish(agreement=digest(under)), drafter=KIM)
    (entered,) = deciding.approve(two.seoul, [laid.deed], authority=PARK)
    two.carry()
    with two.tokyo.store.reading() as tx:
        found = tx.get(ItemOf, key_of(entered.position))
    assert found is not None
    return found


def test_nothing_is_provided_before_the_arrangement_that_comes_first_is_in_force() -> None:
    awaits = 'by = "later-of-two-notes"\narrangement_first = ["KOR-JPN-SUPPLEMENT"]'
    source = SHIPPED.source.replace('by = "later-of-two-notes"', awaits, 1)
    parent = bundle_bytes(source.encode(), (SHIPPED.cases + CASE).encode(), {})
    two = houses(parent)
    assure(two)
    with pytest.raises(RefusedAct, match=r"no-arrangement"):
        released(two, parent)
    minister = PersonId("minister-kor")
    treaty.propose(two.seoul, child_of(parent), to=JPN, by=Office("KOR/MND"), actor=minister)
    two.carry()
    with pytest.raises(RefusedAct, match=r"no-arrangement"):
        released(two, parent)  # proposed is not in force
    two = houses(parent)
    assure(two)
    conclude(two, child_of(parent))
    item = released(two, parent)
    roots = {
        node.party: key_id(node.suite.signing_public(node.vault.root())) for node, _ in two.links()
    }
    for node, _ in two.links():
        # The arrangement's instruments are in the file: a stranger judges the same.
        assert verify(two.seoul.suite, evidence_for(node, item), roots=roots).confirmed
