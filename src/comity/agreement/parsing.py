"""Reading an agreement's file: its head, its articles and the terms below their words."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from markdown_it import MarkdownIt
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.canonical import check_text
from comity.agreement.clauses import CLAUSES, Clause
from comity.agreement.complaints import Complaint, InvalidAgreement
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import AgreementId, Party, Reason
from comity.vocabulary.reading import plainly
from comity.vocabulary.zones import PATTERN as RULE

_HEADING: Final = re.compile(
    r"^Article (?P<number>[0-9]{1,3}[a-z]?) · (?P<title>.+?)(?: \{#(?P<anchor>\S+)\})?$"
)

_TRANSLATED: Final = re.compile(
    r"^(?:제\s?(\d{1,3})\s?조|第\s?(\d{1,3})\s?条)(?:\s|·|$)"
    r"|^.*\b([0-9]{1,3}[a-z]?)\b.* \{#\3\}$"
)
"""A heading in another language: Korean, Japanese, or any that ends with its number in braces."""


_PARAGRAPH: Final = re.compile(r"\(([a-z]|[0-9]{1,2})\)|^ {0,3}([0-9]{1,2})\. ", re.MULTILINE)


class Clocks(Struct, frozen=True, forbid_unknown_fields=True):
    """In which zone the days of a text are counted.

    Attributes:
        rule: When its clocks are turned (:mod:`comity.vocabulary.zones`); a zone that turns them
            and has no rule here counts as UTC.
    """

    zone: Annotated[str, Meta(max_length=64)]
    rule: Annotated[str, Meta(pattern=RULE, max_length=100)] = ""


Age = Annotated[int, Meta(ge=60, le=400 * 86400)]
"""Seconds, from a minute to a little more than a year."""


class Freshness(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How old the other side's last word may be, by how it came.

    Attributes:
        network: From node to node: what an act that provides something is judged by.
        media: On media that are carried: stated for the day when a node reads them, and judged
            by nobody before.
    """

    network: Age
    media: Age


