"""The life of a pact by deeds: entered through the door, judged, derived per view and date."""

import pytest
from msgspec import UNSET

from comity.acts.canonical import digest
from comity.acts.deeds import Uses
from comity.acts.entries import decode_entry
from comity.agreement.case import Standing
from comity.agreement.history import ask
from comity.agreement.life import State
from comity.agreement.notices import rules_of
from comity.agreement.procedure import Mark
from comity.agreement.records import end_of_day
from comity.agreement.text import bundle_bytes, open_bundle
from comity.node import (
    consents,
    deciding,
    granting,
    lived,
    people,
    protecting,
    receiving,
    releases,
    setup,
    treaty,
)
from comity.node import views as registered
from comity.node.chancery import RefusedAct
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant, plus_seconds, to_datetime
from comity.vocabulary.names import AgreementId, Article, Level, Office, PersonId, Purpose, Subject
from comity.vocabulary.phrases import phrase
from comity.wording import render
from tests.scenarios.test_pact_history import RECORDS
from tests.support.codes import shipped_catalogue
from tests.support.pair import (
    JPN,
    KOR,
    START,
    USA,
    Pair,
    enrol,
    entitle,
    epochs,
    gsomia,
    pair,
    under_the_pact,
    where,
)

CATALOGUE = shipped_catalogue()
READINGS = {
    "disputed": {
        "en": ("By one reading", "By the other"),
        "ko": ("한 해석", "다른 해석"),
        "ja": ("一方の解釈", "他方の解釈"),
    },
    "late": {
        "en": ("one reading", "next term"),
        "ko": ("하나의 해석", "다음 기간"),
        "ja": ("一つの解釈", "次の期間"),
    },
}

PACT = AgreementId("KOR-JPN-GSOMIA")
ALWAYS = Instant("9999-12-31T00:00:00.000Z")
MINISTER = {KOR: PersonId("minister-kor"), JPN: PersonId("minister-jpn")}
OFFICE = {KOR: Office("KOR/MND"), JPN: Office("JPN/MOD")}
OTHER = {KOR: JPN, JPN: KOR}
DAY = 86400


def act(houses: Pair, who, kind, **fields):
    return treaty.instrument(
        houses.nodes[who],
        f"treaty.{kind}",
        fields,
        to=OTHER[who],
        by=OFFICE[who],
        actor=MINISTER[who],
    )


def turn_to(houses: Pair, when: str) -> None:
    """Turn the clock to an instant, and let each side hear the other."""
    there = Instant(when) if "T" in when else end_of_day(when)
    seconds = (to_datetime(there) - to_datetime(houses.clock.now())).total_seconds()
    houses.clock.turn(max(seconds, 1))
    houses.carry()


def views(houses: Pair, who=KOR):
    node = houses.nodes[who]
    with node.store.reading() as tx:
        agreement = treaty.find(node, tx, houses.text)
        return dict(treaty.views_of(node, tx, agreement, at=node.clock.now()))


def notice(houses: Pair, on: str, who=KOR):
    entered = act(houses, who, "give-notice", text=houses.text, on=on, channel="diplomatic")
    houses.carry()
    return {"log": entered.position.log, "index": entered.position.index}


def refresh(houses: Pair) -> None:
    """New directories on both sides, and Tokyo's word anew."""
    for node, peer in houses.links():
        at = houses.clock.now()
        setup.publish_directory(node, peer, where=where(node.party), epochs=epochs(node.party, at))
    houses.carry()
    people.assure(
        houses.tokyo,
        KOR,
        agreement=houses.text,
        article=Article("7(5)"),
        offices=(Office("JPN/DIH"),),
        level=Level("JPN:gokuhi"),
        until=plus_seconds(houses.clock.now(), DAY),
        by=Office("JPN/DIH"),
        actor=MINISTER[JPN],
    )
    houses.carry()


def not_provided(houses: Pair) -> set[str]:
    with pytest.raises(RefusedAct) as refusal:
        provide(houses)
    return {one.reason.code for one in refusal.value.assessment.objections}


