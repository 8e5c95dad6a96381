"""The console as a web application: its routes. It decides nothing."""

import re
from functools import partial
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from comity.console import handlers, live, passkey_routes, sessions
from comity.console.api import PACE, Pace, door, reference
from comity.console.api.description import ROOT
from comity.console.ceremonies import place_of
from comity.console.frame import HEADERS, Desk, cookie_name, message, signed, told
from comity.console.pages.printed import SHEETS
from comity.console.places import FORMS, PAGES
from comity.node.node import Node
from comity.vocabulary.errors import ComityError, Refused

__all__ = ["cookie_name", "make_app"]

_ASSETS: Final = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "passkey.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "vendor/htmx.min.js": "text/javascript",
}


def make_app(node: Node, *, demonstration: bool, pace: Pace = PACE, origin: str = "") -> ASGIApp:
    """Return the console of a house.

    Args:
        node: Whose console; every page asks it.
        demonstration: Whether pages say that all markings are fictional. Sign-in links are made
            by :func:`comity.console.sessions.make_link`; who may have one is decided there
            where they are asked for.
        pace: How fast one may ask of the API.
        origin: Where people's browsers see it (scheme, host, port): passkeys belong to its host.
    """
    desk = Desk(node, demonstration, place_of(origin))
    return Starlette(
        routes=[
            _below(ROOT, door.mounted(desk, pace)),
            Route("/api", partial(reference.page, desk)),
            Route("/static/{name:path}", partial(_asset, desk)),
            Route("/enter/{secret}", partial(_enter, desk)),
            *passkey_routes.routes(desk),
            Route("/leave", partial(_leave, node), methods=["POST"]),
            Route("/events", partial(live.events, desk)),
            Route("/register.csv", partial(handlers.register_csv, desk)),
            Route("/approvals/{draft:str}/content", partial(handlers.draft_content, desk)),
            Route("/evidence/{number:path}", partial(handlers.evidence, desk)),
            Route("/paper/{party:str}/{index:int}/scan", partial(handlers.paper_scan, desk)),
            Route("/print/muster", partial(handlers.mustered, desk)),
            *(
                Route(f"/print/{one}/{{number:path}}", partial(handlers.printed, desk, one))
                for one in SHEETS
            ),
            *(
                Route(f"/network/as/{kind}", partial(handlers.networked, desk, kind))
                for kind in ("txt", "json", "svg")
            ),
            Route("/read/{number:path}", handlers.reading(desk), methods=["POST"]),
            Route("/release/{sheet:str}/judge", handlers.judging(desk), methods=["POST"]),
            *(Route(one.path, handlers.doing(desk, one), methods=["POST"]) for one in FORMS),
            *(Route(one.path, partial(handlers.page, desk, one)) for one in PAGES.values()),
        ],
        exception_handlers={HTTPException: partial(_no_route, desk)},
    )


def _below(root: str, app: ASGIApp) -> Mount:
    """Return the mount of all addresses below one, also of those with a line end in them."""
    mount = Mount(root, app=app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _asset(desk: Desk, request: Request) -> Response:
    name = request.path_params["name"]
    place = files("comity.console").joinpath("static").joinpath(name)
    if name not in _ASSETS or not place.is_file():
        return told(desk, request, Refused("refused.absent"))
    return Response(place.read_bytes(), media_type=_ASSETS[name], headers=HEADERS)


def _enter(desk: Desk, request: Request) -> Response:
    try:
        secret = sessions.enter(desk.node, request.path_params["secret"])
    except ComityError as error:
        return message(desk, request, "console.link.used", [error.code], 403)
    return signed(desk, RedirectResponse("/", 303, headers=HEADERS), secret)


def _leave(node: Node, request: Request) -> Response:
    sessions.leave(node, request.cookies.get(cookie_name(node), ""))
    response = RedirectResponse("/", 303, headers=HEADERS)
    response.delete_cookie(cookie_name(node), httponly=True, samesite="strict")
    return response


def _no_route(desk: Desk, request: Request, error: Exception) -> Response:
    """Answer an address that no page has, as an item that is not there is answered."""
    del error
    try:
        sessions.person_of(desk.node, request.cookies.get(cookie_name(desk.node), ""))
    except Refused as nobody:
        return told(desk, request, nobody)
    return told(desk, request, Refused("refused.absent"))
