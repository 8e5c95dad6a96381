"""Commands over the books: where every log stands, folding again, evidence."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from comity.agreement.text import Agreement, open_bundle
from comity.assemble.commands.agreements import bundle_of
from comity.assemble.commands.feeds import reading_of
from comity.assemble.commands.said import Arguments, entered_of, item_named, write_out
from comity.assemble.house import House, remembered
from comity.node import audit, erasing, lanes, lived, proving, replay, setup, standing, titling
from comity.store.sqlite import SqliteStore
from comity.vocabulary.errors import Refused, Unavailable
from comity.vocabulary.names import parse_person


def ledger_show(house: House, args: Arguments) -> dict[str, Any]:
    """Say where every log stands."""
    del args
    with house.store.reading() as tx:
        return {"logs": standing.logs(house.node, tx)}


def ledger_erase(house: House, args: Arguments) -> dict[str, Any]:
    """Say that an entry's words are to be erased; who says it second has agreed to it."""
    with house.store.reading() as tx:
        entry = erasing.named(tx, house.node.party, args["entry"])
    entered = erasing.say(house.node, entry, officer=parse_person(args["as"]))
    with house.store.reading() as tx:
        gone = erasing.under(tx, entry)
    return entered_of(entered) | {"entry": entry, "erased": gone}


def ledger_erasures(house: House, args: Arguments) -> dict[str, Any]:
    """List the words that one party wants erased and the other has not agreed to."""
    del args
    with house.store.reading() as tx:
        return {
            "erasures": [
                {
                    "entry": one.entry,
                    "reference": one.reference,
                    "by": one.said.by,
                    "at": one.said.at,
                    "leaf": one.said.key,
                    "ours": one.said.author == house.node.party,
                }
                for one in erasing.waiting(tx)
            ]
        }


def rebuild(house: House, args: Arguments) -> dict[str, Any]:
    """Fold everything again and compare every column; or empty the index of titles.

    The index is no fold of the logs: it is made of what this house's keys open.
    """
    if args.get("titles"):
        return {"titles": titling.begin_anew(house.node)}
    with house.store.reading() as tx:
        witnessed = remembered(house, tx)
    rebuilt = replay.rebuild(house.node, witnessed=witnessed)
    return {
        "leaves": rebuilt.leaves,
        "rows": rebuilt.rows,
        "differences": [one._asdict() for one in rebuilt.differences],
    }


def audit_replay(house: House, args: Arguments) -> dict[str, Any]:
    """Judge the next portion of everything ever entered again, and say how far that is.

    Under the text of its time, or under a proposed one. Asked again it goes on; with ``anew`` it
    begins from the beginning.
    """
    under = args.get("folder")
    proposed = open_bundle(bundle_of(Path(under))) if under else None
    if proposed is not None:
        _require_ours(house, proposed)
    found = _portion(house, proposed, anew=bool(args.get("anew")))
    return {
        "line": found.line,
        "lines": found.lines,
        "judged": found.judged,
        "diverged": found.diverged,
        "divergences": [one._asdict() for one in found.divergences],
        "under": "" if proposed is None else f"{proposed.id} {proposed.version}",
        "differed": found.differed,
        "otherwise": [_otherwise(one) for one in found.otherwise],
    }


def _require_ours(house: House, proposed: Agreement) -> None:
    """Return if the books hold a version of an agreement: under a stranger's nothing is judged."""
    with house.store.reading() as tx:
        if not lived.versions(house.node, tx, proposed.id):
            raise Refused("refused.audit.under", f"no version of {proposed.id} is in the books")


def _portion(house: House, under: Agreement | None, *, anew: bool) -> audit.Replayed:
    """Judge a portion, with what was kept of the one before beside the node's own store.

    What is kept there can be made again: of another replay, of another version, or half written,
    it is thrown away. When all is judged nothing of it stays.
    """
    aside = house.directory / "replay"
    if anew:
        shutil.rmtree(aside, ignore_errors=True)
    try:
        found = _one(house, aside, under)
    except Unavailable as error:
        if error.code not in ("unavailable.replay", "unavailable.schema"):
            raise
        shutil.rmtree(aside, ignore_errors=True)
        found = _one(house, aside, under)
    if found.line >= found.lines:
        shutil.rmtree(aside, ignore_errors=True)
    return found


def _one(house: House, aside: Path, under: Agreement | None) -> audit.Replayed:
    with closing(SqliteStore(aside)) as store:
        return audit.portion(house.node, store, under=under)


def _otherwise(one: audit.Otherwise) -> dict[str, Any]:
    return {
        "where": one.where,
        "at": one.at,
        "kind": one.kind,
        "by": one.by,
        "was": one.was.value,
        "would": one.would.value,
        "because": [
            {"article": finding.article, "code": finding.reason.code} for finding in one.because
        ],
    }


def evidence(house: House, args: Arguments) -> dict[str, Any]:
    """Write the evidence file of an item, or of one observation of a stream, which a person reads.

    The former holds nothing of the content; the latter holds the observation.
    """
    item, number = item_named(house, args), args.get("observation")
    given = None
    if number is not None:
        holder = reading_of(house, item, parse_person(args["as"]))
        given = lanes.proven(house.node, item, int(number), holder=holder)
    raw = proving.evidence_for(house.node, item, given=given)
    write_out(args["out"], raw)
    return {"file": args["out"], "bytes": len(raw), "roots": roots(house)}


def roots(house: House) -> dict[str, str]:
    """Return the identifiers of the roots that this house knows, its own first."""
    from comity.seal.fingerprints import key_id  # noqa: PLC0415

    own = house.node.suite.signing_public(house.node.vault.root())
    with house.store.reading() as tx:
        return {house.node.party: key_id(own)} | {row.key: row.root for row in setup.peers(tx)}
