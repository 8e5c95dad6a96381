"""Judging one act with everything the books hold: entering, receiving, replaying, proving alike.

This is the whole way from an entry to its judgements. It looks at nothing but the entry, the
rows on the cut, and what :class:`Books` finds by digest, so a stranger with an evidence file
computes what the two nodes computed.
"""

from functools import lru_cache

from msgspec import UnsetType, structs

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.kinds import Family, Log, kind
from comity.acts.parts import Position
from comity.agreement.alike import Alike, judged, plain
from comity.agreement.assessment import Assessment
from comity.agreement.books import Books
from comity.agreement.case import Case, InstrumentFact, Standing
from comity.agreement.clauses import Voice
from comity.agreement.clauses.force import EntryIntoForce
from comity.agreement.clauses.network import DependsOn
from comity.agreement.clauses.third_party import ThirdParty
from comity.agreement.cut import PROVIDES, Asked, Cut, cut_of, own_size, speaks_here
from comity.agreement.gather import case_of, instruments_on, seen_by_both, stands
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts
from comity.agreement.lifecycle import life_facts, standing
from comity.agreement.matters import proposed
from comity.agreement.origin import OTHER_ITEM, UNPROVEN, Origin, as_received, facts_of, origin_of
from comity.agreement.text import Agreement
from comity.agreement.verified import checked, cut_problem, directory_at, verified_approvals
from comity.register.rows import Rows
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence, is_attested, owner
from comity.vocabulary.names import AgreementId, Party


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
        return _assess(books, rows, deed, checked(books, rows, asked, journal_size))
    alike.begin()
    mine = correspondence(asked.acting, asked.counterpart)
    directory = alike.once(
        mine, lambda: directory_at(books, rows, asked.acting, asked.counterpart, own_size(asked))
    )
    approvals = verified_approvals(books, asked.entry, directory)
    problem = cut_problem(books, asked, journal_size)
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
        key, lambda: _assess(books, rows, deed, checked(books, rows, asked, journal_size))
    )


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
    if concluded := _concluded(books, rows, asked, agreement):
        full = structs.replace(full, concluded=concluded)
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


def _concluded(
    books: Books, rows: Rows, asked: Asked, agreement: Agreement | None
) -> tuple[AgreementId, ...]:
    """Return which of the agreements that a text waits for are in force, in both views."""
    force = None if agreement is None else agreement.clause("entry-into-force")
    if not isinstance(asked.entry.deed, PROVIDES) or not isinstance(force, EntryIntoForce):
        return ()
    cut = cut_of(asked)
    return tuple(
        pact
        for pact in force.arrangement_first
        if any(
            _in_force(books.agreement(text), rows, asked, cut) for text in proposed(rows, cut, pact)
        )
    )


def _in_force(agreement: Agreement | None, rows: Rows, asked: Asked, cut: Cut) -> bool:
    link = _link(asked)
    if agreement is None or not set(link) <= set(agreement.parties):
        return False
    facts = instruments_on(rows, cut, agreement.digest)
    views = _standing(agreement, facts, asked.entry.at, link)
    return all(view is Standing.IN_FORCE for _, view in views)


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
    given = agreement.clause("third-party")
    if isinstance(given, ThirdParty):
        # Whom an approval means, the text says under which it was given, not that of the hop.
        case = structs.replace(case, consents=given.meant(origin.consents, deed.to))
    facts = facts_of(origin, deed, acting=case.acting)
    return case, ((agreement, structs.replace(case, item=facts)),)
