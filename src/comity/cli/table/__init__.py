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
    standing,
)
from comity.cli.table.parts import Command, Option

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
}
"""Every command, by its words."""

__all__ = ["COMMANDS", "Command", "Option"]
