"""The history of a pact as this house's own books tell it: instruments, steps, what it heard.

Instruments of every version and of every correspondence count, with the dates on which they
were done and entered. What the house wrote down itself (:class:`~comity.acts.deeds.Chronicle`)
stands beside them, attributed; no judgement of an act reads it.
"""

from collections.abc import Sequence
from typing import Final

from comity.agreement.case import InstrumentFact
from comity.agreement.history import Answer
from comity.agreement.lifecycle import record_of
from comity.agreement.notices import Rules, rules_of
from comity.agreement.procedure import STEPS, Attempt, examine
from comity.agreement.profile import Profile, open_profile
from comity.agreement.records import Record
from comity.agreement.text import Agreement
from comity.agreement.timeline import Told
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import ChronicleLine, Instrument, ProfileOf
from comity.vocabulary.dates import Dated, interval
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Party

_NOT_TOLD: Final = frozenset({"treaty.propose", "treaty.notify-authority"})
"""Instruments that are no part of a pact's history: a text laid on the table is none yet."""

_NEGOTIATION: Final = {
    "opened": "negotiation-opened",
    "resumed": "negotiation-resumed",
    "shelved": "back-burner",
}
_CALLED: Final = {
    "treaty.announce": "announcement",
    "treaty.law-change": "law-change",
    "treaty.ask-law": "law-asked",
    "treaty.state-law": "law-stated",
    "treaty.revalidate": "law-revalidated",
    "treaty.amend": "amended",
}
_EVENT_OF: Final[dict[str, str]] = {step: event for event, step in STEPS.items()}
_SHOWN: Final = 2000
"""Bytes of a document that are shown as a note."""


def versions(node: Node, tx: Reading, pact: AgreementId) -> tuple[Agreement, ...]:
    """Return the texts of a pact that this house knows, in the order in which they came."""
    found: dict[str, Agreement] = {}
    rows = [row for row in tx.page(Instrument, limit=100_000) if row.text]
    for row in sorted(rows, key=lambda row: (row.at, row.key)):
        if row.text in found:
            continue
        agreement = node.agreement(tx, Digest(row.text))
        if agreement is not None and agreement.id == pact:
            found[row.text] = agreement
    return tuple(found.values())


def records(node: Node, tx: Reading, pact: AgreementId) -> tuple[Record, ...]:
    """Return everything that the books hold of a pact, in order.

    Raises:
        Refused: ``refused.pact.unknown``.
    """
    texts = versions(node, tx, pact)
    rules = rules_of(texts[-1]) if texts else Rules()
    found = [
        _told(tx, row, rules, pact)
        for scope in (*(one.digest for one in texts), pact)
        for row in tx.within(Instrument, scope)
        if row.act not in _NOT_TOLD
    ]
    parties = texts[-1].parties if texts else _parties(tx, pact)
    found += lines(tx, node.party, pact, rules, parties)
    if not found:
        raise Refused("refused.pact.unknown", f"nothing of {pact} is in the books here")
    return tuple(sorted(found, key=lambda one: (one.until, one.learnt, one.key)))


def lines(
    tx: Reading, house: Party, pact: AgreementId, rules: Rules, parties: Sequence[Party]
) -> tuple[Record, ...]:
    """Return what the house itself wrote down of a pact.

    What all its parties did is one record; what several did, of whom one is no party or one is
    missing, is one of each.
    """
    return tuple(
        _line(tx, row, rules, one)
        for row in tx.within(ChronicleLine, pact)
        for one in _authors(row, house, parties)
    )


def entered(tx: Reading, pact: AgreementId) -> frozenset[tuple[str, str, frozenset[Party]]]:
    """Return which lines of a table are in the book already: date, event, and who."""
    return frozenset(
        (row.on, row.event, frozenset(Party(one) for one in row.parties))
        for row in tx.within(ChronicleLine, pact)
        if not row.own
    )


def _authors(row: ChronicleLine, house: Party, parties: Sequence[Party]) -> tuple[str, ...]:
    """Return by whom a line says that it was done."""
    named = row.parties or (house,)
    if len(named) > 1 and set(parties) <= set(named):
        return ("all", *(one for one in named if one not in parties))
    return tuple(named)


