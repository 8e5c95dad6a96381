"""A list that somebody sent in to be laid: its CSV and files, kept sealed until all of it is laid.

Lines are laid many at a time, each time in one transaction (:mod:`comity.node.lists`). What was
sent in stays until the last of them is, so whoever stops, or whose node is killed, goes on with
the lines that are left.
"""

from typing import Final, NamedTuple

from msgspec import Struct, json

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.agreement.assessment import Assessment
from comity.formats.release_csv import Line, Read, read, rows_of
from comity.node import lists, releases
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.receiving import absent
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, PersonId

MOST: Final = 4096
"""The most lines of a list that is sent in; a longer one is laid from the command line."""


class Sent(Struct, frozen=True, kw_only=True):
    """A list as it was sent in.

    Attributes:
        csv: Its bytes; their digest is the name of the list.
        files: The files that lines name.
    """

    csv: bytes
    files: dict[str, bytes]
    at: Instant

    @property
    def name(self) -> Digest:
        """The name of the list."""
        return digest(self.csv)


class Checked(NamedTuple):
    """A list that was looked at: how many lines, which are laid, and what may be laid.

    Attributes:
        judged: What the agreement says of each line that is not laid, by number; empty where a
            line cannot be read.
    """

    lines: int
    done: frozenset[int]
    read: Read
    judged: dict[int, Assessment]

    @property
    def objections(self) -> dict[int, Assessment]:
        """The lines that the agreement refuses, whoever approves."""
        return {number: one for number, one in self.judged.items() if one.objections}

    @property
    def clear(self) -> bool:
        """Whether nothing stands in the way of laying it."""
        return not self.read.wrong and not self.objections


def keep(node: Node, sent: Sent, *, person: PersonId) -> Digest:
    """Keep what was sent in, sealed; return the name of the list.

    Raises:
        Refused: ``refused.list.lines``: it is no list, or longer than :data:`MOST`;
            the person is no desk officer.
    """
    with node.store.reading() as tx:
        require_person(tx, person, Role.DESK)
    _rows(sent)
    key = _key(person, sent.name)
    sealed = node.suite.wrap(node.vault.storage(node.party), key=json.encode(sent), aad=_aad(key))
    with node.store.transaction() as tx:
        tx.save(Space.DRAFT, {key: sealed})
    return sent.name


def of(node: Node, tx: Reading, name: Digest, *, person: PersonId) -> Sent:
    """Return what a person sent in.

    Raises:
        Refused: ``refused.absent``: nothing, or it is all laid; of another's the answer is the
            same.
    """
    key = _key(person, name)
    raw = tx.load(Space.DRAFT, key)
    if raw is None:
        raise absent()
    opened = node.suite.unwrap(node.vault.storage(node.party), wrapped=raw, aad=_aad(key))
    return json.decode(opened, type=Sent)


def names(tx: Reading, person: PersonId) -> tuple[Digest, ...]:
    """Return the names of the lists that a person sent in and that are not all laid."""
    keys = tx.keys(Space.DRAFT, f"upload|{person}|")
    return tuple(Digest(key.rpartition("|")[2]) for key in keys)


def drop(node: Node, name: Digest, *, person: PersonId) -> None:
    """Throw away what was sent in; what was laid of it stays laid."""
    with node.store.transaction() as tx:
        tx.drop(Space.DRAFT, [_key(person, name)])


def check(node: Node, sent: Sent, *, person: PersonId, demonstration: bool) -> Checked:
    """Look at every line that is not laid yet: can it be read, and what does the agreement say?

    Nothing is entered, and nothing kept.
    """
    rows = _rows(sent)
    with node.store.reading() as tx:
        office = Office(require_person(tx, person, Role.DESK).office)
        done = frozenset(lists.laid(tx, sent.name))
    left = {number: row for number, row in rows.items() if number not in done}
    found = read(left, {}, has=lambda name: bool(sent.files.get(name)))
    judged: dict[int, Assessment] = {}
    if not found.wrong:
        wishes = [
            wish_of(sent, line, by=office, demonstration=demonstration)
            for line in found.lines.values()
        ]
        assessments = releases.judge_wishes(node, wishes, drafter=person)
        judged = dict(zip(found.lines, assessments, strict=True))
    return Checked(len(rows), done, found, judged)


def lay(
    node: Node,
    sent: Sent,
    *,
    person: PersonId,
    demonstration: bool,
    most: int = MOST,
) -> tuple[int, int]:
    """Lay the next lines of a list, up to ``most``; return how many were laid now, and are left.

    Looked at is what is laid: where nothing is laid yet the whole list, after that no more than
    the lines of this time, each transaction refusing what the agreement does not allow by then.

    Raises:
        Refused: ``refused.list.lines``: a line cannot be read.
        RefusedAct: the agreement refuses one of the lines; none of its transaction is laid.
    """
    rows = _rows(sent)
    with node.store.reading() as tx:
        office = Office(require_person(tx, person, Role.DESK).office)
        done = frozenset(lists.laid(tx, sent.name))
    left = [number for number in rows if number not in done]
    now = left[:most]
    looked = now if done else left
    found = read(
        {number: rows[number] for number in looked},
        {},
        has=lambda name: bool(sent.files.get(name)),
    )
    if found.wrong:
        one = found.wrong[0]
        raise Refused("refused.list.lines", f"line {one.line}, {one.column}: {one.detail}")
    for start in range(0, len(now), lists.AT_ONCE):
        wishes = {
            number: wish_of(sent, found.lines[number], by=office, demonstration=demonstration)
            for number in now[start : start + lists.AT_ONCE]
        }
        lists.lay(node, sent.name, wishes, drafter=person, lines=len(rows))
    return len(now), len(left) - len(now)


def wish_of(sent: Sent, line: Line, *, by: Office, demonstration: bool) -> releases.Wish:
    """Return what a line comes to, with its content."""
    content = line.text.encode() if line.text else sent.files[line.file]
    return lists.wish_of(line, content, by=by, demonstration=demonstration)


def _rows(sent: Sent) -> dict[int, dict[str, str | None]]:
    rows = rows_of(sent.csv)
    if len(rows) > MOST:
        raise Refused("refused.list.lines", f"more than {MOST} lines: lay it by comity list lay")
    return dict(enumerate(rows, start=1))


def _key(person: PersonId, name: Digest) -> str:
    return f"upload|{person}|{name}"


def _aad(key: str) -> bytes:
    return key.encode()
