"""Gathering the case file: which rows a judgement looks at, and what they say on the cut.

Both nodes of a link gather the common case from the same two logs up to the same two positions,
so they gather the same one. Rows are asked for by batch (:func:`needs`) and then read one act
at a time, so that an act sees what the acts before it in the batch have changed.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from msgspec import UNSET, Struct, UnsetType, structs

from comity.acts import deeds
from comity.acts.documents import PublicProfile, decode_public_profile
from comity.acts.entries import Entry
from comity.acts.kinds import Log, kind
from comity.acts.parts import Position
from comity.agreement import streaming
from comity.agreement.case import (
    ApprovalFact,
    AssuranceFact,
    AttestedFacts,
    Calendar,
    Case,
    CutFacts,
    FacilityFacts,
    HandOverFact,
    HouseFacts,
    InstrumentFact,
    ItemFacts,
    MatterFacts,
    PersonFacts,
    Standing,
)
from comity.agreement.consenting import consent_facts, named_facts
from comity.agreement.succession import standing_now
from comity.register import consents
from comity.register.items import HAND_OVER
from comity.register.leaves import rests_on
from comity.register.rows import (
    Assignment,
    Assurance,
    Authority,
    Clearance,
    Copy,
    Designation,
    DirectoryOf,
    DivergenceOf,
    Draft,
    DutyOf,
    FacilityLine,
    Holding,
    Instrument,
    ItemOf,
    LaneOf,
    Line,
    LogState,
    Matter,
    Need,
    Needs,
    Number,
    PersonOf,
    ReceiptOf,
    RefusedByPeer,
    Regrading,
    Row,
    Rows,
    key_of,
)
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant, seconds_between
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    is_attested,
    is_feed,
    owner,
    standing_in,
)
from comity.vocabulary.names import (
    Caveat,
    Level,
    Office,
    Party,
    Purpose,
    Reason,
    Regime,
    Subject,
    party_of,
)

Documents = Callable[[Digest], bytes | None]
"""Finds a document that this node keeps by its digest."""

EVERYTHING = 2**53

_PROVIDES = deeds.Release | deeds.Observations
"""What crosses: decided by itself, or under a standing directive."""


class Cut(Struct, frozen=True, kw_only=True):
    """How far each of the two correspondences counts for one entry.

    Attributes:
        mine: The author's correspondence, and how many of its leaves count.
        theirs: The counterpart's, likewise: the size at ``seen``.
        attested: The logs between the two in which one enters what the other did on paper, and
            how many of their leaves count; of others none does.
        everything: All that the house holds counts.
    """

    mine: LogName
    mine_size: int
    theirs: LogName
    theirs_size: int
    attested: tuple[tuple[LogName, int], ...] = ()
    everything: bool = False

    def holds(self, log: str, index: int) -> bool:
        """Tell whether a leaf lies within the cut. Leaves of private logs always do."""
        if log == self.mine:
            return index < self.mine_size
        if log == self.theirs:
            return index < self.theirs_size
        if self.everything or not is_attested(log):
            return True
        return any(log == one and index < size for one, size in self.attested)

    @property
    def mine_all(self) -> tuple[LogName, ...]:
        """The logs in which the author's acts stand: its own, and what is attested of it."""
        if not self.attested:
            return (self.mine,)
        return (self.mine, *(one for one, _ in self.attested if author(one) == owner(self.mine)))

    @property
    def theirs_all(self) -> tuple[LogName, ...]:
        """The logs in which the counterpart's acts stand."""
        if not self.attested:
            return (self.theirs,)
        return (self.theirs, *(one for one, _ in self.attested if author(one) != owner(self.mine)))


class Asked(Struct, frozen=True, kw_only=True):
    """One act to be judged, with what only the node can know of it.

    Attributes:
        house: Whose node judges.
        acting: Whose act it is.
        counterpart: The other party of the correspondence.
        log: Where the entry stands or would stand, and its index.
        approvals: Those that verified.
        cut_problem: A code of the ground rules, or unset.
        expired: A directory that the act rests on has ended.
        views: Each party's view of the agreement that judges, on this cut.
        bundle: The text that an instrument names is here and parses.
        signed_exactly: A signature on a text verifies.
    """

    house: Party
    acting: Party
    counterpart: Party
    log: LogName
    index: int
    entry: Entry
    approvals: tuple[ApprovalFact, ...] = ()
    cut_problem: str | UnsetType = UNSET
    expired: bool = False
    bundle: bool = False
    signed_exactly: bool = False


