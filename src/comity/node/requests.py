"""Requests: one side asks for items, the other answers, in full or in part, or declines."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import Extent, Role
from comity.acts.documents import Particulars, decode_particulars, fitting
from comity.acts.entries import decode_entry
from comity.node import erasing, treaty
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.register.rows import ItemOf, RequestEnd, RequestOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import LogName, author, counterpart
from comity.vocabulary.names import Article, Office, Party, PersonId, Purpose, Subject, party_of

DEFAULT_DAYS = 14
"""How long an answer is hoped for unless said otherwise."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for, of whom. The words are unclassified by rule: they travel as a document."""

    to: Party
    offices: tuple[Office, ...]
    subject: Subject
    purpose: Purpose
    title: str
    lines: tuple[str, ...] = ()
    due: Instant | UnsetType = UNSET


class View(NamedTuple):
    """A request as it stands now.

    Attributes:
        state: ``open``, ``in-part``, ``answered``, ``declined`` or ``withdrawn``.
        overdue: The answer was due and there is none yet, by the reader's clock.
        erased: The act under which both parties erased its words; empty where they did not.
    """

    request: RequestOf
    ends: tuple[RequestEnd, ...]
    words: Particulars | None
    state: str
    overdue: bool
    erased: str = ""


def ask(node: Node, wanted: Wanted, *, officer: PersonId) -> Entered:
    """Ask another party for items.

    Raises:
        Refused: no desk officer; no agreement is in force with that party.
        RefusedAct: the agreement refuses it.
        Invalid: ``invalid.request.due``: the answer is hoped for in the past;
            ``invalid.request.offices``: one is of another party; ``invalid.words``.
    """
    now = node.clock.now()
    if isinstance(wanted.due, str) and wanted.due <= now:
        raise Invalid("invalid.request.due", wanted.due)
    if strangers := [one for one in wanted.offices if party_of(one) != wanted.to]:
        raise Invalid("invalid.request.offices", ", ".join(strangers))
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK)
        agreement = treaty.between(node, tx, wanted.to)
    if agreement is None:
        raise Refused("refused.request.no-agreement", wanted.to)
    words = fitting(
        Particulars(
            salt=node.suite.random(16),
            title=wanted.title,
            lines=wanted.lines,
            file_name="",
            media_type="text/plain",
            demonstration=False,
        )
    )
    deed = deeds.Request(
        by=Office(row.office),
        to=wanted.to,
        article=_article(agreement.clause("request") or agreement.clause("discretion")),
        agreement=agreement.digest,
        offices=tuple(sorted(set(wanted.offices))),
        subject=wanted.subject,
        purpose=wanted.purpose,
        due=plus_seconds(now, DEFAULT_DAYS * 86400)
        if isinstance(wanted.due, UnsetType)
        else wanted.due,
        particulars=digest_of(words),
    )
    return enter(
        node,
        [
            Act(
                deed=deed,
                evidence=(digest_of(words),),
                keep={Space.WORDS: {digest_of(words): encode(words)}},
                requested_by=officer,
            )
        ],
    )[0]


def answer(
    node: Node,
    request: RequestOf,
    *,
    releases: Sequence[ItemOf],
    extent: Extent = Extent.FULL,
    officer: PersonId,
) -> Entered:
    """Answer a request by items that were released to the asker before, in full or in part."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK, Role.RELEASING)
        _require_side(node, request, asked_here=False)
        terms = _terms(tx, request)
    deed = deeds.Answer(
        by=Office(row.office),
        to=author(LogName(request.log)),
        article=terms[0],
        agreement=terms[1],
        request=position_of(request.key),
        extent=extent,
        releases=tuple(position_of(one.key) for one in releases),
    )
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def decline(node: Node, request: RequestOf, *, officer: PersonId) -> Entered:
    """Decline a request. No reason is owed, none is asked for."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK, Role.RELEASING)
        _require_side(node, request, asked_here=False)
        terms = _terms(tx, request)
    deed = deeds.DeclineRequest(
        by=Office(row.office),
        to=author(LogName(request.log)),
        article=terms[0],
        agreement=terms[1],
        request=position_of(request.key),
    )
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def withdraw(node: Node, request: RequestOf, *, officer: PersonId) -> Entered:
    """Withdraw a request of this house."""
    with node.store.reading() as tx:
        row = require_person(tx, officer, Role.DESK)
        _require_side(node, request, asked_here=True)
        terms = _terms(tx, request)
    other = counterpart(LogName(request.log))
    deed = deeds.WithdrawRequest(
        by=Office(row.office),
        to=node.party if other is None else other,
        article=terms[0],
        agreement=terms[1],
        request=position_of(request.key),
    )
    return enter(node, [Act(deed=deed, requested_by=officer)])[0]


def _require_side(node: Node, request: RequestOf, *, asked_here: bool) -> None:
    """Return if a request was made by this house, or by the other, as it has to be.

    Raises:
        Refused: ``refused.request.side``.
    """
    if (author(LogName(request.log)) == node.party) is not asked_here:
        raise Refused("refused.request.side", request.key)


def find(tx: Reading, key: str) -> RequestOf:
    """Return a request by its position (``comity/JPN/to/KOR#7``).

    Raises:
        Refused: ``refused.request.unknown``.
    """
    row = tx.get(RequestOf, key)
    if row is None:
        raise Refused("refused.request.unknown", f"no request stands at {key}")
    return row


def listed(node: Node) -> tuple[View, ...]:
    """Return all requests to this house and by it, the latest first."""
    now = node.clock.now()
    with node.store.reading() as tx:
        return views(tx, now=now)


def views(tx: Reading, *, now: Instant) -> tuple[View, ...]:
    """Return all requests as they stand at an instant, the latest first."""
    found = [view(tx, row, now=now) for row in tx.page(RequestOf, limit=100_000)]
    return tuple(sorted(found, key=lambda one: (one.request.at, one.request.key), reverse=True))


def view(tx: Reading, request: RequestOf, *, now: Instant) -> View:
    """Return one request as it stands at an instant."""
    ends = tuple(sorted(tx.within(RequestEnd, request.key), key=lambda one: one.at))
    state = "open"
    for end in ends:
        state = {
            "request.answer": "answered" if end.extent == "full" else "in-part",
            "request.decline": "declined",
            "request.withdraw": "withdrawn",
        }[end.act]
        if end.extent != "part":
            break
    gone = erasing.under(tx, request.key)
    raw = None if gone else tx.load(Space.WORDS, request.particulars)
    return View(
        request=request,
        ends=ends,
        words=None if raw is None else _words(raw),
        state=state,
        overdue=not ends and now >= request.due,
        erased=gone,
    )


def _words(raw: bytes) -> Particulars | None:
    """Return words as they read; nothing where a request names something that is none."""
    try:
        return decode_particulars(raw)
    except Invalid:
        return None


def _terms(tx: Reading, request: RequestOf) -> tuple[Article, Digest | UnsetType]:
    """Return the article and agreement that a request was made under, as its leaf says."""
    position = position_of(request.key)
    deed = decode_entry(tx.leaves(position.log, position.index, position.index + 1)[0]).deed
    if not isinstance(deed, deeds.Request):
        return Article("1"), UNSET
    return deed.article, deed.agreement


def _article(clause: object) -> Article:
    article = getattr(clause, "article", None)
    return Article("1") if article is None else article
