"""Getting back what a database that was put back to an older copy lost."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from comity.acts.entries import decode_entry
from comity.assemble.house import House, keep_witness, opened, reached_at, remembered, shown_to
from comity.node import setup
from comity.node.lost import Found, fetch_contents, find
from comity.node.ports import Reading
from comity.node.recovering import enter_again
from comity.store.second import entered_again, joined
from comity.transport.client import HttpCourier
from comity.vocabulary.errors import ComityError
from comity.vocabulary.logs import LogName, journal, register_ledger
from comity.vocabulary.names import Party

Told = Callable[[str, LogName, int, int], None]
"""Is told of progress: the counterpart, the log, how many leaves came, of how many."""


def recover(
    directory: Path,
    passphrase: str,
    *,
    peers: tuple[Party, ...] = (),
    dry_run: bool = False,
    told: Told = lambda *_: None,
) -> dict[str, Any]:
    """Enter again what this node lost: from its second place, then what counterparts hold.

    Each counterpart is a transaction of its own: if the process dies between two, the node
    refuses to start still, and the next run gets the rest.

    Args:
        directory: The node's; nothing else may work in it.
        passphrase: Opens its keys.
        peers: Whom to ask; nobody named: every enrolled counterpart.
        dry_run: Fetch and verify, and enter nothing.
        told: Is told how far it is.

    Returns:
        How many transactions came from the second place; for each counterpart what came, or
        which error stood in the way: that one does not answer keeps nobody from getting back what
        another has.

    Raises:
        Unavailable: ``unavailable.locked``: it runs; stop it first.
    """
    second = _from_second_place(directory, passphrase, dry_run=dry_run)
    with opened(directory, passphrase, put_back=True) as house:
        with house.store.reading() as tx:
            asked = peers or tuple(Party(row.key) for row in setup.peers(tx))
        courier = HttpCourier(partial(reached_at, house), partial(shown_to, house), local=True)
        try:
            links = [
                _tried(peer, partial(_one, house, courier, peer, dry_run=dry_run, told=told))
                for peer in asked
            ]
        finally:
            courier.close()
        return {"dry_run": dry_run, "second": second, "links": links}


def _from_second_place(directory: Path, passphrase: str, *, dry_run: bool) -> int:
    """Enter again what the second place has more than this copy; return how many transactions.

    Each is entered whole or not at all: if the process dies between two, the next run goes on.
    """
    with opened(directory, passphrase, put_back=True) as house:
        if house.second is None:
            return 0
        if dry_run:
            return joined(house.store, house.second)
        return entered_again(house.store, house.second)


def _tried(peer: Party, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return run()
    except ComityError as error:
        return {
            "peer": peer,
            "error": error.code,
            "detail": error.detail,
            "status": error.exit_status,
        }


def _one(
    house: House,
    courier: HttpCourier,
    peer: Party,
    *,
    dry_run: bool,
    told: Told,
) -> dict[str, Any]:
    node = house.node
    with house.store.reading() as tx:
        known = remembered(house, tx)
        last = _last_line(tx, journal(node.party))
    found = find(node, peer, courier, remembered=known, progress=partial(told, peer))
    said: dict[str, Any] = {
        "peer": peer,
        "own": _range(found.own.log, found.own.first, len(found.own.leaves)),
        "theirs": _range(found.theirs.log, found.theirs.first, len(found.theirs.leaves)),
        "lost_for_good": _for_good(house, peer, found, last),
        "entered": False,
        "contents": 0,
        "without_key": [],
        "keys_asked_again": 0,
    }
    if dry_run:
        return said
    said["contents"] = fetch_contents(node, peer, courier, found.theirs)
    back = enter_again(node, peer, found, remembered=known)
    with house.store.reading() as tx:
        keep_witness(house, tx, peer)
    said |= {
        "entered": not found.nothing,
        "without_key": list(back.without_key),
        "keys_asked_again": back.asked_again,
    }
    return said


def _range(log: LogName, first: int, count: int) -> dict[str, Any]:
    return {"log": log, "first": first, "count": count}


def _for_good(house: House, peer: Party, found: Found, last: str) -> dict[str, Any]:
    """Say what no counterpart ever had: the house's own lines, and what it did with items.

    Of the journal only the time is known at which this copy ends. Of the register ledger the
    counterpart has a checkpoint, and so the number is known.
    """
    if found.nothing:
        return {}
    with house.store.reading() as tx:
        here = tx.frontier(register_ledger(house.node.party, peer)).size
    register = max(0, found.register - here)
    return {"journal_since": last, "register_leaves": register}


def _last_line(tx: Reading, log: LogName) -> str:
    size = tx.frontier(log).size
    return "" if size == 0 else decode_entry(tx.leaves(log, size - 1, size)[0]).at