def _told(tx: Reading, row: Instrument, rules: Rules, pact: AgreementId) -> Record:
    act = _CALLED.get(row.act, row.act)
    if row.act == "treaty.negotiate":
        act = _NEGOTIATION[row.detail]
    fact = InstrumentFact(
        author=Party(row.author),
        act=act,
        at=Instant(row.at),
        key=row.key,
        on=row.on,
        about=row.about,
    )
    return record_of(fact, rules, agreement=pact, note=_note(tx, row.document))


def _line(tx: Reading, row: ChronicleLine, rules: Rules, party: str) -> Record:
    since, until = interval(Dated(row.on), rules.zone)
    event = _EVENT_OF[row.event] if row.own else row.event
    return Record(
        since=since,
        until=until,
        date=row.on,
        agreement=row.scope,
        party=party,
        event=event,
        note=_note(tx, row.document),
        known=Instant(row.at),
        key=row.key,
    )


def _note(tx: Reading, document: str) -> str:
    """Return a document's words, where they are words and few."""
    raw = tx.load(Space.DOCUMENT, Digest(document)) if document else None
    if raw is None or len(raw) > _SHOWN:
        return ""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""


def told(node: Node, tx: Reading, pact: AgreementId) -> Told:
    """Return the history of a pact as this house's own books tell it.

    The procedure of the house alone stands in it: that of others is in their books.

    Raises:
        Refused: ``refused.pact.unknown``.
    """
    texts = versions(node, tx, pact)
    found = records(node, tx, pact)
    own = _procedure(tx)
    rules = rules_of(texts[-1]) if texts else Rules()
    return Told(
        pact=pact,
        parties=texts[-1].parties if texts else _parties(tx, pact),
        rules=rules,
        texts=texts,
        zone=rules.zone,
        zone_name=rules.zone_name,
        records=found,
        attempts=() if own is None else ((node.party, _examined(found, own, node.party)),),
    )


def answer(  # noqa: PLR0913 - what is asked, of what, when, by whom
    node: Node, tx: Reading, pact: AgreementId, *, at: Instant, known: Instant, view: Party
) -> Answer:
    """Answer what a pact was at a date, as known at another, in a party's view.

    Raises:
        Refused: ``refused.pact.unknown``, ``refused.pact.view``.
    """
    found = told(node, tx, pact)
    require_view(found, view)
    return found.ask(at=at, known=known, view=view)


def require_view(found: Told, view: Party) -> None:
    """Return if a party is one of the pact's.

    Raises:
        Refused: ``refused.pact.view``.
    """
    if view not in found.parties:
        raise Refused("refused.pact.view", f"the parties are {', '.join(found.parties)}")


def _parties(tx: Reading, pact: AgreementId) -> tuple[Party, ...]:
    """Return whom the books name in the history of a pact of which no text is known."""
    named = {one for row in tx.within(ChronicleLine, pact) for one in row.parties}
    named |= {row.author for row in tx.within(Instrument, pact)}
    return tuple(Party(one) for one in sorted(named))


def attempts(node: Node, tx: Reading, pact: AgreementId) -> tuple[Attempt, ...]:
    """Return the house's own procedure for a pact, attempt by attempt: done, skipped, late.

    Raises:
        Refused: ``refused.profile.none``, ``refused.pact.unknown``.
    """
    own = _procedure(tx)
    if own is None:
        raise Refused("refused.profile.none", "no national profile is adopted here")
    return _examined(records(node, tx, pact), own, node.party)


def _examined(found: tuple[Record, ...], own: Profile, party: Party) -> tuple[Attempt, ...]:
    return examine(found, own.procedure, party, assumed=own.assumed)


def _procedure(tx: Reading) -> Profile | None:
    row = tx.get(ProfileOf, "own")
    raw = None if row is None else tx.load(Space.DOCUMENT, Digest(row.digest))
    return None if raw is None else open_profile(raw)
