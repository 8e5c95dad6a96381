"""The console as a web application: routes, sign-in, language, headers. It decides nothing."""

from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.acts.deeds import Role
from comity.console import forms, sessions
from comity.console.forms import Fields, Order
from comity.console.pages import approvals, item, ledger, network, pact, register, release, today
from comity.console.pages import visit as visits
from comity.console.pages.judged import told
from comity.console.pages.visit import Visit
from comity.console.words import has_words, marking_of_all, vocabulary
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.node.proving import evidence_for
from comity.register.rows import PersonOf
from comity.vocabulary.errors import ComityError, Invalid, Refused
from comity.vocabulary.names import PersonId
from comity.wording import LANGUAGES

HEADERS: Final = {
    # Scripts and styles from this house alone, none within a page, none made of text.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # Without a referrer no browser would say from which origin a form is sent.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer."""


class Page(NamedTuple):
    """A page: where it is, what it gathers, and where in the list of pages it stands."""

    path: str
    template: str
    gather: Callable[[Visit], dict[str, Any]]
    here: str


class Form(NamedTuple):
    """A form: what it does, and the page that is shown again, as typed, if it fails."""

    path: str
    run: Callable[[Order], str]
    page: str


_PAGES: Final = {
    "today": Page("/", "today", today.today, "today"),
    "release": Page("/release", "release", release.begin, "release"),
    "sheet": Page("/release/{sheet:str}", "sheet", release.sheet, "release"),
    "approvals": Page("/approvals", "approvals", approvals.approvals, "approvals"),
    "approval": Page("/approvals/{draft:str}", "approval", approvals.approval, "approvals"),
    "register": Page("/register", "register", register.register, "register"),
    "item": Page("/register/{number:path}", "item", item.item, "register"),
    "pact": Page("/pact", "pact", pact.pact, "pact"),
    "network": Page("/network", "network", network.network, "network"),
    "ledger": Page("/ledger", "ledger", ledger.ledger, "ledger"),
}
_FORMS: Final = (
    Form("/release/new", release.start, "release"),
    Form("/release/{sheet:str}/keep", release.kept, "sheet"),
    Form("/release/{sheet:str}/lay", release.lay, "sheet"),
    Form("/release/{sheet:str}/drop", release.throw_away, "sheet"),
    Form("/release/laid/{draft:str}/back", release.take_back, "release"),
    Form("/approvals/{draft:str}/approve", approvals.approve, "approval"),
    Form("/approvals/{draft:str}/decline", approvals.decline, "approval"),
)
_NAV: Final = ("today", "release", "approvals", "register", "pact", "network", "ledger")
_FOR: Final = {
    "release": frozenset({Role.DESK.value}),
    "approvals": frozenset({Role.RELEASING.value}),
}
"""Pages that are there for some roles only; for others they are absent."""

_ASSETS: Final = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "vendor/htmx.min.js": "text/javascript",
}
_STATUS: Final = {"refused": 403, "invalid": 422, "unavailable": 503}
_LANGUAGE_SECONDS: Final = 365 * 86400


class Desk(NamedTuple):
    """Whose console it is, and whether all its markings are fictional."""

    node: Node
    demonstration: bool


@lru_cache(maxsize=1)
def _templates() -> Environment:
    folder = files("comity.console").joinpath("templates")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def make_app(node: Node, *, demonstration: bool) -> ASGIApp:
    """Return the console of a house.

    Args:
        node: Whose console; every page asks it.
        demonstration: Whether pages say that all markings are fictional. Sign-in links are made
            by :func:`comity.console.sessions.make_link`; who may have one is decided there
            where they are asked for.
    """
    desk = Desk(node, demonstration)
    return Starlette(
        routes=[
            Route("/static/{name:path}", partial(_asset, desk)),
            Route("/enter/{secret}", partial(_enter, desk)),
            Route("/leave", partial(_leave, node), methods=["POST"]),
            Route("/register.csv", partial(_register_csv, desk)),
            Route("/approvals/{draft:str}/content", partial(_draft_content, desk)),
            Route("/evidence/{number:path}", partial(_evidence, desk)),
            Route("/read/{number:path}", _reading(desk), methods=["POST"]),
            Route("/release/{sheet:str}/judge", _judging(desk), methods=["POST"]),
            *(Route(one.path, _doing(desk, one), methods=["POST"]) for one in _FORMS),
            *(Route(one.path, partial(_page, desk, one)) for one in _PAGES.values()),
        ],
        exception_handlers={HTTPException: partial(_no_route, desk)},
    )


