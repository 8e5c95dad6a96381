"""What the tables of commands are made of, and the arguments that several of them take."""

from typing import NamedTuple


class Option(NamedTuple):
    """One argument of a command.

    Attributes:
        flags: ``--to``, or a name without dashes for a positional one.
        help: What it is.
        many: It may be given several times.
        default: Where it is not given; ``None`` with ``required`` false leaves it out.
    """

    flags: str
    help: str
    many: bool = False
    required: bool = True
    default: str | None = None
    switch: bool = False


class Command(NamedTuple):
    """One command.

    Attributes:
        help: One line.
        example: How it is called.
        run: Where it is done: ``module:function``; or the name of a house's command.
        options: What it takes.
    """

    help: str
    example: str
    run: str
    options: tuple[Option, ...] = ()


AS = Option("--as", "the person who acts")
BY = Option("--as", "the person who acts; else the administrator", required=False)
ITEM = Option("item", "an item's number, of either registry")
TO = Option("--to", "the counterpart")
UNTIL = Option("--until", "an instant: 2027-06-30T00:00:00.000Z")
FILES = "comity.cli.files"
AT = Option("--at", "an instant; now where it is not given", required=False)
APPROVAL = Option("--approval", "the consent it rests on, as consent list shows it", required=False)
