"""The state of an agreement is derived from its instruments (Article 21)."""

from importlib.resources import files

import pytest
from msgspec import UNSET, structs

from comity.agreement.case import InstrumentFact, Standing
from comity.agreement.lifecycle import in_force_since, standing, term_end
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party

SOURCE = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_bytes()
PACT = open_bundle(bundle_bytes(SOURCE, b"", {}))
KOR, JPN, USA = Party("KOR"), Party("JPN"), Party("USA")


def at(day):
    return Instant(f"2026-11-{day:02d}T00:00:00.000Z")


def fact(author, act, day):
    return InstrumentFact(author=author, act=f"treaty.{act}", at=at(day))


PROPOSED = fact(KOR, "propose", 1)
SIGNED = (fact(KOR, "sign", 2), fact(JPN, "sign", 3))
NOTED = (fact(KOR, "notify-requirements-met", 4), fact(JPN, "notify-requirements-met", 6))


def with_terms(kind, **terms):
    clauses = tuple(
        structs.replace(one, **terms) if one.type == kind else one for one in PACT.clauses
    )
    return structs.replace(PACT, clauses=clauses)


def in_utc(agreement):
    """The same text, whose days are counted in UTC: those of the fixtures are Korea's."""
    return structs.replace(agreement, meta=structs.replace(agreement.meta, clocks=UNSET))


def view(facts, day, agreement=PACT):
    views = standing(agreement, facts, at=at(day))
    assert [party for party, _ in views] == [JPN, KOR]
    (found,) = {one for _, one in views}
    return found


@pytest.mark.obligation("GSOMIA-21-1")
@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ((), 9, Standing.UNKNOWN),
        ((PROPOSED,), 9, Standing.PROPOSED),
        ((PROPOSED, SIGNED[0]), 9, Standing.PROPOSED),
        ((PROPOSED, *SIGNED), 9, Standing.SIGNED),
        ((PROPOSED, *SIGNED, NOTED[0]), 9, Standing.SIGNED),
        ((PROPOSED, *SIGNED, NOTED[1]), 9, Standing.SIGNED),
        ((PROPOSED, *SIGNED, *NOTED), 9, Standing.IN_FORCE),
        ((PROPOSED, *SIGNED, *NOTED), 6, Standing.IN_FORCE),
        ((PROPOSED, *SIGNED, *NOTED), 5, Standing.SIGNED),
        ((PROPOSED, *SIGNED, *NOTED), 2, Standing.PROPOSED),
        ((PROPOSED, SIGNED[0], *NOTED), 9, Standing.PROPOSED),
        (
            (PROPOSED, *SIGNED, NOTED[0], fact(USA, "notify-requirements-met", 5)),
            9,
            Standing.SIGNED,
        ),
        ((PROPOSED, SIGNED[0], fact(USA, "sign", 3), *NOTED), 9, Standing.PROPOSED),
    ],
)
def test_it_is_in_force_by_the_later_of_two_notifications(facts, day, expected):
    assert view(facts, day) is expected


def test_the_later_note_gives_the_date_whoever_sends_it_and_the_first_of_each_counts():
    again = fact(JPN, "notify-requirements-met", 8)
    assert in_force_since(PACT, (*SIGNED, *NOTED, again)) == at(6)
    assert in_force_since(PACT, (*SIGNED, *reversed(NOTED))) == at(6)
    assert in_force_since(PACT, (*SIGNED, NOTED[0])) is None


def test_an_agreement_may_be_in_force_by_signature_alone():
    by_signature = with_terms("entry-into-force", by="signature")
    assert view((PROPOSED, *SIGNED), 3, by_signature) is Standing.IN_FORCE


@pytest.mark.obligation("GSOMIA-21-3")
@pytest.mark.parametrize(
    ("terms", "since", "end"),
    [
        ({}, "2016-11-23", "9999-12-31"),
        ({"renewal": "none"}, "2016-11-23", "2017-11-23"),
        ({"renewal": "by-agreement", "years": 5}, "2016-11-23", "2021-11-23"),
        ({"renewal": "none", "years": 0}, "2016-11-23", "9999-12-31"),
        ({"renewal": "none"}, "2016-02-29", "2017-03-01"),
        ({"renewal": "none", "years": 4}, "2016-02-29", "2020-02-29"),
    ],
)
def test_a_term_is_extended_by_itself_or_ends(terms, since, end):
    begun = Instant(f"{since}T00:00:00.000Z")
    found = term_end(in_utc(with_terms("term", **terms)), begun)
    assert found == f"{end}T00:00:00.000Z"


@pytest.mark.obligation("GSOMIA-21-4")
def test_after_its_end_it_survives():
    ended = in_utc(with_terms("term", renewal="none"))
    facts = (PROPOSED, *SIGNED, *NOTED)
    last, first = Instant("2027-11-05T23:59:59.999Z"), Instant("2027-11-06T00:00:00.000Z")
    assert dict(standing(ended, facts, at=last)) == {KOR: Standing.IN_FORCE, JPN: Standing.IN_FORCE}
    assert dict(standing(ended, facts, at=first))[KOR] is Standing.SURVIVAL
