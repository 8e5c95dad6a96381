"""A draft that is laid anew: all of it as it was, but for what is named.

Whoever changes a draft names a few fields. Everything else of the deed goes on: caveats, to whom
it may ever go, regime, form, schedule, the end of it.
"""

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.documents import Particulars
from comity.node.releases import Drafted, Wish
from comity.vocabulary.names import Level, Office, Purpose, Subject


class Changes(Struct, frozen=True, kw_only=True):
    """What of a draft becomes another; what is left out stays."""

    offices: tuple[Office, ...] | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    subject: Subject | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    content: bytes | UnsetType = UNSET
    title: str | UnsetType = UNSET
    lines: tuple[str, ...] | UnsetType = UNSET
    file_name: str | UnsetType = UNSET
    media_type: str | UnsetType = UNSET
    pages: int | UnsetType = UNSET
    annexes: int | UnsetType = UNSET


def wish_of(draft: Drafted) -> Wish:
    """Return the wish that a draft was, whole; its number and its salts are not of it."""
    return _wish(draft.deed, draft.particulars, draft.content, sent=not draft.shown)


def of_deed(deed: deeds.Release, *, sent: bool) -> Wish:
    """Return what a deed itself says of such a wish: its words and its content are put in."""
    return _wish(deed, None, b"", sent=sent)


def _wish(deed: deeds.Release, words: Particulars | None, content: bytes, *, sent: bool) -> Wish:
    item = deed.item
    wish = Wish(
        to=deed.to,
        offices=deed.offices,
        by=deed.by,
        level=item.label.level,
        subject=item.subject,
        purpose=deed.purpose,
        content=content,
        title="",
        form=item.form,
        pages=item.pages,
        annexes=item.annexes,
        regime=item.label.regime,
        releasable=item.label.releasable,
        caveats=item.label.caveats,
        disclosed=item.disclosed,
        schedule=item.schedule,
        originator=item.originator,
        origin=deed.origin,
        agreement=deed.agreement,
        article=deed.article,
        not_after=deed.not_after,
        sent=sent,
    )
    if words is None:
        return wish
    return structs.replace(
        wish,
        title=words.title,
        lines=words.lines,
        file_name=words.file_name,
        media_type=words.media_type,
        demonstration=words.demonstration,
    )


def changed(wish: Wish, changes: Changes) -> Wish:
    """Return a wish with what is named, and all else as it is."""
    named = {
        name: value
        for name, value in structs.asdict(changes).items()
        if not isinstance(value, UnsetType)
    }
    return structs.replace(wish, **named)
