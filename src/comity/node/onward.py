"""Passing on: the originator's leaf and consent go with the item, and the originator is told.

The release to the third party and the word to the originator are two leaves of one transaction:
if the process dies before it is committed neither stands, and after it both do.
"""

import dataclasses
from collections.abc import Sequence

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.judgements import Judgement, Verdict, conclude
from comity.acts.parts import Head, Position
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.origin import OriginLeaf, OriginProof
from comity.agreement.text import Agreement
from comity.ledger.checkpoints import checkpoint_of, verify_checkpoint
from comity.ledger.notes import line_alone
from comity.ledger.proofs import inclusion_path
from comity.ledger.tiles import tile_reader
from comity.node import chancery
from comity.node.articles import article_of
from comity.node.assess import Assessment
from comity.node.chancery import Act
from comity.node.links import require_peer
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import (
    ConsentOf,
    ConsentUse,
    DirectoryOf,
    ItemOf,
    key_of,
    position_of,
)
from comity.seal.directories import read_directory
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, owner
from comity.vocabulary.names import Party


def judged(node: Node, acts: Sequence[Act]) -> tuple[Assessment, ...]:
    """Judge releases as they would be judged now; those that go on, with the word about them.

    What the originator's agreement says stands first. Of two findings that say the same, one
    is kept.
    """
    releases = chancery.judge_acts(node, [proven(node, one) for one in acts])
    return tuple(_with_word(node, act, one) for act, one in zip(acts, releases, strict=True))


def _with_word(node: Node, act: Act, release: Assessment) -> Assessment:
    told = telling(node, act)
    if not told:
        return release
    word = chancery.judge_act(node, told[0])
    return dataclasses.replace(
        release,
        common=_merged(word.common, release.common),
        domestic=_merged(release.domestic, word.domestic),
    )


def _merged(first: Judgement | None, second: Judgement | None) -> Judgement | None:
    if first is None or second is None:
        return first or second
    # The same clause looked at both acts; what it said of the one with the whole log counts.
    said = {(one.agreement, one.clause) for one in first.findings if one.agreement != "GROUND"}
    more = tuple(
        one
        for one in second.findings
        if (one.agreement, one.clause) not in said and one not in first.findings
    )
    stands = any(one.verdict is Verdict.PERMITS for one in second.findings)
    merged = conclude((*first.findings, *more), (*first.duties, *second.duties))
    return merged if stands or merged.objections else second


def telling(node: Node, act: Act) -> tuple[Act, ...]:
    """Return the word to the originator that goes in with a release, if the item goes on."""
    deed = act.deed
    if not isinstance(deed, deeds.Release) or not isinstance(deed.origin, Position):
        return ()
    with node.store.reading() as tx:
        item = tx.get(ItemOf, key_of(deed.origin))
        if item is None or not item.agreement:
            return ()
        agreement: Agreement | None = node.agreement(tx, Digest(item.agreement))
        chosen = _chosen(tx, agreement, deed, item, now=node.clock.now())
    return (
        Act(
            deed=deeds.OnwardReleased(
                by=deed.by,
                to=owner(deed.origin.log),
                article=article_of(agreement, "release.onward-released"),
                agreement=Digest(item.agreement),
                item=deed.origin,
                third_party=deed.to,
                purpose=deed.purpose,
                release=deeds.deed_digest(deed),
                consents=tuple(position_of(one.key) for one in chosen),
            ),
            requested_by=act.requested_by,
        ),
    )


def names_of(agreement: Agreement | None, party: Party) -> frozenset[Party]:
    """Return by which names a consent under a text means a party: its own, those of its groups."""
    clause = None if agreement is None else agreement.clause("third-party")
    return frozenset(clause.names_of(party) if isinstance(clause, ThirdParty) else (party,))


