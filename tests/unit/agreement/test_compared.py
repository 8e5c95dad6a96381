"""Two versions compared by meaning: what a change of terms comes to, article by article."""

import json

import pytest

from comity.acts.kinds import Family, kind
from comity.agreement import shipped
from comity.agreement.bearing import Bearing, bearing
from comity.agreement.case import Standing
from comity.agreement.cases import judged, parse_cases
from comity.agreement.clauses import CLAUSES
from comity.agreement.compared import Compared, Effect, compared
from comity.agreement.life import State
from comity.agreement.scenarios import deed_of
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.cli import network
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId

AT = Instant("2026-11-28T00:00:00.000Z")
OLD, NEW = shipped.versions(AgreementId("KOR-JPN-GSOMIA"))


def changed(*swaps: tuple[str, str]) -> Agreement:
    """Return the text of 2016 with some terms written otherwise."""
    source = NEW.source
    for before, after in swaps:
        assert source.count(before) == 1, before
        source = source.replace(before, after)
    return open_bundle(bundle_bytes(source.encode(), b"", {}))


def under(found: tuple[Compared, ...], article: str) -> Compared:
    return next(one for one in found if one.article == article)


def effects(one: Compared) -> set[tuple[Effect, str]]:
    return {(each.effect, each.what) for each in one.changes}


def test_a_text_against_itself_says_nothing() -> None:
    assert compared(NEW, NEW, at=AT) == ()


def test_the_2016_text_is_wider_for_the_new_regime_and_narrower_for_the_old_one() -> None:
    found = under(compared(OLD, NEW, at=AT), "4")
    told = {(one.effect, one.where["level"]) for one in found.changes if one.acts and one.where}
    assert (Effect.WIDER, ("JPN:tokutei-himitsu",)) in told
    assert (Effect.NARROWER, ("JPN:boei-himitsu",)) in told
    # What is not in order is asked in a form that a node carries: else the form hides it.
    assert any("unapproved" in one.where.get("circumstance", ()) for one in found.changes)
    term, again = sorted(found.terms, key=lambda one: one.term, reverse=True)
    assert (again.term, again.before, again.after) == ("again", ("false",), ("true",))
    assert term.term == "tiers.SECRET.levels"
    assert "JPN:boei-himitsu" in term.before[0]
    assert "JPN:tokutei-himitsu" in term.after[0]


def test_one_way_round_is_wider_where_the_other_is_narrower() -> None:
    there, back = (under(compared(*two, at=AT), "4") for two in ((OLD, NEW), (NEW, OLD)))
    acts = [
        {
            effect: sum(one.acts for one in told.changes if one.effect is effect)
            for effect in (Effect.WIDER, Effect.NARROWER)
        }
        for told in (there, back)
    ]
    assert acts[0][Effect.WIDER] == acts[1][Effect.NARROWER] > 0
    assert acts[0][Effect.NARROWER] == acts[1][Effect.WIDER] > 0


def test_what_could_be_consented_to_and_can_be_no_more_is_narrower() -> None:
    never = changed(('consent = "prior-written"', 'consent = "none"'))
    assert (Effect.NARROWER, "third-party.never") in effects(
        under(compared(NEW, never, at=AT), "6")
    )
    assert (Effect.WIDER, "third-party.never") in effects(under(compared(never, NEW, at=AT), "6"))


def test_a_duty_is_new_gone_sooner_or_later() -> None:
    receipt = 'due = "always"'
    never = changed((receipt, 'due = "never"'))
    quick = changed((receipt + "\ndays = 14", receipt + "\ndays = 3"))
    told = {
        name: effects(under(compared(*two, at=AT), "12"))
        for name, two in {
            "gone": (NEW, never),
            "new": (never, NEW),
            "sooner": (NEW, quick),
            "later": (quick, NEW),
        }.items()
    }
    assert (Effect.DUTY_GONE, "delivery.receipt") in told["gone"]
    assert (Effect.NEW_DUTY, "delivery.receipt") in told["new"]
    assert (Effect.SOONER, "delivery.receipt") in told["sooner"]
    assert (Effect.LATER, "delivery.receipt") in told["later"]


