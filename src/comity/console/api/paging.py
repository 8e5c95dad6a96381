"""Pages of a list: a cursor says after which line the next one begins.

A cursor holds the sort key of the last line that was shown, and nothing else: lines that come
in or go between two pages shift nothing, and what a person may not see is in none of them.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from comity.console.api.operation import Listing, Page
from comity.vocabulary.errors import Invalid

S = TypeVar("S")
T = TypeVar("T")


def paged(
    rows: Sequence[S],
    asked: Listing,
    *,
    key: Callable[[S], tuple[str, ...]],
    shown: Callable[[S], T],
    latest_first: bool = False,
) -> Page[T]:
    """Return the page that was asked for.

    Args:
        rows: All that this person may see, in any order.
        asked: Cursor and limit.
        key: What a row is sorted by; no two rows have the same.
        shown: What is said of a row; asked for those of the page only.
        latest_first: Whether the greatest key comes first.

    Raises:
        Invalid: ``invalid.api.cursor``: no page of this list gave it.
    """
    found = sorted(rows, key=key, reverse=latest_first)
    if asked.cursor:
        after = read_cursor(asked.cursor)
        found = [one for one in found if (key(one) < after if latest_first else key(one) > after)]
    page = found[: asked.limit]
    more = len(found) > len(page)
    return Page(
        items=tuple(shown(one) for one in page), next=written(key(page[-1])) if more else ""
    )


def written(key: tuple[str, ...]) -> str:
    """Return the cursor of a place in a list."""
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, ...]:
    """Return the place that a cursor names.

    Raises:
        Invalid: ``invalid.api.cursor``.
    """
    try:
        raw: Any = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        place = msgspec.json.decode(raw, type=tuple[str, ...])
    except (Error, ValueError, msgspec.DecodeError) as error:
        raise Invalid("invalid.api.cursor", "no page of this list gave this cursor") from error
    if any("\0" in part for part in place):
        # No row has such a key, and not every database can be asked for it.
        raise Invalid("invalid.api.cursor", "no page of this list gave this cursor")
    return place