def provide(houses: Pair):
    laid = releases.lay_before(
        houses.seoul,
        releases.Wish(
            to=JPN,
            offices=(Office("JPN/DIH"),),
            by=Office("KOR/KDIA"),
            level=Level("KOR:mil-2"),
            subject=Subject("dprk.missile.launch"),
            purpose=Purpose("defence.missile-warning"),
            content=b"A fictional assessment.",
            title="Launch assessment",
            agreement=houses.text,
        ),
        drafter=PersonId("kim"),
    )
    return deciding.approve(houses.seoul, [laid.deed], authority=PersonId("park"))[0]


@pytest.fixture
def houses() -> Pair:
    return under_the_pact()


# The pact of these houses is in force since 24 November 2026: a term ends each 24 November, at
# midnight in Seoul; ninety days before that the 26th of August begins, and by clear days the 25th.


@pytest.mark.obligation("GSOMIA-21-3")
@pytest.mark.obligation("GSOMIA-21-4")
def test_after_a_notice_in_time_nothing_is_provided_and_what_protects_goes_on(houses) -> None:
    first = provide(houses)
    houses.carry()
    turn_to(houses, "2027-08-20")
    refresh(houses)
    provide(houses)
    entered = act(
        houses, KOR, "give-notice", text=houses.text, on="2027-08-20", channel="diplomatic"
    )
    said = {one.reason.code for one in entered.assessment.findings}
    assert "term.notice-timely" in said
    houses.carry()
    assert views(houses) == views(houses, JPN) == {KOR: Standing.IN_FORCE, JPN: Standing.IN_FORCE}
    turn_to(houses, "2027-11-23T14:59:59.000Z")
    assert views(houses)[JPN] is Standing.IN_FORCE
    turn_to(houses, "2027-11-23T15:00:00.000Z")
    for node, peer in houses.links():
        at = houses.clock.now()
        setup.publish_directory(node, peer, where=where(node.party), epochs=epochs(node.party, at))
    houses.carry()
    assert views(houses) == views(houses, JPN) == {KOR: Standing.SURVIVAL, JPN: Standing.SURVIVAL}
    assert not_provided(houses) == {"entry-into-force.lapsed"}
    with houses.tokyo.store.reading() as tx:
        item = receiving.find_item(tx, KOR, first.entry.deed.item.reference)
    # What protects what was provided is lawful without end.
    receiving.register(houses.tokyo, item, officer=PersonId("suzuki"))
    receiving.re_mark(houses.tokyo, item, level=Level("JPN:gokuhi"), officer=PersonId("suzuki"))
    still_answered_for(houses, item)


def still_answered_for(houses: Pair, item: ItemOf) -> None:
    """After the end its originator is asked for an approval, and asks what is held of its items."""
    sato, suzuki = PersonId("sato"), PersonId("suzuki")
    entitle(houses.tokyo, "sato", level="JPN:gokuhi", subject="dprk.missile")
    receiving.assign(houses.tokyo, item, person=sato, officer=suzuki)
    consents.ask(
        houses.tokyo,
        item,
        consents.Terms(uses=Uses.THIRD_PARTY, third_party=USA, times=1),
        officer=sato,
    )
    houses.carry()
    (asked,) = (one.ask for one in consents.listed(houses.seoul) if one.ask is not None)
    granting.grant(houses.seoul, asked, authority=PersonId("park"))
    choi, how_many = PersonId("choi"), {"extract": False}
    question = protecting.towards(
        houses.seoul, JPN, "custody.ask", how_many, under=PACT, officer=choi
    ).position
    houses.carry()
    (granted,) = consents.listed(houses.tokyo)
    assert granted.state == "granted"
    with houses.tokyo.store.reading() as tx:
        owed = {one["what"] for one in registered.duties(tx, houses.clock.now())}
    assert "custody.state" in owed
    about = {"log": question.log, "index": question.index}
    told = {"copies": 1, "offices": ["JPN/DIH"], "about": about}
    protecting.towards(houses.tokyo, KOR, "custody.state", told, under=PACT, officer=suzuki)
    houses.carry()
    with houses.tokyo.store.reading() as tx:
        owed = {one["what"] for one in registered.duties(tx, houses.clock.now())}
    assert "custody.state" not in owed


