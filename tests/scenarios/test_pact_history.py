"""The history of the pact, replayed: the state at each date, in each view, and what was lawful."""

import json
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from msgspec import UNSET

from comity.agreement.history import Permitted, ask
from comity.agreement.life import EFFECTIVE, Life, State
from comity.agreement.notices import Notice, Rules, Timeliness, rules_of
from comity.agreement.procedure import STEPS, Mark, examine
from comity.agreement.profile import open_profile
from comity.agreement.records import EVENTS, Record, end_of_day, read_records
from comity.agreement.text import bundle_bytes, open_bundle
from comity.cli import pact
from comity.cli.speech import catalogue
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party

PACKAGE = files("comity.agreement")
SOURCE = PACKAGE.joinpath("chronicle/pact-timeline.csv").read_text()
RECORDS = [one for one in read_records(SOURCE) if one.agreement == "KOR-JPN-GSOMIA"]
TEXT = open_bundle(
    bundle_bytes(PACKAGE.joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_bytes(), b"", {})
)
RULES = rules_of(TEXT)
KOR, JPN = Party("KOR"), Party("JPN")
ALWAYS = Instant("9999-12-31T00:00:00.000Z")
ALL = (Permitted.PROVIDE, Permitted.PROTECT, Permitted.INSTRUMENTS)
NONE = (Permitted.INSTRUMENTS,)
SURVIVAL = (Permitted.PROTECT, Permitted.INSTRUMENTS)
HEAD = "date,time_kst,agreement,party,event,note\n"


def at(records, when, view=KOR, known=ALWAYS, rules=RULES):
    moment = Instant(when) if "T" in when else end_of_day(when)
    return ask(records, rules, (KOR, JPN), at=moment, known=known, view=view)


def without(event):
    return [one for one in RECORDS if one.event != event]


def further(*lines):
    return [*RECORDS[:14], *read_records(HEAD + "\n".join(lines))]


def test_the_extract_that_ships_has_every_line_of_the_facts() -> None:
    facts = Path(__file__).parents[3] / "shared/data/pact-timeline.csv"
    if not facts.exists():
        pytest.skip("the facts are not beside this checkout")
    assert set(facts.read_text().splitlines()) <= set(SOURCE.splitlines())


@pytest.mark.obligation("SEED-5")
@pytest.mark.parametrize("view", [KOR, JPN])
@pytest.mark.parametrize(
    ("when", "state", "lawful"),
    [
        ("2011-01-09", State.NONE, NONE),
        ("2011-01-10", State.NEGOTIATION, NONE),
        ("2012-04", State.INITIALLED, NONE),
        ("2012-05", State.POSTPONED, NONE),
        ("2012-06-29T06:10:00.000Z", State.POSTPONED, NONE),
        ("2016-10-27", State.NEGOTIATION, NONE),
        ("2016-11-14", State.INITIALLED, NONE),
        ("2016-11-22", State.INITIALLED, NONE),
        ("2016-11-23", State.IN_FORCE, ALL),
        ("2018-11-30", State.IN_FORCE, ALL),
        ("2019-08-22", State.IN_FORCE, ALL),
        ("2019-08-23", State.NOTICE_GIVEN, ALL),
        ("2019-11-22T08:59:59.999Z", State.NOTICE_GIVEN, ALL),
        ("2019-11-22T09:00:00.000Z", State.NOTICE_SUSPENDED, ALL),
        ("2021-01-01", State.NOTICE_SUSPENDED, ALL),
        ("2023-03-16", State.NOTICE_SUSPENDED, ALL),
        ("2023-03-21", State.IN_FORCE, ALL),
        ("2026-01-01", State.IN_FORCE, ALL),
    ],
)
def test_what_the_pact_was(when, state, lawful, view) -> None:
    answer = at(RECORDS, when, view)
    assert (answer.states, answer.permitted, answer.certain) == ((state,), lawful, True)


