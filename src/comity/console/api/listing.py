"""Lists of releases: looked at, laid many lines at a time, and decided by one signature."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.console.api.answers import Done, Judged, done, taken
from comity.console.api.deciding import Questions, answered
from comity.console.api.drafts import Content
from comity.console.api.operation import (
    Doing,
    Listing,
    Nothing,
    Operation,
    Page,
    known_as,
    requires,
)
from comity.console.api.paging import paged
from comity.console.api.signing import Signed
from comity.console.forms import Fields, Order
from comity.console.pages import series as pages
from comity.console.pages.visit import Visit
from comity.node import deciding, lists, uploads
from comity.vocabulary.digests import Digest


class ListFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file that lines name, its bytes in base64."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    content: Content


class ListSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A list of releases, one a line, and the files that its lines name.

    Attributes:
        csv: The bytes of the CSV, in base64; their digest is the name of the list.
        files: What the column ``file`` names; a line with a ``text`` needs none.
    """

    csv: Content
    files: Annotated[tuple[ListFile, ...], Meta(max_length=uploads.MOST)] = ()


class ListWrong(Struct, frozen=True, kw_only=True):
    """What is wrong with a line; the heading is line 1.

    Attributes:
        code: ``list.missing``, ``list.unreadable``, ``list.no-file``, ``list.fields``.
    """

    line: int
    column: str
    code: str
    detail: str


class ListObjection(Struct, frozen=True, kw_only=True):
    """A line that the agreement refuses, whoever approves."""

    line: int
    title: str
    judgement: Judged


class ListChecked(Struct, frozen=True, kw_only=True):
    """A list that was looked at; nothing was laid.

    Attributes:
        done: Lines that are laid already.
        clear: Nothing stands in the way of laying the others.
        wrong: The first lines that cannot be read.
        refused: The first lines that the agreement refuses.
    """

    list: str
    lines: int
    done: int
    clear: bool
    wrong: tuple[ListWrong, ...]
    refused: tuple[ListObjection, ...]


class ListLaid(Struct, frozen=True, kw_only=True):
    """How far a list is laid.

    Attributes:
        now: Lines that this request laid; they were laid together, or none of them.
        left: Lines that are left: send the same list again.
    """

    list: str
    now: int
    left: int


class ListStates(Struct, frozen=True, kw_only=True):
    """How many lines are in which state.

    Attributes:
        leaving: ListDecided, and leaving when the window is over.
    """

    waiting: int = 0
    leaving: int = 0
    entered: int = 0
    declined: int = 0


class ListLine(Struct, frozen=True, kw_only=True):
    """A list of which lines were laid."""

    list: str
    at: str
    drafter: str
    lines: int
    states: ListStates


class ListItem(Struct, frozen=True, kw_only=True):
    """A line that waits for its decision, with all of its skeleton."""

    line: int
    draft: str
    reference: str
    to: str
    offices: tuple[str, ...]
    level: str
    subject: str
    purpose: str
    title: str
    pages: int
    drafter: str


class ListShown(Struct, frozen=True, kw_only=True):
    """A list as who decides sees it.

    Attributes:
        waiting: The lines that the next approval covers, all of them to one recipient.
        seen: Names exactly these lines; sent back with the approval.
        more: Lines that wait beside them.
    """

    list: str
    own: bool
    lines: int
    states: ListStates
    waiting: tuple[ListItem, ...]
    seen: str
    more: int