@pytest.mark.parametrize(
    ("on", "code", "korea", "japan"),
    [
        ("2027-08-24", "timely", Standing.SURVIVAL, Standing.SURVIVAL),
        ("2027-08-25", "disputed", Standing.SURVIVAL, Standing.IN_FORCE),
        ("2027-08-26", "late", Standing.IN_FORCE, Standing.IN_FORCE),
    ],
)
@pytest.mark.obligation("GSOMIA-21-3")
def test_timely_late_or_read_by_each_in_its_own_way(houses, on, code, korea, japan) -> None:
    turn_to(houses, on)
    entered = act(houses, KOR, "give-notice", text=houses.text, on=on, channel="diplomatic")
    assert f"term.notice-{code}" in {one.reason.code for one in entered.assessment.findings}
    # Who reads of it is told by which reading, and what the other one says.
    for language, words in READINGS.get(code, {}).items():
        told = render(CATALOGUE, phrase(f"term.notice-{code}"), language)
        assert all(word in told for word in words)
    turn_to(houses, "2027-11-24")
    assert views(houses) == views(houses, JPN) == {KOR: korea, JPN: japan}


@pytest.mark.obligation("TIME-1")
def test_a_date_in_the_past_proves_nothing_until_the_other_side_says_when_it_came(houses) -> None:
    turn_to(houses, "2027-09-10")
    given = notice(houses, "2027-08-20")
    turn_to(houses, "2027-11-24")
    # Dated in time, entered late, and nobody says that it was received: a dispute.
    assert views(houses) == {KOR: Standing.SURVIVAL, JPN: Standing.IN_FORCE}
    act(houses, JPN, "acknowledge-notice", text=houses.text, notice=given, on="2027-08-20")
    houses.carry()
    assert views(houses) == {KOR: Standing.SURVIVAL, JPN: Standing.SURVIVAL}


def test_suspended_woken_and_withdrawn(houses) -> None:
    turn_to(houses, "2027-08-20")
    given = notice(houses, "2027-08-20")
    act(houses, KOR, "suspend-notice", text=houses.text, notice=given, on="2027-08-20")
    turn_to(houses, "2027-11-25")
    assert set(views(houses, JPN).values()) == {Standing.IN_FORCE}
    refresh(houses)
    provide(houses)
    with pytest.raises(RefusedAct, match="suspended"):
        act(houses, KOR, "suspend-notice", text=houses.text, notice=given, on="2027-11-25")
    act(houses, KOR, "resume-notice", text=houses.text, notice=given, on="2027-11-25")
    houses.carry()
    # Korea reads that the old notice bites now; Japan that the term was extended meanwhile.
    assert views(houses) == {KOR: Standing.SURVIVAL, JPN: Standing.IN_FORCE}


def test_a_notice_that_is_withdrawn_ends_nothing(houses) -> None:
    turn_to(houses, "2027-08-20")
    given = notice(houses, "2027-08-20")
    act(houses, KOR, "withdraw-notice", text=houses.text, notice=given, on="2027-08-20")
    turn_to(houses, "2027-11-25")
    assert set(views(houses, JPN).values()) == {Standing.IN_FORCE}
    with pytest.raises(RefusedAct, match="no-notice"):
        act(houses, KOR, "suspend-notice", text=houses.text, notice=given, on="2027-11-25")


def test_a_late_notice_of_the_other_does_not_save_a_pact_that_a_timely_one_ends(houses) -> None:
    turn_to(houses, "2027-08-20")
    notice(houses, "2027-08-20")
    turn_to(houses, "2027-09-20")
    notice(houses, "2027-09-20", who=JPN)
    turn_to(houses, "2027-11-25")
    assert set(views(houses).values()) == {Standing.SURVIVAL}


def refused(houses: Pair, who, kind, **fields) -> set[str]:
    with pytest.raises(RefusedAct) as refusal:
        act(houses, who, kind, **fields)
    return {one.reason.code for one in refusal.value.assessment.objections}


