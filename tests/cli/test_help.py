"""What a person sees who asks for help."""

import subprocess
import sys

import pytest

from comity.cli import app
from comity.cli.app import COMMANDS, run

_HEAVY = ("sqlalchemy", "uvicorn", "cryptography", "msgspec", "httpcore", "comity.node")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_example(name, capsys):
    assert run([*name.split(), "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Example: comity {name}" in shown
    assert "--json" in shown
    assert "--lang" in shown
    assert "--node" in shown


def test_help_names_every_exit_status(capsys):
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for status in ("2 refused", "3 ", "4 invalid", "64 ", "69 ", "70 ", "75 "):
        assert status in " ".join(shown.split())


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
