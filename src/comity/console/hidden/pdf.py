"""PDF: its information, earlier revisions, scripts and attachments, found without drawing it.

The file is searched, not interpreted: what stands in encrypted objects, or in streams packed
otherwise than with Flate, is not seen.
"""

import re
import zlib
from typing import Final

from comity.console.hidden.pictures import xmp

_INFORMATION: Final = {
    rb"Author": "author",
    rb"Creator": "software",
    rb"Producer": "software",
    rb"Title": "title",
    rb"Company": "organisation",
    rb"CreationDate": "made",
}
_SIGNS: Final = {
    rb"/EmbeddedFile\b": "embedded",
    rb"/JavaScript\b|/JS\b": "script",
    rb"/Launch\b": "script",
    rb"/Encrypt\b": "encrypted",
    rb"/Annots\b": "comments",
}
_STREAMS: Final = 2000
_INFLATED: Final = 1 << 20
_TOTAL: Final = 32 << 20
_STRING: Final = rb"\s*(?:\(((?:[^()\\]|\\.){1,400})\)|<([0-9A-Fa-f\s]{2,800})>)"
_STREAM: Final = re.compile(rb"stream\r?\n")


def look(content: bytes) -> list[tuple[str, str]]:
    """Return what is hidden in a PDF."""
    texts = [content, *_inflated(content)]
    found: list[tuple[str, str]] = []
    for raw in texts:
        for name, what in _INFORMATION.items():
            pattern = (
                rb"/" + name + rb"\s*(?:\(((?:[^()\\]|\\.){1,400})\)|<([0-9A-Fa-f\s]{2,800})>)"
            )
            found += [(what, _text(one[1], one[2])) for one in re.finditer(pattern, raw)]
        if b"<x:xmpmeta" in raw or b"<rdf:RDF" in raw:
            found += xmp(raw)
        for sign, what in _SIGNS.items():
            if re.search(sign, raw):
                found.append((what, ""))
    revisions = len(re.findall(rb"%%EOF", content))
    if revisions > 1:
        found.append(("revisions", str(revisions - 1)))
    return [(what, value) for what, value in found if value or what in _SIGNS.values()]


def _inflated(content: bytes) -> list[bytes]:
    """Return the streams that unpack, each and all within bounds: a bomb gives little."""
    found = []
    total = 0
    for count, one in enumerate(_STREAM.finditer(content)):
        if count >= _STREAMS or total >= _TOTAL:
            break
        before = content[max(0, one.start() - 400) : one.start()]
        if b"/FlateDecode" not in before or b"/Image" in before:
            continue
        try:
            raw = zlib.decompressobj().decompress(content[one.end() :], _INFLATED)
        except zlib.error:
            continue
        total += len(raw)
        found.append(raw)
    return found


def _text(literal: bytes | None, coded: bytes | None) -> str:
    raw = (
        bytes.fromhex(re.sub(rb"\s", b"", coded).decode().ljust(2, "0")[: len(coded) // 2 * 2])
        if coded
        else re.sub(rb"\\(.)", rb"\1", literal or b"", flags=re.DOTALL)
    )
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")
