"""A node that was put back to an older copy gets its lost entries from its counterpart.

First everything is fetched and looked at, then all of it is entered in one transaction, under
its old numbers: if the process dies before the commit has returned, nothing was entered and the
node still refuses to start; if it dies after, nothing is missing. Nothing is signed on the way.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import UNSET, UnsetType, json, structs

from comity.acts import deeds
from comity.acts.entries import Entry, entry_or_opaque
from comity.acts.judgements import Outcome
from comity.acts.kinds import Log, kind
from comity.acts.parts import RefusedLeaf
from comity.agreement import lookups
from comity.agreement.cut import Asked
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.ledger.checkpoints import checkpoint_of, cosign
from comity.ledger.notes import line_alone, note_digest, parse_note, with_line
from comity.node import alarms, lanes, large, slips
from comity.node.assess import OPAQUE, Assessment, NodeBooks, assess, effect_of
from comity.node.chancery import Act, enter_in
from comity.node.holding import remember_claim
from comity.node.judging import judged_leaf
from comity.node.lost import Found, Lost, seen_size
from comity.node.named import brought_by, by_space, genuine
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Space
from comity.node.proved import signers_of, verified_note
from comity.node.roots import latest
from comity.node.signers import cosigning_key
from comity.node.sitting import RECOVERED_LIMIT, Recovery, Sitting, sitting
from comity.register import fold
from comity.register.fold import Effect
from comity.register.leaves import Leaf
from comity.register.rows import ItemOf, Needs, key_at
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence, owner, reader
from comity.vocabulary.names import Article, Party, Reason

_DIVERGED = Reason("judgement.diverged")


class Recovered(NamedTuple):
    """What came back.

    Attributes:
        own: Leaves of the own correspondence.
        theirs: Leaves of the counterpart's.
        without_key: References of own items whose keys are gone with an older database: the
            counterpart has them, this house cannot open them any more.
        asked_again: Received items whose keys are asked for again with the next exchange.
    """

    own: int
    theirs: int
    without_key: tuple[str, ...]
    asked_again: int


def judged_again(  # noqa: PLR0913 - one leaf where it stands
    node: Node,
    books: NodeBooks,
    rows: Overlay,
    log: LogName,
    index: int,
    entry: Entry | None,
    *,
    journal_size: int,
    refused: RefusedLeaf | None = None,
) -> tuple[Effect, Assessment | None]:
    """Judge a leaf that was lost here and came back: of either log, by the common voice alone.

    What the house's own rules said of its own act is lost with its journal; that the act was
    entered at all says that they permitted it. A leaf that had no effect before has none.
    """
    if refused is not None:
        article = refused.article if isinstance(refused.article, str) else ""
        return Effect(outcome=Outcome.UNLAWFUL, code=refused.code, article=article), None
    author, other = owner(log), reader(log)
    assert other is not None  # noqa: S101 - only correspondences come back
    if author != node.party:
        return judged_leaf(node, books, rows, author, log, index, entry, journal_size=journal_size)
    if entry is None:
        return OPAQUE, None
    # As its receiver judged it: nobody's own rules speak.
    asked = Asked(house=other, acting=author, counterpart=other, log=log, index=index, entry=entry)
    assessment = assess(books, rows, asked, journal_size=journal_size)
    return effect_of(assessment, claimed=entry.judgement), assessment


def enter_again(
    node: Node, peer: Party, found: Found, *, remembered: Sequence[bytes] = ()
) -> Recovered:
    """Enter what :func:`~comity.node.lost.find` verified, under its old numbers, all or nothing.

    Where no entry is lost the checkpoints still may be on which the counterpart's next ones rest.
    Lanes are closed, not fetched (:func:`comity.node.lanes.close_in`).

    Raises:
        Invalid: ``invalid.recover.judgement``: an own entry does not come to the judgement that
            stands in it, because something that it rests on was kept back;
            ``invalid.recover.seen``: an entry rests on more than was given.
        Unavailable: ``unavailable.conflict``: something was entered in between; the disk.
    """
    own, theirs = found.own, found.theirs
    with sitting(node) as session:
        for lost in (own, theirs):
            if session.size(lost.log) != lost.first:
                raise Invalid("invalid.recover.seen", "this copy has changed meanwhile")
        _keep_documents(session, found)
        refused = refused_before(own, theirs.log)
        notes = {one.log: note_digest(one.note) for one in (own, theirs) if one.note}
        session.recovering(Recovery(notes=notes, refused=refused))
        without = _enter(session, found, refused)
        session.recovering(None)
        for lost in (own, theirs):
            _hold(session, lost)
        _keep_cited(session, found)
        _keep_shown(session, found.shown)
        _say_without_effect(session, theirs, without)
        asked = _ask_keys_again(session, theirs)
        gone = _without_key(session, own)
        session.tx.drop(Space.LATEST, [f"{own.log}|rolled-back"])
        lanes.close_in(session, peer, remembered, lost=not found.nothing)
        if not found.nothing:
            alarms.note_alarm(session, peer, "recover.alarm")
    return Recovered(len(own.leaves), len(theirs.leaves), gone, asked)


def refused_before(own: Lost, log: LogName) -> dict[tuple[LogName, int], RefusedLeaf]:
    """Return the leaves of the counterpart's that the own lost acts say had no effect here."""
    found: dict[tuple[LogName, int], RefusedLeaf] = {}
    for leaf in own.leaves:
        entry = entry_or_opaque(leaf)
        deed = None if entry is None else entry.deed
        if isinstance(deed, deeds.RefuseLeaves) and deed.log == log:
            found |= {(log, one.index): one for one in deed.refused}
        if isinstance(deed, deeds.Diverge) and deed.leaf.log == log:
            at = deed.leaf.index
            found[log, at] = RefusedLeaf(index=at, code=_DIVERGED)
    return found


