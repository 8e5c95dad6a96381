"""The lines of an item's life, each with what its leaf says: article, terms, what was refused.

A row of the timeline says how an act was judged; what the act was stands in its leaf, which is
read once.
"""

from typing import Any, Final

from msgspec import UnsetType

from comity.acts import deeds
from comity.acts.canonical import decoder
from comity.acts.deeds import Deed
from comity.acts.documents import decode_approval, kind_of_approval
from comity.acts.entries import Entry, entry_or_opaque
from comity.acts.judgements import Finding, Judgement
from comity.acts.parts import Position
from comity.node import papers
from comity.node.ports import Reading, Space
from comity.register import consents
from comity.register.rows import AskOf, ConsentOf, Line, key_of
from comity.vocabulary.logs import LogName, is_attested, owner

_SIGNED: Final = frozenset(
    {
        "release.release",
        "delivery.receipt",
        "consent.grant",
        "consent.refuse",
        "consent.withdraw",
        "link.erase-particulars",
    }
)
"""Kinds of act that a person signs."""

_decode_judgement: Final = decoder(Judgement, limit=1 << 20)


def line_view(tx: Reading, line: Line) -> dict[str, Any]:
    """Return one line as plain values.

    ``article`` is the one that objects, or the one that the act was done under; of an act that
    this house refused, the one that objected to it. ``tried`` is what that act was, and
    ``values`` are those of ``code``; both empty where nothing was refused at home.
    """
    leaf = tx.leaves(LogName(line.log), line.index, line.index + 1)[0]
    entry = entry_or_opaque(leaf)
    deed = None if entry is None else entry.deed
    told = {
        "at": line.at,
        "kind": line.kind,
        "by": line.by,
        "outcome": line.outcome,
        "code": line.code,
        "article": line.article or _article(deed),
        "text": "",
        "values": {},
        "tried": "",
        "leaf": line.key,
        "third_party": deed.third_party if isinstance(deed, deeds.OnwardReleased) else "",
        "terms": _terms(tx, deed),
        "consents": _consents(tx, line, deed),
        "signed": [] if entry is None or is_attested(line.log) else _signed(tx, line, entry),
        "attested": attested_by(line.key),
        "disputed": papers.disputes(tx, line.key),
    }
    return told | (_refused(tx, deed) if isinstance(deed, deeds.RefuseAct) else {})


def attested_by(leaf: str) -> str:
    """Return who attests an act that another party did on paper; empty where its own log says it.

    Such an act is never that party's own word, and is never shown as cosigned by it.
    """
    log = LogName(leaf.rpartition("#")[0])
    return owner(log) if is_attested(log) else ""


def _article(deed: Deed | None) -> str:
    return deed.article if isinstance(deed, deeds.Outward) else ""


def _refused(tx: Reading, deed: deeds.RefuseAct) -> dict[str, Any]:
    """Return what was refused at home, and the first objection of the judgement, if it is kept."""
    told: dict[str, Any] = {"tried": deed.act}
    raw = tx.load(Space.DOCUMENT, deed.judgement)
    objections: tuple[Finding, ...] = () if raw is None else _decode_judgement(raw).objections
    if objections:
        first = objections[0]
        told |= {"article": first.article, "text": first.agreement, "code": first.reason.code}
        told["values"] = dict(first.reason.parameters)
    return told


def _terms(tx: Reading, deed: Deed | None) -> dict[str, Any]:
    """Return what an approval is for, on each line that speaks of it; empty on others."""
    if isinstance(deed, deeds.Ask | deeds.Grant):
        what = (deed.third_party, deed.purpose, deed.contractor, deed.level)
        named = next((one for one in what if not isinstance(one, UnsetType)), "")
        return _said(deed.uses.value, named, deed.until, deed.times)
    if isinstance(deed, deeds.Refuse | deeds.Withdraw | deeds.AcknowledgeWithdrawal):
        row = _row(tx, key_of(deed.ask if isinstance(deed, deeds.Refuse) else deed.consent))
        if row is not None:
            named = row.third_party or row.purpose or row.contractor or row.level
            return _said(row.uses, named, row.until, row.times)
    return {}


def _said(uses: str, what: str, until: str, times: int) -> dict[str, Any]:
    return {"uses": uses, "what": what, "until": until, "times": times}


def _row(tx: Reading, key: str) -> AskOf | ConsentOf | None:
    return tx.get(ConsentOf, key) or tx.get(AskOf, key)


def _consents(tx: Reading, line: Line, deed: Deed | None) -> list[str]:
    """Return the approvals that an act is or uses, each by its question or by its grant alone."""
    if deed is None:
        return []
    named = consents.named(deed)
    if isinstance(deed, deeds.Ask) or (isinstance(deed, deeds.Grant) and named is None):
        return [line.key]
    spoken: tuple[Position, ...] = consents.cited(deed) if named is None else (named,)
    rows = [_row(tx, key_of(one)) for one in spoken]
    return [
        row.ask or row.key if isinstance(row, ConsentOf) else row.key
        for row in rows
        if row is not None
    ]


def _signed(tx: Reading, line: Line, entry: Entry) -> list[str]:
    """Return how the persons signed who signed an act: ``passkey``, or ``key-file`` (custodied).

    As their documents say; whether a signature holds was asked when the act was judged.
    """
    if line.kind not in _SIGNED:
        return []
    named = () if isinstance(entry.approvals, UnsetType) else entry.approvals
    found = [tx.load(Space.DOCUMENT, one.document) for one in named]
    return [kind_of_approval(decode_approval(raw)) for raw in found if raw is not None]
