"""A third house: Washington's node, its two pacts, and who may see what comes to it."""

from pathlib import Path

from comity.cli.demo.cast import UNTIL, WASHINGTON
from comity.cli.demo.founding import compare, enlist, enter, found, ministers, propose, views
from comity.cli.demo.paper import disputed, taken_over
from comity.cli.demo.seats import Seat, carried
from comity.cli.demo.story import Story

_SEOULS = "USA-KOR-GSOMIA"


def join(story: Story, tokyo: Seat, washington: Seat, base: Path) -> None:
    """Found the third node and enrol it with Tokyo, which kept a log for it until now."""
    with story.step("Washington makes its node, serves it and enters its persons") as lines:
        found(washington, "Washington")
        lines.append(f"party USA, exchange {washington.exchange}, its own keys and database")
        lines += enter(washington, WASHINGTON)
    with story.step("Washington joins: from here it speaks for itself, to Tokyo") as lines:
        lines += compare(washington, tokyo, base)[1:]
        carried(tokyo, washington)
        lines += taken_over(tokyo, washington)
    disputed(story, tokyo, washington)
    with story.step("Washington clears Adams, and gives Tokyo its word (Article 7(5))") as lines:
        where = {"facility": "USA/DIA", "until": UNTIL, "as": "deputy-usa"}
        washington.ask("facility.officer", person="davis", **where)
        enlist(washington, WASHINGTON, "adams")
        washington.ask("person.clear", person="adams", level="USA:secret", until=UNTIL)
        for seat, person in ((washington, "adams"), (tokyo, "sato")):
            seat.ask("person.need-to-know", person=person, subject="dprk.missile", until=UNTIL)
        tokyo.ask("person.clear", person="sato", level="JPN:tokutei-himitsu", until=UNTIL)
        washington.ask(
            "assure",
            to="JPN",
            offices=["USA/DIA"],
            level="USA:secret",
            until=UNTIL,
            **{"as": "minister-usa"},
        )
        carried(tokyo, washington)
        lines.append("Adams, and Sato in Tokyo: cleared, and need dprk.missile")


def with_seoul(story: Story, seoul: Seat, washington: Seat, base: Path) -> None:
    """Enrol Seoul in Washington, and bring the pact of the two into force."""
    with story.step("Washington compares fingerprints with Seoul, and enrols its root") as lines:
        lines += compare(washington, seoul, base)[1:]
        carried(seoul, washington)
        lines.append("what Seoul wrote and allows can be proven to Washington from now on")
    with story.step(f"{_SEOULS} 1987: in force by signature") as lines:
        propose(washington, seoul, f"{_SEOULS}-1987")
        ministers("agreement.sign", washington, seoul, agreement=_SEOULS)
        ministers("agreement.authorities", washington, seoul)
        lines.append(f"{_SEOULS} 1987  {views(washington, _SEOULS)}")
        lines.append("the competent authorities are notified on each side")
