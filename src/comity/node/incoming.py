"""A pouch arrives: verified in the fixed order, judged, appended, cosigned, answered.

The order is that of 4-protocol, "Pouches": size limits → strict decode → addressed to me →
known peer → open the outer seal → leaves hash from my replica's frontier to the root → both
signatures (under the directory in force at ``old``) → one transaction {judge every entry on
its cut, append, journal line, fold, duties, refusal entry if any, cosign, store the answer} →
durable → answer.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from comity.acts import deeds
from comity.acts.entries import Entry, entry_or_opaque
from comity.acts.parts import Position, RefusedLeaf
from comity.agreement.alike import Alike
from comity.agreement.cut import EVERYTHING
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.exchange.answers import Word, identity
from comity.exchange.pouch import CONTENT_INLINE, Pouch, opened
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, verify_checkpoint
from comity.ledger.notes import parse_note
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.ledger.tree import leaf_hash
from comity.node import alarms, clocks, large, registers, replies, slips
from comity.node.assess import (
    Assessment,
    NodeBooks,
)
from comity.node.chancery import Act, enter_in
from comity.node.holding import held_just_now, hold, remember_claim
from comity.node.judging import judged_leaf, read_ahead
from comity.node.links import peer_of, token_of
from comity.node.named import brought_by, by_space, genuine
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.node.signers import signer_at
from comity.node.sitting import Sitting, sitting
from comity.register.fold import Effect
from comity.register.leaves import rests_on
from comity.register.rows import StandingOf
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import ComityError, Invalid, Unavailable
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    is_attested,
    is_feed,
    kind_of,
    owner,
    reader,
    register_ledger,
    standing_in,
)
from comity.vocabulary.names import Article, Party, Reason

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
        return replies.bare(log, Word.REFUSED, now=now)
    try:
        with sitting(node, now=now) as session:
            clocks.heard(session, peer, checkpoint.time, fresh=_fresh(pouch))
            if clocks.too_far_ahead(now, checkpoint.time):
                # Cosigned or relied on, it would draw this house's own times after it for ever.
                alarms.note_alarm(session, peer, "unavailable.clock")
                answer = replies.bare(log, Word.LATER, now=now)
            elif kind_of(log) is LogKind.REGISTER:
                answer = registers.decide(session, peer, pouch, checkpoint)
            else:
                answer = _decide(session, peer, pouch, checkpoint)
    except ComityError as error:
        # Not only what is unavailable: whatever ends the transaction ends it whole, nothing was
        # decided, and the peer, whose signatures hold, is told so.
        alarms.raise_alarm(node, peer, error.code)
        return replies.bare(log, Word.LATER, now=now)
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
        _take_contents(session, pouch, [entry_or_opaque(leaf) for leaf in pouch.leaves])
        slips.take(session, peer, pouch)
        return stored
    if pouch.new <= size and pouch.new > 0 and _root(tx, log, pouch.new, size) != checkpoint.root:
        session.roots.keep_note(pouch.checkpoint)
        alarms.keep_fork(session, peer, pouch.checkpoint)
        return replies.said(session, log, Word.FORKED)
    if pouch.old == pouch.new == size:
        return _heartbeat(session, peer, pouch, checkpoint)
    if pouch.new <= size:
        return replies.said(session, log, Word.COSIGNED)
    if pouch.old != size:
        return replies.said(session, log, Word.ELSEWHERE)
    if is_feed(log):
        _require_rests(session, peer, pouch)
    refused, diverged, keys = _append(session, peer, pouch)
    if is_feed(log):
        # Cosigned when its author asks; whatever else is said of it meanwhile covers it, too.
        tx.save(Space.LATEST, {f"{log}|signed": pouch.checkpoint})
        remember_claim(session, checkpoint)
        _say(session, peer, log, size, refused, diverged)
        if refused or diverged:
            return replies.said(session, log, Word.COSIGNED)
        return replies.bare(log, Word.COSIGNED, now=session.now, size=session.size(log))
    held = hold(session, pouch.checkpoint)
    # Entered after the pouch is held, so that the refusal's cut covers what it refuses.
    _say(session, peer, log, size, refused, diverged)
    wanted = () if is_attested(log) else slips.missing(session, pouch, keys)
    answer = _reply(session, pouch, held, wanted)
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
        entry = entry_or_opaque(leaf)
        if entry is not None and rests_on(entry, own) > held:
            raise Unavailable("unavailable.head", "the lane rests on leaves that are not here yet")


def _heartbeat(session: Sitting, peer: Party, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """An empty pouch: a fresh checkpoint of what is held, slips made again; never stored.

    Only what a slip names is kept of it: no leaf names anything else in it, and what nothing
    names could fill the disk.
    """
    slips.take(session, peer, pouch)
    held = held_just_now(session, pouch, checkpoint) or hold(session, pouch.checkpoint)
    # One that brought slips has brought what its sender has: asking at once would go round.
    none = pouch.slips or is_feed(pouch.log)  # the key of a lane came with its directive
    again = () if none else slips.wanted_again(session.tx, pouch.log)[:4096]
    return _reply(session, pouch, held, again)


def _append(
    session: Sitting, peer: Party, pouch: Pouch
) -> tuple[list[RefusedLeaf], list[deeds.Diverge], set[str]]:
    """Append, judge and fold every leaf; return what has no effect here, and which keys came."""
    node, log = session.node, pouch.log
    entries = [entry_or_opaque(leaf) for leaf in pouch.leaves]
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
    for space, named in by_space(entries, pouch.documents).items():
        keep = genuine(node, named, Digest(enrolled.root))
        tx.save(space, keep)
        # It is given back these alone, should it lose them: see comity.node.replicas.
        tx.save(Space.LINK, brought_by(peer, keep))


def _take_contents(session: Sitting, pouch: Pouch, entries: Sequence[Entry | None]) -> None:
    """Keep the contents that leaves of a pouch name."""
    named = {one.ciphertext for one in entries if one is not None}
    session.tx.save(
        Space.CONTENT,
        {digest: raw for digest, raw in pouch.contents.items() if digest in named and _small(raw)},
    )


def _reply(session: Sitting, pouch: Pouch, held: bytes, keys: Sequence[int]) -> bytes:
    wants = _wants(session, pouch)
    return replies.cosigned(session, pouch.log, held, contents=wants, slips=keys)


def _wants(session: Sitting, pouch: Pouch) -> tuple[Digest, ...]:
    """Return the ciphertexts that these leaves name and this node has not."""
    named = []
    for leaf in () if is_attested(pouch.log) else pouch.leaves:
        entry = entry_or_opaque(leaf)
        if entry is not None and isinstance(entry.ciphertext, str):
            named.append(entry.ciphertext)
    return large.absent(session.node, session.tx, _not_brought(pouch, named))[:4096]


def _not_brought(pouch: Pouch, names: Iterable[Digest]) -> list[Digest]:
    """Return which contents did not come with the pouch that names them, and so into the store."""
    return [name for name in names if not _small(pouch.contents.get(name))]


def _small(content: bytes | None) -> bool:
    return content is not None and len(content) <= CONTENT_INLINE


def _root(tx: Reading, log: LogName, size: int, whole: int) -> Digest:
    if size == whole:
        return digest_from_bytes(tx.frontier(log).root)
    reader = tile_reader(lambda tiles: tx.tiles(log, tiles), whole)
    return digest_from_bytes(root_at(reader, size))
