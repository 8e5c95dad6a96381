"""An agreement's file in order: its fenced blocks, and nothing else of it.

Order is one for all texts: the terms of a clause as they are declared, one on a line, what stands
below a clause two spaces in, one empty line between clauses, double quotes where nothing speaks
for others. Words, headings and fences are left byte for byte, and so is every comment. A block
that would mean something else in order stays as it is.
"""

import re
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from markdown_it import MarkdownIt
from msgspec import inspect as inspection

from comity.agreement.clauses import CLAUSES
from comity.agreement.parsing import Meta_, parse

_STEP: Final = "  "
_FIRST: Final = ("article", "type")
_TOKEN: Final = re.compile(
    r'(?P<string>"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)"
    r"|(?P<mark>[\[\]{},=])"
    r"|(?P<bare>[^\s\[\]{},=#\"']+)",
    re.DOTALL,
)
_MARKS: Final = frozenset("[]{},=")
_BARE: Final = re.compile(r"[\"']([A-Za-z0-9_-]+)[\"']\Z")


def formatted(source: str, *, file: str) -> str:
    """Return a file in order; one that is in order comes back as it is.

    Raises:
        InvalidAgreement: the file does not parse: what is wrong is mended first.
    """
    parse(source, file=file)
    lines = source.split("\n")
    for token in reversed(MarkdownIt("commonmark").parse(source)):
        if token.type != "fence" or token.map is None:
            continue
        first, end = token.map[0] + 1, token.map[1] - 1
        plain = lines[first - 1].startswith(token.markup) and first <= end < len(lines)
        if not plain or not lines[end].startswith(token.markup):
            continue  # within a quotation, or never closed: the words around it are not touched
        head = token.info.strip() == "toml agreement"
        lines[first:end] = _block("\n".join(lines[first:end]), head=head)
    return "\n".join(lines).rstrip("\n") + "\n"


class _Statement(NamedTuple):
    """A header of a table, or a key with its value, and the comments that belong to it.

    Attributes:
        path: The names that it puts into the table.
        written: As it stands, without the comment beside it.
        above: The comments above it, each a line.
    """

    path: tuple[str, ...]
    written: str
    above: tuple[str, ...]
    beside: str


class _Section(NamedTuple):
    """A header, and the keys below it; before the first header there is none."""

    header: _Statement | None
    keys: list[_Statement]

    @property
    def path(self) -> tuple[str, ...]:
        """Which table it is of."""
        return () if self.header is None else self.header.path


def _block(text: str, *, head: bool) -> list[str]:
    sections, left = _read(text.split("\n"))
    found = "\n".join([*_lines(_ordered(sections, head=head)), *left])
    same = tomllib.loads(text) == tomllib.loads(found)
    kept = found if same else text
    return kept.split("\n") if kept else []


def _read(lines: Sequence[str]) -> tuple[list[_Section], list[str]]:
    """Read a block's statements, and the comments at its end that nothing follows."""
    sections, above, open_ = [_Section(None, [])], [], ""
    for line in lines:
        if not open_ and (not line.strip() or line.strip().startswith("#")):
            above += [line.strip()] if line.strip() else []
            continue
        open_ = f"{open_}\n{line}" if open_ else line.strip()
        try:
            table = tomllib.loads(open_)
        except tomllib.TOMLDecodeError:
            continue  # a value over several lines: it parses with its last one
        statement = _statement(open_, table, tuple(above))
        if open_.startswith("["):
            sections.append(_Section(statement, []))
        else:
            sections[-1].keys.append(statement)
        above, open_ = [], ""
    return sections, above


def _statement(text: str, table: Mapping[str, Any], above: tuple[str, ...]) -> _Statement:
    said = [one for one in _TOKEN.finditer(text) if one["comment"]]
    # A comment within a value stays where it is, and so does the value.
    beside = said[0] if len(said) == 1 and said[0].end() == len(text.rstrip()) else None
    written = text if beside is None else text[: beside.start()]
    said_beside = "" if beside is None else beside["comment"].rstrip()
    return _Statement(_path(table), written.rstrip(), above, said_beside)


