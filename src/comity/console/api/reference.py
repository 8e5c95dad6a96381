"""The reference of the API: one page of the console, and the same as a document."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from comity.console.api.description import ROOT, described
from comity.console.api.operation import PLACES, Body, Nothing, Operation
from comity.console.api.table import OPERATIONS
from comity.console.frame import Desk, answer, frame, language, person_of, told
from comity.console.words import marking_of_all
from comity.vocabulary.errors import ComityError

_REF: Final = "#/components/schemas/"


class Field(NamedTuple):
    """A field of a query, a body or an answer."""

    name: str
    kind: str
    needed: bool


class Told(NamedTuple):
    """An operation as people read it."""

    name: str
    method: str
    path: str
    summary: str
    places: tuple[tuple[str, str], ...]
    sends: tuple[Field, ...]
    gives: str


class Section(NamedTuple):
    """The operations under one heading."""

    heading: str
    operations: tuple[Told, ...]


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """Return the whole reference, from the table and the structs alone."""
    schemas = described()["components"]["schemas"]
    headings = dict.fromkeys(one.heading for one in OPERATIONS)
    return tuple(
        Section(heading, tuple(_told(one, schemas) for one in OPERATIONS if one.heading == heading))
        for heading in headings
    )


def _told(one: Operation, schemas: dict[str, Any]) -> Told:
    places = [name for name in PLACES if f"{{{name}}}" in one.path]
    return Told(
        name=one.name,
        method=one.method,
        path=ROOT + one.path,
        summary=one.summary,
        places=tuple((name, PLACES[name][0]) for name in places),
        sends=() if one.asked is Nothing else fields(one.asked.__name__, schemas),
        gives=_gives(one),
    )


def _gives(one: Operation) -> str:
    if one.answer is Body:
        return one.media.partition(";")[0]
    return "" if one.answer is Nothing else schema_name(one.answer)


def schema_name(kind: Any) -> str:  # noqa: ANN401 - a struct, or a page of one
    """Return what a struct is called in the description."""
    (found,), _ = msgspec.json.schema_components([kind])
    return str(found["$ref"]).rpartition("/")[2]


def fields(name: str, schemas: dict[str, Any]) -> tuple[Field, ...]:
    """Return the fields of a struct of the description."""
    found = schemas[name]
    needed = set(found.get("required", ()))
    return tuple(
        Field(field, kind_of(schema), field in needed)
        for field, schema in found.get("properties", {}).items()
    )


def kind_of(schema: dict[str, Any]) -> str:
    """Return in a few words what a field holds."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(kind_of(one) for one in schema["anyOf"])
    match schema.get("type"):
        case "array":
            return f"[{kind_of(schema.get('items', {}))}]"
        case "object":
            return f"{{{kind_of(schema.get('additionalProperties') or {})}}}"
        case "string":
            return "base64" if schema.get("contentEncoding") == "base64" else "string"
        case None:
            return "any"
        case other:
            return str(other)


def page(desk: Desk, request: Request) -> Response:
    """Answer with the reference page, to whoever is signed in."""
    try:
        person = person_of(desk, request)
    except ComityError as error:
        return told(desk, request, error)
    with desk.node.store.reading() as tx:
        around = frame(desk.node, tx, language(request), person)
    marking = marking_of_all(
        [], house=desk.node.party, demonstration=desk.demonstration, lang=language(request)
    )
    rest: dict[str, Any] = {
        "here": "api",
        "title": around["t"]("api.title"),
        "marking": marking,
        "root": ROOT,
        "sections": sections(),
        "structs": _structs(),
    }
    return answer(request, "api.html", around | rest, 200)


@lru_cache(maxsize=1)
def _structs() -> tuple[tuple[str, tuple[Field, ...]], ...]:
    schemas = described()["components"]["schemas"]
    return tuple((name, fields(name, schemas)) for name in sorted(schemas))


def document() -> str:
    """Return the reference as ``docs/api.md`` has it, after what is written there by hand."""
    lines: list[str] = []
    for section in sections():
        lines += [f"## {section.heading}", ""]
        for one in section.operations:
            lines += [f"### `{one.method} {one.path}`", "", f"{one.summary} (`{one.name}`)", ""]
            lines += [f"- `{name}`: {said}" for name, said in one.places]
            if one.sends:
                lines.append("- sends " + ", ".join(_field(each) for each in one.sends))
            if one.gives:
                lines.append(f"- gives `{one.gives}`")
            if lines[-1]:
                lines.append("")
    lines += ["## Structs", ""]
    for name, found in _structs():
        if found:
            lines.append(f"- `{name}`: " + ", ".join(_field(each) for each in found))
    return "\n".join(lines).rstrip() + "\n"


def _field(one: Field) -> str:
    return f"`{one.name}` {one.kind}" + ("" if one.needed else " (may be left out)")
