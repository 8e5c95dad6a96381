"""The OpenAPI 3.1 description, made from the same structs that bodies are decoded by."""

import re
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct

from comity import __version__
from comity.console.api.operation import JSON, PLACES, Body, Nothing, Operation
from comity.console.api.problems import MEDIA, Problem
from comity.console.api.table import OPERATIONS
from comity.console.pages.visit import Visit
from comity.vocabulary.thirds import Third, third_of

ROOT: Final = "/api/v1"
"""Where the addresses of the API begin, on the console's address."""

_PART: Final = re.compile(r"\{(\w+)\}")
_REF: Final = "#/components/schemas/{name}"


def _headings() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.heading for one in OPERATIONS))


def _models() -> list[Any]:
    found: list[Any] = [Problem]
    for one in OPERATIONS:
        found += [kind for kind in (one.answer, one.asked) if kind is not Body]
    return list(dict.fromkeys(found))


def _schemas() -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    kinds = _models()
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    return dict(zip(kinds, schemas, strict=True)), _ecma(components)


def _ecma(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    r"""Return a schema whose patterns end as those of JSON Schema do (not with ``\Z``)."""
    if isinstance(schema, dict):
        return {
            name: value.replace(r"\Z", "$")
            if name == "pattern" and isinstance(value, str)
            else _ecma(value)
            for name, value in schema.items()
        }
    return [_ecma(one) for one in schema] if isinstance(schema, list) else schema


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """Return the description of the whole API as plain values; nobody changes them."""
    schemas, components = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "comity",
            "version": __version__,
            "summary": "What the console does, for programs: the same use cases, the same rules.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": one} for one in _headings()],
        "x-tagGroups": [
            {"name": third.value, "tags": [one for one in _headings() if third_of(one) is third]}
            for third in Third
        ],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "comity-session"},
            },
            "responses": {
                "Problem": {
                    "description": "It was not done; code, words and the way out.",
                    "content": {MEDIA: {"schema": schemas[Problem]}},
                }
            },
        },
    }


def describe(visit: Visit, asked: Nothing) -> Body:
    """Describe the API, as OpenAPI 3.1."""
    del visit, asked
    return Body(msgspec.json.encode(described()), "comity.json")


DESCRIPTION: Final = Operation(
    "describe", "api", "GET", "/openapi.json", describe, Body, media=JSON
)
"""Where the description itself is; it is not in it."""


def _operation(
    one: Operation, schemas: dict[Any, dict[str, Any]], components: dict[str, Any]
) -> dict[str, Any]:
    parameters = [_place(name) for name in _PART.findall(one.path)]
    told: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.heading],
        "summary": one.summary,
        "responses": _responses(one, schemas),
    }
    if one.method == "GET":
        parameters += _query(one.asked, components)
        parameters.append(_header("If-None-Match", "an ETag that was given before"))
    else:
        parameters.append(
            _header("Idempotency-Key", "the same key and body again act once", most=255)
        )
        body = {"application/json": {"schema": schemas[one.asked]}}
        needed = any(each.required for each in msgspec.structs.fields(one.asked))
        told["requestBody"] = {"required": needed, "content": body}
    if parameters:
        told["parameters"] = parameters
    return told


def _responses(one: Operation, schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    schema = {} if one.answer is Body else {"schema": schemas[one.answer]}
    found: dict[str, Any] = {
        "200": {
            "description": "Done.",
            "content": {one.media.partition(";")[0]: schema},
        },
        "default": {"$ref": "#/components/responses/Problem"},
    }
    if one.method == "GET":
        found["304"] = {"description": "Unchanged since that ETag was given."}
    return found


def _place(name: str) -> dict[str, Any]:
    told, pattern = PLACES[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": told,
        "schema": {"type": "string", "pattern": pattern},
    }


def _header(name: str, told: str, *, most: int = 200) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "description": told,
        "schema": {"type": "string", "minLength": 1, "maxLength": most},
    }


def _query(kind: type[Struct], components: dict[str, Any]) -> list[dict[str, Any]]:
    properties = components[kind.__name__]["properties"]
    return [
        {
            "name": one.encode_name,
            "in": "query",
            "required": one.required,
            "schema": properties[one.encode_name],
        }
        for one in msgspec.structs.fields(kind)
    ]
