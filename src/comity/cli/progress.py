"""How far a long command is, on the error stream, where a person looks at it."""

import sys
from collections.abc import Mapping
from typing import Any


def told(parsed: Mapping[str, Any], done: int, of: int | None) -> None:
    """Say how much is done of how much; nothing to a file, and nothing beside ``--json``."""
    if sys.stderr.isatty() and not parsed["json"]:
        whole = "" if of is None else f" / {of}"
        print(f"\r{done}{whole}", end="" if of != done else "\n", file=sys.stderr, flush=True)