@pytest.mark.obligation("GSOMIA-21-3")
def test_the_note_of_2019_was_in_time_in_both_readings() -> None:
    notice = at(RECORDS, "2019-08-23").notice
    assert isinstance(notice, Notice)
    assert notice.timeliness is Timeliness.TIMELY
    assert notice.term_end == "2019-11-22T15:00:00.000Z"
    assert (notice.by_days, notice.by_clear_days) == (
        "2019-08-24T15:00:00.000Z",
        "2019-08-23T15:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("given", "timeliness", "korea", "japan"),
    [
        ("2019-08-23,", Timeliness.TIMELY, State.LAPSED, State.LAPSED),
        ("2019-08-24,", Timeliness.DISPUTED, State.LAPSED, State.IN_FORCE),
        ("2019-08-25,", Timeliness.LATE, State.IN_FORCE, State.IN_FORCE),
    ],
)
def test_a_notice_is_timely_late_or_read_by_each_in_its_own_way(given, timeliness, korea, japan):
    records = further(f"{given},KOR-JPN-GSOMIA,KOR,termination-note,")
    answers = [at(records, "2019-11-23", view) for view in (KOR, JPN)]
    assert [one.states for one in answers] == [(korea,), (japan,)]
    assert {one.notice.timeliness for one in answers} == {timeliness}


@pytest.mark.obligation("GSOMIA-21-4")
def test_had_nobody_suspended_it_the_pact_had_ended_at_midnight_and_protection_gone_on() -> None:
    records = without("termination-note-suspended")
    assert at(records, "2019-11-22T14:59:59.999Z").states == (State.NOTICE_GIVEN,)
    ended = at(records, "2019-11-22T15:00:00.000Z")
    assert (ended.states, ended.permitted) == ((State.LAPSED,), SURVIVAL)
    # What is dead is not brought back by a word.
    assert at(records, "2023-03-21").states == (State.LAPSED,)


def test_a_suspension_after_the_end_and_one_of_nothing_change_nothing() -> None:
    late = further(
        "2019-08-23,,KOR-JPN-GSOMIA,KOR,termination-note,",
        "2019-11-23,18:00,KOR-JPN-GSOMIA,KOR,termination-note-suspended,",
    )
    assert at(late, "2019-12-01").states == (State.LAPSED,)
    nothing = further("2019-11-22,18:00,KOR-JPN-GSOMIA,KOR,termination-note-suspended,")
    assert at(nothing, "2019-12-01").states == (State.IN_FORCE,)


def test_who_lifts_a_suspension_years_later_reads_that_it_ends_and_the_other_that_it_goes_on():
    records = [
        *(one for one in RECORDS if one.event != "notes-withdrawn"),
        *read_records(HEAD + "2020-08-01,,KOR-JPN-GSOMIA,KOR,suspension-lifted,"),
    ]
    assert at(records, "2020-08-02", KOR).states == (State.LAPSED,)
    assert at(records, "2020-08-02", JPN).states == (State.IN_FORCE,)
    for view in (KOR, JPN):  # each can see that the other reads it in another way
        answer = at(records, "2020-08-02", view)
        assert isinstance(answer.notice, Notice)
        assert isinstance(answer.woken, Record)
        assert answer.woken.date == "2020-08-01"
    withdrawn = read_records(HEAD + "2023-03-21,,KOR-JPN-GSOMIA,KOR,notes-withdrawn,")
    answer = at([*records, *withdrawn], "2023-04", JPN)
    assert (answer.notice, answer.woken) == (UNSET, UNSET)


@pytest.mark.parametrize("view", [KOR, JPN])
def test_a_late_notice_is_told_by_both_readings_of_what_it_counts_for(view) -> None:
    records = further("2019-08-25,,KOR-JPN-GSOMIA,KOR,termination-note,")
    answer = at(records, "2020-12-01", view)
    assert (answer.states, answer.otherwise) == ((State.IN_FORCE,), (State.LAPSED,))
    assert answer.notice.next_last_day == "2020-11-22"
    assert at(records, "2020-11-22T14:59:59.999Z", view).otherwise == (State.NOTICE_GIVEN,)
    timely = further("2019-08-23,,KOR-JPN-GSOMIA,KOR,termination-note,")
    assert at(timely, "2019-10-01", view).otherwise == ()


@pytest.mark.obligation("SEED-12")
@pytest.mark.parametrize("event", ["announcement", "urged", "denied", "commented"])
def test_what_anybody_says_stands_with_its_author_and_has_no_effect(event) -> None:
    records = further(f"2019-08-20,,KOR-JPN-GSOMIA,USA,{event},said so")
    answer = at(records, "2019-08-20")
    assert (answer.states, answer.why) == ((State.IN_FORCE,), at(RECORDS, "2019-08-20").why)
    assert ("USA", event) in {(one.party, one.event) for one in answer.without_effect}


