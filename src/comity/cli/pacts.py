"""The history of a pact, in words: what it was and why; which steps were taken at home."""

from collections.abc import Callable, Mapping
from typing import Any


def history_lines(said: Mapping[str, Any], word: Callable[..., str]) -> list[str]:
    """Return what a pact was, in words."""
    name, view = said["pact"], said["view"]
    lines = [f"{name} ({view}): {word(f'pact.state.{one}')}" for one in said["states"]]
    if not said["certain"]:
        lines.append(word("pact.uncertain"))
    lines += [f"  {word(f'pact.lawful.{one}')}" for one in said["lawful"]]
    for title, told in (("why", said["why"]), ("beside", said["without_effect"])):
        if told:
            lines.append(word(f"pact.{title}"))
        lines += [
            f"  {one['date']} {one['party']} {one['event']} {one['note']}".rstrip() for one in told
        ]
    if "notice" in said:
        given = said["notice"]
        lines.append(
            word(
                f"pact.notice.{given['was']}",
                days=given["deadline_by_days"],
                clear=given["deadline_by_clear_days"],
                end=given["term_end"],
            )
        )
    return lines


def procedure_lines(said: Mapping[str, Any], word: Callable[..., str]) -> list[str]:
    """Return the steps of each attempt, in words."""
    lines: list[str] = [] if said["attempts"] else [word("pact.procedure.none")]
    for attempt in said["attempts"]:
        lines.append(f"{said['pact']} ({said['party']}) {attempt['opened']}")
        for step in attempt["steps"]:
            date = step["record"]["date"] if step["record"] else "-"
            mark, what = word(f"pact.mark.{step['mark']}"), step["step"]
            lines.append(f"  {date:<16} {word(f'pact.step.{what}')}: {mark}")
    return lines
