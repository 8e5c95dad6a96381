"""Commands that tell figures: between two parties, to the public, to oversight."""

from collections.abc import Callable
from typing import Any, Final

from comity.assemble.commands.said import Arguments, Command
from comity.assemble.house import House
from comity.node import reporting
from comity.node.node import Node
from comity.node.ports import Reading
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import parse_party


def _period(args: Arguments) -> reporting.Period:
    since, until = parse_instant(str(args["since"])), parse_instant(str(args["until"]))
    if until <= since:
        raise Invalid("invalid.argument", "a period ends after it begins")
    return reporting.Period(since, until)


def reciprocity(house: House, args: Arguments) -> dict[str, Any]:
    """Say what went which way between this house and a counterpart in a period."""
    with house.store.reading() as tx:
        return reporting.reciprocity(house.node, tx, parse_party(str(args["to"])), _period(args))


def _told(report: Callable[[Node, Reading, reporting.Period], dict[str, Any]]) -> Command:
    def command(house: House, args: Arguments) -> dict[str, Any]:
        with house.store.reading() as tx:
            return report(house.node, tx, _period(args))

    return command


REPORTS: Final[dict[str, Command]] = {
    "report.reciprocity": reciprocity,
    "report.public": _told(reporting.public),
    "report.oversight": _told(reporting.oversight),
}
"""By name."""
