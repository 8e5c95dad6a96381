"""Two texts compared by meaning, article by article, in words or as plain values."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import structs

from comity.agreement.compared import Compared, Effect
from comity.cli.words import word_in
from comity.vocabulary.names import Article
from comity.wording.catalogues import article_text


def values(found: tuple[Compared, ...]) -> list[dict[str, Any]]:
    """Return a comparison as plain values."""
    return [
        {
            "article": one.article,
            "changes": [
                structs.asdict(each) | {"effect": each.effect.value} for each in one.changes
            ],
            "terms": [structs.asdict(each) for each in one.terms],
        }
        for one in found
    ]


def lines(found: tuple[Compared, ...], parsed: Mapping[str, Any]) -> Iterator[str]:
    """Return a comparison in words; what is judged alike for another reason is only counted."""
    word, lang = word_in(parsed["lang"]), parsed["lang"]
    for one in found:
        yield article_text(Article(one.article), lang)
        for each in one.changes:
            if each.effect is Effect.REASON:
                continue
            where = "; ".join(f"{name} {', '.join(held)}" for name, held in each.where.items())
            told = f"{word(f'pact.effect.{each.effect.value}')}: {each.what}"
            yield f"  {told} ({each.before or '-'} → {each.after or '-'})"
            yield f"    {word('pact.compare.acts', count=str(each.acts))}: {where}"
        otherwise = sum(each.acts for each in one.changes if each.effect is Effect.REASON)
        if otherwise:
            yield f"  {word('pact.compare.otherwise', count=str(otherwise))}"
        for term in one.terms:
            name = f"{term.clause} {term.term}".strip()
            said = [" ".join(held) or "-" for held in (term.before, term.after)]
            if not term.term:
                codes = ("there" if held else "absent" for held in (term.before, term.after))
                said = [word(f"pact.compare.{code}") for code in codes]
            yield f"  {name}: {' → '.join(said)}"
