"""What people read: each result by the words of its command, in the language asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from comity.cli import keys, listings, pacts, profiles, results, streams
from comity.cli.failures import failure_lines, finding_lines, say_error
from comity.cli.speech import Word, attested_text, catalogue, spellings, word_in, write_json

_WORDED: Final[dict[str, Callable[[Mapping[str, Any], Word], list[str]]]] = {
    "pact.book": pacts.history_lines,
    "pact.steps": pacts.procedure_lines,
    "keys.show": keys.shown_lines,
    "keys.renew": keys.renewed_lines,
    "keys.revoke": keys.revoked_lines,
    "keys.believe": keys.believed_lines,
    "profile.show": profiles.shown_lines,
    "profile.adopt": profiles.adopted_lines,
    **streams.LINES,
    **listings.LINES,
    **results.LINES,
}
"""Commands whose results have lines of their own."""

_WITH_FINDINGS: Final = results.FINDING_LINES


def say(command: str, output: Any, parsed: Mapping[str, Any], *, status: int) -> None:  # noqa: ANN401
    """Show what came of a command: as JSON where asked for, else in words."""
    del status
    if parsed["json"]:
        write_json(output)
        return
    lang = parsed["lang"]
    if isinstance(output, dict) and "error" in output:
        for line in failure_lines(output, lang):
            print(line, file=sys.stderr)
        return
    for line in result_lines(command, output, lang):
        print(line)


def result_lines(command: str, output: Mapping[str, Any], lang: str) -> list[str]:
    """Return a result in words."""
    word = word_in(lang)
    if command in _WORDED:
        return _WORDED[command](output, word)
    if command in _WITH_FINDINGS:
        return _WITH_FINDINGS[command](output, word, lang)
    if "waiting" in output:
        return results.approved(output, word)
    if output.get("already") is True:
        return results.already_lines(output, word)
    if "findings" in output:
        return [
            *results.entered_lines(output, word),
            *(line for one in output["findings"] for line in finding_lines(one, lang)),
        ]
    return results.plain_lines(output, word)


def say_lines(output: Any, lines: Sequence[str], parsed: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Show a result as JSON where asked for, else in these lines."""
    if parsed["json"]:
        write_json(output)
        return
    for line in lines:
        print(line)


__all__ = [
    "attested_text",
    "catalogue",
    "failure_lines",
    "finding_lines",
    "result_lines",
    "say",
    "say_error",
    "say_lines",
    "spellings",
    "word_in",
]