def cookie_name(node: Node) -> str:
    """Return the name of the session cookie.

    It names the party, because cookies do not tell ports apart and a demonstration runs two
    consoles on one machine. It lacks ``__Host-``: browsers take that prefix over TLS only, and
    the console speaks plain HTTP to the machine it runs on.
    """
    return f"comity-session-{node.party}"


def _asset(desk: Desk, request: Request) -> Response:
    name = request.path_params["name"]
    place = files("comity.console").joinpath("static").joinpath(name)
    if name not in _ASSETS or not place.is_file():
        return _told(desk, request, Refused("refused.absent"))
    return Response(place.read_bytes(), media_type=_ASSETS[name], headers=HEADERS)


def _enter(desk: Desk, request: Request) -> Response:
    try:
        secret = sessions.enter(desk.node, request.path_params["secret"])
    except ComityError as error:
        return _message(desk, request, "console.link.used", [error.code], 403)
    response = RedirectResponse("/", 303, headers=HEADERS)
    response.set_cookie(
        cookie_name(desk.node),
        secret,
        max_age=sessions.SESSION_SECONDS,
        httponly=True,
        samesite="strict",
    )
    return response


def _leave(node: Node, request: Request) -> Response:
    sessions.leave(node, request.cookies.get(cookie_name(node), ""))
    response = RedirectResponse("/", 303, headers=HEADERS)
    response.delete_cookie(cookie_name(node), httponly=True, samesite="strict")
    return response


def _person(desk: Desk, request: Request) -> PersonId:
    return sessions.person_of(desk.node, request.cookies.get(cookie_name(desk.node), ""))


def _visit(desk: Desk, request: Request, tx: Reading, person: PersonId) -> Visit:
    return Visit(
        desk.node,
        tx,
        person,
        _language(request),
        desk.node.clock.now(),
        desk.demonstration,
        request.path_params,
        request.query_params,
    )


def _page(desk: Desk, page: Page, request: Request) -> Response:
    try:
        return _shown(desk, page, request)
    except ComityError as error:
        return _told(desk, request, error)


def _shown(
    desk: Desk,
    page: Page,
    request: Request,
    *,
    failure: ComityError | None = None,
    typed: Fields | None = None,
) -> Response:
    person = _person(desk, request)
    with desk.node.store.reading() as tx:
        visit = _visit(desk, request, tx, person)
        found = page.gather(visit)
        frame = _frame(desk.node, tx, visit.lang, person) | found
    rest = {
        "here": page.here,
        "title": found.get("name_of_page") or frame["t"](f"console.page.{page.template}"),
        "failure": None if failure is None else _failure(desk, failure, visit.lang),
        "typed": typed,
    }
    status = 200 if failure is None else _STATUS.get(failure.family, 422)
    return _answer(request, f"{page.template}.html", frame | rest, status)


def _failure(desk: Desk, error: ComityError, lang: str) -> dict[str, Any]:
    """Return what went wrong: words, and for a refused act each objection with its way out."""
    refused = error.assessment.objections if isinstance(error, RefusedAct) else ()
    return {
        "code": error.code,
        "worded": has_words(error.code),
        "detail": error.detail,
        "findings": [told(desk.node, one, lang) for one in refused],
    }


