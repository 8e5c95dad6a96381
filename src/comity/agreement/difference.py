"""What a new text would change: not the words, but the answers to every class of act.

Two texts are asked about the same acts, in the same circumstances: every level, subject, form and
purpose that either of them names (and one that neither names), in every direction, in force and
in survival, approved and not, assured and not, passed on and not. Where the answers differ in
outcome, article or remedy, the difference is told; acts that differ alike are told together.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from msgspec import UNSET, Struct, UnsetType

from comity.acts.deeds import Stage
from comity.acts.judgements import Judgement, Outcome
from comity.agreement.case import Standing
from comity.agreement.cases import judged
from comity.agreement.clauses.equivalence import Equivalence
from comity.agreement.clauses.purpose import Purpose as PurposeClause
from comity.agreement.clauses.scope import Scope
from comity.agreement.scenarios import ActOf, Expected, Given, Scenario
from comity.agreement.text import Agreement
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Level, Office, Party, Purpose, Subject, scheme_of

_ELSEWHERE = Party("ZZZ")
_ANY = Expected(verdict=Outcome.LAWFUL)
_OTHER_SUBJECT, _OTHER_PURPOSE = Subject("subject-of-neither"), Purpose("purpose-of-neither")


class Answer(Struct, frozen=True, order=True):
    """What a text says of a class of act.

    Attributes:
        outcome: Lawful, unlawful, lawful once remedied.
        objections: ``(article, code)`` of what stands in the way.
        remedies: Which acts would make it lawful.
        duties: What a lawful act obliges to.
    """

    outcome: str
    objections: tuple[tuple[str, str], ...]
    remedies: tuple[str, ...]
    duties: tuple[tuple[str, str, int], ...]


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


def _acts(old: Agreement, new: Agreement, at: Instant) -> Iterator[tuple[dict[str, str], Scenario]]:
    parties = tuple(dict.fromkeys((*old.parties, *new.parties)))
    levels, subjects = _levels((old, new)), _subjects((old, new))
    purposes = _purposes((old, new))
    forms = tuple(Form)
    for provider, receiver in product(parties, (*parties, _ELSEWHERE)):
        if provider == receiver:
            continue
        own = [level for level in levels if scheme_of(level) == provider]
        for level, subject, form in product(own, subjects, forms):
            yield _release(provider, receiver, level, subject, form, purposes[0], at)
        for level, purpose in product(own, purposes):
            yield _release(provider, receiver, level, subjects[0], forms[0], purpose, at)
        for level, kind in product(own, ("survival", "unapproved", "not-assured", "stale")):
            yield _release(
                provider, receiver, level, subjects[0], forms[0], purposes[0], at, but=kind
            )
        foreign = [level for level in levels if scheme_of(level) not in (provider, receiver)]
        theirs = [level for level in levels if scheme_of(level) == receiver]
        for level in (*foreign, *theirs):
            yield _release(
                provider, receiver, level, subjects[0], forms[0], purposes[0], at, but="passed-on"
            )
    yield from _later(parties, levels, subjects[0], purposes[0], at)


def _later(
    parties: Sequence[Party],
    levels: Sequence[Level],
    subject: Subject,
    purpose: Purpose,
    at: Instant,
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
                for but in ("", "survival"):
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
                            kind,
                            holder,
                            provider,
                            level,
                            subject,
                            Form.ELECTRONIC,
                            purpose,
                            at,
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
                    "register.re-mark",
                    holder,
                    provider,
                    level,
                    subject,
                    Form.ELECTRONIC,
                    purpose,
                    at,
                    "",
                    Stage.DOCUMENT,
                    mark=mark,
                )
                yield features, scenario


def _release(  # noqa: PLR0913 - the features of a class of act
    provider: Party,
    receiver: Party,
    level: Level,
    subject: Subject,
    form: Form,
    purpose: Purpose,
    at: Instant,
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
        "release.release",
        provider,
        receiver,
        level,
        subject,
        form,
        purpose,
        at,
        but,
        Stage.DOCUMENT,
    )


def _scenario(  # noqa: PLR0913 - the features of a class of act
    kind: str,
    acting: Party,
    other: Party,
    level: Level,
    subject: Subject,
    form: Form,
    purpose: Purpose,
    at: Instant,
    but: str,
    stage: Stage,
    *,
    mark: Level | UnsetType = UNSET,
) -> Scenario:
    standing = Standing.SURVIVAL if but == "survival" else Standing.IN_FORCE
    given = Given(
        originator=scheme_of(level) if but == "passed-on" else UNSET,
        level=level,
        subject=subject,
        purpose=purpose,
        form=form,
        sealed=form in (Form.ELECTRONIC, Form.DOCUMENTARY),
        standing=standing,
        approved_by=() if but == "unapproved" else ("first", "second"),
        assured=UNSET if but == "not-assured" else level,
        age=1 << 40 if but == "stale" else 60,
        assured_until=Instant("9999-12-31T00:00:00.000Z"),
        cleared=(level,),
        needs=(subject,),
        at=at,
    )
    act = ActOf(kind=kind, by=Office(f"{acting}/OFFICE"), to=other, level=mark, stage=stage)
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
    return tuple(dict.fromkeys((*named, _OTHER_SUBJECT)))


def _purposes(texts: Iterable[Agreement]) -> tuple[Purpose, ...]:
    named = [
        one
        for text in texts
        for clause in text.clauses
        if isinstance(clause, PurposeClause)
        for one in clause.purposes
    ]
    return tuple(dict.fromkeys((*named, _OTHER_PURPOSE)))
