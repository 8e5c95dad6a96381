"""Emptying reaches a function for whoever holds it, and nothing that is not a function."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.emptied import empty, function_named

ROOT = Path(__file__).parents[2]


class Held:
    def method(self):
        return self

    def with_a_cell(self):
        return __class__

    @classmethod
    def made(cls):
        return cls()


def plain(first, /, *, second):
    return first, second


@pytest.mark.parametrize(
    ("function", "call"),
    [
        (plain, lambda function: function(1, second=2)),
        (Held.method, lambda function: function(Held())),
        (Held.with_a_cell, lambda function: function(Held())),
        (Held.made.__func__, lambda function: function(Held)),
    ],
)
def test_an_emptied_function_returns_none_to_whoever_holds_it(function, call):
    table = {"held": function}
    whole = function.__code__
    assert call(table["held"]) is not None
    empty(function)
    try:
        assert call(table["held"]) is None
    finally:
        function.__code__ = whole


@pytest.mark.parametrize(
    "name",
    ["comity.vocabulary.errors:Refused", "comity.vocabulary.errors:nowhere", "comity:__version__"],
)
def test_what_is_not_a_function_cannot_be_emptied(name):
    with pytest.raises(LookupError):
        function_named(name)


def trial(folder, function):
    """Run the plugin on a small project of its own: one row, one marked test, one function."""
    (folder / "docs").mkdir()
    (folder / "docs/obligations.toml").write_text(
        f'[X-1]\nsource = "x"\nwave = 1\nstate = "reached"\nfunction = "{function}"\n'
    )
    (folder / "comity").mkdir()
    (folder / "comity/__init__.py").touch()
    (folder / "comity/rule.py").write_text("def kept(): return 1\n\ndef other(): return 2\n")
    (folder / "tools").mkdir()
    for name in ("emptied.py", "obligations.py"):
        (folder / "tools" / name).write_bytes((ROOT / "tools" / name).read_bytes())
    (folder / "test_it.py").write_text(
        "import pytest\nfrom comity.rule import kept\n\n"
        "@pytest.mark.obligation('X-1')\ndef test_it():\n    assert kept() == 1\n"
    )
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    obligation(id): x\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tools.emptied", "--emptied=X-1"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_test_that_misses_its_function_passes_the_trial(tmp_path):
    done = trial(tmp_path, "comity.rule:kept")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 reached rows tried" in done.stdout


def test_a_test_that_does_not_notice_fails_the_trial(tmp_path):
    done = trial(tmp_path, "comity.rule:other")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "X-1: no marked test fails when comity.rule:other is emptied" in done.stdout