def cut_of(asked: Asked) -> Cut:
    """Return the cut of an entry: up to itself in its own log, up to ``seen`` in the other."""
    if asked.acting == asked.counterpart:
        # An act at home: everything that the house holds counts.
        return Cut(
            mine=asked.log,
            mine_size=EVERYTHING,
            theirs=asked.log,
            theirs_size=EVERYTHING,
            everything=True,
        )
    mine = correspondence(asked.acting, asked.counterpart)
    theirs = correspondence(asked.counterpart, asked.acting)
    seen, also = asked.entry.seen, asked.entry.also
    if isinstance(also, UnsetType) and not is_attested(asked.log):
        return Cut(
            mine=mine,
            mine_size=own_size(asked),
            theirs=theirs,
            theirs_size=0 if isinstance(seen, UnsetType) else seen.size,
        )
    heads = () if isinstance(also, UnsetType) else also
    ends = {one.log: one.size for one in heads if one.log in _standing(asked)}
    if is_attested(asked.log):
        # Its author has no log yet; what it had been told is what the keeper says it was.
        told = max((one.size for one in heads if one.log == theirs), default=0)
        ends[asked.log] = asked.index
        return Cut(
            mine=mine,
            mine_size=0,
            theirs=theirs,
            theirs_size=told,
            attested=tuple(sorted(ends.items())),
        )
    return Cut(
        mine=mine,
        mine_size=own_size(asked),
        theirs=theirs,
        theirs_size=0 if isinstance(seen, UnsetType) else seen.size,
        attested=tuple(sorted(ends.items())),
    )


def own_size(asked: Asked) -> int:
    """Return how many leaves of its author's correspondence count for an entry.

    Up to itself where it stands there; on a lane as many as it says that it rests on.
    """
    own = correspondence(asked.acting, asked.counterpart)
    if asked.log == own:
        return asked.index
    if not is_feed(asked.log):
        return EVERYTHING
    return rests_on(asked.entry, own)


def _standing(asked: Asked) -> tuple[LogName, ...]:
    """Return the logs in which one of the two may have entered what the other did on paper."""
    return (
        standing_in(asked.acting, asked.counterpart),
        standing_in(asked.counterpart, asked.acting),
    )


def attested_logs(asked: Asked) -> tuple[LogName, ...]:
    """Return those of these logs that an entry rests on, or stands in."""
    also = asked.entry.also
    named = () if isinstance(also, UnsetType) else tuple(one.log for one in also)
    return tuple(one for one in _standing(asked) if one in named or one == asked.log)


def needs(ask: Needs, asked: Asked) -> None:
    """Say what :func:`case_of` will ask for an act."""
    deed = asked.entry.deed
    if isinstance(deed, deeds.OfDirective):
        streaming.needs(ask, deed)
    if isinstance(deed, deeds.Release):
        if asked.acting == asked.house:
            ask.key(deeds.deed_digest(deed), Draft)
        alike = (asked.log, asked.acting, asked.counterpart, deed.agreement, deed.origin)
        if not ask.first(alike):
            return  # what else the releases of one list look at is the same for all
    _needs_beside(ask, asked)


def _needs_beside(ask: Needs, asked: Asked) -> None:
    deed = asked.entry.deed
    ask.key(asked.log, LogState)
    if isinstance(deed, deeds.Outward):
        for log in (
            correspondence(asked.acting, asked.counterpart),
            correspondence(asked.counterpart, asked.acting),
        ):
            ask.scope(log, Authority, Assurance, DirectoryOf)
        _needs_attested(ask, asked)
        if isinstance(deed.agreement, str):
            ask.scope(deed.agreement, Instrument)
        if isinstance(text := getattr(deed, "text", None), str):
            ask.scope(text, Instrument)
    item = item_position(deed)
    if item is not None and not isinstance(deed, deeds.Observations):
        key = key_of(item)
        ask.key(key, ItemOf, Holding, DivergenceOf, RefusedByPeer)
        ask.scope(key, Designation, ReceiptOf, Assignment, Regrading, Copy)
        if isinstance(deed, deeds.Translate):
            ask.scope(key, Line)
    consents.needs(ask, deed)
    about = getattr(deed, "about", None)
    if isinstance(about, Position):
        ask.key(key_of(about), Matter)
    _needs_of_visits(ask, asked)
    sends = isinstance(deed, _PROVIDES) and speaks_here(asked)
    if sends or (persons_of(deed) and isinstance(deed, deeds.Outward)):
        ask.scope("facilities", FacilityLine)
    for person in persons_of(deed):
        ask.key(person, PersonOf)
        ask.scope(person, Clearance, Need)


