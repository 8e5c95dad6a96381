"""What a text covers and never lets pass: clauses that together close every way.

Part of the second reading (:mod:`comity.agreement.check`). Nothing here knows which clause
forbids what: releases of all that the text covers are judged by the text itself, and whatever
a person could put in order counts as put in order. What no such release can do is answered
differently by two clauses; a kind of clause that is added tomorrow is found as well.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

from comity.acts.judgements import Finding, Judgement, Outcome, Verdict
from comity.agreement.cases import judged
from comity.agreement.check_table import levels_that_cross
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.network import Exercise
from comity.agreement.clauses.purpose import Purpose
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.standing import StandingRelease
from comity.agreement.complaints import Complaint
from comity.agreement.placed import Placed
from comity.agreement.scenario import NOW, ActOf, Expected, Given, Scenario
from comity.agreement.text import Agreement
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import (
    Article,
    Caveat,
    Level,
    Office,
    Party,
    Subject,
    is_within,
    scheme_of,
)
from comity.vocabulary.names import Purpose as PurposeCode


class _Try(NamedTuple):
    """One release: from whom to whom, of what, and when."""

    giver: Party
    taker: Party
    level: Level
    form: Form
    subject: Subject
    at: Instant
    sealed: bool


class _Covered(NamedTuple):
    """Something that a clause covers, and which releases are of it."""

    by: Placed
    what: str
    of: Callable[[_Try], bool]


def dead_ends(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Complain of each form, level and subject that is covered and can never be released."""
    if agreement.clause("discretion") is None or agreement.clause("equivalence") is None:
        return  # Without these nothing is released; the text is told so elsewhere.
    tried = [(one, _judged(agreement, one)) for one in _tries(agreement)]
    open_ways = [one for one, found in tried if found.outcome is not Outcome.UNLAWFUL]
    for covered in _covered(agreement, placed):
        closed = [found for one, found in tried if covered.of(one)]
        if closed and not any(covered.of(one) for one in open_ways):
            why = _why(closed, covered.by)
            yield covered.by.complaint(
                "contradiction",
                f"{covered.what} is covered here, and Article {why.article} ({why.clause}) never "
                f"lets it pass: {why.reason.code}",
                f"Leave {covered.what} out here, or change Article {why.article}",
            )


def _covered(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[_Covered]:
    for one in placed:
        match one.clause:
            case Scope(forms=forms, subjects=subjects):
                for form in forms:
                    yield _Covered(one, form.value, partial(_of_form, form))
                for subject in subjects:
                    yield _Covered(one, subject, partial(_about, subject))
            case Equivalence() as table:
                for level in levels_that_cross(agreement):
                    if scheme_of(level) in agreement.parties:
                        yield _Covered(one, level, partial(_at, table, level))
            case _:
                continue


def _of_form(form: Form, one: _Try) -> bool:
    return one.form is form


def _about(subject: Subject, one: _Try) -> bool:
    return is_within(one.subject, subject)


def _at(table: Equivalence, level: Level, one: _Try) -> bool:
    """Tell whether a release is of an item at a level, or one that may be marked with it."""
    if one.level == level:
        return True
    tier = table.tier_of(one.level, one.at)
    return (
        one.taker == scheme_of(level)
        and tier is not None
        and any(
            choice.level == level
            for choice in table.received_as(tier, one.taker, one.at, own=one.level)
        )
    )


def _why(closed: list[Judgement], by: Placed) -> Finding:
    """Return what forbids the releases that come nearest; another clause's word if there is one."""
    against = [
        [one for one in judgement.findings if one.verdict is Verdict.FORBIDS]
        for judgement in closed
    ]
    fewest = min(map(len, against))
    nearest = [one for found in against if len(found) == fewest for one in found]
    others = [one for one in nearest if one.clause != by.clause.type] or nearest
    return Counter(others).most_common(1)[0][0]


def _tries(agreement: Agreement) -> Iterator[_Try]:
    scope, flow = agreement.clause("scope"), agreement.clause("standing-release")
    drill = agreement.clause("exercise")
    forms = scope.forms if isinstance(scope, Scope) else (Form.ELECTRONIC,)
    subjects = scope.subjects if isinstance(scope, Scope) else (Subject("any"),)
    if isinstance(flow, StandingRelease):
        subjects = (*subjects, *flow.subjects)
    times = (drill.begins,) if isinstance(drill, Exercise) else _times(agreement)
    for giver, taker, level in product(
        agreement.parties, agreement.parties, levels_that_cross(agreement)
    ):
        if giver != taker and scheme_of(level) == giver:
            for rest in product(forms, dict.fromkeys(subjects), times, (True, False)):
                yield _Try(giver, taker, level, *rest)


def _times(agreement: Agreement) -> tuple[Instant, ...]:
    """Return now, and instants at which each dated line of the table holds."""
    table = agreement.clause("equivalence")
    if not isinstance(table, Equivalence):
        return (NOW,)
    cells = [cell for tier in table.tiers for cell in tier.levels]
    begin = [one.since for one in cells if isinstance(one.since, str)]
    end = [plus_seconds(one.until, -1) for one in cells if isinstance(one.until, str)]
    return tuple(dict.fromkeys((NOW, *begin, *end)))


def _judged(agreement: Agreement, one: _Try) -> Judgement:
    registries, purpose = agreement.clause("authorities"), agreement.clause("purpose")
    drill = agreement.clause("exercise")
    by, to = Office(f"{one.giver}/OFFICE"), Office(f"{one.taker}/OFFICE")
    if isinstance(registries, Authorities):
        by, to = (registries.addressed(each)[0] for each in (one.giver, one.taker))
    caveats: tuple[Caveat, ...] = (drill.caveat,) if isinstance(drill, Exercise) else ()
    uses = purpose.purposes if isinstance(purpose, Purpose) else ()
    return judged(
        agreement,
        Scenario(
            article=Article("1"),
            says="",
            act=ActOf(
                kind="release.release",
                by=by,
                to=one.taker,
                offices=(to,),
            ),
            given=Given(
                level=one.level,
                subject=one.subject,
                purpose=uses[0] if uses else PurposeCode("any"),
                form=one.form,
                caveats=caveats,
                at=one.at,
                sealed=one.sealed,
            ),
            expect=Expected(verdict=Outcome.LAWFUL),
        ),
    )
