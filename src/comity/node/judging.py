"""The common judgement of one leaf of a counterpart's log: when it comes, and whenever replayed."""

from collections.abc import Sequence

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Outcome
from comity.acts.kinds import Log, kind
from comity.acts.parts import Position
from comity.agreement import lookups
from comity.agreement.alike import Alike
from comity.agreement.cut import Asked
from comity.agreement.ground import LINK_ARTICLE
from comity.agreement.origin import NOT_ENROLLED
from comity.node.assess import OPAQUE, Assessment, NodeBooks, assess, effect_of
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.register import fold
from comity.register.fold import Effect
from comity.register.leaves import Leaf
from comity.register.rows import Line, Needs, Peer, StandingOf, key_at
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    feed,
    is_attested,
    is_feed,
    owner,
    reader,
    standing_in,
)
from comity.vocabulary.names import Party


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
    asked = asked_of(node, log, index, entry)
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


def asked_of(node: Node, log: LogName, index: int, entry: Entry) -> Asked:
    """Return a leaf of a counterpart's log as it is asked about here."""
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
            lookups.needs(ask, asked_of(node, log, index, entry))
        fold.needs(ask, Leaf(house=node.party, log=log, index=index, entry=entry))
    rows.fetch(ask)
