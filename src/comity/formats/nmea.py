"""Sentences of NMEA 0183 as ship positions come in (AIS): one observation a message.

A message of several sentences is one observation. What is damaged is told by line, and never
passed on: a sentence whose checksum does not hold (NMEA 0183: the exclusive-or of what stands
between ``!`` and ``*``) says something that nobody sent.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

LINE_LIMIT: Final = 1024
"""Characters of one line; a sentence has 82, with a tag block before it some hundred more."""

_SENTENCE: Final = re.compile(r"([!$])([^!$*]{5,200})\*([0-9A-Fa-f]{2})\s*\Z")
_OPEN_LIMIT: Final = 64
"""Messages whose further sentences are awaited; the oldest is given up first."""


class Message(NamedTuple):
    """One message as it was received, its sentences one a line.

    Attributes:
        line: Number of its last line in the source, from 0.
    """

    line: int
    data: bytes


class Damaged(NamedTuple):
    """A line that is no sentence, or of a message that never became whole."""

    line: int
    why: str


def messages(lines: Iterable[str]) -> Iterator[Message | Damaged]:
    """Read messages from lines; each line ends in exactly one message, or is told as damaged."""
    waiting: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        found = _SENTENCE.search(text) if len(text) <= LINE_LIMIT else None
        if found is None:
            yield Damaged(number, "not a sentence of NMEA 0183")
            continue
        if checksum(found[2]) != int(found[3], 16):
            yield Damaged(number, "the checksum does not hold")
            continue
        yield from _taken(waiting, number, text, found[2].split(","))
    for parts in waiting.values():
        yield from (Damaged(number, "a part of a message is missing") for number, _ in parts)


def _taken(
    waiting: dict[tuple[str, str, str], list[tuple[int, str]]],
    number: int,
    text: str,
    fields: list[str],
) -> Iterator[Message | Damaged]:
    total, place = (fields[1], fields[2]) if len(fields) > 4 else ("1", "1")  # noqa: PLR2004 - as AIS has them
    if total == "1":
        yield Message(number, text.encode())
        return
    key = (fields[0], fields[3], fields[4])
    if place == "1":
        yield from _given_up(waiting.pop(key, ()))
    parts = waiting.setdefault(key, [])
    parts.append((number, text))
    if str(len(parts)) != place:
        yield from _given_up(waiting.pop(key))
    elif place == total:
        del waiting[key]
        yield Message(number, "\n".join(one for _, one in parts).encode())
    if len(waiting) > _OPEN_LIMIT:
        yield from _given_up(waiting.pop(next(iter(waiting))))


def _given_up(parts: Iterable[tuple[int, str]]) -> Iterator[Damaged]:
    return (Damaged(number, "a part of a message is missing") for number, _ in parts)


def checksum(body: str) -> int:
    """Return the checksum of what stands between the first character and ``*``."""
    value = 0
    for character in body.encode("latin-1", errors="replace"):
        value ^= character
    return value
