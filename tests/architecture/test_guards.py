"""``docs/guards.toml`` names guards that stand where it says, once each, and tests that exist."""

import re
from pathlib import Path

import pytest

from tools.guards import LIST, ROOT, Guard, read_list, taken_away

GUARDS = read_list(LIST.read_text(encoding="utf-8"))
ATTACKS = range(1, 51)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda one: one.id)
def test_a_guard_stands_once_and_its_test_is_there(guard: Guard) -> None:
    source = (ROOT / guard.file).read_text(encoding="utf-8")
    without = taken_away(source, guard)
    compile(without, guard.file, "exec")
    file, _, function = guard.test.partition("::")
    text = Path(ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {function}\(", text, re.MULTILINE)
    assert guard.attack in (0, *ATTACKS)


def test_a_guard_that_is_gone_or_stands_twice_is_said() -> None:
    guard = Guard(id="one", file="f.py", line="if bad:", without="if False:", test="t.py::test")
    assert taken_away("if bad:\n    stop()\n", guard) == "if False:\n    stop()\n"
    for source in ("pass\n", "if bad:\n    stop()\nif bad:\n    stop()\n"):
        with pytest.raises(ValueError, match="stands"):
            taken_away(source, guard)
