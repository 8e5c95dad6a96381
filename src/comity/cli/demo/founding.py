"""First part: nodes, persons, enrolment, the treaty in force, who is cleared."""

import subprocess
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
            seat.secret.touch(mode=0o600)
            seat.secret.write_text(f"demonstration {seat.party}")
            comity(
                "init",
                "--node",
                str(seat.directory),
                "--party",
                seat.party,
                "--profile",
                "shipped",
                "--exchange",
                seat.exchange,
                "--console",
                seat.console,
                "--passphrase-file",
                str(seat.secret),
                "--quick",
            )
            # What a node says of its links goes to its own file: the story is told here.
            with seat.log.open("ab") as log:
                seat.process = subprocess.Popen(
                    command_line(
                        "serve",
                        "--node",
                        str(seat.directory),
                        "--passphrase-file",
                        str(seat.secret),
                    ),
                    stdout=log,
                    stderr=log,
                )
            until(lambda seat=seat: serves(seat), f"{city} does not serve")  # type: ignore[misc]
            lines.append(f"party {seat.party}, exchange {seat.exchange}, its own keys and database")
    for seat, persons in ((seoul, SEOUL), (tokyo, TOKYO)):
        with story.step(f"{seat.party} enters its persons, with offices and roles") as lines:
            for person, (name, office, roles) in persons.items():
                seat.ask("person.add", person=person, name=name, office=office, roles=roles)
                lines.append(f"{name} · {office} · {', '.join(roles)}")


def enrol(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Enrol each side with the other; a fingerprint that differs is refused."""
    with story.step(
        "The fingerprints of the two roots are compared, two persons on each side"
    ) as lines:
        papers = {}
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            file = str(base / f"{seat.party}-for-{peer}.json")
            papers[seat.party] = (file, seat.ask("enrol.export", peer=peer, out=file))
            lines.append(f"{seat.party}  {papers[seat.party][1]['fingerprint']}")
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            file, said = papers[peer]
            seat.refused(
                "enrol.confirm",
                "refused.enrol.fingerprint",
                file=file,
                fingerprint=" ".join(["00000"] * 12),
                compared_by=["administrator", f"deputy-{seat.party.lower()}"],
            )
            seat.ask(
                "enrol.confirm",
                file=file,
                fingerprint=said["fingerprint"],
                compared_by=["administrator", f"deputy-{seat.party.lower()}"],
            )
        lines.append("a wrong fingerprint was refused on both sides; the right one is entered")
    with story.step("The first words over mutual TLS: each side's directory") as lines:
        carried(seoul, tokyo)
        lines.append("one leaf in each correspondence, cosigned by the other side")


def treaty(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Propose, sign and notify the pact, until it is in force on both sides."""
    del base
    folder = str(folder_of("KOR-JPN-GSOMIA-2016"))
    with story.step("Seoul proposes KOR-JPN-GSOMIA 2016; its cases run on both sides") as lines:
        seoul.ask("agreement.propose", folder=folder, to="JPN", **{"as": "minister-kor"})
        carried(seoul, tokyo)
        lines.append("the bundle's exact bytes crossed; nothing is in force yet")
    with story.step("Both sign, over exactly the same bytes (Ed25519 and ML-DSA-87)") as lines:
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            seat.ask(
                "agreement.sign",
                agreement="KOR-JPN-GSOMIA",
                to=peer,
                **{"as": f"minister-{seat.party.lower()}"},
            )
        carried(seoul, tokyo)
        lines.append(_views(tokyo))
    with story.step("Both notify; in force by the later of the two notes (Article 21)") as lines:
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            for command in ("agreement.notify", "agreement.authorities"):
                seat.ask(
                    command,
                    agreement="KOR-JPN-GSOMIA",
                    to=peer,
                    **{"as": f"minister-{seat.party.lower()}"},
                )
        carried(seoul, tokyo)
        lines.append(_views(seoul))
        lines.append("the competent authorities of both are notified (Article 2)")


def _views(seat: Seat) -> str:
    known = seat.ask("status")["agreements"][0]
    return ", ".join(f"{party}: {view}" for party, view in known["views"].items())


def people(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    """Record clearances and needs-to-know in Tokyo."""
    del seoul, base
    with story.step("Tokyo clears its officers and records who needs what (Article 7)") as lines:
        for person in ("abe", "ueda", "minister-jpn"):
            tokyo.ask("person.clear", person=person, level="JPN:tokutei-himitsu", until=UNTIL)
        tokyo.ask("person.need-to-know", person="abe", subject="dprk.missile", until=UNTIL)
        lines.append("Abe: cleared, and needs dprk.missile. Ueda and the Minister: cleared only")
