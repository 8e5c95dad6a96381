"""Every command that README shows is one that the command line takes."""

import re
import shlex
from pathlib import Path

import pytest

from comity.cli import app

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
LINES = sorted(
    {
        line.strip()
        for block in re.findall(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
        for line in re.findall(r"(?:^|\$\(|; )(comity [^|;#\n]*)", block, re.MULTILINE)
    }
)


@pytest.mark.parametrize("line", LINES)
def test_what_readme_says_is_taken(line: str) -> None:
    assert len(LINES) > 30
    words = shlex.split(line.replace("<", "").replace(">", ""))[1:]
    app._parser().parse_args(words)
