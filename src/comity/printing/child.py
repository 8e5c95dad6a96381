"""The child process that sets pages: reads JSON, writes a PDF. It imports nothing of comity."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

_SECONDS = 40
_MEMORY = 4 << 30
_OUTPUT = 64 << 20


def main() -> int:
    """Set the pages that standard input asks for, within bounds that only ever get tighter."""
    for what, limit in (
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, _OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    given: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    import typst  # noqa: PLC0415 - after the bounds are set

    root = Path(__file__).parent / "sheets"
    made = typst.compile(
        str(root / f"{given['sheet']}.typ"),
        root=str(root),
        font_paths=[given["fonts"]],
        ignore_system_fonts=True,
        sys_inputs={"data": given["data"]},
        timestamp=given["timestamp"],
        format="pdf",
    )
    if not isinstance(made, bytes):
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
