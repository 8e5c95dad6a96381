"""Two agreements that were written with the documents in hand: they are files, and they run.

One between a state and an international organisation, one for what is only spoken and shown.
No line of the program knows of them.
"""

import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest

import comity
from comity.acts.judgements import Outcome
from comity.agreement.cases import run_cases
from comity.agreement.check import check
from comity.agreement.scenarios import parse_cases
from comity.agreement.text import open_bundle
from comity.node import deciding, protecting, reading, receiving, releases, treaty
from comity.node.chancery import RefusedAct
from comity.register.rows import Copy, DutyOf, ItemOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Level, Party, Purpose, Subject
from tests.support.couple import (
    COUNTS,
    DESK,
    FOLDER,
    REGISTERS,
    RELEASES,
    SIGNS,
    Couple,
    Side,
    bundle,
    couple,
)

NAMES = sorted(one.name for one in FOLDER.iterdir() if one.is_dir())
DAY = 86400


def test_they_were_written_and_no_code_knows_them() -> None:
    assert NAMES == ["AAA-BBB-TALKS-1", "CHE-OSCE-1", "NOR-FIN-ORAL-2", "NOR-POLAR-1"]
    source = Path(comity.__file__).parent
    assert not [
        path
        for path in source.rglob("*")
        if path.suffix in (".py", ".toml", ".md")
        and re.search(r"POLAR|BBB-TALKS|OSCE|FIN-ORAL", path.read_text())
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_case_holds_and_the_second_reading_finds_nothing(name: str) -> None:
    agreement = open_bundle(bundle(name))
    assert [one for one in run_cases(agreement) if not one.passed] == []
    assert check(agreement) == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_article_has_five_cases_good_and_bad(name: str) -> None:
    agreement = open_bundle(bundle(name))
    lawful: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for one in parse_cases(agreement.cases):
        (lawful if one.expect.verdict is Outcome.LAWFUL else other)[one.article.split("(")[0]] += 1
    articles = {one.article.split("(")[0] for one in agreement.clauses}
    assert lawful.keys() | other.keys() == articles
    assert min((lawful + other).values()) >= 5
    assert articles == lawful.keys() == other.keys()


NOR = Side(Party("NOR"), "ICE", ("NOR:begrenset", "NOR:konfidensielt", "NOR:hemmelig"))
POLAR = Side(Party("POLAR"), "ICE", ("POLAR:restricted", "POLAR:confidential", "POLAR:secret"))


def duties(two: Couple, side: Side) -> dict[str, bool]:
    """Return what a house knows to be owed, and whether it is discharged."""
    with two.nodes[side.party].store.reading() as tx:
        return {
            f"{one.who} {one.what}": bool(one.discharged) for one in tx.page(DutyOf, limit=1000)
        }


@pytest.fixture
def observers() -> Couple:
    two = couple(NOR, POLAR)
    two.conclude("NOR-POLAR-1")
    two.assure("5(2)")
    return two


def survey(two: Couple) -> None:
    """The State's surveyors come and see, as the text asks before anything is given."""
    host, guest = two.nodes[POLAR.party], two.nodes[NOR.party]
    begins, ends = "2026-11-25T09:00:00.000Z", "2026-11-26T09:00:00.000Z"
    asked = protecting.towards(
        guest,
        POLAR.party,
        "visit.request",
        {
            "facility": POLAR.by,
            "begins": begins,
            "ends": ends,
            "level": "POLAR:secret",
            "visitors": 2,
            "emergency": False,
            "recurring": False,
            "survey": True,
        },
        officer=SIGNS,
    )
    two.carry()
    about = {"log": asked.position.log, "index": asked.position.index}
    let = protecting.towards(
        host, NOR.party, "visit.approve", {"about": about, "level": "POLAR:secret"}, officer=SIGNS
    )
    two.carry()
    about = {"log": let.position.log, "index": let.position.index}
    protecting.towards(
        guest,
        POLAR.party,
        "visit.done",
        {"about": about, "level": "POLAR:secret", "disclosed": 0},
        officer=SIGNS,
    )
    two.carry()


def wish(own: Side, other: Side, level: str, **more: object) -> releases.Wish:
    return releases.Wish(
        to=other.party,
        offices=more.pop("offices", (other.by,)),  # type: ignore[arg-type]
        by=own.by,
        level=Level(level),
        subject=Subject(str(more.pop("subject", "ice.drift"))),
        purpose=Purpose(str(more.pop("purpose", "safety.shipping"))),
        content=b"" if more.get("form") or not more.get("sent", True) else b"A made-up forecast.",
        title="Forecast",
        **more,  # type: ignore[arg-type]
    )


def given(two: Couple, own: Side, other: Side, what: releases.Wish) -> ItemOf:
    """Lay, decide, carry; return the item as the other side has it."""
    laid = releases.lay_before(two.nodes[own.party], what, drafter=DESK)
    entered = deciding.approve(two.nodes[own.party], [laid.deed], authority=RELEASES)
    two.carry()
    with two.nodes[other.party].store.reading() as tx:
        return receiving.find_item(tx, own.party, entered[0].entry.deed.item.reference)


def copies(two: Couple, side: Side, item: ItemOf) -> list[str]:
    with two.nodes[side.party].store.reading() as tx:
        return [one.state for one in tx.within(Copy, item.key)]


def refused(two: Couple, own: Side, what: releases.Wish) -> str:
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.nodes[own.party], what, drafter=DESK)
    return refusal.value.code


