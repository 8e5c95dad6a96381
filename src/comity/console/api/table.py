"""The one table of operations; routes, descriptions and tests are made from it."""

from typing import Final

from comity.console.api import (
    asking,
    books,
    consenting,
    custody,
    deciding,
    desk,
    drafts,
    erasing,
    histories,
    importing,
    items,
    keeping,
    listing,
    papers,
    persons,
    printing,
    streams,
    today,
    treaties,
    web,
)
from comity.console.api.operation import Operation
from comity.console.api.signing import wish_of

_STATED: Final[tuple[Operation, ...]] = (
    *today.OPERATIONS,
    *items.OPERATIONS,
    *custody.OPERATIONS,
    *drafts.OPERATIONS,
    *desk.OPERATIONS,
    *deciding.OPERATIONS,
    *listing.OPERATIONS,
    *asking.OPERATIONS,
    *erasing.OPERATIONS,
    *consenting.OPERATIONS,
    *streams.OPERATIONS,
    *keeping.OPERATIONS,
    *printing.OPERATIONS,
    *papers.OPERATIONS,
    *importing.OPERATIONS,
    *persons.OPERATIONS,
    *treaties.OPERATIONS,
    *histories.OPERATIONS,
    *web.OPERATIONS,
    *books.OPERATIONS,
)

OPERATIONS: Final = tuple(
    each for one in _STATED for each in ((one, wish_of(one)) if one.signs else (one,))
)
"""Every operation, by heading; after each that signs, the one that says what is to be signed."""
