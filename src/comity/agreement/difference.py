"""What a new text would change: not the words, but the answers to every class of act.

Two texts are asked about the same acts, in the same circumstances: every level, subject, form and
purpose that either of them names (and one that neither names), in every direction, in force and
in survival, approved and not, assured and not, passed on and not. Where the answers differ in
outcome, article or remedy, the difference is told; acts that differ alike are told together.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

from comity.acts.deeds import Reserve, Stage
from comity.acts.judgements import Judgement, Outcome, Verdict
from comity.agreement.case import Standing
from comity.agreement.cases import judged
from comity.agreement.clauses.assurance import Assurance
from comity.agreement.clauses.authorities import Authorities
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.purpose import Purpose as PurposeClause
from comity.agreement.clauses.scope import Scope
from comity.agreement.clauses.transmission import Transmission
from comity.agreement.scenario import ActOf, Expected, Given, Scenario
from comity.agreement.text import Agreement
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Level, Office, Party, Purpose, Subject, scheme_of

ELSEWHERE = Party("ZZZ")
"""Stands for a party of neither text."""

_BEFORE_MARKING = frozenset({"register.register", "register.re-mark"})
_ANY = Expected(verdict=Outcome.LAWFUL)
OTHER_SUBJECT, OTHER_PURPOSE = Subject("subject-of-neither"), Purpose("purpose-of-neither")
"""Stand for what neither text names."""


class Answer(Struct, frozen=True, order=True):
    """What a text says of a class of act.

    Attributes:
        outcome: Lawful, unlawful, lawful once remedied.
        objections: ``(article, code)`` of what stands in the way.
        remedies: Which acts would make it lawful.
        duties: What a lawful act obliges to.
        forbidden: Those of the objections that no other act would help.
    """

    outcome: str
    objections: tuple[tuple[str, str], ...]
    remedies: tuple[str, ...]
    duties: tuple[tuple[str, str, int], ...]
    forbidden: tuple[tuple[str, str], ...] = ()


class Difference(Struct, frozen=True, kw_only=True):
    """Acts that the two texts answer differently, all in the same way.

    Attributes:
        where: Per feature of an act, the values for which the answers differ so. A feature that
            makes no difference is left out.
        acts: How many classes of act.
    """

    old: Answer
    new: Answer
    where: dict[str, tuple[str, ...]]
    acts: int


def difference(old: Agreement, new: Agreement, *, at: Instant) -> tuple[Difference, ...]:
    """Return every class of act whose judgement changes from one text to the other."""
    grouped: dict[tuple[Answer, Answer], list[dict[str, str]]] = {}
    asked: list[dict[str, str]] = []
    for features, scenario in _acts(old, new, at):
        asked.append(features)
        before, after = answer(judged(old, scenario)), answer(judged(new, scenario))
        if before != after:
            grouped.setdefault((before, after), []).append(features)
    everything = _values(asked)
    return tuple(
        Difference(old=before, new=after, where=_where(found, everything), acts=len(found))
        for (before, after), found in sorted(grouped.items())
    )


def answer(judgement: Judgement) -> Answer:
    """Return what counts of a judgement when two texts are compared."""
    return Answer(
        outcome=judgement.outcome.value,
        objections=tuple(sorted({(one.article, one.reason.code) for one in judgement.objections})),
        forbidden=tuple(
            sorted(
                {
                    (one.article, one.reason.code)
                    for one in judgement.objections
                    if one.verdict is Verdict.FORBIDS
                }
            )
        ),
        remedies=tuple(sorted({one.act for one in judgement.remedies})),
        duties=tuple(
            sorted(
                (one.what, one.article, -1 if isinstance(one.within, UnsetType) else one.within)
                for one in judgement.duties
            )
        )
        if judgement.outcome is Outcome.LAWFUL
        else (),
    )


def _values(asked: Iterable[dict[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in asked:
        for name, value in one.items():
            found.setdefault(name, set()).add(value)
    return found


def _where(
    found: Sequence[dict[str, str]], everything: dict[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    told = {}
    for name, values in _values(found).items():
        if values != everything[name] or len(values) == 1:
            told[name] = tuple(sorted(values))
    return told


class _Order(NamedTuple):
    """What makes an act in order under the texts that are asked about.

    Attributes:
        texts: Both of them: what is in order under both is taken before what is under one.
    """

    texts: tuple[Agreement, Agreement]
    at: Instant

    def form(self) -> Form:
        """Return a form that both texts let a node carry."""
        carried = [
            set(clause.by_node)
            for text in self.texts
            for clause in text.clauses
            if isinstance(clause, Transmission)
        ]
        fitting = [one for one in Form if all(one in forms for forms in carried)]
        return Form.ELECTRONIC if Form.ELECTRONIC in fitting or not fitting else fitting[0]

    def offices(self, party: Party) -> tuple[Office, ...]:
        """Return an office that acts, and is addressed, under the first text that names some."""
        for text in self.texts:
            named = text.clause("authorities")
            if isinstance(named, Authorities) and (named.entry or named.offices):
                return named.addressed(party)
        return (Office(f"{party}/OFFICE"),)

    def assured(self, level: Level, receiver: Party) -> Level:
        """Return the receiver's level that an assurance names for an item of a level."""
        return self._first(
            [
                [one for one in clause.covers.get(level, ()) if scheme_of(one) == receiver]
                for text in self.texts
                for clause in text.clauses
                if isinstance(clause, Assurance)
            ],
            level,
        )

    def marked(self, level: Level, holder: Party) -> Level:
        """Return the holder's level by which an item of a level is marked."""
        found = []
        for text in self.texts:
            for clause in text.clauses:
                tier = clause.tier_of(level, self.at) if isinstance(clause, Equivalence) else None
                if isinstance(clause, Equivalence) and tier is not None:
                    choices = clause.received_as(tier, holder, self.at, own=level)
                    found.append([one.level for one in choices])
        return self._first(found, level)

    @staticmethod
    def _first(found: Sequence[Sequence[Level]], otherwise: Level) -> Level:
        named = [one for levels in found for one in levels]
        both = [one for one in named if all(one in levels for levels in found)]
        return next(iter((*both, *named)), otherwise)


