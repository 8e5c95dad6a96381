"""Today, the duties, and how the node is: as far as it is this person's business."""

from typing import Literal

from msgspec import Struct

from comity.acts.deeds import Role
from comity.console.api.answers import Duty, taken
from comity.console.api.operation import Listing, Nothing, Operation, Page, known_as
from comity.console.api.paging import paged
from comity.console.pages import today as pages
from comity.console.pages import visit as visits
from comity.console.pages.visit import Visit
from comity.node import outgoing, releases, setup
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party


class Draft(Struct, frozen=True, kw_only=True):
    """A draft that waits.

    Attributes:
        decides: For this person's decision.
        leaves: When it leaves, if it is decided and in its window; else empty.
    """

    draft: str
    drafter: str
    at: str
    decides: bool
    leaves: str


class Standing(Struct, frozen=True, kw_only=True):
    """What an agreement is in the view of one party."""

    party: str
    view: str


class Head(Struct, frozen=True, kw_only=True):
    """An agreement, and what it is in each party's view."""

    id: str
    version: str
    digest: str
    views: tuple[Standing, ...]


class Link(Struct, frozen=True, kw_only=True):
    """Whether a counterpart has everything that it was told."""

    peer: str
    behind: bool


class Alarm(Struct, frozen=True, kw_only=True):
    """Something that somebody looks into."""

    peer: str
    code: str
    count: int
    last: str


class Today(Struct, frozen=True, kw_only=True):
    """What is due and what waits.

    Attributes:
        drafts: Empty too where drafts are not this person's business.
        registers: The parties of whose registers one waits that this person signs for.
        alarms: As the drafts.
    """

    now: str
    marking: str
    duties: tuple[Duty, ...]
    drafts: tuple[Draft, ...]
    registers: tuple[str, ...]
    agreements: tuple[Head, ...]
    links: tuple[Link, ...]
    alarms: tuple[Alarm, ...]


class Due(Listing, frozen=True, kw_only=True):
    """Which duties: all that are open, or only those that are overdue."""

    state: Literal["open", "overdue"] = "open"


class LinkSize(Struct, frozen=True, kw_only=True):
    """How much was told to a counterpart, acknowledged by it, and told by it."""

    peer: str
    told: int
    acknowledged: int
    heard: int


class Status(Struct, frozen=True, kw_only=True):
    """How the node is."""

    party: str
    at: str
    agreements: tuple[Head, ...]
    links: tuple[LinkSize, ...]
    drafts: int
    alarms: tuple[Alarm, ...]


def today(visit: Visit, asked: Nothing) -> Today:
    """Say what is due, what waits and what is in step."""
    del asked
    shown = pages.today(visit)
    return Today(
        now=shown["now"],
        marking=shown["marking"],
        duties=tuple(taken(one, Duty) for one in shown["duties"]),
        drafts=tuple(taken(one, Draft) for one in shown["drafts"] or ()),
        registers=tuple(shown["registers"]),
        agreements=tuple(head(one) for one in shown["agreements"]),
        links=tuple(taken(one, Link) for one in shown["links"]),
        alarms=tuple(taken(one, Alarm) for one in shown["alarms"] or ()),
    )


def head(one: dict[str, object]) -> Head:
    """Return an agreement as lists name it."""
    views = [{"party": party, "view": view} for party, view in one["views"]]  # type: ignore[attr-defined]
    return taken(one | {"views": views}, Head)  # type: ignore[no-any-return]


def duties(visit: Visit, asked: Due) -> Page[Duty]:
    """List the open duties about items that this person may see, the earliest due first."""
    found = [one for one in visits.duties(visit) if asked.state == "open" or one["overdue"]]
    return paged(
        found,
        asked,
        key=lambda one: (
            one["due"] or "~",
            one["reference"],
            one["what"],
            one["who"],
            one["office"],
            one["article"],
        ),
        shown=lambda one: taken(one, Duty),
    )


def status(visit: Visit, asked: Nothing) -> Status:
    """Say how the node is: agreements, links, drafts, alarms."""
    del asked
    known_as(visit.tx, visit.person, Role.REGISTRY, Role.SECURITY, Role.ADMINISTRATOR)
    node, tx = visit.node, visit.tx
    shown = pages.today(visit)
    peers = [Party(row.key) for row in setup.peers(tx)]
    return Status(
        party=node.party,
        at=visit.now,
        agreements=tuple(head(one) for one in shown["agreements"]),
        links=tuple(
            LinkSize(
                peer=peer,
                told=tx.frontier(correspondence(node.party, peer)).size,
                acknowledged=outgoing.acknowledged(tx, node.party, peer),
                heard=tx.frontier(correspondence(peer, node.party)).size,
            )
            for peer in peers
        ),
        drafts=len(releases.waiting(tx)),
        alarms=tuple(taken(one, Alarm) for one in shown["alarms"] or ()),
    )


OPERATIONS = (
    Operation("today", "today", "GET", "/today", today, Today),
    Operation("dutyList", "today", "GET", "/duties", duties, Page[Duty], Due),
    Operation("status", "today", "GET", "/status", status, Status),
)
"""Of the day."""
