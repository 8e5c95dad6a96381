"""An agreement's file set in order: shown first, and written only when that is asked for."""

import os
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from shutil import copymode
from tempfile import mkstemp
from typing import Any, Final

from comity.agreement.complaints import InvalidAgreement
from comity.agreement.formatting import formatted
from comity.agreement.text import open_bundle
from comity.assemble.commands.agreements import bundle_of
from comity.assemble.commands.said import text_of, write_out
from comity.cli.words import say
from comity.vocabulary.errors import Invalid

_TEXT: Final = "agreement.md"
_NOT_IN_ORDER: Final = 2


def in_order(parsed: Mapping[str, Any]) -> int:
    """Say what order changes of a file, and write it in order where that is asked for.

    Other bytes are another text with another digest: both are told. What somebody signed stays
    what it was, in the books of who signed it.
    """
    named = Path(parsed["file"])
    path = named / _TEXT if named.is_dir() else named
    source = text_of(str(path))
    try:
        found = formatted(source, file=path.name)
    except InvalidAgreement as error:
        wrong = {"error": error.code, "detail": "\n".join(str(one) for one in error.complaints)}
        say("agreement.format", wrong, parsed, status=error.exit_status)
        return error.exit_status
    same = found == source
    said = {
        "file": str(path),
        "in_order": same,
        "written": bool(parsed["write"]) and not same,
        "diff": list(
            unified_diff(source.split("\n"), found.split("\n"), str(path), str(path), lineterm="")
        ),
        "was": _digest(path),
    }
    if said["written"]:
        _write(path.resolve(), found.encode())
    said["now"] = _digest(path)
    status = _NOT_IN_ORDER if parsed["check"] and not same and not said["written"] else 0
    say("agreement.format", said, parsed, status=status)
    return status


def _write(path: Path, raw: bytes) -> None:
    """Put a file in the place of another in one step: the former one is there until then."""
    number, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(number)
    try:
        copymode(path, name)
        write_out(name, raw)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    """Return the digest of the bundle that a file is the text of; empty where it is of none."""
    try:
        return open_bundle(bundle_of(path.parent)).digest if path.name == _TEXT else ""
    except Invalid:
        return ""  # its cases or translations are not right yet
