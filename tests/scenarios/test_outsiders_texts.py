"""The two texts of the second trial on two nodes: written by somebody who never saw the engine.

Each is signed by both, comes into force, carries an act of its own kind, refuses a forbidden one
under its article, and what crossed is proven to a stranger.
"""

from collections.abc import Mapping

import pytest
from msgspec import structs

from comity.acts.parts import Disclosed
from comity.evidence.verify import verify
from comity.node import deciding, people, protecting, reading, receiving, releases
from comity.node.chancery import RefusedAct
from comity.node.proving import evidence_for
from comity.register.rows import Copy, DutyOf, ItemOf
from comity.seal.fingerprints import key_id
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Level, Party, Purpose, Subject
from tests.support.couple import (
    COUNTS,
    DESK,
    REGISTERS,
    RELEASES,
    Couple,
    Side,
    couple,
)
from tests.support.pair import ADMIN, LATER, START

DAY = 86400
CHE = Side(Party("CHE"), "FIELD", ("CHE:internal", "CHE:confidential", "CHE:secret"))
OSCE = Side(Party("OSCE"), "FIELD", ("OSCE:restricted", "OSCE:confidential", "OSCE:secret"))
NOR = Side(Party("NOR"), "ICE", ("NOR:confidential", "NOR:secret"))
FIN = Side(Party("FIN"), "ICE", ("FIN:confidential", "FIN:secret"))


@pytest.fixture
def field() -> Couple:
    two = couple(CHE, OSCE)
    two.conclude("CHE-OSCE-1")
    two.assure("7(b)")
    return two


@pytest.fixture
def talks() -> Couple:
    two = couple(NOR, FIN)
    two.conclude("NOR-FIN-ORAL-2")
    two.assure("4(a)")
    return two


def report(level: str) -> releases.Wish:
    return releases.Wish(
        to=OSCE.party,
        offices=(OSCE.by, OSCE.of("REGISTRY")),
        by=CHE.by,
        level=Level(level),
        subject=Subject("field.situation"),
        purpose=Purpose("field-security"),
        content=b"A made-up report.",
        title="Situation",
    )


SAID = Disclosed(
    at=plus_seconds(START, -DAY), level_said=True, attendees=2, cleared=True, needed=True
)


def told(form: Form = Form.ORAL) -> releases.Wish:
    return releases.Wish(
        to=FIN.party,
        offices=(FIN.by,),
        by=NOR.by,
        level=Level("NOR:confidential"),
        subject=Subject("ice"),
        purpose=Purpose("safety-at-sea"),
        content=b"",
        title="Drift",
        form=form,
        disclosed=SAID,
        lines=("Attended: two officers of the ice service.", "Points: drift."),
    )


def crossed(two: Couple, own: Side, other: Side, wish: releases.Wish) -> ItemOf:
    """Lay, decide, carry; return the item as the other side has it."""
    laid = releases.lay_before(two.nodes[own.party], wish, drafter=DESK)
    entered = deciding.approve(two.nodes[own.party], [laid.deed], authority=RELEASES)
    two.carry()
    with two.nodes[other.party].store.reading() as tx:
        return receiving.find_item(tx, own.party, entered[0].entry.deed.item.reference)


def articles(refusal: pytest.ExceptionInfo[RefusedAct]) -> set[tuple[str, str]]:
    """Return what stands in the way: under which article, and why."""
    return {(one.article, one.reason.code) for one in refusal.value.assessment.objections}


def refused(two: Couple, own: Side, wish: releases.Wish) -> set[tuple[str, str]]:
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.nodes[own.party], wish, drafter=DESK)
    return articles(refusal)


def received(two: Couple, side: Side, item: ItemOf, level: str) -> None:
    node = two.nodes[side.party]
    receiving.register(node, item, officer=REGISTERS)
    receiving.re_mark(node, item, level=Level(level), officer=REGISTERS)


def roots(two: Couple) -> Mapping[Party, Digest]:
    return {
        party: key_id(node.suite.signing_public(node.vault.root()))
        for party, node in two.nodes.items()
    }


def proven(two: Couple, item: ItemOf) -> None:
    """Both houses prove what crossed, to who knows nothing but the two roots."""
    for node in two.nodes.values():
        raw = evidence_for(node, item)
        assert verify(node.suite, raw, roots=roots(two)).confirmed
        assert not verify(node.suite, raw, roots={}).confirmed