def _needs_of_visits(ask: Needs, asked: Asked) -> None:
    """Say what is asked of visits and incidents: before a release, and for a closing list."""
    deed = asked.entry.deed
    if isinstance(deed, deeds.CloseVisit) and isinstance(deed.items, tuple):
        for item in deed.items:
            ask.key(key_of(item), ItemOf)
    if isinstance(deed, _PROVIDES):
        for log in (
            correspondence(asked.acting, asked.counterpart),
            correspondence(asked.counterpart, asked.acting),
        ):
            ask.scope(f"{log}|incident", Matter)
            ask.scope(f"{log}|visit", Matter)


def _needs_attested(ask: Needs, asked: Asked) -> None:
    for log in attested_logs(asked):
        ask.scope(log, Authority, Assurance, DirectoryOf)
        ask.key(correspondence(asked.counterpart, asked.acting), LogState)
        ask.scope(f"{log}|incident", Matter)
        ask.scope(f"{log}|visit", Matter)


def item_position(deed: deeds.Deed) -> Position | None:
    """Return the leaf of an earlier item that a deed concerns, if it concerns one."""
    if isinstance(deed, deeds.Release):
        return deed.origin if isinstance(deed.origin, Position) else None
    position = getattr(deed, "item", None)
    return position if isinstance(position, Position) else None


def persons_of(deed: deeds.Deed) -> tuple[str, ...]:
    """Return the persons of this house whom a deed names."""
    found = [getattr(deed, "actor", None), getattr(deed, "person", None)]
    return tuple(person for person in found if isinstance(person, str))


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
    mine = _profile(rows, cut, cut.mine_all, documents) if outward else None
    theirs = _profile(rows, cut, cut.theirs_all, documents) if outward else None
    text = getattr(deed, "text", None)
    notified = _notified(mine, asked.acting, entry.at) + _notified(
        theirs, asked.counterpart, entry.at
    )
    surveyed = _surveyed(rows, cut) if isinstance(deed, _PROVIDES) else UNSET
    return Case(
        acting=asked.acting,
        counterpart=asked.counterpart,
        at=entry.at,
        cut=_cut_facts(rows, asked, cut) if outward else CutFacts(),
        views=views,
        item=_inherited(_item(rows, asked, cut), asked, mine, theirs),
        approvals=asked.approvals,
        assurances=_assurances(rows, cut) if isinstance(deed, _PROVIDES) else (),
        consents=consent_facts(rows, entry, cut),
        named=named_facts(rows, entry, cut),
        directive=streaming.directive_facts(rows, deed, cut),
        notified=notified,
        designating=_designating(mine, asked.acting, entry.at),
        instruments=instruments_on(rows, cut, text) if isinstance(text, str) else (),
        bundle=asked.bundle,
        signed_exactly=asked.signed_exactly,
        sealed=isinstance(entry.ciphertext, str),
        house=_house(rows, asked, notified) if speaks_here(asked) else UNSET,
        calendars=_calendars(theirs, asked.counterpart),
        about=_about(rows, deed, cut),
        incidents=_open_incidents(rows, cut) if isinstance(deed, _PROVIDES) else 0,
        visited=isinstance(surveyed, str),
        surveyed=surveyed,
        shown=_shown(rows, deed, cut) if isinstance(deed, deeds.CloseVisit) else 0,
        parents=parents,
        attested=_attested(rows, asked, cut) if is_attested(asked.log) else UNSET,
    )


def speaks_here(asked: Asked) -> bool:
    """Tell whether the house that judges enters an act of its own: its own rules speak then."""
    return asked.acting == asked.house and not is_attested(asked.log)


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


