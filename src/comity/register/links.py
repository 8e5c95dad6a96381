"""Links and instruments: directories, enrolments, refusals, texts, authorities, assurances."""

from enum import Enum
from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Duty
from comity.acts.parts import Position
from comity.register.leaves import Leaf
from comity.register.rows import (
    Assurance,
    Authority,
    ChronicleLine,
    DirectoryOf,
    DivergenceOf,
    ErasureOf,
    Instrument,
    Peer,
    RefusedByPeer,
    Row,
    Rows,
    key_at,
    key_of,
)
from comity.vocabulary.logs import LogName, correspondence, standing_in
from comity.vocabulary.names import party_of


def directory(
    rows: Rows, leaf: Leaf, deed: deeds.PublishDirectory, duties: tuple[Duty, ...]
) -> list[Row]:
    """The author's directory, in force for what follows it in its log."""
    del rows, duties
    return [
        DirectoryOf(
            key=leaf.key,
            scope=leaf.log,
            log=leaf.log,
            index=leaf.index,
            digest=deed.directory,
            version=deed.version,
        )
    ]


def enrolled(rows: Rows, leaf: Leaf, deed: deeds.EnrolRoot, duties: tuple[Duty, ...]) -> list[Row]:
    """A counterpart's root, compared by two persons."""
    del rows, duties
    return [
        Peer(
            key=deed.party,
            scope="",
            root=deed.root,
            directory=deed.directory,
            compared_by=deed.compared_by,
            index=leaf.index,
        )
    ]


def revoked_of(log: LogName) -> str:
    """Return the scope of the directories that took a correspondence's keys out of force."""
    return f"{log}|revoked"


def revoked(rows: Rows, leaf: Leaf, deed: deeds.Revoke, duties: tuple[Duty, ...]) -> list[Row]:
    """A directory that came outside the log is in force for signatures from a size on."""
    del rows, leaf, duties
    return [
        DirectoryOf(
            key=f"{deed.log}#revoked|{deed.size:016d}|{deed.version:016d}",
            scope=revoked_of(deed.log),
            log=deed.log,
            index=deed.size,
            digest=deed.directory,
            version=deed.version,
        )
    ]


def refused(
    rows: Rows, leaf: Leaf, deed: deeds.RefuseLeaves, duties: tuple[Duty, ...]
) -> list[Row]:
    """The author says which leaves of the other log have no effect with it.

    Only a log that the author receives can be meant: one that is bad is without effect.
    """
    del rows, duties
    if not _receives(deed, deed.log):
        return []
    return [
        RefusedByPeer(
            key=key_at(deed.log, one.index),
            scope=deed.log,
            code=one.code,
            article=one.article if isinstance(one.article, str) else "",
            refusal=leaf.key,
        )
        for one in deed.refused
        if deed.old <= one.index < deed.new
    ]


def diverged(rows: Rows, leaf: Leaf, deed: deeds.Diverge, duties: tuple[Duty, ...]) -> list[Row]:
    """Two judgements of one leaf, side by side; settled under the dispute article."""
    del rows, leaf, duties
    if not _receives(deed, deed.leaf.log):
        return []  # of another link: nothing that the author could have judged
    return [
        DivergenceOf(
            key=key_of(Position(log=deed.leaf.log, index=deed.leaf.index)),
            scope=deed.leaf.log,
            claimed=deed.claimed,
            computed=deed.computed,
            by=deed.by,
        )
    ]


def erasing(
    rows: Rows, leaf: Leaf, deed: deeds.EraseParticulars, duties: tuple[Duty, ...]
) -> list[Row]:
    """The author wants the words of an entry erased: they are when the other says so too."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    return [
        ErasureOf(
            key=leaf.key,
            scope=key_of(deed.leaf),
            log=leaf.log,
            index=leaf.index,
            author=party_of(deed.by),
            by=deed.by,
            at=leaf.entry.at,
        )
    ]


def erased(rows: Rows, entry: str) -> ErasureOf | None:
    """Return the later of the two words by which an entry's own are erased; none: they are not.

    Which is the later one is said by their times, for people: that both are there is what counts.
    """
    said = rows.within(ErasureOf, entry)
    if len({one.author for one in said}) < BOTH:
        return None
    return max(said, key=lambda one: (one.at, one.key))


BOTH: Final = 2


def _receives(deed: deeds.Outward, log: LogName) -> bool:
    """Tell whether an author receives a log from whom it speaks to, lanes among them."""
    own = correspondence(deed.to, party_of(deed.by))
    return log in (own, standing_in(deed.to, party_of(deed.by))) or log.startswith(f"{own}/feed/")


def instrument(rows: Rows, leaf: Leaf, deed: deeds.Outward, duties: tuple[Duty, ...]) -> list[Row]:
    """What changes an agreement's state; the state itself is derived, never set."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    text, notice = getattr(deed, "text", ""), getattr(deed, "notice", None)
    pact = deed.id if isinstance(deed, deeds.Propose) else getattr(deed, "pact", "")
    detail = getattr(deed, "step", None) or getattr(deed, "channel", None)
    document = getattr(deed, "document", "")
    return [
        Instrument(
            key=leaf.key,
            scope=text or pact,
            log=leaf.log,
            index=leaf.index,
            author=party_of(deed.by),
            act=kind_of(deed),
            text=text,
            at=leaf.entry.at,
            pact=pact,
            on=getattr(deed, "on", "") or _on(leaf.entry),
            about=key_of(notice) if isinstance(notice, Position) else getattr(deed, "new", ""),
            detail=detail.value if isinstance(detail, Enum) else "",
            document=document if isinstance(document, str) else "",
        )
    ]


def _on(entry: Entry) -> str:
    """Return the day that stands on the paper of an instrument, or nothing."""
    paper = entry.paper
    if isinstance(paper, UnsetType) or isinstance(paper.on, UnsetType):
        return ""
    return paper.on


def chronicled(
    rows: Rows, leaf: Leaf, deed: deeds.TakeStep | deeds.Chronicle, duties: tuple[Duty, ...]
) -> list[Row]:
    """A line of the house's own history of a pact."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in instrument()
    own = isinstance(deed, deeds.TakeStep)
    return [
        ChronicleLine(
            key=leaf.key,
            scope=deed.pact,
            index=leaf.index,
            parties=(leaf.house,) if isinstance(deed, deeds.TakeStep) else deed.parties,
            event=deed.step.value if isinstance(deed, deeds.TakeStep) else deed.event,
            on=deed.on,
            at=leaf.entry.at,
            document=deed.document if isinstance(deed.document, str) else "",
            own=own,
        )
    ]


def authority(
    rows: Rows, leaf: Leaf, deed: deeds.NotifyAuthority, duties: tuple[Duty, ...]
) -> list[Row]:
    """The public part of the author's profile (Korea-Japan 2016, Article 2)."""
    del rows, duties
    return [
        Authority(
            key=leaf.key, scope=leaf.log, log=leaf.log, index=leaf.index, profile=deed.profile
        )
    ]


def assurance(rows: Rows, leaf: Leaf, deed: deeds.Assure, duties: tuple[Duty, ...]) -> list[Row]:
    """The word given before a release (Korea-Japan 2016, Article 7(5))."""
    del rows, duties
    return [
        Assurance(
            key=leaf.key,
            scope=leaf.log,
            log=leaf.log,
            index=leaf.index,
            offices=deed.offices,
            level=deed.level,
            until=deed.until,
            cleared=deed.cleared,
            needed=deed.needed,
            protected=deed.protected,
            controls=() if isinstance(deed.controls, UnsetType) else deed.controls,
        )
    ]
