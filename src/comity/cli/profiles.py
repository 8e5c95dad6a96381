"""What people read of the house's own rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from comity.cli.results import entered_lines
from comity.cli.speech import Word


def shown_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return the rules of a profile: offices, who releases what, deputies, procedure."""
    lines = [word("profile.of", party=output["party"], since=output["since"])]
    lines += _under(word("profile.offices"), [_office(one, word) for one in output["offices"]])
    lines += _under(word("profile.release"), [_release(one, word) for one in output["delegations"]])
    lines += _under(word("profile.away"), [_away(one, word) for one in output["absences"]])
    steps = [
        word("pact.step.assumed", step=word(f"pact.step.{one}"))
        if one in output["assumed"]
        else word(f"pact.step.{one}")
        for one in output["procedure"]
    ]
    lines += _under(word("profile.procedure"), steps)
    lines.append(word("profile.zone", zone=output["zone"]))
    if minutes := output["window_minutes"]:
        lines.append(word("profile.window", minutes=str(minutes)))
    return lines


def adopted_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Return where the adoption was entered, what it added, and whom to tell."""
    if output.get("unchanged"):
        return [word("profile.unchanged", since=output["since"])]
    lines = entered_lines(output, word)
    if output["offices"]:
        lines.append(word("profile.added", offices=", ".join(output["offices"])))
    if output["published"]:
        lines.append(word("profile.published", peers=", ".join(output["published"])))
    lines += [word("profile.notify", peer=peer) for peer in output["notify"]]
    return lines


def _under(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *(f"  {one}" for one in lines)] if lines else []


def _office(one: Mapping[str, Any], word: Word) -> str:
    names = " / ".join(dict.fromkeys(one["names"].values()))
    said = f"{one['office']}  {names}"
    if one["until"] and one["successor"]:
        ended = word("profile.office.succeeded", until=one["until"], by=one["successor"])
        return f"{said}  {ended}"
    if one["until"]:
        return f"{said}  {word('profile.office.ended', until=one['until'])}"
    return said


def _release(one: Mapping[str, Any], word: Word) -> str:
    everybody, everything = word("profile.everybody"), word("profile.everything")
    return word(
        "profile.delegation.two" if one["approvals"] > 1 else "profile.delegation",
        office=one["office"],
        levels=", ".join(one["levels"]),
        to=", ".join(one["to"]) or everybody,
        subjects=", ".join(one["subjects"]) or everything,
    )


def _away(one: Mapping[str, Any], word: Word) -> str:
    given = {key: one[key] for key in ("office", "deputy", "since", "until")}
    return word("profile.absence", **given)
