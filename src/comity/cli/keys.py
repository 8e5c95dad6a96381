"""What people read of the house's own keys."""

from collections.abc import Callable, Mapping
from typing import Any

Word = Callable[..., str]


def shown_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return which keys are in use, and which counterpart knows the newest ledger key."""
    tls = output["tls"]
    lines = [
        _line(word("keys.ledger"), output["ledger"]["key"], output["ledger"], word),
        _line(word("keys.transport"), output["transport"]["key"], output["transport"], word),
        _line(word("keys.tls", until=tls["until"]), tls["certificate"], tls, word),
    ]
    for one in output["peers"]:
        code = "keys.known" if one["knows_ledger"] else "keys.not-yet-known"
        lines.append(word(code, peer=one["peer"]))
    return lines


def _line(name: str, key: str, kept: Mapping[str, Any], word: Word) -> str:
    earlier = word("keys.earlier", count=str(kept["earlier"])) if kept["earlier"] else ""
    return f"{name}  {key[7:23]}…  {earlier}".rstrip()


def renewed_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return what was renewed, and to whom it was announced."""
    peers = ", ".join(output["published"]) or "—"
    return [
        word("keys.renewed", kinds=", ".join(output["renewed"])),
        word("keys.told", peers=peers),
    ]


def revoked_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return which files are to be handed over, and that nothing crosses before."""
    return [
        word("keys.revoked"),
        *(f"  {one['peer']}  {one['file']}" for one in output["files"]),
        word("keys.hand-over"),
    ]


def believed_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return whose former keys count no more."""
    return [word("keys.believed", peer=output["peer"])]
