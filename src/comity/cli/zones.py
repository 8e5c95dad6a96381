"""The rule of a zone, as this machine's table has it: to be written into a text or a profile."""

import zoneinfo
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.cli.words import say
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.zones import parse_rule


def zone(parsed: Mapping[str, Any]) -> int:
    """Say the rule of a zone by which its days are counted."""
    name = parsed["zone"]
    rule = _rule(name)
    if parsed["json"]:
        say("agreement.zone", {"zone": name, "rule": rule}, parsed, status=0)
    else:
        print(f'zone = "{name}"')
        print(f'rule = "{rule}"')
    return 0


def _rule(name: str) -> str:
    """Return the last line of a zone's file (RFC 9636, 3.3).

    Raises:
        Refused: ``refused.zone.unknown``: no such zone here, or its file has no rule.
    """
    if name in zoneinfo.available_timezones():
        for raw in _files(name):
            try:
                rule = raw.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")
                parse_rule(rule)
            except (Invalid, UnicodeDecodeError):
                continue  # an old file, without a last line
            return rule
    raise Refused("refused.zone.unknown", name)


def _files(name: str) -> list[bytes]:
    found = [Path(folder) / name for folder in zoneinfo.TZPATH]
    held = [path.read_bytes() for path in found if path.is_file()]
    try:
        packed = files("tzdata").joinpath("zoneinfo", *name.split("/"))
        held += [packed.read_bytes()] if packed.is_file() else []
    except ModuleNotFoundError:
        pass  # the package is there where the machine has no table of its own
    return held
