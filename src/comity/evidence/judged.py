"""Judging every act of an evidence file again, each on its cut, from the facts in the file."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.documents import decode_approval, kind_of_approval
from comity.acts.entries import Entry
from comity.acts.judgements import Judgement, Outcome
from comity.acts.kinds import Log, kind
from comity.agreement.assess import assess
from comity.agreement.assessment import Assessment, effect_of
from comity.agreement.cut import Asked
from comity.agreement.verified import directory_at
from comity.evidence.books import FileBooks, FileRows
from comity.ledger.approvals import verify_approval
from comity.register.fold import fold
from comity.register.leaves import Leaf
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    counterpart,
    is_attested,
    is_feed,
    owner,
    reader,
)
from comity.vocabulary.names import Party


@dataclass(frozen=True)
class Statement:
    """One act that the file proves, in the order in which it was judged.

    Attributes:
        log: Where it stands, with ``index``.
        by: The office that acted.
        at: When it was entered.
        kind: What was done.
        judgement: The common judgement, computed here, equal to what the author committed to.
        signed: How each person signed whose approval verifies: ``passkey``, or ``key-file``,
            which the person's house keeps: custodied.
        attested: Who entered it for its author, which did it on paper and did not sign it.
    """

    log: LogName
    index: int
    by: str
    at: Instant
    kind: str
    judgement: Judgement
    signed: tuple[str, ...] = ()
    attested: Party | None = None


def judged_again(
    books: FileBooks, entries: Mapping[LogName, Mapping[int, Entry]]
) -> tuple[Statement, ...]:
    """Judge every entry again, each after the leaves that its cut holds."""
    rows = FileRows()
    waiting = {log: sorted(found) for log, found in entries.items()}
    statements: list[Statement] = []
    while any(waiting.values()):
        log = _next(waiting, entries)
        index = waiting[log].pop(0)
        entry = entries[log][index]
        assessment = _one(books, rows, log, index, entry)
        if assessment.common is None:
            raise Invalid("invalid.evidence.judgement", "an act without a common judgement")
        statements.append(
            Statement(
                log=log,
                index=index,
                by=entry.deed.by,
                at=entry.at,
                kind=kind_of(entry.deed),
                judgement=assessment.common,
                signed=() if is_attested(log) else _ways(books, rows, log, index, entry),
                attested=owner(log) if is_attested(log) else None,
            )
        )
        effect = effect_of(assessment, claimed=entry.judgement)
        rows.put(fold(rows, Leaf(house=owner(log), log=log, index=index, entry=entry), effect))
    return tuple(statements)


def _ways(
    books: FileBooks, rows: FileRows, log: LogName, index: int, entry: Entry
) -> tuple[str, ...]:
    """Return how the persons signed whose approvals verify; one that does not is no approval."""
    other = counterpart(log)
    directory = None if other is None else directory_at(books, rows, owner(log), other, index)
    found = []
    for one in () if isinstance(entry.approvals, UnsetType) else entry.approvals:
        raw = books.document(one.document)
        if directory is None or raw is None:
            continue
        try:
            name = deeds.deed_digest(entry.deed)
            verify_approval(books.suite, one, deed=name, document=raw, directory=directory)
        except Invalid:
            continue
        found.append(kind_of_approval(decode_approval(raw)))
    return tuple(found)


def _next(
    waiting: Mapping[LogName, list[int]], entries: Mapping[LogName, Mapping[int, Entry]]
) -> LogName:
    """Return the log whose next entry rests on nothing that is still waiting."""
    for log, indexes in waiting.items():
        if not indexes:
            continue
        rests = _rests_on(log, entries[log][indexes[0]])
        if all(
            not waiting.get(one) or waiting[one][0] >= size for one, size in rests if one != log
        ):
            return log
    raise Invalid("invalid.evidence.cut", "two entries that each rest on the other")


def _rests_on(log: LogName, entry: Entry) -> list[tuple[LogName, int]]:
    """Return how much of which other logs counts for an entry."""
    found: list[tuple[LogName, int]] = []
    to = reader(log)
    if not isinstance(entry.seen, UnsetType) and to is not None:
        found.append((correspondence(to, author(log)), entry.seen.size))
    if not isinstance(entry.also, UnsetType):
        found += [(one.log, one.size) for one in entry.also]
    return found


def _one(books: FileBooks, rows: FileRows, log: LogName, index: int, entry: Entry) -> Assessment:
    deed = entry.deed
    other = reader(log)
    held = Log.FEED if is_feed(log) else Log.CORRESPONDENCE
    if kind(deed).log is not held or not isinstance(deed, deeds.Outward):
        raise Invalid("invalid.evidence.kind", "an act that such a log does not hold")
    if other is None or deed.to != other:
        raise Invalid("invalid.evidence.kind", "an act addressed to somebody else")
    asked = Asked(
        house=other, acting=author(log), counterpart=other, log=log, index=index, entry=entry
    )
    assessment = assess(books, rows, asked, journal_size=0)
    if assessment.common is None or assessment.common_digest != entry.judgement:
        raise Invalid(
            "invalid.evidence.judgement",
            f"{kind_of(deed)} at {log}#{index}: the judgement computed here is not the one "
            "that the entry carries",
        )
    if assessment.common.outcome is not Outcome.LAWFUL:
        raise Invalid("invalid.evidence.unlawful", f"{kind_of(deed)} at {log}#{index}")
    return assessment


__all__ = ["Statement", "judged_again"]
