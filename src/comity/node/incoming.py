"""A pouch arrives: verified in the fixed order, judged, appended, cosigned, answered.

The order is that of 4-protocol, "Pouches": size limits → strict decode → addressed to me →
known peer → open the outer seal → leaves hash from my replica's frontier to the root → both
signatures (under the directory in force at ``old``) → one transaction {judge every entry on
its cut, append, journal line, fold, duties, refusal entry if any, cosign, store the answer} →
durable → answer.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Outcome
from comity.acts.kinds import Log, kind
from comity.acts.parts import Position, RefusedLeaf
from comity.agreement import lookups
from comity.agreement.alike import Alike
from comity.agreement.cut import EVERYTHING, Asked
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.agreement.origin import NOT_ENROLLED
from comity.exchange.answers import Answer, Word, identity
from comity.exchange.pouch import CONTENT_INLINE, Pouch, opened
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, cosign, verify_checkpoint
from comity.ledger.notes import KeyUse, key_hash, parse_note, with_line
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.ledger.tree import leaf_hash
from comity.node import alarms, clocks, large, registers, slips
from comity.node.assess import (
    OPAQUE,
    Assessment,
    NodeBooks,
    assess,
    claims,
    effect_of,
)
from comity.node.chancery import Act, enter_in
from comity.node.links import peer_of, token_of
from comity.node.named import brought_by, documents_of
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.node.signers import cosigning_key, signed_with, signer_at
from comity.node.sitting import Sitting, latest, sitting
from comity.register import fold
from comity.register.fold import Effect
from comity.register.leaves import Leaf, rests_on
from comity.register.rows import Line, Needs, Peer, StandingOf, key_at
from comity.seal.directories import open_directory
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import ComityError, Invalid, Unavailable
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    author,
    correspondence,
    feed,
    is_attested,
    is_feed,
    kind_of,
    owner,
    reader,
    register_ledger,
    standing_in,
)
from comity.vocabulary.names import Article, Party, Reason

_JUST_NOW: Final = 1.0
"""Seconds within which a checkpoint of a log that did not grow does for the one after it."""
_REFUSED_LIMIT: Final = 1024
"""Leaves of one refusal entry, which must fit into the size of a leaf."""


def receive(node: Node, peer: Party, wire: bytes) -> bytes:
    """Take a pouch from an authenticated peer and return the bytes of the answer.

    Whatever fails before both signatures verify is answered by one and the same word.
    """
    now = node.clock.now()
    log = correspondence(peer, node.party)
    try:
        with node.store.reading() as tx:
            token = token_of(tx, addressee=node.party, sender=peer)
            pouch = opened(node.suite, wire, transports=node.vault.transports(), token=token)
            if pouch.log == register_ledger(peer, node.party):
                checkpoint = registers.believed(node, tx, peer, pouch)
            elif pouch.log in (log, standing_in(peer, node.party)) or _is_lane(tx, peer, pouch):
                checkpoint = _believed(node, tx, peer, pouch)
            else:
                raise Invalid("invalid.pouch", "not a log that this peer writes to this node")
            log = pouch.log
    except Invalid as error:
        alarms.raise_alarm(node, peer, error.code)
        return _answer(node, log, Word.REFUSED, now=now)
    try:
        with sitting(node, now=now) as session:
            clocks.heard(session, peer, checkpoint.time, fresh=_fresh(pouch))
            if clocks.too_far_ahead(now, checkpoint.time):
                # Cosigned or relied on, it would draw this house's own times after it for ever.
                alarms.note_alarm(session, peer, "unavailable.clock")
                answer = _answer(node, log, Word.LATER, now=now)
            elif kind_of(log) is LogKind.REGISTER:
                answer = registers.decide(session, peer, pouch, checkpoint)
            else:
                answer = _decide(session, peer, pouch, checkpoint)
    except ComityError as error:
        # Not only what is unavailable: whatever ends the transaction ends it whole, nothing was
        # decided, and the peer, whose signatures hold, is told so.
        alarms.raise_alarm(node, peer, error.code)
        return _answer(node, log, Word.LATER, now=now)
    return answer


def _is_lane(tx: Reading, peer: Party, pouch: Pouch) -> bool:
    """Tell whether a pouch is of the lane of a directive that this peer gave this house.

    Of a lane without one nothing is kept: a peer could name as many as it likes.
    """
    if not is_feed(pouch.log):
        return False
    given = tx.within(StandingOf, correspondence(peer, reader(pouch.log) or peer))
    return owner(pouch.log) == peer and any(row.lane == pouch.log for row in given)


def _believed(node: Node, tx: Reading, peer: Party, pouch: Pouch) -> Checkpoint:
    """Return the checkpoint of a pouch whose signatures verify and whose leaves hash to it.

    What follows the replica is signed under the directory in force at its size. A pouch that
    begins below it is signed under the directory of its own beginning only where it tells
    what is held already, root and all; any other is signed under the one in force at the note's
    size. Otherwise whoever holds a key that was given up could say ``old`` 0 and raise a false
    fork.
    """
    if peer_of(tx, peer) is None:
        raise Invalid("invalid.peer", "not enrolled")
    frontier = tx.frontier(pouch.log)
    rows = Overlay(tx)
    at = min(pouch.old, frontier.size)
    if pouch.old < frontier.size and not _is_held(tx, pouch, frontier.size):
        at = min(pouch.new, frontier.size)
    if is_attested(pouch.log) or is_feed(pouch.log):
        # It has no directories of its own: its owner signs under the latest one that is held.
        at = EVERYTHING
    directory = signer_at(NodeBooks(node, tx), rows, peer, node.party, at)
    if directory is None:
        raise Invalid("invalid.peer", "no directory")
    checkpoint = verify_checkpoint(
        node.suite, pouch.checkpoint, public=directory.ledger, log=pouch.log
    )
    if len(parse_note(pouch.checkpoint).lines) != 1:
        # A line that nobody verifies would stand in the way of the cosignature, and of evidence.
        raise Invalid("invalid.pouch", "a checkpoint with other lines than its owner's")
    if checkpoint.size != pouch.new:
        raise Invalid("invalid.pouch", "the checkpoint is for another size")
    if pouch.old == frontier.size and pouch.leaves:
        grown = frontier.appended(leaf_hash(leaf) for leaf in pouch.leaves)
        if digest_from_bytes(grown.root) != checkpoint.root:
            # Signed, and yet not what follows the leaves that this node holds and cosigned:
            # either the leaves are not those of the checkpoint, or the log has forked.
            raise Invalid("invalid.pouch.root", "the leaves do not lead to the signed root")
    return checkpoint


def _fresh(pouch: Pouch) -> bool:
    """Tell whether a checkpoint was signed to be sent now."""
    return not pouch.leaves and kind_of(pouch.log) is LogKind.CORRESPONDENCE


def _is_held(tx: Reading, pouch: Pouch, size: int) -> bool:
    """Tell whether a pouch tells nothing but what the replica holds: its root is the replica's."""
    stated = checkpoint_of(pouch.checkpoint)
    if stated.size != pouch.new or not 0 < pouch.new <= size:
        return False
    return _root(tx, pouch.log, pouch.new, size) == stated.root


