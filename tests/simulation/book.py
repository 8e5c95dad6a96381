"""The register once more, out of leaves read as plain JSON: V1, V3, V6 and V12.

Written from the protocol and the domain, not from the fold: an item is a release in somebody's
correspondence; a copy is made for each office that it is addressed to; it is held from the
document receipt on; the number and the level that the receiving house gave it stand in that
house's register ledger. What the rows of a house say of all this must be exactly that.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from comity.node.ports import Reading
from comity.register.rows import Copy, DutyOf, Holding, ItemOf, ReceiptOf
from tests.simulation.history import require

Leaf = dict[str, Any]
Logs = Mapping[str, Sequence[bytes]]


def _at(position: Leaf) -> str:
    return f"{position['log']}#{position['index']}"


class Book:
    """What two correspondences say of the items in them.

    Attributes:
        items: Every release, and every stream that was directed, by where it stands.
        receipts: Every receipt: where it stands, and its leaf.
        gone: Copies that went to a contractor.
    """

    def __init__(self, logs: Logs, gone: Collection[str] = ()) -> None:
        """Read correspondences."""
        self.gone = gone
        self.items: dict[str, tuple[str, Leaf]] = {}
        self.receipts: dict[str, Leaf] = {}
        for log, leaves in logs.items():
            for index, raw in enumerate(leaves):
                leaf: Leaf = json.loads(raw)
                if leaf["deed"]["kind"] in ("release.release", "release.standing-directive"):
                    self.items[f"{log}#{index}"] = log, leaf
                if leaf["deed"]["kind"] == "delivery.receipt":
                    self.receipts[f"{log}#{index}"] = leaf

    def of(self, item: str) -> dict[str, Leaf]:
        """Return the receipts of an item."""
        return {key: one for key, one in self.receipts.items() if _at(one["deed"]["item"]) == item}


def check_book(
    tx: Reading,
    logs: Logs,
    *,
    final: bool = False,
    but: Collection[str] = (),
    gone: Collection[str] = (),
) -> None:
    """The rows of a house say of every item what the leaves say, and of no other item anything.

    Args:
        tx: What the house keeps.
        logs: Correspondences that it holds, in both directions.
        final: Whether every item has been taken in where it arrived: then each copy is held (V1).
        but: Items of which both houses lost the key, put back to older copies one after the other.
        gone: Copies that this house gave to a contractor: item and number, parted by a stroke.
    """
    book = Book(logs, gone)
    rows = {row.key: row for log in logs for row in tx.within(ItemOf, log)}
    require(set(rows) == set(book.items), "V6", "other items in the register than in the logs")
    for key, receipt in book.receipts.items():
        item = _at(receipt["deed"]["item"])
        # V3: whoever receipted for it had it, and had it from this correspondence.
        require(item in book.items, "V3", f"a receipt at {key} for an item that is not there")
        log, leaf = book.items[item]
        index = int(item.rpartition("#")[2])
        seen = receipt["seen"]["size"]
        require(key.partition("#")[0] != log, "V3", f"its own giver receipted at {key}")
        require(index < seen, "V3", f"receipted at {key} before it was there")
        require(receipt["deed"]["by"] in leaf["deed"]["offices"], "V3", f"{key}: another office")
    for key, (log, leaf) in book.items.items():
        _as_its_leaf_says(rows[key], log, leaf)
        _copies(tx, key, leaf, book, final=final and key not in but)


def _as_its_leaf_says(row: ItemOf, log: str, leaf: Leaf) -> None:
    deed, item = leaf["deed"], leaf["deed"]["item"]
    _, provider, _, receiver = log.split("/")
    wanted: dict[str, object] = {
        "log": log,
        "at": leaf["at"],
        "provider": provider,
        "receiver": receiver,
        "reference": item["reference"],
        "originator": item["originator"],
        "level": item["label"]["level"],
        "regime": item["label"].get("regime", ""),
        "releasable": tuple(item["label"]["releasable"]),
        "caveats": tuple(item["label"]["caveats"]),
        "subject": item["subject"],
        "form": item["form"],
        "purpose": deed["purpose"],
        "offices": tuple(deed["offices"]),
        "pages": item["pages"],
        "annexes": item["annexes"],
        "plaintext": item["plaintext"],
        "ciphertext": leaf["ciphertext"],
        "particulars": deed["particulars"],
        "agreement": deed["agreement"],
        "origin": _at(deed["origin"]) if "origin" in deed else "",
    }
    for name, value in wanted.items():
        found = getattr(row, name)
        require(found == value, "V6", f"{name} of {row.key} is {found!r}, in the leaf {value!r}")


def _copies(tx: Reading, key: str, leaf: Leaf, book: Book, *, final: bool) -> None:
    """One copy for each office; held by who signed for it; the duty to receipt is over then."""
    receipts = book.of(key)
    signed = {
        one["deed"]["copy"]: one["deed"]["by"]
        for one in receipts.values()
        if one["deed"]["stage"] == "document"
    }
    state = dict.fromkeys(signed, "held")
    state |= {number: "transferred" for number in signed if f"{key}/{number}" in book.gone}
    wanted = {
        number: (office, signed.get(number, ""), state.get(number, "in-transit"))
        for number, office in enumerate(leaf["deed"]["offices"], start=1)
    }
    found = {one.copy: (one.office, one.custodian, one.state) for one in tx.within(Copy, key)}
    require(found == wanted, "V12", f"copies of {key} are {found}, by the leaves {wanted}")
    if final:
        open_ = [number for number in wanted if number not in signed]
        require(not open_, "V1", f"copies {open_} of {key} are in no final state")
    rows = {(one.key, one.stage, one.office, one.copy) for one in tx.within(ReceiptOf, key)}
    told = {
        (where, one["deed"]["stage"], one["deed"]["by"], one["deed"]["copy"])
        for where, one in receipts.items()
    }
    require(rows == told, "V3", f"receipts of {key} are {rows}, by the leaves {told}")
    duties = [one for one in tx.within(DutyOf, key) if one.what == "delivery.receipt"]
    done = {one.office for one in duties if one.discharged}
    require({one.office for one in duties} == set(leaf["deed"]["offices"]), "V3", "no duty to sign")
    require(done == set(signed.values()), "V3", f"the duty to sign for {key} ended without it")


def gone_of(leaves: Sequence[bytes]) -> set[str]:
    """Return which copies went to a contractor, as a register ledger says."""
    deeds = [json.loads(raw)["deed"] for raw in leaves]
    handed = [one for one in deeds if one["kind"] == "contractor.hand-over"]
    return {f"{_at(one['item'])}/{one['copy']}" for one in handed}


def check_holdings(tx: Reading, leaves: Sequence[bytes], items: Sequence[str]) -> None:
    """Number and level that a house gave what it received are those of its register ledger."""
    given: list[tuple[str, str]] = []
    levels: dict[str, str] = {}
    for raw in leaves:
        deed = json.loads(raw)["deed"]
        if deed["kind"] == "register.register":
            given.append((_at(deed["item"]), deed["number"]))
        if deed["kind"] == "register.re-mark":
            levels[_at(deed["item"])] = deed["level"]
    numbers = dict(given)
    once = len(given) == len(numbers) == len(set(numbers.values()))
    require(once, "V2", "an item has two numbers, or two items have one")
    for key in items:
        row = tx.get(Holding, key)
        found = ("", "") if row is None else (row.number, row.level)
        wanted = numbers.get(key, ""), levels.get(key, "")
        require(found == wanted, "V6", f"{key} is held as {found}, by the ledger {wanted}")
