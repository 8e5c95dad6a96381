"""Consents: the holder asks, the originator's releasing authority decides, both can prove it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import AnyDeed, Mode, Role, Uses
from comity.agreement.text import Agreement
from comity.ledger.approvals import approvals_of
from comity.node.chancery import Act, Entered, enter, enter_then
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.signing import Signer, by_key_file
from comity.register.consents import concurrent
from comity.register.rows import (
    AskOf,
    ConsentAcknowledged,
    ConsentOf,
    ConsentRefused,
    ConsentUse,
    ItemOf,
    position_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import LogName, author, counterpart, owner
from comity.vocabulary.names import (
    Article,
    Level,
    Office,
    Party,
    PersonId,
    Purpose,
    Reference,
)

DEFAULT_DAYS: Final = 7
"""How long a consent may be used unless said otherwise (4-protocol, "Other logs")."""


class Terms(Struct, frozen=True, kw_only=True):
    """What a consent is for; exactly one of party, purpose, contractor and level is set."""

    uses: Uses
    third_party: Party | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    contractor: Reference | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    until: Instant | UnsetType = UNSET
    times: int = 1
    mode: Mode | UnsetType = UNSET


class View(NamedTuple):
    """A consent as it stands now.

    Attributes:
        key: Of the question, or of the grant that nobody asked for.
        state: ``asked``, ``granted``, ``refused``, ``withdrawn``, ``expired`` or ``used-up``.
        concurrent: Uses that crossed with the withdrawal: neither had seen the other.
        acknowledged: The holder has said that it saw the withdrawal.
        approved: Who of this house approved it already, while it waits for another person.
    """

    key: str
    ask: AskOf | None
    consent: ConsentOf | None
    item: ItemOf | None
    state: str
    uses: tuple[ConsentUse, ...]
    concurrent: tuple[ConsentUse, ...]
    acknowledged: bool
    approved: tuple[PersonId, ...] = ()


def prefix_of(key: str) -> str:
    """Return what the keys begin with under which approvals of a question's grant wait."""
    return f"consent|{key}|"


def ask(node: Node, item: ItemOf, terms: Terms, *, officer: PersonId) -> Entered:
    """Ask an item's originator for an approval.

    Raises:
        Refused: the person is no desk officer or registry officer.
        RefusedAct: the other party is not the originator, or the terms make no sense.
    """
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK, Role.REGISTRY)
        article = article_of(node, tx, item, terms.uses)
    until = terms.until
    if isinstance(until, UnsetType):
        until = plus_seconds(node.clock.now(), DEFAULT_DAYS * 86400)
    deed = deeds.Ask(
        by=Office(row.office),
        to=Party(item.provider),
        article=article,
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        uses=terms.uses,
        until=until,
        times=terms.times,
        third_party=terms.third_party,
        purpose=terms.purpose,
        contractor=terms.contractor,
        level=terms.level,
        mode=terms.mode,
    )
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def refuse(
    node: Node, question: AskOf, *, authority: PersonId, sign: Signer = by_key_file
) -> Entered:
    """Do not approve. No reason is owed, none is asked for; what one approved is forgotten."""
    with node.store.reading() as tx:
        row = require_person(tx, authority, Role.RELEASING)
        item = item_of(tx, question.scope)
        article = article_of(node, tx, item, Uses(question.uses))
    deed = deeds.Refuse(
        by=Office(row.office),
        to=author(LogName(question.log)),
        article=article,
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        ask=position_of(question.key),
    )
    with node.store.reading() as tx:
        waiting = tx.keys(Space.DRAFT, prefix=prefix_of(question.key))
    return _signed(node, deed, authority, sign, drop=waiting)


def withdraw(
    node: Node, consent: ConsentOf, *, authority: PersonId, sign: Signer = by_key_file
) -> Entered:
    """Take an approval back. It binds the holder from the checkpoint that has seen it."""
    with node.store.reading() as tx:
        row = require_person(tx, authority, Role.RELEASING)
        item = item_of(tx, consent.scope)
        article = article_of(node, tx, item, Uses(consent.uses))
    deed = deeds.Withdraw(
        by=Office(row.office),
        to=_other(node, consent),
        article=article,
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        consent=position_of(consent.key),
    )
    return _signed(node, deed, authority, sign)