LAPSED = "entry-into-force.lapsed"


def objected(two: Couple, own: Side, what: releases.Wish) -> set[str]:
    """Return all that stands in the way: after half a year directories have ended as well."""
    under = msgspec.structs.replace(what, agreement=two.text)
    with pytest.raises(RefusedAct) as refusal:
        releases.lay_before(two.nodes[own.party], under, drafter=DESK)
    return {one.reason.code for one in refusal.value.assessment.objections}


BOTH = (POLAR.of("REGISTRY"), POLAR.by)


def test_nothing_is_given_before_the_survey_and_nothing_past_the_registry(
    observers: Couple,
) -> None:
    what = wish(NOR, POLAR, "NOR:hemmelig", offices=BOTH)
    assert refused(observers, NOR, what) == "refused.entry-into-force.no-visit"
    survey(observers)
    assert (
        refused(observers, NOR, wish(NOR, POLAR, "NOR:hemmelig")) == "refused.authorities.registry"
    )
    assert given(observers, NOR, POLAR, what).level == "NOR:hemmelig"


def test_a_report_is_given_receipted_destroyed_and_certified(observers: Couple) -> None:
    survey(observers)
    item = given(observers, NOR, POLAR, wish(NOR, POLAR, "NOR:konfidensielt", offices=BOTH))
    polar = observers.nodes[POLAR.party]
    assert duties(observers, NOR)["POLAR delivery.receipt"] is False
    receiving.register(polar, item, officer=REGISTERS)
    receiving.re_mark(polar, item, level=Level("POLAR:confidential"), officer=REGISTERS)
    receiving.receipt(polar, item, custodian=COUNTS)
    copy = item.offices.index(POLAR.by) + 1
    destroyed = {"copy": copy, "method": "shred", "witnesses": 1, "emergency": False}
    with pytest.raises(RefusedAct) as refusal:
        protecting.protect(
            polar, item, "register.destroy", {**destroyed, "method": "pulp"}, officer=COUNTS
        )
    assert refusal.value.code == "refused.disposition.method"
    protecting.protect(polar, item, "register.destroy", destroyed, officer=COUNTS)
    assert duties(observers, POLAR)["POLAR delivery.certificate"] is False
    certified = {"copies": [copy], "method": "shred", "witnesses": 1, "emergency": False}
    protecting.protect(polar, item, "delivery.certificate", certified, officer=COUNTS)
    observers.carry()
    assert copies(observers, POLAR, item)[copy - 1] == "destroyed"
    assert duties(observers, POLAR)["POLAR delivery.certificate"] is True


def test_restricted_may_go_by_post_and_what_is_above_may_not(observers: Couple) -> None:
    survey(observers)
    by_post = wish(NOR, POLAR, "NOR:begrenset", offices=BOTH, sent=False, form=Form.DOCUMENTARY)
    item = given(observers, NOR, POLAR, by_post)
    assert item.ciphertext == ""
    # It is accountable as any other: there are copies, and a registry that numbers them.
    assert copies(observers, POLAR, item) == ["in-transit", "in-transit"]
    receiving.register(observers.nodes[POLAR.party], item, officer=REGISTERS)
    above = wish(NOR, POLAR, "NOR:hemmelig", offices=BOTH, sent=False, form=Form.DOCUMENTARY)
    assert refused(observers, NOR, above) == "refused.transmission.unsealed"
    # RESTRICTED needs no receipt.
    assert "POLAR delivery.receipt" not in duties(observers, NOR)


def test_a_change_of_law_is_consulted_on(observers: Couple) -> None:
    nor, polar = observers.nodes[NOR.party], observers.nodes[POLAR.party]
    told = treaty.instrument(
        nor,
        "treaty.law-change",
        {"text": observers.text, "on": "2026-11-20"},
        to=POLAR.party,
        by=NOR.by,
        actor=SIGNS,
        document=b"A made-up act.",
    )
    observers.carry()
    owed = [name for name in duties(observers, POLAR) if name == "POLAR dispute.consult"]
    assert owed == ["POLAR dispute.consult"]
    about = {"log": told.position.log, "index": told.position.index}
    protecting.towards(polar, NOR.party, "dispute.consult", {"about": about}, officer=SIGNS)
    observers.carry()
    assert duties(observers, POLAR)["POLAR dispute.consult"] is True
    with pytest.raises(RefusedAct) as refusal:
        protecting.towards(polar, NOR.party, "dispute.settle", {"about": about}, officer=SIGNS)
    assert refusal.value.code == "refused.dispute.not-raised"