def _decide(session: Sitting, peer: Party, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """Append what is new; answer what was answered before with the same bytes."""
    tx, log = session.tx, pouch.log
    size = session.size(log)
    name = identity(log, pouch.old, pouch.new, checkpoint.root)
    if pouch.leaves and (stored := tx.load(Space.ANSWER, name)) is not None:
        _take_contents(session, pouch, [_decoded(leaf) for leaf in pouch.leaves])
        slips.take(session, peer, pouch)
        return stored
    if pouch.new <= size and pouch.new > 0 and _root(tx, log, pouch.new, size) != checkpoint.root:
        session.keep_note(pouch.checkpoint)
        alarms.keep_fork(session, peer, pouch.checkpoint)
        return _said(session, log, Word.FORKED)
    if pouch.old == pouch.new == size:
        return _heartbeat(session, peer, pouch, checkpoint)
    if pouch.new <= size:
        return _said(session, log, Word.COSIGNED)
    if pouch.old != size:
        return _said(session, log, Word.ELSEWHERE)
    if is_feed(log):
        _require_rests(session, peer, pouch)
    refused, diverged, keys = _append(session, peer, pouch)
    held = _hold(session, pouch, checkpoint)
    # Entered after the pouch is held, so that the refusal's cut covers what it refuses.
    _say(session, peer, log, size, refused, diverged)
    apart = is_attested(log) or is_feed(log)
    wanted = () if apart else slips.missing(session, pouch, keys)
    answer = _cosigned(session, pouch, held, checkpoint, wanted)
    if not is_feed(log):
        # A lane's pouch that comes again is answered with the latest cosignature, which covers it.
        tx.save(Space.ANSWER, {name: answer})
    return answer


def _require_rests(session: Sitting, peer: Party, pouch: Pouch) -> None:
    """Return if all that the leaves of a lane rest on is held here.

    Raises:
        Unavailable: ``unavailable.head``: the author sends its correspondence first.
    """
    own = correspondence(peer, session.node.party)
    held = session.size(own)
    for leaf in pouch.leaves:
        entry = _decoded(leaf)
        if entry is not None and rests_on(entry, own) > held:
            raise Unavailable("unavailable.head", "the lane rests on leaves that are not here yet")


def _heartbeat(session: Sitting, peer: Party, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """An empty pouch: a fresh checkpoint of what is held, slips made again; never stored.

    Only what a slip names is kept of it: no leaf names anything else in it, and what nothing
    names could fill the disk.
    """
    slips.take(session, peer, pouch)
    held = _held_just_now(session, pouch, checkpoint) or _hold(session, pouch, checkpoint)
    # One that brought slips has brought what its sender has: asking at once would go round.
    again = () if pouch.slips else slips.wanted_again(session.tx, pouch.log)[:4096]
    return _cosigned(session, pouch, held, checkpoint, again)


def _held_just_now(session: Sitting, pouch: Pouch, checkpoint: Checkpoint) -> bytes | None:
    """Return the cosigned checkpoint that is held, where another of the second after adds nothing.

    Whoever sends one heartbeat after the other is answered without a signature, and fills no disk:
    each that is held is kept for ever, because an entry may name it.
    """
    kept = session.tx.load(Space.LATEST, f"{pouch.log}|cosigned")
    if kept is None:
        return None
    last, signed = checkpoint_of(kept), parse_note(kept).lines
    if (last.size, last.seen) != (checkpoint.size, checkpoint.seen):
        return None
    if not last.time <= checkpoint.time < plus_seconds(last.time, _JUST_NOW):
        return None
    # Both signed it with the keys that they have now: keys may have changed within the second.
    same = all(
        any((one.name, one.key_hash) == (line.name, line.key_hash) for one in signed)
        for line in parse_note(pouch.checkpoint).lines
    )
    return kept if same and _cosigned_with(session, pouch.checkpoint, kept) else None


def _cosigned_with(session: Sitting, note: bytes, kept: bytes) -> bool:
    """Tell whether a kept checkpoint is cosigned with the key that would cosign this note now."""
    node = session.node
    key = cosigning_key(node, session.tx, note, books=session.books, rows=session.rows)
    mine = node.party, key_hash(node.party, KeyUse.COSIGNATURE, key.public)
    return any((one.name, one.key_hash) == mine for one in parse_note(kept).lines)


def _append(
    session: Sitting, peer: Party, pouch: Pouch
) -> tuple[list[RefusedLeaf], list[deeds.Diverge], set[str]]:
    """Append, judge and fold every leaf; return what has no effect here, and which keys came."""
    node, log = session.node, pouch.log
    entries = [_decoded(leaf) for leaf in pouch.leaves]
    _take_documents(session, peer, pouch, entries)
    _take_contents(session, pouch, entries)
    for entry in entries:
        # Nothing is decided on a time that lies too far ahead of this clock.
        if entry is not None and clocks.too_far_ahead(session.now, entry.at):
            raise Unavailable("unavailable.clock", "the pouch is from too far ahead")
    first = session.size(log)
    read_ahead(session.node, session.rows, log, first, entries)
    refused: list[RefusedLeaf] = []
    diverged: list[deeds.Diverge] = []
    named: list[Digest] = []
    alike = Alike(lambda: session.rows.turn)
    for leaf, entry in zip(pouch.leaves, entries, strict=True):
        index = session.size(log)
        effect, assessment = _judged(session, peer, log, index, entry, alike)
        session.append(log, leaf, entry, effect=effect, assessment=assessment)
        if effect.holds and entry is not None and isinstance(entry.ciphertext, str):
            named += [] if is_attested(log) else [entry.ciphertext]
        if isinstance(entry, Entry) and isinstance(entry.deed, deeds.RefuseLeaves):
            continue  # a refusal entry is never itself refused: so nothing loops
        if effect.diverged and assessment is not None and entry is not None:
            diverged.append(_divergence(node, peer, log, index, entry, assessment))
        elif not effect.holds:
            refused.append(_refused(index, effect))
    large.want(session, peer, _not_brought(pouch, named))
    # The key of a lane came with its directive.
    came = set() if is_feed(log) else slips.take(session, peer, pouch)
    return refused, diverged, came


def _judged(  # noqa: PLR0913 - one leaf where it stands
    session: Sitting,
    peer: Party,
    log: LogName,
    index: int,
    entry: Entry | None,
    alike: Alike,
) -> tuple[Effect, Assessment | None]:
    return judged_leaf(
        session.node,
        session.books,
        session.rows,
        peer,
        log,
        index,
        entry,
        journal_size=session.journal_size,
        alike=alike,
    )


def judged_leaf(  # noqa: PLR0913 - one leaf where it stands
    node: Node,
    books: NodeBooks,
    rows: Overlay,
    peer: Party,
    log: LogName,
    index: int,
    entry: Entry | None,
    *,
    journal_size: int,
    alike: Alike | None = None,
) -> tuple[Effect, Assessment | None]:
    """Compute the common judgement of one leaf of a counterpart's log on its cut."""
    if entry is None:
        return OPAQUE, None
    if kind(entry.deed).log is not (Log.FEED if is_feed(log) else Log.CORRESPONDENCE):
        return _ground("leaf.wrong-log"), None
    if not _in_its_lane(rows, log, entry.deed):
        return _ground("leaf.wrong-lane"), None
    if not isinstance(entry.deed, deeds.Outward) or entry.deed.to != reader(log):
        return _ground("leaf.wrong-addressee"), None
    if _heads_unknown(node, rows, peer, log, entry):
        # What counts for it has not come here: its author sends that first.
        return _ground("paper.head-unknown"), None
    if _origin_unknown(node, rows, entry.deed):
        # The author cannot know whose root is enrolled here: a refusal, and no divergence.
        return _ground(NOT_ENROLLED), None
    asked = _asked(node, log, index, entry)
    assessment = assess(books, rows, asked, journal_size=journal_size, alike=alike)
    if not isinstance(entry.judgement, str):
        return _ground("leaf.no-judgement"), assessment
    return effect_of(assessment, claimed=entry.judgement), assessment


def _in_its_lane(rows: Overlay, log: LogName, deed: deeds.Deed) -> bool:
    """Tell whether observations stand in the lane of their directive, and it has one of its own.

    What was given is counted by lane: were one stream in two lanes, or two streams in one, the
    same numbers would count as not given yet.
    """
    if isinstance(deed, deeds.Observations):
        return log == feed(author(log), deed.to, deed.stream)
    if isinstance(deed, deeds.StandingDirective):
        lane = feed(author(log), deed.to, deed.item.reference)
        return all(one.lane != lane for one in rows.within(StandingOf, log))
    return True


def _origin_unknown(node: Node, rows: Overlay, deed: deeds.Deed) -> bool:
    """Tell whether an item comes from a party whose root was never compared here."""
    if not isinstance(deed, deeds.Release) or not isinstance(deed.origin, Position):
        return False
    originator = owner(deed.origin.log)
    return originator != node.party and rows.get(Peer, originator) is None


def _heads_unknown(node: Node, rows: Overlay, peer: Party, log: LogName, entry: Entry) -> bool:
    """Tell whether an entry rests on more than is held of what one of the two did on paper."""
    if isinstance(entry.also, UnsetType):
        return False
    kept = {standing_in(peer, node.party), standing_in(node.party, peer)}
    if is_attested(log):
        kept.add(correspondence(peer, node.party))
    return any(
        one.log in kept and one.size > 0 and rows.get(Line, key_at(one.log, one.size - 1)) is None
        for one in entry.also
    )


def _ground(code: str) -> Effect:
    return Effect(outcome=Outcome.UNLAWFUL, code=code, article=LINK_ARTICLE)


def _asked(node: Node, log: LogName, index: int, entry: Entry) -> Asked:
    return Asked(
        house=node.party,
        acting=author(log),
        counterpart=reader(log) or node.party,
        log=log,
        index=index,
        entry=entry,
    )


def read_ahead(
    node: Node, rows: Overlay, log: LogName, first: int, entries: Sequence[Entry | None]
) -> None:
    """Read at once what judging and folding these leaves will ask."""
    ask = Needs()
    for index, entry in enumerate(entries, start=first):
        if entry is not None:
            lookups.needs(ask, _asked(node, log, index, entry))
        fold.needs(ask, Leaf(house=node.party, log=log, index=index, entry=entry))
    rows.fetch(ask)


def _decoded(leaf: bytes) -> Entry | None:
    """Decode a leaf; one that does not decode is opaque: appended, and without effect."""
    try:
        return decode_entry(leaf)
    except Invalid:
        return None


def _refused(index: int, effect: Effect) -> RefusedLeaf:
    code = Reason(effect.code or "judgement.unlawful")
    if effect.article:
        return RefusedLeaf(index=index, code=code, article=Article(effect.article))
    return RefusedLeaf(index=index, code=code)


def _divergence(  # noqa: PLR0913 - one leaf and its two judgements
    node: Node, peer: Party, log: LogName, index: int, entry: Entry, assessment: Assessment
) -> deeds.Diverge:
    claimed, computed = entry.judgement, assessment.common_digest
    assert isinstance(claimed, str)  # noqa: S101 - a leaf without one does not diverge
    assert computed is not None  # noqa: S101 - outward acts have a common judgement
    return deeds.Diverge(
        by=node.registry,
        to=peer,
        article=LINK_ARTICLE,
        agreement=GROUND.digest,
        leaf=Position(log=log, index=index),
        claimed=claimed,
        computed=computed,
    )


def _say(  # noqa: PLR0913 - one refusal entry and the divergences of one pouch
    session: Sitting,
    peer: Party,
    log: LogName,
    first: int,
    refused: Sequence[RefusedLeaf],
    diverged: Sequence[deeds.Diverge],
) -> None:
    """Enter towards the author what has no effect here: one refusal entry per pouch."""
    acts = [Act(deed=one) for one in diverged]
    for start in range(0, len(refused), _REFUSED_LIMIT):
        acts.append(  # noqa: PERF401 - one entry nearly always
            Act(
                deed=deeds.RefuseLeaves(
                    by=session.node.registry,
                    to=peer,
                    article=LINK_ARTICLE,
                    agreement=GROUND.digest,
                    log=log,
                    old=first,
                    new=session.size(log),
                    refused=tuple(refused[start : start + _REFUSED_LIMIT]),
                )
            )
        )
    if acts:
        enter_in(session, acts)


def _take_documents(
    session: Sitting, peer: Party, pouch: Pouch, entries: Sequence[Entry | None]
) -> None:
    """Keep the documents that leaves of a pouch name. A directory only when its root signed it.

    What nothing names would be kept for ever, and nobody could tell what for.
    """
    node, tx = session.node, session.tx
    enrolled = peer_of(tx, peer)
    assert enrolled is not None  # noqa: S101 - _believed() asked
    keep: dict[str, bytes] = {}
    named = {name for one in entries if one is not None for name in documents_of(one)}
    for digest, raw in pouch.documents.items():
        if digest not in named:
            continue
        if b'"directory":' in raw[:64]:
            try:
                open_directory(node.suite, raw, root=Digest(enrolled.root))
            except Invalid:
                continue
        keep[digest] = raw
    tx.save(Space.DOCUMENT, keep)
    # It is given back these alone, should it lose them: see comity.node.replicas.
    tx.save(Space.LINK, brought_by(peer, keep))


def _take_contents(session: Sitting, pouch: Pouch, entries: Sequence[Entry | None]) -> None:
    """Keep the contents that leaves of a pouch name."""
    named = {one.ciphertext for one in entries if one is not None}
    session.tx.save(
        Space.CONTENT,
        {digest: raw for digest, raw in pouch.contents.items() if digest in named and _small(raw)},
    )


def _hold(session: Sitting, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """Cosign what is held: from here on it may be relied on as ``seen``."""
    node, log = session.node, pouch.log
    note, books, rows = pouch.checkpoint, session.books, session.rows
    key = cosigning_key(node, session.tx, note, books=books, rows=rows)
    line = cosign(
        node.suite,
        key.private,
        key.public,
        pouch.checkpoint,
        name=node.party,
        time=latest((session.now, checkpoint.time)),
    )
    held = with_line(pouch.checkpoint, line)
    if not is_feed(log):
        session.keep_note(pouch.checkpoint)
        session.hold(log, held)
    session.tx.save(Space.LATEST, {f"{log}|cosigned": held})
    remember_claim(session, checkpoint)
    return held


def _cosigned(
    session: Sitting,
    pouch: Pouch,
    held: bytes,
    checkpoint: Checkpoint,
    slips_wanted: Sequence[int],
) -> bytes:
    """Answer with the cosignature, and with the own correspondence and what it has now seen."""
    log = pouch.log
    own = _own(session, pouch, at=latest((session.now, checkpoint.time)))
    return encode(
        Answer(
            word=Word.COSIGNED,
            log=log,
            size=session.size(log),
            time=session.now,
            checkpoint=held,
            own=own,
            wants=_wants(session, pouch),
            slips=tuple(slips_wanted),
        )
    )


def _own(session: Sitting, pouch: Pouch, *, at: Instant) -> bytes:
    """Return a checkpoint of the own correspondence as it stands: signed now, or just now.

    Where pouches follow one another within a second, one signature does for their answers; what
    the log has gained is signed at once.
    """
    mine = correspondence(session.node.party, owner(pouch.log))
    kept = session.tx.load(Space.LATEST, f"{mine}|own")
    if kept is not None:
        last = checkpoint_of(kept)
        # Never one from ahead of this clock: after a jump back it would be answered for long.
        just_now = last.time <= at < plus_seconds(last.time, _JUST_NOW)
        if just_now and last.size == session.size(mine) and signed_with(kept, session.key(mine)):
            return kept
    return session.sign(mine, at=at)


def remember_claim(session: Sitting, checkpoint: Checkpoint) -> None:
    """Remember what an author's own checkpoint says it has seen, if it says more than before."""
    if checkpoint.seen is None:
        return
    known = claims(session.tx, checkpoint.log)
    if known and known[-1].seen >= checkpoint.seen.size:
        return
    rows = [[one.size, one.seen, one.journal] for one in known]
    rows.append([checkpoint.size, checkpoint.seen.size, session.journal_size])
    session.tx.save(Space.LINK, {f"claims|{checkpoint.log}": json.dumps(rows).encode()})
    session.books.forget_claims(checkpoint.log)


def _wants(session: Sitting, pouch: Pouch) -> tuple[Digest, ...]:
    """Return the ciphertexts that these leaves name and this node has not."""
    named = []
    for leaf in () if is_attested(pouch.log) else pouch.leaves:
        entry = _decoded(leaf)
        if entry is not None and isinstance(entry.ciphertext, str):
            named.append(entry.ciphertext)
    return large.absent(session.node, session.tx, _not_brought(pouch, named))[:4096]


def _not_brought(pouch: Pouch, names: Iterable[Digest]) -> list[Digest]:
    """Return which contents did not come with the pouch that names them, and so into the store."""
    return [name for name in names if not _small(pouch.contents.get(name))]


def _small(content: bytes | None) -> bool:
    return content is not None and len(content) <= CONTENT_INLINE


def _said(session: Sitting, log: LogName, word: Word) -> bytes:
    held = session.tx.load(Space.LATEST, f"{log}|cosigned") or b""
    return encode(
        Answer(
            word=word,
            log=log,
            size=session.size(log),
            time=session.now,
            checkpoint=held,
            own=_last_own(session, correspondence(session.node.party, owner(log))),
            wants=(),
            slips=(),
        )
    )


def _last_own(session: Sitting, log: LogName) -> bytes:
    """Return the latest checkpoint of the own correspondence, by a key that the peer believes.

    A pouch that is sent again is signed under the directory in force where it begins. The peer
    may have taken a later one out of it already, and believes the former key no more.
    """
    kept = session.tx.load(Space.LATEST, f"{log}|own")
    if kept is None or signed_with(kept, session.key(log)):
        return kept or b""
    return session.sign(log, at=session.now)


def _answer(node: Node, log: LogName, word: Word, *, now: Instant) -> bytes:
    """Return an answer that says nothing but a word."""
    del node
    return encode(
        Answer(word=word, log=log, size=0, time=now, checkpoint=b"", own=b"", wants=(), slips=())
    )


def _root(tx: Reading, log: LogName, size: int, whole: int) -> Digest:
    if size == whole:
        return digest_from_bytes(tx.frontier(log).root)
    reader = tile_reader(lambda tiles: tx.tiles(log, tiles), whole)
    return digest_from_bytes(root_at(reader, size))


__all__ = ["judged_leaf", "receive", "remember_claim"]
