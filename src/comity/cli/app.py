"""The command line over the table of commands; what a command needs is imported when it runs.

Exit statuses: 0 done; 1 a step of the demonstration failed; 2 refused, a person decides
otherwise; 3 consistent, roots not confirmed; 4 invalid, keep as evidence; 64 wrong usage;
69 something is missing on this machine; 70 a bug; 75 unavailable, try again; 130 interrupted.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from textwrap import fill
from traceback import extract_tb
from typing import Any, Final

from comity.cli.helping import ABOUT, BEGIN, METAVARS, STATUSES, commands, example, seconds, unknown
from comity.cli.table import COMMANDS, Command

_USAGE: Final = 64
_MISSING: Final = 69
_BUG: Final = 70
_FIRST: Final = frozenset(one.partition(" ")[0] for one in COMMANDS)


def _parser(asked: str = "") -> argparse.ArgumentParser:
    """Build the parser from the table; groups are the first words.

    Where the first word is ``asked`` only what begins with it is built: two hundred commands
    cost more than most of them do.
    """
    known = {name: one for name, one in COMMANDS.items() if name.partition(" ")[0] == asked}
    parser = argparse.ArgumentParser(
        prog="comity",
        usage="comity COMMAND [WHAT] [OPTION ...]",
        description=f"{ABOUT}\n\n{BEGIN}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="" if known else f"{commands()}\n{STATUSES}",
    )
    words = parser.add_subparsers(
        dest="first", metavar="COMMAND", required=True, prog="comity", help=argparse.SUPPRESS
    )
    groups: dict[str, Any] = {}
    for name, command in (known or COMMANDS).items():
        first, _, second = name.partition(" ")
        if second:
            if first not in groups:
                group = words.add_parser(
                    first,
                    description=f"{first}: {', '.join(seconds(first))}.",
                    formatter_class=argparse.RawDescriptionHelpFormatter,
                    epilog=f"comity {first} WHAT --help gives an example.\n\n{STATUSES}",
                )
                groups[first] = group.add_subparsers(dest="second", metavar="WHAT", required=True)
            _add(groups[first], second, name, command)
        else:
            _add(words, first, name, command, listed=False)
    return parser


def _add(words: Any, word: str, name: str, command: Command, *, listed: bool = True) -> None:  # noqa: ANN401 - argparse's
    parser = words.add_parser(
        word,
        **({"help": command.help} if listed else {}),
        description=fill(f"{command.help[0].upper()}{command.help[1:]}.", 79),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"{example(command.example)}\n\n{STATUSES}",
    )
    for option in command.options:
        settings: dict[str, Any] = {"help": option.help}
        positional = not option.flags.startswith("--")
        if option.switch:
            settings["action"] = "store_true"
        elif positional:
            if option.many:
                settings["nargs"] = "+"
            elif not option.required:
                settings["nargs"] = "?"
        else:
            settings |= {"required": option.required and option.default is None}
            if option.many:
                settings["action"] = "append"
            if option.default is not None:
                settings["default"] = option.default
            if option.flags in METAVARS:
                settings["metavar"] = METAVARS[option.flags]
        parser.add_argument(option.flags, **settings)
    parser.add_argument(
        "--node", default=".", metavar="FOLDER", help="the node's directory (default: here)"
    )
    parser.add_argument(
        "--passphrase-file", metavar="FILE", help="a file that only its owner may read"
    )
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    parser.add_argument("--lang", choices=("en", "ko", "ja"), default="en", help="language")
    parser.set_defaults(command=name)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        if given and given[0] not in _FIRST and not given[0].startswith("-"):
            print(
                f"usage: comity COMMAND [WHAT] [OPTION ...]\n{unknown(given[0])}", file=sys.stderr
            )
            return _USAGE
        parsed = vars(_parser(given[0] if given else "").parse_args(given))
    except SystemExit as stop:
        return _USAGE if stop.code == 2 else int(stop.code or 0)  # noqa: PLR2004 - argparse's
    command = COMMANDS[parsed["command"]]
    from comity.vocabulary.errors import ComityError

    try:
        if ":" in command.run:
            module, _, function = command.run.partition(":")
            done: Callable[[dict[str, Any]], int] = getattr(import_module(module), function)
            return done(parsed)
        from comity.cli.house import ask

        return ask(command.run, parsed)
    except ComityError as error:
        from comity.cli.words import say_error

        say_error(error, parsed)
        return error.exit_status
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # A file that was named and is not there, or not to be read; or the disk.
        from comity.assemble.commands.said import of_file
        from comity.cli.words import say_error

        meant = of_file(error)
        say_error(meant, parsed)
        return meant.exit_status
    except ImportError as error:
        print(f"{error.name} is missing here; make setup installs it", file=sys.stderr)
        return _MISSING
    except Exception as error:  # noqa: BLE001 - the last place; a bug has a status of its own
        # Where it happened, and never what it was about: messages may hold content.
        last = extract_tb(error.__traceback__)[-1]
        print(f"a bug: {type(error).__name__} at {last.name}:{last.lineno}", file=sys.stderr)
        return _BUG


if __name__ == "__main__":
    sys.exit(run())