def _keep_documents(session: Sitting, found: Found) -> None:
    """Keep what the leaves name; a directory only where its author's root signed it."""
    node = session.node
    for lost in (found.own, found.theirs):
        entries = [entry_or_opaque(leaf) for leaf in lost.leaves]
        root = session.books.root(owner(lost.log)) or Digest("")
        for space, named in by_space(entries, found.documents).items():
            keep = genuine(node, named, root)
            session.tx.save(space, keep)
            if lost is found.theirs:
                session.tx.save(Space.LINK, brought_by(owner(lost.log), keep))


def _enter(
    session: Sitting, found: Found, refused: Mapping[tuple[LogName, int], RefusedLeaf]
) -> list[RefusedLeaf]:
    """Enter both logs' leaves, each after what it has seen of the other.

    Returns:
        Leaves of the counterpart's that have no effect here, without its having been told.
    """
    without: list[RefusedLeaf] = []
    own, theirs = found.own, found.theirs
    left = {one.log: list(enumerate(one.leaves, start=one.first)) for one in (own, theirs)}
    _prefetch(session, (own, theirs))
    while left[own.log] or left[theirs.log]:
        before = sum(map(len, left.values()))
        for log, other in ((theirs.log, own.log), (own.log, theirs.log)):
            while left[log]:
                index, leaf = left[log][0]
                entry = entry_or_opaque(leaf)
                if seen_size(entry) > session.size(other):
                    break
                before_that = refused.get((log, index))
                effect = _enter_one(session, found, log, index, leaf, entry, before_that)
                if before_that is None and not effect.holds and not _is_refusal(entry):
                    without.append(_without(index, effect))
                left[log].pop(0)
        if sum(map(len, left.values())) == before:
            raise Invalid("invalid.recover.seen", "an entry rests on more than was given")
    return without


def _is_refusal(entry: Entry | None) -> bool:
    """Tell whether it is an entry that is never refused itself: so nothing loops."""
    return entry is not None and isinstance(entry.deed, deeds.RefuseLeaves)


