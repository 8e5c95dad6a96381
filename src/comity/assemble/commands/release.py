"""Commands over drafts: laid before the releasing authority, approved, declined."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import UNSET, UnsetType

from comity.acts.deeds import Role
from comity.acts.parts import Disclosed, Schedule
from comity.assemble.commands.said import (
    Arguments,
    content_of,
    entered_of,
    finding_of,
    office_of,
    size_of,
)
from comity.assemble.house import House
from comity.node import again, deciding, people, receiving, releases
from comity.node.reading import authorise_drafts
from comity.register.rows import position_of
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import (
    Caveat,
    Party,
    PersonId,
    Reason,
    parse_level,
    parse_office,
    parse_party,
    parse_person,
    parse_purpose,
    parse_subject,
)
from comity.vocabulary.reading import one_of, whole


def release(house: House, args: Arguments) -> dict[str, Any]:
    """Lay a release before the releasing authority; every finding comes back with its article."""
    return laid(house, wish_of(house, args), drafter=parse_person(args["as"]))


def laid(house: House, wish: releases.Wish, *, drafter: PersonId) -> dict[str, Any]:
    """Lay a wish before the releasing authority and say what was found."""
    found = releases.lay_before(house.node, wish, drafter=drafter)
    return {
        "draft": found.deed,
        "findings": [finding_of(one) for one in found.assessment.findings],
    }


def wish_of(house: House, args: Arguments) -> releases.Wish:
    """Return what a person asks to release, as the arguments state it."""
    drafter = parse_person(args["as"])
    file = Path(args["file"]) if args.get("file") else None
    inline = file is None or size_of(args["file"]) <= releases.INLINE
    content = content_of(args["file"]) if inline and file is not None else b""
    form = one_of(Form, args.get("form", "electronic"), "--form")
    sent = not args.get("not_sent", False)
    if inline and sent and (file is not None or form is Form.ELECTRONIC):
        releases.require_not_empty(content)
    source = args.get("source")
    extra: dict[str, Any] = {}
    if source:
        with house.store.reading() as tx:
            item = receiving.find_item(tx, house.node.party, source)
        extra = {
            "originator": Party(item.originator),
            "origin": position_of(item.key),
        }
    return releases.Wish(
        to=parse_party(args["to"]),
        offices=tuple(parse_office(one) for one in args["offices"]),
        by=office_of(house, drafter),
        level=parse_level(args["level"]),
        subject=parse_subject(args["subject"]),
        purpose=parse_purpose(args["purpose"]),
        content=content,
        pieces=None if inline or file is None else partial(pieces_of, file),
        form=form,
        sent=sent,
        title=args["title"],
        lines=tuple(args.get("lines", ())),
        file_name="" if file is None else file.name,
        media_type=args.get("media_type", "text/plain"),
        pages=whole(args.get("pages", 1), "--pages"),
        annexes=whole(args.get("annexes", 0), "--annexes"),
        caveats=tuple(Caveat(parse_level(one)) for one in args.get("caveat") or ()),
        disclosed=_disclosed(args),
        schedule=_schedule(args),
        demonstration=bool(args.get("demonstration", False)),
        **extra,
    )


def _disclosed(args: Arguments) -> Disclosed | UnsetType:
    """Return the record of a disclosure, where one is stated."""
    if not args.get("disclosed_at"):
        return UNSET
    return Disclosed(
        at=parse_instant(args["disclosed_at"]),
        level_said=bool(args.get("level_said")),
        attendees=whole(args.get("attendees") or 0, "--attendees"),
        cleared=bool(args.get("checked")),
        needed=bool(args.get("checked")),
    )


def _schedule(args: Arguments) -> Schedule | UnsetType:
    """Return the change of level that travels with the item, where one is stated."""
    if not args.get("regrade_to"):
        return UNSET
    return Schedule(
        level=parse_level(args["regrade_to"]),
        on=parse_instant(args["regrade_on"]) if args.get("regrade_on") else UNSET,
        event=Reason(parse_subject(args["regrade_event"])) if args.get("regrade_event") else UNSET,
    )


def pieces_of(file: Path) -> Iterator[bytes]:
    """Give the bytes of a file, a piece at a time."""
    with file.open("rb") as opened:
        while piece := opened.read(1 << 20):
            yield piece


def revise(house: House, args: Arguments) -> dict[str, Any]:
    """Approve with changes: a new draft of this person, on which another authority decides."""
    authority = parse_person(args["as"])
    with house.store.reading() as tx:
        people.require_person(tx, authority, Role.RELEASING)
        name = releases.find_draft(tx, args["draft"])
    file = Path(args["file"]) if args.get("file") else None
    changes = again.Changes(
        level=parse_level(args["level"]) if args.get("level") else UNSET,
        purpose=parse_purpose(args["purpose"]) if args.get("purpose") else UNSET,
        content=UNSET if file is None else content_of(args["file"]),
        title=args.get("title") or UNSET,
        file_name=UNSET if file is None else file.name,
    )
    found = deciding.revise(house.node, name, changes, authority=authority)
    return {
        "draft": found.deed,
        "findings": [finding_of(one) for one in found.assessment.findings],
    }


def approve(house: House, args: Arguments) -> dict[str, Any]:
    """Approve drafts with one signature; those that need no further person are released."""
    with house.store.reading() as tx:
        names = [releases.find_draft(tx, one) for one in args["drafts"]]
    entered = deciding.approve(house.node, names, authority=parse_person(args["as"]))
    found = []
    for one in entered:
        deed = one.entry.deed
        reference = getattr(getattr(deed, "item", None), "reference", "")
        found.append(entered_of(one) | {"reference": reference})
    with house.store.reading() as tx:
        waiting = {row.key for row in releases.waiting(tx)}
    return {"released": found, "waiting": [name for name in names if name in waiting]}


def decline(house: House, args: Arguments) -> dict[str, Any]:
    """Decline a draft; no reason is asked for."""
    with house.store.reading() as tx:
        name = releases.find_draft(tx, args["draft"])
    return entered_of(deciding.decline(house.node, name, authority=parse_person(args["as"])))


def drafts(house: House, args: Arguments) -> dict[str, Any]:
    """List the drafts that wait and that a person may know of."""
    person = parse_person(args["as"])
    with house.store.reading() as tx:
        return {
            "drafts": [
                {"draft": row.key, "drafter": row.drafter, "at": row.at}
                for row in authorise_drafts(tx, person, releases.waiting(tx))
            ]
        }
