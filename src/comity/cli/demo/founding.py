"""First part: nodes, persons, enrolment, the treaty in force, who is cleared."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from comity.cli.demo.cast import SEOUL, TOKYO, UNTIL
from comity.cli.demo.seats import Seat, carried, comity, command_line, serves, until
from comity.cli.demo.story import Story
from comity.cli.house import folder_of


def begin(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Make both nodes, serve them, enter their persons."""
    del base
    for seat, city in ((seoul, "Seoul"), (tokyo, "Tokyo")):
        with story.step(f"{city} makes its node and serves it") as lines:
            found(seat, city)
            lines.append(f"party {seat.party}, exchange {seat.exchange}, its own keys and database")
    for seat, persons in ((seoul, SEOUL), (tokyo, TOKYO)):
        with story.step(f"{seat.party} enters its persons, with offices and roles") as lines:
            lines += enter(seat, persons)


def found(seat: Seat, city: str) -> None:
    """Make a node with its own keys and database, and serve it in a process of its own."""
    seat.secret.touch(mode=0o600)
    seat.secret.write_text(f"demonstration {seat.party}")
    at = ("--node", str(seat.directory), "--passphrase-file", str(seat.secret))
    places = ("--exchange", seat.exchange, "--console", seat.console)
    comity("init", *at, "--party", seat.party, "--profile", "shipped", *places, "--quick")
    # What a node says of its links goes to its own file: the story is told here.
    with seat.log.open("ab") as log:
        seat.process = subprocess.Popen(command_line("serve", *at), stdout=log, stderr=log)
    until(lambda: serves(seat), f"{city} does not serve")


def enter(seat: Seat, persons: Mapping[str, tuple[str, str, list[str]]]) -> list[str]:
    """Enter a node's persons; return a line for each."""
    for person, (name, office, roles) in persons.items():
        seat.ask("person.add", person=person, name=name, office=office, roles=roles)
    return [f"{name} · {office} · {', '.join(roles)}" for name, office, roles in persons.values()]


def enrol(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Enrol each side with the other; a fingerprint that differs is refused."""
    with story.step("Two persons on each side compare the fingerprints of the two roots") as lines:
        lines += compare(seoul, tokyo, base)
        lines.append("a wrong fingerprint was refused on both sides; the right one is entered")
    with story.step("The first words over mutual TLS: each side's directory") as lines:
        carried(seoul, tokyo)
        lines.append("one leaf in each correspondence, cosigned by the other side")


def compare(one: Seat, other: Seat, base: Path) -> list[str]:
    """Enrol two nodes with each other, after a wrong fingerprint was refused on both sides."""
    papers = {}
    for seat, peer in ((one, other), (other, one)):
        file = str(base / f"{seat.party}-for-{peer.party}.json")
        papers[seat.party] = (file, seat.ask("enrol.export", peer=peer.party, out=file))
    for seat, peer in ((one, other), (other, one)):
        file, said = papers[peer.party]
        by = ["administrator", f"deputy-{seat.party.lower()}"]
        wrong = " ".join(["00000"] * 12)
        refusal = "refused.enrol.fingerprint"
        seat.refused("enrol.confirm", refusal, file=file, fingerprint=wrong, compared_by=by)
        seat.ask("enrol.confirm", file=file, fingerprint=said["fingerprint"], compared_by=by)
    return [f"{party}  {said['fingerprint']}" for party, (_, said) in papers.items()]


def treaty(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Propose, sign and notify the pact, until it is in force on both sides."""
    del base
    with story.step("Seoul proposes KOR-JPN-GSOMIA 2016; its cases run on both sides") as lines:
        propose(seoul, tokyo, "KOR-JPN-GSOMIA-2016")
        lines.append("the bundle's exact bytes crossed; nothing is in force yet")
    with story.step("Both sign, over exactly the same bytes (Ed25519 and ML-DSA-87)") as lines:
        ministers("agreement.sign", seoul, tokyo, agreement="KOR-JPN-GSOMIA")
        lines.append(views(tokyo, "KOR-JPN-GSOMIA"))
    with story.step("Both notify; in force by the later of the two notes (Article 21)") as lines:
        ministers("agreement.notify", seoul, tokyo, agreement="KOR-JPN-GSOMIA")
        ministers("agreement.authorities", seoul, tokyo)
        lines.append(views(seoul, "KOR-JPN-GSOMIA"))
        lines.append("the competent authorities of both are notified (Article 2)")


def propose(one: Seat, other: Seat, name: str) -> None:
    """Put a shipped text before the other party."""
    minister = {"as": f"minister-{one.party.lower()}"}
    one.ask("agreement.propose", folder=str(folder_of(name)), to=other.party, **minister)
    carried(one, other)


def ministers(command: str, one: Seat, other: Seat, **arguments: str) -> None:
    """Let the ministers of both parties do the same towards each other."""
    for seat, peer in ((one, other), (other, one)):
        minister = {"as": f"minister-{seat.party.lower()}"}
        seat.ask(command, to=peer.party, **arguments, **minister)
    carried(one, other)


def views(seat: Seat, name: str) -> str:
    """Say in a line what an agreement is in each party's view."""
    known = next(one for one in seat.ask("status")["agreements"] if one["id"] == name)
    return ", ".join(f"{party}: {view}" for party, view in known["views"].items())


def people(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Record in Tokyo who answers for its facilities, who is listed, cleared, and needs what."""
    del seoul, base
    with story.step("Tokyo says who answers for each facility, and who is on its list") as lines:
        for facility, officer in (("JPN/DIH", "ito"), ("JPN/MOD", "mori")):
            where = {"facility": facility, "until": UNTIL, "as": "deputy-jpn"}
            tokyo.ask("facility.officer", person=officer, **where)
        for person in ("abe", "ueda", "sato", "minister-jpn"):
            enlist(tokyo, TOKYO, person)
        lines.append("JPN/DIH: Ito answers for it, JPN/MOD: Mori (Article 10)")
        lines.append("the lists name Abe, Ueda, Sato and the Minister (Article 6(e))")
    with story.step("Tokyo clears its officers and records who needs what (Article 7)") as lines:
        for person in ("abe", "ueda", "minister-jpn"):
            tokyo.ask("person.clear", person=person, level="JPN:tokutei-himitsu", until=UNTIL)
        tokyo.ask("person.need-to-know", person="abe", subject="dprk.missile", until=UNTIL)
        lines.append("Abe: cleared, and needs dprk.missile. Ueda and the Minister: cleared only")


def enlist(seat: Seat, persons: Mapping[str, tuple[str, str, list[str]]], person: str) -> None:
    """Put a person on the list of the facility of the person's office (Article 6(e))."""
    where = {"facility": persons[person][1], "until": UNTIL}
    seat.ask("facility.roster", person=person, **where, **{"as": f"deputy-{seat.party.lower()}"})
