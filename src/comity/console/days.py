"""Days as a form names them: until the end of a day in the house's own zone."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from comity.node.node import Node
from comity.node.ports import Reading
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime

_UTC: Final = "UTC"


def zone_of(node: Node, tx: Reading) -> str:
    """Return the zone in which this house counts its days."""
    profile = node.profile(tx, tx)
    return _UTC if profile is None else profile.zone


def end_of(text: str, zone: str) -> Instant | UnsetType:
    """Return the instant at which a day (``2026-12-31``) ends; nothing where none is named.

    Raises:
        Invalid: ``invalid.instant``: that is no day.
    """
    if not text:
        return UNSET
    try:
        day = date.fromisoformat(text) + timedelta(days=1)
        return instant_from_datetime(datetime.combine(day, time(), ZoneInfo(zone)))
    except (ValueError, OverflowError) as error:
        raise Invalid("invalid.instant", "no day: write it like 2026-12-31") from error


def day_of(instant: Instant, zone: str) -> str:
    """Return the day on which an instant lies, as a form names it."""
    return to_datetime(instant).astimezone(ZoneInfo(zone)).date().isoformat()
