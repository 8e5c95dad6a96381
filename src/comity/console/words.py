"""What pages are worded and marked with: the shipped catalogue and schemes, in one language."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from markdown_it import MarkdownIt
from markupsafe import Markup
from msgspec import UNSET, Struct, UnsetType

from comity.marking import schemes
from comity.marking.banner import DEMONSTRATION, SEPARATOR, banner, search_fold
from comity.marking.labels import roll_up
from comity.register.rows import Holding, ItemOf
from comity.vocabulary.instants import Instant, to_datetime
from comity.vocabulary.names import Article, Caveat, Level, Party, Regime, scheme_of
from comity.vocabulary.thirds import third_of
from comity.wording import LANGUAGES, Catalogue, article_text, coded_name, load, words

KEYS: Final = {
    "today": "t",
    "release": "e",
    "approvals": "a",
    "register": "r",
    "requests": "q",
    "consents": "c",
    "pact": "p",
    "network": "w",
    "ledger": "l",
}
"""The letter after ``g`` that goes to a page."""

_SHORTEST: Final = 2
"""A name is looked for by so many characters at least."""

PATTERNS: Final = {"en": "d MMM y, HH:mm", "ko": "y. M. d. HH:mm", "ja": "y/MM/dd HH:mm"}
"""How each language writes a date and a time of day, to the minute."""

DATES: Final = {
    1: {"en": "y", "ko": "y년", "ja": "y年"},
    2: {"en": "MMM y", "ko": "y. M.", "ja": "y/MM"},
    3: {"en": "d MMM y", "ko": "y. M. d.", "ja": "y/MM/dd"},
}
"""How each language writes a year, a month and a day, by how many parts of a date are known."""


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the words that ship with comity."""
    folder = files("comity.wording").joinpath("catalogue")
    return load({one: folder.joinpath(f"{one}.toml").read_text("utf-8") for one in LANGUAGES})


@lru_cache(maxsize=1)
def known_schemes() -> schemes.Schemes:
    """Return the schemes of levels that ship with comity."""
    text = files("comity.marking").joinpath("schemes.toml").read_text("utf-8")
    return schemes.parse_schemes(text)


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Return how levels and regimes are spelt at home."""
    return schemes.spellings(known_schemes())


def has_words(code: str) -> bool:
    """Tell whether the catalogue has words for a code that take no values."""
    return catalogue().is_plain(code)


@lru_cache(maxsize=1)
def _subjects() -> Mapping[str, tuple[str, ...]]:
    """Return what each subject is called in any language, folded as a search is."""
    found: dict[str, list[str]] = {}
    for entries in catalogue().templates.values():
        for code, name in entries.items():
            if code.startswith("subject."):
                found.setdefault(code.removeprefix("subject."), []).append(search_fold(name))
    return {code: tuple(names) for code, names in sorted(found.items())}


def subjects_called(text: str, *, most: int) -> list[str]:
    """Return the subjects whose name in any language has these words, by their codes."""
    said = search_fold(text)
    if len(said) < _SHORTEST:
        return []
    found = [code for code, names in _subjects().items() if any(said in one for one in names)]
    return found[:most]


@lru_cache(maxsize=16384)
def _plain(instant: str, lang: str, zone: str) -> str:
    # The same latest items stand on every page: a date is worded once.
    moment = to_datetime(Instant(instant))
    return str(format_datetime(moment, PATTERNS[lang], tzinfo=ZoneInfo(zone), locale=lang))


def vocabulary(lang: str, zone: str) -> dict[str, Any]:
    """Return the functions that templates word things with.

    Args:
        lang: One of :data:`comity.wording.LANGUAGES`.
        zone: The house's time zone; the UTC instant stands beside each date, on hover.
    """

    def t(code: str, **values: object) -> str:
        given = {key: str(value) for key, value in values.items()}
        return words(catalogue(), code, lang, given, names=spellings())

    def party(name: str) -> str:
        return t(f"party.{name}") if has_words(f"party.{name}") else name

    def plain(instant: str) -> str:
        return _plain(instant, lang, zone)

    def when(instant: str) -> Markup:
        return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(instant, plain(instant))

    def plain_date(text: str) -> str:
        """Return a date as far as it is known (``2012``, ``2012-04`` …), or an instant."""
        if "T" in text:
            return plain(text)
        day, _, clock = text.partition(" ")
        parts = [int(one) for one in day.split("-")]
        whole = date(*[*parts, 1, 1][:3])
        said = format_date(whole, DATES[len(parts)][lang], locale=lang)
        return f"{said}, {clock}" if clock and lang == "en" else f"{said} {clock}".strip()

    def dated(text: str, where: str) -> Markup:
        """Show a date as far as it is known; on hover as it was written, and whose days."""
        if "T" in text:
            return when(text)
        return Markup('<time datetime="{0}" title="{0} {1}">{2}</time>').format(
            text, where, plain_date(text)
        )

    def there_t(tongue: str) -> Any:  # noqa: ANN401 - the same function, in another language
        return vocabulary(tongue, zone)["t"]

    def there_coded(tongue: str) -> Any:  # noqa: ANN401 - the same function, in another language
        return _of_codes(tongue)["coded"]

    return {
        "t": t,
        "there_t": there_t,
        "there_coded": there_coded,
        "keys": KEYS,
        "party": party,
        "when": when,
        "plain": plain,
        "plain_date": plain_date,
        "dated": dated,
        "worded": has_words,
        "art": lambda number: article_text(Article(number), lang),
        "level": lambda code: spellings().get(code, code),
        "lang": lang,
        "third": lambda page: third_of(page).value,
        **_of_codes(lang),
    }


def _of_codes(lang: str) -> dict[str, Any]:
    """Return the functions that say subjects and purposes."""

    def code_name(kind: str, code: str) -> str:
        return coded_name(catalogue(), kind, code, lang)

    def coded(kind: str, code: str) -> Markup:
        """Show a subject or purpose by its name, and its code beside it in small."""
        name = code_name(kind, code)
        shown = Markup('<code class="small">{}</code>').format(code)
        return shown if name in ("", code) else Markup("{} {}").format(name, shown)

    def code_label(kind: str, code: str) -> str:
        """Say a subject or purpose where nothing can be small: in a choice, in plain text."""
        name = code_name(kind, code)
        return code if name in ("", code) else f"{name} · {code}"

    return {"code_name": code_name, "coded": coded, "code_label": code_label}


# What a counterpart wrote is never markup here: no HTML, no links, no images.
_markdown = MarkdownIt("js-default", {"html": False}).disable(["link", "image", "autolink"])


def prose(text: str) -> Markup:
    """Return an article's plain words as paragraphs and lists."""
    return Markup(_markdown.render(text))  # noqa: S704 - the renderer escapes all HTML


