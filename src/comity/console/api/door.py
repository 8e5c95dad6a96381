"""The one way in: who asks, how fast, with which body, under which key; and the one way out.

The order is the same for every operation: known, not too fast, from a page of this house where
a cookie is what signs in, a body of the right form. Only then is anything looked up, so that no
answer before that can tell of a thing.
"""

import logging
import re
from collections.abc import Mapping
from functools import partial
from traceback import extract_tb
from typing import Any, Final, NamedTuple, cast
from urllib.parse import quote

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.acts.canonical import digest
from comity.console import forms, sessions
from comity.console.api import problems, signing, tokens
from comity.console.api.description import DESCRIPTION
from comity.console.api.once import Once
from comity.console.api.operation import JSON, PLACES, Body, Doing, Operation
from comity.console.api.pace import PACE, Buckets, Pace
from comity.console.api.table import OPERATIONS
from comity.console.ceremonies import require_origin
from comity.console.frame import Desk, cookie_name
from comity.console.pages.visit import Visit
from comity.node.node import Node
from comity.node.receiving import absent
from comity.node.signing import by_passkey
from comity.vocabulary.errors import ComityError, Invalid, Refused
from comity.vocabulary.names import PersonId
from comity.wording import LANGUAGES

BODY_LIMIT: Final = 28 << 20
"""The most bytes of a body: a content of 20 MiB as base64, and what is said of it."""

KEY_LIMIT: Final = 255
"""The most characters of an idempotency key."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer."""

_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="comity"'}
_log: Final = logging.getLogger("comity.console")


class _Caller(NamedTuple):
    person: PersonId
    credential: str
    by_cookie: bool


class _Api(NamedTuple):
    node: Node
    desk: Desk
    once: Once
    buckets: Buckets


def mounted(desk: Desk, pace: Pace = PACE) -> ASGIApp:
    """Return the API of a house, to be mounted where its addresses begin.

    Args:
        desk: Whose.
        pace: How fast one may ask.
    """
    api = _Api(desk.node, desk, Once(desk.node), Buckets(pace))
    return Starlette(
        routes=[
            Route(path, partial(_asked, api, methods), methods=list(methods))
            for path, methods in _by_path().items()
        ],
        exception_handlers={HTTPException: cast("Any", partial(_no_route, api))},
    )


def _by_path() -> dict[str, dict[str, Operation]]:
    found: dict[str, dict[str, Operation]] = {}
    for one in (*OPERATIONS, DESCRIPTION):
        found.setdefault(one.path, {})[one.method] = one
    return found


async def _asked(api: _Api, methods: dict[str, Operation], request: Request) -> Response:
    operation = methods["GET" if request.method == "HEAD" else request.method]
    try:
        caller = await run_in_threadpool(_caller, api, request)
        if caller.by_cookie and operation.method != "GET":
            # No page of the console asks so: whoever does has just shown a passkey, if any.
            forms.require_same_origin(request)
            secret = request.cookies.get(cookie_name(api.node), "")
            await run_in_threadpool(sessions.require_proven, api.node, secret)
        body = b"" if operation.method == "GET" else await _body(request)
        return await run_in_threadpool(_answered, api, operation, request, caller, body)
    except ComityError as error:
        return _problem(api, request, error)
    except Exception as error:  # noqa: BLE001 - answered and noted; a server would log its words
        return _bug(error)


def _caller(api: _Api, request: Request) -> _Caller:
    """Return who asks: a token speaks before a cookie, and a wrong one is not excused by it.

    Raises:
        Refused: ``refused.session.none``; ``refused.api.rate``.
    """
    given = request.headers.get("authorization")
    if given is None:
        secret = request.cookies.get(cookie_name(api.node), "")
        person = sessions.person_of(api.node, secret)
        caller = _Caller(person, digest(secret.encode()), by_cookie=True)
    else:
        kind, _, secret = given.partition(" ")
        if kind.lower() != "bearer":
            raise Refused("refused.session.none", "nobody is signed in")
        person, credential = tokens.person_of(api.node, secret.strip())
        caller = _Caller(person, credential, by_cookie=False)
    wait = api.buckets.take(caller.credential, api.node.clock.now())
    if wait > 0:
        raise _TooFast(wait)
    return caller


class _TooFast(Refused):
    """Asked too fast; carries after how many seconds to ask again."""

    def __init__(self, wait: float) -> None:
        super().__init__("refused.api.rate", "")
        self.wait: Final = max(1, int(wait + 0.999))


async def _body(request: Request) -> bytes:
    """Read a body within bounds.

    Raises:
        Refused: ``refused.api.too-large``, ``refused.api.media``.
    """
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY_LIMIT:
        raise Refused("refused.api.too-large", f"more than {BODY_LIMIT >> 20} MiB")
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > BODY_LIMIT:
                raise Refused("refused.api.too-large", f"more than {BODY_LIMIT >> 20} MiB")
            parts.append(part)
    except ClientDisconnect as error:
        raise Invalid("invalid.api.body", "the body ends early") from error
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if size and kind != JSON:
        raise Refused("refused.api.media", f"a body is {JSON}")
    return b"".join(parts)


