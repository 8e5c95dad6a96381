"""The agreements that ship with comity: each a folder of a text, its cases and translations."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from comity.agreement.text import Agreement, bundle_bytes, open_bundle

NOT_IN_FORCE: Final = frozenset(
    {"CERT-AA-CERT-BB", "FIU-AA-FIU-BB", "KOR-JPN-ACSA", "RESCUE-DRILL"}
)
"""Texts that ship and bind nobody: two fixtures, a pact never concluded, a drill made up."""


@lru_cache(maxsize=1)
def newest() -> tuple[Agreement, ...]:
    """Return the newest version of each agreement in force, in the order of their names."""
    found: dict[str, Agreement] = {}
    for folder in files("comity.agreement").joinpath("texts").iterdir():
        if not folder.is_dir():
            continue
        held = {one.name: one.read_bytes() for one in folder.iterdir()}
        translations = {
            name.split(".")[1]: raw
            for name, raw in held.items()
            if name.startswith("agreement.") and name != "agreement.md"
        }
        text = open_bundle(
            bundle_bytes(held["agreement.md"], held.get("cases.toml", b""), translations)
        )
        if text.id in NOT_IN_FORCE:
            continue
        other = found.get(text.id)
        if other is None or text.version > other.version:
            found[text.id] = text
    return tuple(found[name] for name in sorted(found))
