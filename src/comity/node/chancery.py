"""The one door: every act of this house is stamped, judged, appended and folded here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest_of, encode
from comity.acts.deeds import AnyDeed, kind_of
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Judgement, conclude
from comity.acts.judgements import judgement_digest as digest_of_judgement
from comity.acts.kinds import Log, kind
from comity.acts.parts import Approval, Attestation, Head, Paper, Position, Seen
from comity.agreement import lookups
from comity.agreement.alike import Alike
from comity.agreement.cut import Asked
from comity.node import clocks
from comity.node.assess import Assessment, assess, effect_of
from comity.node.node import Node
from comity.node.ports import Space, Transaction
from comity.node.roots import latest
from comity.node.sitting import CHANCERY, Sitting, sitting
from comity.register import fold
from comity.register.leaves import Leaf
from comity.register.rows import Draft, LogState, Needs, Number
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.instants import EPOCH, Instant
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    feed,
    journal,
    register_ledger,
    standing_in,
)
from comity.vocabulary.names import Party, PersonId, party_of


@dataclass(frozen=True)
class Act:
    """A deed on its way in, with everything that goes in with it.

    Attributes:
        deed: What was decided.
        approvals: Who approved it.
        attested: The house's word on domestic rules.
        evidence: Digests of documents that the judgement may look at.
        also: Heads of other logs that the evidence comes from.
        ciphertext: Digest of the sealed content.
        keep: Bytes to keep in the same transaction, by space and key.
        requested_by: The person at the desk; stands in the journal if the act is refused.
        paper: What stands on paper of it.
        attests: It is another party's act, done on paper, that this house enters.
    """

    deed: AnyDeed
    approvals: tuple[Approval, ...] = ()
    attested: tuple[Attestation, ...] = ()
    evidence: tuple[Digest, ...] = ()
    also: tuple[Head, ...] = ()
    ciphertext: Digest | UnsetType = UNSET
    keep: Mapping[Space, Mapping[str, bytes]] = field(default_factory=dict)
    requested_by: str | None = None
    paper: Paper | UnsetType = UNSET
    attests: bool = False


@dataclass(frozen=True)
class Entered:
    """An act that is in the ledger, in the register and in the next pouch."""

    position: Position
    entry: Entry
    assessment: Assessment


class RefusedAct(Refused):
    """The judgement refused an act; carries all findings, and what would make it lawful."""

    def __init__(self, act: str, assessment: Assessment) -> None:
        """Keep the judgement; the words name the gravest objection."""
        objections = assessment.objections
        first = objections[0] if objections else None
        code = f"refused.{first.reason.code}" if first else "refused.judgement.nothing-permits"
        detail = f"{act}: Article {first.article}" if first else f"{act}: nothing permits it"
        super().__init__(code, detail)
        self.act = act
        self.assessment = assessment

    @property
    def judgement(self) -> Judgement:
        """The findings of both voices as one judgement."""
        return conclude(self.assessment.findings, ())


def log_for(house: Party, deed: AnyDeed, *, attests: bool = False) -> LogName:
    """Return the log that a deed of this house goes to; or one on paper, of another party."""
    if attests:
        return standing_in(house, party_of(deed.by))
    where = kind(deed).log
    if where is Log.JOURNAL or not isinstance(deed, deeds.Outward):
        return journal(house)
    if where is Log.REGISTER:
        return register_ledger(house, deed.to)
    if isinstance(deed, deeds.Observations):
        return feed(house, deed.to, deed.stream)
    return correspondence(house, deed.to)


def judge_act(node: Node, act: Act) -> Assessment:
    """Judge an act as it would be judged now, without entering it: for the desk."""
    return judge_acts(node, [act])[0]


def judge_acts(node: Node, acts: Sequence[Act]) -> tuple[Assessment, ...]:
    """Judge acts, each as if it alone were entered now, without entering any."""
    with node.store.reading() as tx:
        # A sitting that is never closed writes nothing, so a reading is enough for it.
        session = Sitting(node, cast("Transaction", tx), now=node.clock.now())
        for act in acts:
            session.books.lend(act.keep.get(Space.DOCUMENT, {}))
        asked = [_stamp(session, act)[0] for act in acts]
        _prefetch(session, asked)
        alike, size = Alike(lambda: session.rows.turn), session.journal_size
        return tuple(
            assess(session.books, session.rows, one, journal_size=size, alike=alike)
            for one in asked
        )


def enter(node: Node, acts: Sequence[Act]) -> tuple[Entered, ...]:
    """Enter acts of this house, all of them or none.

    Each is judged at the moment it is stamped, and sees the acts before it. A judgement that
    refuses is kept in the journal, whichever way it goes.

    Raises:
        RefusedAct: a clause forbids one, or a remedy is missing; none is entered.
        Unavailable: nothing was decided.
    """
    return enter_then(node, acts)


def enter_then(  # noqa: PLR0913 - what goes with the acts, by name
    node: Node,
    acts: Sequence[Act],
    *,
    keep: Callable[[Sequence[Entered]], Mapping[Space, Mapping[str, bytes]]] | None = None,
    drop: Mapping[Space, Sequence[str]] | None = None,
    waiting: Sequence[Digest] = (),
    absent: Sequence[str] = (),
    first: Callable[[Sitting], object] | None = None,
) -> tuple[Entered, ...]:
    """Enter acts, and keep or drop in the same transaction what depends on where they stand.

    Args:
        node: This node.
        acts: What is entered, in this order.
        keep: What is kept once their positions are known.
        drop: What is forgotten with them.
        waiting: Drafts that must still wait for their decision when it is entered. Of two who
            decide at once one comes second, and must not undo what the first was told is done.
        absent: Keys of ``Space.LINK`` under which nothing may be kept yet.
        first: Asked in the transaction before anything is entered; what it raises ends it.

    Raises:
        Refused: ``refused.release.no-draft``: one of ``waiting`` does not wait any more.
        RefusedAct: as :func:`enter`.
        Unavailable: as :func:`enter`.
    """
    try:
        with sitting(node) as session:
            _require_waiting(session, waiting)
            if first is not None:
                first(session)
            if session.tx.load_many(Space.LINK, absent):
                raise Unavailable("unavailable.conflict", "it was done in the meantime")
            entered = enter_in(session, acts)
            for space, items in (keep(entered) if keep else {}).items():
                session.tx.save(space, items)
            for space, keys in (drop or {}).items():
                session.tx.drop(space, keys)
            return entered
    except RefusedAct as refusal:
        keep_refusal(node, acts, refusal)
        raise


def _require_waiting(session: Sitting, names: Sequence[Digest]) -> None:
    ask = Needs()
    for name in names:
        ask.key(name, Draft)
    session.rows.fetch(ask)
    found = [session.rows.get(Draft, name) for name in names]
    if any(row is None or row.state != "waiting" for row in found):
        raise Refused("refused.release.no-draft", "no such draft waits here")


def enter_in(session: Sitting, acts: Sequence[Act]) -> tuple[Entered, ...]:
    """Enter acts in a sitting that has begun, and sign what grew (see :func:`enter`)."""
    clocks.require_agreement(session, acts_towards(acts))
    stamped = [_stamp(session, act) for act in acts[:1]]
    _prefetch(session, [asked for asked, _ in stamped] + [_preview(session, a) for a in acts[1:]])
    _keep(session, acts)
    alike = Alike(lambda: session.rows.turn)
    entered = [_enter_one(session, act, alike) for act in acts]
    sign_grown(session, entered)
    return tuple(entered)


def acts_towards(acts: Sequence[Act]) -> set[Party]:
    """Return the counterparts that some acts concern."""
    return {act.deed.to for act in acts if isinstance(act.deed, deeds.Outward)}


def sign_grown(session: Sitting, entered: Sequence[Entered]) -> None:
    """Sign one checkpoint per correspondence that grew: one signature, however many leaves.

    What a lane gained is signed as it leaves (:mod:`comity.node.flowing`).
    """
    grown: dict[LogName, Instant] = {}
    for one in entered:
        if kind(one.entry.deed).log is Log.CORRESPONDENCE:
            grown[one.position.log] = one.entry.at
    for log in sorted(grown):
        session.roots.sign(log, at=latest((grown[log], session.now)))


def _preview(session: Sitting, act: Act) -> Asked:
    """Return an act as asked, unstamped: enough to know which rows it will need."""
    log = log_for(session.node.party, act.deed, attests=act.attests)
    also = (*act.also, *_heads(session, act)) or UNSET
    return _asked(session, log, Entry(deed=act.deed, at=session.now, salt=bytes(16), also=also))


def _asked(session: Sitting, log: LogName, entry: Entry) -> Asked:
    party = session.node.party
    deed = entry.deed
    return Asked(
        house=party,
        acting=author(log),
        counterpart=deed.to if isinstance(deed, deeds.Outward) else party,
        log=log,
        index=session.size(log),
        entry=entry,
    )


def _stamp(session: Sitting, act: Act) -> tuple[Asked, LogName]:
    """Stamp an act: ``at`` is the latest of the clock, the last ``at`` and ``seen``'s time."""
    deed = act.deed
    log = log_for(session.node.party, deed, attests=act.attests)
    state = session.rows.get(LogState, log)
    seen: Seen | None = None
    if isinstance(deed, deeds.Outward) and not act.attests:
        seen = session.roots.seen(deed.to)
    at = latest(
        (
            session.now,
            state.at if state else EPOCH,
            seen.time if seen is not None else EPOCH,
            session.last_line() if log == journal(session.node.party) else EPOCH,
        )
    )
    entry = Entry(
        deed=deed,
        at=at,
        salt=session.salt(),
        seen=UNSET if seen is None else seen,
        also=(*act.also, *_heads(session, act)) or UNSET,
        approvals=act.approvals or UNSET,
        attested=act.attested or UNSET,
        evidence=act.evidence or UNSET,
        ciphertext=act.ciphertext,
        paper=act.paper,
    )
    return _asked(session, log, entry), log