def _acts(old: Agreement, new: Agreement, at: Instant) -> Iterator[tuple[dict[str, str], Scenario]]:
    parties = tuple(dict.fromkeys((*old.parties, *new.parties)))
    levels, subjects = _levels((old, new)), _subjects((old, new))
    purposes = _purposes((old, new))
    order = _Order((old, new), at)
    forms, carried = tuple(Form), order.form()
    for provider, receiver in product(parties, (*parties, ELSEWHERE)):
        if provider == receiver:
            continue
        own = [level for level in levels if scheme_of(level) == provider]
        for level, subject, form in product(own, subjects, forms):
            yield _release(order, provider, receiver, level, subject, form, purposes[0])
        for level, purpose in product(own, purposes):
            yield _release(order, provider, receiver, level, subjects[0], carried, purpose)
        for level, kind in product(own, ("survival", "unapproved", "not-assured", "stale")):
            yield _release(
                order, provider, receiver, level, subjects[0], carried, purposes[0], but=kind
            )
        foreign = [level for level in levels if scheme_of(level) not in (provider, receiver)]
        theirs = [level for level in levels if scheme_of(level) == receiver]
        for level in (*foreign, *theirs):
            yield _release(
                order, provider, receiver, level, subjects[0], carried, purposes[0], but="passed-on"
            )
    yield from _later(order, parties, levels, subjects[0], purposes[0])


