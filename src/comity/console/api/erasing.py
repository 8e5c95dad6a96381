"""Words that are to be erased: said of an item or a request, and what waits for the other party."""

from msgspec import Struct

from comity.console.api.answers import Done, done, taken
from comity.console.api.asking import requested
from comity.console.api.items import found
from comity.console.api.operation import Doing, Listing, Operation, Page, known_as
from comity.console.api.paging import paged
from comity.console.api.signing import Signed
from comity.console.pages import erasing as pages
from comity.console.pages.visit import Visit
from comity.node import erasing


class Erasure(Struct, frozen=True, kw_only=True):
    """Words that one party wants erased and the other has not agreed to.

    Attributes:
        entry: The leaf whose words they are.
        reference: The item's number; empty for a request.
        by: Which office said so; ``leaf``: where.
        ours: This house said so, and waits for the other.
    """

    entry: str
    reference: str
    by: str
    at: str
    leaf: str
    ours: bool


def listed(visit: Visit, asked: Listing) -> Page[Erasure]:
    """List the words that one party wants erased and the other has not agreed to."""
    known_as(visit.tx, visit.person, *erasing.MAY)
    return paged(
        pages.waiting(visit),
        asked,
        key=lambda one: (one["at"], one["entry"]),
        shown=lambda one: taken(one, Erasure),
    )


def of_item(doing: Doing[Signed]) -> Done:
    """Say that an item's words are to be erased; who says it second has agreed to it."""
    row = found(doing)
    entered = erasing.say(doing.node, row.key, officer=doing.person, sign=doing.sign)
    return done(doing.node, entered, doing.lang)


def of_request(doing: Doing[Signed]) -> Done:
    """Say that a request's words are to be erased; who says it second has agreed to it."""
    row = requested(doing)
    entered = erasing.say(doing.node, row.key, officer=doing.person, sign=doing.sign)
    return done(doing.node, entered, doing.lang)


OPERATIONS = (
    Operation("erasureList", "register", "GET", "/erasures", listed, Page[Erasure], Listing),
    Operation(
        "itemErase",
        "register",
        "POST",
        "/register/{number}/erase",
        of_item,
        Done,
        Signed,
        signs=True,
        page="/register/{number:path}/erase",
    ),
    Operation(
        "requestErase",
        "requests",
        "POST",
        "/requests/{by}/{to}/{index}/erase",
        of_request,
        Done,
        Signed,
        signs=True,
        page="/requests/{key:path}/erase",
    ),
)
"""Of words that are to be erased."""
