"""The names of logs: who writes a log, for whom, and which log goes on where one was closed.

| name | what it is |
| --- | --- |
| ``comity/KOR/to/JPN`` | the correspondence from KOR to JPN |
| ``comity/KOR/to/JPN/feed/DIRECTIVE`` | a lane beside it, for one standing directive |
| ``comity/KOR/for/JPN`` | KOR's log that stands for the missing one of JPN, who keeps paper |
| ``comity/KOR/register/JPN`` | what KOR did with the items of JPN |
| ``comity/KOR/journal`` | what KOR did at home |

A log that was closed is followed by its successor: the same name and ``/2``, then ``/3``. The
second part of a name is always the party that appends and signs.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party, Reference

_PARTY: Final = r"[A-Z][A-Z0-9-]{1,15}"
_DIRECTIVE: Final = r"[A-Z0-9][A-Z0-9-]{2,39}"

# No party corresponds with itself: the look-ahead keeps the owner out of the second place.
PATTERN: Final = (
    rf"^comity/(?P<owner>{_PARTY})/"
    rf"(?:journal|(?:to|for|register)/(?!(?P=owner)(?:/|\Z))(?P<counterpart>{_PARTY})"
    rf"|to/(?!(?P=owner)/)(?P<reader>{_PARTY})/feed/(?P<directive>{_DIRECTIVE}))"
    r"(?:/(?P<number>[2-9]|[1-9][0-9]{1,2}))?\Z"
)
MAXIMUM_NUMBER: Final = 999

LogName = NewType("LogName", Annotated[str, Meta(pattern=PATTERN)])
"""The name of one log, as it stands in checkpoints, positions and evidence."""

_match = re.compile(PATTERN).match


class LogKind(Enum):
    """What a log is for."""

    CORRESPONDENCE = "to"
    FEED = "feed"
    STANDING_IN = "for"
    REGISTER = "register"
    JOURNAL = "journal"


def parse_log(text: str) -> LogName:
    """Return ``text`` as the name of a log.

    Raises:
        Invalid: ``invalid.log-name``.
    """
    _parts(text)
    return LogName(text)


@lru_cache(maxsize=4096)
def correspondence(author: Party, reader: Party) -> LogName:
    """Name the log of everything that the first party tells the second."""
    return parse_log(f"comity/{author}/to/{reader}")


def feed(author: Party, reader: Party, directive: Reference) -> LogName:
    """Name the lane of one standing directive beside a correspondence."""
    return parse_log(f"comity/{author}/to/{reader}/feed/{directive}")


@lru_cache(maxsize=256)
def standing_in(keeper: Party, absent: Party) -> LogName:
    """Name the keeper's log for the acts of a party that keeps paper."""
    return parse_log(f"comity/{keeper}/for/{absent}")


@lru_cache(maxsize=4096)
def register_ledger(holder: Party, provider: Party) -> LogName:
    """Name the log of what the first party did with the items of the second."""
    return parse_log(f"comity/{holder}/register/{provider}")


@lru_cache(maxsize=4096)
def journal(party: Party) -> LogName:
    """Name the log of a party's acts at home, which never leaves the house."""
    return parse_log(f"comity/{party}/journal")


def kind_of(log: LogName) -> LogKind:
    """Return what a log is for; a successor is of the kind of the log that it follows."""
    way = log.split("/")[2]
    return LogKind.FEED if _parts(log)["directive"] else LogKind(way)


@lru_cache(maxsize=4096)
def owner(log: LogName) -> Party:
    """Return the party that appends to a log and signs its checkpoints.

    Of ``comity/KOR/for/JPN`` that is KOR, although the acts in it are those of JPN.
    """
    return Party(_parts(log)["owner"] or "")


@lru_cache(maxsize=4096)
def counterpart(log: LogName) -> Party | None:
    """Return the other party of a log; a journal has none."""
    parts = _parts(log)
    other = parts["counterpart"] or parts["reader"]
    return None if other is None else Party(other)


@lru_cache(maxsize=4096)
def author(log: LogName) -> Party:
    """Return the party whose acts stand in a log.

    That is its owner, but of a log that stands for the missing one of a party on paper: of
    ``comity/KOR/for/JPN`` it is JPN, whose acts KOR enters and signs as attested.
    """
    absent = counterpart(log)
    return absent if is_attested(log) and absent is not None else owner(log)


def reader(log: LogName) -> Party | None:
    """Return the party that a log's author speaks to; a journal has none."""
    return owner(log) if is_attested(log) else counterpart(log)


def is_attested(log: str) -> bool:
    """Tell whether a log stands for the missing one of a party that keeps paper."""
    return log.split("/", 3)[2:3] == ["for"]


def is_feed(log: str) -> bool:
    """Tell whether a log is the lane of a standing directive."""
    return log.split("/", 5)[4:5] == ["feed"]


def directive_of(log: LogName) -> Reference | None:
    """Return the standing directive that a feed lane belongs to; other logs have none."""
    directive = _parts(log)["directive"]
    return None if directive is None else Reference(directive)


def successor(log: LogName) -> LogName:
    """Name the log that goes on where this one was closed: ``…/2`` after the first.

    Raises:
        Invalid: ``invalid.log-name``: there are at most 999.
    """
    number = _parts(log)["number"]
    if number is None:
        return parse_log(f"{log}/2")
    return parse_log(f"{log.removesuffix(number)}{int(number) + 1}")


def predecessor(log: LogName) -> LogName | None:
    """Name the log that this one goes on from; a first log has none."""
    number = _parts(log)["number"]
    if number is None:
        return None
    stem = log.removesuffix("/" + number)
    return parse_log(stem if number == "2" else f"{stem}/{int(number) - 1}")


def _parts(text: str) -> dict[str, str | None]:
    found = _match(text)
    if found is None:
        raise Invalid("invalid.log-name", "a log is named like comity/KOR/to/JPN")
    return found.groupdict()
