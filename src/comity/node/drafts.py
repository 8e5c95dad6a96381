"""What waits for a decision: sealed as it will leave, and found by its deed's digest."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.contents import content_context
from comity.acts.documents import decode_particulars
from comity.node import item_keys, large
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.node.waits import SALT, Waiting, unwrapped
from comity.node.wishes import Drafted
from comity.register.rows import Draft, Needs
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import (
    Party,
)


def sealed(
    node: Node, draft: Drafted, pieces: large.Pieces | None
) -> tuple[Waiting, dict[str, bytes]]:
    """Seal content and particulars under fresh keys, before the approval: as they will leave.

    Returns:
        What waits, and the sealed content under its digest; nothing where there is none to keep.
    """
    suite, deed, item = node.suite, draft.deed, draft.deed.item
    content_key, particulars_key = suite.generate_key(), suite.generate_key()
    if pieces is None:
        context = content_context(item)
        content = suite.encrypt(content_key, context, draft.salt + draft.content)
        ciphertext = digest(content)
    else:
        content = b""
        made = large.seal(node, item, pieces, salt=draft.salt, key=content_key)
        deed = structs.replace(deed, item=structs.replace(item, plaintext=made.plaintext))
        ciphertext = made.ciphertext
    particulars = suite.encrypt(
        particulars_key, draft.deed.particulars.encode(), encode(draft.particulars)
    )
    kept = {str(ciphertext): content} if content and not draft.shown else {}
    waits = Waiting(
        deed=deed,
        drafter=draft.drafter,
        salt=draft.salt,
        keys=item_keys.ItemKeys(
            content=content_key, particulars=particulars_key, sealed=digest(particulars)
        ),
        ciphertext=ciphertext,
        particulars=particulars,
        is_file=not kept and not draft.shown,
        shown=draft.shown,
    )
    return waits, kept


def opened(node: Node, kept: Waiting, sealed: bytes | None) -> Drafted:
    """Return a draft with its words open; those of a file stay where they are.

    Args:
        node: This node.
        kept: What waits.
        sealed: Its sealed content, where it is no file.
    """
    suite, deed = node.suite, kept.deed
    content = b""
    if sealed is not None:
        context = content_context(deed.item)
        content = suite.decrypt(kept.keys.content, context, sealed)[SALT:]
    raw = suite.decrypt(kept.keys.particulars, deed.particulars.encode(), kept.particulars)
    return Drafted(deed, decode_particulars(raw), kept.salt, content, kept.drafter, kept.shown)


def called(node: Node, tx: Reading, names: Sequence[Digest]) -> dict[Digest, tuple[str, Party]]:
    """Return the title of each of some drafts that wait, and to whom it is to go.

    Contents stay sealed. Who may know is the caller's question.
    """
    found = {}
    for name, kept in zip(names, waiting_drafts(node, tx, names), strict=True):
        context = kept.deed.particulars.encode()
        raw = node.suite.decrypt(kept.keys.particulars, context, kept.particulars)
        found[name] = (decode_particulars(raw).title, kept.deed.to)
    return found


def open_draft(node: Node, tx: Reading, name: Digest) -> Drafted:
    """Return a draft that waits, to be read.

    Raises:
        Refused: ``refused.release.no-draft``.
    """
    return open_drafts(node, tx, [name])[0]


def open_drafts(node: Node, tx: Reading, names: Sequence[Digest]) -> list[Drafted]:
    """Return drafts that wait, to be read, in the order of their names.

    Raises:
        Refused: ``refused.release.no-draft``: one of them does not wait here.
    """
    drafts = waiting_drafts(node, tx, names)
    sealed = contents_of(tx, drafts)
    return [opened(node, one, sealed.get(one.ciphertext)) for one in drafts]


def contents_of(tx: Reading, drafts: Iterable[Waiting]) -> Mapping[str, bytes]:
    """Return the sealed contents of drafts, those of files apart, by their digests."""
    return tx.load_many(
        Space.CONTENT, [one.ciphertext for one in drafts if not (one.is_file or one.shown)]
    )


def waiting_drafts(node: Node, tx: Reading, names: Sequence[Digest]) -> list[Waiting]:
    """Return drafts that wait, sealed as they will leave, in the order of their names.

    Raises:
        Refused: ``refused.release.no-draft``: one of them does not wait here.
    """
    ask = Needs()
    for name in names:
        ask.key(name, Draft)
    rows = Overlay(tx)
    rows.fetch(ask)
    states = [rows.get(Draft, name) for name in names]
    if any(row is None or row.state != "waiting" for row in states):
        raise absent_draft()
    return kept_drafts(node, tx, names)


def kept_drafts(node: Node, tx: Reading, names: Sequence[Digest]) -> list[Waiting]:
    """Return drafts as they are kept. A draft that is decided is kept no more.

    For who decides: that they wait is asked in the transaction that enters the decision.

    Raises:
        Refused: ``refused.release.no-draft``: one of them is not kept here.
    """
    kept = tx.load_many(Space.DRAFT, names)
    if any(name not in kept for name in names):
        raise absent_draft()
    return [unwrapped(node, kept[name], name) for name in names]


def waiting(tx: Reading) -> tuple[Draft, ...]:
    """Return the drafts that wait for a decision, the oldest first."""
    return tx.waiting_drafts()


def find_draft(tx: Reading, text: str) -> Digest:
    """Return the waiting draft whose digest begins with ``text`` (with or without its prefix).

    Raises:
        Refused: ``refused.release.no-draft``.
    """
    wanted = text.removeprefix("sha384:")
    found = [row.key for row in waiting(tx) if row.key.removeprefix("sha384:").startswith(wanted)]
    if not wanted or len(found) != 1:
        raise Refused("refused.release.no-draft", f"not exactly one waiting draft is {text}")
    return Digest(found[0])


def is_sheet(draft: Drafted) -> bool:
    """Tell whether a draft can be a sheet again, which its drafter changes.

    What another originated goes on as it is: as a sheet it would become the house's own. And a
    sheet has no bounds of a stream: a directive would come back as a release of its description.
    """
    own = isinstance(draft.deed.origin, UnsetType)
    return own and not isinstance(draft.deed, deeds.StandingDirective)


def absent_draft() -> Refused:
    """Return the one answer for a draft that is decided, another's, or never was."""
    return Refused("refused.release.no-draft", "no such draft waits here")
