"""Lists of releases: sent in as CSV, looked at line by line, laid, and decided by one signature."""

from typing import Any, Final

from comity.acts.canonical import digest
from comity.acts.deeds import Role
from comity.console.forms import File, Order
from comity.console.pages import visit as visits
from comity.console.pages.approvals import QUESTIONS, SHORT
from comity.console.pages.judged import judged
from comity.console.words import marking_of_all
from comity.node import deciding, lists, passkeys, uploads
from comity.node.receiving import absent
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused

LISTS: Final = 20
"""The most lists that are shown, the latest first."""

SHOWN: Final = 50
"""The most lines with something wrong that are shown; who mends those sees the next."""

CSV: Final = "list"
"""The field of the form that holds the CSV; all other files are contents."""


def series(visit: visits.Visit) -> dict[str, Any]:
    """Return the lists that this person laid, sent in, or decides over, the latest first."""
    visits.require(visit, Role.DESK, Role.RELEASING)
    tx = visit.tx
    known = {
        name: head
        for name, head in lists.heads(tx).items()
        if lists.may_see(tx, head, visit.person)
    }
    sent = [name for name in uploads.names(tx, visit.person) if name not in known]
    return {
        "desk": Role.DESK.value in visits.roles(tx, visit.person),
        "sent": [
            _line(name, uploads.of(visit.node, tx, name, person=visit.person).at) for name in sent
        ],
        "lists": [
            _line(name, head.at)
            | {"lines": head.lines, "drafter": visits.called(tx, head.drafter)}
            | {"states": lists.waiting(visit.node, tx, name, count=0)[1]}
            for name, head in list(known.items())[:LISTS]
        ],
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def _line(name: Digest, at: str) -> dict[str, Any]:
    return {"name": _short(name), "digest": name, "at": at}


def _short(name: Digest) -> str:
    return name.removeprefix("sha384:")[:SHORT]


def find(visit: visits.Visit, text: str) -> Digest:
    """Return the one list that begins so, of those that a person may see.

    Raises:
        Refused: ``refused.absent``.
    """
    tx, wanted = visit.tx, text.removeprefix("sha384:")
    known = {
        name for name, head in lists.heads(tx).items() if lists.may_see(tx, head, visit.person)
    }
    known |= set(uploads.names(tx, visit.person))
    found = [one for one in known if one.removeprefix("sha384:").startswith(wanted)]
    if not wanted or len(found) != 1:
        raise absent()
    return found[0]


def one(visit: visits.Visit) -> dict[str, Any]:
    """Return one list: what stands in the way of laying it, what waits, what became of it."""
    visits.require(visit, Role.DESK, Role.RELEASING)
    name = find(visit, visit.place["list"])
    head = lists.head_of(visit.tx, name)
    kept = name in uploads.names(visit.tx, visit.person)
    group, states = _group(visit, name)
    marking = marking_of_all(
        [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
    )
    return _line(name, "" if head is None else head.at) | {
        "drafter": "" if head is None else visits.called(visit.tx, head.drafter),
        "own": head is None or head.drafter == visit.person,
        "lines": 0 if head is None else head.lines,
        "laid": sum(states.values()),
        "states": states,
        "check": checked(visit, name) if kept else None,
        "waiting": group,
        "more": states.get("waiting", 0) - len(group),
        "to": group[0]["to"] if group else "",
        "seen": seen(group),
        "decides": Role.RELEASING.value in visits.roles(visit.tx, visit.person),
        "custodied": not passkeys.living(visit.tx, visit.person),
        "questions": QUESTIONS,
        "marking": marking,
    }


def _group(visit: visits.Visit, name: Digest) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the lines that one signature would cover, with all that is shown of them.

    To one recipient, because it is this one that the five questions are about.
    """
    some, states = lists.waiting(visit.node, visit.tx, name)
    shown: list[dict[str, Any]] = list(lists.shown(visit.node, visit.tx, some))
    return [line for line in shown if line["to"] == shown[0]["to"]], states


def seen(group: list[dict[str, Any]]) -> str:
    """Return what names exactly these lines, in their order."""
    return digest("\n".join(str(line["draft"]) for line in group).encode()) if group else ""


def checked(visit: visits.Visit, name: Digest) -> dict[str, Any]:
    """Return what was sent in, line by line, with what is wrong and what the agreement says."""
    sent = uploads.of(visit.node, visit.tx, name, person=visit.person)
    found = uploads.check(visit.node, sent, person=visit.person, demonstration=visit.demonstration)
    return told(visit, found)


def told(visit: visits.Visit, found: uploads.Checked) -> dict[str, Any]:
    """Return a list that was looked at, as it is shown."""
    lines = found.read.lines
    return {
        "lines": found.lines,
        "done": len(found.done),
        "fit": found.clear,
        "wrong": [one._asdict() for one in found.read.wrong[:SHOWN]],
        "wrong_more": max(0, len(found.read.wrong) - SHOWN),
        "refused": [
            {
                "line": number + 1,
                "title": lines[number].title,
                "judgement": judged(visit.node, assessment, visit.lang),
            }
            for number, assessment in list(found.objections.items())[:SHOWN]
        ],
        "refused_more": max(0, len(found.objections) - SHOWN),
        "ready": [
            {
                "line": number,
                "draft": "",
                "title": line.title,
                "to": line.to,
                "offices": line.offices,
                "level": line.level,
                "subject": line.subject,
                "purpose": line.purpose,
            }
            for number, line in lines.items()
            if found.clear
        ],
    }


def send(order: Order) -> str:
    """Keep a CSV and the files that it names, sealed; nothing is laid yet.

    Raises:
        Refused: ``refused.list.lines``; the person is no desk officer.
    """
    files = order.fields.files
    table = next((one for one in files if one.field == CSV), File("", "", b""))
    sent = uploads.Sent(
        csv=table.content,
        files={one.name: one.content for one in files if one.field != CSV},
        at=order.node.clock.now(),
    )
    return f"/series/{_short(uploads.keep(order.node, sent, person=order.person))}"


def _own(order: Order) -> tuple[Digest, uploads.Sent]:
    node = order.node
    with node.store.reading() as tx:
        known = uploads.names(tx, order.person)
        wanted = order.place["list"]
        found = [one for one in known if one.removeprefix("sha384:").startswith(wanted)]
        if len(found) != 1:
            raise absent()
        return found[0], uploads.of(node, tx, found[0], person=order.person)


def lay(order: Order) -> str:
    """Lay all lines that are left; what was sent in is forgotten when the last of them is.

    If the process dies in between, the lines that were laid are, and the same button lays the
    others.
    """
    name, sent = _own(order)
    uploads.lay(order.node, sent, person=order.person, demonstration=order.demonstration)
    uploads.drop(order.node, name, person=order.person)
    return f"/series/{_short(name)}"


def drop(order: Order) -> str:
    """Throw away what was sent in; what was laid of it stays laid."""
    name, _ = _own(order)
    uploads.drop(order.node, name, person=order.person)
    return "/series"


def approve(order: Order) -> str:
    """Approve the lines that were shown, all of them and no other, with one signature.

    Raises:
        Refused: ``refused.list.changed``: others wait by now than those that were shown;
            ``refused.release.questions``; as :func:`comity.node.deciding.approve`.
    """
    if not all(order.fields.one(f"question-{one}") for one in QUESTIONS):
        raise Refused("refused.release.questions", "all five questions are answered first")
    node, fields = order.node, order.fields
    with node.store.reading() as tx:
        visit = visits.Visit(
            node, tx, order.person, order.lang, node.clock.now(), order.demonstration, {}, {}
        )
        visits.require(visit, Role.RELEASING)
        name = find(visit, order.place["list"])
        names = shown_names(visit, name, fields.one("seen"))
    deciding.approve(node, names, authority=order.person, sign=order.sign)
    return f"/series/{_short(name)}"


def shown_names(visit: visits.Visit, name: Digest, told: str) -> list[Digest]:
    """Return the drafts that were shown, if they are still those that would be shown.

    Raises:
        Refused: ``refused.list.changed``.
    """
    group, _ = _group(visit, name)
    if not group or seen(group) != told:
        raise Refused("refused.list.changed", "other lines wait by now than those that were shown")
    return [Digest(line["draft"]) for line in group]
