"""Consent across three parties: asked, granted, used once, used up, taken back."""

from pathlib import Path
from typing import Any

from comity.cli.demo.cast import BANNER
from comity.cli.demo.seats import Failed, Seat, carried, comity, status_of, until
from comity.cli.demo.story import Story
from comity.cli.demo.washington import with_seoul
from comity.vocabulary.instants import parse_instant, plus_seconds

_SATO = {"as": "sato"}
_PARK = {"as": "park"}
_OTHER_PARTY = "refused.third-party.consent-other-use"
_SHORT = 4
"""Seconds for which a consent of the story holds: it is granted and carried within them."""


def consent(story: Story, seats: tuple[Seat, Seat, Seat], reference: str, base: Path) -> str:
    """Let the item go on to Washington with Seoul's consent; return its number from Tokyo."""
    seoul, tokyo, washington = seats
    tokyo.ask("assign", item=reference, person="sato", **{"as": "suzuki"})
    with story.step("Sato passes the item on to Washington: refused without Seoul") as lines:
        lines += _refused(story, tokyo, reference, "refused.third-party.approval")
    with story.step("So Tokyo asks Seoul: this item, to Washington, once") as lines:
        asked = ask(tokyo, reference, third_party="USA")
        carried(seoul, tokyo)
        lines.append(f"question {asked}, for seven days")
    with story.step("Park grants it and signs: prior approval in writing (Article 6(a))") as lines:
        # Who drafts releases does not decide on them, and not on what goes on either.
        seoul.refused("consent.grant", "refused.person.role", consent=asked, **{"as": "kim"})
        done = seoul.ask("consent.grant", consent=asked, **_PARK)
        carried(seoul, tokyo)
        lines.append(f"grant {done['log']}#{done['index']}; Kim, who drafted it, may not")
    with story.step("Sato passes it on, Tanaka signs: Seoul's leaf and consent go along") as lines:
        laid = pass_on(tokyo, reference)
        done = tokyo.ask("approve", drafts=[laid["draft"]], **{"as": "tanaka"})["released"][0]
        number: str = done["reference"]
        lines += story.findings(*done["findings"])
        lines.append(
            f"Korea's {reference} goes on as {number}: label, form and content as received"
        )
    _not_enrolled(story, tokyo, washington, number)
    with_seoul(story, seoul, washington, base)
    number = _once_more(story, seats, reference, asked)
    with story.step("Tokyo's log to Seoul says in the same step: went on to Washington") as lines:
        carried(*seats)
        line = [
            one
            for one in seoul.ask("register.show", item=reference)["timeline"]
            if one["kind"] == "release.onward-released"
        ][-1]
        lines.append(f"{line['leaf']} by {line['by']}: {line['outcome']}")
    _arrival(story, washington, number)
    _proof(story, washington, number, base)
    return number


def _not_enrolled(story: Story, tokyo: Seat, washington: Seat, number: str) -> None:
    with story.step("Washington refuses it: it never compared the root of Seoul") as lines:
        carried(tokyo, washington)
        if any(one["originator"] == "KOR" for one in washington.ask("register.list")["items"]):
            raise Failed("Washington entered what it cannot tell the origin of")
        code = tokyo.ask("register.show", item=number)["refused"]
        if code != "origin.not-enrolled":
            raise Failed(f"Washington did not refuse {number}: {code}")
        lines.append(f"{number}: {story.word(code)}")


def _once_more(story: Story, seats: tuple[Seat, Seat, Seat], reference: str, spent: str) -> str:
    """Ask for another consent, the first being used, and pass the item on; return its number."""
    seoul, tokyo, _ = seats
    with story.step("The consent is used, whatever became of it: Park grants another") as lines:
        for seat in (seoul, tokyo):
            if (state := _found(seat, spent)["state"]) != "used-up":
                raise Failed(f"the consent for {spent} is {state} to {seat.party}")
        asked = ask(tokyo, reference, third_party="USA")
        carried(seoul, tokyo)
        seoul.ask("consent.grant", consent=asked, **_PARK)
        carried(seoul, tokyo)
        laid = pass_on(tokyo, reference)
        done = tokyo.ask("approve", drafts=[laid["draft"]], **{"as": "tanaka"})["released"][0]
        number: str = done["reference"]
        lines.append(f"the consent for {spent}: 1 of 1 used, in Seoul's book as in Tokyo's")
        lines.append(f"question {asked}, granted; {reference} goes on as {number}")
    return number


