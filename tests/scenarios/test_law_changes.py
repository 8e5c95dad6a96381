"""Article 3: the law in force is asked for and told; a change is told, consulted on, looked at."""

import pytest

from comity.acts.canonical import digest
from comity.node import lived, protecting, receiving, replay, treaty, views
from comity.node.chancery import RefusedAct
from comity.node.ports import Space
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Level, PersonId
from tests.scenarios.test_instruments import MINISTER, act, provide
from tests.support.pair import JPN, KOR, Pair, under_the_pact

ALWAYS = Instant("9999-12-31T00:00:00.000Z")
DAY = 86400
LAW = "第一条 特定秘密の保護に関する定め (a fictional text).".encode()


@pytest.fixture
def houses() -> Pair:
    return under_the_pact()


def about(entered) -> dict:
    return {"about": {"log": entered.position.log, "index": entered.position.index}}


def owed(houses: Pair, who, *whats: str) -> dict[str, str]:
    node = houses.nodes[who]
    with node.store.reading() as tx:
        found = views.duties(tx, node.clock.now())
    return {f"{one['who']} {one['what']}": one["state"] for one in found if one["what"] in whats}


def told(houses: Pair, kind: str, document: bytes | None = None, **fields):
    entered = treaty.instrument(
        houses.tokyo,
        f"treaty.{kind}",
        {"text": houses.text, **fields},
        to=KOR,
        by=office_of(JPN),
        actor=MINISTER[JPN],
        document=document,
    )
    houses.carry()
    return entered


def office_of(who):
    return {KOR: "KOR/MND", JPN: "JPN/MOD"}[who]


@pytest.mark.obligation("GSOMIA-3-1")
def test_who_is_asked_says_which_law_is_in_force_and_the_document_comes_with_it(houses) -> None:
    asked = act(houses, KOR, "ask-law", text=houses.text)
    houses.carry()
    assert owed(houses, JPN, "treaty.state-law") == {"JPN treaty.state-law": "open"}
    houses.clock.turn(31 * DAY)
    assert owed(houses, KOR, "treaty.state-law") == {"JPN treaty.state-law": "overdue"}
    told(houses, "state-law", LAW, **about(asked))
    for who in (KOR, JPN):
        assert owed(houses, who, "treaty.state-law") == {}
    with houses.seoul.store.reading() as tx:
        assert tx.load(Space.DOCUMENT, digest(LAW)) == LAW
        found = lived.records(houses.seoul, tx, AgreementId("KOR-JPN-GSOMIA"))
    assert [(one.party, one.event, one.note) for one in found if one.event.startswith("law")] == [
        ("KOR", "law-asked", ""),
        ("JPN", "law-stated", LAW.decode()),
    ]
    with pytest.raises(RefusedAct, match="not-asked"):
        told(houses, "state-law", LAW, **about(told(houses, "law-change", on="2026-11-24")))


@pytest.mark.obligation("GSOMIA-3-2")
def test_a_change_of_law_is_told_consulted_on_and_the_text_looked_at_by_both(houses) -> None:
    provided = provide(houses)
    houses.carry()
    change = told(houses, "law-change", LAW, on="2026-11-24")
    assert "law-change.told" in {one.reason.code for one in change.assessment.findings}
    flagged = {"JPN treaty.revalidate": "open", "KOR treaty.revalidate": "open"}
    for who in (KOR, JPN):
        assert owed(houses, who, "treaty.revalidate", "dispute.consult") == {
            **flagged,
            "KOR dispute.consult": "open",
        }
    # Meanwhile what was provided is protected as before, and more may be provided.
    with houses.tokyo.store.reading() as tx:
        item = receiving.find_item(tx, KOR, provided.entry.deed.item.reference)
    receiving.register(houses.tokyo, item, officer=PersonId("suzuki"))
    receiving.re_mark(houses.tokyo, item, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    provide(houses)

    protecting.towards(houses.seoul, JPN, "dispute.consult", about(change), officer=MINISTER[KOR])
    act(houses, KOR, "revalidate", text=houses.text, holds=True, **about(change))
    houses.carry()
    assert owed(houses, JPN, "treaty.revalidate", "dispute.consult") == {
        "JPN treaty.revalidate": "open"
    }
    told(houses, "revalidate", holds=True, **about(change))
    for who in (KOR, JPN):
        assert owed(houses, who, "treaty.revalidate", "dispute.consult") == {}
        assert replay.rebuild(houses.nodes[who]).differences == ()


def test_nothing_is_looked_at_again_without_a_change_that_was_told(houses) -> None:
    asked = act(houses, KOR, "ask-law", text=houses.text)
    houses.carry()
    with pytest.raises(RefusedAct, match="not-told"):
        told(houses, "revalidate", holds=True, **about(asked))


def test_a_document_that_is_too_large_is_sent_another_way(houses) -> None:
    with pytest.raises(Refused, match="too-large"):
        told(houses, "law-change", bytes((4 << 20) + 1), on="2026-11-24")


def test_the_document_is_named_by_its_digest(houses) -> None:
    change = told(houses, "law-change", LAW, on="2026-11-24")
    assert change.entry.deed.document == Digest(digest(LAW))
