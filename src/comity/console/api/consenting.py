"""Consents: asked for, granted, refused, taken back, acknowledged.

A consent is about an item, and is seen by whoever has one of the roles and may see that item.
"""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.acts.deeds import Mode, Role, Uses
from comity.console.api.answers import Done, done
from comity.console.api.asking import key_of_place, place_of
from comity.console.api.items import found
from comity.console.api.operation import Doing, Listing, Nothing, Operation, Page, known_as
from comity.console.api.paging import paged
from comity.console.api.signing import Signed
from comity.console.pages import visit as visits
from comity.console.pages.visit import Visit
from comity.node import consents, granting, receiving
from comity.node.ports import Reading
from comity.node.reading import Deal, authorise
from comity.register.rows import AskOf, ConsentOf, ItemOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Party, Purpose, Reference

_CONSENTS: Final = (Role.DESK, Role.RELEASING, Role.REGISTRY)
"""Whose business they can be at all."""

Times = Annotated[int, Meta(ge=1, le=1_000_000)]


class Terms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a consent is for: one of party, purpose, contractor and level, as ``uses`` says."""

    uses: Uses
    third_party: Party | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    contractor: Reference | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    until: Instant | UnsetType = UNSET
    times: Times = 1
    mode: Mode | UnsetType = UNSET


class Granted(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Until when, how often, and what the holder may do itself; as asked where it is left out.

    Attributes:
        seen: Names the deed that waits, of another person's approval, and nothing else is
            approved; while one waits on other terms, it or the terms are given.
    """

    until: Instant | UnsetType = UNSET
    times: Times | None = None
    mode: Mode | UnsetType = UNSET
    seen: Annotated[str, Meta(max_length=128)] = ""


class Approved(Struct, frozen=True, kw_only=True):
    """What one person of this house approved, while it waits for another.

    Attributes:
        seen: Names exactly this deed; sent back with the approval.
    """

    person: str
    until: str
    times: int
    mode: str
    seen: str


class ConsentSaid(Struct, frozen=True, kw_only=True):
    """A consent as it stands.

    Attributes:
        place: What its address ends with: of the question, or of a grant nobody asked for.
        state: ``asked``, ``granted``, ``refused``, ``withdrawn``, ``expired`` or ``used-up``.
        target: For which party, purpose, contractor or level.
        mode: What its holder may do with the item besides passing it on: ``own-use`` or
            ``pass-on-only``; empty: as the agreement says.
        concurrent: Uses that crossed with a withdrawal: neither had seen the other.
        acknowledged: The holder has said that it saw the withdrawal.
        approved: Who of this house approved it already, while it waits for another person.
        waiting: The same with the terms that each signed.
    """

    place: str
    item: str
    uses: str
    target: str
    until: str
    times: int
    mode: str
    state: str
    used: int
    concurrent: tuple[str, ...]
    acknowledged: bool
    approved: tuple[str, ...]
    waiting: tuple[Approved, ...]


class GrantSaid(Struct, frozen=True, kw_only=True):
    """What came of an approval.

    Attributes:
        granted: The consent as entered; nothing while it waits.
        approved: Who approved so far, where the profile asks for another person.
    """

    granted: Done | None
    approved: tuple[str, ...]


def consents_listed(visit: Visit, asked: Listing) -> Page[ConsentSaid]:
    """List the consents asked of this house and by it, the latest first."""
    known_as(visit.tx, visit.person, *_CONSENTS)
    return paged(
        [one for one in consents.views(visit.tx, now=visit.now) if _about(visit, one)],
        asked,
        key=lambda one: (_row(one).at, one.key),
        shown=lambda one: _consent(visit, one),
        latest_first=True,
    )


def _row(one: consents.View) -> AskOf | ConsentOf:
    row = one.ask or one.consent
    assert row is not None  # noqa: S101 - a view has one of the two
    return row


def _about(visit: Visit, one: consents.View) -> bool:
    return one.item is not None and visits.may(visit, Deal.SEE, one.item)


def _consent(visit: Visit, one: consents.View) -> ConsentSaid:
    row = one.consent or _row(one)
    return ConsentSaid(
        place=place_of(one.key),
        item="" if one.item is None else one.item.reference,
        uses=row.uses,
        target=row.third_party or row.purpose or row.contractor or row.level,
        until=row.until,
        times=row.times,
        mode=row.mode,
        state=one.state,
        used=len(one.uses),
        concurrent=tuple(f"{use.log}#{use.index}" for use in one.concurrent),
        acknowledged=one.acknowledged,
        approved=one.approved,
        waiting=_waiting(visit, one),
    )


def _waiting(visit: Visit, one: consents.View) -> tuple[Approved, ...]:
    found = granting.waiting(visit.node, visit.tx, one.key) if one.approved else ()
    return tuple(
        Approved(
            person=each.person,
            until=each.deed.until,
            times=each.deed.times,
            mode=granting.mode_said(each.deed),
            seen=granting.digest_seen(each),
        )
        for each in found
    )


