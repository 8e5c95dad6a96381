"""What protects before an item comes: clearances that rest on something, facilities, controls."""

import pytest

from comity.acts.canonical import digest
from comity.agreement.text import bundle_bytes, open_bundle
from comity.console.words import marking_of
from comity.node import deciding, facilities, people, protecting, receiving, releases
from comity.node.chancery import RefusedAct
from comity.node.ports import Space
from comity.printing import data
from comity.register.rows import Holding, ItemOf, Matter, key_of
from comity.seal.suite import Suite
from comity.vocabulary.names import (
    Article,
    Caveat,
    Level,
    Office,
    PersonId,
    Purpose,
    Reason,
    Subject,
)
from tests.support.fast_suite import FAST
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    LATER,
    START,
    Pair,
    assure,
    conclude,
    enrol,
    entitle,
    gsomia,
    pair,
)

DAY = 86400
SUZUKI, ITO = PersonId("suzuki"), PersonId("ito")


def houses(*changes: tuple[str, str], given: str = "", suite: Suite = FAST) -> Pair:
    """Return two houses under the text of 2016 with some of its terms changed.

    Its cases go on to hold with what ``given`` adds to the facts that they all share.
    """
    two = pair(suite=suite)
    enrol(two)
    two.carry()
    shipped = open_bundle(gsomia())
    source = shipped.source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    cases = shipped.cases.replace("[default]\n", f"[default]\n{given}\n", 1)
    conclude(two, bundle_bytes(source.encode(), cases.encode(), {}))
    return two


def release(two: Pair, **wished):
    common = {
        "to": JPN,
        "offices": (Office("JPN/DIH"),),
        "by": Office("KOR/KDIA"),
        "level": Level("KOR:mil-2"),
        "subject": Subject("dprk.missile.launch"),
        "purpose": Purpose("defence.missile-warning"),
        "content": b"A fictional assessment.",
        "title": "Launch assessment",
        "agreement": two.text,
    }
    wish = releases.Wish(**{**common, **wished})
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    return key_of(entered.position)


def in_tokyo(two: Pair, key: str) -> ItemOf:
    with two.tokyo.store.reading() as tx:
        found = tx.get(ItemOf, key)
    assert found is not None
    return found


def about(entered) -> dict:
    return {"about": {"log": entered.position.log, "index": entered.position.index}}


@pytest.mark.obligation("GSOMIA-7-3")
def test_a_clearance_counts_only_where_the_vetting_authority_says_what_it_rests_on() -> None:
    two = houses(('clearance = "own"', 'clearance = "own"\nattested = true'))
    assure(two)
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    entitle(two.tokyo, "abe", level="JPN:gokuhi", subject="dprk.missile")
    with pytest.raises(RefusedAct, match="not-cleared"):
        receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=SUZUKI)
    word = b"The decision of the vetting authority rests on all information available to it."
    people.clear(
        two.tokyo,
        PersonId("abe"),
        level=Level("JPN:gokuhi"),
        since=START,
        until=LATER,
        authority=Office("JPN/MOD"),
        actor=ADMIN,
        attestation=word,
    )
    receiving.assign(two.tokyo, item, person=PersonId("abe"), officer=SUZUKI)
    with two.tokyo.store.reading() as tx:
        assert tx.load(Space.DOCUMENT, digest(word)) == word


LIMBS = 'limbs = ["cleared", "needed", "protected"]'
CONTROLS = (
    LIMBS,
    f'{LIMBS}\ncontrols = {{ "KOR:mil-2" = ["two-persons", "vault"] }}\ninspected_days = 365',
)


def word_of(two: Pair, *controls: str) -> None:
    """Give Tokyo's word for the addressed office, with what is done to protect there."""
    people.assure(
        two.tokyo,
        KOR,
        agreement=two.text,
        article=Article("7(5)"),
        offices=(Office("JPN/DIH"),),
        level=Level("JPN:gokuhi"),
        until=LATER,
        by=Office("JPN/DIH"),
        actor=PersonId("minister-jpn"),
        controls=[Reason(one) for one in controls],
    )
    two.carry()


@pytest.mark.obligation("GSOMIA-6-b")
def test_what_is_done_to_protect_a_level_is_asserted_and_was_seen() -> None:
    two = houses(
        CONTROLS,
        given='controls = ["two-persons", "vault"]\nsurveyed = "2026-06-01T00:00:00.000Z"',
    )
    word_of(two, "vault")
    with pytest.raises(RefusedAct, match=r"assurance\.controls"):
        release(two)
    word_of(two, "vault", "two-persons", "guarded")
    with pytest.raises(RefusedAct, match=r"assurance\.not-inspected"):
        release(two)
    visited(two)
    release(two)


def visited(two: Pair, *shown: ItemOf) -> None:
    """Let Seoul see how Tokyo protects: asked for, permitted, made; these items were shown."""
    said = {
        "facility": "JPN/DIH",
        "level": "KOR:mil-2",
        "begins": "2026-11-25T00:00:00.000Z",
        "ends": "2026-11-26T00:00:00.000Z",
        "visitors": 2,
        "recurring": False,
        "emergency": False,
        "survey": True,
    }
    choi = PersonId("choi")
    asked = protecting.towards(two.seoul, JPN, "visit.request", said, officer=choi)
    two.carry()
    permitted = protecting.towards(
        two.tokyo, KOR, "visit.approve", {**about(asked), "level": "KOR:mil-2"}, officer=SUZUKI
    )
    two.carry()
    done = {**about(permitted), "level": "KOR:mil-2", "disclosed": len(shown)}
    if shown:
        done["items"] = [{"log": one.log, "index": one.index} for one in shown]
    protecting.towards(two.seoul, JPN, "visit.done", done, officer=choi)
    two.carry()


