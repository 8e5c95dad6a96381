"""A list of releases, line by line: laid once each, decided together, resumable after a kill.

A list is known by the digest of its bytes. In the transaction that lays a line before the
authority it is noted which draft that line became. Whoever runs the same list again goes on with
the lines that are not noted, so a line is laid once, wherever the process died.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from comity.acts.canonical import decoder, encode
from comity.acts.deeds import Role
from comity.formats.release_csv import Line as CsvLine
from comity.node import deciding, window
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.releases import Wish, lay_list_before, open_drafts
from comity.node.signing import Signer, by_key_file
from comity.register.rows import Draft, Needs, PersonOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, PersonId

AT_ONCE = 500
"""Lines of one transaction: what is lost of the work, and never of the list, if it is killed."""

AT_A_TIME = 1000
"""Lines that one signature covers, and that who signs sees together."""

_PAGE = 1000


class Head(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is noted of a list as such, with the first lines that are laid of it.

    Attributes:
        drafter: Who laid it.
        lines: How many it has.
        at: When it was begun.
    """

    drafter: PersonId
    lines: int
    at: Instant


class Line(NamedTuple):
    """One line that was laid.

    Attributes:
        number: Its number in the list, from 1.
        draft: The draft that it became.
        state: ``waiting``, ``entered`` or ``declined``.
    """

    number: int
    draft: Digest
    state: str


_decode_head = decoder(Head, limit=4096)


def _key(name: Digest, number: int) -> str:
    return f"list|{name}|{number:09d}"


def _head(name: Digest) -> str:
    return f"lists|{name}"


def heads(tx: Reading) -> dict[Digest, Head]:
    """Return the lists of which lines were laid, the latest first."""
    keys = tx.keys(Space.LINK, prefix="lists|")
    found = tx.load_many(Space.LINK, keys)
    known = [(Digest(key.partition("|")[2]), _decode_head(raw)) for key, raw in found.items()]
    return dict(sorted(known, key=lambda one: (one[1].at, one[0]), reverse=True))


def head_of(tx: Reading, name: Digest) -> Head | None:
    """Return what is noted of a list; nothing where no line of it was laid."""
    raw = tx.load(Space.LINK, _head(name))
    return None if raw is None else _decode_head(raw)


def wish_of(line: CsvLine, content: bytes, *, by: Office, demonstration: bool = False) -> Wish:
    """Return what a line of a list comes to, as the agreement judges it."""
    return Wish(
        to=line.to,
        offices=line.offices,
        by=by,
        level=line.level,
        subject=line.subject,
        purpose=line.purpose,
        content=content,
        title=line.title,
        lines=line.remarks,
        file_name=line.file.replace("\\", "/").rpartition("/")[2],
        media_type="application/octet-stream" if line.file else "text/plain; charset=utf-8",
        pages=line.pages,
        annexes=line.annexes,
        demonstration=demonstration,
    )


def find(tx: Reading, text: str) -> Digest:
    """Return the list whose digest begins with ``text``, with or without its prefix.

    Raises:
        Refused: ``refused.list.unknown``: none, or more than one.
    """
    wanted = text.removeprefix("sha384:")
    keys = tx.keys(Space.LINK, prefix=f"list|sha384:{wanted}") if wanted else ()
    names = {key.split("|")[1] for key in keys}
    if len(names) != 1:
        raise Refused("refused.list.unknown", "not exactly one list begins so")
    return Digest(names.pop())


def lines(tx: Reading, name: Digest, numbers: Iterable[int]) -> tuple[Line, ...]:
    """Return those lines of a list that are laid, in order, each with what became of it."""
    kept = tx.load_many(Space.LINK, [_key(name, number) for number in numbers])
    drafts = {int(key.rpartition("|")[2]): Digest(raw.decode()) for key, raw in kept.items()}
    ask = Needs()
    for draft in drafts.values():
        ask.key(draft, Draft)
    rows = tx.fetch(ask)[0]
    return tuple(
        Line(number, draft, getattr(rows.get((Draft, draft)), "state", ""))
        for number, draft in sorted(drafts.items())
    )


def laid(tx: Reading, name: Digest, *, start: int = 1) -> list[int]:
    """Return the numbers, from ``start`` on and in order, of the lines of a list that are laid."""
    keys = tx.keys(Space.LINK, prefix=f"list|{name}|")
    return sorted(n for n in (int(key.rpartition("|")[2]) for key in keys) if n >= start)


