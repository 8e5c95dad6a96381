"""Judging one act with everything the books hold: entering, receiving, replaying, proving alike.

This is the whole way from an entry to its judgements. It looks at nothing but the entry, the
rows on the cut, and what :class:`Books` finds by digest, so a stranger with an evidence file
computes what the two nodes computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import Entry
from comity.acts.judgements import Finding, Judgement, Outcome
from comity.acts.judgements import judgement_digest as digest_of_judgement
from comity.acts.kinds import Family, Log, kind
from comity.acts.parts import Position
from comity.agreement.alike import Alike, judged, plain
from comity.agreement.case import ApprovalFact, Case, InstrumentFact, Standing
from comity.agreement.clauses import Voice
from comity.agreement.clauses.network import DependsOn
from comity.agreement.gather import (
    Asked,
    case_of,
    cut_of,
    instruments_on,
    own_size,
    seen_by_both,
    speaks_here,
    stands,
)
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts
from comity.agreement.lifecycle import life_facts, standing
from comity.agreement.origin import OTHER_ITEM, UNPROVEN, Origin, as_received, facts_of, origin_of
from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.ledger.approvals import verify_approval
from comity.ledger.checkpoints import checkpoint_of
from comity.register.fold import Effect
from comity.register.rows import DirectoryOf, Rows
from comity.seal.directories import Directory, follows, open_directory, read_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import SignatureType, Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName, correspondence, is_attested, is_feed, owner
from comity.vocabulary.names import Party


class Claim(Struct, frozen=True):
    """That an author's own checkpoint of some size said what it had seen, learnt when.

    Attributes:
        journal: Size of the learner's journal at that time.
    """

    size: int
    seen: int
    journal: int


class Books(Protocol):
    """What a judgement needs beside the rows, found by digest or by name."""

    @property
    def suite(self) -> Suite:
        """The one suite of algorithms."""
        ...

    def document(self, digest: Digest) -> bytes | None:
        """Return a document, or nothing."""
        ...

    def note(self, digest: Digest) -> bytes | None:
        """Return a signed checkpoint by the digest of its text, or nothing."""
        ...

    def agreement(self, digest: Digest) -> Agreement | None:
        """Return the agreement of a bundle; nothing if there is none, or none that parses."""
        ...

    def root(self, party: Party) -> Digest | None:
        """Return the identifier of a party's root as it was enrolled or confirmed."""
        ...

    def claims(self, log: LogName) -> Sequence[Claim]:
        """Return what a log's author has claimed to have seen."""
        ...

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        """Return the directory exchanged at enrolment, in force before the first leaf."""
        ...

    def profile(self, rows: Rows) -> Profile | None:
        """Return the house's own profile, or nothing (a stranger has none)."""
        ...

    def tree_root(self, log: LogName, size: int) -> Digest | None:
        """Return the root of a log's first leaves; nothing where not so many are held."""
        ...


@dataclass(frozen=True)
class Assessment:
    """What the judgements of one act are, and what they come to.

    Acts that are alike share one, so what follows from it is worked out once.
    """

    case: Case
    common: Judgement | None
    domestic: Judgement | None

    @cached_property
    def common_digest(self) -> Digest | None:
        """The digest that travels in the entry."""
        return None if self.common is None else digest_of_judgement(self.common)

    @cached_property
    def domestic_digest(self) -> Digest | None:
        """The digest that stays in the journal."""
        return None if self.domestic is None else digest_of_judgement(self.domestic)

    @cached_property
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

    @cached_property
    def objections(self) -> tuple[Finding, ...]:
        """What stands in the way, the gravest first."""
        return tuple(finding for one in self.judgements for finding in one.objections)

    def without(self, remedy: str) -> "Assessment":
        """Return the assessment as if one remedy were done: what stands in the way besides."""
        return Assessment(self.case, _without(self.common, remedy), _without(self.domestic, remedy))

    @cached_property
    def effect(self) -> Effect:
        """What a leaf comes to whose author's digest of the common judgement is this one's."""
        worst = Outcome.LAWFUL
        for one in self.judgements:
            if one.outcome is Outcome.UNLAWFUL or (
                one.outcome is Outcome.REMEDIABLE and worst is Outcome.LAWFUL
            ):
                worst = one.outcome
        objection = next(iter(self.objections), None)
        code = "" if worst is Outcome.LAWFUL else "judgement.nothing-permits"
        return Effect(
            outcome=worst,
            code=code if objection is None else objection.reason.code,
            article="" if objection is None else objection.article,
            duties=tuple(duty for one in self.judgements for duty in one.duties),
        )


