"""What is attested, as people see it: each entry with its paper, and what of it is disputed."""

from typing import Any

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.deeds import Role, kind_of
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Paper, Position
from comity.agreement.ground import GROUND, PAPER_ARTICLE
from comity.node import paper, treaty
from comity.node.chancery import Act, Entered, enter
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading
from comity.register.rows import Line, Matter, key_at
from comity.vocabulary.dates import Dated
from comity.vocabulary.errors import Refused
from comity.vocabulary.logs import (
    LogName,
    author,
    correspondence,
    is_attested,
    owner,
    standing_in,
)
from comity.vocabulary.names import Office, Party, PersonId


def entries(tx: Reading, log: LogName) -> list[dict[str, Any]]:
    """Return what a log tells of a party on paper, in order: kind, paper, evidence, dispute."""
    return [
        _entry(tx, log, index, decode_entry(leaf))
        for index, leaf in enumerate(tx.leaves(log, 0, tx.frontier(log).size))
    ]


def _entry(tx: Reading, log: LogName, index: int, entry: Entry) -> dict[str, Any]:
    line = tx.get(Line, key_at(log, index))
    return {
        "index": index,
        "at": entry.at,
        "kind": kind_of(entry.deed),
        "by": entry.deed.by,
        "outcome": "" if line is None else line.outcome,
        **said(entry.paper),
        "evidence": list(entry.evidence) if isinstance(entry.evidence, tuple) else [],
        "attested_by": owner(log),
        "disputed": disputes(tx, key_at(log, index)),
    }


def said(stands: Paper | UnsetType) -> dict[str, str]:
    """Return what stands on paper as plain values; empty where nothing does."""
    if isinstance(stands, UnsetType):
        return {"on": "", "number": "", "own": ""}
    return {
        "on": stands.on if isinstance(stands.on, str) else "",
        "number": stands.number if isinstance(stands.number, str) else "",
        "own": stands.own if isinstance(stands.own, str) else "",
    }


def disputes(tx: Reading, leaf: str) -> list[dict[str, str]]:
    """Return how the party of an attested entry disputes it: from where, and its own date."""
    log = LogName(leaf.rpartition("#")[0])
    if not is_attested(log):
        return []
    own = correspondence(author(log), owner(log))
    found = []
    for row in tx.within(Matter, f"{own}|dispute"):
        if row.kind == "dispute.raise" and row.about == leaf:
            raw = tx.leaves(LogName(row.log), row.index, row.index + 1)[0]
            found.append({"leaf": row.key, "at": row.at, "on": said(decode_entry(raw).paper)["on"]})
    return found


def scan(node: Node, tx: Reading, absent: Party, index: int, person: PersonId) -> bytes:
    """Return the scanned paper behind an entry, to an officer of the registry.

    Raises:
        Refused: ``refused.person.role``; ``refused.absent``: there is no such entry or paper.
    """
    require_person(tx, person, Role.REGISTRY)
    log = standing_in(node.party, absent)
    if not 0 <= index < tx.frontier(log).size:
        raise Refused("refused.absent", "no such entry")
    entry = decode_entry(tx.leaves(log, index, index + 1)[0])
    if not isinstance(entry.evidence, tuple):
        raise Refused("refused.absent", "the paper of this entry is the item itself: read that")
    return paper.scan_of(node, tx, entry.evidence[0], deeds.deed_digest(entry.deed))


def dispute(
    node: Node, leaf: Position, *, on: Dated | UnsetType = UNSET, actor: PersonId
) -> Entered:
    """Dispute what the other party attested of this house, with the own date if that differs.

    Nothing is undone by it: both readings stand side by side until they are settled.

    Raises:
        Refused: ``refused.absent``: no such entry about this house; ``refused.person.unknown``.
    """
    with node.store.reading() as tx:
        office = Office(require_person(tx, actor).office)
        if not is_attested(leaf.log) or author(leaf.log) != node.party:
            raise Refused("refused.absent", "no such entry about this house")
        if not 0 <= leaf.index < tx.frontier(leaf.log).size:
            raise Refused("refused.absent", "no such entry about this house")
        other = owner(leaf.log)
        found = treaty.between(node, tx, other)
    deed = deeds.RaiseDispute(
        by=office,
        to=other,
        article=PAPER_ARTICLE,
        agreement=GROUND.digest if found is None else found.digest,
        leaf=leaf,
    )
    paper_of = UNSET if isinstance(on, UnsetType) else Paper(on=on)
    return enter(node, [Act(deed=deed, paper=paper_of, requested_by=actor)])[0]
