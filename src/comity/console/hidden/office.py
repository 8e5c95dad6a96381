"""Office files (OOXML: docx, xlsx, pptx): their properties, tracked changes, comments, macros."""

import zipfile
import zlib
from io import BytesIO
from typing import Final
from xml.parsers import expat

_MEMBER: Final = 8 << 20
"""The most bytes of one part that are read; the rest of a longer one is not looked into."""
_MEMBERS: Final = 4000

_PROPERTIES: Final = {
    "creator": "author",
    "lastModifiedBy": "last-changed-by",
    "Company": "organisation",
    "Manager": "organisation",
    "title": "title",
    "Application": "software",
    "Template": "template",
    "created": "made",
}
_CHANGES: Final = frozenset({"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"})
_KINDS: Final = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


def look(content: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return the kind of an office file and what is hidden in it; ``zip`` for another archive.

    Raises:
        ValueError, zipfile.BadZipFile, zlib.error, expat.ExpatError: it cannot be read.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()[:_MEMBERS]
        names = [one.filename for one in parts]
        kind = next(
            (kind for folder, kind in _KINDS.items() if any(n.startswith(folder) for n in names)),
            "zip",
        )
        if kind == "zip":
            return kind, [("embedded", name) for name in names]
        found: list[tuple[str, str]] = []
        for one in parts:
            found += _named(one.filename)
            if one.filename.startswith("docProps/") and one.filename.endswith(".xml"):
                found += _properties(_read(archive, one))
            elif one.filename.startswith("word/") and one.filename.endswith(".xml"):
                found += _words(_read(archive, one))
            elif one.filename.endswith(".rels"):
                found += _links(_read(archive, one))
    return kind, found


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return a part, up to a bound, whatever the archive says its length is."""
    try:
        with archive.open(part) as opened:
            return opened.read(_MEMBER)
    except (RuntimeError, NotImplementedError) as error:
        # Locked with a password, or packed in a way that is not known.
        raise ValueError("a part cannot be opened") from error


def _named(name: str) -> list[tuple[str, str]]:
    """Return what the name of a part alone says."""
    low = name.lower()
    if low.endswith("vbaproject.bin") or "/activex/" in low:
        return [("script", name)]
    if "/embeddings/" in low:
        return [("embedded", name)]
    if low.startswith("docprops/thumbnail"):
        return [("thumbnail", name)]
    if "comments" in low and low.endswith(".xml"):
        return [("comments", name)]
    return []


def _elements(raw: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Return the elements of an XML text with their words, names without their namespaces.

    A text that declares entities is refused: nothing here needs them, and they are how a small
    text becomes a large one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    found: list[tuple[str, dict[str, str], list[str]]] = []
    open_: list[int] = []

    def begin(name: str, given: dict[str, str]) -> None:
        if len(found) > 200_000 or len(open_) > 500:  # noqa: PLR2004 - a bound, not a measure
            raise ValueError("too large")
        plain = {key.rpartition(" ")[2]: value for key, value in given.items()}
        open_.append(len(found))
        found.append((name.rpartition(" ")[2], plain, []))

    def end(name: str) -> None:
        del name
        open_.pop()

    def words(text: str) -> None:
        if open_:
            found[open_[-1]][2].append(text)

    def entity(*_: object) -> None:
        raise ValueError("declares an entity")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.EntityDeclHandler = entity
    parser.Parse(raw, len(raw) < _MEMBER)
    return [(name, given, "".join(text)) for name, given, text in found]


def _properties(raw: bytes) -> list[tuple[str, str]]:
    return [
        (_PROPERTIES[name], text)
        for name, _, text in _elements(raw)
        if name in _PROPERTIES and text.strip()
    ]


def _words(raw: bytes) -> list[tuple[str, str]]:
    """Return who changed what in a text, and whether words in it are hidden."""
    found = []
    for name, given, _ in _elements(raw):
        if name in _CHANGES:
            found.append(("tracked", " ".join((given.get("author", ""), given.get("date", "")))))
        elif name == "vanish" and given.get("val", "1") not in ("0", "false"):
            found.append(("hidden-text", ""))
    return found


def _links(raw: bytes) -> list[tuple[str, str]]:
    return [
        ("links", given.get("Target", ""))
        for name, given, _ in _elements(raw)
        if name == "Relationship" and given.get("TargetMode") == "External"
    ]


FAULTS: Final = (ValueError, zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError)
"""What reading a hostile archive raises."""