def _without(judgement: Judgement | None, remedy: str) -> Judgement | None:
    if judgement is None:
        return None
    findings = tuple(
        one
        for one in judgement.findings
        if isinstance(one.remedy, UnsetType) or one.remedy.act != remedy
    )
    return Judgement(outcome=judgement.outcome, findings=findings, duties=())


def effect_of(assessment: Assessment, *, claimed: Digest | UnsetType = UNSET) -> Effect:
    """Return what a leaf comes to; ``claimed`` is the digest that its author computed."""
    if isinstance(claimed, str) and claimed != assessment.common_digest:
        return structs.replace(assessment.effect, diverged=True)
    return assessment.effect


OPAQUE = Effect(outcome=None, code="leaf.opaque")


def assess(
    books: Books, rows: Rows, asked: Asked, *, journal_size: int, alike: Alike | None = None
) -> Assessment:
    """Gather the case and judge an act; deterministic for the same books and the same entry.

    Args:
        books: What is found by digest or by name.
        rows: The register, on the cut.
        asked: The act.
        journal_size: The size of the house's journal when the act is (or was) judged.
        alike: What was worked out for the acts before it in its batch; see :class:`Alike`.
    """
    deed = asked.entry.deed
    if not isinstance(deed, deeds.Outward):
        return _house_act(books, rows, asked)
    own = isinstance(deed, deeds.Release) and not isinstance(deed.origin, Position)
    if alike is None or not own or is_attested(asked.log):
        return _assess(books, rows, deed, _checked(books, rows, asked, journal_size))
    alike.begin()
    mine = correspondence(asked.acting, asked.counterpart)
    directory = alike.once(
        mine, lambda: directory_at(books, rows, asked.acting, asked.counterpart, _index(asked))
    )
    approvals = _approvals(books, asked.entry, directory)
    problem = _cut_problem(books, asked, journal_size)
    key = (
        asked.house,
        asked.log,
        plain(asked.entry),
        asked.entry.seen,
        isinstance(asked.entry.ciphertext, str),
        approvals,
        problem,
        stands(rows, asked),
    )
    return alike.once(
        key, lambda: _assess(books, rows, deed, _checked(books, rows, asked, journal_size))
    )


def _index(asked: Asked) -> int:
    """Return up to where the author's own correspondence counts."""
    return own_size(asked)


def _assess(books: Books, rows: Rows, deed: deeds.Outward, asked: Asked) -> Assessment:
    agreement = None
    if isinstance(deed.agreement, str):
        agreement = books.agreement(deed.agreement)
    cut = cut_of(asked)
    views: tuple[tuple[Party, Standing], ...] = ()
    if agreement is not None and agreement is not GROUND:
        facts = instruments_on(rows, cut, agreement.digest)
        views = _standing(agreement, facts, asked.entry.at, _link(asked))

    parents, borrowed = _parents(books, rows, asked, agreement)
    full = case_of(rows, asked, documents=books.document, views=views, parents=parents)
    private = kind(deed).log in (Log.REGISTER, Log.JOURNAL)
    shared = full if private else seen_by_both(full)
    shared, origins = _origins(books, asked.entry, shared)
    shared, concerned = _concerned(books, rows, asked, shared)
    texts = Texts(
        hop=agreement,
        origins=origins,
        ground=GROUND,
        profile=None,
        concerned=concerned,
        borrowed=borrowed,
    )
    common = judged(texts, asked.entry, shared, voice=Voice.COMMON)
    domestic = None
    if speaks_here(asked) and kind(deed).family is not Family.LINK:
        own = structs.replace(texts, profile=books.profile(rows))
        domestic = judged(own, asked.entry, full, voice=Voice.DOMESTIC)
    return Assessment(full, common, domestic)


