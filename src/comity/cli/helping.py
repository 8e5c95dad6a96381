"""What ``--help`` says beside the arguments: which commands there are, an example, the statuses."""

from textwrap import wrap
from typing import Final

from comity.cli.table import COMMANDS, third_of
from comity.vocabulary.thirds import Third

_WIDTH: Final = 79
_NAME: Final = 14

ABOUT: Final = (
    "The software of an agreement between parties who do not fully trust each other:\n"
    "share, protect, manage."
)

BEGIN: Final = (
    "To begin: comity demo shows all of it on this machine. By hand, as README tells:\n"
    "init, serve, person add, enrol, agreement, assure, release, approve.\n"
    "comity COMMAND --help gives an example."
)

STATUSES: Final = (
    "Exit statuses: 0 done, 1 a step of the demonstration failed, 2 refused,\n"
    "3 roots not confirmed, 4 invalid, 64 usage, 69 missing, 70 bug, 75 try again,\n"
    "130 interrupted."
)
"""As ``docs/errors.md`` has them."""

METAVARS: Final = {
    "--as": "PERSON",
    "--compared-by": "PERSON",
    "--level": "LEVEL",
    "--node": "FOLDER",
    "--office": "OFFICE",
    "--out": "FILE",
    "--passphrase-file": "FILE",
    "--person": "PERSON",
    "--to": "PARTY",
    "--until": "INSTANT",
}
"""What stands for a value in the line of usage, where the option's own name would say less."""


def commands() -> str:
    """Return the commands with a line each, by what they are for: share, protect, manage."""
    said = []
    for third in Third:
        said.append(f"{third.value}:")
        for first in dict.fromkeys(one.partition(" ")[0] for one in COMMANDS):
            if third_of(first if first in COMMANDS else _names(first)[0]) is third:
                said += _line(first)
        said.append("")
    return "\n".join(said)


def _names(first: str) -> list[str]:
    return [one for one in COMMANDS if one.startswith(f"{first} ")]


def seconds(first: str) -> list[str]:
    """Return the second words of a group."""
    return [one.partition(" ")[2] for one in _names(first)]


def _line(first: str) -> list[str]:
    about = COMMANDS[first].help if first in COMMANDS else "…: " + ", ".join(seconds(first))
    lines = wrap(about, _WIDTH - _NAME, break_on_hyphens=False)
    rest = [" " * _NAME + one for one in lines[1:]]
    return [f"  {first:<{_NAME - 2}}{lines[0]}", *rest]


def example(text: str) -> str:
    """Return a command that can be copied: too long a line goes on after a backslash."""
    first, *options = text.split(" --")
    lines = [f"Example: {first}"]
    for option in options:
        if len(lines[-1]) + len(option) + 5 > _WIDTH:  # " --" before it, " \\" after it
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" --{option}"
    return "\n".join(lines)


def unknown(word: str) -> str:
    """Return what is said of a word that is no command: those that are written much like it."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(one.partition(" ")[0] for one in COMMANDS))
    near = get_close_matches(word, known, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"comity: there is no command {word}.{hint} comity --help lists them."