def joined(rows: Rows, cut: Cut, kept: LogName, own: LogName) -> bool:
    """Tell whether a party that kept paper has joined within a cut: its directory is there."""
    return any(
        cut.holds(row.log, row.index)
        for log in (kept, own)
        for row in rows.within(DirectoryOf, log)
    )


@lru_cache(maxsize=64)
def _calendars(raw: bytes | None, author: Party) -> tuple[Calendar, ...]:
    theirs = None if raw is None else _public(raw, author)
    if theirs is None:
        return ()
    one = Calendar(
        working_days=theirs.working_days,
        holidays=theirs.holidays,
        zone=theirs.zone,
        rule=theirs.rule if isinstance(theirs.rule, str) else "",
    )
    return (one,)


def _fact(row: Matter) -> MatterFacts:
    return MatterFacts(
        act=row.kind,
        author=Party(row.author),
        at=Instant(row.at),
        level=row.level,
        until=row.until,
    )


def _about(rows: Rows, deed: deeds.Deed, cut: Cut) -> MatterFacts | UnsetType:
    """Return the earlier act that a deed refers to, if it is of this link and on the cut."""
    about = getattr(deed, "about", None)
    if not isinstance(about, Position) or about.log not in (*cut.mine_all, *cut.theirs_all):
        return UNSET
    row = rows.get(Matter, key_of(about))
    return _fact(row) if row is not None and cut.holds(row.log, row.index) else UNSET


def _on_cut(rows: Rows, cut: Cut, heading: str) -> list[Matter]:
    return [
        row
        for log in (*cut.mine_all, *cut.theirs_all)
        for row in rows.within(Matter, f"{log}|{heading}")
        if cut.holds(row.log, row.index)
    ]


def _open_incidents(rows: Rows, cut: Cut) -> int:
    """Count the counterpart's reports of which no results are on the cut."""
    found = _on_cut(rows, cut, "incident")
    answered = {row.about for row in found if row.kind in ("incident.results", "incident.close")}
    return sum(
        row.kind == "incident.report" and row.log in cut.theirs_all and row.key not in answered
        for row in found
    )


def _surveyed(rows: Rows, cut: Cut) -> Instant | UnsetType:
    """Return when the author of an act last made a visit to the other side, if it did."""
    found = [
        Instant(row.at)
        for row in _on_cut(rows, cut, "visit")
        if row.kind == "visit.done" and row.log in cut.mine_all
    ]
    return max(found, default=UNSET)