def _answered(
    api: _Api, operation: Operation, request: Request, caller: _Caller, body: bytes
) -> Response:
    lang = language(request)
    try:
        _require_readable(request.path_params)
        if operation.method == "GET":
            asked = _query(request, operation.asked)
            found = _read(api, operation, request, caller, asked, lang)
            return _given(request, operation, found)
        sent = _sent(body, operation.asked)
        key = request.headers.get("idempotency-key")
        if key is None:
            done = _act(api.node, api, operation, request, caller, sent, lang)
            return _told(operation, _encoded(done))
        if not 1 <= len(key) <= KEY_LIMIT:
            raise Invalid("invalid.api.key", f"a key has 1 to {KEY_LIMIT} characters")
        named = f"{operation.method} {request.url.path}\n".encode() + body
        _, raw = api.once.run(
            caller.person,
            key,
            named,
            lambda node: (
                200,
                _encoded(_act(node, api, operation, request, caller, sent, lang)),
            ),
            keep=operation.kept,
        )
        return _told(operation, raw)
    except ComityError as error:
        return _problem(api, request, error)


def _require_readable(place: Mapping[str, str]) -> None:
    """Return if the parts of an address read as they should: others name nothing.

    Raises:
        Refused: ``refused.absent``.
    """
    if not all(re.match(PLACES[name][1], value) for name, value in place.items()):
        raise absent()


def _read(  # noqa: PLR0913 - who asks what of whom
    api: _Api, operation: Operation, request: Request, caller: _Caller, asked: Struct, lang: str
) -> Any:  # noqa: ANN401 - as the operation says
    with api.node.store.reading() as tx:
        query = {name: str(getattr(asked, name)) for name in asked.__struct_fields__}
        visit = Visit(
            api.node,
            tx,
            caller.person,
            lang,
            api.node.clock.now(),
            api.desk.demonstration,
            request.path_params,
            query,
        )
        return operation.run(visit, asked)


def _act(  # noqa: PLR0913 - who does what, on which node
    node: Node,
    api: _Api,
    operation: Operation,
    request: Request,
    caller: _Caller,
    sent: Struct,
    lang: str,
) -> Any:  # noqa: ANN401 - as the operation says
    place = request.path_params
    doing = Doing(node, caller.person, lang, api.desk.demonstration, place, sent)
    found = signing.brought(sent)
    if found is not None:
        require_origin(api.desk.place, found.client_data)
        doing = doing._replace(sign=by_passkey(found))
    return operation.run(doing)


def _query(request: Request, kind: type[Struct]) -> Struct:
    given = request.query_params.multi_items()
    if len(dict(given)) != len(given):
        raise Invalid("invalid.api.query", "a name stands twice")
    if any("\0" in value for _, value in given):
        # Not every database can be asked for it.
        raise Invalid("invalid.api.query", "a value holds the character zero")
    try:
        return msgspec.convert(dict(given), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("invalid.api.query", str(error)) from error


def _sent(body: bytes, kind: type[Struct]) -> Struct:
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("invalid.api.body", str(error)) from error


def _encoded(found: Any) -> bytes:  # noqa: ANN401 - a struct of the operation
    return msgspec.json.encode(found)


def _given(request: Request, operation: Operation, found: Any) -> Response:  # noqa: ANN401
    """Answer a read; what is unchanged since the caller saw it is not sent again.

    The tag is made of the bytes that this caller is given: it tells nothing else.
    """
    named = {}
    if isinstance(found, Body):
        raw = found.raw
        named = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        }
    else:
        raw = _encoded(found)
    tag = f'"{digest(raw).removeprefix("sha384:")[:32]}"'
    headers = HEADERS | named | {"ETag": tag, "Vary": "Accept-Language, Authorization, Cookie"}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, f"W/{tag}", "*"}:
        return Response(status_code=304, headers=headers)
    return Response(raw, headers=headers, media_type=operation.media)


def _told(operation: Operation, raw: bytes) -> Response:
    return Response(raw, headers=HEADERS, media_type=operation.media)


def _problem(api: _Api, request: Request, error: ComityError) -> Response:
    problem = problems.problem_of(api.node, error, language(request))
    headers = dict(HEADERS)
    if problem.status == 401:  # noqa: PLR2004 - RFC 9110, section 15.5.2
        headers |= _CHALLENGE
    if isinstance(error, _TooFast):
        headers["Retry-After"] = str(error.wait)
    return Response(
        problems.encoded(problem),
        problem.status,
        headers=headers,
        media_type=problems.MEDIA,
    )


def _no_route(api: _Api, request: Request, error: HTTPException) -> Response:
    """Answer an address that is none, as a thing that is not there is answered."""
    try:
        _caller(api, request)
    except ComityError as nobody:
        return _problem(api, request, nobody)
    if error.status_code == 405:  # noqa: PLR2004 - RFC 9110, section 15.5.6
        said = _problem(api, request, Refused("refused.api.method", ""))
        said.headers["Allow"] = (error.headers or {}).get("Allow", "")
        return said
    return _problem(api, request, Refused("refused.absent"))


def _bug(error: Exception) -> Response:
    """Answer a fault of comity's own; its words are written nowhere: they may quote content."""
    place = extract_tb(error.__traceback__)[-1]
    _log.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
    said = problems.Problem(
        type="urn:comity:bug",
        title="comity has a fault; please report it",
        status=500,
        code="bug",
        family="bug",
    )
    return Response(problems.encoded(said), 500, headers=HEADERS, media_type=problems.MEDIA)


def language(request: Request) -> str:
    """Return the language asked for (``Accept-Language``), or the first one."""
    spoken = request.headers.get("accept-language", "").split(",")
    asked = [one.strip()[:2].lower() for one in spoken]
    return next((one for one in asked if one in LANGUAGES), LANGUAGES[0])
