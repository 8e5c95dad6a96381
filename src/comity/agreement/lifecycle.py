"""The state of an agreement, derived from its instruments and never set (Article 21)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from msgspec import structs

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.parts import Position
from comity.agreement.case import InstrumentFact, LifeFacts, Standing
from comity.agreement.clauses.force import EntryIntoForce, Term
from comity.agreement.life import Given, Life, State
from comity.agreement.notices import Rules, rules_of
from comity.agreement.notices import term_end as end_of
from comity.agreement.records import Record
from comity.agreement.text import Agreement
from comity.vocabulary.dates import Dated, interval
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party

_FOR_EVER = Instant("9999-12-31T00:00:00.000Z")

EVENTS: Final = {
    "treaty.initial": "text-initialled",
    "treaty.postpone-signature": "signature-postponed",
    "treaty.sign": "signed",
    "treaty.notify-requirements-met": "requirements-met-notified",
    "treaty.give-notice": "termination-note",
    "treaty.acknowledge-notice": "notice-acknowledged",
    "treaty.suspend-notice": "termination-note-suspended",
    "treaty.resume-notice": "suspension-lifted",
    "treaty.withdraw-notice": "notes-withdrawn",
    "treaty.amend": "replaced",
}
"""What a history calls the instruments that are about a text."""

_GIVEN: Final = "treaty.give-notice"
_AFTERWARDS: Final = frozenset(act for act in EVENTS if "notice" in act) | {"treaty.amend"}
"""The instruments that end a text in force, or keep it."""


def standing(
    agreement: Agreement,
    facts: Sequence[InstrumentFact],
    *,
    at: Instant,
    between: tuple[Party, ...] = (),
) -> tuple[tuple[Party, Standing], ...]:
    """Return what an agreement is in each party's view.

    Views agree on everything but notices: whether one was in time, each party reads for itself.
    A text of several parties is in force between two of them once these two have signed it to
    each other: what a third signed lies in correspondences that one of them may not have.

    Args:
        agreement: The text.
        facts: Its instruments on the cut.
        at: The instant.
        between: The parties of the link; all of the text's where none is said.
    """
    told = [one for one in facts if one.at <= at]
    bound = bound_on(agreement, between)
    return tuple((party, _view(bound, told, at, party)) for party in sorted(bound.parties))


@lru_cache(maxsize=64)
def bound_on(agreement: Agreement, between: tuple[Party, ...]) -> Agreement:
    """Return a text as it stands on a link: among those of its parties who meet there."""
    parties = tuple(one for one in agreement.parties if one in between)
    if not between or len(parties) < 2 or parties == agreement.parties:  # noqa: PLR2004 - a link has two ends
        return agreement
    return structs.replace(agreement, meta=structs.replace(agreement.meta, parties=parties))


def _view(
    agreement: Agreement, facts: Sequence[InstrumentFact], at: Instant, view: Party
) -> Standing:
    if not facts:
        return Standing.UNKNOWN
    signed = {one.author: one.at for one in facts if one.act == "treaty.sign"}
    if not set(agreement.parties) <= set(signed):
        return Standing.PROPOSED
    since = in_force_since(agreement, facts)
    if since is None or at < since:
        return Standing.SIGNED
    life = _life(agreement, facts, since, at, view)
    return Standing.SURVIVAL if life.state is State.LAPSED else Standing.IN_FORCE


def _life(
    agreement: Agreement, facts: Iterable[InstrumentFact], since: Instant, at: Instant, view: Party
) -> Life:
    """Follow a text that is in force through the instruments that may end it."""
    rules = _rules(agreement)
    found = [record_of(one, rules) for one in facts if one.act in _AFTERWARDS]
    found.sort(key=lambda one: one.learnt)
    return Life(rules, agreement.parties, view, at).begin(since).run(found)


@lru_cache(maxsize=64)
def _rules(agreement: Agreement) -> Rules:
    return rules_of(agreement)


def record_of(one: InstrumentFact, rules: Rules, *, agreement: str = "", note: str = "") -> Record:
    """Return an instrument as a record of the history.

    What was done on paper was done at the latest when it was entered, whatever its day is long.
    """
    since = until = one.at
    if one.on:
        since, until = interval(Dated(one.on), rules.zone)
        since, until = min(since, one.at), min(until, one.at)
    return Record(
        since=since,
        until=until,
        date=one.on or one.at,
        agreement=agreement,
        party=one.author,
        event=EVENTS.get(one.act, one.act),
        note=note,
        known=one.at,
        entered=one.at,
        key=one.key,
        about=one.about,
    )


def life_facts(
    agreement: Agreement,
    facts: Sequence[InstrumentFact],
    entry: Entry,
    *,
    acting: Party,
    key: str,
) -> LifeFacts:
    """Return what the text that an instrument names is, in the view of the instrument's author.

    Args:
        agreement: The text.
        facts: Its instruments on the cut.
        entry: The instrument.
        acting: Its author.
        key: Its own leaf.
    """
    agreement = (
        bound_on(agreement, (acting, entry.deed.to))
        if isinstance(entry.deed, deeds.Outward)
        else agreement
    )
    deed, since = entry.deed, in_force_since(agreement, facts)
    if since is None or entry.at < since:
        return LifeFacts()
    life = _life(agreement, facts, since, entry.at, acting)
    in_force = life.state is not State.LAPSED
    if isinstance(deed, deeds.GiveNotice) and in_force:
        own = InstrumentFact(author=acting, act=_GIVEN, at=entry.at, key=key, on=deed.on)
        after = _life(agreement, (*facts, own), since, entry.at, acting)
        given = next((one for one in after.notices if one.record.key == key), None)
        if given is not None:
            return LifeFacts(in_force=True, notice=given.notice.timeliness.value)
    notice = getattr(deed, "notice", None)
    named = _given(life, notice) if isinstance(notice, Position) else None
    if named is None:
        return LifeFacts(in_force=in_force)
    return LifeFacts(in_force=in_force, suspended=named.suspended, of=Party(named.record.party))


def _given(life: Life, notice: Position) -> Given | None:
    key = f"{notice.log}#{notice.index}"
    return next((one for one in life.notices if one.record.key == key), None)


def in_force_since(agreement: Agreement, facts: Sequence[InstrumentFact]) -> Instant | None:
    """Return when an agreement came into force: by signature, or by the later of two notes."""
    clause = agreement.clause("entry-into-force")
    by_signature = isinstance(clause, EntryIntoForce) and clause.by == "signature"
    act = "treaty.sign" if by_signature else "treaty.notify-requirements-met"
    first: dict[Party, Instant] = {}
    for one in facts:
        if one.act == act:
            first.setdefault(one.author, one.at)
    if not set(agreement.parties) <= set(first):
        return None
    return max(first[party] for party in agreement.parties)


def term_end(agreement: Agreement, since: Instant) -> Instant:
    """Return when the term ends if nothing is done; automatic renewal has no end."""
    clause = agreement.clause("term")
    if not isinstance(clause, Term) or clause.renewal == "automatic" or clause.years == 0:
        return _FOR_EVER
    return end_of(rules_of(agreement), since, 1)