def _heads(session: Sitting, act: Act) -> tuple[Head, ...]:
    """Return where the logs stand that count for an act where one of the two keeps paper.

    What is attested of the other counts for an act towards it; what it had been told, for an act
    of its own. Where neither ever kept paper there is nothing to name.
    """
    house, deed = session.node.party, act.deed
    if not isinstance(deed, deeds.Outward):
        return ()
    if act.attests:
        return (session.head(correspondence(house, party_of(deed.by))),)
    if isinstance(deed, deeds.Observations):
        # A lane is no part of the correspondence: what that holds up to here counts for it.
        return (session.head(correspondence(house, deed.to)),)
    mine, theirs = standing_in(house, deed.to), standing_in(deed.to, house)
    if not session.size(mine) and not session.size(theirs):
        return ()
    return tuple(session.head(log) for log in (mine, theirs) if session.size(log))


def _prefetch(session: Sitting, asked: Sequence[Asked]) -> None:
    ask = Needs()
    for one in asked:
        lookups.needs(ask, one)
        fold.needs(ask, Leaf(house=one.house, log=one.log, index=one.index, entry=one.entry))
    session.rows.fetch(ask)


def _keep(session: Sitting, acts: Sequence[Act]) -> None:
    """Keep what goes in with some acts, together; it is gone with them if one is refused."""
    kept: dict[Space, dict[str, bytes]] = {}
    for act in acts:
        for space, items in act.keep.items():
            before = kept.setdefault(space, {})
            if any(before.get(key, raw) != raw for key, raw in items.items()):
                # Other bytes under one key: the store says whether that may be.
                session.tx.save(space, before)
                before.clear()
            before.update(items)
    for space, items in kept.items():
        session.tx.save(space, items)


