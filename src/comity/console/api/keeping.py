"""What a house answers for beside its items: loans, visits and incidents, facilities, figures."""

from msgspec import Struct

from comity.console.api.answers import taken
from comity.console.api.operation import Listing, Operation, Page, known_as
from comity.console.api.paging import paged
from comity.console.pages import keeping as pages
from comity.console.pages import people
from comity.console.pages.visit import Visit
from comity.node import facilities, reporting, views
from comity.node.reporting import Period
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party


class LoanSaid(Struct, frozen=True, kw_only=True):
    """A copy that is lent; ``custodian`` answers for it all the while."""

    item: str
    copy: int
    borrower: str
    since: str
    until: str
    signed: bool
    custodian: str
    overdue: bool


class MatterSaid(Struct, frozen=True, kw_only=True):
    """A visit, an incident or the like: an act that later ones refer to.

    Attributes:
        leaf: Where it stands; what later acts name.
        to: The other party; empty where it stands at home.
        reference: The item that it is about; empty: none.
        about: The leaf that it answers; empty: none.
    """

    leaf: str
    at: str
    kind: str
    author: str
    to: str
    reference: str
    about: str
    level: str
    until: str


class Over(Struct, frozen=True, kw_only=True):
    """What of a facility has ended: an office, an accreditation, a right to enter.

    Attributes:
        withdrawn: It ended before its end; ``until`` is in 1970 then, before everything.
    """

    what: str
    who: str
    until: str
    withdrawn: bool


class Holds(Struct, frozen=True, kw_only=True):
    """What of a facility holds now, and where it stands in the journal."""

    line: str
    what: str
    who: str
    until: str


class FacilitySaid(Struct, frozen=True, kw_only=True):
    """A facility; without an officer nobody answers for it."""

    facility: str
    officers: tuple[str, ...]
    accredited: tuple[str, ...]
    roster: tuple[str, ...]
    copies: int
    living: tuple[Holds, ...]
    ended: tuple[Over, ...]


class InPeriod(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From an instant on, until before another."""

    since: Instant
    until: Instant


class Between(InPeriod, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A period, and with whom."""

    party: Party


class WaySaid(Struct, frozen=True, kw_only=True, rename={"giver": "from", "taker": "to"}):
    """What went one way, in hours the median; nothing where there was none."""

    giver: str
    taker: str
    items: int
    own: int
    subjects: dict[str, int]
    requests: int
    requests_by_state: dict[str, int]
    hours_to_answer: float | None
    hours_to_receipt: float | None


class Reciprocity(Struct, frozen=True, kw_only=True):
    """What went which way between this house and a counterpart."""

    since: str
    until: str
    ways: tuple[WaySaid, ...]


class Skipped(Struct, frozen=True, kw_only=True):
    """A step of the domestic procedure that was skipped, or out of order."""

    pact: str
    opened: str
    step: str
    mark: str


class Oversight(Struct, frozen=True, kw_only=True):
    """Whether the rules were kept: no item, subject, level or person is named.

    Attributes:
        items: How many went in all, rounded as the public is told.
        overdue: By party and act; ``without_effect``: by party, act and article.
    """

    since: str
    until: str
    items: str
    incidents_told: int
    incidents_open: int
    procedure: tuple[Skipped, ...]
    overdue: dict[str, int]
    without_effect: dict[str, int]


def loans(visit: Visit, asked: Listing) -> Page[LoanSaid]:
    """List the copies that are lent, what is due first before the others."""
    _answers(visit)
    return paged(
        views.loans(visit.tx, visit.now),
        asked,
        key=lambda one: (one["until"], one["item"], f"{one['copy']:09d}"),
        shown=lambda one: taken(one, LoanSaid),
    )


def matters(visit: Visit, asked: Listing) -> Page[MatterSaid]:
    """List visits, incidents and other acts that later ones refer to, the latest first."""
    _answers(visit)
    return paged(
        views.matters(visit.tx),
        asked,
        key=lambda one: (one["at"], one["leaf"]),
        shown=lambda one: taken(one, MatterSaid),
        latest_first=True,
    )


def places(visit: Visit, asked: Listing) -> Page[FacilitySaid]:
    """List the facilities of the house: who answers, up to what, who enters, what is there."""
    known_as(visit.tx, visit.person, *people.SEE)
    return paged(
        facilities.facilities(visit.tx, visit.node.party, now=visit.now),
        asked,
        key=lambda one: (one["facility"],),
        shown=lambda one: taken(one, FacilitySaid),
    )


def reciprocity(visit: Visit, asked: Between) -> Reciprocity:
    """Say what went which way between this house and a counterpart in a period."""
    _answers(visit)
    found = reporting.reciprocity(visit.node, visit.tx, asked.party, _period(asked))
    return taken(found, Reciprocity)  # type: ignore[no-any-return]


def oversight(visit: Visit, asked: InPeriod) -> Oversight:
    """Say whether the rules were kept in a period, and where they were not."""
    _answers(visit)
    found = reporting.oversight(visit.node, visit.tx, _period(asked))
    return taken(found, Oversight)  # type: ignore[no-any-return]


def _period(asked: InPeriod) -> Period:
    if asked.until <= asked.since:
        raise Invalid("invalid.argument", "a period ends after it begins")
    return Period(asked.since, asked.until)


def _answers(visit: Visit) -> None:
    known_as(visit.tx, visit.person, *pages.ANSWERS)


OPERATIONS: tuple[Operation, ...] = (
    Operation("loanList", "keeping", "GET", "/loans", loans, Page[LoanSaid], Listing),
    Operation("matterList", "keeping", "GET", "/matters", matters, Page[MatterSaid], Listing),
    Operation("facilityList", "keeping", "GET", "/facilities", places, Page[FacilitySaid], Listing),
    Operation(
        "reportReciprocity",
        "keeping",
        "GET",
        "/reports/reciprocity",
        reciprocity,
        Reciprocity,
        Between,
    ),
    Operation(
        "reportOversight", "keeping", "GET", "/reports/oversight", oversight, Oversight, InPeriod
    ),
)
"""Of what a house answers for beside its items."""
