"""Judging everything ever entered again: under the texts of its time, or under a proposed one.

The books are folded from the beginning as they were, so an act that a proposed text would have
refused still stands in the way of nothing after it: the answer is about each act by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.judgements import Finding, Outcome
from comity.agreement.cut import Asked
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.node.assess import Assessment, Claim, NodeBooks, assess
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.replay import Difference, Judged, rebuild
from comity.register.rows import Rows
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, author, reader
from comity.vocabulary.names import Office, Party, Reason


class Otherwise(NamedTuple):
    """An act that a proposed text would have answered differently.

    Attributes:
        where: Log and index.
        was: What it came to under the text of its time.
        would: What it would come to.
        because: What would stand in the way, or stood in it.
    """

    where: str
    at: Instant
    kind: Reason
    by: Office
    was: Outcome
    would: Outcome
    because: tuple[Finding, ...]


class Replayed(NamedTuple):
    """What judging everything again came to.

    Attributes:
        judged: Acts that a text or the ground rules judge.
        divergences: Where a judgement is not the one that was kept. There should be none.
        otherwise: Acts that the proposed text would have judged otherwise.
    """

    judged: int
    divergences: tuple[Difference, ...]
    otherwise: tuple[Otherwise, ...]


def replay(node: Node, *, under: Agreement | None = None) -> Replayed:
    """Judge every act again, in the one order of the journal.

    Args:
        node: Whose books.
        under: A text that is taken for every version of the agreement of its name.
    """
    judged = 0
    otherwise: list[Otherwise] = []

    def watch(books: NodeBooks, rows: Overlay, one: Judged) -> None:
        nonlocal judged
        if one.assessment is None:
            return
        judged += 1
        if under is not None and (found := _under(node, under, books, rows, one)):
            otherwise.append(found)

    rebuilt = rebuild(node, watch=watch)
    divergences = tuple(
        one for one in rebuilt.differences if one.what in ("common", "domestic", "judgement")
    )
    return Replayed(judged, divergences, tuple(otherwise))


def _under(
    node: Node, under: Agreement, books: NodeBooks, rows: Overlay, one: Judged
) -> Otherwise | None:
    deed = one.entry.deed
    if not isinstance(deed, deeds.Outward) or one.assessment is None:
        return None
    acting = author(one.log)
    asked = Asked(
        house=node.party,
        acting=acting,
        counterpart=reader(one.log) or node.party,
        log=one.log,
        index=one.index,
        entry=one.entry,
    )
    proposed = assess(_Proposed(books, under), rows, asked, journal_size=one.line)
    was, would = _outcome(one.assessment), _outcome(proposed)
    before, after = _objections(one.assessment), _objections(proposed)
    if was is would and _codes(before) == _codes(after):
        return None
    return Otherwise(
        where=f"{one.log}#{one.index}",
        at=one.entry.at,
        kind=kind_of(deed),
        by=deed.by,
        was=was,
        would=would,
        because=after or before,
    )


def _outcome(assessment: Assessment) -> Outcome:
    outcomes = {one.outcome for one in assessment.judgements}
    for worst in (Outcome.UNLAWFUL, Outcome.REMEDIABLE):
        if worst in outcomes:
            return worst
    return Outcome.LAWFUL


def _objections(assessment: Assessment) -> tuple[Finding, ...]:
    return tuple(found for one in assessment.judgements for found in one.objections)


def _codes(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(one.article, one.reason.code) for one in findings}


class _Proposed:
    """The books, with one text in the place of every version of its agreement."""

    def __init__(self, books: NodeBooks, text: Agreement) -> None:
        self._books, self._text = books, text

    @property
    def suite(self) -> Suite:
        return self._books.suite

    def document(self, digest: Digest) -> bytes | None:
        return self._books.document(digest)

    def note(self, digest: Digest) -> bytes | None:
        return self._books.note(digest)

    def agreement(self, digest: Digest) -> Agreement | None:
        found = self._books.agreement(digest)
        if found is None or found.id != self._text.id:
            return found
        # It stands where the signed one stands: what was signed and notified counts for it.
        return structs.replace(self._text, digest=digest)

    def root(self, party: Party) -> Digest | None:
        """Return the root that was enrolled for a party."""
        return self._books.root(party)

    def claims(self, log: LogName) -> Sequence[Claim]:
        return self._books.claims(log)

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        return self._books.first_directory(author, reader)

    def profile(self, rows: Rows) -> Profile | None:
        return self._books.profile(rows)

    def tree_root(self, log: LogName, size: int) -> Digest | None:
        return self._books.tree_root(log, size)
