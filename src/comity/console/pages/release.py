"""Release: recipient first; the item as it is typed, and beside it what the agreement says."""

from typing import Any, Final

from msgspec import structs

from comity.acts.deeds import Role
from comity.acts.documents import PublicProfile, decode_public_profile
from comity.agreement.clauses.equivalence import Equivalence
from comity.console.forms import Fields, Order
from comity.console.hidden.looking import look
from comity.console.pages import visit as visits
from comity.console.pages.judged import judged
from comity.console.words import has_words, known_schemes, marking_of_all
from comity.marking.schemes import native, tier
from comity.node import deciding, receiving, releases, sheets, treaty, window
from comity.node.kept import counterparts
from comity.node.node import Node
from comity.node.people import require_person
from comity.node.ports import Reading, Space
from comity.node.releases import Drafted
from comity.node.sheets import Sheet
from comity.register.rows import Authority, ItemOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import correspondence, standing_in
from comity.vocabulary.names import Level, Office, Party, parse_party

_NAMED: Final = 50
"""Drafts of one's own that are called by their titles: the latest."""


def begin(visit: visits.Visit) -> dict[str, Any]:
    """Return to whom one may release, the sheets that were begun, and what was laid before."""
    visits.require(visit, Role.DESK)
    node, tx = visit.node, visit.tx
    return {
        "peers": [peer_of(node, tx, one) for one in counterparts(tx, node.party)],
        "sheets": [
            {"name": name, "to": one.to, "title": one.title, "changed": one.changed}
            for name, one in sheets.all_of(node, tx, visit.person)
        ],
        "laid": _laid(visit),
        "like": _like(visit),
        "marking": marking_of_all(
            [], house=node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def peer_of(node: Node, tx: Reading, peer: Party) -> dict[str, Any]:
    """Return a recipient with the agreement that is in force with it."""
    found = treaty.between(node, tx, peer)
    return {"party": peer, "agreement": "" if found is None else f"{found.id} {found.version}"}


def _laid(visit: visits.Visit) -> list[dict[str, str]]:
    """Return a person's own drafts that wait, and when those that are decided leave."""
    leaves = window.leaving(visit.node, visit.tx)
    own = [row for row in releases.waiting(visit.tx) if row.drafter == visit.person]
    # The latest are called by their titles; to open hundreds for one page says no more.
    named = releases.called(visit.node, visit.tx, [Digest(row.key) for row in own[-_NAMED:]])
    found = []
    for row in own:
        title, to = named.get(Digest(row.key), ("", ""))
        found.append(
            {
                "key": row.key,
                "at": row.at,
                "title": title,
                "to": to,
                "leaves": leaves.get(Digest(row.key), ""),
            }
        )
    return found


def _like(visit: visits.Visit) -> str:
    """Return the number of an earlier release to take the fields from, where one may see it."""
    number = visit.asked.get("like", "")
    try:
        item = _own_item(visit.node, visit.tx, number)
        visits.authorise(visit.node, visit.tx, visit.person, item)
    except ComityError:
        return ""
    return item.reference


def _own_item(node: Node, tx: Reading, number: str) -> ItemOf:
    item = receiving.find_item(tx, node.party, number)
    if item.provider != node.party:
        raise receiving.absent()
    return item


def start(order: Order) -> str:
    """Begin a sheet for one recipient; of a series, with the fields of the last one."""
    node = order.node
    peer = parse_party(order.fields.one("to"))
    sheet = Sheet(to=peer, changed=node.clock.now())
    like = order.fields.one("like")
    with node.store.reading() as tx:
        offices = offices_of(tx, node, peer, order.lang)
        if like:
            item = _own_item(node, tx, like)
            visits.authorise(node, tx, order.person, item)
            sheet = structs.replace(
                sheet,
                offices=item.offices if item.receiver == peer else (),
                level=item.level,
                subject=item.subject,
                purpose=item.purpose,
            )
    office = order.fields.one("office")
    sheet = structs.replace(
        sheet,
        # Prefilled from a request that is to be answered; what it names is judged as if typed.
        subject=sheet.subject or order.fields.one("subject")[:120],
        purpose=sheet.purpose or order.fields.one("purpose")[:120],
        offices=sheet.offices
        or ((office,) if office in [one["office"] for one in offices] else ()),
    )
    if len(offices) == 1:
        sheet = structs.replace(sheet, offices=(offices[0]["office"],))
    return f"/release/{sheets.begin(node, sheet, person=order.person)}"


def sheet(visit: visits.Visit) -> dict[str, Any]:
    """Return a sheet, what may be chosen in it, and the judgement of it as it stands."""
    visits.require(visit, Role.DESK)
    name = visit.place["sheet"]
    found = sheets.of(visit.node, visit.tx, name, person=visit.person)
    return _shown(visit, name, found) | offered(visit, found.to)


def offered(visit: visits.Visit, peer: Party) -> dict[str, Any]:
    """Return what there is to choose from in a release to a recipient."""
    return {
        "peer_offices": offices_of(visit.tx, visit.node, peer, visit.lang),
        "levels": levels_of(visit.node.party),
        "subjects": subjects(visit, peer),
        "purposes": purposes(visit, peer),
    }


def _shown(visit: visits.Visit, name: str, found: Sheet) -> dict[str, Any]:
    return {
        "name": name,
        "sheet": found,
        "changed_by": visits.called(visit.tx, found.changed_by),
        "missing": _missing(found),
        "judgement": _judgement(visit, found),
        "hidden": look(found.file) if found.file else None,
        "there": _there(visit, found),
        "marking": _marking(visit, found),
    }


def _missing(found: Sheet) -> list[str]:
    """Return the fields that are still empty, in the order of the page."""
    wanted = ("offices", "level", "subject", "purpose", "title")
    empty = [one for one in wanted if not getattr(found, one)]
    has = found.shown or found.file or found.text.strip()
    return empty if has else [*empty, "content"]


def _judgement(visit: visits.Visit, found: Sheet) -> dict[str, Any] | None:
    """Return the judgement of a sheet that has what a judgement needs; else nothing."""
    if set(_missing(found)) - {"title", "content"}:
        return None
    row = require_person(visit.tx, visit.person, Role.DESK)
    try:
        wish = sheets.wish_of(found, by=Office(row.office), demonstration=visit.demonstration)
        wish = structs.replace(
            wish, title=wish.title or "-", content=wish.content or (b"" if found.shown else b"-")
        )
        assessment = releases.judge_wish(visit.node, wish, drafter=visit.person)
    except ComityError as error:
        worded = has_words(error.code)
        return {"word": "unreadable", "findings": [], "code": error.code, "worded": worded}
    return judged(visit.node, assessment, visit.lang)


def _there(visit: visits.Visit, found: Sheet) -> dict[str, Any] | None:
    """Return how the recipient will have the item: its level there, by the agreement's table."""
    agreement = treaty.between(visit.node, visit.tx, found.to)
    if agreement is None or not found.level:
        return None
    schemes = known_schemes()
    for clause in agreement.clauses:
        if not isinstance(clause, Equivalence):
            continue
        row = clause.tier_of(Level(found.level), visit.now)
        if row is None:
            continue
        choices = [one.level for one in clause.choices(row, found.to, visit.now)]
        fallback = clause.fallback(row, found.to)
        first = fallback or (choices[0] if choices else None)
        own = native(schemes, Level(found.level))
        line = [own, row.name] + ([native(schemes, first)] if first else [])
        return {
            "tier": row.name,
            "choices": [native(schemes, one) for one in choices],
            "chooser": clause.chooser,
            "banner": " · ".join(dict.fromkeys(line)),
            "tongue": {"JPN": "ja", "KOR": "ko"}.get(found.to, "en"),
        }
    return None


def _marking(visit: visits.Visit, found: Sheet) -> str:
    line = marking_of_all(
        [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
    )
    if not found.level:
        return line
    own = Level(found.level)
    parts = [native(known_schemes(), own), tier(known_schemes(), own), line]
    return " · ".join(part for part in parts if part)


def offices_of(tx: Reading, node: Node, peer: Party, lang: str) -> list[dict[str, str]]:
    """Return the offices that the recipient named as its competent authorities."""
    profile = _notified(tx, node, peer)
    if profile is None:
        return []
    return [
        {"office": one.office, "name": one.names.get(lang, one.names.get("en", one.office))}
        for one in profile.offices
    ]


def _notified(tx: Reading, node: Node, peer: Party) -> PublicProfile | None:
    # Of a party on paper the note was entered here, in the log that stands for its own.
    logs = (correspondence(peer, node.party), standing_in(node.party, peer))
    found = next(filter(None, (tx.within(Authority, one) for one in logs)), ())
    if not found:
        return None
    raw = tx.load(Space.DOCUMENT, Digest(max(found, key=lambda row: row.index).profile))
    return None if raw is None else decode_public_profile(raw)


def levels_of(party: Party) -> list[dict[str, str]]:
    """Return the levels of a party's own scheme, with the tier that each is in."""
    scheme = known_schemes().get(party)
    return [
        {"level": one.level, "tier": tier(known_schemes(), one.level)}
        for one in (scheme.level if scheme is not None else ())
    ]


def subjects(visit: visits.Visit, peer: Party) -> list[str]:
    """Return the subjects that are offered to choose from."""
    return _words(visit, peer, "subject", "subjects")


def purposes(visit: visits.Visit, peer: Party) -> list[str]:
    """Return the purposes that are offered to choose from."""
    return _words(visit, peer, "purpose", "purposes")


def _words(visit: visits.Visit, peer: Party, field: str, term: str) -> list[str]:
    """Return what this person's own earlier releases and the agreement's clauses name."""
    agreement = treaty.between(visit.node, visit.tx, peer)
    clauses = () if agreement is None else agreement.clauses
    named = [word for one in clauses for word in getattr(one, term, ())]
    used = [getattr(one, field) for one in visits.seen(visit, limit=200)]
    return sorted({*used, *named})


def kept(order: Order) -> str:
    """Keep what was typed."""
    _keep(order)
    return f"/release/{order.place['sheet']}"


def _keep(order: Order) -> Sheet:
    name = order.place["sheet"]
    with order.node.store.reading() as tx:
        before = sheets.of(order.node, tx, name, person=order.person)
    after = filled(before, order.fields, now=order.node.clock.now())
    sheets.keep(order.node, name, after, person=order.person)
    return after


def filled(before: Sheet, fields: Fields, *, now: Instant) -> Sheet:
    """Return a sheet with what was typed; what was not sent stays as it was."""
    changed: dict[str, Any] = {
        name: fields.one(name)
        for name in (
            "level", "subject", "purpose", "title", "remarks", "text", "pages", "annexes",
        )
        if fields.has(name)
    }  # fmt: skip
    if fields.has("offices-shown"):
        changed["offices"] = fields.all("offices")
    if fields.one("no-file"):
        changed |= {"file": b"", "file_name": "", "media_type": ""}
    if fields.file is not None:
        changed |= {
            "file": fields.file.content,
            "file_name": fields.file.name,
            "media_type": fields.file.media_type,
        }
    return structs.replace(before, changed=now, **changed)


def lay(order: Order) -> str:
    """Lay the sheet before the releasing authority; it is a sheet no more.

    If the process dies between the two, the draft waits and the sheet is still there: to lay it
    again makes a second draft with another number, which the authority sees beside the first.
    """
    found = _keep(order)
    with order.node.store.reading() as tx:
        row = require_person(tx, order.person, Role.DESK)
    sheets.require_content(found)
    wish = sheets.wish_of(found, by=Office(row.office), demonstration=order.demonstration)
    releases.lay_before(order.node, wish, drafter=order.person)
    sheets.drop(order.node, order.place["sheet"], person=order.person)
    return "/release"


def throw_away(order: Order) -> str:
    """Throw a sheet away."""
    sheets.drop(order.node, order.place["sheet"], person=order.person)
    return "/release"


def take_back(order: Order) -> str:
    """Take back a draft that is not decided yet; it is a sheet again."""
    node = order.node
    with node.store.reading() as tx:
        try:
            name = releases.find_draft(tx, order.place["draft"])
        except Refused as error:
            # A draft that is decided, another's, and one that never was are one answer.
            raise receiving.absent() from error
        draft = releases.open_draft(node, tx, name)
    if draft.drafter != order.person:
        raise receiving.absent()
    if not releases.is_sheet(draft):
        deciding.take_back(node, name, drafter=order.person)
        return "/release"
    again = sheet_of(draft, now=node.clock.now())
    sheet_name = sheets.begin(node, again, person=order.person)
    deciding.take_back(node, name, drafter=order.person)
    return f"/release/{sheet_name}"


def sheet_of(draft: Drafted, *, now: Instant) -> Sheet:
    """Return a draft as the sheet that it was."""
    deed = draft.deed
    return Sheet(
        to=deed.to,
        changed=now,
        offices=deed.offices,
        level=deed.item.label.level,
        subject=deed.item.subject,
        purpose=deed.purpose,
        title=draft.particulars.title,
        remarks="\n".join(draft.particulars.lines),
        text="" if draft.particulars.file_name else draft.content.decode(errors="replace"),
        file_name=draft.particulars.file_name,
        media_type=draft.particulars.media_type,
        file=draft.content if draft.particulars.file_name else b"",
        pages=str(deed.item.pages),
        annexes=str(deed.item.annexes),
        before=deed,
        shown=draft.shown,
    )
