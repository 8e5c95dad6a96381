"""Standing directives and the accounts of their streams; what is given is not carried here."""

from msgspec import Struct

from comity.console.api.answers import Done, done
from comity.console.api.items import found
from comity.console.api.operation import Doing, Listing, Nothing, Operation, Page
from comity.console.api.paging import paged
from comity.console.pages import visit as visits
from comity.console.pages.visit import Visit
from comity.node import directives
from comity.node.reading import Deal


class Gap(Struct, frozen=True, kw_only=True):
    """Numbers of a stream that were not given, the last one included."""

    first: int
    last: int


class DirectiveSaid(Struct, frozen=True, kw_only=True):
    """A standing directive as it stands, and the account of its stream.

    Attributes:
        reference: The stream's number; its item stands under it in the register.
        state: ``not-yet``, ``stands``, ``suspended``, ``withdrawn``, ``expired`` or ``used-up``.
        given: Observations given; ``leaves`` entries gave them.
        late: Observations that crossed with the word that ended the directive.
        last: When the last was given; empty before the first.
    """

    reference: str
    state: str
    provider: str
    receiver: str
    offices: tuple[str, ...]
    level: str
    subject: str
    purpose: str
    since: str
    until: str
    most: int
    given: int
    leaves: int
    late: int
    last: str
    gaps: tuple[Gap, ...]


def listed(visit: Visit, asked: Listing) -> Page[DirectiveSaid]:
    """List the standing directives that this house gave or was given, the latest first."""
    views = [
        one
        for one in directives.views(visit.tx, now=visit.now)
        if visits.may(visit, Deal.SEE, one.item)
    ]
    return paged(
        views, asked, key=lambda one: (one.item.at, one.row.key), shown=_said, latest_first=True
    )


def _said(one: directives.View) -> DirectiveSaid:
    item, row, lane = one.item, one.row, one.lane
    return DirectiveSaid(
        reference=row.reference,
        state=one.state,
        provider=item.provider,
        receiver=item.receiver,
        offices=item.offices,
        level=item.level,
        subject=item.subject,
        purpose=item.purpose,
        since=row.since,
        until=row.until,
        most=row.most,
        given=0 if lane is None else lane.given,
        leaves=0 if lane is None else lane.batches,
        late=0 if lane is None else lane.late,
        last="" if lane is None else lane.at,
        gaps=tuple(Gap(first=gap.first, last=gap.until - 1) for gap in one.gaps),
    )


def suspend(doing: Doing[Nothing]) -> Done:
    """Let nothing more be given under a directive, at once."""
    entered = directives.suspend(doing.node, found(doing), officer=doing.person)
    return done(doing.node, entered, doing.lang)


def withdraw(doing: Doing[Nothing]) -> Done:
    """End a directive at once and for ever."""
    entered = directives.withdraw(doing.node, found(doing), officer=doing.person)
    return done(doing.node, entered, doing.lang)


OPERATIONS = (
    Operation(
        "directiveList", "streams", "GET", "/directives", listed, Page[DirectiveSaid], Listing
    ),
    Operation(
        "directiveSuspend",
        "streams",
        "POST",
        "/directives/{number}/suspend",
        suspend,
        Done,
        page="/directives/{number:path}/suspend",
    ),
    Operation(
        "directiveWithdraw",
        "streams",
        "POST",
        "/directives/{number}/withdraw",
        withdraw,
        Done,
        page="/directives/{number:path}/withdraw",
    ),
)
"""Of standing directives."""
