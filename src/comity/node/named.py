"""What an entry names, and what therefore travels with it and is kept where it arrives."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.seal.directories import open_directory
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party


def documents_of(entry: Entry) -> list[Digest]:
    """Return the documents that an entry names and that travel with it."""
    deed = entry.deed
    names: list[Digest] = []
    if isinstance(entry.approvals, tuple):
        names += [one.document for one in entry.approvals]
    if isinstance(entry.evidence, tuple) and isinstance(entry.paper, UnsetType):
        # A scanned paper stays where it was entered: the other side has the paper itself.
        names += entry.evidence
    field = TRAVELLING.get(type(deed))
    if field is not None and isinstance(name := getattr(deed, field), str):
        names.append(Digest(name))
    return names


def space_of(entry: Entry, name: str) -> Space:
    """Return where a document that an entry names is kept: the entry's words apart."""
    deed = entry.deed
    words = isinstance(deed, deeds.Request) and name == deed.particulars
    return Space.WORDS if words else Space.DOCUMENT


def by_space(
    entries: Iterable[Entry | None], documents: Mapping[Digest, bytes]
) -> dict[Space, dict[str, bytes]]:
    """Return those of some documents that entries name, by where each is kept."""
    found: dict[Space, dict[str, bytes]] = {}
    for one in entries:
        if one is None:
            continue
        for name in documents_of(one):
            if name in documents:
                found.setdefault(space_of(one, name), {})[name] = documents[name]
    return found


def genuine(node: Node, documents: Mapping[str, bytes], root: Digest) -> dict[str, bytes]:
    """Return documents without the directories that a party's root did not sign."""
    found: dict[str, bytes] = {}
    for name, raw in documents.items():
        if b'"directory":' in raw[:64]:
            try:
                open_directory(node.suite, raw, root=root)
            except Invalid:
                continue
        found[name] = raw
    return found


def kept_of(tx: Reading, entries: Iterable[Entry]) -> dict[str, bytes]:
    """Return the documents that entries name, as far as they are kept; erased words are not."""
    asked: dict[Space, dict[str, None]] = {}
    for one in entries:
        for name in documents_of(one):
            asked.setdefault(space_of(one, name), {})[name] = None
    found: dict[str, bytes] = {}
    for space, names in asked.items():
        found |= tx.load_many(space, names)
    return found


def brought_key(peer: Party, name: str) -> str:
    """Return where it stands that a counterpart brought a document itself (``Space.LINK``).

    Who only names a document has not shown that it ever had it, and gets it from nobody.
    """
    return f"brought|{peer}|{name}"


def brought_by(peer: Party, names: Iterable[str]) -> dict[str, bytes]:
    """Return what is kept under ``Space.LINK`` of the documents that a counterpart brought."""
    return {brought_key(peer, name): b"" for name in names}


TRAVELS: Final = 4 << 20
"""Bytes of a document that travels with what names it."""

TRAVELLING: Final[dict[type[deeds.Deed], str]] = {
    deeds.PublishDirectory: "directory",
    deeds.Propose: "text",
    deeds.Sign: "text",
    deeds.NotifyAuthority: "profile",
    deeds.LawChange: "document",
    deeds.StateLaw: "document",
    deeds.RequestVisit: "particulars",
    deeds.CloseVisit: "report",
    deeds.FollowUp: "report",
}
"""Deeds whose document travels with them, and the field that names it."""