def _without(index: int, effect: Effect) -> RefusedLeaf:
    code = _DIVERGED if effect.diverged else Reason(effect.code or "judgement.unlawful")
    return RefusedLeaf(
        index=index, code=code, article=Article(effect.article) if effect.article else UNSET
    )


def _say_without_effect(session: Sitting, theirs: Lost, without: Sequence[RefusedLeaf]) -> None:
    """Tell the counterpart what has no effect here, where what told it so never reached it."""
    acts = [
        Act(
            deed=deeds.RefuseLeaves(
                by=session.node.registry,
                to=owner(theirs.log),
                article=LINK_ARTICLE,
                agreement=GROUND.digest,
                log=theirs.log,
                old=theirs.first,
                new=session.size(theirs.log),
                refused=tuple(without[start : start + RECOVERED_LIMIT]),
            )
        )
        for start in range(0, len(without), RECOVERED_LIMIT)
    ]
    if acts:
        enter_in(session, acts)


def _enter_one(  # noqa: PLR0913 - one leaf where it stands
    session: Sitting,
    found: Found,
    log: LogName,
    index: int,
    leaf: bytes,
    entry: Entry | None,
    refused: RefusedLeaf | None,
) -> Effect:
    node = session.node
    _keep_seen(session, found, entry)
    effect, assessment = judged_again(
        node,
        session.books,
        session.rows,
        log,
        index,
        entry,
        journal_size=session.journal_size,
        refused=refused,
    )
    if owner(log) == node.party and (assessment is None or effect.diverged or not effect.holds):
        # This house judged it lawful when it entered it. That it does not come to the same now
        # means that an approval, a text or a checkpoint was kept back.
        raise Invalid("invalid.recover.judgement", f"{log}#{index} does not come to what it says")
    session.append(log, leaf, entry, effect=effect, assessment=assessment)
    return effect


def _keep_seen(session: Sitting, found: Found, entry: Entry | None) -> None:
    """Keep the checkpoint that an entry has seen, where its owner's signature holds."""
    if entry is None or isinstance(entry.seen, UnsetType):
        return
    name = entry.seen.digest
    note = found.notes.get(name)
    if note is None or session.tx.load(Space.NOTE, name) is not None:
        return
    stands = checkpoint_of(note)
    signers = signers_of(session.books, session.rows, stands.log, stands.size)
    try:
        verified_note(session.node.suite, note, log=stands.log, signers=signers)
    except Invalid:
        return  # as good as absent: the judgement says so
    session.tx.save(Space.NOTE, {name: note})


def _keep_cited(session: Sitting, found: Found) -> None:
    """Keep the own checkpoints that the counterpart's next entries rest on: signed, and so here."""
    log = found.own.log
    for name, note in found.notes.items():
        stands = checkpoint_of(note)
        if stands.log != log or stands.size > session.size(log):
            continue
        signers = signers_of(session.books, session.rows, log, stands.size)
        try:
            verified_note(session.node.suite, note, log=log, signers=signers)
        except Invalid:
            continue  # not by this house: nothing rests on it
        if session.tx.load(Space.NOTE, name) is None:
            session.tx.save(Space.NOTE, {name: line_alone(note, owner(log))})


def _keep_shown(session: Sitting, note: bytes) -> None:
    """Keep how far the counterpart's register ledger was cosigned, where this copy knows less."""
    if not note:
        return
    stands = checkpoint_of(note)
    kept = session.tx.load(Space.LATEST, f"{stands.log}|cosigned")
    if kept is None or checkpoint_of(kept).size < stands.size:
        session.tx.save(Space.LATEST, {f"{stands.log}|cosigned": note})


