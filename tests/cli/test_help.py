"""What a person sees who asks for help."""

import subprocess
import sys

import pytest

from comity.cli import app
from comity.cli.app import COMMANDS, run
from comity.cli.helping import STATUSES, commands

_HEAVY = ("sqlalchemy", "uvicorn", "cryptography", "msgspec", "httpcore", "comity.node")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_example(name, capsys):
    assert run([*name.split(), "--help"]) == 0
    out = capsys.readouterr().out
    # What is broken over several lines is one command still, when it is copied.
    assert f"Example: {COMMANDS[name].example}\n" in out.replace(" \\\n   ", "")
    shown = " ".join(out.split())
    assert STATUSES.replace("\n", " ") in shown
    assert "--json" in shown
    assert "--lang" in shown
    assert "--node" in shown


def test_help_names_every_exit_status(capsys):
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for status in ("2 refused", "3 ", "4 invalid", "64 ", "69 ", "70 ", "75 "):
        assert status in " ".join(shown.split())


def test_help_lists_every_command_once_under_what_it_is_for():
    lines = commands().splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert listed == sorted(set(listed), key=listed.index)
    assert set(listed) == {one.partition(" ")[0] for one in COMMANDS}
    assert [line for line in lines if line.endswith(":") and line[0] != " "] == [
        "share:",
        "protect:",
        "manage:",
    ]
    for one in COMMANDS:
        assert one.partition(" ")[2] in commands()
    assert max(len(line) for line in lines) <= 79


def test_a_word_that_is_no_command_is_told_what_is_written_much_like_it(capsys):
    assert run(["releese"]) == 64
    assert "Did you mean release" in capsys.readouterr().err
    assert run(["zzz"]) == 64
    assert "Did you mean" not in capsys.readouterr().err


def test_help_imports_nothing_that_takes_long():
    program = (
        "import sys\nfrom comity.cli.app import run\nrun(['--help'])\n"
        f"print([one for one in {_HEAVY!r} if one in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_takes_a_secret_as_an_argument(name):
    for option in COMMANDS[name].options:
        assert not any(word in option.flags for word in ("pass", "secret", "key", "token"))


def test_what_is_built_for_one_command_takes_the_same_words_as_all() -> None:
    whole = app._parser()
    for name, command in COMMANDS.items():
        words = name.split()
        for one in command.options:
            named = one.flags.startswith("--")
            if one.required or not named:
                words += [one.flags] * named + ["7"] * (not one.switch)
        assert app._parser(words[0]).parse_args(words) == whole.parse_args(words)