def ask(seat: Seat, reference: str, **use: str) -> str:
    """Ask an item's originator for an approval; return where the question stands."""
    asked = seat.ask("consent.ask", item=reference, **use, **_SATO)
    return f"{asked['log']}#{asked['index']}"


def pass_on(tokyo: Seat, reference: str, **other: str) -> dict[str, Any]:
    """Lay before Tokyo's authority that an item goes on to Washington."""
    return tokyo.ask("pass-on", **_onward(reference, **other))


def _onward(reference: str, to: str = "USA", **other: str) -> dict[str, Any]:
    office = {"USA": "USA/DIA", "AUS": "AUS/DOD"}[to]
    return {"item": reference, "to": to, "offices": [office], **other, **_SATO}


def _refused(story: Story, tokyo: Seat, reference: str, code: str, **other: str) -> list[str]:
    said = tokyo.refused("pass-on", code, **_onward(reference, **other))
    return story.findings(said["findings"][0])


def _arrival(story: Story, washington: Seat, number: str) -> None:
    with story.step("Washington verifies it back to Seoul's root, judges it, cosigns") as lines:
        until(
            lambda: any(
                one["reference"] == number for one in washington.ask("register.list")["items"]
            ),
            "nothing arrived in Washington",
        )
        shown = washington.ask("register.show", item=number)
        if (shown["originator"], shown["from"]) != ("KOR", "JPN"):
            raise Failed("one of the two names was lost")
        lines.append(f"originated in {shown['originator']}, provided by {shown['from']}; both stay")
    with story.step("Marked from Korea's own level, and opened: Seoul's digest holds") as lines:
        own = washington.ask("register.enter", item=number, **{"as": "clark"})["number"]
        marked = washington.ask("re-mark", item=number, level="USA:secret", **{"as": "clark"})
        washington.ask("assign", item=number, person="adams", **{"as": "clark"})
        opened = washington.ask("read", item=number, **{"as": "adams"})
        if BANNER not in opened["text"]:
            raise Failed("the content is not what Seoul released")
        lines.append(f"KOR:mil-2 is USA:secret here; Washington's number {own}")
        lines += story.findings(marked["findings"][-1])
        lines.append(f"{opened['size']} bytes, digested again with Seoul's salt: the same digest")


def _proof(story: Story, washington: Seat, number: str, base: Path) -> None:
    file = base / "onward.json"
    with story.step("Evidence of it in one file, verified offline under three roots") as lines:
        roots = washington.ask("evidence", item=number, out=str(file))["roots"]
        given = [f"--root={party}={root}" for party, root in roots.items()]
        lines.append(comity("verify", str(file), *given, "--lang", story.lang).splitlines()[0])
        less = [one for one in given if not one.startswith("--root=KOR=")]
        if status_of("verify", str(file), *less) != 3:  # noqa: PLR2004 - unconfirmed
            raise Failed("without Seoul's root the file must not be confirmed")
        lines.append("without Seoul's root: consistent, not confirmed")


def limits(story: Story, seats: tuple[Seat, Seat, Seat], reference: str) -> None:
    """Try again, try elsewhere, have a consent taken back: each is refused with its remedy."""
    seoul, tokyo, _ = seats
    with story.step("A second time to Washington: the consent was for once") as lines:
        lines += _refused(story, tokyo, reference, "refused.third-party.consent-used-up")
    with story.step("To Canberra: the consent is for Washington") as lines:
        lines += _refused(story, tokyo, reference, _OTHER_PARTY, to="AUS")
    with story.step("Seoul grants another one and takes it back; Tokyo has seen that") as lines:
        asked = ask(tokyo, reference, third_party="USA")
        carried(seoul, tokyo)
        seoul.ask("consent.grant", consent=asked, **_PARK)
        seoul.ask("consent.withdraw", consent=asked, **_PARK)
        carried(seoul, tokyo)
        lines += _refused(story, tokyo, reference, "refused.third-party.consent-withdrawn")
        tokyo.ask("consent.acknowledge", consent=asked, **_SATO)
        carried(seoul, tokyo)
        lines.append("Tokyo acknowledges the withdrawal: the duty to do so is discharged")
    _declined(story, seoul, tokyo, reference)
    _expired(story, seoul, tokyo, reference)
    _crossed(story, seats, reference)


