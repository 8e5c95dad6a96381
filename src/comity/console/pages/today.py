"""Today: what is due, what waits, what is in step: as far as it is this person's business."""

from typing import Any, Final

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.console.pages import approvals, consents, erasing, requests
from comity.console.pages import visit as visits
from comity.console.words import has_words
from comity.node import brought, kept, releases, setup, treaty, window
from comity.node.alarms import alarms
from comity.node.outgoing import acknowledged
from comity.node.ports import Reading
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party

MOST_DUTIES: Final = 100
"""The most duties that the page shows: those whose end is first."""


def today(visit: visits.Visit) -> dict[str, Any]:
    """Duties, drafts, agreements, links, alarms: each as far as it is this person's business."""
    node, tx = visit.node, visit.tx
    owed = visits.owed(visit, limit=MOST_DUTIES)
    duties = visits.shown(visit, owed)
    shown = {
        "duties": sorted(duties, key=lambda one: (one["due"] or "~", one["reference"])),
        "drafts": _drafts(visit),
        "lists": approvals.listed(visit),
        "consents": consents.waiting(visit),
        "requests": requests.waiting(visit),
        "erasures": erasing.waiting(visit),
        "registers": _registers(visit),
        "agreements": [head(one) for one in treaty.known(node, tx)],
        "links": [_link(visit, Party(row.key)) for row in setup.peers(tx)],
        "alarms": _alarms(tx) if visits.keeps_books(visit.tx, visit.person) else None,
        "marking": visits.marked(visit, [item for _, item in owed]),
    }
    # Another name when the page says something else: what the stream of the page compares.
    live = digest(repr(shown).encode()).removeprefix("sha384:")[:16]
    return shown | {"now": visit.now, "live": live}


def state(visit: visits.Visit) -> str:
    """Return a name for what the page says now: another when it says something else."""
    return str(today(visit)["live"])


def _registers(visit: visits.Visit) -> tuple[Party, ...]:
    """Return the parties of whose registers one waits for this person's part.

    Of a party that joined meanwhile nobody signs for one: it waits for the registry, which throws
    it away.
    """
    known = visits.roles(visit.tx, visit.person)
    if not known & {one.value for one in brought.SIGNS}:
        return ()
    registry = Role.REGISTRY.value in known
    return tuple(
        one
        for one in brought.waits(visit.tx)
        if registry or kept.is_open(visit.tx, visit.node.party, one)
    )


def _drafts(visit: visits.Visit) -> list[dict[str, Any]] | None:
    """Return the drafts that wait: all to a releasing authority, their own to others."""
    roles = visits.roles(visit.tx, visit.person)
    if not roles & {Role.RELEASING.value, Role.DESK.value}:
        return None
    decides = Role.RELEASING.value in roles
    leaves = window.leaving(visit.node, visit.tx)
    return [
        {
            "draft": row.key,
            "drafter": row.drafter,
            "called": visits.called(visit.tx, row.drafter),
            "at": row.at,
            "decides": decides,
            "leaves": leaves.get(Digest(row.key), ""),
        }
        for row in releases.waiting(visit.tx)
        if decides or row.drafter == visit.person
    ]


def _link(visit: visits.Visit, peer: Party) -> dict[str, Any]:
    """Return whether a link is in step; by how much it is behind would tell of traffic."""
    mine = visit.tx.frontier(correspondence(visit.node.party, peer)).size
    return {"peer": peer, "behind": mine > acknowledged(visit.tx, visit.node.party, peer)}


def _alarms(tx: Reading) -> list[dict[str, Any]]:
    found = []
    for name, one in alarms(tx).items():
        peer, _, code = name.partition("|")
        worded = code if has_words(code) else "console.alarm.other"
        found.append({"peer": peer, "code": worded, "count": one["count"], "last": one["last"]})
    return found


def head(one: treaty.Known) -> dict[str, Any]:
    """Return an agreement as lists name it."""
    return {
        "id": one.agreement.id,
        "version": one.agreement.version,
        "digest": one.agreement.digest,
        "views": [(party, view.value) for party, view in one.views],
    }