def _chosen(
    tx: Reading, agreement: Agreement | None, deed: deeds.Release, item: ItemOf, *, now: Instant
) -> Sequence[ConsentOf]:
    """Return the consents to use, one of each use; see :func:`best`."""
    asked = {
        "third-party": names_of(agreement, deed.to),
        "purpose": frozenset((deed.purpose,)),
    }
    found = (best(tx, item, uses, what, now=now) for uses, what in asked.items())
    return [one for one in found if one is not None]


def best(
    tx: Reading, item: ItemOf, uses: str, what: frozenset[str], *, now: Instant
) -> ConsentOf | None:
    """Return the consent for a party or purpose that holds longest, or the last that did.

    One that does not hold is named all the same where none does: the finding then says why.
    """
    fitting = [
        row
        for row in tx.within(ConsentOf, item.key)
        if row.uses == uses and (row.third_party if uses == "third-party" else row.purpose) in what
    ]
    return max(fitting, key=lambda row: (_holds(tx, row, now), row.until, row.key), default=None)


def _holds(tx: Reading, row: ConsentOf, now: Instant) -> bool:
    used = len(tx.within(ConsentUse, row.key))
    return row.ended < 0 and now < row.until and used < row.times


def proven(node: Node, act: Act) -> Act:
    """Return a release with the proof of where its item comes from, if it goes on."""
    deed = act.deed
    if not isinstance(deed, deeds.Release) or not isinstance(deed.origin, Position):
        return act
    with node.store.reading() as tx:
        item = tx.get(ItemOf, key_of(deed.origin))
        note = tx.load(Space.LATEST, f"{deed.origin.log}|cosigned")
        if item is None or note is None:
            return act
        # A third party cannot verify this house's own line: it has other directories of it.
        note = line_alone(note, owner(deed.origin.log))
        agreement = node.agreement(tx, Digest(item.agreement))
        chosen = _chosen(tx, agreement, deed, item, now=node.clock.now())
        positions = (deed.origin, *(position_of(one.key) for one in chosen))
        proof = _proof(node, tx, note, deed.origin.log, positions)
        bundle = tx.load(Space.DOCUMENT, item.agreement)
    checkpoint = checkpoint_of(note)
    head = Head(log=checkpoint.log, size=checkpoint.size, root=checkpoint.root)
    documents = {digest(raw): raw for raw in (encode(proof), bundle) if raw is not None}
    keep = {**act.keep, Space.DOCUMENT: {**act.keep.get(Space.DOCUMENT, {}), **documents}}
    return Act(
        deed=deed,
        approvals=act.approvals,
        attested=act.attested,
        evidence=(*act.evidence, *documents),
        also=(*act.also, head),
        ciphertext=act.ciphertext,
        keep=keep,
        requested_by=act.requested_by,
    )


def _proof(
    node: Node, tx: Reading, note: bytes, log: LogName, positions: Sequence[Position]
) -> OriginProof:
    size = checkpoint_of(note).size
    read = tile_reader(lambda tiles: tx.tiles(log, tiles), size, cache={})
    return OriginProof(
        origin=1,
        log=log,
        directory=_directory(node, tx, note, log),
        checkpoint=note,
        leaves=tuple(
            OriginLeaf(
                index=index,
                leaf=tx.leaves(log, index, index + 1)[0],
                path=tuple(inclusion_path(read, index, size)),
            )
            for index in sorted({one.index for one in positions})
            if index < size
        ),
    )


def _directory(node: Node, tx: Reading, note: bytes, log: LogName) -> bytes:
    """Return the latest signed directory of the log's owner whose key signed a checkpoint.

    The pouch that brings another ledger key is signed with the one before.
    """
    rows = sorted(tx.within(DirectoryOf, log), key=lambda row: row.index, reverse=True)
    names = [*(row.digest for row in rows), require_peer(tx, owner(log)).directory]
    for raw in tx.load_many(Space.DOCUMENT, names).values():
        try:
            verify_checkpoint(node.suite, note, public=read_directory(raw).ledger, log=log)
        except Invalid:
            continue
        return raw
    return b""  # proves nothing, and is refused by the judgement that reads it