def _declined(story: Story, seoul: Seat, tokyo: Seat, reference: str) -> None:
    with story.step("Seoul refuses to let it go to Canberra, and owes no reason") as lines:
        asked = ask(tokyo, reference, third_party="AUS")
        carried(seoul, tokyo)
        seoul.ask("consent.refuse", consent=asked, **_PARK)
        carried(seoul, tokyo)
        state = _found(tokyo, asked)["state"]
        lines.append(f"the question at {asked} is {state}; another one may be asked")
        lines += _refused(story, tokyo, reference, "refused.third-party.consent-refused", to="AUS")


def _expired(story: Story, seoul: Seat, tokyo: Seat, reference: str) -> None:
    with story.step("Then it allows it, for four seconds; used after them, it is over") as lines:
        end = plus_seconds(parse_instant(latest(tokyo, reference)), _SHORT)
        asked = ask(tokyo, reference, third_party="AUS", until=end)
        carried(seoul, tokyo)
        seoul.ask("consent.grant", consent=asked, **_PARK)
        carried(seoul, tokyo)
        until(lambda: _found(tokyo, asked)["state"] == "expired", "the consent does not end")
        lines += _refused(story, tokyo, reference, "refused.third-party.consent-expired", to="AUS")


def _crossed(story: Story, seats: tuple[Seat, Seat, Seat], reference: str) -> None:
    seoul, tokyo, washington = seats
    with story.step("While the line is cut Seoul takes back what Tokyo uses: concurrent") as lines:
        asked = ask(tokyo, reference, third_party="USA")
        carried(seoul, tokyo)
        seoul.ask("consent.grant", consent=asked, **_PARK)
        carried(seoul, tokyo)
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            seat.ask("peer.address", peer=peer, address="127.0.0.1:9")
        seoul.ask("consent.withdraw", consent=asked, **_PARK)
        laid = pass_on(tokyo, reference)
        done = tokyo.ask("approve", drafts=[laid["draft"]], **{"as": "tanaka"})["released"][0]
        for seat, other in ((seoul, tokyo), (tokyo, seoul)):
            seat.ask("peer.address", peer=other.party, address=other.exchange)
        carried(seoul, tokyo, washington)
        for seat in (seoul, tokyo):
            if not _found(seat, asked)["concurrent"]:
                raise Failed(f"{seat.party} does not say that the two crossed")
        lines.append(f"{done['reference']} was lawful on what Tokyo had seen; so says either book")
        tokyo.ask("consent.acknowledge", consent=asked, **_SATO)
        carried(seoul, tokyo)


def _found(seat: Seat, asked: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in seat.ask("consent.list")["consents"] if one["consent"] == asked
    )
    return found


def latest(seat: Seat, reference: str) -> str:
    """Return the latest instant that stands in an item's life."""
    return max(str(one["at"]) for one in seat.ask("register.show", item=reference)["timeline"])


def requests(story: Story, seats: tuple[Seat, Seat, Seat], reference: str) -> None:
    """Ask for items: answered in part by a release, declined without a reason, taken back."""
    seoul, tokyo, washington = seats
    wanted: dict[str, Any] = {
        "to": "KOR",
        "subject": "dprk.missile.launch",
        "purpose": "defence.missile-warning",
        "title": "Launches of this quarter",
        "offices": ["KOR/KDIA"],
    }
    with story.step("Tokyo and Washington ask Seoul for more; nobody owes an item") as lines:
        asked = []
        for seat, who in ((tokyo, "sato"), (washington, "adams"), (tokyo, "sato")):
            one = seat.ask("request.ask", **wanted, **{"as": who})
            asked.append(f"{one['log']}#{one['index']}")
        carried(*seats)
        lines += [f"request {one}" for one in asked]
    with story.step("Seoul answers one in part, declines one; Tokyo takes one back") as lines:
        kim = {"as": "kim"}
        seoul.ask("request.answer", request=asked[0], release=[reference], part=True, **kim)
        seoul.ask("request.decline", request=asked[1], **kim)
        tokyo.ask("request.withdraw", request=asked[2], **_SATO)
        carried(*seats)
        found = {one["request"]: one for one in seoul.ask("request.list")["requests"]}
        states = [found[one]["state"] for one in asked]
        if states[1:] != ["declined", "withdrawn"]:
            raise Failed(f"the requests stand as {states}")
        lines += [f"request {one}: {found[one]['state']}" for one in asked]
        lines.append(f"the answer names the release of {reference}; the refusal names no reason")
