"""The table of commands, by subject: a literal that one can read."""

from typing import Final

from comity.cli.table import (
    asking,
    custody,
    house,
    pacts,
    papers,
    proofs,
    protecting,
    releasing,
    reports,
    standing,
)
from comity.cli.table.parts import Command, Option
from comity.vocabulary.thirds import THIRD_OF, Third

_THIRDS: Final = {
    Third.SHARE: (releasing, standing, asking),
    Third.PROTECT: (custody, protecting),
    Third.MANAGE: (house, pacts, papers, proofs, reports),
}

COMMANDS: Final[dict[str, Command]] = {
    **house.COMMANDS,
    **pacts.COMMANDS,
    **releasing.COMMANDS,
    **standing.COMMANDS,
    **asking.COMMANDS,
    **custody.COMMANDS,
    **protecting.COMMANDS,
    **papers.COMMANDS,
    **proofs.COMMANDS,
    **reports.COMMANDS,
}
"""Every command, by its words."""


def third_of(name: str) -> Third:
    """Return what a command is for: as its first word says, else as the table it stands in."""
    found = THIRD_OF.get(name.partition(" ")[0])
    if found is not None:
        return found
    return next(
        third for third, tables in _THIRDS.items() for one in tables if name in one.COMMANDS
    )


__all__ = ["COMMANDS", "Command", "Option", "third_of"]
