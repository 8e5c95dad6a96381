"""Laws of judgement under every text there is: asked clause by clause, with less, with worse.

The acts are those of all scenario cases, of the texts that ship and of the trials; what is taken
away or added is found by the type of the fact, not by the case.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from msgspec import UNSET, structs

from comity.acts.canonical import encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Finding, Outcome, judgement_digest
from comity.agreement.case import Case, ConsentFact, Standing
from comity.agreement.cases import _case
from comity.agreement.clauses import Voice
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.agreement.scenarios import deed_of, parse_cases
from comity.agreement.text import Agreement, open_bundle
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from tests.support.couple import FOLDER, bundle
from tests.support.pair import gsomia

WEIGHT = {Outcome.LAWFUL: 0, Outcome.REMEDIABLE: 1, Outcome.UNLAWFUL: 2}
SHIPPED = files("comity.agreement").joinpath("texts")
TEXTS = {
    **{one.name: gsomia(one.name) for one in SHIPPED.iterdir() if one.is_dir()},
    **{one.name: bundle(one.name) for one in FOLDER.iterdir() if one.is_dir()},
}
VOICES = list(Voice)
BEFORE = Instant("2000-01-01T00:00:00.000Z")


def acts(text: Agreement) -> Iterator[tuple[Entry, Case]]:
    for one in parse_cases(text.cases):
        entry = Entry(deed=deed_of(one, text.digest), at=one.given.at, salt=bytes(16))
        yield entry, _case(text, one)


def under(text: Agreement) -> Texts:
    return Texts(hop=text, origins=(), ground=GROUND, profile=None)


def weight(text: Agreement, entry: Entry, case: Case, voice: Voice) -> int:
    return WEIGHT[judge(under(text), entry, case, voice=voice).outcome]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_clause_is_left_out_and_none_is_asked_twice(name: str) -> None:
    """What the sorted clauses say is what every clause says, in the order of the text."""
    text = open_bundle(TEXTS[name])
    for entry, case in acts(text):
        for voice in VOICES:
            made = judge(under(text), entry, case, voice=voice)
            each = [one.judge(entry, case) for one in text.clauses if one.voice is voice]
            said = [one for one in each if isinstance(one, Finding)]
            mine = [one for one in made.findings if one.agreement == text.id]
            if mine or voice is Voice.DOMESTIC:
                assert mine == said
            if made.outcome is Outcome.LAWFUL and voice is Voice.COMMON and mine:
                owed = [
                    duty
                    for one in text.clauses
                    if one.voice is voice
                    for duty in one.duties(entry, case)
                ]
                assert list(made.duties) == owed


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_same_bytes_have_the_same_judgement(name: str) -> None:
    one, other = open_bundle(TEXTS[name]), open_bundle.__wrapped__(TEXTS[name])
    assert one is not other
    for entry, case in acts(one):
        again = decode_entry(encode(entry))
        for voice in VOICES:
            left = judge(under(one), entry, case, voice=voice)
            right = judge(under(other), again, structs.replace(case), voice=voice)
            assert judgement_digest(left) == judgement_digest(right)


OF_PERSONS = ("cleared", "needs", "certified")
ENABLING = ("approvals", "assurances", "consents", "notified", "designating")


def less(case: Case) -> Iterator[tuple[str, Case]]:
    """Give the case without each enabling fact that it has."""
    for field in ENABLING:
        value: tuple[Any, ...] = getattr(case, field)
        for place, one in enumerate(value):
            if isinstance(one, ConsentFact) and one.mode == "pass-on-only":
                continue  # it restricts besides: it does not only enable
            yield field, structs.replace(case, **{field: value[:place] + value[place + 1 :]})
    for place, (party, view) in enumerate(case.views):
        if view is Standing.IN_FORCE:
            views = list(case.views)
            views[place] = (party, Standing.PROPOSED)
            yield "views", structs.replace(case, views=tuple(views))
    if case.visited:
        yield "visited", structs.replace(case, visited=False)
    item = case.item
    if case.sealed and item is not UNSET and item.form in (Form.ELECTRONIC, Form.DOCUMENTARY):
        yield "sealed", structs.replace(case, sealed=False)
    if case.house is not UNSET and case.house.person is not UNSET:
        for field in OF_PERSONS:
            person = structs.replace(case.house.person, **{field: ()})
            yield field, structs.replace(case, house=structs.replace(case.house, person=person))


def worse(case: Case) -> Iterator[tuple[str, Case]]:
    """Give the case with each disabling fact that it has not."""
    yield "incidents", structs.replace(case, incidents=case.incidents + 1)
    for field, value in (("problem", "seen.unknown"), ("age", 10**9), ("directory", False),
                         ("expired", True)):  # fmt: skip
        yield field, structs.replace(case, cut=structs.replace(case.cut, **{field: value}))
    yield (
        "consents",
        structs.replace(
            case, consents=tuple(structs.replace(one, withdrawn=True) for one in case.consents)
        ),
    )
    yield "consents", structs.replace(case, consents=tuple(map(_over, case.consents)))
    if case.item is not UNSET and not case.item.releasable:
        item = structs.replace(case.item, releasable=("NZL",))
        yield "releasable", structs.replace(case, item=item)


def _over(one: ConsentFact) -> ConsentFact:
    return structs.replace(one, until=BEFORE)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_with_less_that_enables_or_more_that_disables_nothing_is_more_lawful(name: str) -> None:
    text = open_bundle(TEXTS[name])
    changed = set()
    for entry, case in acts(text):
        for voice in VOICES:
            before = weight(text, entry, case, voice)
            for what, other in (*less(case), *worse(case)):
                after = weight(text, entry, other, voice)
                if what in OF_PERSONS:
                    # Why somebody is not admitted is told by what is nearest; that stays so.
                    assert min(after, 1) >= min(before, 1), (what, entry.deed, voice)
                else:
                    assert after >= before, (what, entry.deed, voice)
                if after > before:
                    changed.add(what)
    # The law is not kept by facts that nothing looks at.
    assert changed >= {"approvals", "views", "problem", "age"}
