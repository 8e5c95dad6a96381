"""Long lists from the command line: laid and approved part by part, with what is done so far."""

from typing import Any

from comity.cli.house import asking
from comity.cli.progress import told
from comity.cli.words import say


def lay(parsed: dict[str, Any]) -> int:
    """Lay a CSV of releases before the authority, as many lines at a time as fit into one go.

    Stopped anywhere, the same command goes on with the lines that are not laid yet.
    """
    with asking(parsed) as ask:
        while True:
            response = ask("list.lay", parsed)
            if response.status != 0:
                say("list.lay", response.output, parsed, status=response.status)
                return response.status
            said = response.output
            told(parsed, said["laid"], said["lines"])
            if not said["left"]:
                say("list.lay", said, parsed, status=0)
                return 0


def approve(parsed: dict[str, Any]) -> int:
    """Approve a list that was laid, a thousand lines with each signature.

    Stopped anywhere, the same command goes on with the lines that still wait.
    """
    start, looked, released = 1, 0, 0
    with asking(parsed) as ask:
        while True:
            response = ask("list.approve", parsed | {"start": start})
            if response.status != 0:
                say("list.approve", response.output, parsed, status=response.status)
                return response.status
            said = response.output
            looked, released = looked + said["looked_at"], released + said["released"]
            told(parsed, looked, None)
            start = said["next"]
            if not start:
                total = said | {"looked_at": looked, "released": released}
                say("list.approve", total, parsed, status=0)
                return 0
