"""Judging everything again from the command line, portion by portion, with how far it is."""

from typing import Any

from comity.cli.house import asking
from comity.cli.progress import told
from comity.cli.words import say


def replay(parsed: dict[str, Any]) -> int:
    """Judge every act ever entered again; stopped anywhere, the same command goes on there."""
    now = parsed
    with asking(parsed) as ask:
        while True:
            response = ask("audit.replay", now)
            if response.status != 0:
                say("audit.replay", response.output, parsed, status=response.status)
                return response.status
            said = response.output
            told(parsed, said["line"], said["lines"])
            if said["line"] >= said["lines"]:
                say("audit.replay", said, parsed, status=0)
                return 0
            now = parsed | {"anew": False}
