"""Searches over rows in memory: what :mod:`comity.store.search` says in SQL, said in Python."""

from collections.abc import Iterable, Mapping

from comity.node.searching import Search, Seer
from comity.register.rows import Assignment, Draft, DutyOf, ItemOf, Row, Rows
from comity.vocabulary.instants import Instant


def items(
    rows: Rows, every: Iterable[ItemOf], search: Search, titles: Mapping[str, int]
) -> tuple[ItemOf, ...]:
    """Return the items that a search finds; ``titles`` are the numbers in the index."""
    drafted = _drafted(rows, search.seer)
    among = None if search.among is None else frozenset(search.among)
    numbers = None if search.titles is None else frozenset(search.titles) - {0}
    found = [
        one
        for one in every
        if (among is None or one.key in among)
        and (numbers is None or titles[one.key] in numbers)
        and (not search.untitled or titles[one.key] == 0)
        and _seen(rows, search.seer, one, drafted)
        and _like(rows, search, one)
    ]
    found.sort(key=lambda one: (one.at, one.key), reverse=True)
    if numbers is not None:
        found.sort(key=lambda one: -titles[one.key])
    return tuple(found[: search.limit])


def duties(
    rows: Rows, every: Iterable[DutyOf], seer: Seer, at: Instant, limit: int
) -> tuple[DutyOf, ...]:
    """Return the open duties about what a seer may know of: those with an end first, by it."""
    drafted = _drafted(rows, seer)
    found = []
    for one in every:
        item = None if one.discharged or one.since > at else rows.get(ItemOf, one.scope)
        if item is not None and _seen(rows, seer, item, drafted):
            found.append(one)
    found.sort(key=lambda one: (not one.due, one.due, one.key))
    return tuple(found[:limit])


def _drafted(rows: Rows, seer: Seer) -> frozenset[str]:
    drafts: tuple[Row, ...] = rows.within(Draft, "drafts")
    return frozenset(
        one.entered for one in drafts if isinstance(one, Draft) and one.drafter == seer.person
    )


def _seen(rows: Rows, seer: Seer, item: ItemOf, drafted: frozenset[str]) -> bool:
    if seer.everything:
        return True
    if item.receiver != seer.house:
        return seer.provided or item.key in drafted
    return (
        seer.received
        or (bool(seer.office) and seer.office in item.offices)
        or rows.get(Assignment, f"{item.key}|{seer.person}") is not None
    )


def _like(rows: Rows, search: Search, item: ItemOf) -> bool:
    came = item.receiver == search.seer.house
    return (
        (search.direction != "in" or came)
        and (search.direction != "out" or not came)
        and (not search.other or search.other in (item.receiver, item.provider))
        and (not search.levels or item.level in search.levels)
        and (
            not search.subject
            or item.subject == search.subject
            or item.subject.startswith(f"{search.subject}.")
        )
        and (
            search.before is None
            or search.titles is not None
            or (item.at, item.key) < search.before
        )
        and (not search.open or any(not one.discharged for one in rows.within(DutyOf, item.key)))
    )
