"""A text in lines: what each clause of it means, and what order changes of its file."""

from collections.abc import Mapping
from typing import Any

from comity.cli.speech import Word


def explained_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return what each clause says, under its article; no term is left out."""
    lines, article = [str(output["agreement"])], ""
    for one in output["clauses"]:
        if one["article"] != article:
            article = one["article"]
            lines += ["", str(one["heading"])]
        lines.append(f"  {one['type']}: {one['says']}")
        lines += [f"    {name} = {value}" for name, value in one["terms"].items()]
        if usual := one["unless_said_otherwise"]:
            lines.append(f"    ({word('terms.usual')}: {_one_line(usual)})")
    return lines


def formatted_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return what order changes, and that other bytes are another text."""
    if output["in_order"]:
        return [word("cli.format.in-order", file=output["file"])]
    code = "cli.format.written" if output["written"] else "cli.format.not"
    digests = [output["was"], output["now"]] if output["was"] != output["now"] else []
    return [
        *output["diff"],
        word(code, file=output["file"]),
        word("cli.format.identity"),
        *([" → ".join(one or "—" for one in digests)] if digests else []),
    ]


def _one_line(terms: Mapping[str, str]) -> str:
    return "; ".join(f"{name} = {value}" for name, value in terms.items())