def _path(table: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    value: object = table
    while isinstance(value, dict) and len(value) == 1:
        ((name, value),) = value.items()
        found.append(name)
        value = value[0] if isinstance(value, list) and value else value
    return tuple(found)


_Typed = tuple[_Section, inspection.Type | None]


def _ordered(sections: Sequence[_Section], *, head: bool) -> list[_Typed]:
    """Return the tables in order, each with what it is of: a clause's own below the clause."""
    found: list[_Typed] = []
    below: list[_Typed] = []
    of: inspection.Type | None = inspection.type_info(Meta_) if head else None
    depth = 0 if head else 1

    def name(one: _Typed) -> str:
        return one[0].path[depth]

    for section in sections:
        if len(section.path) > depth:
            below.append((section, _at(of, section.path[depth:])))
            continue
        found += _in_order(below, of, name)
        below = []
        of = _kind(section) if section.path else of
        found.append((section, of))
    return [*found, *_in_order(below, of, name)]


def _kind(clause: _Section) -> inspection.Type | None:
    """Return the type of a clause, which one of its own terms names."""
    for one in clause.keys:
        if one.path == ("type",):
            return inspection.type_info(CLAUSES[tomllib.loads(one.written)["type"]])
    return None


def _lines(sections: Iterable[_Typed]) -> Iterator[str]:
    begun = False
    for section, of in sections:
        indent = _STEP * max(0, len(section.path) - 1)
        if section.header is not None:
            if begun:
                yield ""
            yield from (f"{indent}{one}" for one in section.header.above)
            yield _beside(indent + _header(section.header.written), section.header)
        for one in _in_order(section.keys, of, lambda each: each.path[0]):
            yield from (f"{indent}{each}" for each in one.above)
            yield _beside(indent + _assignment(one, of, indent), one)
        begun = begun or bool(section.header or section.keys)


def _beside(line: str, one: _Statement) -> str:
    return f"{line}  {one.beside}" if one.beside else line


def _header(written: str) -> str:
    name = "".join(_plain(one) for one in _tokens(written) if one not in _MARKS)
    return f"[[{name}]]" if written.startswith("[[") else f"[{name}]"


def _assignment(one: _Statement, of: inspection.Type | None, indent: str) -> str:
    """Write a key with its value; a list over several lines keeps a line for each."""
    equals = next(each for each in _TOKEN.finditer(one.written) if each[0] == "=")
    key = "".join(map(_plain, _tokens(one.written[: equals.start()])))
    said = one.written[equals.end() :].strip()
    found = list(_TOKEN.finditer(said))
    if any(each["comment"] or each[0].startswith(('"""', "'''")) for each in found):
        return f"{key} = {said}"
    tokens = deque(each[0] for each in found)
    return f"{key} = {_value(tokens, _at(of, _names(key)), indent, spread=chr(10) in said)}"


def _value(tokens: deque[str], of: inspection.Type | None, indent: str, *, spread: bool) -> str:
    first = tokens.popleft()
    if first == "[":
        listed = list(_listed(tokens, of))
        if not spread or not listed:
            return f"[{', '.join(listed)}]"
        return "".join(("[\n", *(f"{indent}{_STEP}{one},\n" for one in listed), f"{indent}]"))
    if first == "{":
        pairs = _in_order(list(_pairs(tokens, of)), of, lambda one: one[0])
        return f"{{ {', '.join(one for _, one in pairs)} }}" if pairs else "{}"
    said = [_quoted(first)]
    while tokens and tokens[0] not in _MARKS:
        said.append(tokens.popleft())  # a day and an hour
    return " ".join(said)


def _listed(tokens: deque[str], of: inspection.Type | None) -> Iterator[str]:
    while (first := tokens[0]) != "]":
        if first == ",":
            tokens.popleft()
        else:
            yield _value(tokens, of, "", spread=False)
    tokens.popleft()


def _pairs(tokens: deque[str], of: inspection.Type | None) -> Iterator[tuple[str, str]]:
    """Give the first name of each key of a table on one line, and the key with its value."""
    while (first := tokens.popleft()) != "}":
        if first == ",":
            continue
        key = _plain(first)
        while (part := tokens.popleft()) != "=":
            key += _plain(part)
        names = _names(key)
        yield names[0], f"{key} = {_value(tokens, _at(of, names), '', spread=False)}"


def _tokens(text: str) -> list[str]:
    return [one[0] for one in _TOKEN.finditer(text)]


def _names(key: str) -> tuple[str, ...]:
    return _path(tomllib.loads(f"{key} = 0"))


def _quoted(token: str) -> str:
    """Write a string in double quotes, unless it holds what would be read otherwise there."""
    single = token.startswith("'") and not set(token) & set('"\\')
    return f'"{token[1:-1]}"' if single else token


def _plain(token: str) -> str:
    """Write a part of a key without quotes where it needs none."""
    found = _BARE.match(token)
    return found[1] if found else _quoted(token)


def _at(of: inspection.Type | None, names: Sequence[str]) -> inspection.Type | None:
    """Return what stands under names in a table of a type, as far as that is declared."""
    for name in names:
        of = _one(of)
        if isinstance(of, inspection.StructType):
            of = next((one.type for one in of.fields if one.encode_name == name), None)
        else:
            of = of.value_type if isinstance(of, inspection.DictType) else None
    return _one(of)


def _one(of: inspection.Type | None) -> inspection.Type | None:
    """Return what a list is of, and of what may be left out what it is."""
    match of:
        case inspection.VarTupleType(item_type=item) | inspection.ListType(item_type=item):
            return _one(item)
        case inspection.UnionType(types=types):
            return _one(types[0])
        case _:
            return of


T = TypeVar("T")


def _in_order(found: Sequence[T], of: inspection.Type | None, name: Callable[[T], str]) -> list[T]:
    """Put what has names into the order in which a type declares them; where it does not, keep."""
    if not isinstance(of, inspection.StructType):
        return list(found)
    declared = [*_FIRST, *(one.encode_name for one in of.fields if one.encode_name not in _FIRST)]
    places = {one: place for place, one in enumerate(declared)}
    return sorted(found, key=lambda one: places.get(name(one), len(places)))
