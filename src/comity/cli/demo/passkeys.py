"""Passkeys: registered at the console, a list of releases signed, and every replay refused."""

from typing import Any, NamedTuple

from comity.cli.demo.desk import QUESTIONS, Desk
from comity.cli.demo.seats import Failed, Seat, carried
from comity.cli.demo.story import Story


class Desks(NamedTuple):
    """Who signs with a passkey: a releasing authority in Seoul, a custodian in Tokyo."""

    yoon: Desk
    ito: Desk


def passkeys(story: Story, seoul: Seat, tokyo: Seat) -> Desks:
    """Invite two persons; each registers a passkey, which takes the place of the key file."""
    desks = Desks(Desk(seoul, "yoon", story.lang), Desk(tokyo, "ito", story.lang))
    with story.step("Yoon and Ito, invited, register a passkey each at the console") as said:
        said.append(
            "Nobody is at hand here: a program stands in for the device. In earnest it is a phone"
            " or a security key, which asks for its person."
        )
        for desk in desks:
            link = desk.register()
            if desk.works_again(link):
                raise Failed("an invitation worked twice")
            kept = desk.seat.ask("person.passkeys", person=desk.person)
            if kept["custodied"]:
                raise Failed(f"a key file is kept for {desk.person} beside the passkey")
            said += [
                f"{desk.seat.party}  {desk.person}  {one['key'][:23]}… of {one['relying_party']}"
                for one in kept["passkeys"]
            ]
        carried(seoul, tokyo)
        said.append("each link worked once; the house keeps no key file for the two any more")
    return desks


def approve(story: Story, seoul: Seat, yoon: Desk, drafts: list[str], wish: dict[str, Any]) -> str:
    """Let Yoon approve with the passkey, and nothing else with the same signature.

    Returns:
        The reference of the first of the drafts.
    """
    with story.step("Yoon would approve what Yoon drafted: refused, nothing to sign") as lines:
        own = seoul.ask("release", **{**wish, "title": "Yoon's own", "as": "yoon"})["draft"]
        lines.append(
            yoon.refused(
                "/approvals/sign",
                {"drafts": [own], "questions": QUESTIONS},
                "refused.release.second-person",
            )
        )
        seoul.ask("decline", draft=own, **{"as": "park"})
        lines.append("Park declines that draft, and owes no reason")
    body = {"drafts": drafts, "questions": QUESTIONS}
    with story.step("Yoon approves both reports: the passkey signs their list, once") as lines:
        seoul.refused("approve", "refused.passkey.wanted", drafts=drafts, **{"as": "yoon"})
        signature = yoon.signature("/approvals", body)
        alone = {"drafts": drafts[:1], "questions": QUESTIONS, "signature": signature}
        yoon.refused("/approvals", alone, "invalid.passkey")
        done = yoon.ask("/approvals", body | {"signature": signature})["released"]
        lines += [f"{one['number']} at {one['position']}" for one in done]
        lines.append("sealed, entered, on their way; the same signature for one alone: refused")
    with story.step("What the device answered is brought once more: refused") as lines:
        said = yoon.refused("/approvals", body | {"signature": signature}, "refused.absent")
        lines.append(f"to release: {said}")
        code = yoon.signs_in_with(yoon.sign_in())
        if code != "refused.passkey.counter":
            raise Failed(f"an answer signed in twice: {code}")
        lines.append(f"to sign in: {story.word(code)}")
    reference: str = done[0]["number"]
    return reference


def by_passkey(seat: Seat, reference: str, kind: str) -> None:
    """Return if the book of a house says that an act about an item was signed by a passkey.

    Raises:
        Failed: It says otherwise.
    """
    shown = seat.ask("register.show", item=reference)["timeline"]
    ways = [one["signed"] for one in shown if one["kind"] == kind]
    if ways != [["passkey"]]:
        raise Failed(f"{seat.party}: {kind} is signed by {ways}")