def _doing(desk: Desk, form: Form) -> Callable[[Request], Awaitable[Response]]:
    async def done(request: Request) -> Response:
        try:
            forms.require_same_origin(request)
            await run_in_threadpool(_person, desk, request)
            fields = await forms.read(request)
        except ComityError as error:
            return await run_in_threadpool(_told, desk, request, error)
        return await run_in_threadpool(_done, desk, form, request, fields)

    return done


def _order(desk: Desk, request: Request, fields: Fields) -> Order:
    person = _person(desk, request)
    place = request.path_params
    return Order(desk.node, person, _language(request), desk.demonstration, place, fields)


def _done(desk: Desk, form: Form, request: Request, fields: Fields) -> Response:
    try:
        return RedirectResponse(form.run(_order(desk, request, fields)), 303, headers=HEADERS)
    except (ComityError, ValueError) as error:
        said = error if isinstance(error, ComityError) else Invalid("invalid.form", str(error))
        try:
            return _shown(desk, _PAGES[form.page], request, failure=said, typed=fields)
        except ComityError as gone:
            # Where the page is absent for this person, so is all that one may do on it.
            return _told(desk, request, gone if gone.code == "refused.absent" else said)


def _judging(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Return the part of the release page that changes while one types."""

    def judged(request: Request, fields: Fields) -> Response:
        try:
            order = _order(desk, request, fields)
            release.kept(order)
            with desk.node.store.reading() as tx:
                found = release.sheet(_visit(desk, request, tx, order.person))
                frame = _frame(desk.node, tx, order.lang, order.person)
        except ComityError as error:
            return _told(desk, request, error)
        return _answer(request, "judgement.html", frame | found, 200)

    async def done(request: Request) -> Response:
        try:
            forms.require_same_origin(request)
            await run_in_threadpool(_person, desk, request)
            fields = await forms.read(request)
        except ComityError as error:
            return await run_in_threadpool(_told, desk, request, error)
        return await run_in_threadpool(judged, request, fields)

    return done


def _register_csv(desk: Desk, request: Request) -> Response:
    try:
        person = _person(desk, request)
        with desk.node.store.reading() as tx:
            body = register.export(_visit(desk, request, tx, person))
    except ComityError as error:
        return _told(desk, request, error)
    return _download(body, "register.csv", "text/csv; charset=utf-8")


def _draft_content(desk: Desk, request: Request) -> Response:
    try:
        person = _person(desk, request)
        with desk.node.store.reading() as tx:
            body, name = approvals.content(_visit(desk, request, tx, person))
    except ComityError as error:
        return _told(desk, request, error)
    return _download(body, name, "application/octet-stream")


def _evidence(desk: Desk, request: Request) -> Response:
    try:
        person = _person(desk, request)
        with desk.node.store.reading() as tx:
            row = item.visible(_visit(desk, request, tx, person))
        body = evidence_for(desk.node, row)
    except ComityError as error:
        return _told(desk, request, error)
    return _download(body, f"{row.reference}.evidence", "application/octet-stream")


def _reading(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """Open an item: an act that is entered before anything is shown, so it is a form."""

    def read(request: Request, fields: Fields) -> Response:
        try:
            order = _order(desk, request, fields)
            with desk.node.store.reading() as tx:
                row = item.visible(_visit(desk, request, tx, order.person))
            shown = item.opened(order, row)
            if isinstance(shown, bytes):
                return _download(shown, row.reference, "application/octet-stream")
            with desk.node.store.reading() as tx:
                frame = _frame(desk.node, tx, order.lang, order.person)
        except ComityError as error:
            try:
                return _shown(desk, _PAGES["item"], request, failure=error)
            except ComityError as gone:
                return _told(desk, request, gone)
        rest = {"here": "register", "title": row.reference}
        return _answer(request, "read.html", frame | shown | rest, 200)

    async def done(request: Request) -> Response:
        try:
            forms.require_same_origin(request)
            await run_in_threadpool(_person, desk, request)
            fields = await forms.read(request)
        except ComityError as error:
            return await run_in_threadpool(_told, desk, request, error)
        return await run_in_threadpool(read, request, fields)

    return done


def _download(body: bytes, name: str, kind: str) -> Response:
    # Never shown in the page's own origin: what a file holds is not to be believed.
    named = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=kind, headers=HEADERS | {"Content-Disposition": named})


def _told(desk: Desk, request: Request, error: ComityError) -> Response:
    """Say what went wrong in words. Absent and forbidden are one answer, byte for byte."""
    match error.code:
        case "refused.session.none":
            way = "console.sign-in.ask" if desk.demonstration else "console.sign-in.earnest"
            said = ["console.sign-in.how", way]
            return _message(desk, request, "console.sign-in", said, 401)
        case "refused.absent":
            said = ["console.absent.why", "console.absent.way"]
            return _message(desk, request, "console.absent", said, 404)
        case code:
            said = [code] if has_words(code) else []
            status = _STATUS.get(error.family, 500)
            return _message(desk, request, "console.failed", said, status)


def _no_route(desk: Desk, request: Request, error: Exception) -> Response:
    """Answer an address that no page has, as an item that is not there is answered."""
    del error
    try:
        sessions.person_of(desk.node, request.cookies.get(cookie_name(desk.node), ""))
    except Refused as nobody:
        return _told(desk, request, nobody)
    return _told(desk, request, Refused("refused.absent"))


def _message(desk: Desk, request: Request, title: str, said: list[str], status: int) -> Response:
    lang = _language(request)
    with desk.node.store.reading() as tx:
        frame = _frame(desk.node, tx, lang, _signed_in(desk.node, request))
    t = frame["t"]
    marking = marking_of_all([], house=desk.node.party, demonstration=desk.demonstration)
    rest = {"title": t(title), "lines": [t(one) for one in said], "marking": marking, "here": ""}
    return _answer(request, "message.html", frame | rest, status)


def _signed_in(node: Node, request: Request) -> PersonId | None:
    try:
        return sessions.person_of(node, request.cookies.get(cookie_name(node), ""))
    except Refused:
        return None


def _frame(node: Node, tx: Reading, lang: str, person: PersonId | None) -> dict[str, Any]:
    """Return what stands around every page: whose house, who is signed in, what there is."""
    profile = node.profile(tx, tx)
    frame = vocabulary(lang, "UTC" if profile is None else profile.zone)
    frame |= {"house": node.party, "person": person or "", "called": "", "office": "", "pages": []}
    frame |= {"failure": None, "typed": None}
    row = None if person is None else tx.get(PersonOf, person)
    if person is None or row is None:
        return frame
    card = card_of(tx, person)
    books = visits.keeps_books(tx, person)
    known = frozenset(row.roles)
    names = [
        name
        for name in _NAV
        if (name != "ledger" or books) and (name not in _FOR or _FOR[name] & known)
    ]
    return frame | {
        "called": person if card is None else card.name,
        "office": row.office,
        "pages": [(name, _PAGES[name].path) for name in names],
    }


def _answer(request: Request, template: str, values: dict[str, Any], status: int) -> Response:
    body = _templates().get_template(template).render(values)
    response = HTMLResponse(body, status, headers=HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            "comity-language",
            values["lang"],
            max_age=_LANGUAGE_SECONDS,
            httponly=True,
            samesite="strict",
        )
    return response


def _language(request: Request) -> str:
    """Return the language asked for: in the address, kept before, or the browser's."""
    asked = request.query_params.get("lang"), request.cookies.get("comity-language")
    spoken = [
        one.strip()[:2].lower() for one in request.headers.get("accept-language", "").split(",")
    ]
    return next((one for one in (*asked, *spoken) if one in LANGUAGES), LANGUAGES[0])
