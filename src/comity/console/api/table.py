"""The one table of operations; routes, descriptions and tests are made from it."""

from typing import Final

from comity.console.api import (
    asking,
    books,
    custody,
    deciding,
    drafts,
    items,
    persons,
    today,
    treaties,
    web,
)
from comity.console.api.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *today.OPERATIONS,
    *items.OPERATIONS,
    *custody.OPERATIONS,
    *drafts.OPERATIONS,
    *deciding.OPERATIONS,
    *asking.OPERATIONS,
    *persons.OPERATIONS,
    *treaties.OPERATIONS,
    *web.OPERATIONS,
    *books.OPERATIONS,
)
"""Every operation, by heading."""
