"""How many of the obligations are reached, and whether their tests would notice.

``python -m tools.obligations`` prints N of M wave-1 rows of ``docs/obligations.toml``, names the
open ones, then empties the function of every reached row in turn and expects a marked test to
fail (``tools.emptied`` does that part). Arguments name rows; without any, all are tried.

Exit status: 0, every function is missed by a test; 1, one is not, or a marked test fails as it is.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
INDEX: Final = ROOT / "docs/obligations.toml"
TESTS: Final = ROOT / "tests"
NOW: Final = 1
_KEYS: Final = {"source", "article", "wave", "state", "function", "note"}


class IndexFileError(Exception):
    """The index says something that its head comment does not allow."""


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation: where it comes from, how far it is, the functions that keep it."""

    id: str
    wave: int
    reached: bool
    functions: tuple[str, ...]


def read_index(text: str) -> dict[str, Row]:
    """Parse the index; rows by id, in the order of the file.

    Raises:
        IndexFileError: a key, a state or a function is not as the head comment says.
    """
    return {name: _row(name, fields) for name, fields in tomllib.loads(text).items()}


def _row(name: str, fields: dict[str, object]) -> Row:
    match fields:
        case {"source": str(), "wave": 1 | 2 as wave, "state": "reached" | "open" as state}:
            pass
        case _:
            raise IndexFileError(f"{name}: source, wave (1 or 2) and state (reached or open)")
    if unknown := set(fields) - _KEYS:
        raise IndexFileError(f"{name}: unknown keys {sorted(unknown)}")
    functions = fields.get("function", [])
    if isinstance(functions, str):
        functions = [functions]
    if not isinstance(functions, list) or not all(_is_a_function(each) for each in functions):
        raise IndexFileError(f'{name}: function is "module:name", or a list of such')
    if state == "reached" and not functions:
        raise IndexFileError(f"{name}: reached, by which function?")
    return Row(name, wave, state == "reached", tuple(functions))


def _is_a_function(name: object) -> bool:
    return isinstance(name, str) and name.startswith("comity.") and name.count(":") == 1


def marked_tests(folder: Path) -> dict[str, list[str]]:
    """List, by obligation, the places in ``folder`` that carry ``pytest.mark.obligation``.

    They are found in the text, so that a file that cannot be imported here is counted as well.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for line, name in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(name, []).append(f"{path.relative_to(folder)}:{line}")
    return found


def _marks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.obligation":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def main(arguments: Sequence[str]) -> int:
    """Print how far the rows are, then try the reached ones."""
    rows = read_index(INDEX.read_text(encoding="utf-8"))
    if unknown := [name for name in arguments if name not in rows]:
        print(f"no such row: {' '.join(unknown)}", file=sys.stderr)
        return 64
    due = [row for row in rows.values() if row.wave == NOW]
    reached = [row for row in due if row.reached]
    print(f"{len(reached)} of {len(due)} wave-{NOW} rows reached")
    if still_open := [row.id for row in due if not row.reached]:
        print("open:", " ".join(still_open))
    chosen = [
        row.id for row in rows.values() if row.reached and (not arguments or row.id in arguments)
    ]
    if not chosen:
        return 0
    files = sorted(
        {
            place.rpartition(":")[0]
            for name, places in marked_tests(TESTS).items()
            if name in chosen
            for place in places
        }
    )
    options = ["-q", "-p", "tools.emptied", "-p", "no:xdist", "-p", "no:cacheprovider"]
    asked = [f"--emptied={name}" for name in chosen]
    return int(pytest.main([*options, *asked, *(str(TESTS / file) for file in files)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
