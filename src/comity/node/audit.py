"""Judging everything ever entered again: under the texts of its time, or under a proposed one.

The books are folded from the beginning as they were, so an act that a proposed text would have
refused still stands in the way of nothing after it: the answer is about each act by itself.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct, structs

from comity import __version__
from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.judgements import Finding, Outcome
from comity.agreement.cut import Asked
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.node.assess import Assessment, Claim, NodeBooks, assess
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space, Store
from comity.node.replay import Difference, Judged, refold
from comity.register.rows import Rows
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, author, journal, reader
from comity.vocabulary.names import Office, Party, Reason

PORTION: Final = 512
"""Lines of the journal that are judged at a time; each speaks of up to some hundred acts."""

SHOWN: Final = 1000
"""Of how many divergences, and acts judged otherwise, it is told which they are."""

_KEY: Final = "replay"


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


class Replayed(Struct, frozen=True, kw_only=True):
    """What judging everything again came to, as far as it is.

    Attributes:
        line: The line of the journal that is next.
        lines: How many lines the journal has; the same as ``line`` when all is judged.
        judged: Acts that a text or the ground rules judge.
        diverged: How many judgements are not the ones that were kept. There should be none.
        divergences: The first of them.
        differed: How many acts the proposed text would have judged otherwise.
        otherwise: The first of them.
    """

    line: int = 0
    lines: int = 0
    judged: int = 0
    diverged: int = 0
    divergences: tuple[Difference, ...] = ()
    differed: int = 0
    otherwise: tuple[Otherwise, ...] = ()


class _Kept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a replay is: kept beside the rows that it has come to, in the same transaction.

    Attributes:
        made: By which version of the program, and under which proposed text.
        root: The root of the journal's lines that are done.
    """

    made: str
    root: str
    so_far: Replayed


def portion(
    node: Node, aside: Store, *, under: Agreement | None = None, lines: int = PORTION
) -> Replayed:
    """Judge again the lines of the journal that come next, and keep how far that is.

    What the books come to is kept aside, so that memory holds one portion of them, whatever
    their size. If the process dies before the commit, the portion is judged once more; after it
    the next call goes on behind it. What was kept of another journal, program or proposed text
    counts for nothing (``Unavailable``).

    Args:
        node: Whose books.
        aside: Where the rows so far are: an empty store, or that of the call before.
        under: A text that is taken for every version of the agreement of its name.
        lines: How many lines of the journal; of the acts that each speaks of all are judged.

    Raises:
        Unavailable: ``unavailable.replay``: what is kept aside is not of this replay.
    """
    made = f"{__version__} {'' if under is None else under.digest}"
    with aside.transaction() as put, node.store.reading() as tx:
        before = _so_far(node, tx, put, made)
        lines_now = tx.frontier(journal(node.party)).size
        stop = min(lines_now, before.line + lines)
        watch = _Watch(node, under)
        rows = Overlay(put)
        stretch = range(before.line, stop)
        changed = [
            one
            for one in refold(node, tx, rows, stretch, watch=watch)
            if one.what in ("leaf", "common", "domestic", "judgement")
        ]
        found = Replayed(
            line=stop,
            lines=lines_now,
            judged=before.judged + watch.judged,
            diverged=before.diverged + len(changed),
            divergences=(*before.divergences, *changed)[:SHOWN],
            differed=before.differed + len(watch.otherwise),
            otherwise=(*before.otherwise, *watch.otherwise)[:SHOWN],
        )
        put.put(rows.changed.values())
        kept = _Kept(made=made, root=_root(node, tx, stop), so_far=found)
        raw = msgspec.json.encode(kept)
        sealed = node.suite.wrap(node.vault.storage(node.party), key=raw, aad=_KEY.encode())
        put.save(Space.LATEST, {_KEY: sealed})
    return found


def replay(
    node: Node, aside: Store, *, under: Agreement | None = None, lines: int = PORTION
) -> Replayed:
    """Judge everything again, portion by portion; see :func:`portion`."""
    while True:
        found = portion(node, aside, under=under, lines=lines)
        if found.line >= found.lines:
            return found


def _so_far(node: Node, tx: Reading, aside: Reading, made: str) -> Replayed:
    raw = aside.load(Space.LATEST, _KEY)
    if raw is None:
        return Replayed()
    try:
        # Under a key of the house: who can write the folder alone makes no replay of his own.
        opened = node.suite.unwrap(node.vault.storage(node.party), wrapped=raw, aad=_KEY.encode())
        kept = msgspec.json.decode(opened, type=_Kept)
    except (Invalid, msgspec.MsgspecError):
        kept = None
    if kept is None or kept.made != made or kept.root != _root(node, tx, kept.so_far.line):
        raise Unavailable("unavailable.replay", "what was kept of a replay is of another one")
    return kept.so_far


def _root(node: Node, tx: Reading, size: int) -> str:
    return NodeBooks(node, tx).tree_root(journal(node.party), size) or ""


class _Watch:
    """Counts what is judged, and judges it under the proposed text as well."""

    def __init__(self, node: Node, under: Agreement | None) -> None:
        self._node, self._text = node, under
        self.judged = 0
        self.otherwise: list[Otherwise] = []

    def __call__(self, books: NodeBooks, rows: Overlay, one: Judged) -> None:
        """Look at one act before it is folded."""
        if one.assessment is None:
            return
        self.judged += 1
        if self._text is not None:
            found = _under(self._node, self._text, books, rows, one)
            self.otherwise += [] if found is None else [found]


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
