"""Write ``docs/clauses.md`` and ``docs/api.md``: clauses and operations, from the code alone."""

import inspect
import re
from pathlib import Path
from typing import Final, get_type_hints

import msgspec
from msgspec.inspect import multi_type_info

from comity.agreement.clauses import CLAUSES, Clause
from comity.agreement.clauses.conditions import conditions
from comity.agreement.shapes import written
from comity.console.api.reference import document

PAGE: Final = Path(__file__).parent.parent / "docs/clauses.md"
API_PAGE: Final = PAGE.with_name("api.md")
_MARK: Final = "<!-- What follows is written from the code by `make reference`. -->\n"
_OWN: Final = ("article", "agreement")


def terms(kind: type[Clause]) -> dict[str, str]:
    """Return what each term of a type of clause is, as its docstring says."""
    doc = inspect.getdoc(kind) or ""
    _, _, attributes = doc.partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", attributes, re.MULTILINE)
    return {name: re.sub(r"\s+", " ", told).strip() for name, told in found}


def _values(kind: type[Clause], name: str) -> str:
    hints = get_type_hints(kind, include_extras=True)
    return written(multi_type_info([hints[name]])[0])


def _counts(kind: type[Clause], name: str) -> str:
    """Say beside which other terms a term counts."""
    said = []
    for one in conditions(kind).get(name, ()):
        value = "empty" if one.value == () else f"`{str(one.value).lower()}`"
        said.append(
            f" {'Needed' if one.needed else 'Counts only'} "
            f"{'unless' if one.unless else 'while'} `{one.term}` is {value}"
            f"{', and unused else' if one.needed else ''}."
        )
    return "".join(said)


def _section(name: str, kind: type[Clause]) -> str:
    doc = inspect.getdoc(kind) or ""
    about = [part for part in doc.split("\n\n") if not part.startswith("Attributes:")]
    told = terms(kind)
    defaults = {one.name: one for one in msgspec.structs.fields(kind)}
    lines = [f"## `{name}`", "", *(re.sub(r"\s+", " ", part) + "\n" for part in about)]
    voice = (
        "Told to people only." if kind.informative else f"Judged in the {kind.voice.value} voice."
    )
    lines.append(voice + (" Travels with an item." if kind.travels else "") + "\n")
    fields = [one for one in kind.__struct_fields__ if one not in _OWN]
    if fields:
        lines += ["| term | values | needed | what it says |", "|---|---|---|---|"]
        for one in fields:
            needed = "yes" if defaults[one].required else ""
            says = told.get(one, "") + _counts(kind, one)
            lines.append(f"| `{one}` | {_values(kind, one)} | {needed} | {says} |")
        lines.append("")
    return "\n".join(lines)


def page() -> str:
    """Return the page as the code has it now."""
    head = (
        "# Clauses\n\nWritten from the code by `make reference`; a test says when it is stale. "
        "How they stand in a file is in [agreement-language.md](agreement-language.md).\n"
    )
    parts = [_section(name, CLAUSES[name]) for name in sorted(CLAUSES)]
    return "\n".join([head, *parts]).rstrip() + "\n"


def api_page() -> str:
    """Return the page of the HTTP API: its head as it is, the operations as the code has them."""
    head, _, _ = API_PAGE.read_text(encoding="utf-8").partition(_MARK)
    return f"{head}{_MARK}\n{document()}"


def main() -> None:
    """Write the pages."""
    PAGE.write_text(page(), encoding="utf-8")
    API_PAGE.write_text(api_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