@pytest.mark.obligation("SEED-12")
@pytest.mark.parametrize("event", sorted(EFFECTIVE))
@pytest.mark.parametrize("stage", [2, 12, 14, 16, 17])
def test_what_who_is_no_party_does_changes_nothing_in_any_view(event, stage) -> None:
    before = RECORDS[:stage]
    theirs = read_records(HEAD + f"2019-08-01,,KOR-JPN-GSOMIA,USA,{event},")
    for view in (KOR, JPN):
        for when in ("2019-08-01T03:00:00.000Z", "2019-08-01", "2019-12-01", "2023-04-01"):
            answer, plain = at([*before, *theirs], when, view), at(before, when, view)
            assert (answer.states, answer.why) == (plain.states, plain.why)
            assert answer.notice == plain.notice
    assert ("USA", event) in {(one.party, one.event) for one in answer.without_effect}


def test_the_why_names_the_instruments_and_no_announcement() -> None:
    why = [one.event for one in at(RECORDS, "2019-11-22").why]
    assert why[-4:] == [
        "signed",
        "requirements-met-notified",
        "termination-note",
        "termination-note-suspended",
    ]


def test_within_a_date_that_is_a_month_both_states_are_told() -> None:
    answer = at(RECORDS, "2012-04-10T00:00:00.000Z")
    assert answer.states == (State.NEGOTIATION, State.INITIALLED)
    assert not answer.certain
    (signed,) = [one for one in RECORDS if one.event == "signed"]
    assert at([signed], "2016-11-23T03:00:00.000Z", rules=Rules()).permitted == NONE


def by_days(records, when, view):
    """Return what it can have been, by trying every day of every date that is a month."""
    moment = end_of_day(when)
    tried = [[one] for one in records]
    for rank, one in enumerate(records):
        if len(one.date) == len("2019-11"):
            days = (f"{one.date}-{day:02d}" for day in range(1, 32))
            lines = (
                f"{day},,{one.agreement},{one.party},{one.event},"
                for day in days
                if one.until >= f"{day}T00" or day[-2:] <= "28"
            )
            tried[rank] = list(read_records(HEAD + "\n".join(lines)))
    found = set()
    for chosen in product(*tried):
        told = sorted((one for one in chosen if one.until <= moment), key=lambda one: one.until)
        found.add(Life(RULES, (KOR, JPN), view, moment).run(told).state)
    return found


SUSPENDED = "{},KOR-JPN-GSOMIA,KOR,termination-note-suspended,"
NOTE = "{},KOR-JPN-GSOMIA,KOR,termination-note,"


@pytest.mark.parametrize("view", [KOR, JPN])
@pytest.mark.parametrize(
    ("given", "suspended", "states"),
    [
        ("2019-08-23,", "2019-11,", {State.NOTICE_SUSPENDED, State.LAPSED}),
        ("2019-08-23,", "2019-11-22,", {State.NOTICE_SUSPENDED}),
        ("2019-08-23,", "2019-11-23,", {State.LAPSED}),
        ("2019-08-23,", "2019-10,", {State.NOTICE_SUSPENDED}),
        ("2019-08,", "2019-11,", {State.NOTICE_SUSPENDED, State.LAPSED, State.IN_FORCE}),
        ("2019-08,", "2019-08,", {State.NOTICE_SUSPENDED, State.IN_FORCE}),
    ],
)
def test_a_date_that_is_a_month_lies_on_either_side_of_the_end_of_a_term(
    given, suspended, states, view
) -> None:
    records = further(NOTE.format(given), SUSPENDED.format(suspended))
    answer = at(records, "2020-04", view)
    assert set(answer.states) == states
    assert answer.certain is (len(states) == 1)
    if given != suspended:  # of one and the same date, the order is that of the table
        assert by_days(records[11:], "2020-04", view) == states


@pytest.mark.parametrize("view", [KOR, JPN])
def test_a_term_that_began_within_a_month_ends_within_it(view) -> None:
    records = read_records(
        HEAD
        + "2016-11,,KOR-JPN-GSOMIA,both,signed,\n"
        + "2016-11,,KOR-JPN-GSOMIA,both,requirements-met-notified,\n"
        + NOTE.format("2019-08-10,")
        + "\n"
        + SUSPENDED.format("2019-11-15,18:00")
    )
    assert set(at(records, "2020-01", view).states) == by_days(records, "2020-01", view)
    assert len(at(records, "2020-01", view).states) == 3


