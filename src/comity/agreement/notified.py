"""What a party has notified on the cut: its offices and their dates, designating officers, days."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import UnsetType

from comity.acts.documents import PublicProfile, decode_public_profile
from comity.agreement.case import Calendar
from comity.agreement.cut import Cut
from comity.agreement.succession import standing_now
from comity.register.rows import Authority, Rows
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Office, Party, party_of

Documents = Callable[[Digest], bytes | None]
"""Finds a document that this node keeps by its digest."""


@lru_cache(maxsize=64)
def calendars_of(raw: bytes | None, author: Party) -> tuple[Calendar, ...]:
    """Return the working days that a party has notified; nothing where it notified none."""
    theirs = None if raw is None else public_profile(raw, author)
    if theirs is None:
        return ()
    one = Calendar(
        working_days=theirs.working_days,
        holidays=theirs.holidays,
        zone=theirs.zone,
        rule=theirs.rule if isinstance(theirs.rule, str) else "",
    )
    return (one,)


@lru_cache(maxsize=256)
def addressed_now(
    raw: bytes | None, author: Party, offices: tuple[Office, ...], at: Instant
) -> tuple[Office, ...]:
    """Return the offices that now answer for those addressed: an ended one's successor."""
    profile = None if raw is None else public_profile(raw, author)
    if profile is None:
        return offices
    return tuple(standing_now(profile.offices, one, at) or one for one in offices)


@lru_cache(maxsize=64)
def public_profile(raw: bytes, author: Party) -> PublicProfile | None:
    """Return what an author's document notifies; the same bytes always notify the same."""
    try:
        profile = decode_public_profile(raw)
    except Invalid:
        return None  # what a peer notified and nobody can read notifies nothing
    # A party speaks for its own offices: one that lists another's is as good as none.
    if profile.party != author or any(party_of(one.office) != author for one in profile.offices):
        return None
    return profile


def notification(
    rows: Rows, cut: Cut, logs: tuple[LogName, ...], documents: Documents
) -> bytes | None:
    """Return the public profile last notified within the cut, by the author's own log first."""
    for log in logs:
        found = [row for row in rows.within(Authority, log) if cut.holds(row.log, row.index)]
        if found:
            return documents(Digest(max(found, key=lambda row: row.index).profile))
    return None


@lru_cache(maxsize=256)
def offices_notified(raw: bytes | None, author: Party, at: Instant) -> tuple[Office, ...]:
    """Offices whose dates cover the instant: an act is valid at its date."""
    profile = None if raw is None else public_profile(raw, author)
    if profile is None:
        return ()
    return tuple(
        one.office
        for one in profile.offices
        if one.since <= at and (isinstance(one.until, UnsetType) or at < one.until)
    )


@lru_cache(maxsize=256)
def officers_designating(raw: bytes | None, author: Party, at: Instant) -> tuple[Office, ...]:
    """Return the offices then in being whose officers designate."""
    profile = None if raw is None else public_profile(raw, author)
    if profile is None:
        return ()
    named = {one.office for one in profile.offices if one.designating}
    return tuple(office for office in offices_notified(raw, author, at) if office in named)
