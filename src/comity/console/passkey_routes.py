"""What the script of the passkeys asks for, as JSON; and the forms that open a session."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from msgspec import json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.console import ceremonies, forms, registration, sessions
from comity.console.ceremonies import Wish
from comity.console.forms import Fields
from comity.console.frame import HEADERS, Desk, message, person_of, secret_of, signed, told, welcome
from comity.console.handlers import order_of, sent
from comity.console.places import FORMS, Form
from comity.node import passkeys, signing
from comity.node.people import card_of
from comity.vocabulary.errors import ComityError, Unavailable

_LINK: Final = 403


def routes(desk: Desk) -> list[Route]:
    """Return the routes of the passkeys; those of a form's signature stand before the form's."""
    return [
        Route("/sign-in", partial(welcome, desk)),
        Route("/sign-in", _open(desk, _sign_in), methods=["POST"]),
        Route("/passkey/sign-in", _open(desk, _sign_in_wish), methods=["POST"]),
        Route("/passkey/prove", sent(desk, partial(_proof_wish, desk)), methods=["POST"]),
        Route("/passkey/proven", sent(desk, partial(_proven, desk)), methods=["POST"]),
        Route("/passkeys/new/wish", sent(desk, partial(_wish, desk)), methods=["POST"]),
        Route("/passkeys/new", sent(desk, partial(_register, desk)), methods=["POST"]),
        Route("/invited/{secret}/wish", _open(desk, _invited_wish), methods=["POST"]),
        Route("/invited/{secret}", partial(_invited, desk)),
        Route("/invited/{secret}", _open(desk, _accept), methods=["POST"]),
        *(
            Route(
                f"{one.path}/sign",
                sent(desk, partial(_signature_wish, desk, one)),
                methods=["POST"],
            )
            for one in FORMS
            if one.signs
        ),
    ]


def _open(
    desk: Desk, run: Callable[[Desk, Request, Fields], Response]
) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a form of a person who is not signed in yet."""

    async def done(request: Request) -> Response:
        try:
            forms.require_same_origin(request)
            fields = await forms.read(request)
            return await run_in_threadpool(run, desk, request, fields)
        except ComityError as error:
            return await run_in_threadpool(told, desk, request, error)

    return done


def _tell(desk: Desk) -> None:
    # If it fails all is well here, and the counterparts are told when the node next looks after
    # its keys.
    with suppress(ComityError):
        passkeys.tell(desk.node)


def _json(wish: Wish) -> Response:
    return Response(json.encode(wish), media_type="application/json", headers=HEADERS)


def _sign_in_wish(desk: Desk, request: Request, fields: Fields) -> Response:
    del request, fields
    return _json(ceremonies.sign_in_wish(desk.node, desk.place))


def _sign_in(desk: Desk, request: Request, fields: Fields) -> Response:
    try:
        secret = ceremonies.sign_in(desk.node, desk.place, fields)
    except Unavailable:
        raise
    except ComityError as error:
        return welcome(desk, request, failure=error)
    return signed(desk, RedirectResponse("/", 303, headers=HEADERS), secret)


def _proof_wish(desk: Desk, request: Request, fields: Fields) -> Response:
    del fields
    return _json(ceremonies.proof_wish(desk.node, desk.place, secret_of(desk, request)))


def _proven(desk: Desk, request: Request, fields: Fields) -> Response:
    try:
        ceremonies.prove(desk.node, desk.place, secret_of(desk, request), fields)
    except ComityError as error:
        return told(desk, request, error)
    return _json({})


def _signature_wish(desk: Desk, form: Form, request: Request, fields: Fields) -> Response:
    """Say what a form would have its person sign; nothing, where it fails before that.

    The same use case runs, and stops where it would sign: nothing is entered.
    """
    try:
        form.run(order_of(desk, request, fields)._replace(sign=signing.only_ask))
    except signing.ToSignError as asked:
        person = person_of(desk, request)
        return _json(ceremonies.signature_wish(desk.node, desk.place, person, asked.names))
    except (ComityError, ValueError):
        # The form, sent as it is, fails in the same way and says why on its page.
        return _json({})
    raise AssertionError(form.path)


def _wish(desk: Desk, request: Request, fields: Fields) -> Response:
    del fields
    try:
        secret = secret_of(desk, request)
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            wish = registration.registration_wish(desk.node, tx, desk.place, person, secret=secret)
    except ComityError as error:
        return told(desk, request, error)
    return _json(wish)


def _register(desk: Desk, request: Request, fields: Fields) -> Response:
    try:
        registration.register(desk.node, desk.place, secret_of(desk, request), fields)
    except ComityError as error:
        return told(desk, request, error)
    _tell(desk)
    return RedirectResponse("/passkeys", 303, headers=HEADERS)


def _invited(desk: Desk, request: Request) -> Response:
    """Show whom a link invites; looking uses nothing up, because some programs look first."""
    try:
        with desk.node.store.reading() as tx:
            person = sessions.link_of(
                tx, request.path_params["secret"], kind="invitation", now=desk.node.clock.now()
            )
            card = card_of(tx, person)
    except ComityError as error:
        return message(desk, request, "console.link.used", [error.code], _LINK)
    called = person if card is None else card.name
    return welcome(desk, request, invited=called)


def _invited_wish(desk: Desk, request: Request, fields: Fields) -> Response:
    del fields
    secret = request.path_params["secret"]
    with desk.node.store.reading() as tx:
        person = sessions.link_of(tx, secret, kind="invitation", now=desk.node.clock.now())
        return _json(
            registration.registration_wish(desk.node, tx, desk.place, person, secret=secret)
        )


def _accept(desk: Desk, request: Request, fields: Fields) -> Response:
    secret = registration.accept_invitation(
        desk.node, desk.place, request.path_params["secret"], fields
    )
    _tell(desk)
    return signed(desk, RedirectResponse("/", 303, headers=HEADERS), secret)
