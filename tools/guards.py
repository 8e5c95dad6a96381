"""Takes each guard away and sees whether its test notices: ``python -m tools.guards [ID …]``.

``docs/guards.toml`` names them. The tree is copied once; in the copy one guard at a time is
replaced by what lets everything through, its test is run there, and must fail. So tests that
start processes of their own are tried like the others.

Exit status: 0, every guard is missed by its test; 1, one is not, or a test fails as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
LIST: Final = ROOT / "docs/guards.toml"
_COPIED: Final = ("src", "tests", "tools", "docs", "benchmarks", "pyproject.toml", "README.md")
_LIMIT: Final = 900
_FAILED: Final = 1
"""The test runner's status where tests ran and some failed; any other says nothing."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: where it stands, what stands there without it, and who must notice."""

    id: str
    file: str
    line: str
    without: str
    test: str
    attack: int = 0


def read_list(text: str) -> list[Guard]:
    """Parse the list of guards, in the order of the file."""
    return [Guard(id=name, **fields) for name, fields in tomllib.loads(text).items()]


def taken_away(source: str, guard: Guard) -> str:
    """Return a source without its guard.

    Raises:
        ValueError: the guard does not stand there, or more than once.
    """
    if source.count(guard.line) != 1:
        raise ValueError(f"{guard.id}: stands {source.count(guard.line)} times in {guard.file}")
    return source.replace(guard.line, guard.without)


def run(tree: Path, test: str) -> int:
    """Run one test in a tree; return the runner's status."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    return subprocess.run(
        command,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": f"{tree / 'src'}:{tree}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=_LIMIT,
    ).returncode


def tried(tree: Path, guard: Guard) -> str:
    """Take one guard away in a tree and put it back; return what came of it."""
    file = tree / guard.file
    kept = file.read_text(encoding="utf-8")
    if run(tree, guard.test) != 0:
        return "its test fails as it is"
    file.write_text(taken_away(kept, guard), encoding="utf-8")
    try:
        status = run(tree, guard.test)
    finally:
        file.write_text(kept, encoding="utf-8")
    return "missed" if status == _FAILED else "NOT MISSED"


def main(names: Sequence[str]) -> int:
    """Try the guards that are named, or all; say of each what came of it."""
    guards = [
        one for one in read_list(LIST.read_text(encoding="utf-8")) if one.id in names or not names
    ]
    with tempfile.TemporaryDirectory(prefix="comity-guards-") as made:
        tree = Path(made)
        for name in _COPIED:
            whole = ROOT / name
            copy = shutil.copytree if whole.is_dir() else shutil.copy2
            copy(whole, tree / name)
        missed = 0
        for guard in guards:
            said = tried(tree, guard)
            missed += said == "missed"
            print(f"{guard.id:<28} {said}", flush=True)
    print(f"{missed} of {len(guards)} guards are missed when they are taken away")
    return 0 if missed == len(guards) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
