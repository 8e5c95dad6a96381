"""Requests: asked, answered in full or in part, declined, withdrawn."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.deeds import Extent, Role
from comity.console.api.answers import Done, done
from comity.console.api.drafts import Lines, Offices, Title
from comity.console.api.operation import Doing, Listing, Nothing, Operation, Page, known_as
from comity.console.api.paging import paged
from comity.console.pages import visit as visits
from comity.console.pages.visit import Visit
from comity.node import receiving, requests
from comity.node.ports import Reading
from comity.node.reading import Deal, authorise, authorise_asking
from comity.register.rows import ItemOf, RequestOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party, Purpose, Reference, Subject

_REQUESTS: Final = (Role.DESK, Role.RELEASING, Role.REGISTRY, Role.SECURITY)
"""Whose business they can be at all."""


class Wanted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked for, of whom. The words are unclassified by rule."""

    to: Party
    offices: Offices
    subject: Subject
    purpose: Purpose
    title: Title
    lines: Lines = ()
    due: Instant | UnsetType = UNSET


class Answered(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The numbers of the releases that answer, and whether they answer all of it."""

    releases: Annotated[tuple[Reference, ...], Meta(min_length=1, max_length=256)]
    extent: Extent = Extent.FULL


class RequestSaid(Struct, frozen=True, kw_only=True):
    """A request as it stands.

    Attributes:
        place: What the address of the request ends with: asker, asked and number.
        state: ``open``, ``in-part``, ``answered``, ``declined`` or ``withdrawn``.
        releases: Numbers of the releases that answer, as far as this person may see them.
        erased: The act under which both parties erased its words; empty where they did not.
    """

    place: str
    at: str
    office: str
    offices: tuple[str, ...]
    subject: str
    purpose: str
    title: str
    lines: tuple[str, ...]
    due: str
    state: str
    overdue: bool
    releases: tuple[str, ...]
    erased: str


def place_of(key: str) -> str:
    """Return how an address names a position in a correspondence."""
    log, _, index = key.rpartition("#")
    return "/".join([*log.removeprefix("comity/").split("/to/"), index])


def key_of_place(place: Any) -> str:  # noqa: ANN401 - what an address names
    """Return the position in a correspondence that an address names."""
    return f"comity/{place['by']}/to/{place['to']}#{place['index']}"


def listed(visit: Visit, asked: Listing) -> Page[RequestSaid]:
    """List the requests to this house and by it, the latest first."""
    known_as(visit.tx, visit.person, *_REQUESTS)
    return paged(
        [one for one in requests.views(visit.tx, now=visit.now) if _business(visit, one.request)],
        asked,
        key=lambda one: (one.request.at, one.request.key),
        shown=lambda one: _request(visit, one),
        latest_first=True,
    )


def _business(visit: Visit, row: RequestOf) -> bool:
    try:
        authorise_asking(visit.tx, visit.person, row)
    except Refused:
        return False
    return True


def _request(visit: Visit, one: requests.View) -> RequestSaid:
    row = one.request
    released = [
        item
        for end in one.ends
        for key in end.releases
        if (item := visit.tx.get(ItemOf, key)) is not None and visits.may(visit, Deal.SEE, item)
    ]
    return RequestSaid(
        place=place_of(row.key),
        at=row.at,
        office=row.office,
        offices=row.offices,
        subject=row.subject,
        purpose=row.purpose,
        title="" if one.words is None else one.words.title,
        lines=() if one.words is None else one.words.lines,
        due=row.due,
        state=one.state,
        overdue=one.overdue,
        releases=tuple(item.reference for item in released),
        erased=one.erased,
    )


def request(visit: Visit, asked: Nothing) -> RequestSaid:
    """Show a request."""
    del asked
    known_as(visit.tx, visit.person, *_REQUESTS)
    row = visit.tx.get(RequestOf, key_of_place(visit.place))
    if row is None or not _business(visit, row):
        raise receiving.absent()
    return _request(visit, requests.view(visit.tx, row, now=visit.now))


def requested(doing: Doing[Any]) -> RequestOf:
    """Return the request that the address names, if it is this person's business."""
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *_REQUESTS)
        row = requests.find(tx, key_of_place(doing.place))
        authorise_asking(tx, doing.person, row)
    return row


def ask(doing: Doing[Wanted]) -> Done:
    """Ask another party for items."""
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *_REQUESTS)
    body = doing.body
    wanted = requests.Wanted(
        to=body.to,
        offices=body.offices,
        subject=body.subject,
        purpose=body.purpose,
        title=body.title,
        lines=body.lines,
        due=body.due,
    )
    return done(doing.node, requests.ask(doing.node, wanted, officer=doing.person), doing.lang)


def answer(doing: Doing[Answered]) -> Done:
    """Answer a request by releases that were made before, in full or in part."""
    row = requested(doing)
    with doing.node.store.reading() as tx:
        released = [_visible(doing, tx, one) for one in doing.body.releases]
    entered = requests.answer(
        doing.node, row, releases=released, extent=doing.body.extent, officer=doing.person
    )
    return done(doing.node, entered, doing.lang)


def _visible(doing: Doing[Any], tx: Reading, number: str) -> ItemOf:
    item = receiving.find_item(tx, doing.node.party, number)
    authorise(tx, doing.person, Deal.SEE, item, house=doing.node.party)
    return item


def decline(doing: Doing[Nothing]) -> Done:
    """Decline a request. No reason is asked for."""
    row = requested(doing)
    return done(doing.node, requests.decline(doing.node, row, officer=doing.person), doing.lang)


def withdraw_request(doing: Doing[Nothing]) -> Done:
    """Withdraw a request of this house."""
    row = requested(doing)
    return done(doing.node, requests.withdraw(doing.node, row, officer=doing.person), doing.lang)


_REQUEST = "/requests/{by}/{to}/{index}"
OPERATIONS = (
    Operation("requestList", "requests", "GET", "/requests", listed, Page[RequestSaid], Listing),
    Operation(
        "requestAsk", "requests", "POST", "/requests", ask, Done, Wanted, page="/requests/new"
    ),
    Operation("requestShow", "requests", "GET", _REQUEST, request, RequestSaid),
    Operation(
        "requestAnswer",
        "requests",
        "POST",
        f"{_REQUEST}/answer",
        answer,
        Done,
        Answered,
        page="/requests/{key:path}/answer",
    ),
    Operation(
        "requestDecline",
        "requests",
        "POST",
        f"{_REQUEST}/decline",
        decline,
        Done,
        page="/requests/{key:path}/decline",
    ),
    Operation(
        "requestWithdraw",
        "requests",
        "POST",
        f"{_REQUEST}/withdraw",
        withdraw_request,
        Done,
        page="/requests/{key:path}/withdraw",
    ),
)
"""Of requests."""
