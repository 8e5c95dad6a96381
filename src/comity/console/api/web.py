"""The network: which routes an item could take, whom it could reach, how two texts differ."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from comity.agreement.difference import Answer, difference
from comity.agreement.net import Net, Route, Thing
from comity.agreement.network import reach, routes, usual_purpose
from comity.agreement.shipped import newest
from comity.agreement.text import Agreement
from comity.console import drawings
from comity.console.api.operation import Body, Listing, Operation, Page
from comity.console.api.paging import paged
from comity.console.pages import network as pages
from comity.console.pages.visit import Visit
from comity.console.pages.web import hubs_of
from comity.console.words import catalogue, spellings
from comity.node import treaty
from comity.node.receiving import absent
from comity.vocabulary.errors import Refused
from comity.vocabulary.forms import Form
from comity.vocabulary.names import (
    AGREEMENT,
    AgreementId,
    Level,
    Party,
    Purpose,
    Subject,
    scheme_of,
)
from comity.wording import render


class TextOf(Struct, frozen=True, kw_only=True):
    """A text that is looked at.

    Attributes:
        known: This house has it in its own logs.
        hubs: Through whom everything under it goes.
    """

    id: str
    version: str
    parties: tuple[str, ...]
    known: bool
    hubs: tuple[str, ...]


class Hop(Struct, frozen=True, kw_only=True):
    """One step of a route.

    Attributes:
        called: The receiver's levels that correspond to the originator's own.
        consents: Whose approval is needed before this step.
        needs: Other conditions, in words.
    """

    provider: str
    receiver: str
    agreement: str
    articles: tuple[str, ...]
    called: tuple[str, ...]
    consents: tuple[str, ...]
    needs: tuple[str, ...]


class RouteOf(Struct, frozen=True, kw_only=True):
    """A chain of hops, each lawful once its consents are given."""

    to: str
    hops: tuple[Hop, ...]


Joined = Annotated[str, Meta(max_length=120)]


class Look(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the console's page is asked: what would travel, to whom, and what if.

    Attributes:
        to: Empty: whoever could come to hold it.
    """

    origin: Annotated[str, Meta(max_length=16)] = ""
    level: Annotated[str, Meta(max_length=64)] = ""
    subject: Annotated[str, Meta(max_length=120)] = ""
    purpose: Annotated[str, Meta(max_length=120)] = ""
    form: Annotated[str, Meta(max_length=16)] = ""
    to: Annotated[str, Meta(max_length=16)] = ""
    without: Joined = ""
    joined: Joined = ""


class Travel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What would travel.

    Attributes:
        purpose: What for; where it is left out, what most of the originator's texts name.
        without: An agreement that is taken as ended.
        joined: A text that is taken as in force too, as ``ID@VERSION``.
    """

    level: Level
    subject: Subject
    purpose: Purpose | UnsetType = UNSET
    form: Form = Form.ELECTRONIC
    without: Annotated[str, Meta(pattern=rf"^\Z|{AGREEMENT}")] = ""
    joined: Joined = ""


class TravelTo(Travel, frozen=True, kw_only=True):
    """What would travel, and to whom."""

    to: Party


class Routes(Struct, frozen=True, kw_only=True):
    """The routes that were found; none: it cannot lawfully get there."""

    routes: tuple[RouteOf, ...]


class Two(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two texts, each by its identifier, or by identifier, ``@`` and version."""

    old: Annotated[str, Meta(min_length=1, max_length=120)]
    new: Annotated[str, Meta(min_length=1, max_length=120)]


class Against(Struct, frozen=True, kw_only=True):
    """An article that stands in the way, and the code of its reason."""

    article: str
    code: str


class Said(Struct, frozen=True, kw_only=True):
    """What a text says of a class of act."""

    outcome: str
    objections: tuple[Against, ...]
    remedies: tuple[str, ...]


class Differs(Struct, frozen=True, kw_only=True):
    """Acts that two texts answer differently, all in the same way."""

    acts: int
    where: dict[str, tuple[str, ...]]
    old: Said
    new: Said


class Differences(Struct, frozen=True, kw_only=True):
    """All of them; none: the two texts answer alike."""

    differences: tuple[Differs, ...]


def listed(visit: Visit, asked: Listing) -> Page[TextOf]:
    """List the texts that routes are looked for under."""
    own = {one.agreement.digest for one in treaty.known(visit.node, visit.tx)}
    texts = tuple(pages.texts_of(visit).values())
    hubs = hubs_of(texts)
    return paged(
        texts,
        asked,
        key=lambda one: (one.id, one.version),
        shown=lambda one: TextOf(
            id=one.id,
            version=one.version,
            parties=one.parties,
            known=one.digest in own,
            hubs=tuple(party for party, of in hubs.items() if one.id in of),
        ),
    )