def test_restricted_is_read_by_who_is_briefed_and_what_is_above_is_not(field: Couple) -> None:
    osce = field.nodes[OSCE.party]
    item = crossed(field, CHE, OSCE, report("CHE:internal"))
    received(field, OSCE, item, "OSCE:restricted")
    people.grant_need_to_know(
        osce, DESK, subject=Subject("field.situation"), until=LATER, actor=ADMIN
    )
    with pytest.raises(RefusedAct) as refusal:
        receiving.assign(osce, item, person=DESK, officer=REGISTERS)
    assert articles(refusal) == {("7(a)", "access.not-cleared")}
    protecting.at_facility(osce, "people.brief", {"person": DESK}, officer=ADMIN)
    receiving.assign(osce, item, person=DESK, officer=REGISTERS)
    read = reading.read(osce, item, person=DESK)
    assert (read.content, read.particulars.title) == (b"A made-up report.", "Situation")
    # A briefing is enough for RESTRICTED alone.
    above = crossed(field, CHE, OSCE, report("CHE:confidential"))
    received(field, OSCE, above, "OSCE:confidential")
    with pytest.raises(RefusedAct) as refusal:
        receiving.assign(osce, above, person=DESK, officer=REGISTERS)
    assert articles(refusal) == {("7(a)", "access.not-cleared")}
    # CONFIDENTIAL needs a receipt of each office, in ten working days; RESTRICTED none.
    with field.nodes[CHE.party].store.reading() as tx:
        owed = {key: list(tx.within(DutyOf, key)) for key in (item.key, above.key)}
    signed = [(one.article, one.due) for one in owed[above.key] if one.what == "delivery.receipt"]
    assert signed == [("8(b)", plus_seconds(START, 14 * DAY))] * 2
    # What stands on the list is accounted for, whichever way it was decided.
    assert {(one.what, one.article) for one in owed[item.key]} == {("custody.state", "5")}
    proven(field, item)
    proven(field, above)


def test_secret_does_not_go_by_wire_to_the_organisation(field: Couple) -> None:
    found = refused(field, CHE, report("CHE:secret"))
    assert found == {("4(a)", "equivalence.above-electronic-cap")}
    elsewhere = structs.replace(report("CHE:internal"), offices=(OSCE.by,))
    assert refused(field, CHE, elsewhere) == {("3", "authorities.registry")}


def test_what_is_told_is_recorded_confirmed_and_kept_in_minutes(talks: Couple) -> None:
    item, fin = crossed(talks, NOR, FIN, told()), talks.nodes[FIN.party]
    assert (item.form, item.ciphertext) == ("oral", "")
    received(talks, FIN, item, "FIN:confidential")
    receiving.receipt(fin, item, custodian=COUNTS)
    talks.carry()
    for node in talks.nodes.values():
        with node.store.reading() as tx:
            owed = {one.what: bool(one.discharged) for one in tx.within(DutyOf, item.key)}
            assert owed["delivery.receipt"]
            assert tx.within(Copy, item.key) == ()
    with pytest.raises(Refused) as nothing:
        reading.opened(fin, item, holder=FIN.by)
    assert nothing.value.code == "refused.item.shown"
    minutes = {"number": "FIN-M-1", "level": "FIN:confidential", "pages": 1}
    with pytest.raises(RefusedAct) as refusal:
        protecting.protect(
            fin, item, "register.extract", {**minutes, "level": "FIN:secret"}, officer=COUNTS
        )
    assert articles(refusal) == {("5(b)", "extract.level")}
    protecting.protect(fin, item, "register.extract", minutes, officer=COUNTS)
    proven(talks, item)


def test_nothing_is_handed_over_at_a_consultation_and_nothing_goes_unrecorded(
    talks: Couple,
) -> None:
    # Whoever would hand minutes over, as a file or by hand, hears under which article it is not.
    for content in (b"Minutes.", b""):
        paper = structs.replace(told(Form.DOCUMENTARY), content=content)
        assert ("2", "scope.form") in refused(talks, NOR, paper)
    wire = structs.replace(told(Form.ELECTRONIC), content=b"Minutes.")
    assert ("2", "scope.form") in refused(talks, NOR, wire)
    recording = structs.replace(told(), content=b"A recording.")
    with pytest.raises(Refused, match=r"refused\.release\.shown"):
        releases.lay_before(talks.nodes[NOR.party], recording, drafter=DESK)
    unsaid = structs.replace(told(), disclosed=structs.replace(SAID, level_said=False))
    assert refused(talks, NOR, unsaid) == {("5(a)", "disclosure.level-unsaid")}
    unchecked = structs.replace(told(Form.VISUAL), disclosed=structs.replace(SAID, cleared=False))
    assert refused(talks, NOR, unchecked) == {("5(a)", "disclosure.unchecked")}
