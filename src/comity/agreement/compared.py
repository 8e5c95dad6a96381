"""Two versions of a text compared by meaning, article by article: what is wider, what is narrower.

It rests on :mod:`comity.agreement.difference`, which judges every class of act under both, and on
the terms themselves for what no act shows (when a notice is in time, how long a term is).
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

import msgspec
from msgspec import Struct

from comity.acts.judgements import Outcome
from comity.agreement.bearing import clauses_of
from comity.agreement.difference import Answer, Difference, difference
from comity.agreement.text import Agreement
from comity.vocabulary.instants import Instant

_RANK: Final = {Outcome.UNLAWFUL: 0, Outcome.REMEDIABLE: 1, Outcome.LAWFUL: 2}
_NO_TEXT: Final = "ground.agreement.none"


_THERE: Final = "+"
"""Stands for a clause that only one of the two texts has."""


class Effect(Enum):
    """What a new text makes of a class of acts.

    WIDER: what stood in the way does so no more, and the act fares better. CONDITION: an act
    that fares better now meets this. NARROWER: this stands in the way now. REASON: it fares
    alike, for another reason.
    """

    WIDER = "wider"
    CONDITION = "condition"
    NARROWER = "narrower"
    REASON = "reason"
    NEW_DUTY = "new-duty"
    DUTY_GONE = "duty-gone"
    SOONER = "sooner"
    LATER = "later"


class Change(Struct, frozen=True, kw_only=True):
    """One thing that changes under an article.

    Attributes:
        what: The code of what stands, or stood, in the way; of a duty: the act owed.
        acts: How many classes of act it changes.
        where: Per feature of an act, the values for which it does; a feature that makes no
            difference is left out.
        before: The outcome, or within how many seconds a duty is owed; -1: no time is set.
        after: Likewise.
    """

    effect: Effect
    what: str
    acts: int
    where: dict[str, tuple[str, ...]]
    before: str
    after: str


class Terms(Struct, frozen=True, kw_only=True):
    """A term that is written otherwise.

    Attributes:
        clause: The type of its clause.
        term: Its name; empty: one of the two texts has no clause of this type in the article.
        before: What only the old text has of it; ``after``: what only the new one has.
    """

    clause: str
    term: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Compared(Struct, frozen=True, kw_only=True):
    """An article in both versions."""

    article: str
    changes: tuple[Change, ...]
    terms: tuple[Terms, ...]


def compared(old: Agreement, new: Agreement, *, at: Instant) -> tuple[Compared, ...]:
    """Return every article under which something changes, in the order of the new text.

    Args:
        old: The text as it is.
        new: The text as it would be.
        at: The instant of the acts that are judged under both.
    """
    found: dict[str, dict[tuple[Effect, str, str, str], list[Difference]]] = {}
    for one in difference(old, new, at=at):
        for article, key in _told(one.old, one.new):
            number = article.partition("(")[0]
            found.setdefault(number, {}).setdefault(key, []).append(one)
    numbers = [one.number for one in (*new.articles, *old.articles)]
    order = list(dict.fromkeys((*numbers, *found)))
    lines = []
    for number in order:
        changes = tuple(_change(key, told) for key, told in found.get(number, {}).items())
        terms = tuple(_terms(old, new, number))
        if changes or terms:
            ordered = sorted(changes, key=_rank)
            lines.append(Compared(article=number, changes=tuple(ordered), terms=terms))
    return tuple(lines)


def unshown(old: Agreement, new: Agreement, found: Iterable[Difference]) -> tuple[Compared, ...]:
    """Return the articles that are written otherwise, of which no difference between acts tells.

    When a notice is in time, how long a term is and what comes after it, no act that is tried
    shows: two texts can answer all of these alike and mean something else.
    """
    shown = {article.partition("(")[0] for one in found for article, _ in _told(one.old, one.new)}
    numbers = dict.fromkeys(one.number for one in (*new.articles, *old.articles))
    lines = (
        Compared(article=number, changes=(), terms=tuple(_terms(old, new, number)))
        for number in numbers
        if number not in shown
    )
    return tuple(one for one in lines if one.terms)


def _told(old: Answer, new: Answer) -> Iterator[tuple[str, tuple[Effect, str, str, str]]]:
    """Say, article by article, what one difference comes to."""
    gone = [one for one in old.objections if one not in new.objections]
    come = [one for one in new.objections if one not in old.objections]
    was, now = outcome_of(old), outcome_of(new)
    better = _RANK[now] - _RANK[was]
    if better > 0:
        effects = (Effect.WIDER, Effect.CONDITION)
    elif better < 0:
        effects = (Effect.REASON, Effect.NARROWER)
    elif was is Outcome.REMEDIABLE:
        effects = (Effect.WIDER, Effect.NARROWER)
    else:
        effects = (Effect.REASON, Effect.REASON)
    for told, effect in ((gone, effects[0]), (come, effects[1])):
        if told is gone and better < 0:
            continue  # hidden by what stands in the way now
        for article, code in told:
            yield article, (effect, code, was.value, now.value)
    if was is now is Outcome.LAWFUL:
        yield from _duties(old, new)


def _rank(one: Change) -> tuple[int, int, str]:
    """Sort by what it makes of the acts, and what is a matter of lawful or not before the rest."""
    clear = Outcome.LAWFUL.value in (one.before, one.after)
    return list(Effect).index(one.effect), int(not clear), one.what


def outcome_of(one: Answer) -> Outcome:
    """Return what a text comes to by itself.

    A third party is asked about with whom neither text is an agreement: that is the question's
    doing and no text's, and it would hide what they say of passing on.
    """
    own = [each for each in one.objections if each[1] != _NO_TEXT]
    if len(own) == len(one.objections):
        return Outcome(one.outcome)
    if any(each in one.forbidden for each in own):
        return Outcome.UNLAWFUL
    return Outcome.REMEDIABLE if own else Outcome.LAWFUL


def _duties(old: Answer, new: Answer) -> Iterator[tuple[str, tuple[Effect, str, str, str]]]:
    before = {(what, article): within for what, article, within in old.duties}
    after = {(what, article): within for what, article, within in new.duties}
    for what, article in dict.fromkeys((*before, *after)):
        was, now = before.get((what, article)), after.get((what, article))
        if was == now:
            continue
        if was is None:
            effect = Effect.NEW_DUTY
        elif now is None:
            effect = Effect.DUTY_GONE
        else:
            # No time set is later than any.
            effect = Effect.SOONER if now != -1 and (was == -1 or now < was) else Effect.LATER
        told = ["" if one is None else str(one) for one in (was, now)]
        yield article, (effect, what, told[0], told[1])


def _change(key: tuple[Effect, str, str, str], told: Iterable[Difference]) -> Change:
    effect, what, before, after = key
    acts, where = 0, None
    for one in told:
        acts += one.acts
        where = dict(one.where) if where is None else _either(where, one.where)
    return Change(
        effect=effect, what=what, acts=acts, where=where or {}, before=before, after=after
    )


def _either(
    one: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return where one of two holds; a feature that makes no difference in one, makes none."""
    return {
        name: tuple(sorted({*values, *other[name]}))
        for name, values in one.items()
        if name in other
    }


