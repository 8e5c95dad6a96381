"""Two versions of a pact compared by meaning: per article what is wider, narrower, newly owed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from comity.agreement.bearing import clauses_of
from comity.agreement.case import Standing
from comity.agreement.compared import Change, Compared, Effect, compared
from comity.agreement.difference import ELSEWHERE, OTHER_PURPOSE, OTHER_SUBJECT
from comity.agreement.text import Agreement
from comity.console.pages import pact
from comity.console.pages.pact import Version, chosen, versions
from comity.console.pages.visit import Visit
from comity.console.words import catalogue, has_words, marking_of_all, spellings
from comity.wording import LANGUAGES, render, words
from comity.wording.catalogues import parameters

_OF_DUTIES: Final = frozenset({Effect.NEW_DUTY, Effect.DUTY_GONE, Effect.SOONER, Effect.LATER})
_SECONDS: Final = 3600
_HOURS: Final = 48


def pair(found: Sequence[Version], old: str, new: str) -> tuple[Version, Version]:
    """Return the two versions that are asked for.

    By default what is in force here against what was put before the other party after it; where
    there is no such, the oldest text against the newest.
    """
    texts = tuple(found)
    second = chosen(texts, new) if new else texts[-1]
    if old:
        return chosen(texts, old), second
    in_force = [one for one in texts if one.standing is Standing.IN_FORCE]
    first = (in_force or list(texts))[0]
    if first is second and not new:
        proposed = [one for one in texts if one is not first and one.views]
        second = proposed[-1] if proposed else second
    if first is second:
        first = next((one for one in texts if one is not second), second)
    return first, second


def compare(visit: Visit) -> dict[str, Any]:
    """Return the page of a comparison."""
    found = versions(visit)
    old, new = pair(found, visit.asked.get("old", ""), visit.asked.get("new", ""))
    lines = compared(old.agreement, new.agreement, at=visit.now) if old is not new else ()
    names = pact.titles(old.agreement, visit.lang) | pact.titles(new.agreement, visit.lang)
    return {
        "name_of_page": new.agreement.id,
        "pact": new.agreement.id,
        "tab": "compare",
        "tabs": pact.tabs(visit, new.agreement.id),
        "named": pact.title(new.agreement, visit.lang),
        "versions": [
            {
                "digest": one.agreement.digest,
                "version": one.agreement.version,
                "standing": one.standing.value if one.views else "",
            }
            for one in found
        ],
        "old": old.agreement,
        "new": new.agreement,
        "lines": [
            line(one, names, visit.lang)
            | {
                "gone": _clauses(old.agreement, one, visit.lang, new=False),
                "added": _clauses(new.agreement, one, visit.lang, new=True),
                "said": _otherwise(old.agreement, new.agreement, one, visit.lang),
                "says": _otherwise(new.agreement, old.agreement, one, visit.lang),
            }
            for one in lines
        ],
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def line(one: Compared, names: Mapping[str, str], lang: str) -> dict[str, Any]:
    """Return an article of a comparison as a page shows it."""
    told = [each for each in one.changes if each.effect is not Effect.REASON]
    return {
        "article": one.article,
        "title": names.get(one.article, ""),
        "changes": [change(each, lang) for each in told],
        "otherwise": sum(each.acts for each in one.changes if each.effect is Effect.REASON),
        "terms": [each for each in one.terms if each.term],
    }


def _clauses(text: Agreement, one: Compared, lang: str, *, new: bool) -> list[str]:
    """Return in plain words the clauses of an article that only one of the two texts has."""
    return _told(
        text,
        one.article,
        {each.clause for each in one.terms if not each.term and bool(each.after) is new},
        lang,
    )


def _otherwise(text: Agreement, other: Agreement, one: Compared, lang: str) -> list[str]:
    """Return what clauses that both texts have say in one of them in plain words, and there only.

    Terms that no plain words tell apart stand in the table of terms alone.
    """
    both = {each.clause for each in one.terms if each.term}
    elsewhere = set(_told(other, one.article, both, lang))
    return [said for said in _told(text, one.article, both, lang) if said not in elsewhere]


def _told(text: Agreement, article: str, types: Collection[str], lang: str) -> list[str]:
    return [
        render(catalogue(), said, lang, names=spellings())
        for clause in clauses_of(text, article)
        if clause.type in types
        for said in clause.told()
    ]


def change(one: Change, lang: str) -> dict[str, Any]:
    """Return a change in words."""
    owed = one.effect in _OF_DUTIES
    return {
        "effect": one.effect.value,
        "what": one.what,
        "why": worded(f"act.{one.what}" if owed else one.what, one.where, lang),
        "acts": one.acts,
        "where": [
            (name, [value(name, each) for each in each_of]) for name, each_of in one.where.items()
        ],
        "before": within(one.before) if owed else one.before,
        "after": within(one.after) if owed else one.after,
        "owed": owed,
    }


def worded(code: str, where: Mapping[str, tuple[str, ...]], lang: str) -> str:
    """Return a reason in words, with what is known of the acts in place of what it names."""
    template = catalogue().template(code, LANGUAGES[0])
    wanted = parameters(template) if template is not None else ()
    known = {"party": where.get("to", ()), "originator": where.get("by", ())}
    given = {}
    for name in wanted:
        values = known.get(name, where.get(name, ()))
        given[name] = ", ".join(value(name, one)[1] for one in values) if values else "…"
    return words(catalogue(), code, lang, given, names=spellings())


def value(name: str, one: str) -> tuple[str, str]:
    """Return a value of a feature of an act: the code of its words, and how it is spelt."""
    if one == ELSEWHERE:
        return "pact.where.elsewhere", one
    if one in (OTHER_SUBJECT, OTHER_PURPOSE):
        return f"pact.where.{one}", one
    act = one.partition(" ")
    for code in (f"pact.where.{one}", f"{name}.{one}", f"act.{act[0]}", f"party.{one}"):
        if has_words(code):
            return code, spellings().get(one, one)
    return "", spellings().get(one, one)


def within(seconds: str) -> tuple[str, int]:
    """Return within how long a duty is owed: at once, in hours or in days; -1: no time is set."""
    if not seconds or int(seconds) < 0:
        return "none", 0
    if int(seconds) == 0:
        return "now", 0
    hours = -(-int(seconds) // _SECONDS)
    return ("hours", hours) if hours <= _HOURS else ("days", -(-hours // 24))