@lru_cache(maxsize=256)
def _standing(
    agreement: Agreement,
    facts: tuple[InstrumentFact, ...],
    at: Instant,
    between: tuple[Party, ...],
) -> tuple[tuple[Party, Standing], ...]:
    # The acts of a batch are stamped together and look at the same instruments.
    return standing(agreement, facts, at=at, between=between)


def _link(asked: Asked) -> tuple[Party, ...]:
    return tuple(sorted((asked.acting, asked.counterpart)))


def _parents(
    books: Books, rows: Rows, asked: Asked, agreement: Agreement | None
) -> tuple[tuple[tuple[Digest, Standing], ...], tuple[Agreement, ...]]:
    """Return the weakest view of each agreement that the judging one rests on, and these texts.

    A parent between others is not looked at: its instruments lie in a correspondence that one
    of the two may not have, so the two would not agree.
    """
    if agreement is None:
        return (), ()
    found: list[tuple[Digest, Standing]] = []
    texts: list[Agreement] = []
    cut = cut_of(asked)
    for clause in agreement.clauses:
        if not isinstance(clause, DependsOn):
            continue
        for one in clause.on:
            if not {asked.acting, asked.counterpart} <= set(one.between):
                continue
            parent = books.agreement(one.text)
            if parent is None:
                found.append((one.text, Standing.UNKNOWN))
                continue
            texts.append(parent)
            facts = instruments_on(rows, cut, parent.digest)
            views = [view for _, view in _standing(parent, facts, asked.entry.at, _link(asked))]
            weakest = next((view for view in views if view is not Standing.IN_FORCE), None)
            found.append((one.text, Standing.IN_FORCE if weakest is None else weakest))
    return tuple(found), tuple(texts)


def _concerned(books: Books, rows: Rows, asked: Asked, case: Case) -> tuple[Case, Agreement | None]:
    """Return the case with what the text is that an instrument is about, and that text."""
    deed = asked.entry.deed
    text = getattr(deed, "text", None)
    if kind(deed).family is not Family.INSTRUMENT or not isinstance(text, str):
        return case, None
    agreement = books.agreement(Digest(text))
    if agreement is None or not {asked.acting, asked.counterpart} <= set(agreement.parties):
        return case, None
    facts = instruments_on(rows, cut_of(asked), agreement.digest)
    life = life_facts(
        agreement,
        facts,
        asked.entry,
        acting=asked.acting,
        key=f"{asked.log}#{asked.index}",
    )
    return structs.replace(case, life=life), agreement


def _house_act(books: Books, rows: Rows, asked: Asked) -> Assessment:
    case = case_of(rows, asked, documents=lambda _: None, views=())
    texts = Texts(hop=None, origins=(), ground=GROUND, profile=books.profile(rows))
    return Assessment(case, None, judged(texts, asked.entry, case, voice=Voice.DOMESTIC))


def _origin(books: Books, entry: Entry) -> Origin | None:
    """Return what the evidence of an onward release proves of its item, or nothing."""
    deed = entry.deed
    if not isinstance(deed, deeds.Release) or isinstance(deed.origin, UnsetType):
        return None
    root = books.root(owner(deed.origin.log))
    if root is None or isinstance(entry.evidence, UnsetType):
        return None
    for name in entry.evidence:
        raw = books.document(name)
        if raw is None:
            continue
        try:
            return origin_of(books.suite, raw, entry=entry, root=root)
        except Invalid:
            continue  # another document, or one that proves nothing
    return None