class Meta_(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):  # noqa: N801 - msgspec has Meta
    """The ``toml agreement`` block at the head of a file."""

    id: AgreementId
    version: Reason
    parties: Annotated[tuple[Party, ...], Meta(min_length=1)]
    bindingness: Literal["treaty", "executive-agreement", "arrangement", "memorandum"]
    authentic: tuple[Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")], ...]
    note: str
    freshness: Age | Freshness | UnsetType = UNSET
    clocks: Clocks | UnsetType = UNSET

    @property
    def fresh(self) -> int | None:
        """Seconds that the other side's last word may be old when it came from node to node."""
        stated = self.freshness
        if isinstance(stated, UnsetType):
            return None
        return stated.network if isinstance(stated, Freshness) else stated


class ArticleText(Struct, frozen=True, kw_only=True):
    """One article: number, title, plain words, and the line of its heading."""

    number: str
    title: str
    prose: str
    line: int


class _Reader:
    """Collects what a file holds and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.complaints: list[Complaint] = []

    def complain(self, line: int, article: str, code: str, said: str, instead: str) -> None:
        self.complaints.append(
            Complaint(
                file=self.file, line=line, article=article, code=code, said=said, instead=instead
            )
        )


def parse(source: str, *, file: str) -> tuple[Meta_, tuple[ArticleText, ...], tuple[Clause, ...]]:
    """Parse an agreement file.

    Raises:
        InvalidAgreement: every complaint, each with its line.
    """
    reader = _Reader(file)
    _characters(reader, source)
    if reader.complaints:
        # What cannot be seen for what it is is not read any further.
        raise InvalidAgreement(reader.complaints)
    tokens = MarkdownIt("commonmark").parse(source)
    lines = source.splitlines()
    meta: Meta_ | None = None
    articles: list[ArticleText] = []
    terms: list[tuple[str, int, str]] = []
    for index, token in enumerate(tokens):
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open" and token.tag == "h2":
            heading = tokens[index + 1].content
            found = _HEADING.match(heading)
            if found is None or found["anchor"] not in (None, found["number"]):
                reader.complain(
                    line,
                    "",
                    "heading",
                    f"the heading is {heading!r}",
                    "An article is headed '## Article 6 · Title {#6}'",
                )
                continue
            articles.append(
                ArticleText(number=found["number"], title=found["title"], prose="", line=line)
            )
        elif token.type == "fence":
            article = articles[-1].number if articles else ""
            if token.info.strip() == "toml agreement":
                meta = _meta(reader, token.content, line) or meta
            elif token.info.strip() == "toml terms":
                terms.append((token.content, line, article))
            else:
                reader.complain(
                    line,
                    article,
                    "fence",
                    f"a fenced block is marked {token.info.strip()!r}",
                    "Terms stand in 'toml terms', the head in 'toml agreement'",
                )
    numbers = Counter(one.number for one in articles)
    for number in sorted(one for one, times in numbers.items() if times > 1):
        again = [one for one in articles if one.number == number][1]
        reader.complain(
            again.line, number, "article-twice", "the article stands twice", "Number each once"
        )
    if meta is None and not reader.complaints:
        reader.complain(1, "", "head", "there is no 'toml agreement' block", "Begin with one")
    told = tuple(_with_prose(articles, lines))
    paragraphs = {one.number: paragraphs_of(one.prose) for one in told}
    clauses = [
        clause
        for block, line, article in terms
        for clause in _terms(reader, block, line, article, paragraphs, meta)
    ]
    if reader.complaints or meta is None:
        raise InvalidAgreement(reader.complaints)
    return meta, told, tuple(clauses)


def _characters(reader: _Reader, source: str) -> None:
    """Complain of characters that would let two readers see two agreements."""
    for number, line in enumerate(source.split("\n"), start=1):
        try:
            check_text(line)
        except Invalid:
            reader.complain(
                number,
                "",
                "character",
                "the line holds a character that is invisible, unassigned or not in form NFC",
                "Plain text in form NFC, spaces for tabs, lines ended by a line feed alone",
            )


def _with_prose(articles: list[ArticleText], lines: list[str]) -> Iterable[ArticleText]:
    for position, one in enumerate(articles):
        end = articles[position + 1].line - 1 if position + 1 < len(articles) else len(lines)
        body = "\n".join(lines[one.line : end])
        prose = re.sub(r"```.*?```", "", body, flags=re.DOTALL).strip()
        yield ArticleText(number=one.number, title=one.title, prose=prose, line=one.line)


def paragraphs_of(prose: str) -> frozenset[str]:
    """Return the paragraphs that an article's words mark: ``(a)``, ``(1)``, or ``1.`` ahead."""
    return frozenset(one or other for one, other in _PARAGRAPH.findall(prose))


def _is_missing(paragraph: str, marked: frozenset[str]) -> bool:
    """Tell whether an article that marks its paragraphs in this way has no such one."""
    alike = {one for one in marked if one.isdigit() == paragraph.isdigit()}
    return bool(alike) and paragraph not in alike


def _toml(reader: _Reader, block: str, line: int, article: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(block)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        at = line + int(found[1]) if found else line
        reader.complain(at, article, "toml", f"the terms do not parse: {error}", "See toml.io")
        return None
    except (RecursionError, ValueError):
        # A stranger's bundle: nested without end, or a number of thousands of digits.
        reader.complain(
            line,
            article,
            "toml",
            "the terms are nested too deeply, or hold a number too long",
            "Terms are short tables of words and small numbers",
        )
        return None


def _meta(reader: _Reader, block: str, line: int) -> Meta_ | None:
    table = _toml(reader, block, line, "")
    if table is None:
        return None
    try:
        return msgspec.convert(table, Meta_)
    except msgspec.ValidationError as error:
        known = ", ".join(Meta_.__struct_fields__)
        said = f"the head is not right: {plainly(error, Meta_)}"
        reader.complain(line, "", "head", said, f"It has: {known}")
        return None


def _terms(  # noqa: PLR0913 - a block where it stands
    reader: _Reader,
    block: str,
    line: int,
    heading: str,
    numbers: Mapping[str, frozenset[str]],
    meta: Meta_ | None,
) -> list[Clause]:
    table = _toml(reader, block, line, heading)
    if table is None:
        return []
    clauses: list[Clause] = []
    starts = [
        line + offset + 1
        for offset, text in enumerate(block.splitlines())
        if text.strip() == "[[clause]]"
    ]
    for extra in sorted(set(table) - {"clause"}):
        reader.complain(
            line, heading, "unknown-term", f"{extra!r} is no term", "A block holds [[clause]]"
        )
    listed = table.get("clause", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        reader.complain(
            line,
            heading,
            "toml",
            "'clause' is not a list of tables",
            "Each clause begins with [[clause]], in double brackets",
        )
        return []
    for position, raw in enumerate(listed):
        at = starts[position] if position < len(starts) else line
        clause = _clause(reader, dict(raw), at, heading, numbers)
        if clause is not None:
            bound = "UNBOUND" if meta is None else meta.id
            clauses.append(msgspec.structs.replace(clause, agreement=AgreementId(bound)))
    return clauses


def _clause(
    reader: _Reader,
    raw: dict[str, Any],
    line: int,
    heading: str,
    numbers: Mapping[str, frozenset[str]],
) -> Clause | None:
    # A stranger's number may have too many digits to be written: only text is taken as text.
    article = said if isinstance(said := raw.get("article"), str) else ""
    name = said if isinstance(said := raw.get("type"), str) else ""
    kind = CLAUSES.get(name)
    if kind is None:
        reader.complain(
            line,
            article or heading,
            "unknown-clause",
            f"{name!r} is no type of clause",
            "The types are: " + ", ".join(sorted(CLAUSES)),
        )
        return None
    base, _, paragraph = article.partition("(")
    paragraph = paragraph.partition(")")[0]
    if not heading:
        reader.complain(
            line,
            article,
            "article",
            "the clause stands under no article",
            f"Write the heading above it: '## Article {base or '1'} · Title {{#{base or '1'}}}'",
        )
        return None
    if base not in numbers or base != heading:
        reader.complain(
            line,
            article or heading,
            "article",
            f"the clause says it is of Article {article or '?'}, and stands under {heading}",
            f'Write article = "{heading}" or a paragraph of it',
        )
        return None
    if paragraph and _is_missing(paragraph, numbers[base]):
        has = ", ".join(f"{base}({one})" for one in sorted(numbers[base]))
        reader.complain(
            line,
            article,
            "article",
            f"Article {base} has no paragraph ({paragraph})",
            f"Its words mark {has}",
        )
        return None
    if "agreement" in raw:
        reader.complain(
            line, article, "unknown-term", "'agreement' is no term", "It is set by the file"
        )
        return None
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        known = [one for one in kind.__struct_fields__ if one not in ("article", "agreement")]
        reader.complain(
            line,
            article,
            "terms",
            f"the terms of '{name}' are not right: {plainly(error, kind)}",
            "The terms are: " + (", ".join(known) or "none"),
        )
        return None


def article_number(heading: str) -> str:
    """Return the number of an article's heading in any language; empty where it is none."""
    found = _TRANSLATED.match(heading.strip()) or _HEADING.match(heading.strip())
    return next((one for one in found.groups() if one), "") if found else ""


def same_articles(text: str, articles: tuple[ArticleText, ...], *, file: str) -> list[Complaint]:
    """Return what is wrong with a translation: other articles, or in another order."""
    reader = _Reader(file)
    _characters(reader, text)
    if reader.complaints:
        return reader.complaints
    headings = (line[3:] for line in text.split("\n") if line.startswith("## "))
    numbers = [article_number(one) or "?" for one in headings]
    wanted = [one.number for one in articles]
    if numbers == wanted:
        return []
    missing = [one for one in wanted if one not in numbers] or [""]
    return [
        Complaint(
            file=file,
            line=1,
            article=missing[0],
            code="translation",
            said="the translation has other articles than the text, or in another order",
            instead=f"It needs, in this order: {', '.join(wanted)}",
        )
    ]
