"""People of the house: who they are, what they are cleared for, why they need to know; tokens."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.deeds import Role
from comity.acts.parts import RelyingParty
from comity.console.api import tokens
from comity.console.api.answers import Done, done, taken
from comity.console.api.operation import (
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.forms import Fields, Order
from comity.console.pages import passkeys as pages
from comity.console.pages import people as people_pages
from comity.console.pages.visit import Visit
from comity.node import people
from comity.node.receiving import absent
from comity.register.rows import WITHDRAWN, Clearance, Need, PersonOf, key_of
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, PersonId, Subject

_SIGNS: Final = frozenset({Role.RELEASING, Role.CUSTODIAN})


class Me(Struct, frozen=True, kw_only=True):
    """Who asks.

    Attributes:
        name: What the person is called at home.
    """

    house: str
    person: str
    name: str
    office: str
    roles: tuple[str, ...]


class Cleared(Struct, frozen=True, kw_only=True):
    """A clearance.

    Attributes:
        line: Where it stands in the journal.
        withdrawn: It ended before its end; ``until`` is in 1970 then, before everything.
    """

    line: str
    level: str
    since: str
    until: str
    withdrawn: bool


class NeedOf(Struct, frozen=True, kw_only=True):
    """A need-to-know, as :class:`Cleared`."""

    line: str
    subject: str
    until: str
    withdrawn: bool


class PersonSaid(Struct, frozen=True, kw_only=True):
    """A person of the house.

    Attributes:
        key: Whether a key of approvals is entered.
    """

    person: str
    name: str
    office: str
    roles: tuple[str, ...]
    key: bool
    clearances: tuple[Cleared, ...]
    needs: tuple[NeedOf, ...]


class NewPerson(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person with office and roles; who releases or receipts has a passkey's public key."""

    person: PersonId
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    office: Office
    roles: Annotated[tuple[Role, ...], Meta(min_length=1, max_length=9)]
    title: Annotated[str, Meta(max_length=200)] = ""
    key: Annotated[bytes, Meta(min_length=1, max_length=8192)] | UnsetType = UNSET
    relying_party: RelyingParty | UnsetType = UNSET


class ToLevel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """To which level somebody is cleared, until when."""

    level: Level
    until: Instant


