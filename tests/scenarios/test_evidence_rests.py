"""An evidence file holds what a release rests on: visits, reports with their results, texts."""

import pytest
from msgspec import structs

from comity.acts.canonical import encode
from comity.acts.deeds import kind_of
from comity.acts.entries import decode_entry
from comity.evidence.bundle import decode_evidence
from comity.evidence.verify import Verified, verify
from comity.node import protecting
from comity.node.chancery import RefusedAct
from comity.node.proving import evidence_for
from comity.register.rows import ItemOf
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.seal.suite import Suite
from comity.vocabulary.errors import Invalid
from tests.scenarios.test_protection_seen import (
    CONTROLS,
    SUZUKI,
    about,
    houses,
    in_tokyo,
    release,
    visited,
    word_of,
)
from tests.scenarios.test_supplements import child_of
from tests.scenarios.test_supplements import released as released_under
from tests.second_verifier.verify import judge
from tests.support.fast_suite import FAST
from tests.support.pair import Pair, assure, conclude, enrol, gsomia, pair

INSPECTED = 'controls = ["two-persons", "vault"]\nsurveyed = "2026-06-01T00:00:00.000Z"'
VISITED = (
    'by = "later-of-two-notes"',
    'by = "later-of-two-notes"\nvisit_first = true',
)
SUSPENDS = (
    'content = ["facts", "measures"]',
    'content = ["facts", "measures"]\nsuspend = "until-results"',
)
VISIT = ["visit.request", "visit.approve", "visit.done"]


def proven(two: Pair, item: ItemOf) -> Verified:
    """Return what both houses' files of an item prove; the second verifier believes them too."""
    suite = two.seoul.suite
    roots = {
        node.party: key_id(suite.signing_public(node.vault.root())) for node in two.nodes.values()
    }
    files = {evidence_for(node, item) for node in two.nodes.values()}
    for raw in files:
        assert verify(suite, raw, roots=roots).confirmed
        assert suite is FAST or judge(raw, dict(roots)) == (0, "proven (no clause was judged)")
    return verify(suite, files.pop(), roots=roots)


def kinds(told: Verified, heading: str) -> list[str]:
    """Return the acts of a heading that a file proves."""
    return [one.kind for one in told.statements if one.kind.startswith(heading)]


def without(two: Pair, item: ItemOf, heading: str) -> bytes:
    """Return the file of an item with all leaves of a heading left out."""
    file = decode_evidence(evidence_for(two.tokyo, item))
    logs = tuple(
        structs.replace(
            log,
            leaves=tuple(
                one
                for one in log.leaves
                if not kind_of(decode_entry(one.leaf).deed).startswith(heading)
            ),
        )
        for log in file.logs
    )
    return encode(structs.replace(file, logs=logs))


@pytest.mark.parametrize("suite", [FAST, REAL])
def test_the_visit_that_a_release_waits_for_is_in_its_evidence(suite: Suite) -> None:
    two = houses(CONTROLS, VISITED, given=INSPECTED, suite=suite)
    word_of(two, "two-persons", "vault")
    visited(two)
    first = in_tokyo(two, release(two))
    assert kinds(proven(two, first), "visit") == VISIT
    # A later visit shows the first item: what the second release rests on names it.
    visited(two, first)
    second = in_tokyo(two, release(two))
    told = proven(two, second)
    assert kinds(told, "visit") == VISIT + VISIT
    assert kinds(told, "release") == ["release.release"] * 2
    # It shows if the visit is left out: the two nodes judged with it.
    with pytest.raises(Invalid, match=r"evidence\.(judgement|unlawful)"):
        verify(suite, without(two, second, "visit"), roots={})


def test_no_visit_is_in_the_evidence_where_the_text_asks_for_none() -> None:
    two = houses()
    assure(two)
    visited(two)
    assert kinds(proven(two, in_tokyo(two, release(two))), "visit") == []


@pytest.mark.parametrize("suite", [FAST, REAL])
def test_a_report_that_stopped_releases_is_in_the_evidence_with_its_results(suite: Suite) -> None:
    two = houses(SUSPENDS, suite=suite)
    assure(two)
    lost = in_tokyo(two, release(two))
    told = {"suspected": True, "copies": [1], "discovered": two.clock.now()}
    report = protecting.protect(two.tokyo, lost, "incident.report", told, officer=SUZUKI)
    two.carry()
    with pytest.raises(RefusedAct, match=r"incident\.open"):
        release(two)
    inquiry = {**about(report), "joint": False}
    protecting.protect(two.tokyo, lost, "incident.investigate", inquiry, officer=SUZUKI)
    found = {**about(report), "stated": ["facts", "measures"]}
    protecting.protect(two.tokyo, lost, "incident.results", found, officer=SUZUKI)
    two.carry()
    item = in_tokyo(two, release(two))
    assert kinds(proven(two, item), "incident") == ["incident.report", "incident.results"]
    # Before the report nothing was open, and nothing of it is in the file.
    assert kinds(proven(two, lost), "incident") == []


def test_a_word_given_under_another_text_is_in_the_evidence_with_that_text() -> None:
    parent = gsomia()
    two = pair()
    enrol(two)
    two.carry()
    conclude(two, parent)
    conclude(two, child_of(parent))
    assure(two)  # under the arrangement
    assert len(kinds(proven(two, released_under(two, parent)), "treaty.propose")) == 2
