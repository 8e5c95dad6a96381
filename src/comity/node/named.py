"""What an entry names, and what therefore travels with it and is kept where it arrives."""

from collections.abc import Iterable
from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.vocabulary.digests import Digest
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