def consent(visit: Visit, asked: Nothing) -> ConsentSaid:
    """Show a consent."""
    del asked
    known_as(visit.tx, visit.person, *_CONSENTS)
    key = key_of_place(visit.place)
    found = (one for one in consents.views(visit.tx, now=visit.now) if one.key == key)
    one = next((one for one in found if _about(visit, one)), None)
    if one is None:
        raise receiving.absent()
    return _consent(visit, one)


def ask_consent(doing: Doing[Terms]) -> Done:
    """Ask an item's originator for an approval."""
    row = found(doing)
    body = doing.body
    terms = consents.Terms(
        uses=body.uses,
        third_party=body.third_party,
        purpose=body.purpose,
        contractor=body.contractor,
        level=body.level,
        until=body.until,
        times=body.times,
        mode=body.mode,
    )
    return done(doing.node, consents.ask(doing.node, row, terms, officer=doing.person), doing.lang)


def _of_item(doing: Doing[Any], tx: Reading, item: str) -> None:
    row = tx.get(ItemOf, item)
    if row is None:
        raise receiving.absent()
    authorise(tx, doing.person, Deal.SEE, row, house=doing.node.party)


def _question(doing: Doing[Any]) -> AskOf:
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *_CONSENTS)
        row = consents.find_ask(tx, key_of_place(doing.place))
        _of_item(doing, tx, row.scope)
    return row


def _given(doing: Doing[Any]) -> ConsentOf:
    with doing.node.store.reading() as tx:
        known_as(tx, doing.person, *_CONSENTS)
        key = key_of_place(doing.place)
        asked = tx.get(AskOf, key)
        if asked is not None:
            _of_item(doing, tx, asked.scope)
        try:
            row = consents.find_consent(tx, key)
        except Refused as error:
            if asked is None:
                raise receiving.absent() from error
            # The question is there for this person, and was not granted: that may be said.
            raise Refused(
                "refused.consent.not-granted", "it was asked and is not granted"
            ) from error
        _of_item(doing, tx, row.scope)
    return row


def grant(doing: Doing[Granted]) -> GrantSaid:
    """Approve what was asked: granted, or it waits for the second person."""
    body, question = doing.body, _question(doing)
    entered = granting.grant(
        doing.node,
        question,
        authority=doing.person,
        until=body.until,
        times=body.times,
        mode=body.mode,
        seen=body.seen,
        sign=doing.sign,
    )
    with doing.node.store.reading() as tx:
        waits = granting.waiting(doing.node, tx, question.key)
    return GrantSaid(
        granted=None if entered is None else done(doing.node, entered, doing.lang),
        approved=tuple(one.person for one in waits),
    )


def refuse(doing: Doing[Signed]) -> Done:
    """Do not approve. No reason is asked for."""
    entered = consents.refuse(doing.node, _question(doing), authority=doing.person, sign=doing.sign)
    return done(doing.node, entered, doing.lang)


def withdraw(doing: Doing[Signed]) -> Done:
    """Take an approval back."""
    entered = consents.withdraw(doing.node, _given(doing), authority=doing.person, sign=doing.sign)
    return done(doing.node, entered, doing.lang)


def acknowledge(doing: Doing[Nothing]) -> Done:
    """Say that a withdrawal was seen."""
    entered = consents.acknowledge(doing.node, _given(doing), officer=doing.person)
    return done(doing.node, entered, doing.lang)


_CONSENT = "/consents/{by}/{to}/{index}"
OPERATIONS = (
    Operation(
        "consentList", "consents", "GET", "/consents", consents_listed, Page[ConsentSaid], Listing
    ),
    Operation(
        "consentAsk",
        "consents",
        "POST",
        "/register/{number}/consents",
        ask_consent,
        Done,
        Terms,
        page="/consents/new",
    ),
    Operation("consentShow", "consents", "GET", _CONSENT, consent, ConsentSaid),
    Operation(
        "consentGrant",
        "consents",
        "POST",
        f"{_CONSENT}/grant",
        grant,
        GrantSaid,
        Granted,
        signs=True,
        page="/consents/{key:path}/grant",
    ),
    Operation(
        "consentRefuse",
        "consents",
        "POST",
        f"{_CONSENT}/refuse",
        refuse,
        Done,
        asked=Signed,
        signs=True,
        page="/consents/{key:path}/refuse",
    ),
    Operation(
        "consentWithdraw",
        "consents",
        "POST",
        f"{_CONSENT}/withdraw",
        withdraw,
        Done,
        asked=Signed,
        signs=True,
        page="/consents/{key:path}/withdraw",
    ),
    Operation(
        "consentAcknowledge",
        "consents",
        "POST",
        f"{_CONSENT}/acknowledge",
        acknowledge,
        Done,
        page="/consents/{key:path}/acknowledge",
    ),
)
"""Of consents."""
