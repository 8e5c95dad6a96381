"""The console as a web application: routes, sign-in, language, headers. It decides nothing."""

from collections.abc import Callable
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.console import pages, sessions
from comity.console.words import has_words, marking_of_all, vocabulary
from comity.node.node import Node
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.register.rows import PersonOf
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.names import PersonId
from comity.wording import LANGUAGES

HEADERS: Final = {
    # No script at all; styles only from the one sheet that ships with the package.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer."""

_PAGES: Final[dict[str, Callable[[pages.Visit], dict[str, Any]]]] = {
    "today": pages.today,
    "pact": pages.pact,
    "register": pages.register,
    "ledger": pages.ledger,
}
_HREFS: Final = {"today": "/", "pact": "/pact", "register": "/register", "ledger": "/ledger"}
_STATUS: Final = {"refused": 403, "invalid": 500, "unavailable": 503}
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
    shown = partial(_page, desk)
    return Starlette(
        routes=[
            Route("/static/console.css", _sheet),
            Route("/enter/{secret}", partial(_enter, desk)),
            Route("/leave", partial(_leave, node), methods=["POST"]),
            *(Route(_HREFS[name], partial(shown, name)) for name in _PAGES),
            Route("/register/{number:path}", partial(shown, "item")),
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


def _sheet(request: Request) -> Response:
    del request
    sheet = files("comity.console").joinpath("static/console.css").read_bytes()
    return Response(sheet, media_type="text/css", headers=HEADERS)


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


def _page(desk: Desk, name: str, request: Request) -> Response:
    lang = _language(request)
    try:
        person = sessions.person_of(desk.node, request.cookies.get(cookie_name(desk.node), ""))
        with desk.node.store.reading() as tx:
            visit = pages.Visit(
                desk.node, tx, person, lang, desk.node.clock.now(), desk.demonstration
            )
            found = (
                pages.item(visit, request.path_params["number"])
                if name == "item"
                else _PAGES[name](visit)
            )
            frame = _frame(desk.node, tx, lang, person) | found
    except ComityError as error:
        return _told(desk, request, error)
    here = "register" if name == "item" else name
    title = found.get("name") or frame["t"](f"console.page.{name}")
    return _answer(request, f"{name}.html", frame | {"here": here, "title": title}, 200)


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
    row = None if person is None else tx.get(PersonOf, person)
    if person is None or row is None:
        return frame
    card = card_of(tx, person)
    books = pages.keeps_books(tx, person)
    names = [name for name in _HREFS if name != "ledger" or books]
    return frame | {
        "called": person if card is None else card.name,
        "office": row.office,
        "pages": [(name, _HREFS[name]) for name in names],
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
