"""Judging one act with everything the node holds: entering, receiving and replaying alike."""

import json
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest_of
from comity.acts.deeds import kind_of
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Judgement, Outcome
from comity.acts.judgements import judgement_digest as digest_of_judgement
from comity.acts.kinds import Family, Log, kind
from comity.agreement.case import ApprovalFact, Case, InstrumentFact
from comity.agreement.gather import (
    EVERYTHING,
    Asked,
    case_of,
    cut_of,
    instruments_on,
    item_position,
    seen_by_both,
)
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, Voice, judge
from comity.agreement.lifecycle import standing
from comity.agreement.text import Agreement
from comity.ledger.approvals import verify_approval
from comity.ledger.checkpoints import parse
from comity.ledger.notes import parse_note
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.register.fold import Effect
from comity.register.rows import DirectoryOf, ItemOf, Peer, Rows, key_of
from comity.seal.directories import Directory, read_directory
from comity.seal.suite import SignatureType
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party


class Assessment(NamedTuple):
    """What the judgements of one act are, and what they come to."""

    case: Case
    common: Judgement | None
    domestic: Judgement | None

    @property
    def common_digest(self) -> Digest | None:
        """The digest that travels in the entry."""
        return None if self.common is None else digest_of_judgement(self.common)

    @property
    def domestic_digest(self) -> Digest | None:
        """The digest that stays in the journal."""
        return None if self.domestic is None else digest_of_judgement(self.domestic)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Those that were made."""
        return tuple(one for one in (self.common, self.domestic) if one is not None)

    @property
    def lawful(self) -> bool:
        """Whether every judgement that was made is lawful."""
        return all(one.outcome is Outcome.LAWFUL for one in self.judgements)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the common ones first."""
        return tuple(finding for one in self.judgements for finding in one.findings)

    @property
    def objections(self) -> tuple[Finding, ...]:
        """What stands in the way, the gravest first."""
        return tuple(finding for one in self.judgements for finding in one.objections)


def effect_of(assessment: Assessment, *, claimed: Digest | UnsetType = UNSET) -> Effect:
    """Return what a leaf comes to; ``claimed`` is the digest that its author computed."""
    worst = Outcome.LAWFUL
    for one in assessment.judgements:
        if one.outcome is Outcome.UNLAWFUL or (
            one.outcome is Outcome.REMEDIABLE and worst is Outcome.LAWFUL
        ):
            worst = one.outcome
    diverged = isinstance(claimed, str) and claimed != assessment.common_digest
    objection = next(iter(assessment.objections), None)
    code = "" if worst is Outcome.LAWFUL else "judgement.nothing-permits"
    return Effect(
        outcome=worst,
        code=code if objection is None else objection.reason.code,
        article="" if objection is None else objection.article,
        duties=tuple(duty for one in assessment.judgements for duty in one.duties),
        diverged=diverged,
    )


OPAQUE = Effect(outcome=None, code="leaf.opaque")


def assess(
    node: Node, tx: Reading, rows: Overlay, asked: Asked, *, journal_size: int
) -> Assessment:
    """Gather the case and judge an act; deterministic for the same books and the same entry.

    ``journal_size`` is the size of the house's journal when the act is (or was) judged.
    """
    deed = asked.entry.deed
    if not isinstance(deed, deeds.Outward):
        return _house_act(node, tx, rows, asked)
    asked = _checked(node, tx, rows, asked, journal_size)
    agreement = None
    if isinstance(deed.agreement, str):
        agreement = node.agreement(tx, deed.agreement)
    cut = cut_of(asked)
    views = ()
    if agreement is not None and agreement is not GROUND:
        facts = instruments_on(rows, cut, agreement.digest)
        views = standing(agreement, facts, at=asked.entry.at)

    def document(digest: Digest) -> bytes | None:
        return tx.load(Space.DOCUMENT, digest)

    full = case_of(rows, asked, documents=document, views=views)
    private = kind(deed).log is not Log.CORRESPONDENCE
    shared = full if private else seen_by_both(full)
    origins = _origins(node, tx, rows, asked, shared)
    texts = Texts(hop=agreement, origins=origins, ground=GROUND, profile=None)
    common = judge(texts, asked.entry, shared, voice=Voice.COMMON)
    domestic = None
    if asked.acting == asked.house and kind(deed).family is not Family.LINK:
        own = Texts(
            hop=agreement, origins=origins, ground=GROUND, profile=node.profile(tx, rows)
        )
        domestic = judge(own, asked.entry, full, voice=Voice.DOMESTIC)
    return Assessment(full, common, domestic)


def _house_act(node: Node, tx: Reading, rows: Overlay, asked: Asked) -> Assessment:
    case = case_of(rows, asked, documents=lambda _: None, views=())
    texts = Texts(hop=None, origins=(), ground=GROUND, profile=node.profile(tx, rows))
    return Assessment(case, None, judge(texts, asked.entry, case, voice=Voice.DOMESTIC))


def _origins(
    node: Node, tx: Reading, rows: Rows, asked: Asked, case: Case
) -> tuple[tuple[Agreement, Case], ...]:
    """Return the agreements in an item's chain of origin, whose terms go with it."""
    position = item_position(asked.entry.deed)
    if position is None or not isinstance(asked.entry.deed, deeds.Release):
        return ()
    item = rows.get(ItemOf, key_of(position))
    if item is None or not item.agreement:
        return ()
    agreement = node.agreement(tx, Digest(item.agreement))
    return () if agreement is None else ((agreement, case),)


