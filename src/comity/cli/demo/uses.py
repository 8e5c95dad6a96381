"""The other consents: another purpose, a contractor, a lower level; each refused, granted, used."""

from typing import Any

from comity.acts.deeds import Precondition
from comity.cli.demo.consent import ask, latest, pass_on
from comity.cli.demo.seats import Failed, Seat, carried
from comity.cli.demo.story import Story

_SUZUKI = {"as": "suzuki"}
_LOWER = {"level": "KOR:mil-3"}


def uses(story: Story, seats: tuple[Seat, Seat, Seat], reference: str) -> None:
    """Let Tokyo do three more things with the item that only its originator can allow."""
    seoul, tokyo, _ = seats
    with story.step("Suzuki wants to lower the item's level: only Seoul can allow it") as lines:
        said = tokyo.refused(
            "regrade", "refused.regrading.approval", item=reference, **_LOWER, **_SUZUKI
        )
        lines += story.findings(said["findings"][0])
    with story.step("Tokyo asks for three consents more; Park grants each for one use") as lines:
        wanted = ({"purpose": "defence.planning"}, {"contractor": "KESTREL"}, _LOWER)
        planning, contractor, lower = (_granted(seoul, tokyo, reference, **one) for one in wanted)
        again = _granted(seoul, tokyo, reference, third_party="USA")
        lines += [f"{one[0]} {one[1]}: granted" for use in wanted for one in use.items()]
    with story.step(
        "It goes to Washington once more, for planning: two consents are used"
    ) as lines:
        laid = pass_on(tokyo, reference, purpose="defence.planning")
        done = tokyo.ask("approve", drafts=[laid["draft"]], **{"as": "tanaka"})["released"][0]
        carried(*seats)
        lines.append(f"as {done['reference']}; {_used(tokyo, planning)}, {_used(tokyo, again)}")
    with story.step("A copy goes to the contractor named, and to no other") as lines:
        given: dict[str, Any] = {
            "copy": "1",
            "met": [one.value for one in Precondition],
            "inspected": latest(tokyo, reference),
            "letter": "true",
            "approval": contractor,
        }
        other = given | {"contractor": "merlin"}
        code = "refused.contractor.consent-other-use"
        tokyo.refused("contractor.hand-over", code, item=reference, **other, **_SUZUKI)
        given["contractor"] = "kestrel"
        tokyo.ask("contractor.hand-over", item=reference, **given, **_SUZUKI)
        lines.append(
            f"to kestrel, fifteen preconditions met (Article 16); {_used(tokyo, contractor)}"
        )
    with story.step("Now the level is lowered, by the act that names the consent") as lines:
        done = tokyo.ask("regrade", item=reference, **_LOWER, approval=lower, **_SUZUKI)
        carried(seoul, tokyo)
        lines.append(f"{done['log']}#{done['index']}, in Seoul's book too; {_used(seoul, lower)}")
        again_refused = "refused.regrading.consent-used-up"
        tokyo.refused("regrade", again_refused, item=reference, **_LOWER, approval=lower, **_SUZUKI)
        lines.append("a second time it is refused: used up")


def _granted(seoul: Seat, tokyo: Seat, reference: str, **use: str) -> str:
    asked = ask(tokyo, reference, **use)
    carried(seoul, tokyo)
    seoul.ask("consent.grant", consent=asked, **{"as": "park"})
    carried(seoul, tokyo)
    return asked


def _used(seat: Seat, asked: str) -> str:
    one = next(one for one in seat.ask("consent.list")["consents"] if one["consent"] == asked)
    if one["used"] != one["times"]:
        raise Failed(f"the consent at {asked} was used {one['used']} times of {one['times']}")
    return f"{one['uses']} {one['for']}: {one['used']} of {one['times']} used"