def _later(
    order: _Order,
    parties: Sequence[Party],
    levels: Sequence[Level],
    subject: Subject,
    purpose: Purpose,
) -> Iterator[tuple[dict[str, str], Scenario]]:
    """Go through what a holder does with what it was given."""
    for holder, provider in product(parties, parties):
        if holder == provider:
            continue
        for level in (one for one in levels if scheme_of(one) == provider):
            for kind, stage in (
                ("delivery.receipt", Stage.PACKAGE),
                ("delivery.receipt", Stage.DOCUMENT),
                ("register.register", Stage.DOCUMENT),
                ("register.assign", Stage.DOCUMENT),
                ("register.access", Stage.DOCUMENT),
            ):
                counted = kind == "delivery.receipt" and stage is Stage.DOCUMENT
                for but in ("", "survival", "reserve") if counted else ("", "survival"):
                    features = {
                        "act": kind if kind != "delivery.receipt" else f"{kind} {stage.value}",
                        "by": holder,
                        "to": provider,
                        "level": level,
                        "circumstance": but or "in-order",
                    }
                    yield (
                        features,
                        _scenario(
                            order,
                            kind,
                            holder,
                            provider,
                            level,
                            subject,
                            Form.ELECTRONIC,
                            purpose,
                            but,
                            stage,
                        ),
                    )
            for mark in (one for one in levels if scheme_of(one) == holder):
                features = {
                    "act": "register.re-mark",
                    "by": holder,
                    "to": provider,
                    "level": level,
                    "mark": mark,
                }
                scenario = _scenario(
                    order,
                    "register.re-mark",
                    holder,
                    provider,
                    level,
                    subject,
                    Form.ELECTRONIC,
                    purpose,
                    "",
                    Stage.DOCUMENT,
                    mark=mark,
                )
                yield features, scenario


def _release(  # noqa: PLR0913 - the features of a class of act
    order: _Order,
    provider: Party,
    receiver: Party,
    level: Level,
    subject: Subject,
    form: Form,
    purpose: Purpose,
    *,
    but: str = "",
) -> tuple[dict[str, str], Scenario]:
    features = {
        "act": "release.release",
        "by": provider,
        "to": receiver,
        "level": level,
        "subject": subject,
        "form": form.value,
        "purpose": purpose,
        "circumstance": but or "in-order",
    }
    return features, _scenario(
        order,
        "release.release",
        provider,
        receiver,
        level,
        subject,
        form,
        purpose,
        but,
        Stage.DOCUMENT,
    )


def _scenario(  # noqa: PLR0913 - the features of a class of act
    order: _Order,
    kind: str,
    acting: Party,
    other: Party,
    level: Level,
    subject: Subject,
    form: Form,
    purpose: Purpose,
    but: str,
    stage: Stage,
    *,
    mark: Level | UnsetType = UNSET,
) -> Scenario:
    standing = Standing.SURVIVAL if but == "survival" else Standing.IN_FORCE
    # A release is received by the other party; whatever else is asked is done by who holds it.
    released = kind == "release.release"
    own = level if released or kind == "register.re-mark" else order.marked(level, acting)
    given = Given(
        originator=scheme_of(level) if but == "passed-on" else UNSET,
        level=level,
        subject=subject,
        purpose=purpose,
        form=form,
        sealed=form in (Form.ELECTRONIC, Form.DOCUMENTARY),
        standing=standing,
        approved_by=() if but == "unapproved" else ("first", "second"),
        assured=UNSET if but == "not-assured" else order.assured(level, other),
        marked=UNSET if released or kind in _BEFORE_MARKING else own,
        age=1 << 40 if but == "stale" else 60,
        assured_until=Instant("9999-12-31T00:00:00.000Z"),
        cleared=(level, own),
        needs=(subject,),
        at=order.at,
    )
    offices = order.offices(other) if released else ()
    act = ActOf(
        kind=kind,
        by=order.offices(acting)[0],
        to=other,
        offices=offices,
        level=mark,
        stage=stage,
        reserve=(Reserve.SHORT,) if but == "reserve" else (),
    )
    return Scenario(article=Article("1"), says="asked", act=act, given=given, expect=_ANY)


def _levels(texts: Iterable[Agreement]) -> tuple[Level, ...]:
    return tuple(
        dict.fromkeys(
            one.level
            for text in texts
            for clause in text.clauses
            if isinstance(clause, Equivalence)
            for tier in clause.tiers
            for one in tier.levels
        )
    )


def _subjects(texts: Iterable[Agreement]) -> tuple[Subject, ...]:
    named = [
        subject
        for text in texts
        for clause in text.clauses
        if isinstance(clause, Scope)
        for subject in (*clause.subjects, *(one.subject for one in clause.excluded))
    ]
    return tuple(dict.fromkeys((*named, OTHER_SUBJECT)))


def _purposes(texts: Iterable[Agreement]) -> tuple[Purpose, ...]:
    named = [
        one
        for text in texts
        for clause in text.clauses
        if isinstance(clause, PurposeClause)
        for one in clause.purposes
    ]
    return tuple(dict.fromkeys((*named, OTHER_PURPOSE)))
