"""What an entry names, and what therefore travels with it and is kept where it arrives."""

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.vocabulary.digests import Digest


def documents_of(entry: Entry) -> list[Digest]:
    """Return the documents that an entry names and that travel with it."""
    deed = entry.deed
    names: list[Digest] = []
    if isinstance(entry.approvals, tuple):
        names += [one.document for one in entry.approvals]
    if isinstance(entry.evidence, tuple) and isinstance(entry.paper, UnsetType):
        # A scanned paper stays where it was entered: the other side has the paper itself.
        names += entry.evidence
    if isinstance(deed, deeds.PublishDirectory):
        names.append(deed.directory)
    if isinstance(deed, deeds.Propose | deeds.Sign):
        names.append(deed.text)
    if isinstance(deed, deeds.NotifyAuthority):
        names.append(deed.profile)
    return names
