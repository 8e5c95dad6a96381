"""A history laid out in time: where states begin and end, and what each record is."""

import pytest

from comity.agreement import shipped
from comity.agreement.case import InstrumentFact
from comity.agreement.history import ask
from comity.agreement.life import State
from comity.agreement.lifecycle import record_of
from comity.agreement.notices import Rules
from comity.agreement.procedure import Mark
from comity.agreement.records import EVER, end_of_day, read_records
from comity.agreement.sorts import Sort, sort_of
from comity.agreement.timeline import Told, spans
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Party

PACT, KOR, JPN = AgreementId("KOR-JPN-GSOMIA"), Party("KOR"), Party("JPN")
HEAD = "date,time_kst,agreement,party,event,note\n"
SIGNED = f"2016-11-23,,{PACT},both,signed,"


def told(*lines: str, rules: Rules) -> Told:
    return Told(
        pact=PACT,
        parties=(KOR, JPN),
        rules=rules,
        texts=(),
        zone=rules.zone,
        zone_name=rules.zone_name,
        records=read_records(HEAD + "\n".join(lines)),
        attempts=(),
    )


def states(one: Told, view: Party) -> list[tuple[str, tuple[State, ...]]]:
    begin, end = end_of_day("2016-01-01"), end_of_day("2020-01-01")
    found = spans(one, begin=begin, end=end, known=EVER, view=view)
    assert (found[0].begins, found[-1].ends) == (begin, end)
    return [(span.begins, span.states) for span in found]


def test_a_term_that_is_not_renewed_ends_between_two_records() -> None:
    one = told(SIGNED, rules=Rules(years=2, renewed=False))
    assert states(one, KOR)[-1] == ("2018-11-22T15:00:00.000Z", (State.LAPSED,))


@pytest.mark.parametrize("view", [KOR, JPN])
def test_a_disputed_notice_ends_the_pact_in_its_authors_view_alone(view: Party) -> None:
    rules = Rules(years=1, notice_days=90)
    one = told(SIGNED, f"2019-08-24,,{PACT},KOR,termination-note,", rules=rules)
    last = states(one, view)[-1]
    if view == KOR:
        assert last == ("2019-11-22T15:00:00.000Z", (State.LAPSED,))
    else:
        assert last[1] == (State.IN_FORCE,)


@pytest.mark.obligation("SEED-12")
@pytest.mark.parametrize(
    ("party", "event", "sort"),
    [
        ("KOR", "termination-note", Sort.INSTRUMENT),
        ("both", "signed", Sort.INSTRUMENT),
        ("KOR", "cabinet-approved", Sort.HOME),
        ("KOR", "announcement", Sort.BESIDE),
        ("USA", "urged", Sort.BESIDE),
        ("USA", "termination-note", Sort.BESIDE),
        ("USA", "cabinet-approved", Sort.BESIDE),
    ],
)
def test_what_a_record_is_and_that_who_is_no_party_changes_nothing(
    party: str, event: str, sort: Sort
) -> None:
    one = told(f"2019-08-24,,{PACT},{party},{event},", rules=Rules())
    assert sort_of(one.records[0], one.parties) is sort


def test_of_whom_the_public_record_has_no_step_it_says_that_none_was_skipped() -> None:
    told = dict(shipped.told(PACT).attempts)
    assert set(told) == {KOR, JPN}
    assert {one.mark for each in told[JPN] for one in each.steps} == {Mark.DONE, Mark.OPEN}


def test_what_became_of_a_notice_on_its_own_day_leaves_one_state() -> None:
    rules = Rules(years=1, notice_days=90)
    done = [
        ("treaty.give-notice", "note", ""),
        ("treaty.suspend-notice", "suspended", "note"),
        ("treaty.resume-notice", "resumed", "note"),
        ("treaty.withdraw-notice", "withdrawn", "note"),
        ("treaty.give-notice", "again", ""),
        ("treaty.suspend-notice", "suspended again", "again"),
        ("treaty.withdraw-notice", "withdrawn again", "again"),
    ]
    entered = [
        record_of(
            InstrumentFact(
                author=KOR,
                act=act,
                at=Instant(f"2026-11-30T08:24:{second:02d}.000Z"),
                key=key,
                on="2026-11-30",
                about=about,
            ),
            rules,
        )
        for second, (act, key, about) in enumerate(done)
    ]
    expected = [
        State.NOTICE_GIVEN,
        State.NOTICE_SUSPENDED,
        State.NOTICE_GIVEN,
        State.IN_FORCE,
        State.NOTICE_GIVEN,
        State.NOTICE_SUSPENDED,
        State.IN_FORCE,
    ]
    for count, state in enumerate(expected, start=1):
        records = (*read_records(HEAD + SIGNED), *entered[:count])
        at, known = end_of_day("2027-01-01"), EVER
        said = ask(records, rules, (KOR, JPN), at=at, known=known, view=JPN)
        assert (said.states, said.certain) == ((state,), True)