class _Label(Struct, frozen=True, kw_only=True):
    level: Level
    releasable: tuple[Party, ...]
    caveats: tuple[Caveat, ...]
    regime: Regime | UnsetType


def _label(item: ItemOf) -> _Label:
    return _Label(
        level=Level(item.level),
        releasable=tuple(Party(one) for one in item.releasable),
        caveats=tuple(Caveat(one) for one in item.caveats),
        regime=Regime(item.regime) if item.regime else UNSET,
    )


def marking_of(item: ItemOf, held: Holding | None, *, demonstration: bool, lang: str) -> str:
    """Return the banner of one item, with the receiver's level once it is marked."""
    own = held is not None and held.level
    line = banner(
        _label(item),
        known_schemes(),
        marked=Level(held.level) if held is not None and own else UNSET,
        regime=Regime(held.regime) if held is not None and held.regime else UNSET,
    )
    return _demonstrated(line, lang if demonstration else "")


def marking_of_all(
    items: Sequence[tuple[ItemOf, Holding | None]], *, house: Party, demonstration: bool, lang: str
) -> str:
    """Return the banner of a page of several items: the highest of each scheme.

    Levels of different nations have no total order, so none hides another's;
    the house's own comes first.
    """
    ladder = known_schemes()
    labels = [_label(item) for item, _ in items]
    labels += [
        _Label(level=Level(held.level), releasable=(), caveats=(), regime=UNSET)
        for _, held in items
        if held is not None and held.level
    ]
    # Many items, few labels: a join with the same once more changes nothing.
    labels = list(dict.fromkeys(labels))
    parts: list[str] = []
    levels = roll_up(labels, ladder).levels
    for level in sorted(levels, key=lambda one: (scheme_of(one) != house, one)):
        parts += [schemes.native(ladder, level), schemes.tier(ladder, level)]
    line = SEPARATOR.join(dict.fromkeys(part for part in parts if part))
    return _demonstrated(line, lang if demonstration else "")


def _demonstrated(line: str, lang: str) -> str:
    """Return a banner with the word that all of it is fictional, where a language is named."""
    said = words(catalogue(), DEMONSTRATION, lang) if lang else ""
    return SEPARATOR.join(part for part in (line, said) if part)