FACILITY = 'type = "facility"\nofficer = '
SENDS = (f"{FACILITY}true", f"{FACILITY}true\nsends = true")


@pytest.mark.obligation("GSOMIA-12-c")
def test_what_is_sent_leaves_from_an_accredited_system_and_only_while_it_is() -> None:
    levels = '["KOR:mil-2", "KOR:mil-3", "JPN:gokuhi", "JPN:hi", "JPN:tokutei-himitsu"]'
    two = houses(SENDS, given=f"accredited = {levels}")
    assure(two)
    with pytest.raises(RefusedAct, match=r"facility\.not-accredited"):
        release(two)
    until = "2026-11-24T01:00:00.000Z"
    protecting.at_facility(
        two.seoul,
        "people.accredit",
        {"facility": "KOR/KDIA", "level": "KOR:mil-2", "until": until},
        officer=ADMIN,
    )
    release(two)
    two.clock.turn(3600)
    two.carry()
    with pytest.raises(RefusedAct, match=r"facility\.not-accredited"):
        release(two)


@pytest.mark.obligation("GSOMIA-10-1")
def test_a_house_knows_all_its_facilities_who_answers_and_what_is_there() -> None:
    two = houses()
    assure(two)
    item = in_tokyo(two, release(two))
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    until = "2026-12-01T00:00:00.000Z"
    mori = {"facility": "JPN/MOD", "person": "mori", "until": until}
    protecting.at_facility(two.tokyo, "people.appoint-officer", mori, officer=ADMIN)
    level = {"facility": "JPN/MOD", "level": "JPN:gokuhi", "until": LATER}
    protecting.at_facility(two.tokyo, "people.accredit", level, officer=ADMIN)

    def listed() -> dict:
        with two.tokyo.store.reading() as tx:
            found = facilities.facilities(tx, JPN, now=two.clock.now())
        return {one["facility"]: one for one in found}

    # What holds an item and for which nobody was named stands there too, and lacks an officer.
    assert set(listed()) == {"JPN/DIH", "JPN/MOD"}
    assert (listed()["JPN/DIH"]["copies"], listed()["JPN/DIH"]["lacks"]) == (1, ["officer"])
    assert listed()["JPN/MOD"]["officers"] == ["mori"]
    assert listed()["JPN/MOD"]["accredited"] == ["JPN:gokuhi"]
    two.clock.turn(30 * DAY)
    assert listed()["JPN/MOD"]["lacks"] == ["officer"]
    assert listed()["JPN/MOD"]["ended"] == [
        {"what": "officer", "who": "mori", "until": until, "withdrawn": False}
    ]
    with two.seoul.store.reading() as tx:
        assert facilities.facilities(tx, KOR, now=two.clock.now()) == []


@pytest.mark.obligation("GSOMIA-6-d")
def test_a_notice_of_rights_stands_on_the_item_and_on_its_copies() -> None:
    two = houses()
    assure(two)
    item = in_tokyo(two, release(two, caveats=(Caveat("KOR:ip-notice"),)))
    assert item.caveats == ("KOR:ip-notice",)
    receiving.register(two.tokyo, item, officer=SUZUKI)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), officer=SUZUKI)
    receiving.receipt(two.tokyo, item, custodian=ITO)
    copied = {"copy": 1, "number": 2, "reason": "commercial"}
    with pytest.raises(RefusedAct, match=r"intellectual-property\.commercial"):
        protecting.protect(two.tokyo, item, "register.reproduce", copied, officer=ITO)
    protecting.protect(
        two.tokyo, item, "register.reproduce", copied | {"reason": "official-need"}, officer=ITO
    )
    with two.tokyo.store.reading() as tx:
        label = data.of_item(two.tokyo, tx, item, "label", lang="en")
        held = tx.get(Holding, item.key)
    with two.seoul.store.reading() as tx:
        cover = data.of_item(two.seoul, tx, item, "cover", lang="en")
    assert [one["copy"] for one in label["copies"]] == ["1 / 2", "2 / 2"]
    assert "IP-NOTICE" in cover["marking"]
    assert "IP-NOTICE" in marking_of(item, held, demonstration=False, lang="en")


@pytest.mark.obligation("GSOMIA-19-1")
def test_each_bears_its_own_costs_and_the_note_says_so_in_both_books() -> None:
    two = houses()
    assure(two)
    visited(two)
    with two.seoul.store.reading() as tx:
        done = next(row for row in tx.page(Matter, limit=100) if row.kind == "visit.done")
    log, _, index = done.key.rpartition("#")
    cost = {
        "about": {"log": log, "index": int(index)},
        "value": "1200000",
        "currency": "krw",
        "bears": "KOR",
    }
    with pytest.raises(RefusedAct, match=r"expenses\.other-bears"):
        protecting.towards(
            two.seoul, JPN, "expenses.note", cost | {"bears": "JPN"}, officer=PersonId("choi")
        )
    protecting.towards(two.seoul, JPN, "expenses.note", cost, officer=PersonId("choi"))
    two.carry()
    for node in two.nodes.values():
        with node.store.reading() as tx:
            (noted,) = [row for row in tx.page(Matter, limit=100) if row.kind == "expenses.note"]
        assert (noted.author, noted.about) == ("KOR", done.key)