class ListDecision(Signed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answers to the five questions, for exactly the lines that were shown."""

    questions: Questions
    seen: Annotated[str, Meta(max_length=128)] = ""


class ListDecided(Struct, frozen=True, kw_only=True):
    """What was released, and how many lines still wait."""

    released: tuple[Done, ...]
    states: ListStates


def _sent(doing: Doing[ListSent]) -> uploads.Sent:
    requires(doing, Role.DESK)
    files = {one.name: one.content for one in doing.body.files}
    return uploads.Sent(csv=doing.body.csv, files=files, at=doing.node.clock.now())


def check(doing: Doing[ListSent]) -> ListChecked:
    """Look at every line of a list, as laying it would; nothing is entered and nothing kept."""
    sent = _sent(doing)
    found = uploads.check(doing.node, sent, person=doing.person, demonstration=doing.demonstration)
    with doing.node.store.reading() as tx:
        told = pages.told(_visit(doing, tx), found)
    return ListChecked(
        list=sent.name,
        lines=told["lines"],
        done=told["done"],
        clear=told["fit"],
        wrong=tuple(taken(one, ListWrong) for one in told["wrong"]),
        refused=tuple(
            ListObjection(
                line=one["line"], title=one["title"], judgement=taken(one["judgement"], Judged)
            )
            for one in told["refused"]
        ),
    )


def lay(doing: Doing[ListSent]) -> ListLaid:
    """Lay the next lines of a list before the authority; sent again, it goes on with the rest."""
    sent = _sent(doing)
    now, left = uploads.lay(
        doing.node,
        sent,
        person=doing.person,
        demonstration=doing.demonstration,
        most=lists.AT_ONCE,
    )
    return ListLaid(list=sent.name, now=now, left=left)


def listed(visit: Visit, asked: Listing) -> Page[ListLine]:
    """List the lists that this person laid or decides over, the latest first."""
    known_as(visit.tx, visit.person, Role.DESK, Role.RELEASING)
    known = [
        (name, head)
        for name, head in lists.heads(visit.tx).items()
        if lists.may_see(visit.tx, head, visit.person)
    ]
    return paged(
        known,
        asked,
        key=lambda one: (one[1].at, one[0]),
        shown=lambda one: ListLine(
            list=one[0],
            at=one[1].at,
            drafter=one[1].drafter,
            lines=one[1].lines,
            states=ListStates(**lists.waiting(visit.node, visit.tx, one[0], count=0)[1]),
        ),
        latest_first=True,
    )


def show(visit: Visit, asked: Nothing) -> ListShown:
    """Show a list: what became of it, and whole the lines that the next approval covers."""
    del asked
    shown = pages.one(visit)
    return ListShown(
        list=shown["digest"],
        own=shown["own"],
        lines=shown["check"]["lines"] if shown["check"] else shown["lines"],
        states=ListStates(**shown["states"]),
        waiting=tuple(taken(one, ListItem) for one in shown["waiting"]),
        seen=shown["seen"],
        more=shown["more"],
    )


def approve(doing: Doing[ListDecision]) -> ListDecided:
    """Approve the lines that were shown, all of them and no other, with one signature."""
    node = doing.node
    with node.store.reading() as tx:
        visit = _visit(doing, tx)
        known_as(tx, doing.person, Role.RELEASING)
        name = pages.find(visit, doing.place["list"])
        answered(doing.body.questions)
        names = pages.shown_names(visit, name, doing.body.seen)
    entered = deciding.approve(node, names, authority=doing.person, sign=doing.sign)
    with node.store.reading() as tx:
        states = lists.waiting(node, tx, Digest(name), count=0)[1]
    return ListDecided(
        released=tuple(
            done(node, one, doing.lang)
            for one in entered
            if isinstance(one.entry.deed, deeds.Release)
        ),
        states=ListStates(**states),
    )


def drop(doing: Doing[Nothing]) -> Nothing:
    """Throw away what was sent in at the console; what was laid of it stays laid."""
    requires(doing, Role.DESK)
    pages.drop(_order(doing))
    return Nothing()


def _order(doing: Doing[Any]) -> Order:
    return Order(
        doing.node,
        doing.person,
        doing.lang,
        doing.demonstration,
        doing.place,
        Fields({}, None),
        doing.sign,
    )


def _visit(doing: Doing[Any], tx: Any) -> Visit:  # noqa: ANN401 - what is read
    now = doing.node.clock.now()
    place, person = doing.place, doing.person
    return Visit(doing.node, tx, person, doing.lang, now, doing.demonstration, place, {})


_LIST = "/lists/{list}"
OPERATIONS = (
    Operation("listList", "lists", "GET", "/lists", listed, Page[ListLine], Listing),
    Operation(
        "listCheck", "lists", "POST", "/lists/check", check, ListChecked, ListSent, page="/series"
    ),
    Operation(
        "listLay", "lists", "POST", "/lists", lay, ListLaid, ListSent, page="/series/{list:str}/lay"
    ),
    Operation("listShow", "lists", "GET", _LIST, show, ListShown),
    Operation(
        "listApprove",
        "lists",
        "POST",
        f"{_LIST}/approve",
        approve,
        ListDecided,
        ListDecision,
        page="/series/{list:str}/approve",
        signs=True,
    ),
    Operation("listDrop", "lists", "DELETE", _LIST, drop, Nothing, page="/series/{list:str}/drop"),
)
"""Of releases many at a time."""