def test_what_no_instrument_may_do(houses) -> None:
    text = houses.text
    turn_to(houses, "2027-08-20")
    given = notice(houses, "2027-08-20")
    named = {"text": text, "notice": given, "on": "2027-08-20"}
    assert refused(houses, JPN, "withdraw-notice", **named) == {"ground.instrument.whose-notice"}
    assert refused(houses, JPN, "suspend-notice", **named) == {"ground.instrument.whose-notice"}
    assert refused(houses, KOR, "acknowledge-notice", **named) == {"ground.instrument.whose-notice"}
    assert refused(houses, KOR, "resume-notice", **named) == {"ground.instrument.not-suspended"}
    assert refused(
        houses, KOR, "give-notice", text=text, on="2027-08-23", channel="diplomatic"
    ) == {"ground.instrument.date-ahead"}
    assert refused(houses, JPN, "give-notice", text=text, on="2027-08", channel="written") == {
        "term.channel"
    }
    turn_to(houses, "2027-11-25")
    assert refused(houses, KOR, "withdraw-notice", **named) == {"ground.instrument.not-in-force"}
    # Dated before the end and entered after it: what is dead is not brought back.
    assert refused(houses, KOR, "suspend-notice", **named) == {"ground.instrument.not-in-force"}
    with pytest.raises(Refused, match="signatory"):
        treaty.instrument(
            houses.seoul,
            "treaty.announce",
            {"pact": PACT, "on": "2027"},
            to=JPN,
            by=Office("KOR/KDIA"),
            actor=PersonId("kim"),
        )
    with pytest.raises(Invalid):
        act(houses, KOR, "announce", pact=PACT, on="yesterday")


@pytest.mark.obligation("GSOMIA-21-2")
def test_a_text_gives_way_to_another_once_both_consent(houses) -> None:
    turn_to(houses, "2027-01-10")
    text = gsomia("KOR-JPN-GSOMIA-2016")
    source = open_bundle(text).source.replace('version = "2016"', 'version = "2027"')
    bundle = bundle_bytes(source.encode(), open_bundle(text).cases.encode(), {})
    proposed = treaty.propose(houses.seoul, bundle, to=JPN, by=OFFICE[KOR], actor=MINISTER[KOR])
    houses.carry()
    new = proposed.entry.deed.text
    fields = {"text": houses.text, "new": new, "on": "2027-01-10"}
    act(houses, KOR, "amend", **fields)
    houses.carry()
    assert set(views(houses).values()) == {Standing.IN_FORCE}
    act(houses, JPN, "amend", **fields)
    houses.carry()
    assert set(views(houses, JPN).values()) == {Standing.SURVIVAL}
    assert refused(houses, KOR, "amend", **{**fields, "new": houses.text})


@pytest.mark.obligation("SEED-12")
def test_an_announcement_stands_in_both_books_and_changes_nothing(houses) -> None:
    act(houses, KOR, "announce", pact=PACT, on="2026-11-24")
    houses.carry()
    for node in houses.nodes.values():
        with node.store.reading() as tx:
            found = lived.answer(node, tx, PACT, at=START, known=ALWAYS, view=KOR)
        assert found.states == (State.IN_FORCE,)
        assert [one.event for one in found.without_effect] == ["announcement"]


@pytest.mark.obligation("SEED-12")
def test_who_writes_down_that_a_pact_was_signed_has_no_pact() -> None:
    houses = pair()
    for event in ("signed", "requirements-met-notified"):
        treaty.at_home(
            houses.seoul,
            "domestic.chronicle",
            {"pact": PACT, "parties": ["KOR", "JPN"], "event": event, "on": "2016-11-23"},
            actor=MINISTER[KOR],
        )
    with houses.seoul.store.reading() as tx:
        found = lived.answer(houses.seoul, tx, PACT, at=START, known=ALWAYS, view=KOR)
        assert found.states == (State.IN_FORCE,)
        assert treaty.known(houses.seoul, tx) == ()


