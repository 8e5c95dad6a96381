"""Sheets: what a desk officer has typed of a release so far, kept sealed until it is laid.

A sheet is no act and stands in no log. It belongs to one person; for anybody else there is none.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, json, structs

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.node import again
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.receiving import absent
from comity.node.releases import Wish, require_not_empty, require_size
from comity.vocabulary.errors import Invalid
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import (
    Office,
    Party,
    PersonId,
    parse_level,
    parse_office,
    parse_purpose,
    parse_subject,
)

TEXT_LIMIT = 1 << 20
"""The most characters of a text that is typed into a sheet."""

Text = Annotated[str, Meta(max_length=TEXT_LIMIT)]
Word = Annotated[str, Meta(max_length=512)]


class Sheet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was typed, exactly as it was typed: nothing here has been checked yet.

    Attributes:
        to: The recipient; it is chosen first and stays.
        file: The bytes of a file, where one was put in; they stand before ``text``.
        changed: When it was last kept.
        before: The deed that it was when it was laid before: what the page does not name of it
            (caveats, to whom it may ever go, form, schedule, its end) is so again.
        shown: It was to be spoken, shown or carried, and no content goes with it.
        changed_by: The authority that sent it back with changes; empty: it was not sent back.
    """

    to: Party
    changed: Instant
    offices: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()
    level: Word = ""
    subject: Word = ""
    purpose: Word = ""
    title: Word = ""
    remarks: Text = ""
    text: Text = ""
    file_name: Word = ""
    media_type: Word = ""
    file: bytes = b""
    pages: Word = "1"
    annexes: Word = "0"
    changed_by: Word = ""
    before: deeds.Release | UnsetType = UNSET
    shown: bool = False


def _key(person: PersonId, name: str) -> str:
    return f"sheet|{person}|{name}"


def begin(node: Node, sheet: Sheet, *, person: PersonId) -> str:
    """Begin a sheet and return its name, which nobody can guess.

    Raises:
        Refused: the person is no desk officer.
    """
    with node.store.reading() as tx:
        require_person(tx, person, Role.DESK)
    name = node.suite.random(8).hex()
    keep(node, name, sheet, person=person)
    return name


def keep(node: Node, name: str, sheet: Sheet, *, person: PersonId) -> None:
    """Keep a sheet as it is now, sealed under the house's storage key."""
    require_size(sheet.file)
    key = _key(person, name)
    sealed = node.suite.wrap(
        node.vault.storage(node.party), key=json.encode(sheet), aad=f"sheet {key}".encode()
    )
    with node.store.transaction() as tx:
        tx.save(Space.DRAFT, {key: sealed})


def of(node: Node, tx: Reading, name: str, *, person: PersonId) -> Sheet:
    """Return a person's own sheet.

    Raises:
        Refused: ``refused.absent``: there is none, or it is another's; the answer is the same.
    """
    key = _key(person, name)
    raw = tx.load(Space.DRAFT, key)
    if raw is None:
        raise absent()
    # Not canonical JSON: what is being typed may hold anything, and nobody signs it.
    return json.decode(
        node.suite.unwrap(node.vault.storage(node.party), wrapped=raw, aad=f"sheet {key}".encode()),
        type=Sheet,
    )


def all_of(node: Node, tx: Reading, person: PersonId) -> tuple[tuple[str, Sheet], ...]:
    """Return the sheets that a person keeps, with their names, the latest first."""
    names = [key.rpartition("|")[2] for key in tx.keys(Space.DRAFT, f"sheet|{person}|")]
    found = [(name, of(node, tx, name, person=person)) for name in names]
    return tuple(sorted(found, key=lambda one: one[1].changed, reverse=True))


def drop(node: Node, name: str, *, person: PersonId) -> None:
    """Throw a sheet away; to throw away one that is not there changes nothing."""
    with node.store.transaction() as tx:
        tx.drop(Space.DRAFT, [_key(person, name)])


def wish_of(sheet: Sheet, *, by: Office, demonstration: bool) -> Wish:
    """Return what a sheet comes to, as the agreement judges it.

    Raises:
        Invalid: ``invalid.name`` and the like: a field does not hold what it should;
            ``invalid.number``: a count of pages or annexes is none.
    """
    if isinstance(sheet.before, UnsetType):
        return Wish(
            to=sheet.to,
            by=by,
            form=Form.ELECTRONIC,
            demonstration=demonstration,
            **structs.asdict(changes_of(sheet)),
        )
    wish = again.changed(again.of_deed(sheet.before, sent=not sheet.shown), changes_of(sheet))
    # Under the text that is in force when it is laid, which may be another by now.
    return structs.replace(wish, by=by, demonstration=demonstration, agreement=UNSET)


def changes_of(sheet: Sheet) -> again.Changes:
    """Return what a sheet names of a release.

    Raises:
        Invalid: as :func:`wish_of`.
    """
    return again.Changes(
        offices=tuple(parse_office(one) for one in sheet.offices),
        level=parse_level(sheet.level),
        subject=parse_subject(sheet.subject),
        purpose=parse_purpose(sheet.purpose),
        content=sheet.file or sheet.text.encode(),
        title=sheet.title,
        lines=tuple(line for line in sheet.remarks.splitlines() if line.strip()),
        file_name=sheet.file_name,
        media_type=sheet.media_type if sheet.file else "text/plain; charset=utf-8",
        pages=_count(sheet.pages),
        annexes=_count(sheet.annexes),
    )


def _count(typed: str) -> int:
    try:
        return int(typed)
    except ValueError as error:
        raise Invalid("invalid.number", "a count is a number") from error


def require_content(sheet: Sheet) -> None:
    """Return if a sheet has what leaves, or nothing is to be sent with it.

    Raises:
        Invalid: ``invalid.content``.
    """
    if not sheet.shown:
        require_not_empty(sheet.file or sheet.text.encode())