def lay(
    node: Node, name: Digest, wishes: Mapping[int, Wish], *, drafter: PersonId, lines: int
) -> None:
    """Lay lines of a list before the releasing authority: all of these, or none of them.

    If the process dies before the commit none of them is laid and none is noted; after it, all
    are both. Of two who lay the same line at once the second is told so, and lays nothing.

    Raises:
        RefusedAct: as :func:`comity.node.releases.lay_list_before`.
        Unavailable: ``unavailable.conflict``: one of the lines was laid in the meantime.

    ``lines`` is how many the whole list has.
    """
    head = Head(drafter=drafter, lines=lines, at=node.clock.now())
    with node.store.reading() as tx:
        known = head_of(tx, name) is not None
    lay_list_before(
        node,
        list(wishes.values()),
        drafter=drafter,
        noted=[_key(name, number) for number in wishes],
        also={} if known else {_head(name): encode(head)},
    )


def waiting(
    node: Node, tx: Reading, name: Digest, *, count: int = AT_A_TIME
) -> tuple[list[Line], dict[str, int]]:
    """Return the first lines that wait for their decision, and how many are in which state.

    What is decided and in its window (``leaving``) waits for nobody.
    """
    found: list[Line] = []
    states: Counter[str] = Counter()
    numbers = laid(tx, name)
    for start in range(0, len(numbers), _PAGE):
        some = lines(tx, name, numbers[start : start + _PAGE])
        open_ = [line.draft for line in some if line.state == "waiting"]
        leaves = window.leaving(node, tx, open_)
        for line in some:
            state = "leaving" if line.draft in leaves else line.state
            states[state] += 1
            if state == "waiting" and len(found) < count:
                found.append(line)
    return found, dict(states)


def approve(  # noqa: PLR0913 - which lines, by name
    node: Node,
    name: Digest,
    *,
    authority: PersonId,
    start: int = 1,
    count: int = AT_A_TIME,
    sign: Signer = by_key_file,
) -> tuple[int, int, int]:
    """Approve the waiting lines among ``count`` of a list, from the number ``start`` on.

    One signature covers them: each deed's approval holds the way from it to the root of these.
    Lines that were decided before, or that are in their window, are passed over, so it goes on
    where it stopped.

    Returns:
        How many were looked at, how many of them left, and the number to go on with (0: none).

    Raises:
        Refused: as :func:`comity.node.deciding.approve`.
        RefusedAct: likewise; none of these leaves.
    """
    with node.store.reading() as tx:
        numbers = laid(tx, name, start=start)
        some = lines(tx, name, numbers[:count])
        waiting = [line.draft for line in some if line.state == "waiting"]
        leaving = window.leaving(node, tx, waiting)
        waiting = [draft for draft in waiting if draft not in leaving]
    entered = deciding.approve(node, waiting, authority=authority, sign=sign) if waiting else ()
    return len(some), len(entered), next(iter(numbers[count:]), 0)


def require_reader(tx: Reading, name: Digest, person: PersonId) -> None:
    """Return if a person decides over releases or laid this list: nobody else learns of it.

    Raises:
        Refused: ``refused.list.unknown``, as for a list that is not there.
    """
    head = head_of(tx, name)
    if head is None or not may_see(tx, head, person):
        raise Refused("refused.list.unknown", "not exactly one list begins so")


def may_see(tx: Reading, head: Head, person: PersonId) -> bool:
    """Tell whether a person decides over releases or laid this list."""
    row = tx.get(PersonOf, person)
    return row is not None and (Role.RELEASING.value in row.roles or head.drafter == person)


def shown(node: Node, tx: Reading, some: Sequence[Line]) -> list[dict[str, object]]:
    """Return what an authority sees of lines: those that wait with all of their skeleton."""
    waiting = [line for line in some if line.state == "waiting"]
    drafts = dict(
        zip(
            (line.number for line in waiting),
            open_drafts(node, tx, [line.draft for line in waiting]),
            strict=True,
        )
    )
    said: list[dict[str, object]] = []
    for line in some:
        about: dict[str, object] = {"line": line.number, "draft": line.draft, "state": line.state}
        if (draft := drafts.get(line.number)) is not None:
            deed = draft.deed
            about |= {
                "reference": deed.item.reference,
                "to": deed.to,
                "offices": list(deed.offices),
                "level": deed.item.label.level,
                "subject": deed.item.subject,
                "purpose": deed.purpose,
                "title": draft.particulars.title,
                "pages": deed.item.pages,
                "drafter": draft.drafter,
            }
        said.append(about)
    return said


__all__ = [
    "AT_ONCE",
    "Head",
    "Line",
    "approve",
    "find",
    "heads",
    "laid",
    "lay",
    "lines",
    "may_see",
    "require_reader",
    "shown",
    "waiting",
    "wish_of",
]
