"""What stands around every page: headers, language, whose house, who is signed in; and errors."""

from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from comity.console import sessions
from comity.console.ceremonies import Place
from comity.console.pages import visit as visits
from comity.console.pages.judged import told as told_finding
from comity.console.pages.visit import Visit
from comity.console.places import FOR, NAV, PAGES
from comity.console.words import has_words, marking_of_all, vocabulary
from comity.node.chancery import RefusedAct
from comity.node.node import Node
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.register.rows import PersonOf
from comity.vocabulary.errors import ComityError, Refused, Unavailable
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

STATUS: Final = {"refused": 403, "invalid": 422, "unavailable": 503}
"""The status of an answer that tells of an error, by its family."""

_LANGUAGE_SECONDS: Final = 365 * 86400


class Desk(NamedTuple):
    """Whose console it is, whether all its markings are fictional, and where browsers see it."""

    node: Node
    demonstration: bool
    place: Place


def cookie_name(node: Node) -> str:
    """Return the name of the session cookie.

    It names the party, because cookies do not tell ports apart and a demonstration runs two
    consoles on one machine. It lacks ``__Host-``: browsers take that prefix over TLS only, and
    the console speaks plain HTTP to the machine it runs on.
    """
    return f"comity-session-{node.party}"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    folder = files("comity.console").joinpath("templates")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def secret_of(desk: Desk, request: Request) -> str:
    """Return the secret of a session that a request brings; empty where it brings none."""
    return request.cookies.get(cookie_name(desk.node), "")


def signed(desk: Desk, response: Response, secret: str) -> Response:
    """Return an answer that opens a session in the browser that gets it."""
    response.set_cookie(
        cookie_name(desk.node),
        secret,
        max_age=sessions.SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=desk.place.origin.startswith("https:"),
    )
    return response


def person_of(desk: Desk, request: Request) -> PersonId:
    """Return who sends a request.

    Raises:
        Refused: ``refused.session.none``.
    """
    return sessions.person_of(desk.node, secret_of(desk, request))


def signed_in(node: Node, request: Request) -> PersonId | None:
    """Return who sends a request, or nobody."""
    try:
        return sessions.person_of(node, request.cookies.get(cookie_name(node), ""))
    except Refused:
        return None


def visit_of(desk: Desk, request: Request, tx: Reading, person: PersonId) -> Visit:
    """Return a request as a page sees it."""
    return Visit(
        desk.node,
        tx,
        person,
        language(request),
        desk.node.clock.now(),
        desk.demonstration,
        request.path_params,
        request.query_params,
        desk.place.domain,
    )


def failure_of(desk: Desk, error: ComityError, lang: str) -> dict[str, Any]:
    """Return what went wrong: words, and for a refused act each objection with its way out."""
    refused = error.assessment.objections if isinstance(error, RefusedAct) else ()
    return {
        "code": error.code,
        "worded": has_words(error.code),
        "detail": error.detail,
        "findings": [told_finding(desk.node, one, lang) for one in refused],
        # Of a file that was brought: what is wrong on which line, and how many there are.
        "lines": getattr(error, "lines", ()),
        "count": getattr(error, "count", 0),
    }


def told(desk: Desk, request: Request, error: ComityError) -> Response:
    """Say what went wrong in words. Absent and forbidden are one answer, byte for byte."""
    match error.code:
        case "refused.session.none":
            return welcome(desk, request)
        case "refused.absent":
            said = ["console.absent.why", "console.absent.way"]
            return message(desk, request, "console.absent", said, 404)
        case code:
            said = [code] if has_words(code) else []
            status = STATUS.get(error.family, 500)
            return message(desk, request, "console.failed", said, status)


def welcome(
    desk: Desk, request: Request, *, failure: ComityError | None = None, invited: str = ""
) -> Response:
    """Answer somebody who is not signed in: how to sign in, or how to register when invited."""
    lang = language(request)
    with desk.node.store.reading() as tx:
        around = frame(desk.node, tx, lang, None)
    title = "passkey.invited" if invited else "console.sign-in"
    rest = {
        "here": "",
        "title": around["t"](title),
        "marking": marking_of_all(
            [], house=desk.node.party, demonstration=desk.demonstration, lang=lang
        ),
        "failure": None if failure is None else failure_of(desk, failure, lang),
        "invited": invited,
        "address": request.url.path,
        "domain": desk.place.domain,
        "demonstration": desk.demonstration,
    }
    return answer(request, "sign-in.html", around | rest, 200 if invited else 401)


def message(desk: Desk, request: Request, title: str, said: list[str], status: int) -> Response:
    """Answer with a title and lines, each a code of the catalogue."""
    lang = language(request)
    try:
        with desk.node.store.reading() as tx:
            around = frame(desk.node, tx, lang, signed_in(desk.node, request))
    except Unavailable:
        # The books themselves are away: that is said, too, and to nobody in particular.
        around = bare(desk.node, lang)
    t = around["t"]
    marking = marking_of_all([], house=desk.node.party, demonstration=desk.demonstration, lang=lang)
    rest = {"title": t(title), "lines": [t(one) for one in said], "marking": marking, "here": ""}
    return answer(request, "message.html", around | rest, status)


def bare(node: Node, lang: str, zone: str = "UTC") -> dict[str, Any]:
    """Return what stands around a page of which nothing is read from the books."""
    around = vocabulary(lang, zone)
    around |= {"house": node.party, "person": "", "called": "", "office": "", "pages": []}
    return around | {"failure": None, "typed": None, "about": ""}


def frame(node: Node, tx: Reading, lang: str, person: PersonId | None) -> dict[str, Any]:
    """Return what stands around every page: whose house, who is signed in, what there is."""
    profile = node.profile(tx, tx)
    around = bare(node, lang, "UTC" if profile is None else profile.zone)
    around |= {"person": person or ""}
    row = None if person is None else tx.get(PersonOf, person)
    if person is None or row is None:
        return around
    card = card_of(tx, person)
    books = visits.keeps_books(tx, person)
    known = frozenset(row.roles)
    names = [
        name
        for name in NAV
        if (name != "ledger" or books) and (name not in FOR or FOR[name] & known)
    ]
    return around | {
        "called": person if card is None else card.name,
        "office": row.office,
        "pages": [(name, PAGES[name].path) for name in names],
    }


def rendered(template: str, values: dict[str, Any]) -> str:
    """Return a template with values in it."""
    return _templates().get_template(template).render(values)


def answer(request: Request, template: str, values: dict[str, Any], status: int) -> Response:
    """Answer with a template; a language that was asked for in the address is kept."""
    response = HTMLResponse(rendered(template, values), status, headers=HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            "comity-language",
            values["lang"],
            max_age=_LANGUAGE_SECONDS,
            httponly=True,
            samesite="strict",
        )
    return response


def language(request: Request) -> str:
    """Return the language asked for: in the address, kept before, or the browser's."""
    asked = request.query_params.get("lang"), request.cookies.get("comity-language")
    spoken = [
        one.strip()[:2].lower() for one in request.headers.get("accept-language", "").split(",")
    ]
    return next((one for one in (*asked, *spoken) if one in LANGUAGES), LANGUAGES[0])