def _shown(rows: Rows, deed: deeds.CloseVisit, cut: Cut) -> int:
    """Count the items of a closing list that were released between the two, on the cut."""
    named = () if isinstance(deed.items, UnsetType) else deed.items
    found = [rows.get(ItemOf, key_of(one)) for one in dict.fromkeys(named)]
    return sum(
        row is not None
        and row.log in (*cut.mine_all, *cut.theirs_all)
        and cut.holds(row.log, row.index)
        for row in found
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


def _item(rows: Rows, asked: Asked, cut: Cut) -> ItemFacts | UnsetType:
    deed = asked.entry.deed
    if isinstance(deed, deeds.Release):
        label = deed.item.label
        return ItemFacts(
            originator=deed.item.originator,
            provider=asked.acting,
            receiver=deed.to,
            level=label.level,
            subject=deed.item.subject,
            form=deed.item.form,
            purpose=deed.purpose,
            offices=deed.offices,
            regime=label.regime,
            releasable=label.releasable,
            caveats=label.caveats,
            pages=deed.item.pages,
            annexes=deed.item.annexes,
            disclosed=deed.item.disclosed,
            schedule=deed.item.schedule,
        )
    if isinstance(deed, deeds.Observations):
        return streaming.observed(rows, deed, cut)
    position = item_position(deed)
    if position is None or position.log not in (*cut.mine_all, *cut.theirs_all):
        # An item of another link: the counterpart must not learn from a finding that it exists.
        return UNSET
    facts = item_facts(rows, key_of(position), cut, asked.entry.at)
    if isinstance(deed, deeds.Translate) and isinstance(facts, ItemFacts):
        return structs.replace(facts, translations=_translated(rows, key_of(position)))
    if isinstance(deed, deeds.OnwardReleased) and isinstance(facts, ItemFacts):
        return structs.replace(
            facts, receiver=deed.third_party, purpose=deed.purpose, origin_purpose=facts.purpose
        )
    return facts


def _inherited(
    item: ItemFacts | UnsetType, asked: Asked, mine: bytes | None, theirs: bytes | None
) -> ItemFacts | UnsetType:
    """Return an item as addressed now: where an office has ended, to its successor (Article 2)."""
    if isinstance(item, UnsetType) or not item.provided:
        return item
    own = item.receiver == asked.acting
    raw = mine if own else theirs
    offices = _standing_now(raw, item.receiver, item.offices, asked.entry.at)
    return item if offices == item.offices else structs.replace(item, offices=offices)


@lru_cache(maxsize=256)
def _standing_now(
    raw: bytes | None, author: Party, offices: tuple[Office, ...], at: Instant
) -> tuple[Office, ...]:
    profile = None if raw is None else _public(raw, author)
    if profile is None:
        return offices
    return tuple(standing_now(profile.offices, one, at) or one for one in offices)


def item_facts(rows: Rows, key: str, cut: Cut, at: Instant) -> ItemFacts | UnsetType:
    """Return what the register knows of an item within a cut; absent where it did not cross."""
    item = rows.get(ItemOf, key)
    if item is None or not cut.holds(item.log, item.index):
        return UNSET
    holding = rows.get(Holding, key)
    designation = _designation(rows, key, at)
    signed = sorted(
        (row for row in rows.within(ReceiptOf, key) if cut.holds(row.log, row.index)),
        key=lambda row: row.index,
    )
    return ItemFacts(
        originator=Party(item.originator),
        provider=Party(item.provider),
        receiver=Party(item.receiver),
        level=Level(_graded(rows, key, cut, at) or item.level),
        subject=Subject(item.subject),
        form=Form(item.form),
        purpose=Purpose(item.purpose),
        offices=tuple(Office(office) for office in item.offices),
        regime=Regime(item.regime) if item.regime else UNSET,
        releasable=tuple(Party(party) for party in item.releasable),
        caveats=tuple(Caveat(caveat) for caveat in item.caveats),
        provided=True,
        registered=holding is not None and bool(holding.number),
        marked=Level(holding.level) if holding is not None and holding.level else UNSET,
        marked_regime=Regime(holding.regime) if holding is not None and holding.regime else UNSET,
        designated=Regime(designation.regime) if designation else UNSET,
        designated_level=Level(designation.level) if designation else UNSET,
        received=tuple(deeds.Stage(row.stage) for row in signed if row.stage != HAND_OVER),
        misdirected=any("misdirected" in row.reserve for row in signed),
        carried=tuple(
            # By their own count: the two houses enter them in two logs.
            HandOverFact(copy=row.copy, taker=row.office)
            for row in sorted(signed, key=lambda row: (row.copy, row.number.zfill(16)))
            if row.stage == HAND_OVER
        ),
        pages=item.pages,
        annexes=item.annexes,
        agreement=Digest(item.agreement) if item.agreement else UNSET,
        copies=tuple((one.copy, one.state) for one in rows.within(Copy, key)),
    )


def _translated(rows: Rows, key: str) -> int:
    return sum(
        row.kind == "register.translate" and row.outcome == "lawful"
        for row in rows.within(Line, key)
    )


def _graded(rows: Rows, key: str, cut: Cut, at: Instant) -> str:
    """Return the level that an item has been given last, within the cut and by then."""
    found = [
        row
        for row in rows.within(Regrading, key)
        if cut.holds(row.log, row.index) and row.since <= at
    ]
    last = max(found, key=lambda row: row.index, default=None)
    return "" if last is None else last.level


def _designation(rows: Rows, key: str, at: Instant) -> Designation | None:
    """Return the designation in force: the latest whose term covers the instant."""
    found = [row for row in rows.within(Designation, key) if at < row.until]
    return max(found, key=lambda row: row.index, default=None)


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


@lru_cache(maxsize=64)
def _public(raw: bytes, author: Party) -> PublicProfile | None:
    """Return what an author's document notifies; the same bytes always notify the same."""
    try:
        profile = decode_public_profile(raw)
    except Invalid:
        return None  # what a peer notified and nobody can read notifies nothing
    # A party speaks for its own offices: one that lists another's is as good as none.
    if profile.party != author or any(party_of(one.office) != author for one in profile.offices):
        return None
    return profile


def _profile(rows: Rows, cut: Cut, logs: tuple[LogName, ...], documents: Documents) -> bytes | None:
    """Return the public profile last notified within the cut, by the author's own log first."""
    for log in logs:
        found = [row for row in rows.within(Authority, log) if cut.holds(row.log, row.index)]
        if found:
            return documents(Digest(max(found, key=lambda row: row.index).profile))
    return None


@lru_cache(maxsize=256)
def _notified(raw: bytes | None, author: Party, at: Instant) -> tuple[Office, ...]:
    """Offices whose dates cover the instant: an act is valid at its date."""
    profile = None if raw is None else _public(raw, author)
    if profile is None:
        return ()
    return tuple(
        one.office
        for one in profile.offices
        if one.since <= at and (isinstance(one.until, UnsetType) or at < one.until)
    )


@lru_cache(maxsize=256)
def _designating(raw: bytes | None, author: Party, at: Instant) -> tuple[Office, ...]:
    profile = None if raw is None else _public(raw, author)
    if profile is None:
        return ()
    named = {one.office for one in profile.offices if one.designating}
    return tuple(office for office in _notified(raw, author, at) if office in named)


def _house(rows: Rows, asked: Asked, notified: tuple[Office, ...]) -> HouseFacts:
    deed, at = asked.entry.deed, asked.entry.at
    position = item_position(deed)
    person = getattr(deed, "person", None)
    actor = getattr(deed, "actor", None)
    draft = rows.get(Draft, deeds.deed_digest(deed)) if isinstance(deed, deeds.Release) else None
    assigned = False
    if position is not None and isinstance(person, str):
        assigned = rows.get(Assignment, f"{key_of(position)}|{person}") is not None
    return HouseFacts(
        actor=_person(rows, actor, at, notified) if isinstance(actor, str) else UNSET,
        person=_person(rows, person, at, notified) if isinstance(person, str) else UNSET,
        assigned=assigned,
        drafter=draft.drafter if draft is not None else UNSET,
        facility=_facility_of(rows, deed, at),
    )


def _facility_of(rows: Rows, deed: deeds.Deed, at: Instant) -> FacilityFacts:
    """Return what holds of the facility that a person works in, or that a release leaves from."""
    person = getattr(deed, "person", None)
    if isinstance(deed, _PROVIDES):
        return _facility(rows, deed.by, "", at)
    if not isinstance(person, str) or not isinstance(deed, deeds.Outward):
        return FacilityFacts()
    row = rows.get(PersonOf, person)
    return _facility(rows, "" if row is None else row.office, person, at)


def _facility(rows: Rows, office: str, person: str, at: Instant) -> FacilityFacts:
    """Return what holds now of a facility (an office), and of a person who works there."""
    lines = rows.within(FacilityLine, "facilities")
    here = [one for one in lines if one.facility == office and at < one.until]
    told = [one for one in lines if one.person == person and one.what.endswith("briefed")]
    last = max(told, key=lambda one: int(one.key.rpartition("#")[2]), default=None)
    return FacilityFacts(
        accredited=tuple(Level(one.level) for one in here if one.what == "accredited"),
        officer=any(one.what == "officer" for one in here),
        rostered=any(one.what == "roster" and one.person == person for one in here),
        briefed=last is not None and last.what == "briefed",
    )


def _person(
    rows: Rows, person: str, at: Instant, notified: tuple[Office, ...]
) -> PersonFacts | UnsetType:
    row = rows.get(PersonOf, person)
    if row is None:
        return UNSET
    return PersonFacts(
        office=Office(row.office),
        roles=tuple(deeds.Role(role) for role in row.roles),
        cleared=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until
        ),
        needs=tuple(Subject(one.subject) for one in rows.within(Need, person) if at < one.until),
        certified=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until and one.authority in notified
        ),
        attested=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until and one.attestation
        ),
        nationalities=tuple(Party(one) for one in row.nationalities),
    )


def speaks_for_itself(entry: Entry, acting: Party) -> bool:
    """Tell whether the office that acts belongs to the log's author."""
    return party_of(entry.deed.by) == acting
