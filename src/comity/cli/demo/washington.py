"""A third house: Washington's node, its two pacts, and who may see what comes to it."""

from pathlib import Path

from comity.cli.demo.cast import UNTIL, WASHINGTON
from comity.cli.demo.founding import compare, enlist, enter, found, ministers, propose, views
from comity.cli.demo.seats import Seat, carried
from comity.cli.demo.story import Story

_PACTS = (("JPN", "USA-JPN-GSOMIA", "2007"), ("KOR", "USA-KOR-GSOMIA", "1987"))


def join(story: Story, seats: tuple[Seat, Seat, Seat], base: Path) -> None:
    """Found the third node, enrol it with both, and bring its two pacts into force."""
    seoul, tokyo, washington = seats
    peers = {"JPN": tokyo, "KOR": seoul}
    with story.step("Washington makes its node, serves it and enters its persons") as lines:
        found(washington, "Washington")
        lines.append(f"party USA, exchange {washington.exchange}, its own keys and database")
        lines += enter(washington, WASHINGTON)
    with story.step("Washington compares fingerprints with Tokyo, and with Seoul") as lines:
        for peer in peers.values():
            lines += compare(washington, peer, base)[1:]
        carried(*seats)
        lines.append(
            "Seoul's root is enrolled in Washington: what Seoul allows can be proven to it"
        )
    with story.step("USA-JPN-GSOMIA 2007 and USA-KOR-GSOMIA 1987: in force by signature") as lines:
        for party, name, version in _PACTS:
            propose(washington, peers[party], f"{name}-{version}")
            ministers("agreement.sign", washington, peers[party], agreement=name)
            ministers("agreement.authorities", washington, peers[party])
            lines.append(f"{name} {version}  {views(washington, name)}")
        lines.append("the competent authorities are notified on each side")
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
        carried(*seats)
        lines.append("Adams, and Sato in Tokyo: cleared, and need dprk.missile")