def _prefetch(session: Sitting, both: Sequence[Lost]) -> None:
    ask = Needs()
    party = session.node.party
    for lost in both:
        for index, leaf in enumerate(lost.leaves, start=lost.first):
            entry = entry_or_opaque(leaf)
            other = reader(lost.log)
            if entry is None or other is None or kind(entry.deed).log is not Log.CORRESPONDENCE:
                continue
            asked = Asked(
                house=other,
                acting=owner(lost.log),
                counterpart=other,
                log=lost.log,
                index=index,
                entry=entry,
            )
            lookups.needs(ask, structs.replace(asked, house=party))
            fold.needs(ask, Leaf(house=party, log=lost.log, index=index, entry=entry))
    session.rows.fetch(ask)


def _hold(session: Sitting, lost: Lost) -> None:
    """Keep the checkpoint with both signatures that the leaves lead to, for what comes next."""
    if not lost.note:
        if lost.single:
            # Nothing is lost of it. But the word that this copy holds may be one that its owner
            # lost itself meanwhile: what rests on that would have no effect there.
            session.roots.keep_note(lost.single)
            session.roots.hold(lost.log, lost.single)
        return
    log, size = lost.log, checkpoint_of(lost.note).size
    session.roots.keep_note(lost.single)
    if owner(log) == session.node.party:
        own = {f"{log}|own|{size:016d}": lost.single, f"{log}|own": lost.single}
        session.tx.save(Space.LATEST, {**own, f"{log}|acked": lost.note})
        return
    held = lost.note if len(parse_note(lost.note).lines) > 1 else _cosigned(session, lost.note)
    session.roots.hold(log, held)
    session.tx.save(Space.LATEST, {f"{log}|cosigned": held})
    remember_claim(session, checkpoint_of(held))


def _cosigned(session: Sitting, note: bytes) -> bytes:
    """Cosign a checkpoint again whose cosignature was lost on its way to its owner."""
    node, at = session.node, latest((session.now, checkpoint_of(note).time))
    own = session.size(correspondence(node.party, owner(checkpoint_of(note).log)))
    # By the directories that came back just now: they are not written yet.
    key = cosigning_key(node, session.tx, note, books=session.books, rows=session.rows, own=own)
    line = cosign(node.suite, key.private, key.public, note, name=node.party, time=at)
    return with_line(note, line)


def _ask_keys_again(session: Sitting, theirs: Lost) -> int:
    """Ask for the keys and contents of received items with the next exchange."""
    peer = owner(theirs.log)
    asked = 0
    for index, leaf in enumerate(theirs.leaves, start=theirs.first):
        row = session.rows.get(ItemOf, key_at(theirs.log, index))
        entry = entry_or_opaque(leaf)
        if row is None or entry is None:
            continue
        slips.ask_again(session, theirs.log, index)
        asked += 1
        if isinstance(entry.ciphertext, str):
            large.want(session, peer, [entry.ciphertext])
    return asked


def _without_key(session: Sitting, own: Lost) -> tuple[str, ...]:
    """Return the own items that came back without the key that only this house had.

    They are kept with the entries: if the process dies before it has said so, it is said the
    next time, and every time.
    """
    node, peer = session.node, reader(own.log)
    kept = session.tx.load(Space.LATEST, f"{own.log}|without-key")
    gone: list[str] = json.decode(kept, type=list[str]) if kept else []
    for index, leaf in enumerate(own.leaves, start=own.first):
        row = session.rows.get(ItemOf, key_at(own.log, index))
        entry = entry_or_opaque(leaf)
        if row is None or entry is None:
            continue
        if session.tx.load(Space.KEY, f"{row.key}|{node.party}") is None:
            gone.append(row.reference)
        name = entry.ciphertext
        if peer is not None and isinstance(name, str) and node.files is not None:
            # The file outside the database is there still: the counterpart may have to fetch it.
            given = {large.given_key(peer, name): b"given"}
            session.tx.save(Space.LINK, given if node.files.size(name) is not None else {})
    if gone:
        session.tx.save(Space.LATEST, {f"{own.log}|without-key": json.encode(gone)})
    return tuple(gone)


__all__ = ["Recovered", "enter_again", "judged_again", "refused_before"]
