"""The catalogue: a template per code and language; the rendering of phrases, articles, remedies.

Texts are handed in (this room touches no disk). Templates name their parameters in braces; what
a parameter is called says how its value is shown: a party by its name, a level by its authentic
spelling, an article by the convention of the language.
"""

import re
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Article, Party
from comity.vocabulary.phrases import Phrase
from comity.wording.korean import fitted

LANGUAGES: Final = ("en", "ko", "ja")
"""The languages that a catalogue must have, the one to fall back to first."""

Names = Mapping[str, str]
"""How identifiers are shown: authentic spellings of levels and regimes, names of offices."""

NO_NAMES: Final[Names] = {}

_KINDS: Final = {
    "party": "party",
    "originator": "party",
    "by": "party",
    "to": "party",
    "act": "act",
    "standing": "standing",
    "form": "form",
    "role": "role",
    "article": "article",
    "subject": "subject",
    "purpose": "purpose",
    "subjects": "subject",
    "purposes": "purpose",
}
"""Parameters whose values the catalogue itself has words for, by the prefix of their codes."""

_ARTICLE: Final = re.compile(r"^([0-9]{1,3}[a-z]?)((?:\([0-9a-z]{1,3}\))*)\Z")
_formatter = string.Formatter()
_NONE: Final[frozenset[str]] = frozenset()


class Catalogue(Struct, frozen=True):
    """Templates by language and code; every language has the same codes and parameters."""

    templates: Mapping[str, Mapping[str, str]]

    def template(self, code: str, language: str) -> str | None:
        """Return the template of a code, in the first language if this one has none."""
        for one in (language, LANGUAGES[0]):
            found = self.templates.get(one, {}).get(code)
            if found is not None:
                return found
        return None

    def is_plain(self, code: str) -> bool:
        """Tell whether there are words for a code, and they need no values."""
        template = self.template(code, LANGUAGES[0])
        return template is not None and "{" not in template


def load(texts: Mapping[str, str]) -> Catalogue:
    """Return the catalogue of some TOML texts, one per language: ``"code" = "template"``.

    Raises:
        Invalid: ``invalid.catalogue``: a text that does not parse, a language that is missing,
            a code that not every language has, or other parameters in one than in another.
    """
    templates = {language: _entries(language, text) for language, text in texts.items()}
    named = {one: _named(one, entries) for one, entries in templates.items()}
    if missing := [one for one in LANGUAGES if one not in templates]:
        raise Invalid("invalid.catalogue", f"no texts in: {', '.join(missing)}")
    first = templates[LANGUAGES[0]]
    for language, entries in templates.items():
        if differing := sorted(entries.keys() ^ first.keys()):
            raise Invalid("invalid.catalogue", f"{language}: not in both: {', '.join(differing)}")
        for code in entries:
            if named[language][code] != named[LANGUAGES[0]][code]:
                raise Invalid("invalid.catalogue", f"{language}: {code}: other parameters")
    return Catalogue(templates)


def _entries(language: str, text: str) -> dict[str, str]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("invalid.catalogue", f"{language}: {error}") from error
    return table


def _named(language: str, table: Mapping[str, object]) -> dict[str, frozenset[str]]:
    """Return the parameters of every template."""
    found = {}
    for code, template in table.items():
        if not isinstance(template, str):
            raise Invalid("invalid.catalogue", f"{language}: {code} is no template")
        found[code] = parameters(template)
    return found


def shipped(read: Callable[[str], str]) -> Catalogue:
    """Return the catalogue of texts that were compared with each other before they were shipped.

    Args:
        read: Gives the text of a language; asked once, when that language is first wanted. A
            command says a few words in one language, and reading three costs more than it does.
    """
    return Catalogue(_Read(read))


