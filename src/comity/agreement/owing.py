"""What a text makes due of a holder and never lets it do: duties that no act discharges.

Part of the second reading (:mod:`comity.agreement.check`). As in
:mod:`comity.agreement.probing` nothing here knows which clause forbids what: the act that a
duty names is judged in every way in which a holder could do it, of items of every level and form
that cross, in force and after the end.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from comity.acts.deeds import Method
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Outcome, Verdict
from comity.agreement.case import Case, Standing
from comity.agreement.cases import judged
from comity.agreement.check_table import levels_that_cross
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.scope import Scope
from comity.agreement.complaints import Complaint
from comity.agreement.hops import favourable
from comity.agreement.net import Net, Thing
from comity.agreement.placed import Placed
from comity.agreement.scenario import NOW, ActOf, Expected, Given, Scenario
from comity.agreement.scenarios import deed_of
from comity.agreement.text import Agreement
from comity.vocabulary.forms import Form
from comity.vocabulary.names import Article, Level, Office, Party, Purpose, Subject, scheme_of

_ENOUGH: Final = 99
"""Witnesses and persons, as many as any text asks for."""

_BY: Final[tuple[dict[str, Any], ...]] = tuple(
    {"method": one.value, "witnesses": _ENOUGH, "emergency": False} for one in Method
)

_WAYS: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "delivery.certificate": tuple({"copies": (1,), **one} for one in _BY),
    "delivery.receipt": ({},),
    "delivery.return": ({"copy": 1},),
    "register.destroy": tuple({"copy": 1, **one} for one in _BY),
    "register.muster": ({"found": (1,), "missing": (), "persons": _ENOUGH},),
}
"""The acts of a holder that a duty may name, each in every way in which it is done."""

_MAKING: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("release.release", {}),
    ("release.recall", {}),
    ("treaty.give-notice", {"channel": "diplomatic", "on": NOW[:10]}),
    ("register.destroy", _WAYS["register.destroy"][0]),
    ("register.destroy", {**_WAYS["register.destroy"][0], "emergency": True}),
    ("register.muster", _WAYS["register.muster"][0]),
)
"""Acts from which a holder comes to owe one of these."""


def never_discharged(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[Complaint]:
    """Complain of each duty of a holder that it may not do for items of some level."""
    told: set[tuple[int, str, Level]] = set()
    for level, one, what in _owed(agreement, placed):
        key = (one.line, what, level)
        if key in told:
            continue
        told.add(key)
        against = _against(agreement, what, level)
        if against is not None:
            yield one.complaint(
                "contradiction",
                f"{what} is owed here for items at {level}, and Article {against.article} "
                f"({against.clause}) never lets it be done: {against.reason.code}",
                f"Let nothing be owed that is forbidden, or change Article {against.article}",
            )


def _owed(agreement: Agreement, placed: tuple[Placed, ...]) -> Iterator[tuple[Level, Placed, str]]:
    """Give each level that crosses with the clauses that make something due, and what."""
    for level in levels_that_cross(agreement):
        for giver, taker in _between(agreement, level):
            for entry, case in _made(agreement, level, giver, taker):
                for one in placed:
                    for duty in one.clause.duties(entry, case):
                        if duty.what in _WAYS:
                            yield level, one, duty.what


def _made(
    agreement: Agreement, level: Level, giver: Party, taker: Party
) -> Iterator[tuple[Entry, Case]]:
    """Give the acts from which something comes to be owed for an item of a level."""
    net = Net(agreements=(agreement,), at=NOW)
    thing = Thing(
        originator=giver, level=level, subject=Subject("any"), purpose=Purpose("any"),
        form=_forms(agreement)[0],
    )  # fmt: skip
    _, case = favourable(net, thing, agreement, giver, taker)
    for kind, fields in _MAKING:
        by = _office(agreement, giver)
        scenario = _scenario(kind, fields, by, taker, level, thing.form, Standing.IN_FORCE)
        deed = deed_of(scenario, agreement.digest)
        yield Entry(deed=deed, at=NOW, salt=bytes(16)), case


def _against(agreement: Agreement, what: str, level: Level) -> Finding | None:
    """Return what forbids an act of a holder in the way that comes nearest; none: it can be done.

    What asks for another act first (a consent, a chain of receipts) does not forbid.
    """
    nearest: list[Finding] = []
    for giver, holder in _between(agreement, level):
        ways = product(_WAYS[what], _forms(agreement), (Standing.IN_FORCE, Standing.SURVIVAL))
        for fields, form, standing in ways:
            by = _office(agreement, holder)
            scenario = _scenario(what, fields, by, giver, level, form, standing)
            found = judged(agreement, scenario)
            against = [one for one in found.findings if one.verdict is Verdict.FORBIDS]
            if found.outcome is not Outcome.UNLAWFUL or not against:
                return None
            if not nearest or len(against) < len(nearest):
                nearest = against
    return nearest[0] if nearest else None


def _between(agreement: Agreement, level: Level) -> Iterator[tuple[Party, Party]]:
    giver = scheme_of(level)
    if giver in agreement.parties:
        yield from ((giver, taker) for taker in agreement.parties if taker != giver)


def _office(agreement: Agreement, party: Party) -> Office:
    """Return an office that may act for a party, where the text names some."""
    named = agreement.clause("authorities")
    if isinstance(named, Authorities):
        return named.addressed(party)[0]
    return Office(f"{party}/OFFICE")


def _forms(agreement: Agreement) -> tuple[Form, ...]:
    scope = agreement.clause("scope")
    return scope.forms if isinstance(scope, Scope) and scope.forms else (Form.ELECTRONIC,)


def _scenario(  # noqa: PLR0913 - an act and what it is about
    kind: str,
    fields: dict[str, Any],
    by: Office,
    other: Party,
    level: Level,
    form: Form,
    standing: Standing,
) -> Scenario:
    return Scenario(
        article=Article("1"),
        says="",
        act=ActOf(kind=kind, by=by, to=other, fields=fields),
        given=Given(
            level=level,
            marked=level,
            subject=Subject("any"),
            purpose=Purpose("any"),
            form=form,
            standing=standing,
        ),
        expect=Expected(verdict=Outcome.LAWFUL),
    )