@pytest.mark.obligation("SEED-12")
def test_what_a_third_party_urged_stands_with_its_name_in_the_book_of_the_house(houses) -> None:
    told = {"pact": PACT, "parties": ["USA"], "event": "urged", "on": "2026-11-24"}
    note = b"At the two-plus-two meeting."
    treaty.at_home(houses.tokyo, "domestic.chronicle", told, actor=MINISTER[JPN], document=note)
    with houses.tokyo.store.reading() as tx:
        found = lived.answer(houses.tokyo, tx, PACT, at=end_of_day("2026-11-24"), known=ALWAYS,
                             view=JPN)  # fmt: skip
    assert found.states == (State.IN_FORCE,)
    assert [(one.party, one.event, one.note) for one in found.without_effect] == [
        ("USA", "urged", note.decode())
    ]
    houses.carry()
    # Who heard of it wrote it down for itself: the other side's book says nothing.
    with houses.seoul.store.reading() as tx:
        there = lived.answer(houses.seoul, tx, PACT, at=end_of_day("2026-11-24"), known=ALWAYS,
                             view=KOR)  # fmt: skip
    assert there.without_effect == ()


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("domestic.take-step", {"step": "gazette"}),
        ("domestic.chronicle", {"parties": ["JPN"], "event": "signed"}),
    ],
)
def test_what_has_not_come_yet_is_not_written_down_as_done(kind: str, what: dict) -> None:
    houses = pair()
    today = str(houses.seoul.clock.now())[:10]
    for on in ("2199-01-01", "2199"):
        with pytest.raises(Refused) as refusal:
            treaty.at_home(
                houses.seoul, kind, {"pact": PACT, "on": on, **what}, actor=MINISTER[KOR]
            )
        assert refusal.value.code == "refused.pact.date-ahead"
    # A year or a day that runs has begun.
    for on in (today, today[:4]):
        treaty.at_home(houses.seoul, kind, {"pact": PACT, "on": on, **what}, actor=MINISTER[KOR])


@pytest.mark.obligation("SEED-4b")
def test_each_step_at_home_has_its_own_person_and_its_own_document() -> None:
    houses = pair()
    begun = {"pact": PACT, "parties": ["KOR"], "event": "negotiation-opened", "on": "2026-01"}
    treaty.at_home(houses.seoul, "domestic.chronicle", begun, actor=MINISTER[KOR])
    taken = {"vice-ministers": "kim", "cabinet": "park", "president": "minister-kor"}
    stands = []
    for day, (step, person) in enumerate(taken.items(), start=1):
        entered = treaty.at_home(
            houses.seoul,
            "domestic.take-step",
            {"pact": PACT, "step": step, "on": f"2026-02-0{day}"},
            actor=PersonId(person),
            document=f"minutes of {step}".encode(),
        )
        stands.append(entered.position)
    with houses.seoul.store.reading() as tx:
        (attempt,) = lived.attempts(houses.seoul, tx, PACT)
        raw = [tx.leaves(one.log, one.index, one.index + 1)[0] for one in stands]
    lines = [decode_entry(one).deed for one in raw]
    assert {one.step.value: one.actor for one in lines} == taken
    notes = {one.step: one.record.note for one in attempt.steps if one.record is not UNSET}
    assert notes == {step: f"minutes of {step}" for step in taken}


# --- the whole history, by deeds ----------------------------------------------------------


TEXT_EVENTS = {
    "text-initialled": "initial",
    "signature-postponed": "postpone-signature",
    "termination-note-suspended": "suspend-notice",
    "notes-withdrawn": "withdraw-notice",
}
STEPS = {
    "vice-ministers-reviewed": "vice-ministers",
    "cabinet-approved": "cabinet",
    "head-of-state-sanctioned": "president",
}


def by_both(houses: Pair, who, name) -> None:
    """Each party signs, or notifies, in its own log."""
    for each in who:
        use = {"signed": treaty.sign, "requirements-met-notified": treaty.notify}[name]
        use(
            houses.nodes[each],
            houses.text,
            to=OTHER[each],
            by=OFFICE[each],
            actor=MINISTER[each],
        )


def propose_once(houses: Pair) -> None:
    if not houses.text:
        bundle = gsomia()
        treaty.propose(houses.seoul, bundle, to=JPN, by=OFFICE[KOR], actor=MINISTER[KOR])
        houses.text = digest(bundle)
        houses.carry()