def _origins(
    books: Books, entry: Entry, case: Case
) -> tuple[Case, tuple[tuple[Agreement, Case], ...]]:
    """Return the case with what is proven of an item's origin, and the texts that go with it."""
    deed = entry.deed
    if not isinstance(deed, deeds.Release) or isinstance(deed.origin, UnsetType):
        return case, ()
    origin = _origin(books, entry)
    if origin is None:
        return structs.replace(case, origin_problem=UNPROVEN), ()
    case = structs.replace(case, consents=origin.consents)
    if not as_received(origin, deed):
        case = structs.replace(case, origin_problem=OTHER_ITEM)
    name = origin.release.agreement
    agreement = books.agreement(name) if isinstance(name, str) else None
    if agreement is None:
        return structs.replace(case, origin_problem=UNPROVEN), ()
    facts = facts_of(origin, deed, acting=case.acting)
    return case, ((agreement, structs.replace(case, item=facts)),)


def _checked(books: Books, rows: Rows, asked: Asked, journal_size: int) -> Asked:
    """Add what only signatures and kept notes can tell: approvals, the cut, exact texts."""
    deed = asked.entry.deed
    bundle = signed = False
    if isinstance(text := getattr(deed, "text", None), str):
        bundle = _carried(books, deed, Digest(text))
    directory = directory_at(books, rows, asked.acting, asked.counterpart, _index(asked))
    signers = directory
    if is_attested(asked.log):
        # Nobody of the party on paper signs: an officer of the keeper's registry does.
        told = cut_of(asked).theirs_size
        directory = None
        signers = directory_at(books, rows, asked.counterpart, asked.acting, told)
    if isinstance(deed, deeds.PublishDirectory):
        bundle = _follows(books, rows, asked, deed)
    if isinstance(deed, deeds.Sign) and bundle and directory is not None:
        signed = _signed_exactly(books, deed, directory)
    return Asked(
        house=asked.house,
        acting=asked.acting,
        counterpart=asked.counterpart,
        log=asked.log,
        index=asked.index,
        entry=asked.entry,
        approvals=_approvals(books, asked.entry, signers),
        cut_problem=_cut_problem(books, asked, journal_size),
        expired=_expired(books, rows, asked, directory),
        bundle=bundle,
        signed_exactly=signed,
    )


def _carried(books: Books, deed: deeds.Deed, text: Digest) -> bool:
    """Tell whether the text that an instrument names is here; and that which takes its place."""
    found = books.agreement(text)
    if found is None or not isinstance(deed, deeds.Amend):
        return found is not None
    new = books.agreement(deed.new)
    return (
        new is not None
        and new.digest != text
        and (new.id, new.parties)
        == (
            found.id,
            found.parties,
        )
    )


def _expired(books: Books, rows: Rows, asked: Asked, own: Directory | None) -> bool:
    """Tell whether the author's directory, or the counterpart's within the cut, has ended.

    Whoever keeps the newer ones back would otherwise be served under old keys for ever (TUF,
    freeze). Only what provides stops: what protects never does.
    """
    if kind(asked.entry.deed).family is not Family.PROVIDING:
        return False
    seen = asked.entry.seen
    size = 0 if isinstance(seen, UnsetType) else seen.size
    theirs = directory_at(books, rows, asked.counterpart, asked.acting, size)
    return any(one is not None and one.expires <= asked.entry.at for one in (own, theirs))


def directory_at(
    books: Books, rows: Rows, author: Party, reader: Party, index: int
) -> Directory | None:
    """Return the author's directory in force at a position of its correspondence.

    Before its first leaf that is the directory exchanged at enrolment.
    """
    found = [
        row for row in rows.within(DirectoryOf, correspondence(author, reader)) if row.index < index
    ]
    if found:
        raw = books.document(Digest(max(found, key=lambda row: row.index).digest))
    else:
        raw = books.first_directory(author, reader)
    return None if raw is None else read_directory(raw)


