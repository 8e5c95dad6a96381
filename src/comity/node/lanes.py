"""Streams: observations given under a standing directive, and read where they arrive.

Each micro-batch is one act of the lane (:mod:`comity.vocabulary.logs`), entered by the one door,
judged on its cut, sealed under the key of the directive's item, signed once. It is sent like any
leaf (:func:`comity.node.outgoing.exchange` with ``lane``), apart from the correspondence, so that
no notice waits behind it.

The source counts its observations. A number that was stopped, or that the source lost, is given
by no leaf: both books show the gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.deeds import Role
from comity.acts.entries import Entry, decode_entry
from comity.acts.observations import (
    DATA_LIMIT,
    Batch,
    Observation,
    decode_batch,
    observation_bytes,
)
from comity.acts.parts import Label, Position
from comity.agreement.streaming import label_of
from comity.evidence.bundle import ProvenObservation
from comity.ledger.approvals import paths_of
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.tree import leaf_hash
from comity.node import item_keys
from comity.node.articles import article_of
from comity.node.chancery import Act, Entered, RefusedAct, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.sitting import Sitting
from comity.register.rows import (
    ItemOf,
    LaneOf,
    Line,
    Needs,
    StandingOf,
    key_at,
    position_of,
)
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence, is_feed
from comity.vocabulary.names import Article, Office, Party, PersonId, Reference, Subject

_SALT: Final = 16
_RUN_LIMIT: Final = 8 << 20
"""The most bytes that one leaf gives: written as text with its salts, that stays below what a
batch may have, and below what a pouch carries."""

_PAGE: Final = 256
"""Leaves that are looked at together."""

_OUTSIDE: Final = frozenset(
    {
        "scope.subject",
        "standing-release.level",
        "standing-release.outside-level",
        "standing-release.outside-subject",
        "standing-release.subject",
    }
)
"""Why observations are stopped while the stream goes on: they are not what was decided on."""


class Offered(NamedTuple):
    """An observation as its source hands it over.

    Attributes:
        subject: What it is about, where that is narrower than the directive's subject.
        label: How it is labelled, where that is not as the directive says: then it is stopped.
        at: When the source made it; now where it does not say.
    """

    data: bytes
    subject: Subject | UnsetType = UNSET
    label: Label | UnsetType = UNSET
    at: Instant | UnsetType = UNSET


class Stopped(NamedTuple):
    """Observations that were not given: their numbers, and why."""

    numbers: range
    refusal: RefusedAct


class Account(NamedTuple):
    """What became of what was offered."""

    given: int
    next: int
    stopped: tuple[Stopped, ...]


@dataclass
class Source:
    """One source that feeds a stream of this house.

    Attributes:
        node: Whose stream.
        item: The stream.
        officer: On whose responsibility: a desk officer of the house.
        next: The number of the next observation. After a process died it is that after the last
            one that was entered: what was given is known from the books, and is not given twice.
    """

    node: Node
    item: ItemOf
    officer: PersonId
    next: int
    _lane: StandingOf
    _key: bytes
    _article: Article
    _by: Office

    @classmethod
    def of(cls, node: Node, item: ItemOf, *, officer: PersonId) -> "Source":
        """Begin to feed a stream, or go on.

        Raises:
            Refused: the person is no desk officer; the stream is another's;
                ``refused.lane.closed``: its books were put back since.
            Unavailable: ``unavailable.key``.
        """
        with node.store.reading() as tx:
            require_person(tx, officer, Role.DESK)
            row = tx.get(StandingOf, item.key)
            if row is None or item.provider != node.party:
                raise Refused("refused.absent", "this house gives no such stream")
            if is_closed(tx, row.lane):
                raise Refused("refused.lane.closed", f"{row.lane}: what was given is not known")
            keys = item_keys.keys_of(node, tx, item.key, node.party)
            lane = tx.get(LaneOf, row.lane)
            agreement = node.agreement(tx, Digest(item.agreement))
            line = tx.get(Line, item.key)
        assert line is not None  # noqa: S101 - every leaf has its line
        if keys is None:
            raise Unavailable("unavailable.key", "the key of this stream is not here")
        return cls(
            node=node,
            item=item,
            officer=officer,
            next=0 if lane is None else lane.next,
            _lane=row,
            _key=keys.content,
            _article=article_of(agreement, "release.observations"),
            # The office that signed the directive gives what it decided on.
            _by=Office(line.by),
        )

    def offer(self, offered: Sequence[Offered]) -> Account:
        """Give what is offered, in runs that are labelled alike; each run is one leaf.

        What lies outside the directive is stopped, by itself: its numbers stay empty, the refusal
        stands in the journal, and the rest goes on.

        Raises:
            RefusedAct: the directive is over, suspended, used up, or the agreement provides
                nothing any more: nothing of that run was given, nor of what follows it.
            Unavailable: nothing was decided; offer it again.
        """
        given = 0
        stopped: list[Stopped] = []
        for run in _runs(offered):
            try:
                self._give(run)
                given += len(run)
            except RefusedAct as refusal:
                codes = {one.reason.code for one in refusal.assessment.objections}
                if not codes <= _OUTSIDE:
                    raise
                stopped.append(Stopped(range(self.next, self.next + len(run)), refusal))
            self.next += len(run)
        return Account(given, self.next, tuple(stopped))

    def _give(self, run: Sequence[Offered]) -> Entered:
        node, first = self.node, self.next
        now = node.clock.now()
        salts = node.suite.random(_SALT * len(run))
        batch = tuple(
            Observation(
                number=first + place,
                at=now if isinstance(one.at, UnsetType) else one.at,
                data=one.data,
                salt=salts[_SALT * place : _SALT * (place + 1)],
            )
            for place, one in enumerate(run)
        )
        root = digest_from_bytes(paths_of([leaf_hash(observation_bytes(one)) for one in batch])[0])
        item, label, subject = self.item, run[0].label, run[0].subject
        sealed = node.suite.encrypt(
            self._key,
            _context(LogName(self._lane.lane), first, root),
            encode(Batch(observations=batch)),
        )
        deed = deeds.Observations(
            by=self._by,
            to=Party(item.receiver),
            article=self._article,
            agreement=Digest(item.agreement),
            item=position_of(item.key),
            stream=Reference(self._lane.reference),
            label=label_of(item) if isinstance(label, UnsetType) else label,
            subject=Subject(item.subject) if isinstance(subject, UnsetType) else subject,
            first=first,
            count=len(batch),
            root=root,
        )
        name = digest(sealed)
        act = Act(
            deed=deed,
            ciphertext=name,
            keep={Space.CONTENT: {name: sealed}},
            requested_by=self.officer,
        )
        return enter(node, [act])[0]


def _runs(offered: Sequence[Offered]) -> Iterator[list[Offered]]:
    """Cut what is offered where label or subject changes, and where a leaf is full.

    One observation has at most ``DATA_LIMIT`` bytes, so that no run has more than ``_RUN_LIMIT``.
    """
    run: list[Offered] = []
    size = 0
    for one in offered:
        if not 0 < len(one.data) <= DATA_LIMIT:
            raise Invalid("invalid.content", f"an observation has 1 to {DATA_LIMIT} bytes")
        alike = not run or (one.label, one.subject) == (run[0].label, run[0].subject)
        full = len(run) == deeds.MOST_TOGETHER or size + len(one.data) > _RUN_LIMIT
        if run and (not alike or full):
            yield run
            run, size = [], 0
        run.append(one)
        size += len(one.data)
    if run:
        yield run


def _context(lane: LogName, first: int, root: Digest) -> bytes:
    # One key serves the whole stream: every content has its own context, and a random salt of
    # its own from which the cipher makes its keys (C2SP chunked-encryption).
    return f"comity/v1 lane\n{lane}\n{first}\n{root}".encode()


class Batched(NamedTuple):
    """What one leaf of a lane gave."""

    leaf: int
    entry: Entry
    observations: tuple[Observation, ...]


def batches(
    node: Node, item: ItemOf, *, holder: Office | Party, start: int = 0, stop: int | None = None
) -> Iterator[Batched]:
    """Open the leaves ``[start, stop)`` of a stream's lane that have effect, one after the other.

    Raises:
        Unavailable: ``unavailable.key``, ``unavailable.content``.
        Invalid: ``invalid.content``, ``invalid.observations``: not what the leaf commits to.
    """
    with node.store.reading() as tx:
        lane, key = _opened(node, tx, item, holder)
        end = tx.frontier(lane).size
    end = end if stop is None else min(stop, end)
    for first in range(start, end, _PAGE):
        with node.store.reading() as tx:
            found = _page(tx, lane, first, min(end, first + _PAGE))
            names = {index: entry.ciphertext for index, entry in found.items()}
            kept = tx.load_many(Space.CONTENT, [one for one in names.values() if one])
        for index, entry in found.items():
            content = kept.get(str(names[index]))
            if content is None:
                raise Unavailable("unavailable.content", f"{key_at(lane, index)} is not here")
            yield Batched(index, entry, _of(node, lane, entry, key, content))


def _opened(node: Node, tx: Reading, item: ItemOf, holder: Office | Party) -> tuple[LogName, bytes]:
    row = tx.get(StandingOf, item.key)
    if row is None:
        raise Refused("refused.absent", "this item is no stream")
    keys = item_keys.keys_of(node, tx, item.key, holder)
    if keys is None:
        raise Unavailable("unavailable.key", "the key slip has not arrived yet; it is asked for")
    return LogName(row.lane), keys.content


def _page(tx: Reading, lane: LogName, start: int, stop: int) -> dict[int, Entry]:
    """Return the entries of some leaves that have effect; what has none gave nothing."""
    ask = Needs()
    for index in range(start, stop):
        ask.key(key_at(lane, index), Line)
    rows, _ = tx.fetch(ask)
    found = {}
    for index, leaf in enumerate(tx.leaves(lane, start, stop), start=start):
        line = rows.get((Line, key_at(lane, index)))
        if isinstance(line, Line) and line.outcome == "lawful":
            found[index] = decode_entry(leaf)
    return found


def _of(
    node: Node, lane: LogName, entry: Entry, key: bytes, content: bytes
) -> tuple[Observation, ...]:
    """Open one content and hold it against its leaf: the root, the first number, the count."""
    deed = entry.deed
    assert isinstance(deed, deeds.Observations)  # noqa: S101 - nothing else has effect in a lane
    plain = node.suite.decrypt(key, _context(lane, deed.first, deed.root), content)
    found = decode_batch(plain).observations
    root, _ = paths_of([leaf_hash(observation_bytes(one)) for one in found])
    numbers = [one.number for one in found]
    if (
        digest_from_bytes(root) != deed.root
        or numbers != list(range(deed.first, deed.first + deed.count))
        or digest(content) != entry.ciphertext
    ):
        raise Invalid("invalid.observations", "what was sealed is not what the leaf commits to")
    return found


def proven(
    node: Node, item: ItemOf, number: int, *, holder: Office | Party
) -> tuple[Position, ProvenObservation]:
    """Return which leaf gave an observation, and the observation with its path to that leaf's root.

    Raises:
        Refused: ``refused.absent``: no leaf gave an observation of this number.
        Unavailable, Invalid: as :func:`batches`.
    """
    with node.store.reading() as tx:
        row = tx.get(StandingOf, item.key)
    for batch in batches(node, item, holder=holder):
        place = number - batch.observations[0].number
        if row is not None and 0 <= place < len(batch.observations):
            raw = [observation_bytes(one) for one in batch.observations]
            path = paths_of([leaf_hash(one) for one in raw])[1][place]
            found = ProvenObservation(observation=raw[place], index=place, path=tuple(path))
            return Position(log=LogName(row.lane), index=batch.leaf), found
    raise Refused("refused.absent", f"no observation {number} was given")


def close_in(session: Sitting, peer: Party, remembered: Sequence[bytes], *, lost: bool) -> None:
    """Close lanes towards a peer of a node that was put back: nothing more is given in them.

    What they gave after this copy is not fetched again, so its numbers and places in the log
    would be signed twice. With ``lost`` those are all lanes; else those that are behind a
    checkpoint that is remembered.
    """
    own = correspondence(session.node.party, peer)
    closed = {row.lane for row in session.rows.within(StandingOf, own)} if lost else set()
    for stands in map(checkpoint_of, remembered):
        mine = is_feed(stands.log) and stands.log.startswith(f"{own}/")
        if mine and session.size(stands.log) < stands.size:
            closed.add(stands.log)
    session.tx.save(Space.LINK, {f"closed|{lane}": b"put back" for lane in closed})


def is_closed(tx: Reading, log: str) -> bool:
    """Tell whether a log is a lane in which nothing more is given; nothing is known of it.

    So it is, too, once its reader has shown a checkpoint of it that was signed here and that this
    copy does not know.
    """
    if not is_feed(log):
        return False
    marks = (Space.LINK, f"closed|{log}"), (Space.LATEST, f"{log}|rolled-back")
    return any(tx.load(*mark) is not None for mark in marks)


def own_lanes(tx: Reading, party: Party, peer: Party) -> tuple[LogName, ...]:
    """Return the lanes of this house's directives towards a peer, in order."""
    log = f"comity/{party}/to/{peer}"
    return tuple(sorted(LogName(row.lane) for row in tx.within(StandingOf, log)))


__all__ = [
    "Account",
    "Batched",
    "Offered",
    "Source",
    "Stopped",
    "batches",
    "close_in",
    "is_closed",
    "own_lanes",
    "proven",
]