def _asked(visit: Visit, asked: Travel) -> tuple[Net, Thing]:
    texts = pages.texts_of(visit)
    if asked.joined:
        more = pages.others(visit)
        if asked.joined not in more:
            raise absent()
        texts[more[asked.joined].id] = more[asked.joined]
    net = Net(agreements=tuple(texts[name] for name in sorted(texts)), at=visit.now)
    if asked.without:
        net = net.without(AgreementId(asked.without))
    its = (one for one in net.agreements if scheme_of(asked.level) in one.parties)
    thing = Thing(
        originator=scheme_of(asked.level),
        level=asked.level,
        subject=asked.subject,
        purpose=usual_purpose(its) if isinstance(asked.purpose, UnsetType) else asked.purpose,
        form=asked.form,
    )
    return net, thing


def ways(visit: Visit, asked: TravelTo) -> Routes:
    """Find the routes by which an item could lawfully get from its originator to a party."""
    net, thing = _asked(visit, asked)
    if asked.to == thing.originator:
        raise Refused("refused.network.level", "an item is at its originator already")
    found = routes(net, thing, asked.to, limit=pages.MOST, longest=pages.LONGEST)
    return Routes(routes=tuple(_route(one, visit.lang) for one in found))


def reached(visit: Visit, asked: Travel) -> Routes:
    """Say who could lawfully come to hold an item, each by the way with the fewest consents."""
    net, thing = _asked(visit, asked)
    return Routes(routes=tuple(_route(one.route, visit.lang) for one in reach(net, thing)))


def _looked(visit: Visit, asked: Look) -> pages.Found:
    return pages.searched(visit._replace(asked=structs.asdict(asked)))


def drawing(visit: Visit, asked: Look) -> Body:
    """Draw the web of agreements, and what is asked of it; what no text knows is not asked."""
    return Body(drawings.svg(visit, _looked(visit, asked)), "network.svg")


def told(visit: Visit, asked: Look) -> Body:
    """Say in words what the drawing shows."""
    return Body(drawings.text(visit, _looked(visit, asked)), "network.txt")


def as_json(visit: Visit, found: pages.Found) -> bytes:
    """Return what was found on the console's page as the operations say it."""
    return msgspec.json.encode(
        Routes(routes=tuple(_route(one, visit.lang) for one in found.routes))
    )


def _route(one: Route, lang: str) -> RouteOf:
    return RouteOf(
        to=one.receiver,
        hops=tuple(
            Hop(
                provider=hop.provider,
                receiver=hop.receiver,
                agreement=f"{hop.agreement} {hop.version}",
                articles=hop.articles,
                called=hop.called,
                consents=hop.consents,
                needs=tuple(
                    render(catalogue(), finding.reason, lang, names=spellings())
                    for finding in hop.needs
                ),
            )
            for hop in one.hops
        ),
    )


def diff(visit: Visit, asked: Two) -> Differences:
    """Say which classes of act two texts answer differently."""
    texts = [*newest(), *(one.agreement for one in treaty.known(visit.node, visit.tx))]
    named: dict[str, Agreement] = {one.id: one for one in texts}
    named |= {f"{one.id}@{one.version}": one for one in texts}
    if asked.old not in named or asked.new not in named:
        raise absent()
    found = difference(named[asked.old], named[asked.new], at=visit.now)
    return Differences(
        differences=tuple(
            Differs(acts=one.acts, where=one.where, old=_said(one.old), new=_said(one.new))
            for one in found
        )
    )


def _said(one: Answer) -> Said:
    return Said(
        outcome=one.outcome,
        objections=tuple(Against(article=article, code=code) for article, code in one.objections),
        remedies=one.remedies,
    )


OPERATIONS = (
    Operation("networkTexts", "network", "GET", "/network", listed, Page[TextOf], Listing),
    Operation("networkRoutes", "network", "GET", "/network/routes", ways, Routes, TravelTo),
    Operation(
        "networkReach",
        "network",
        "GET",
        "/network/reach",
        reached,
        Routes,
        Travel,
        page="/network/as/json",
    ),
    Operation(
        "networkDrawing",
        "network",
        "GET",
        "/network/drawing",
        drawing,
        Body,
        Look,
        media=drawings.SVG,
        page="/network/as/svg",
    ),
    Operation(
        "networkTold",
        "network",
        "GET",
        "/network/told",
        told,
        Body,
        Look,
        media=drawings.TEXT,
        page="/network/as/txt",
    ),
    Operation("networkDiff", "network", "GET", "/network/diff", diff, Differences, Two),
)
"""Of the network."""