def test_what_is_too_much_to_follow_is_not_called_certain() -> None:
    lines = [NOTE.format("2019-08-23,")]
    lines += [SUSPENDED.format("2019,"), "2019,,KOR-JPN-GSOMIA,KOR,suspension-lifted,"]
    lines += [SUSPENDED.format(f"2019-{month:02d},") for month in range(1, 13)]
    answer = at(further(*lines), "2020-04")
    assert not answer.complete
    assert not answer.certain


def test_who_had_not_yet_heard_of_the_note_saw_the_pact_in_force() -> None:
    known = Instant("2019-08-23T00:00:00.000Z")
    assert at(RECORDS, "2019-08-30", JPN, known=known).states == (State.IN_FORCE,)
    assert at(RECORDS, "2019-08-30", JPN).states == (State.NOTICE_GIVEN,)


def test_signed_by_one_or_notified_by_one_is_not_in_force() -> None:
    line = "2016-11-23,,KOR-JPN-GSOMIA,{},{},"
    one = read_records(HEAD + line.format("KOR", "signed"))
    assert at(one, "2016-11-24").states == (State.NONE,)
    both = [*one, *read_records(HEAD + line.format("JPN", "signed"))]
    assert at(both, "2016-11-24").states == (State.SIGNED,)
    half = [*both, *read_records(HEAD + line.format("JPN", "requirements-met-notified"))]
    assert at(half, "2016-11-24").states == (State.SIGNED,)
    assert at(both, "2016-11-24", rules=Rules()).states == (State.IN_FORCE,)


def test_a_term_that_is_not_renewed_ends_by_itself() -> None:
    rules = Rules(years=2, renewed=False)
    records = read_records(HEAD + "2016-11-23,,X,both,signed,")
    assert at(records, "2018-11-22T14:59:59.999Z", rules=rules).states == (State.IN_FORCE,)
    assert at(records, "2018-11-22T15:00:00.000Z", rules=rules).states == (State.LAPSED,)


@pytest.mark.obligation("SEED-5")
def test_a_pact_on_the_back_burner_is_taken_up_again() -> None:
    records = [*RECORDS[:2], *read_records(HEAD + "2012-07,,KOR-JPN-GSOMIA,KOR,back-burner,")]
    assert at(records, "2012-07").states == (State.BACK_BURNER,)
    again = read_records(HEAD + "2016-10-27,,KOR-JPN-GSOMIA,both,negotiation-resumed,")
    assert at([*records, *again], "2016-10-27").states == (State.NEGOTIATION,)


@pytest.mark.parametrize(
    "source",
    [
        "date,event\n",
        HEAD + "2012-13,,A,KOR,signed,\n",
        HEAD + "2012,15:10,A,KOR,signed,\n",
        HEAD + "2012-02-30,,A,KOR,signed,\n",
        HEAD + "2012-02-20,25:00,A,KOR,signed,\n",
        HEAD + "2012-02-20\n",
        HEAD + "2012-02-20,,A,KOR,terminaton-note,\n",
        HEAD + "2012-02-20,,A,KOR,,\n",
    ],
)
def test_a_table_that_is_not_right_is_refused_with_its_line(source) -> None:
    with pytest.raises(Invalid, match=r"line 2|columns"):
        read_records(source)


def test_whatever_has_an_effect_can_stand_in_a_table_and_has_words() -> None:
    assert EFFECTIVE | set(STEPS) <= EVENTS
    for lang in ("en", "ko", "ja"):
        said = [catalogue().template(f"pact.event.{one}", lang) for one in EVENTS]
        assert None not in said


@pytest.mark.parametrize(
    ("lang", "shelved"),
    [("en", "on the back burner"), ("ko", "논의 보류"), ("ja", "棚上げ")],
)
def test_the_pact_that_was_never_in_force_is_told(capsys, lang, shelved) -> None:
    given = {"pact": "KOR-JPN-ACSA", "view": "KOR", "lang": lang}
    assert pact.history(asked(at="2026-01-01", **given)) == 0
    assert f"KOR-JPN-ACSA (KOR): {shelved}" in capsys.readouterr().out