class OnSubject(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which subject somebody's duties require, until when."""

    subject: Subject
    until: Instant


class PasskeySaid(Struct, frozen=True, kw_only=True):
    """A passkey, by its digest.

    Attributes:
        copied: Its authenticator may have copied it to other devices.
        revoked: Since when it is none; empty while it is one.
    """

    name: str
    called: str
    domain: str
    at: str
    copied: bool
    revoked: str


class TokenSaid(Struct, frozen=True, kw_only=True):
    """A token of one's own, by the beginning of its digest."""

    id: str
    name: str
    since: str
    until: str


def me(visit: Visit, asked: Nothing) -> Me:
    """Say who asks, and with which roles."""
    del asked
    row = visit.tx.get(PersonOf, visit.person)
    if row is None:
        raise absent()
    card = people.card_of(visit.tx, visit.person)
    return Me(
        house=visit.node.party,
        person=visit.person,
        name=visit.person if card is None else card.name,
        office=row.office,
        roles=row.roles,
    )


def listed(visit: Visit, asked: Listing) -> Page[PersonSaid]:
    """List the people of the house."""
    known_as(visit.tx, visit.person, *people_pages.SEE)
    rows = visit.tx.within(PersonOf, "persons")
    return paged(rows, asked, key=lambda row: (row.key,), shown=lambda row: _said(visit, row))


def _said(visit: Visit, row: PersonOf) -> PersonSaid:
    card = people.card_of(visit.tx, PersonId(row.key))
    return PersonSaid(
        person=row.key,
        name=row.key if card is None else card.name,
        office=row.office,
        roles=row.roles,
        key=bool(row.approval_key),
        clearances=tuple(
            Cleared(
                line=one.key,
                level=one.level,
                since=one.since,
                until=one.until,
                withdrawn=one.until == WITHDRAWN,
            )
            for one in visit.tx.within(Clearance, row.key)
        ),
        needs=tuple(
            NeedOf(
                line=one.key,
                subject=one.subject,
                until=one.until,
                withdrawn=one.until == WITHDRAWN,
            )
            for one in visit.tx.within(Need, row.key)
        ),
    )


def person(visit: Visit, asked: Nothing) -> PersonSaid:
    """Show a person of the house."""
    del asked
    known_as(visit.tx, visit.person, *people_pages.SEE)
    row = visit.tx.get(PersonOf, visit.place["person"])
    if row is None:
        raise absent()
    return _said(visit, row)


def add(doing: Doing[NewPerson]) -> Done:
    """Enter a person, or a person's new office, roles or passkey."""
    requires(doing, Role.ADMINISTRATOR)
    body = doing.body
    if _SIGNS & set(body.roles) and isinstance(body.key, UnsetType):
        # A key file is made where the house's keys are, at the command line.
        raise Refused("refused.api.person-key", "who releases or receipts needs a key")
    entered = people.add_person(
        doing.node,
        body.person,
        name=body.name,
        title=body.title,
        office=body.office,
        roles=body.roles,
        key=None if isinstance(body.key, UnsetType) else body.key,
        relying_party=None if isinstance(body.relying_party, UnsetType) else body.relying_party,
        actor=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def _who(doing: Doing[Any]) -> PersonId:
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *people_pages.RECORD)
        row = tx.get(PersonOf, doing.place["person"])
    if row is None:
        raise absent()
    return PersonId(row.key)


def clear(doing: Doing[ToLevel]) -> Done:
    """Record a clearance that the national procedure granted."""
    entered = people.clear(
        doing.node,
        _who(doing),
        level=doing.body.level,
        since=doing.node.clock.now(),
        until=doing.body.until,
        authority=doing.node.registry,
        actor=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def need(doing: Doing[OnSubject]) -> Done:
    """Record why this person: the subject that the person's duties require."""
    entered = people.grant_need_to_know(
        doing.node,
        _who(doing),
        subject=doing.body.subject,
        until=doing.body.until,
        actor=doing.person,
    )
    return done(doing.node, entered, doing.lang)


def own_tokens(visit: Visit, asked: Listing) -> Page[TokenSaid]:
    """List one's own tokens; what they are is not here."""
    return paged(
        tokens.listed(visit.tx, person=visit.person),
        asked,
        key=lambda one: (one.kept.since, one.id),
        shown=lambda one: TokenSaid(
            id=one.id, name=one.kept.name, since=one.kept.since, until=one.kept.until
        ),
    )


def revoke(doing: Doing[Nothing]) -> Nothing:
    """End one of one's own tokens, at once and for good."""
    try:
        tokens.revoke(doing.node, doing.place["token"], person=doing.person)
    except Refused as error:
        raise absent() from error
    return Nothing()


def own_passkeys(visit: Visit, asked: Listing) -> Page[PasskeySaid]:
    """List one's own passkeys; to an administrator those of everybody."""
    shown = pages.passkeys(visit)
    return paged(
        [*shown["mine"], *(shown["others"] or ())],
        asked,
        key=lambda one: (one["at"], one["name"]),
        shown=lambda one: taken(one, PasskeySaid),
    )


def revoke_passkey(doing: Doing[Nothing]) -> Nothing:
    """Revoke a passkey of one's own; an administrator, anybody's. Counterparts are told."""
    place = {"key": doing.place["passkey"]}
    try:
        pages.revoke(
            Order(
                doing.node, doing.person, doing.lang, doing.demonstration, place, Fields({}, None)
            )
        )
    except Refused as error:
        if error.code == "refused.passkey.unknown":
            raise absent() from error
        raise
    return Nothing()


class Lines(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which lines of the journal hold no longer."""

    lines: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...],
        Meta(min_length=1, max_length=256),
    ]


class Withdrawn(Struct, frozen=True, kw_only=True):
    """What was entered, line for line: where each withdrawal stands in the journal."""

    entered: tuple[str, ...]


def withdraw(doing: Doing[Lines]) -> Withdrawn:
    """Withdraw clearances, needs, or lines about facilities, before their end."""
    requires(doing, *people_pages.RECORD)
    found = people.withdraw(doing.node, doing.body.lines, actor=doing.person)
    return Withdrawn(entered=tuple(key_of(one.position) for one in found))


_PERSON = "/persons/{person}"
OPERATIONS = (
    Operation("me", "people", "GET", "/me", me, Me),
    Operation("personList", "people", "GET", "/persons", listed, Page[PersonSaid], Listing),
    Operation("personAdd", "people", "POST", "/persons", add, Done, NewPerson),
    Operation("personShow", "people", "GET", _PERSON, person, PersonSaid),
    Operation(
        "personClear",
        "people",
        "POST",
        f"{_PERSON}/clearances",
        clear,
        Done,
        ToLevel,
        page="/people/clear",
    ),
    Operation(
        "personNeed",
        "people",
        "POST",
        f"{_PERSON}/needs",
        need,
        Done,
        OnSubject,
        page="/people/need",
    ),
    Operation(
        "lineWithdraw",
        "people",
        "POST",
        "/persons/withdraw",
        withdraw,
        Withdrawn,
        Lines,
        page="/people/withdraw /facilities/withdraw",
    ),
    Operation(
        "passkeyList", "people", "GET", "/passkeys", own_passkeys, Page[PasskeySaid], Listing
    ),
    Operation(
        "passkeyRevoke",
        "people",
        "DELETE",
        "/passkeys/{passkey}",
        revoke_passkey,
        Nothing,
        page="/passkeys/{key:str}/revoke",
    ),
    Operation("tokenList", "people", "GET", "/tokens", own_tokens, Page[TokenSaid], Listing),
    Operation("tokenRevoke", "people", "DELETE", "/tokens/{token}", revoke, Nothing, page="/leave"),
)
"""Of people and tokens."""