def test_a_query_that_one_text_has_is_a_new_duty_and_so_is_what_follows_it() -> None:
    without = changed(("query_days = 14\n", ""))
    assert (Effect.NEW_DUTY, "delivery.query") in effects(
        under(compared(without, NEW, at=AT), "12")
    )
    assert (Effect.NEW_DUTY, "incident.report") in effects(
        under(compared(without, NEW, at=AT), "17")
    )
    quick = changed(("query_days = 14", "query_days = 3"))
    assert effects(under(compared(NEW, quick, at=AT), "12")) == {(Effect.SOONER, "delivery.query")}


def test_what_no_act_shows_is_told_by_its_terms() -> None:
    longer = changed(("notice_days = 90", "notice_days = 180"))
    (one,) = compared(NEW, longer, at=AT)
    assert (one.article, one.changes) == ("21", ())
    (term,) = one.terms
    assert (term.clause, term.term) == ("term", "notice_days")
    assert (term.before, term.after) == (("90",), ("180",))


def test_a_clause_that_one_text_lacks_is_told_once() -> None:
    without = changed(
        (
            """[[clause]]
article = "17"
type = "incident"
within_hours = 0
suspected = true
results_days = 30
content = ["facts", "measures"]
unanswered = "receiver"
""",
            """[[clause]]
article = "17"
type = "dispute"
""",
        )
    )
    terms = under(compared(NEW, without, at=AT), "17").terms
    assert {(one.clause, one.term, one.before, one.after) for one in terms} == {
        ("incident", "", ("+",), ()),
        ("dispute", "", (), ("+",)),
    }


@pytest.mark.parametrize(
    ("standing", "state", "scope", "incident"),
    [
        (Standing.UNKNOWN, State.NONE, Bearing.TEXT, Bearing.TEXT),
        (Standing.PROPOSED, State.NONE, Bearing.PROPOSED, Bearing.PROPOSED),
        (Standing.SIGNED, State.SIGNED, Bearing.SIGNED, Bearing.SIGNED),
        (Standing.IN_FORCE, State.IN_FORCE, Bearing.IN_FORCE, Bearing.IN_FORCE),
        (Standing.IN_FORCE, State.NOTICE_GIVEN, Bearing.ON_NOTICE, Bearing.ON_NOTICE),
        (
            Standing.IN_FORCE,
            State.NOTICE_SUSPENDED,
            Bearing.NOTICE_SUSPENDED,
            Bearing.NOTICE_SUSPENDED,
        ),
        (Standing.SURVIVAL, State.LAPSED, Bearing.AT_REST, Bearing.GOES_ON),
    ],
)
def test_what_an_article_is(
    standing: Standing, state: State, scope: Bearing, incident: Bearing
) -> None:
    assert bearing(NEW, "1", standing, state) is scope
    assert bearing(NEW, "17", standing, state) is incident
    assert bearing(NEW, "5", standing, state) is Bearing.WORDS


def test_clauses_that_are_at_rest_after_the_end_speak_of_providing_alone() -> None:
    """Over every case that ships: whoever says so of a clause and is wrong is found out."""
    of: dict[str, set[Family]] = {}
    for text in shipped.everything():
        for case in parse_cases(text.cases):
            family = kind(deed_of(case, text.digest)).family
            for one in judged(text, case).findings:
                if one.agreement == text.id:
                    of.setdefault(one.clause, set()).add(family)
    resting = {name for name, one in CLAUSES.items() if one.of_providing}
    assert {"scope", "discretion", "assurance", "depends-on"} <= resting
    assert all(of.get(name, {Family.PROVIDING}) == {Family.PROVIDING} for name in resting)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Wider; no longer"), ("ko", "넓어짐"), ("ja", "広がる")]
)
def test_the_command_says_it_article_by_article(capsys, lang: str, said: str) -> None:
    parsed = {"old": "KOR-JPN-GSOMIA-2012", "new": "KOR-JPN-GSOMIA-2016", "by_article": True}
    assert network.diff(parsed | {"json": False, "lang": lang}) == 0
    told = capsys.readouterr().out
    assert said in told
    assert "tiers.SECRET.levels" in told
    assert network.diff(parsed | {"json": True, "lang": lang}) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"4", "7"} <= {one["article"] for one in found["articles"]}