def lived_through(houses: Pair, one, given: dict[str, object]) -> None:
    """Enter one line of the table as the deed that it was, by whose it was."""
    who = [KOR, JPN] if one.party in ("both", "all") else [KOR if one.party == KOR else JPN]
    on, first = one.date, who[0]
    if one.event in ("signed", "requirements-met-notified"):
        by_both(houses, who, one.event)
    elif one.event.startswith("negotiation-"):
        step = one.event.removeprefix("negotiation-")
        act(houses, first, "negotiate", pact=PACT, step=step, on=on)
    elif one.event in ("text-initialled", "signature-postponed"):
        propose_once(houses)
        for each in who:
            act(houses, each, TEXT_EVENTS[one.event], text=houses.text, on=on)
    elif one.event == "termination-note":
        given["notice"] = notice(houses, on)
        act(houses, JPN, "acknowledge-notice", text=houses.text, on=on, **given)
    elif one.event in TEXT_EVENTS:
        act(houses, first, TEXT_EVENTS[one.event], text=houses.text, on=on, **given)
    elif one.event == "announcement":
        act(houses, first, "announce", pact=PACT, on=on)
    else:
        at_home(houses, one, first)


def at_home(houses: Pair, one, first) -> None:
    step = STEPS.get(one.event) if first is KOR else None
    kind = "domestic.chronicle" if step is None else "domestic.take-step"
    fields = {"parties": [first], "event": one.event} if step is None else {"step": step}
    treaty.at_home(
        houses.seoul,
        kind,
        {"pact": PACT, "on": one.date, **fields},
        actor=MINISTER[KOR],
        document=one.note.encode() or None,
    )


@pytest.fixture(scope="module")
def replayed() -> Pair:
    """The history of 2011 to 2023, each instrument entered on its day by whose it was."""
    houses = pair(start=Instant("2011-01-01T00:00:00.000Z"))
    enrol(houses)
    houses.carry()
    given: dict[str, object] = {}
    for one in RECORDS:
        exact = one.event in ("signed", "requirements-met-notified")
        turn_to(houses, one.since if exact else one.until)
        lived_through(houses, one, given)
        houses.carry()
    return houses


@pytest.mark.obligation("SEED-5")
@pytest.mark.parametrize("view", [KOR, JPN])
@pytest.mark.parametrize(
    "when",
    [
        "2011-01-09", "2011-01-10", "2012-04", "2012-05", "2012-06-29T06:10:00.000Z",
        "2016-10-27", "2016-11-14", "2016-11-22", "2018-11-30", "2019-08-22", "2019-08-23",
        "2019-11-22T08:59:59.999Z", "2019-11-22T09:00:00.000Z", "2021-01-01", "2023-03-16",
        "2023-03-21", "2026-01-01",
    ],
)  # fmt: skip
def test_the_table_by_deeds_gives_the_same_answers_as_the_table(replayed, when, view) -> None:
    at = Instant(when) if "T" in when else end_of_day(when)
    wanted = ask(
        RECORDS, rules_of(open_bundle(gsomia())), (KOR, JPN), at=at, known=ALWAYS, view=view
    )
    with replayed.seoul.store.reading() as tx:
        found = lived.answer(replayed.seoul, tx, PACT, at=at, known=ALWAYS, view=view)
    assert (found.states, found.permitted) == (wanted.states, wanted.permitted)
    if wanted.notice:
        assert (found.notice.timeliness, found.notice.term_end) == (
            wanted.notice.timeliness,
            wanted.notice.term_end,
        )


def test_who_asks_with_what_was_known_before_the_note_sees_no_note(replayed) -> None:
    known = Instant("2019-08-23T00:00:00.000Z")
    with replayed.tokyo.store.reading() as tx:
        found = lived.answer(
            replayed.tokyo, tx, PACT, at=end_of_day("2019-08-30"), known=known, view=JPN
        )
        later = lived.answer(
            replayed.tokyo, tx, PACT, at=end_of_day("2019-08-30"), known=ALWAYS, view=JPN
        )
    assert (found.states, later.states) == ((State.IN_FORCE,), (State.NOTICE_GIVEN,))


@pytest.mark.obligation("SEED-4")
@pytest.mark.obligation("SEED-4b")
def test_the_step_that_2012_skipped_is_marked_for_ever(replayed) -> None:
    with replayed.seoul.store.reading() as tx:
        first, second = lived.attempts(replayed.seoul, tx, PACT)
    marks = {one.step: one.mark for one in first.steps}
    assert marks["vice-ministers"] is Mark.SKIPPED
    assert marks["cabinet"] is Mark.DONE
    assert {one.step: one.mark for one in second.steps}["vice-ministers"] is Mark.DONE
    assert (first.regular, second.regular) == (False, True)
