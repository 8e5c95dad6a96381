"""Commands over streams: observations given, looked at, read."""

from typing import Any, Final

from msgspec import UNSET

from comity.assemble.commands.said import Arguments, Command, finding_of, office_of
from comity.assemble.house import House
from comity.node import directives, lanes, reading
from comity.register.rows import ItemOf, StandingOf
from comity.vocabulary.names import Office, Party, PersonId, parse_person, parse_subject
from comity.vocabulary.reading import whole

_MOST_SHOWN: Final = 10_000


def give(house: House, args: Arguments) -> dict[str, Any]:
    """Give observations; those that were given before, by their number, are left out."""
    item = _stream(house, args)
    source = lanes.Source.of(house.node, item, officer=parse_person(args["as"]))
    lines, first = list(args["lines"]), args.get("at")
    skipped = 0
    if first is not None:
        skipped = min(len(lines), max(0, source.next - int(first)))
        source.next = max(source.next, int(first))
    subject = args.get("subject")
    offered = [
        lanes.Offered(line.encode(), subject=UNSET if subject is None else parse_subject(subject))
        for line in lines[skipped:]
    ]
    account = source.offer(offered)
    with house.store.reading() as tx:
        row = tx.get(StandingOf, item.key)
    return {
        "given": account.given,
        "before": skipped,
        "next": account.next,
        "lane": "" if row is None else row.lane,
        "stopped": [
            {
                "from": one.numbers.start,
                "to": one.numbers.stop - 1,
                "findings": [finding_of(each) for each in one.refusal.assessment.objections],
            }
            for one in account.stopped
        ],
    }


def show(house: House, args: Arguments) -> dict[str, Any]:
    """Read observations of a stream; that a person read it is entered first."""
    item = _stream(house, args)
    holder = reading_of(house, item, parse_person(args["as"]))
    start = whole(args.get("from", 0), "--from")
    count = min(whole(args.get("count", 20), "--count"), _MOST_SHOWN)
    found: list[dict[str, Any]] = []
    for batch in lanes.batches(house.node, item, holder=holder):
        for one in batch.observations:
            if start <= one.number < start + count:
                said = one.data.decode(errors="replace")
                found.append({"number": one.number, "at": one.at, "text": said})
        if batch.observations[-1].number >= start + count:
            break
    return {"stream": item.reference, "observations": found}


def reading_of(house: House, item: ItemOf, person: PersonId) -> Office | Party:
    """Enter that a person reads a stream; return with whose key it is opened.

    Raises:
        Refused, RefusedAct: the person may not.
    """
    if item.receiver == house.node.party:
        reading.read(house.node, item, person=person)
        return _office_of(house, item, person)
    with house.store.reading() as tx:
        reading.authorise(tx, person, reading.Deal.READ, item, house=house.node.party)
    return house.node.party


def _office_of(house: House, item: ItemOf, person: PersonId) -> Office:
    """Return the addressed office whose key a person reads with: its own, or the first."""
    office = office_of(house, person)
    return office if office in item.offices else Office(item.offices[0])


def _stream(house: House, args: Arguments) -> ItemOf:
    with house.store.reading() as tx:
        return directives.find(tx, house.node.party, args["directive"])


FEEDS: Final[dict[str, Command]] = {"feed.give": give, "feed.show": show}
"""Commands of a house over streams."""
