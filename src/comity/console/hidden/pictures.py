"""Pictures (JPEG, PNG): who, when, with what, and where, as cameras and programs write it."""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

_TEXT_TAGS: Final = {
    0x010F: "camera",
    0x0110: "camera",
    0x0131: "software",
    0x0132: "made",
    0x013B: "author",
    0x8298: "author",
    0x9003: "made",
    0xA430: "author",
    0xA431: "camera",
    0x9C9D: "author",
}
_MARK, _APP1, _APP13, _COMMENT = 0xFF, 0xE1, 0xED, 0xFE
_ENDS: Final = (0xD9, 0xDA)
_XP, _INLINE, _BYTES, _ASCII = 0x9C00, 4, 1, 2
_EXIF, _GPS = 0x8769, 0x8825
_XMP: Final = {
    rb"creator": "author",
    rb"CreatorTool": "software",
    rb"GPSLatitude": "location",
    rb"GPSLongitude": "location",
    rb"City": "location",
}
_ENTRIES: Final = 500
_INFLATED: Final = 1 << 20


def jpeg(content: bytes) -> list[tuple[str, str]]:
    """Return what is hidden in a JPEG.

    Raises:
        ValueError, struct.error: it cannot be read.
    """
    found: list[tuple[str, str]] = []
    at = 2
    while at + 4 <= len(content):
        if content[at] != _MARK:
            raise ValueError("no marker where one should be")
        kind = content[at + 1]
        if kind == _MARK:
            at += 1
            continue
        if kind in _ENDS:
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if kind == _APP1 and body.startswith(b"Exif\0\0"):
            found += exif(body[6:])
        elif kind == _APP1 and b"adobe.com/xap" in body[:64]:
            found += xmp(body)
        elif kind == _APP13:
            found.append(("organisation", "Photoshop / IPTC"))
        elif kind == _COMMENT:
            found.append(("comments", body.decode("utf-8", "replace")))
        at += 2 + length
    return found


def png(content: bytes) -> list[tuple[str, str]]:
    """Return what is hidden in a PNG.

    Raises:
        ValueError, struct.error, zlib.error: it cannot be read.
    """
    found: list[tuple[str, str]] = []
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        if kind == b"eXIf":
            found += exif(body)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            found += _written(kind, body)
        elif kind == b"tIME":
            found.append(("made", "-".join(map(str, struct.unpack_from(">HBB", body)))))
        at += 12 + length
    return found


def _written(kind: bytes, body: bytes) -> list[tuple[str, str]]:
    name, _, rest = body.partition(b"\0")
    if name == b"XML:com.adobe.xmp":
        return xmp(rest)
    if kind == b"zTXt":
        rest = zlib.decompressobj().decompress(rest[1:], _INFLATED)
    what = {b"Author": "author", b"Software": "software", b"Creation Time": "made"}.get(name)
    text = rest.lstrip(b"\0\1").decode("utf-8", "replace")
    return [(what or "comments", text if what else f"{name.decode('latin-1')}: {text}")]


def xmp(raw: bytes) -> list[tuple[str, str]]:
    """Return what an XMP packet says, found by its names: it is not read as XML."""
    found = []
    for name, what in _XMP.items():
        pattern = (
            rb":" + name + rb'(?:="([^"<]{1,200})|[^>]{0,200}>(?:\s*<[^>]{1,200}>)*([^<]{1,200})<)'
        )
        found += [
            (what, (one[1] or one[2]).decode("utf-8", "replace").strip())
            for one in re.finditer(pattern, raw)
        ]
    return [(what, value) for what, value in found if value]


def exif(raw: bytes) -> list[tuple[str, str]]:
    """Return what a TIFF structure of EXIF says.

    Raises:
        ValueError, struct.error: it cannot be read.
    """
    order = {b"II": "<", b"MM": ">"}.get(raw[:2])
    if order is None:
        raise ValueError("no order of bytes")
    (first,) = struct.unpack_from(f"{order}I", raw, 4)
    found: list[tuple[str, str]] = []
    later = _directory(raw, order, first, found)
    if later:
        found.append(("thumbnail", ""))
    return found


def _directory(raw: bytes, order: str, at: int, found: list[tuple[str, str]]) -> int:
    """Read one directory and those below it; return where the next one is."""
    (count,) = struct.unpack_from(f"{order}H", raw, at)
    if count > _ENTRIES:
        raise ValueError("too many entries")
    for tag, kind, many, value, place in _entries(raw, order, at + 2, count):
        if tag in _TEXT_TAGS and kind in (_BYTES, _ASCII):
            start = place if many <= _INLINE else value
            words = raw[start : start + min(many, 400)]
            coded = "utf-16-le" if tag >= _XP and kind == _BYTES else "utf-8"
            found.append((_TEXT_TAGS[tag], words.decode(coded, "replace").strip("\0 ")))
        elif tag == _EXIF:
            for inner, sort, length, offset, here in _entries_at(raw, order, value):
                if inner in _TEXT_TAGS and sort == _ASCII:
                    start = here if length <= _INLINE else offset
                    words = raw[start : start + min(length, 400)]
                    found.append((_TEXT_TAGS[inner], words.decode("utf-8", "replace").strip("\0 ")))
        elif tag == _GPS:
            found.append(("location", _place(raw, order, value)))
    (later,) = struct.unpack_from(f"{order}I", raw, at + 2 + 12 * count)
    return int(later)


def _entries_at(raw: bytes, order: str, at: int) -> list[tuple[int, int, int, int, int]]:
    (count,) = struct.unpack_from(f"{order}H", raw, at)
    if count > _ENTRIES:
        raise ValueError("too many entries")
    return list(_entries(raw, order, at + 2, count))


def _entries(
    raw: bytes, order: str, at: int, count: int
) -> Iterator[tuple[int, int, int, int, int]]:
    """Give tag, kind, count, value, and where the value itself stands."""
    for place in range(at, at + 12 * count, 12):
        tag, kind, many, value = struct.unpack_from(f"{order}HHII", raw, place)
        yield tag, kind, many, value, place + 8


def _place(raw: bytes, order: str, at: int) -> str:
    """Return latitude and longitude in degrees, as far as they are there."""
    said = {}
    for tag, _, many, value, place in _entries_at(raw, order, at):
        if tag in (1, 3):
            said[tag] = raw[place : place + 1].decode("latin-1")
        elif tag in (2, 4) and many == len("dms"):
            parts = struct.unpack_from(f"{order}6I", raw, value)
            pairs = zip(parts[::2], parts[1::2], strict=True)
            degrees = [top / under if under else 0.0 for top, under in pairs]
            said[tag] = f"{degrees[0] + degrees[1] / 60 + degrees[2] / 3600:.5f}"
    return " ".join(said[tag] for tag in (2, 1, 4, 3) if tag in said)


FAULTS: Final = (ValueError, struct.error, zlib.error, IndexError)
"""What reading a hostile picture raises."""
