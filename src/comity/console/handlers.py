"""What a request asks for: a page, a form, a part of a page, a file. Nothing is decided here."""

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from comity.console import drawings, forms, sessions
from comity.console.api import web
from comity.console.api.operation import JSON
from comity.console.ceremonies import brought
from comity.console.forms import Fields, Order
from comity.console.frame import (
    HEADERS,
    STATUS,
    Desk,
    answer,
    failure_of,
    frame,
    language,
    person_of,
    secret_of,
    told,
    visit_of,
)
from comity.console.pages import approvals, item, network, papers, register, release
from comity.console.pages import printed as pages_printed
from comity.console.places import PAGES, Form, Page
from comity.node.proving import evidence_for
from comity.node.signing import by_key_file, by_passkey
from comity.printing import render
from comity.vocabulary.errors import ComityError, Invalid

Answer = Callable[[Request], Awaitable[Response]]


def sent(desk: Desk, then: Callable[[Request, Fields], Response]) -> Answer:
    """Return what answers a form: sent by a page of this house, by somebody signed in, and read.

    Who is nobody is told so before a byte of the form is read.
    """

    async def done(request: Request) -> Response:
        try:
            forms.require_same_origin(request)
            await run_in_threadpool(person_of, desk, request)
            fields = await forms.read(request)
        except ComityError as error:
            return await run_in_threadpool(told, desk, request, error)
        return await run_in_threadpool(then, request, fields)

    return done


def page(desk: Desk, which: Page, request: Request) -> Response:
    """Answer with a page."""
    try:
        return _shown(desk, which, request)
    except ComityError as error:
        return told(desk, request, error)


def _shown(
    desk: Desk,
    page: Page,
    request: Request,
    *,
    failure: ComityError | None = None,
    typed: Fields | None = None,
) -> Response:
    person = person_of(desk, request)
    with desk.node.store.reading() as tx:
        visit = visit_of(desk, request, tx, person)
        found = page.gather(visit)
        around = frame(desk.node, tx, visit.lang, person) | found
    rest = {
        "here": page.here,
        "title": found.get("name_of_page") or around["t"](f"console.page.{page.template}"),
        "failure": None if failure is None else failure_of(desk, failure, visit.lang),
        "typed": typed,
    }
    status = 200 if failure is None else STATUS.get(failure.family, 422)
    return answer(request, f"{page.template}.html", around | rest, status)


def doing(desk: Desk, form: Form) -> Answer:
    """Return what answers a form: it is done, or its page is shown again as typed."""
    return sent(desk, partial(_done, desk, form))


def order_of(desk: Desk, request: Request, fields: Fields) -> Order:
    """Return a form as a page does it: signed by a passkey where the browser brought that."""
    person = person_of(desk, request)
    place = request.path_params
    by = by_passkey(brought(desk.place, fields)) if fields.has("credential") else by_key_file
    return Order(desk.node, person, language(request), desk.demonstration, place, fields, by)


def _done(desk: Desk, form: Form, request: Request, fields: Fields) -> Response:
    try:
        order = order_of(desk, request, fields)
        if form.first is not None:
            form.first(order)
        if form.proof:
            sessions.require_proven(desk.node, secret_of(desk, request))
        return RedirectResponse(form.run(order), 303, headers=HEADERS)
    except (ComityError, ValueError) as error:
        said = error if isinstance(error, ComityError) else Invalid("invalid.form", str(error))
        try:
            return _shown(desk, PAGES[form.page], request, failure=said, typed=fields)
        except ComityError as gone:
            # Where the page is absent for this person, so is all that one may do on it.
            return told(desk, request, gone if gone.code == "refused.absent" else said)


def judging(desk: Desk) -> Answer:
    """Return the part of the release page that changes while one types."""

    def judged(request: Request, fields: Fields) -> Response:
        try:
            order = order_of(desk, request, fields)
            release.kept(order)
            with desk.node.store.reading() as tx:
                found = release.sheet(visit_of(desk, request, tx, order.person))
                around = frame(desk.node, tx, order.lang, order.person)
        except ComityError as error:
            return told(desk, request, error)
        return answer(request, "judgement.html", around | found, 200)

    return sent(desk, judged)


def register_csv(desk: Desk, request: Request) -> Response:
    """Answer with the register as a table."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            body = register.export(visit_of(desk, request, tx, person))
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, "register.csv", "text/csv; charset=utf-8")


def draft_content(desk: Desk, request: Request) -> Response:
    """Answer with what a draft would release."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            body, name = approvals.content(visit_of(desk, request, tx, person))
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, name, "application/octet-stream")


def paper_scan(desk: Desk, request: Request) -> Response:
    """Answer with the scanned paper behind an attested entry."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            body, name = papers.scan(visit_of(desk, request, tx, person))
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, name, "application/octet-stream")


def evidence(desk: Desk, request: Request) -> Response:
    """Answer with the evidence of an item."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            row = item.visible(visit_of(desk, request, tx, person))
        body = evidence_for(desk.node, row)
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, f"{row.reference}.evidence", "application/octet-stream")


def printed(desk: Desk, sheet: str, request: Request) -> Response:
    """Answer with a sheet of an item as PDF: cover, label, receipt form, certificate."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            visit = visit_of(desk, request, tx, person)
            found, name = pages_printed.of_item(visit, sheet, stage=visit.asked.get("stage", ""))
        body = render.pdf(sheet, found, lang=visit.lang, at=visit.now)
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, name, "application/pdf")


def mustered(desk: Desk, request: Request) -> Response:
    """Answer with the muster sheet as PDF, to the registry."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            visit = visit_of(desk, request, tx, person)
            found = pages_printed.of_muster(visit, only=visit.asked.get("only", ""))
        body = render.pdf("muster", found, lang=visit.lang, at=visit.now)
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, "muster.pdf", "application/pdf")


def networked(desk: Desk, kind: str, request: Request) -> Response:
    """Answer with the network as text, as data or as a drawing."""
    try:
        person = person_of(desk, request)
        with desk.node.store.reading() as tx:
            visit = visit_of(desk, request, tx, person)
            found = network.searched(visit)
            match kind:
                case "svg":
                    body, media = drawings.svg(visit, found), drawings.SVG
                case "json":
                    body, media = web.as_json(visit, found), JSON
                case _:
                    body, media = drawings.text(visit, found), drawings.TEXT
    except ComityError as error:
        return told(desk, request, error)
    return _download(body, f"network.{kind}", media)


def reading(desk: Desk) -> Answer:
    """Open an item: an act that is entered before anything is shown, so it is a form."""

    def read(request: Request, fields: Fields) -> Response:
        try:
            order = order_of(desk, request, fields)
            with desk.node.store.reading() as tx:
                row = item.visible(visit_of(desk, request, tx, order.person))
            shown = item.opened(order, row)
            if isinstance(shown, bytes):
                return _download(shown, row.reference, "application/octet-stream")
            with desk.node.store.reading() as tx:
                around = frame(desk.node, tx, order.lang, order.person)
        except ComityError as error:
            try:
                return _shown(desk, PAGES["item"], request, failure=error)
            except ComityError as gone:
                return told(desk, request, gone)
        rest = {"here": "register", "title": row.reference}
        return answer(request, "read.html", around | shown | rest, 200)

    return sent(desk, read)


def _download(body: bytes, name: str, kind: str) -> Response:
    # Never shown in the page's own origin: what a file holds is not to be believed.
    named = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=kind, headers=HEADERS | {"Content-Disposition": named})
