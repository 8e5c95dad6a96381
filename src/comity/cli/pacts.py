"""The history of a pact, in words: what it was and why; which steps were taken at home."""

from collections.abc import Mapping
from typing import Any

from comity.agreement.records import EVENTS
from comity.cli.speech import Word


def history_lines(said: Mapping[str, Any], word: Word) -> list[str]:
    """Return what a pact was, in words."""
    name, view = said["pact"], said["view"]
    lines = [f"{name} ({view}): {word(f'pact.state.{one}')}" for one in said["states"]]
    if not said["certain"]:
        lines.append(word("pact.uncertain"))
    lines += [f"  {word(f'pact.lawful.{one}')}" for one in said["lawful"]]
    beside = said["without_effect"]
    for title, told in (
        ("why", said["why"]),
        ("at-home", [one for one in beside if one["sort"] == "home"]),
        ("beside", [one for one in beside if one["sort"] != "home"]),
    ):
        if told:
            lines.append(word(f"pact.{title}"))
        lines += [f"  {_record(one, word)}" for one in told]
    if "notice" in said:
        lines += _notice(said["notice"], word)
    return [*lines, word("pact.days-of", zone=said["zone"])]


def _record(one: Mapping[str, Any], word: Word) -> str:
    """Say a line of a history: its date, who, what; its note in the words of its source."""
    who = word("pact.all-parties") if one["party"] in ("both", "all") else one["party"]
    known = one["event"] in EVENTS
    what = one["event"]
    what = word(f"pact.event.{what}") if known else word("pact.event.unknown", event=what)
    return f"{one['date']}  {who}: {what}" + (f" ({one['note']})" if one["note"] else "")


def _notice(given: Mapping[str, Any], word: Word) -> list[str]:
    """Say whether a notice was in time, by both ways of counting; and what else is read twice."""
    lines = [
        word(
            f"pact.notice.{given['was']}",
            days=given["last_day_by_days"],
            clear=given["last_day_by_clear_days"],
            end=given["term_last_day"],
            zone=given["zone"],
        )
    ]
    if "if_it_counts_for_the_next_term" in given:
        other = given["if_it_counts_for_the_next_term"]
        states = f" {word('pact.or')} ".join(word(f"pact.state.{one}") for one in other["states"])
        lines.append(word("pact.notice.next-term", end=other["term_last_day"], states=states))
    if "suspension_lifted_after_the_term" in given:
        lifted = given["suspension_lifted_after_the_term"]
        lines.append(word("pact.notice.woken", date=lifted["date"], party=given["by"]))
    return lines


def procedure_lines(said: Mapping[str, Any], word: Word) -> list[str]:
    """Return the steps of each attempt, in words."""
    lines: list[str] = [] if said["attempts"] else [word("pact.procedure.none")]
    for attempt in said["attempts"]:
        lines.append(f"{said['pact']} ({said['party']}) {attempt['opened']}")
        for step in attempt["steps"]:
            date = step["record"]["date"] if step["record"] else "-"
            what = word(f"pact.step.{step['step']}")
            what = word("pact.step.assumed", step=what) if step["assumed"] else what
            lines.append(f"  {date:<16} {what}: {word('pact.mark.' + step['mark'])}")
    return lines