@pytest.mark.obligation("SEED-4")
@pytest.mark.obligation("SEED-4b")
def test_2012_and_2016_look_different() -> None:
    profile = open_profile(PACKAGE.joinpath("texts/profile-KOR.md").read_bytes())
    first, second = examine(RECORDS, profile.procedure, KOR, assumed=profile.assumed)
    assert [(one.step, one.mark) for one in first.steps] == [
        ("working-level", Mark.DONE),
        ("legal-review", Mark.OPEN),
        ("vice-ministers", Mark.SKIPPED),
        ("cabinet", Mark.DONE),
        ("president", Mark.OPEN),
        ("signature", Mark.OPEN),
        ("gazette", Mark.OPEN),
        ("public-notice", Mark.OPEN),
    ]
    opened = {one.step for one in second.steps if one.mark is not Mark.DONE}
    assert opened == {"legal-review", "gazette", "public-notice"}
    assert (first.regular, second.regular) == (False, True)
    cabinet = first.steps[3].record
    assert isinstance(cabinet, Record)
    assert "unannounced" in cabinet.note


def test_an_assumed_step_is_skipped_only_where_another_attempt_has_it_on_record() -> None:
    line = "20{}-01-{},,X,KOR,{},"
    days = [("20", "01", "negotiation-opened"), ("20", "02", "cabinet-approved")]
    days += [("22", "01", "negotiation-resumed"), ("22", "02", "legal-reviewed")]
    records = read_records(HEAD + "\n".join(line.format(*one) for one in days))
    steps = ["legal-review", "vice-ministers", "cabinet"]

    def marks(told, *, covered=True):
        attempts = examine(told, steps, KOR, assumed=steps[:1], covered=covered)
        return [one.mark for one in attempts[0].steps]

    assert marks(records) == [Mark.SKIPPED, Mark.SKIPPED, Mark.DONE]
    assert marks(records[:2]) == [Mark.OPEN, Mark.SKIPPED, Mark.DONE]
    assert marks(records[:2], covered=False) == [Mark.OPEN, Mark.OPEN, Mark.DONE]


@pytest.mark.obligation("SEED-4")
@pytest.mark.parametrize(
    ("lang", "opened", "assumed", "done"),
    [
        (
            "en",
            "Cabinet: not on record",
            "legal review (assumed): not on record",
            "signature: done",
        ),
        ("ko", "국무회의: 기록 없음", "법제 심사(추정): 기록 없음", "서명: 완료"),
        ("ja", "閣議: 記録なし", "法令審査(推定): 記録なし", "署名: 済み"),
    ],
)
def test_of_a_party_whose_steps_no_source_tells_each_is_not_on_record(
    capsys, lang, opened, assumed, done
) -> None:
    assert pact.procedure(asked(party="JPN", lang=lang)) == 0
    shown = capsys.readouterr().out
    assert shown.count(opened) == 2
    assert shown.count(assumed) == 2
    assert shown.count(done) == 1
    for mark in ("skipped", "생략", "省略"):
        assert mark not in shown


def test_a_step_after_a_later_one_is_out_of_order_for_ever() -> None:
    line = "2020-01-{},,X,KOR,{},"
    days = [("01", "negotiation-opened"), ("02", "cabinet-approved")]
    days += [("03", "vice-ministers-reviewed"), ("04", "signed")]
    records = read_records(HEAD + "\n".join(line.format(*one) for one in days))
    (attempt,) = examine(records, ["vice-ministers", "cabinet", "signature"], KOR)
    assert [one.mark for one in attempt.steps] == [Mark.OUT_OF_ORDER, Mark.DONE, Mark.DONE]
    assert not attempt.regular


def asked(**given):
    return {"pact": "KOR-JPN-GSOMIA", "json": False, "lang": "en", "party": "KOR", **given}


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "effect suspended"), ("ko", "효력 정지"), ("ja", "効力停止")],
)
def test_the_command_says_it_in_three_languages(capsys, lang, said) -> None:
    assert pact.history(asked(at="2019-11-22", view="JPN", lang=lang)) == 0
    shown = capsys.readouterr().out
    assert said in shown
    assert "termination-note-suspended" not in shown
    assert catalogue().template("pact.event.unknown", lang)[7:] not in shown