def _terms(old: Agreement, new: Agreement, number: str) -> Iterator[Terms]:
    """Return the terms of an article that are written otherwise, clause by clause."""
    before, after = _written(old, number), _written(new, number)
    for clause in dict.fromkeys((*before, *after)):
        was, now = before.get(clause), after.get(clause)
        if was is None or now is None:
            there, absent = (_THERE,), ()
            yield Terms(
                clause=clause,
                term="",
                before=absent if was is None else there,
                after=absent if now is None else there,
            )
            continue
        for term in dict.fromkeys((*was, *now)):
            one, other = was.get(term, ()), now.get(term, ())
            if one != other:
                yield Terms(
                    clause=clause,
                    term=term,
                    before=tuple(each for each in one if each not in other),
                    after=tuple(each for each in other if each not in one),
                )


def _written(agreement: Agreement, number: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the terms of an article, by the type of the clause and the name of the term."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for clause in clauses_of(agreement, number):
        terms = found.setdefault(clause.type, {})
        for name, value in msgspec.to_builtins(clause).items():
            if name not in ("type", "agreement", "article"):
                for path, text in _values(name, value):
                    terms[path] = (*terms.get(path, ()), text)
    return found


def _values(path: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any value
    """Go through a term: what has a name of its own is a term of its own."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(f"{path}.{name}", each)
    elif isinstance(value, list | tuple):
        for each in value:
            if isinstance(each, dict) and "name" in each:
                rest = {name: one for name, one in each.items() if name != "name"}
                yield from _values(f"{path}.{each['name']}", rest)
            elif isinstance(each, dict):
                yield path, ", ".join(f"{name} {one}" for name, one in each.items())
            else:
                yield from _values(path, each)
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
