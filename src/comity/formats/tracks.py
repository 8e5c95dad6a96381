"""Tracks computed out of a table of launches: where, how far, how high, in which direction.

A parabola over a great circle, one point a second: good enough to fill a stream and to be seen
on a map, and no physics of a missile. What the table leaves open (distance, height, direction,
time) makes no track.
"""

import csv
import json
import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, parse_instant, plus_seconds

_EARTH_KM: Final = 6371.0
_GRAVITY: Final = 0.00981
"""In kilometres per second squared."""


class Launch(NamedTuple):
    """One launch of the table, with all that a track needs."""

    at: Instant
    missile: str
    latitude: float
    longitude: float
    apogee_km: float
    distance_km: float
    bearing_deg: float


def launches(text: str) -> tuple[Launch, ...]:
    """Return the launches of a table of which a track can be computed.

    Raises:
        Invalid: ``invalid.tracks``: a column is missing.
    """
    found = []
    for row in csv.DictReader(text.splitlines()):
        try:
            stated = [row[name] for name in ("apogee_km", "distance_km", "bearing_deg")]
            when = f"{row['date']}T{row['time_utc']}:00.000Z"
            place = (row["latitude"], row["longitude"])
        except KeyError as error:
            raise Invalid("invalid.tracks", f"the table has no column {error}") from None
        if not all(stated) or not row["time_utc"] or not all(place):
            continue
        apogee, distance, bearing = (float(one) for one in stated)
        if apogee <= 0 or distance <= 0:
            continue
        latitude, longitude = (float(one) for one in place)
        at = parse_instant(when)
        found.append(Launch(at, row["missile"], latitude, longitude, apogee, distance, bearing))
    return tuple(found)


def track(launch: Launch) -> Iterator[bytes]:
    """Yield the points of a track, one a second, as JSON with sorted names."""
    # Up and down by the height alone: v²/2g = h, t = 2v/g.
    flight = 2 * math.sqrt(2 * launch.apogee_km / _GRAVITY)
    seconds = max(1, round(flight))
    for second in range(seconds + 1):
        part = second / seconds
        latitude, longitude = _along(launch, launch.distance_km * part)
        yield json.dumps(
            {
                "altitude_km": round(4 * launch.apogee_km * part * (1 - part), 1),
                "at": plus_seconds(launch.at, second),
                "latitude": round(latitude, 4),
                "longitude": round(longitude, 4),
                "missile": launch.missile,
                "second": second,
            },
            sort_keys=True,
            separators=(",", ":"),
        ).encode()


def _along(launch: Launch, distance_km: float) -> tuple[float, float]:
    """Return where one comes to on a great circle from the launch."""
    angle = distance_km / _EARTH_KM
    bearing = math.radians(launch.bearing_deg)
    north = math.radians(launch.latitude)
    latitude = math.asin(
        math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing)
    )
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(latitude),
    )
    longitude = (launch.longitude + math.degrees(east) + 540) % 360 - 180
    return math.degrees(latitude), longitude
