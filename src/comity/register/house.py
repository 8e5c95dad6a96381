"""The house's own people, profile, drafts and approvals: folded from the journal."""

from typing import Final

from msgspec import UnsetType, structs

from comity.acts import deeds
from comity.acts.deeds import Deed
from comity.acts.judgements import Duty
from comity.register.leaves import Leaf
from comity.register.rows import (
    WITHDRAWN,
    ApprovalOf,
    Clearance,
    Draft,
    FacilityLine,
    Need,
    Needs,
    PasskeyOf,
    PersonOf,
    ProfileOf,
    Row,
    Rows,
    key_at,
)
from comity.seal.fingerprints import key_id


def needs(ask: Needs, leaf: Leaf, deed: Deed) -> None:
    """Say what the folds of the house ask."""
    if isinstance(deed, deeds.Decline):
        ask.key(deed.deed, Draft)
    elif isinstance(deed, deeds.Release):
        ask.key(deeds.deed_digest(deed), Draft)
    elif isinstance(deed, deeds.EnterPasskey):
        ask.key(deed.person, PersonOf)
    elif isinstance(deed, deeds.RevokePasskey):
        ask.key(deed.key, PasskeyOf)
    elif isinstance(deed, deeds.WithdrawLine):
        ask.key(key_at(leaf.log, deed.line), *_ENDS)


def person(rows: Rows, leaf: Leaf, deed: deeds.EnterPerson, duties: tuple[Duty, ...]) -> list[Row]:
    """A person, or a person's new office, roles or key."""
    del rows, duties
    return [
        PersonOf(
            key=deed.person,
            scope="persons",
            office=deed.office,
            roles=tuple(role.value for role in deed.roles),
            card=deed.card,
            approval_key=deed.key if isinstance(deed.key, bytes) else b"",
            relying_party=deed.relying_party if isinstance(deed.relying_party, str) else "",
            nationalities=() if isinstance(deed.nationalities, UnsetType) else deed.nationalities,
            index=leaf.index,
        )
    ]


def passkey(
    rows: Rows, leaf: Leaf, deed: deeds.EnterPasskey, duties: tuple[Duty, ...]
) -> list[Row]:
    """A passkey of a person; a key file that the house kept for the person signs no more."""
    del duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    held = rows.get(PersonOf, deed.person)
    if held is None:
        return []
    return [
        structs.replace(held, approval_key=b"", relying_party=""),
        PasskeyOf(
            key=key_id(deed.key),
            scope=deed.person,
            public=deed.key,
            relying_party=deed.relying_party,
            credential=deed.credential,
            copied=deed.copied,
            at=leaf.entry.at,
            revoked="",
            index=leaf.index,
        ),
    ]


def passkey_revoked(
    rows: Rows, leaf: Leaf, deed: deeds.RevokePasskey, duties: tuple[Duty, ...]
) -> list[Row]:
    """A passkey that signs no more."""
    del duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    held = rows.get(PasskeyOf, deed.key)
    if held is None or held.scope != deed.person or held.revoked:
        return []
    return [structs.replace(held, revoked=leaf.entry.at)]


def cleared(rows: Rows, leaf: Leaf, deed: deeds.Clear, duties: tuple[Duty, ...]) -> list[Row]:
    """A clearance under the national procedure."""
    del rows, duties
    return [
        Clearance(
            key=leaf.key,
            scope=deed.person,
            level=deed.level,
            since=deed.since,
            until=deed.until,
            authority=deed.authority,
            attestation=deed.attestation if isinstance(deed.attestation, str) else "",
        )
    ]


def need_to_know(
    rows: Rows, leaf: Leaf, deed: deeds.GrantNeedToKnow, duties: tuple[Duty, ...]
) -> list[Row]:
    """Why this person."""
    del rows, duties
    return [Need(key=leaf.key, scope=deed.person, subject=deed.subject, until=deed.until)]


_ENDS: Final = (Clearance, Need, FacilityLine)
"""What a line of the journal put that has an end."""


def withdrawn(
    rows: Rows, leaf: Leaf, deed: deeds.WithdrawLine, duties: tuple[Duty, ...]
) -> list[Row]:
    """What a line of the journal said to an end holds no longer, for whatever is judged after it.

    The order of the journal decides and not the clock: other logs have times of their own, and
    one that was set back would let an act be before the withdrawal that is entered after it.
    """
    del duties
    key = key_at(leaf.log, deed.line)
    held = (rows.get(Clearance, key), rows.get(Need, key), rows.get(FacilityLine, key))
    found = [one for one in held if one is not None]
    # A briefing has no end, and is not withdrawn.
    return [structs.replace(one, until=WITHDRAWN) for one in found if one.until]


def profile(
    rows: Rows, leaf: Leaf, deed: deeds.AdoptProfile, duties: tuple[Duty, ...]
) -> list[Row]:
    """The national profile from here on."""
    del rows, duties
    return [ProfileOf(key="own", scope="", digest=deed.profile, index=leaf.index)]


def laid_before(
    rows: Rows, leaf: Leaf, deed: deeds.LayBefore, duties: tuple[Duty, ...]
) -> list[Row]:
    """A draft waits for its decision."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    return [
        Draft(
            key=deed.deed,
            scope="drafts",
            drafter=deed.actor,
            line=leaf.index,
            at=leaf.entry.at,
            state="waiting",
            entered="",
        )
    ]


def approved(rows: Rows, leaf: Leaf, deed: deeds.Approve, duties: tuple[Duty, ...]) -> list[Row]:
    """An approval was given; which deeds it covers, its document says."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - as in laid_before()
    return [ApprovalOf(key=deed.document, scope="approvals", person=deed.actor, at=leaf.entry.at)]


def declined(rows: Rows, leaf: Leaf, deed: deeds.Decline, duties: tuple[Duty, ...]) -> list[Row]:
    """A draft is declined, without a reason."""
    del leaf, duties
    draft = rows.get(Draft, deed.deed)
    if draft is None:
        return []
    return [structs.replace(draft, state="declined")]