def _checked(
    node: Node, tx: Reading, rows: Rows, asked: Asked, journal_size: int
) -> Asked:
    """Add what only signatures and kept notes can tell: approvals, the cut, exact texts."""
    deed = asked.entry.deed
    bundle = signed = False
    if isinstance(deed, deeds.Propose | deeds.Sign | deeds.NotifyRequirementsMet):
        bundle = node.agreement(tx, deed.text) is not None
    mine = correspondence(asked.acting, asked.counterpart)
    index = asked.index if asked.log == mine else EVERYTHING
    directory = directory_at(node, tx, rows, asked.acting, asked.counterpart, index)
    if isinstance(deed, deeds.Sign) and bundle and directory is not None:
        signed = _signed_exactly(node, tx, deed, directory)
    return Asked(
        house=asked.house,
        acting=asked.acting,
        counterpart=asked.counterpart,
        log=asked.log,
        index=asked.index,
        entry=asked.entry,
        approvals=_approvals(node, tx, asked.entry, directory),
        cut_problem=_cut_problem(tx, asked, journal_size),
        bundle=bundle,
        signed_exactly=signed,
    )


def directory_at(  # noqa: PLR0913 - whose directory, towards whom, where
    node: Node, tx: Reading, rows: Rows, author: Party, reader: Party, index: int
) -> Directory | None:
    """Return the author's directory in force at a position of its correspondence.

    Before its first leaf that is the directory exchanged at enrolment.
    """
    log = correspondence(author, reader)
    found = [row for row in rows.within(DirectoryOf, log) if row.index < index]
    if found:
        digest = max(found, key=lambda row: row.index).digest
    elif author == node.party:
        return None if (raw := tx.load(Space.LATEST, f"directory|{reader}")) is None else (
            read_directory(raw)
        )
    else:
        peer = rows.get(Peer, author)
        if peer is None:
            return None
        digest = peer.directory
    raw = tx.load(Space.DOCUMENT, digest)
    return None if raw is None else read_directory(raw)


def _signed_exactly(node: Node, tx: Reading, deed: deeds.Sign, directory: Directory) -> bool:
    raw = tx.load(Space.DOCUMENT, deed.text)
    if raw is None:
        return False
    try:
        node.suite.verify(
            directory.ledger,
            type=SignatureType.AGREEMENT,
            message=raw,
            signature=deed.signature,
        )
    except Invalid:
        return False
    return True


def _approvals(
    node: Node, tx: Reading, entry: Entry, directory: Directory | None
) -> tuple[ApprovalFact, ...]:
    """Return the approvals that verify. One that does not is as good as absent."""
    if isinstance(entry.approvals, UnsetType) or directory is None:
        return ()
    deed = digest_of(entry.deed)
    facts: dict[str, ApprovalFact] = {}
    for approval in entry.approvals:
        try:
            who = verify_approval(
                node.suite,
                approval,
                deed=deed,
                document=tx.load(Space.DOCUMENT, approval.document),
                directory=directory,
            )
        except Invalid:
            continue
        # Distinct persons: the same person twice is one approval.
        facts[who.person] = ApprovalFact(person=who.person, office=who.office, roles=who.roles)
    return tuple(facts[person] for person in sorted(facts))


class Claim(Struct, frozen=True):
    """That an author's own checkpoint of some size said what it had seen, learnt when."""

    size: int
    seen: int
    journal: int


def claims(tx: Reading, log: LogName) -> list[Claim]:
    """Return what the author of a log has claimed to have seen."""
    raw = tx.load(Space.LINK, f"claims|{log}")
    return [Claim(*one) for one in json.loads(raw)] if raw else []


def _cut_problem(tx: Reading, asked: Asked, journal_size: int) -> str | UnsetType:
    """Check ``seen`` against the note it names (4-protocol, "The cut")."""
    seen = asked.entry.seen
    if isinstance(seen, UnsetType):
        return UNSET
    note = tx.load(Space.NOTE, seen.digest)
    if note is None:
        return "seen.unknown"
    checkpoint = parse(parse_note(note).text)
    expected = correspondence(asked.counterpart, asked.acting)
    if (checkpoint.log, checkpoint.size, checkpoint.root, checkpoint.time) != (
        expected,
        seen.size,
        seen.root,
        seen.time,
    ):
        return "seen.unknown"
    # An entry at or after size m that claims less than the author's checkpoint of size m is
    # unlawful; only what was known when the entry was judged counts, so that a replay agrees.
    for claim in claims(tx, asked.log):
        if claim.size <= asked.index and claim.journal <= journal_size and seen.size < claim.seen:
            return "seen.behind-checkpoint"
    return UNSET


def kind_name(entry: Entry) -> str:
    """Return the kind of an entry's deed."""
    return kind_of(entry.deed)


__all__ = [
    "OPAQUE",
    "Assessment",
    "Claim",
    "InstrumentFact",
    "assess",
    "claims",
    "directory_at",
    "effect_of",
]