def acknowledge(node: Node, consent: ConsentOf, *, officer: PersonId) -> Entered:
    """Say that a withdrawal was seen; the duty to say so ends."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK, Role.REGISTRY)
        item = item_of(tx, consent.scope)
        article = article_of(node, tx, item, Uses(consent.uses))
    deed = deeds.AcknowledgeWithdrawal(
        by=Office(row.office),
        to=_other(node, consent),
        article=article,
        agreement=Digest(item.agreement),
        item=position_of(item.key),
        consent=position_of(consent.key),
    )
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def find_ask(tx: Reading, key: str) -> AskOf:
    """Return a question by its position (``comity/JPN/to/KOR#7``).

    Raises:
        Refused: ``refused.consent.unknown``.
    """
    row = tx.get(AskOf, key)
    if row is None:
        raise Refused("refused.consent.unknown", key)
    return row


def find_consent(tx: Reading, key: str) -> ConsentOf:
    """Return a consent by the position of its grant, or of the question that it answers.

    Raises:
        Refused: ``refused.consent.unknown``.
    """
    row = tx.get(ConsentOf, key)
    question = tx.get(AskOf, key)
    if row is None and question is not None:
        row = next((one for one in tx.within(ConsentOf, question.scope) if one.ask == key), None)
    if row is None:
        raise Refused("refused.consent.unknown", key)
    return row


def listed(node: Node) -> tuple[View, ...]:
    """Return all consents asked of this house and by it, the latest first."""
    now = node.clock.now()
    with node.store.reading() as tx:
        return views(tx, now=now)


def views(tx: Reading, *, now: Instant) -> tuple[View, ...]:
    """Return all consents as they stand at an instant, the latest first."""
    consents = {row.ask or row.key: row for row in tx.page(ConsentOf, limit=100_000)}
    asks = {row.key: row for row in tx.page(AskOf, limit=100_000)}
    found = [
        _view(tx, key, asks.get(key), consents.get(key), now=now) for key in {*asks, *consents}
    ]
    return tuple(sorted(found, key=_asked_at, reverse=True))


def view(tx: Reading, key: str, *, now: Instant) -> View | None:
    """Return one consent as it stands, by the position of its question or of its grant."""
    question, consent = tx.get(AskOf, key), tx.get(ConsentOf, key)
    if question is not None:
        within = tx.within(ConsentOf, question.scope)
        consent = next((one for one in within if one.ask == key), None)
    elif consent is not None and consent.ask:
        question = tx.get(AskOf, consent.ask)
    if question is None and consent is None:
        return None
    return _view(tx, key, question, consent, now=now)


def _asked_at(view: View) -> tuple[str, str]:
    row = view.ask or view.consent
    return ("" if row is None else row.at), view.key


def _view(
    tx: Reading, key: str, question: AskOf | None, consent: ConsentOf | None, *, now: Instant
) -> View:
    uses = () if consent is None else tx.within(ConsentUse, consent.key)
    row = consent or question
    assert row is not None  # noqa: S101 - one of the two is there
    if consent is None:
        state = "refused" if tx.within(ConsentRefused, key) else "asked"
    elif consent.ended >= 0:
        state = "withdrawn"
    elif now >= consent.until:
        state = "expired"
    else:
        state = "used-up" if len(uses) >= consent.times else "granted"
    return View(
        key=key,
        ask=question,
        consent=consent,
        item=tx.get(ItemOf, row.scope),
        state=state,
        uses=uses,
        concurrent=tuple(one for one in uses if consent is not None and concurrent(consent, one)),
        acknowledged=consent is not None and bool(tx.within(ConsentAcknowledged, consent.key)),
        approved=_approved(tx, key) if state == "asked" else (),
    )


def _approved(tx: Reading, key: str) -> tuple[PersonId, ...]:
    names = tx.keys(Space.DRAFT, prefix=prefix_of(key))
    return tuple(sorted(PersonId(one.removeprefix(prefix_of(key))) for one in names))


def _signed(
    node: Node,
    deed: AnyDeed,
    authority: PersonId,
    sign: Signer,
    *,
    drop: Sequence[str] = (),
) -> Entered:
    name = digest_of(deed)
    paper = sign(node, authority, [name])
    act = Act(
        deed=deed,
        approvals=tuple(approvals_of(paper, [name])),
        keep={Space.DOCUMENT: {digest_of(paper): encode(paper)}},
        requested_by=authority,
    )
    return enter_then(node, [act], drop={Space.DRAFT: drop})[0]


def item_of(tx: Reading, key: str) -> ItemOf:
    """Return the item that a question or a consent is about.

    Raises:
        Refused: ``refused.absent``.
    """
    item = tx.get(ItemOf, key)
    if item is None:
        raise Refused("refused.absent", "no such item")
    return item


def _other(node: Node, consent: ConsentOf) -> Party:
    log = LogName(consent.log)
    other = counterpart(log)
    return owner(log) if other is None or other == node.party else other


def article_of(node: Node, tx: Reading, item: ItemOf, uses: Uses) -> Article:
    """Return the article that an agreement puts this kind of consent under."""
    agreement: Agreement | None = node.agreement(tx, Digest(item.agreement))
    clause = None
    if agreement is not None:
        clause = agreement.clause(uses.value) or agreement.clause("third-party")
    return Article("1") if clause is None else clause.article