@pytest.fixture
def words_of(capsys, tmp_path):
    """Say a table by the command."""

    def said(lang, when, *lines):
        table = tmp_path / "told.csv"
        table.write_text(HEAD + "\n".join(lines))
        given = {"at": when, "view": "JPN", "lang": lang, "records": str(table)}
        assert pact.history(asked(**given)) == 0
        return capsys.readouterr().out

    return said


IN_FORCE = [
    f"2016-11-23,,KOR-JPN-GSOMIA,both,{event}," for event in ("signed", "requirements-met-notified")
]


@pytest.mark.parametrize(
    ("lang", "last", "reading", "lifted"),
    [
        ("en", "until the end of 2019-08-24", "That is a reading", "was lifted on 2020-08-01"),
        ("ko", "2019-08-24 끝까지, 통보일과", "하나의 해석", "2020-08-01에 해제"),
        ("ja", "2019-08-24 の終わりまで、通告の日", "一つの解釈", "2020-08-01 に解除"),
    ],
)
def test_what_is_read_in_two_ways_is_said_in_three_languages(
    words_of, lang, last, reading, lifted
) -> None:
    late = words_of(lang, "2020-12-01", *IN_FORCE, NOTE.format("2019-08-25,"))
    assert last in late
    assert reading in late
    assert "Asia/Seoul" in late
    assert "T15:00:00" not in late
    told = [NOTE.format("2019-08-23,"), SUSPENDED.format("2019-11-22,18:00")]
    told += ["2020-08-01,,KOR-JPN-GSOMIA,KOR,suspension-lifted,"]
    assert lifted in words_of(lang, "2020-09-01", *IN_FORCE, *told)


@pytest.mark.parametrize(
    ("lang", "home", "beside", "lawful"),
    [
        ("en", "Steps at home", "without effect on the state", "Lawful: instruments"),
        ("ko", "국내 절차:", "협정의 상태에 영향을 주지 않은", "적법: 조약상 조치"),
        ("ja", "国内手続:", "協定の状態に影響しない", "適法:条約上の行為"),
    ],
)
def test_what_has_effect_elsewhere_is_not_said_to_have_none(
    capsys, lang, home, beside, lawful
) -> None:
    assert pact.history(asked(at="2016-12-01", view="JPN", lang=lang)) == 0
    shown = capsys.readouterr().out
    assert all(one in shown for one in (home, beside, lawful))
    at_home = shown[shown.index(home) : shown.index(beside)]
    assert "2016-11-17" in at_home  # the vice-ministers
    assert "2014-12-10" in shown[shown.index(beside) :]  # the change of law
    codes = {one.event for one in RECORDS if "-" in one.event}
    assert [one for one in codes if one in shown] == []


def test_a_day_of_a_table_is_asked_for_in_its_own_zone(capsys) -> None:
    for when, state in (("2014-12-28", ["none"]), ("2014-12-29", ["in-force"])):
        given = {"pact": "TISA", "at": when, "view": "USA"}
        assert pact.history(asked(**given, json=True)) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["states"], said["certain"], said["zone"]) == (state, True, "Asia/Seoul")


def test_the_command_says_it_as_json(capsys) -> None:
    assert pact.history(asked(at="2019-08-23", known="2023-01-01", view="KOR", json=True)) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["states"] == ["notice-given"]
    assert said["notice"]["was"] == "timely"
    assert pact.procedure(asked(json=True)) == 0
    first, _ = json.loads(capsys.readouterr().out)["attempts"]
    assert first["steps"][2]["mark"] == "skipped"


def test_the_skip_is_plain_to_see(capsys) -> None:
    assert pact.procedure(asked(lang="ko")) == 0
    assert "차관회의: 생략됨" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"pact": "NOBODY", "view": "KOR"}, "refused.pact.unknown"),
        ({"view": "AUS"}, "refused.pact.view"),
    ],
)
def test_what_is_not_here_is_refused(given, code) -> None:
    with pytest.raises(Refused) as refusal:
        pact.history(asked(at="2019-11-22", **given))
    assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        pact.procedure(asked(party="AUS"))
    assert refusal.value.code == "refused.pact.profile"
    with pytest.raises(Refused) as refusal:
        pact.procedure(asked(party="USA"))
    assert refusal.value.code == "refused.pact.view"
