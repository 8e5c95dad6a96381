"""Standing directives and streams as a person reads them at the command line."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Word = Callable[..., str]


def directive_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say each directive with its bounds, its account and what is missing in it."""
    lines = []
    for one in output["directives"]:
        state = word(f"directive.{one['state']}")
        lines += [
            f"{one['reference']}  {one['from']} → {', '.join(one['offices'])}  {state}",
            f"  {one['level']}  {one['subject']}  {one['purpose']}",
            f"  {one['since']} → {one['until']}",
            "  " + word("directive.account", given=str(one["given"]), most=str(one["most"])),
        ]
        if one["late"]:
            lines.append("  " + word("directive.late", count=str(one["late"])))
        lines += [
            "  " + word("directive.gap", start=str(gap["from"]), end=str(gap["to"]))
            for gap in one["gaps"]
        ]
        lines += [f"  {turn['at']}  {word('act.' + turn['act'])}" for turn in one["turns"]]
    return lines or [word("directive.empty")]


def feed_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say observations, one a line."""
    return [
        f"{one['number']:>8}  {one['at']}  {one['text']}" for one in output["observations"]
    ] or [word("directive.nothing-given")]


def sent_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what became of what a source held."""
    lines = [word("directive.sent", given=str(output["given"]), before=str(output["before"]))]
    if output["damaged"]:
        lines.append(word("directive.damaged", count=str(output["damaged"])))
    for one in output["stopped"]:
        gap = word("directive.stopped", start=str(one["from"]), end=str(one["to"]))
        lines += [
            f"{gap} {word(found['code'], **found['parameters'])}" for found in one["findings"]
        ]
    return lines


LINES: Final[dict[str, Callable[[Mapping[str, Any], Word], list[str]]]] = {
    "directive.list": directive_lines,
    "directive.show": directive_lines,
    "feed.send": sent_lines,
    "feed.show": feed_lines,
}
"""What is said of each command."""
