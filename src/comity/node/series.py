"""Numbers of a house's own book that go on where an imported register ended: 정보-2026-0418.

They stand at home beside the number that is shown to others, which is never sequential.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from comity.node.ports import Reading, Space
from comity.node.sitting import Sitting
from comity.register.rows import Number
from comity.vocabulary.names import Party

_FORM: Final = re.compile(
    r"(?P<before>.*?)(?P<year>(?:19|20)[0-9]{2})(?P<between>\D+)(?P<n>[0-9]+)\Z"
)
_KEY: Final = "series"
_PAGE: Final = 1000


class Series(NamedTuple):
    """How the numbers of a book are written: what stands before the year, and before the count."""

    before: str
    between: str
    width: int


def series_of(numbers: Iterable[str]) -> Series | None:
    """Return the form that most numbers of a register have; nothing where none has a year."""
    found: Counter[tuple[str, str]] = Counter()
    widths: dict[tuple[str, str], int] = {}
    for number in numbers:
        if (form := _FORM.match(number)) is not None:
            stem = (form["before"], form["between"])
            found[stem] += 1
            widths[stem] = max(widths.get(stem, 0), len(form["n"]))
    if not found:
        return None
    stem = min(found, key=lambda one: (-found[one], one))
    return Series(*stem, widths[stem])


def remember(session: Sitting, numbers: Iterable[str]) -> None:
    """Keep which series the book goes on with; the first register that had one decides."""
    if session.tx.load(Space.LINK, _KEY) is None and (found := series_of(numbers)) is not None:
        session.tx.save(Space.LINK, {_KEY: json.dumps(list(found)).encode()})


def following(tx: Reading, party: Party, year: str) -> str | None:
    """Return the number after the highest of a year; nothing where no series is kept.

    Two that ask at once are given the same one; entering it, the second is refused and asks anew.
    """
    raw = tx.load(Space.LINK, _KEY)
    if raw is None:
        return None
    form = Series(*json.loads(raw))
    prefix = f"{party}:{form.before}{year}{form.between}"
    highest, after = 0, prefix
    while page := tx.page(Number, after=after, limit=_PAGE):
        for row in page:
            if not row.key.startswith(prefix):
                break
            tail = row.key[len(prefix) :]
            if tail.isascii() and tail.isdigit():
                highest = max(highest, int(tail))
        after = page[-1].key
        if not after.startswith(prefix):
            break
    return f"{form.before}{year}{form.between}{highest + 1:0{form.width}d}"