def test_six_months_notice_ends_the_giving_and_not_the_protecting(observers: Couple) -> None:
    survey(observers)
    item = given(observers, NOR, POLAR, wish(NOR, POLAR, "NOR:konfidensielt", offices=BOTH))
    treaty.instrument(
        observers.nodes[NOR.party],
        "treaty.give-notice",
        {"text": observers.text, "channel": "written", "on": "2026-11-24"},
        to=POLAR.party,
        by=NOR.by,
        actor=SIGNS,
    )
    observers.carry()
    # Given on 24 November: it ends on 24 May, by the calendar and not after 180 days.
    what = wish(NOR, POLAR, "NOR:konfidensielt", offices=BOTH)
    observers.clock.turn(180 * DAY)
    assert LAPSED not in objected(observers, NOR, what)
    observers.clock.turn(2 * DAY)
    assert observers.clock.now().startswith("2027-05-25")
    assert LAPSED in objected(observers, NOR, what)
    assert receiving.register(observers.nodes[POLAR.party], item, officer=REGISTERS)


AAA = Side(Party("AAA"), "TREASURY", ("AAA:confidential",))
BBB = Side(Party("BBB"), "TREASURY", ("BBB:closed",))
BUDGET = {"subject": "budget.plan", "purpose": "talks"}


@pytest.fixture
def talks() -> Couple:
    two = couple(AAA, BBB)
    two.conclude("AAA-BBB-TALKS-1")
    return two


def told(two: Couple, form: Form = Form.ORAL) -> ItemOf:
    what = wish(AAA, BBB, "AAA:confidential", form=form, **BUDGET)
    return given(two, AAA, BBB, what)


@pytest.mark.parametrize("form", [Form.ORAL, Form.VISUAL])
def test_what_is_told_is_entered_heard_and_confirmed_and_leaves_no_copy(
    talks: Couple, form: Form
) -> None:
    item, bbb = told(talks, form), talks.nodes[BBB.party]
    assert (item.form, item.ciphertext) == (form.value, "")
    receiving.register(bbb, item, officer=REGISTERS)
    receiving.re_mark(bbb, item, level=Level("BBB:closed"), officer=REGISTERS)
    receiving.receipt(bbb, item, custodian=COUNTS)
    talks.carry()
    assert duties(talks, AAA)["BBB delivery.receipt"] is True
    for side in (AAA, BBB):
        assert copies(talks, side, item) == []
    with pytest.raises(Refused) as nothing:
        reading.opened(bbb, item, holder=BBB.by)
    assert nothing.value.code == "refused.item.shown"
    made = {"copy": 1, "number": 2, "reason": "need"}
    with pytest.raises(RefusedAct) as refusal:
        protecting.protect(bbb, item, "register.reproduce", made, officer=COUNTS)
    assert refusal.value.code == "refused.reproduction.not-held"


def test_nothing_is_handed_over_and_nothing_is_sent(talks: Couple) -> None:
    sealed = wish(AAA, BBB, "AAA:confidential", form=Form.ORAL, **BUDGET)
    sealed = msgspec.structs.replace(sealed, content=b"A recording.")
    with pytest.raises(Refused) as refusal:
        releases.lay_before(talks.nodes[AAA.party], sealed, drafter=DESK)
    assert refusal.value.code == "refused.release.shown"
    paper = wish(AAA, BBB, "AAA:confidential", form=Form.DOCUMENTARY, **BUDGET)
    assert refused(talks, AAA, paper) == "refused.scope.form"


def test_a_months_notice_ends_the_talks_with_their_term(talks: Couple) -> None:
    item = told(talks)
    talks.clock.turn(300 * DAY)
    talks.carry()
    treaty.instrument(
        talks.nodes[AAA.party],
        "treaty.give-notice",
        {"text": talks.text, "channel": "diplomatic", "on": "2027-09-20"},
        to=BBB.party,
        by=AAA.by,
        actor=SIGNS,
    )
    talks.carry()
    what = wish(AAA, BBB, "AAA:confidential", form=Form.ORAL, **BUDGET)
    talks.clock.turn(430 * DAY)
    assert LAPSED not in objected(talks, AAA, what)
    talks.clock.turn(1 * DAY)
    assert LAPSED in objected(talks, AAA, what)
    assert receiving.register(talks.nodes[BBB.party], item, officer=REGISTERS)