class _Read(Mapping[str, Mapping[str, str]]):
    """Templates by language, read one language at a time."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = lru_cache(len(LANGUAGES))(lambda language: _entries(language, read(language)))

    def __getitem__(self, language: str) -> Mapping[str, str]:
        if language not in LANGUAGES:
            raise KeyError(language)
        return self._read(language)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def parameters(template: str) -> frozenset[str]:
    """Return the names that a template has in braces.

    Raises:
        Invalid: ``invalid.catalogue``: braces that do not pair, or more than a name in them.
    """
    if "{" not in template and "}" not in template:
        return _NONE
    try:
        fields = [part for part in _formatter.parse(template) if part[1] is not None]
    except ValueError as error:
        raise Invalid("invalid.catalogue", f"braces in: {template}") from error
    # A bare name only: a format specification or an attribute could reach beyond the value.
    if any(not (name or "").isidentifier() or spec or conv for _, name, spec, conv in fields):
        raise Invalid("invalid.catalogue", f"more than a name in braces: {template}")
    return frozenset(name for _, name, _, _ in fields if name)


def render(catalogue: Catalogue, phrase: Phrase, lang: str, *, names: Names = NO_NAMES) -> str:
    """Return a phrase as a sentence. Total: what has no words is shown as its code."""
    return words(catalogue, phrase.code, lang, phrase.parameters, names=names)


def words(
    catalogue: Catalogue,
    code: str,
    lang: str,
    values: Mapping[str, str] | None = None,
    *,
    names: Names = NO_NAMES,
) -> str:
    """Return the words for a code, with values for its parameters."""
    given = values or {}
    template = catalogue.template(code, lang)
    if template is None:
        told = ", ".join(f"{key}={value}" for key, value in sorted(given.items()))
        return f"{code} ({told})" if told else code
    wanted = parameters(template)
    shown = {key: _shown(catalogue, key, given.get(key, "?"), lang, names) for key in wanted}
    sentence = template.format_map(shown)
    return fitted(sentence) if lang == "ko" else sentence


def _shown(catalogue: Catalogue, key: str, value: str, lang: str, names: Names) -> str:
    kind = _KINDS.get(key)
    if kind == "article":
        return article_text(Article(value), lang)
    if kind in ("subject", "purpose"):
        told = [_coded(catalogue, kind, one, lang) for one in value.split()]
        return ", ".join(told)
    if value in names:
        return names[value]
    found = None if kind is None else catalogue.template(f"{kind}.{value}", lang)
    return value if found is None else found


def _coded(catalogue: Catalogue, kind: str, code: str, lang: str) -> str:
    name = coded_name(catalogue, kind, code, lang)
    return code if name in ("", code) else f"{name} ({code})"


def coded_name(catalogue: Catalogue, kind: str, code: str, lang: str) -> str:
    """Return what a subject or purpose is called: by its own name or the nearest broader one.

    Nothing where neither has a name. A broader name is true of it and says less, so whoever shows
    it shows the code beside it.
    """
    while code:
        found = catalogue.template(f"{kind}.{code}", lang)
        if found is not None:
            return found
        code = code.rpartition(".")[0]
    return ""


def article_text(article: Article, lang: str) -> str:
    """Return an article as the language cites it: Article 6(a), 제6조 (a), 第6条(a)."""
    found = _ARTICLE.match(article)
    number, rest = (found[1], found[2]) if found else (article, "")
    match lang:
        case "ko":
            return f"제{number}조 {rest}" if rest else f"제{number}조"
        case "ja":
            return f"第{number}条{rest}"
        case _:
            return f"Article {number}{rest}"


def remedy_text(  # noqa: PLR0913 - an act, who does it towards whom, in which language
    catalogue: Catalogue,
    act: str,
    lang: str,
    *,
    by: Party,
    to: Party | None = None,
    names: Names = NO_NAMES,
) -> str:
    """Return the lawful way: which act, by whom, towards whom."""
    code = f"remedy.{act}"
    if catalogue.template(code, lang) is None:
        code = "remedy.other"
    values = {"act": act, "by": by, "to": by if to is None else to}
    return words(catalogue, code, lang, values, names=names)