def _enter_one(session: Sitting, act: Act, alike: Alike | None = None) -> Entered:
    if isinstance(act.deed, deeds.Release):
        # Asked in the transaction: two who decide at once do not release it twice.
        draft = session.rows.get(Draft, deeds.deed_digest(act.deed))
        if draft is not None and draft.state != "waiting":
            raise Refused("refused.release.no-draft", "this draft is decided already")
    own = UNSET if isinstance(act.paper, UnsetType) else act.paper.own
    if isinstance(own, str) and session.rows.get(Number, f"{session.node.party}:{own}"):
        # A number of the house's own book stands for one item, for ever.
        raise Refused("refused.register.taken", f"{own} is given already")
    asked, log = _stamp(session, act)
    assessment = assess(
        session.books, session.rows, asked, journal_size=session.journal_size, alike=alike
    )
    if not assessment.lawful:
        raise RefusedAct(kind_of(act.deed), assessment)
    entry = asked.entry
    if (digest := assessment.common_digest) is not None:
        entry = Entry(
            deed=entry.deed,
            at=entry.at,
            salt=entry.salt,
            seen=entry.seen,
            also=entry.also,
            approvals=entry.approvals,
            attested=entry.attested,
            evidence=entry.evidence,
            ciphertext=entry.ciphertext,
            paper=entry.paper,
            judgement=digest,
        )
    leaf = encode(entry)
    # What the other side could not read would stand in the log, and in every pouch, for ever.
    decode_entry(leaf)
    index = session.append(log, leaf, entry, effect=effect_of(assessment), assessment=assessment)
    return Entered(Position(log=log, index=index), entry, assessment)


def keep_refusal(node: Node, acts: Sequence[Act], refusal: RefusedAct) -> None:
    """Enter in the journal that an act was refused: which deed, which judgement, who asked.

    If the process dies before this commit, the refusal is not in the journal and nothing else
    is either: the act was not entered, and asking again is refused again.
    """
    act = next((one for one in acts if kind_of(one.deed) == refusal.act), acts[0])
    position = getattr(act.deed, "item", None)
    origin = getattr(act.deed, "origin", None)
    item = position if isinstance(position, Position) else origin
    actor = PersonId(act.requested_by or getattr(act.deed, "actor", None) or CHANCERY)
    deed = deeds.RefuseAct(
        by=act.deed.by,
        actor=actor,
        deed=deeds.deed_digest(act.deed),
        act=kind_of(act.deed),
        judgement=digest_of_judgement(refusal.judgement),
        item=item if isinstance(item, Position) else UNSET,
    )
    try:
        with sitting(node) as session:
            session.tx.save(
                Space.DOCUMENT, {digest_of(refusal.judgement): encode(refusal.judgement)}
            )
            _enter_one(session, Act(deed=deed))
    except Unavailable:
        # The refusal stands either way; only its record is missing, and the caller hears of
        # the refusal, not of the disk.
        return


__all__ = [
    "Act",
    "Entered",
    "RefusedAct",
    "enter",
    "enter_in",
    "enter_then",
    "judge_act",
    "keep_refusal",
    "log_for",
]