def _follows(books: Books, rows: Rows, asked: Asked, deed: deeds.PublishDirectory) -> bool:
    """Tell whether a directory is here, signed by the author's root, and follows the one before.

    What takes effect here verifies everything that comes after it: one that is none would
    silence the link, and every other with it.
    """
    log = correspondence(asked.acting, asked.counterpart)
    raw = books.document(deed.directory)
    if is_attested(asked.log):
        return _opens(books, asked, deed, raw)
    first = books.first_directory(asked.acting, asked.counterpart)
    if raw is None or first is None:
        return False
    below = [row for row in rows.within(DirectoryOf, log) if row.index < asked.index]
    before = first
    if below:
        kept = books.document(Digest(max(below, key=lambda row: row.index).digest))
        if kept is None:
            return False
        before = kept
    try:
        old = read_directory(before)
        new = open_directory(books.suite, raw, root=key_id(old.root))
        if new.version != deed.version:
            return False
        if raw != before:
            follows(new, old, old_digest=digest(before))
    except Invalid:
        return False
    return True


def _opens(books: Books, asked: Asked, deed: deeds.PublishDirectory, raw: bytes | None) -> bool:
    """Tell whether a directory is the first one of a party that joins, signed by its own root.

    That the root is that party's two persons of the keeper compared; the party itself signs the
    entry with its cosignature.
    """
    if raw is None:
        return False
    try:
        root = key_id(read_directory(raw).root)
        one = open_directory(books.suite, raw, root=root)
    except Invalid:
        return False
    return (one.party, one.to, one.version) == (asked.acting, asked.counterpart, deed.version)


def _signed_exactly(books: Books, deed: deeds.Sign, directory: Directory) -> bool:
    raw = books.document(deed.text)
    if raw is None:
        return False
    try:
        books.suite.verify(
            directory.ledger,
            type=SignatureType.AGREEMENT,
            message=raw,
            signature=deed.signature,
        )
    except Invalid:
        return False
    return True


def _approvals(books: Books, entry: Entry, directory: Directory | None) -> tuple[ApprovalFact, ...]:
    """Return the approvals that verify. One that does not is as good as absent."""
    if isinstance(entry.approvals, UnsetType) or directory is None:
        return ()
    deed = deeds.deed_digest(entry.deed)
    facts: dict[str, ApprovalFact] = {}
    for approval in entry.approvals:
        try:
            who = verify_approval(
                books.suite,
                approval,
                deed=deed,
                document=books.document(approval.document),
                directory=directory,
            )
        except Invalid:
            continue
        # Distinct persons: the same person twice is one approval.
        facts[who.person] = ApprovalFact(person=who.person, office=who.office, roles=who.roles)
    return tuple(facts[person] for person in sorted(facts))


def _other_root(books: Books, asked: Asked) -> bool:
    """Tell whether an entry of a lane names another tree than its author's correspondence is.

    Where nobody holds that tree (an evidence file) there is nothing to compare: who received the
    entry did, and cosigned it.
    """
    own = correspondence(asked.acting, asked.counterpart)
    also = () if isinstance(asked.entry.also, UnsetType) else asked.entry.also
    for one in also:
        if one.log == own:
            root = books.tree_root(own, one.size)
            if root is not None and root != one.root:
                return True
    return False


def _cut_problem(books: Books, asked: Asked, journal_size: int) -> str | UnsetType:
    """Check ``seen`` against the note it names (4-protocol, "The cut")."""
    seen = asked.entry.seen
    if isinstance(seen, UnsetType):
        return UNSET
    note = books.note(seen.digest)
    if note is None:
        return "seen.unknown"
    checkpoint = checkpoint_of(note)
    expected = correspondence(asked.counterpart, asked.acting)
    if (checkpoint.log, checkpoint.size, checkpoint.root, checkpoint.time) != (
        expected,
        seen.size,
        seen.root,
        seen.time,
    ):
        return "seen.unknown"
    if is_feed(asked.log) and _other_root(books, asked):
        return "head.other"
    # An entry at or after size m that claims less than the author's checkpoint of size m is
    # unlawful; only what was known when the entry was judged counts, so that a replay agrees.
    for claim in books.claims(asked.log):
        if claim.size <= asked.index and claim.journal <= journal_size and seen.size < claim.seen:
            return "seen.behind-checkpoint"
    return UNSET
