"""Gathering the case file of an act: what the rows say on its cut.

Both nodes of a link gather the common case from the same two logs up to the same two positions,
so they gather the same one. Rows are asked for by batch (:func:`comity.agreement.lookups.needs`)
and then read one act at a time, so that an act sees what the acts before it in the batch have
changed.
"""

from functools import lru_cache
from typing import Final

from msgspec import UNSET, UnsetType, structs

from comity.acts import deeds
from comity.acts.kinds import Log, kind
from comity.agreement import streaming
from comity.agreement.case import (
    AssuranceFact,
    AttestedFacts,
    Case,
    CutFacts,
    InstrumentFact,
    ItemFacts,
    Standing,
)
from comity.agreement.consenting import consent_facts, named_facts
from comity.agreement.cut import PROVIDES, Asked, Cut, cut_of, joined, own_size, speaks_here
from comity.agreement.household import house_facts
from comity.agreement.items import inherited, item_of
from comity.agreement.matters import (
    about_facts,
    last_visit,
    open_incidents,
    shown_items,
    words_facts,
)
from comity.agreement.notified import (
    Documents,
    calendars_of,
    notification,
    officers_designating,
    offices_notified,
)
from comity.register.rows import (
    Assurance,
    Copy,
    DirectoryOf,
    Draft,
    DutyOf,
    Instrument,
    ItemOf,
    LaneOf,
    Line,
    LogState,
    Number,
    Row,
    Rows,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.logs import is_attested, is_feed, standing_in
from comity.vocabulary.names import Level, Office, Party, Reason, party_of


def case_of(
    rows: Rows,
    asked: Asked,
    *,
    documents: Documents,
    views: tuple[tuple[Party, Standing], ...],
    parents: tuple[tuple[Digest, Standing], ...] = (),
) -> Case:
    """Return the case file of one act, common and domestic facts together.

    Clauses of the common judgement look at common facts only; that the two nodes agree on
    them is what the simulation proves.
    """
    entry, deed = asked.entry, asked.entry.deed
    cut = cut_of(asked)
    outward = isinstance(deed, deeds.Outward)
    mine = notification(rows, cut, cut.mine_all, documents) if outward else None
    theirs = notification(rows, cut, cut.theirs_all, documents) if outward else None
    text = getattr(deed, "text", None)
    notified = offices_notified(mine, asked.acting, entry.at) + offices_notified(
        theirs, asked.counterpart, entry.at
    )
    surveyed = last_visit(rows, cut) if isinstance(deed, PROVIDES) else UNSET
    return Case(
        acting=asked.acting,
        counterpart=asked.counterpart,
        at=entry.at,
        cut=_cut_facts(rows, asked, cut) if outward else CutFacts(),
        views=views,
        item=inherited(item_of(rows, asked, cut), asked, mine, theirs),
        approvals=asked.approvals,
        assurances=_assurances(rows, cut) if isinstance(deed, PROVIDES) else (),
        consents=consent_facts(rows, entry, cut),
        named=named_facts(rows, entry, cut),
        directive=streaming.directive_facts(rows, deed, cut),
        notified=notified,
        designating=officers_designating(mine, asked.acting, entry.at),
        instruments=instruments_on(rows, cut, text) if isinstance(text, str) else (),
        bundle=asked.bundle,
        signed_exactly=asked.signed_exactly,
        sealed=isinstance(entry.ciphertext, str),
        house=house_facts(rows, asked, notified) if speaks_here(asked) else UNSET,
        calendars=calendars_of(theirs, asked.counterpart),
        own_calendars=calendars_of(mine, asked.acting),
        about=about_facts(rows, deed, cut),
        words=words_facts(rows, deed, cut),
        incidents=open_incidents(rows, cut) if isinstance(deed, PROVIDES) else 0,
        visited=isinstance(surveyed, str),
        surveyed=surveyed,
        shown=shown_items(rows, deed, cut) if isinstance(deed, deeds.CloseVisit) else 0,
        parents=parents,
        attested=_attested(rows, asked, cut) if is_attested(asked.log) else UNSET,
    )


def _attested(rows: Rows, asked: Asked, cut: Cut) -> AttestedFacts:
    """Return what stands for an act on paper; an officer of the keeper's registry signed it."""
    entry, keeper = asked.entry, asked.counterpart
    stated = () if isinstance(entry.attested, UnsetType) else entry.attested
    # Who has seen anything of the other's own log attests nothing of it any more: otherwise a
    # party could put acts into the mouth of one that has a node, at any time.
    told = rows.get(LogState, cut.theirs)
    return AttestedFacts(
        keeper=keeper,
        closed=joined(rows, cut, asked.log, cut.mine) or (told is not None and told.seen >= 0),
        signed=any(
            deeds.Role.REGISTRY in one.roles and party_of(one.office) == keeper
            for one in asked.approvals
        ),
        shown=(isinstance(entry.evidence, tuple) or isinstance(entry.ciphertext, str))
        and not isinstance(entry.paper, UnsetType)
        and not isinstance(entry.paper.on, UnsetType),
        stated=any(party_of(one.office) == keeper and one.clause == "paper" for one in stated),
    )


def seen_by_both(case: Case) -> Case:
    """Return the case without what only one of the two nodes can know.

    The common judgement of an act in a correspondence is made on this: what a house did with an
    item, and whom it entrusted, is in private logs.
    """
    item = case.item
    if isinstance(item, ItemFacts):
        item = structs.replace(
            item,
            registered=False,
            marked=UNSET,
            marked_regime=UNSET,
            designated=UNSET,
            designated_level=UNSET,
            copies=(),
        )
    return structs.replace(case, item=item, house=UNSET)


def instruments_on(rows: Rows, cut: Cut, text: str) -> tuple[InstrumentFact, ...]:
    """Return the instruments about a text that lie within a cut, by author and position."""
    return _instruments(
        tuple(
            row
            for row in rows.within(Instrument, text)
            # Another link's leaves are no part of this cut: the counterpart may not have them.
            if row.log in (*cut.mine_all, *cut.theirs_all) and cut.holds(row.log, row.index)
        )
    )


# The acts of a batch look at the same rows, and the same rows say the same: what follows is
# made once, and is the same object for all of them.


@lru_cache(maxsize=256)
def _instruments(found: tuple[Instrument, ...]) -> tuple[InstrumentFact, ...]:
    return tuple(
        InstrumentFact(
            author=Party(row.author),
            act=row.act,
            at=Instant(row.at),
            key=row.key,
            on=row.on,
            about=row.about,
        )
        for row in sorted(found, key=lambda row: (row.log, row.index))
    )


OF_ITEMS: Final[frozenset[type[Row]]] = frozenset(
    (Line, LogState, ItemOf, Number, Copy, DutyOf, Draft)
)
"""What a release puts. The case of another release looks at none of it but :func:`stands`."""


def stands(rows: Rows, asked: Asked) -> tuple[str, int, str]:
    """Return all that the case of a release looks at and a release before it changes.

    Returns:
        The log's last ``at`` and ``seen``, and who laid the draft; empty and -1 where none is.
    """
    state = rows.get(LogState, asked.log)
    draft = None
    if asked.acting == asked.house:
        draft = rows.get(Draft, deeds.deed_digest(asked.entry.deed))
    return (
        "" if state is None else state.at,
        -1 if state is None else state.seen,
        "" if draft is None else draft.drafter,
    )


def _cut_facts(rows: Rows, asked: Asked, cut: Cut) -> CutFacts:
    """Check time and cut (4-protocol, "The cut" and "Time")."""
    entry, seen = asked.entry, asked.entry.seen
    directory = any(cut.holds(row.log, row.index) for row in rows.within(DirectoryOf, cut.theirs))
    problem: str | UnsetType = asked.cut_problem
    state = rows.get(LogState, asked.log)
    if isinstance(seen, UnsetType) and _on_paper(rows, asked, cut, state):
        if state is not None and entry.at < state.at:
            problem = "at.decreased"
        return CutFacts(problem=problem, directory=directory, expired=asked.expired, paper=True)
    if isinstance(seen, UnsetType):
        outward = kind(entry.deed).log in (Log.CORRESPONDENCE, Log.FEED)
        if outward and isinstance(problem, UnsetType):
            problem = "seen.missing"
        return CutFacts(problem=problem, directory=directory, expired=asked.expired)
    if isinstance(problem, UnsetType):
        if entry.at < seen.time:
            problem = "at.before-seen"
        elif state is not None and entry.at < state.at:
            problem = "at.decreased"
        elif state is not None and seen.size < state.seen:
            problem = "seen.decreased"
        elif is_feed(asked.log):
            problem = _head_problem(rows, asked)
    return CutFacts(
        problem=problem,
        age=max(0, int(seconds_between(seen.time, entry.at))),
        directory=directory,
        expired=asked.expired,
    )


def _head_problem(rows: Rows, asked: Asked) -> str | UnsetType:
    """Check how much of its author's own correspondence an entry of a lane rests on.

    Who could go back behind a withdrawal would give on under what has ended.
    """
    lane, own = rows.get(LaneOf, asked.log), own_size(asked)
    if own == 0:
        return "head.missing"
    return "head.decreased" if lane is not None and own < lane.head else UNSET


def _on_paper(rows: Rows, asked: Asked, cut: Cut, state: LogState | None) -> bool:
    """Tell whether an entry stands in, or rests on, a log that its party keeps for one on paper.

    Not after that one has joined, nor once the author has seen anything of its own log: leaving
    ``seen`` out would be a way round the freshness of its word.
    """
    if is_attested(asked.log):
        return True
    kept = standing_in(asked.acting, asked.counterpart)
    if not any(one == kept and size > 0 for one, size in cut.attested):
        return False
    return (state is None or state.seen < 0) and not joined(rows, cut, kept, cut.theirs)


def _assurances(rows: Rows, cut: Cut) -> tuple[AssuranceFact, ...]:
    return _given(
        tuple(
            row
            for log in cut.theirs_all
            for row in rows.within(Assurance, log)
            if cut.holds(row.log, row.index)
        )
    )


@lru_cache(maxsize=256)
def _given(rows: tuple[Assurance, ...]) -> tuple[AssuranceFact, ...]:
    return tuple(
        AssuranceFact(
            offices=tuple(Office(office) for office in row.offices),
            level=Level(row.level),
            until=Instant(row.until),
            cleared=row.cleared,
            needed=row.needed,
            protected=row.protected,
            controls=tuple(Reason(one) for one in row.controls),
        )
        for row in sorted(rows, key=lambda row: row.index)
    )
