"""Figures: between two parties, to the public, to oversight."""

from typing import Final

from comity.cli.table.parts import TO, Command, Option

_PERIOD = (
    Option("--since", "from this instant on: 2027-01-01T00:00:00.000Z"),
    Option("--until", "until before this instant"),
)

COMMANDS: Final[dict[str, Command]] = {
    "report reciprocity": Command(
        "say what each side gave, asked and answered in a period, and how long it took",
        "comity report reciprocity --to JPN --since 2027-01-01T00:00:00.000Z "
        "--until 2027-07-01T00:00:00.000Z",
        "report.reciprocity",
        (TO, *_PERIOD),
    ),
    "report public": Command(
        "say what may be told to the public: pacts, and figures that show no item",
        "comity report public --since 2027-01-01T00:00:00.000Z --until 2028-01-01T00:00:00.000Z",
        "report.public",
        _PERIOD,
    ),
    "report oversight": Command(
        "say what oversight is shown: steps skipped, duties overdue, acts without effect",
        "comity report oversight --since 2027-01-01T00:00:00.000Z --until 2028-01-01T00:00:00.000Z",
        "report.oversight",
        _PERIOD,
    ),
}
