"""What people read when something is refused or fails: what, under which article, the way out."""

import json
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from comity.cli.speech import catalogue, spellings
from comity.vocabulary.errors import ComityError
from comity.vocabulary.names import Article, Party, Reason
from comity.vocabulary.phrases import Phrase
from comity.wording.catalogues import article_text, remedy_text, render

_WORD: Final = re.compile(r"[a-z]+")
_SHORT: Final = 3
"""Words of at most so many letters carry nothing by themselves."""


def say_error(error: ComityError, parsed: Mapping[str, Any]) -> None:
    """Show what went wrong in this process."""
    said = {"error": error.code, "detail": error.detail, "family": error.family}
    if parsed["json"]:
        print(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for line in failure_lines(said, parsed["lang"]):
        print(line, file=sys.stderr)


def failure_lines(said: Mapping[str, Any], lang: str) -> list[str]:
    """Return a failure in words: what, under which article, why, and what to do."""
    findings = said.get("findings", [])
    if not findings:
        return _worded(str(said["error"]), str(said.get("detail", "")), lang)
    lines = []
    for one in findings:
        lines += finding_lines(one, lang)
    lines.append(f"({said['error']})")
    return lines


def _worded(code: str, detail: str, lang: str) -> list[str]:
    """Return an error in the reader's language, then its code and what the words leave open."""
    words = catalogue().template(code, lang)
    if words is None:
        return [f"{code}: {detail}" if detail else code]
    if not _adds(detail, catalogue().template(code, "en") or ""):
        return [words, f"({code})"]
    if "\n" in detail:
        return [words, f"({code})", *detail.splitlines()]
    return [words, f"({code}: {detail})"]


def _adds(detail: str, words: str) -> bool:
    """Tell whether a detail says more than the words: a name, a number, or another word.

    Details are English and plain; many say in short what the words say at length.
    """
    stripped = [one.strip(";:,.") for one in detail.split()]
    if any(not (one.isalpha() and one.islower()) for one in stripped if one):
        return True
    known = {one[:5] for one in _WORD.findall(words.lower())}
    return any(len(one) > _SHORT and one[:5] not in known for one in _WORD.findall(detail))


def finding_lines(finding: Mapping[str, Any], lang: str) -> list[str]:
    """Return a finding in words, and its remedy on a line of its own."""
    reason = Phrase(code=Reason(finding["code"]), parameters=dict(finding["parameters"]))
    article = article_text(Article(finding["article"]), lang)
    mark = {"permits": "✓", "requires": "…", "forbids": "✗"}.get(finding["verdict"], "·")
    said = render(catalogue(), reason, lang, names=spellings())
    lines = [f"{mark} {finding['agreement']} {article}: {said}"]
    if remedy := finding.get("remedy"):
        to = remedy.get("to")
        way = remedy_text(
            catalogue(),
            remedy["act"],
            lang,
            by=Party(remedy["by"]),
            to=None if to is None else Party(to),
        )
        lines.append(f"  → {way}")
    return lines
