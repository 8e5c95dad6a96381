"""The demonstration: two real nodes on this machine, and a report that crosses between them.

Each node is a process of its own with its own directory, keys, database and ports; they talk
only over mutual TLS. The story is told step by step: what was done, under which article it was
judged, and how long it took. Everything released is a fictional assessment on public data.
"""

import csv
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from comity.cli.house import folder_of
from comity.cli.words import failure_lines, finding_lines
from comity.transport.local import Request, call
from comity.vocabulary.errors import Unavailable

UNTIL: Final = "2027-11-24T00:00:00.000Z"
BANNER: Final = "DEMONSTRATION · public data · fictional markings"
_READY: Final = 60.0
_COLUMNS: Final = 76
_SEOUL: Final = {
    "kim": ("김민준 Kim Min-jun", "KOR/KDIA", ["desk-officer"]),
    "park": ("박서연 Park Seo-yeon", "KOR/KDIA", ["releasing-authority"]),
    "choi": ("최지우 Choi Ji-woo", "KOR/REGISTRY", ["registry-officer"]),
    "han": ("한도윤 Han Do-yun", "KOR/KDIA", ["custodian"]),
    "minister-kor": ("장관 The Minister", "KOR/MND", ["signatory", "official"]),
    "deputy-kor": ("이하은 Lee Ha-eun", "KOR/REGISTRY", ["administrator"]),
}
_TOKYO: Final = {
    "sato": ("佐藤 葵 Sato Aoi", "JPN/DIH", ["desk-officer", "official"]),
    "tanaka": ("田中 蓮 Tanaka Ren", "JPN/DIH", ["releasing-authority"]),
    "suzuki": ("鈴木 陽菜 Suzuki Hina", "JPN/REGISTRY", ["registry-officer"]),
    "ito": ("伊藤 湊 Ito Minato", "JPN/DIH", ["custodian"]),
    "mori": ("森 結衣 Mori Yui", "JPN/MOD", ["designating-officer"]),
    "abe": ("阿部 樹 Abe Itsuki", "JPN/DIH", ["official"]),
    "ueda": ("上田 凛 Ueda Rin", "JPN/DIH", ["official"]),
    "minister-jpn": ("大臣 The Minister", "JPN/MOD", ["signatory", "official"]),
    "deputy-jpn": ("小林 新 Kobayashi Arata", "JPN/REGISTRY", ["administrator"]),
}

_LOOK: Final = {"KOR": ("choi", "park"), "JPN": ("suzuki", "abe", "minister-jpn")}
"""Who signs in at the end: a registry, whom the item concerns, and who finds nothing."""


class Failed(Exception):
    """A step of the story did not come out as it must."""


class Seat:
    """One node as the story speaks to it."""

    def __init__(self, directory: Path, party: str, ports: tuple[int, int]) -> None:
        """Know where it is."""
        self.directory = directory
        self.party = party
        self.exchange, self.console = (f"127.0.0.1:{port}" for port in ports)
        self.process: subprocess.Popen[str] | None = None

    @property
    def secret(self) -> Path:
        """The file that holds its passphrase, for this demonstration only."""
        return self.directory.parent / f"{self.party}.passphrase"

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Run a command that must succeed."""
        response = call(self.directory / "comity.sock", Request(command, arguments), seconds=120)
        if response.status:
            raise Failed("\n".join(failure_lines(response.output, "en")))
        output: dict[str, Any] = response.output
        return output

    def refused(self, command: str, code: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
        """Run a command that must be refused, with this code."""
        response = call(self.directory / "comity.sock", Request(command, arguments), seconds=120)
        if response.status != 2 or response.output["error"] != code:  # noqa: PLR2004 - refused
            raise Failed(f"{command}: expected {code}, got {response.output}")
        output: dict[str, Any] = response.output
        return output


class Story:
    """Tells the steps and counts them."""

    def __init__(self, *, brief: bool) -> None:
        """Begin at the first step."""
        self.brief = brief
        self.steps = 0

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Tell one step; the lines put into the list are what came of it."""
        lines: list[str] = []
        began = time.monotonic()
        yield lines
        took = (time.monotonic() - began) * 1000
        self.steps += 1
        if self.brief:
            print(f"ok {self.steps:>2} {title} ({took:.0f} ms)", flush=True)
            return
        print(f"\n\x1b[1m{self.steps:>2}. {title}\x1b[0m  \x1b[2m{took:.0f} ms\x1b[0m")
        for line in lines:
            for part in _wrapped(line):
                print(f"    {part}")
        sys.stdout.flush()


def _wrapped(line: str) -> list[str]:
    """Break a line at 76 columns, wide characters counted twice."""
    parts, width = [""], 0
    hanging = " " * (len(line) - len(line.lstrip()) + 2)
    for word in line.split(" "):
        wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in word) + 1
        if width and width + wide > _COLUMNS:
            parts.append(hanging + word)
            width = len(hanging) + wide
        else:
            parts[-1] = f"{parts[-1]} {word}" if width or parts[-1] else word
            width += wide
    return parts


def demo(parsed: Mapping[str, Any]) -> int:
    """Run the demonstration; with ``--check`` leave nothing behind."""
    brief = bool(parsed["check"])
    given = parsed.get("dir")
    base = Path(given).resolve() if given else Path(tempfile.mkdtemp(prefix="comity-demo-"))
    base.mkdir(parents=True, exist_ok=True)
    story = Story(brief=brief)
    ports = _free_ports(4)
    seats = [
        Seat(base / "seoul", "KOR", (ports[0], ports[1])),
        Seat(base / "tokyo", "JPN", (ports[2], ports[3])),
    ]
    try:
        _tell(story, seats[0], seats[1], base)
        print(f"{story.steps} steps passed", flush=True)
        if not brief:
            _wait(seats)
    except (Failed, Unavailable) as error:
        print(f"step {story.steps + 1} failed: {error}", file=sys.stderr)
        return 1
    else:
        return 0
    finally:
        _stop(seats)
        if not given:
            shutil.rmtree(base, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _tell(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    for part in (_begin, _enrol, _treaty, _people):
        part(story, seoul, tokyo, base)
    reference = _release(story, seoul, tokyo, base)
    _arrival(story, tokyo, reference)
    _receipt(story, seoul, tokyo, reference)
    _onward(story, tokyo, reference, base)
    _proof(story, seoul, tokyo, reference, base)


def _begin(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    del base
    for seat, city in ((seoul, "Seoul"), (tokyo, "Tokyo")):
        with story.step(f"{city} makes its node and serves it") as lines:
            seat.secret.touch(mode=0o600)
            seat.secret.write_text(f"demonstration {seat.party}")
            _comity(
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
            seat.process = subprocess.Popen(
                _command(
                    "serve",
                    "--node",
                    str(seat.directory),
                    "--passphrase-file",
                    str(seat.secret),
                ),
                stdout=subprocess.PIPE,
                text=True,
            )
            _until(lambda seat=seat: _serves(seat), f"{city} does not serve")  # type: ignore[misc]
            lines.append(f"party {seat.party}, exchange {seat.exchange}, its own keys and database")
    for seat, persons in ((seoul, _SEOUL), (tokyo, _TOKYO)):
        with story.step(f"{seat.party} enters its persons, with offices and roles") as lines:
            for person, (name, office, roles) in persons.items():
                seat.ask("person.add", person=person, name=name, office=office, roles=roles)
                lines.append(f"{name} · {office} · {', '.join(roles)}")


def _enrol(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
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
        _carried(seoul, tokyo)
        lines.append("one leaf in each correspondence, cosigned by the other side")


def _treaty(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    del base
    folder = str(folder_of("KOR-JPN-GSOMIA-2016"))
    with story.step("Seoul proposes KOR-JPN-GSOMIA 2016; its cases run on both sides") as lines:
        seoul.ask("agreement.propose", folder=folder, to="JPN", **{"as": "minister-kor"})
        _carried(seoul, tokyo)
        lines.append("the bundle's exact bytes crossed; nothing is in force yet")
    with story.step("Both sign, over exactly the same bytes (Ed25519 and ML-DSA-87)") as lines:
        for seat, peer in ((seoul, "JPN"), (tokyo, "KOR")):
            seat.ask(
                "agreement.sign",
                agreement="KOR-JPN-GSOMIA",
                to=peer,
                **{"as": f"minister-{seat.party.lower()}"},
            )
        _carried(seoul, tokyo)
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
        _carried(seoul, tokyo)
        lines.append(_views(seoul))
        lines.append("the competent authorities of both are notified (Article 2)")


def _views(seat: Seat) -> str:
    known = seat.ask("status")["agreements"][0]
    return ", ".join(f"{party}: {view}" for party, view in known["views"].items())


def _people(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> None:
    del seoul, base
    with story.step("Tokyo clears its officers and records who needs what (Article 7)") as lines:
        for person in ("abe", "ueda", "minister-jpn"):
            tokyo.ask("person.clear", person=person, level="JPN:tokutei-himitsu", until=UNTIL)
        tokyo.ask("person.need-to-know", person="abe", subject="dprk.missile", until=UNTIL)
        lines.append("Abe: cleared, and needs dprk.missile. Ueda and the Minister: cleared only")


def _report(base: Path) -> tuple[Path, str]:
    """Write a fictional assessment around one launch of the sample."""
    sample = files("comity.assemble").joinpath("sample/launches.csv").read_text()
    records = list(csv.DictReader(sample.splitlines()))
    record = [one for one in records if one["missile"] != "Unknown"][-1]
    file = base / "assessment.txt"
    file.write_text(
        "\n".join(
            [
                BANNER,
                "",
                "Launch assessment (fictional), on a public record:",
                *(f"  {name}: {value}" for name, value in record.items() if value),
                "",
                "Assessed with moderate confidence as a routine test. Invented for this story.",
                "",
                "Facts: CNS North Korea Missile Test Database (NTI).",
            ]
        )
    )
    return file, f"{record['missile']} of {record['date']}"


def _release(story: Story, seoul: Seat, tokyo: Seat, base: Path) -> str:
    file, what = _report(base)
    wish: dict[str, Any] = {
        "file": str(file),
        "to": "JPN",
        "offices": ["JPN/DIH"],
        "level": "KOR:mil-2",
        "subject": "dprk.missile.launch",
        "purpose": "defence.missile-warning",
        "title": "Launch assessment",
        "pages": 1,
        "demonstration": True,
        "as": "kim",
    }
    with story.step("Kim drafts a release before Tokyo gave its word: refused") as lines:
        said = seoul.refused("release", "refused.assurance.missing", **wish)
        lines += [line for one in said["findings"] for line in finding_lines(one, "en")]
    with story.step("Above the pact's levels: refused") as lines:
        said = seoul.refused(
            "release", "refused.equivalence.unmapped", **{**wish, "level": "KOR:mil-1"}
        )
        lines += finding_lines(said["findings"][0], "en")
    with story.step("Tokyo gives its word (Article 7(5)); it crosses") as lines:
        tokyo.ask(
            "assure",
            to="KOR",
            offices=["JPN/DIH"],
            level="JPN:gokuhi",
            until=UNTIL,
            **{"as": "mori"},
        )
        _carried(seoul, tokyo)
        lines.append("cleared, needed officially, protected: the three limbs")
    with story.step(f"Kim drafts again ({what}): it waits for a second person") as lines:
        draft = seoul.ask("release", **wish)
        lines += [line for one in draft["findings"] for line in finding_lines(one, "en")]
        lines.append(f"draft {draft['draft'][7:23]}")
    with story.step("Park, releasing authority, signs; sealed, entered, on its way") as lines:
        seoul.refused("approve", "refused.person.role", drafts=[draft["draft"]], **{"as": "kim"})
        done = seoul.ask("approve", drafts=[draft["draft"]], **{"as": "park"})["released"][0]
        lines += [line for one in done["findings"] for line in finding_lines(one, "en")]
        lines.append(f"{done['reference']} at {done['log']}#{done['index']}")
    reference: str = done["reference"]
    return reference


def _arrival(story: Story, tokyo: Seat, reference: str) -> None:
    with story.step("It arrives in Tokyo: verified, judged again, cosigned") as lines:
        _until(
            lambda: any(
                one["reference"] == reference for one in tokyo.ask("register.list")["items"]
            ),
            "nothing arrived",
        )
        number = tokyo.ask("register.enter", item=reference, **{"as": "suzuki"})["number"]
        lines.append(f"Korea's number {reference}, Japan's number {number}")
    with story.step("Marked: one Korean level, two in Japan; the registry may not choose") as lines:
        said = tokyo.refused(
            "re-mark",
            "refused.equivalence.designation",
            item=reference,
            level="JPN:tokutei-himitsu",
            regime="JPN:tokutei-himitsu",
            **{"as": "suzuki"},
        )
        lines += finding_lines(said["findings"][0], "en")
        tokyo.ask(
            "designate",
            item=reference,
            regime="JPN:tokutei-himitsu",
            level="JPN:tokutei-himitsu",
            until=UNTIL,
            **{"as": "mori"},
        )
        done = tokyo.ask(
            "re-mark",
            item=reference,
            level="JPN:tokutei-himitsu",
            regime="JPN:tokutei-himitsu",
            **{"as": "suzuki"},
        )
        lines.append("Mori designates it 特定秘密 for a term; the registry marks and cites it")
        lines += finding_lines(done["findings"][-1], "en")
    with story.step("Assigned to Ueda, who has no need-to-know: refused") as lines:
        said = tokyo.refused(
            "assign",
            "refused.access.rank-never-suffices",
            item=reference,
            person="ueda",
            **{"as": "suzuki"},
        )
        lines += finding_lines(said["findings"][0], "en")
    with story.step("Assigned to the Minister, by rank alone: refused under Article 7") as lines:
        said = tokyo.refused(
            "assign",
            "refused.access.rank-never-suffices",
            item=reference,
            person="minister-jpn",
            **{"as": "suzuki"},
        )
        lines += finding_lines(said["findings"][0], "en")
        lines += finding_lines(said["findings"][0], "ko")[:1]
        lines += finding_lines(said["findings"][0], "ja")[:1]
    with story.step("The Minister looks it up: finds nothing, as if it were not there") as lines:
        there = tokyo.refused(
            "register.show", "refused.absent", item=reference, **{"as": "minister-jpn"}
        )
        none = tokyo.refused(
            "register.show", "refused.absent", item="KOR-2026-NONE", **{"as": "minister-jpn"}
        )
        if there != none:
            raise Failed("the two answers differ")
        lines.append("the same answer, byte for byte, as for a number that does not exist")


def _receipt(story: Story, seoul: Seat, tokyo: Seat, reference: str) -> None:
    with story.step("Abe, cleared and with need-to-know, gets it and opens it") as lines:
        tokyo.ask("assign", item=reference, person="abe", **{"as": "suzuki"})
        opened = tokyo.ask("read", item=reference, **{"as": "abe"})
        if BANNER not in opened["text"]:
            raise Failed("the content is not what was released")
        lines.append(f"“{opened['title']}”, {opened['size']} bytes, as digested in Seoul")
    with story.step("Ito, custodian, counts and signs the receipt (Article 12)") as lines:
        done = tokyo.ask("receipt", item=reference, **{"as": "ito"})
        lines += finding_lines(done["findings"][0], "en")
    with story.step("Seoul's open duty is discharged") as lines:
        _until(
            lambda: all(
                one["discharged"] for one in seoul.ask("register.show", item=reference)["duties"]
            ),
            "the duty stays open",
        )
        shown = seoul.ask("register.show", item=reference)
        duty = shown["duties"][0]
        lines.append(f"{duty['what']} (Article {duty['article']}): {duty['discharged']}")
        copy = shown["copies"][0]
        lines.append(f"copy {copy['copy']} {copy['state']} by {copy['custodian']}")


def _onward(story: Story, tokyo: Seat, reference: str, base: Path) -> None:
    for party, office, city in (("USA", "USA/DOD", "Washington"), ("AUS", "AUS/DOD", "Canberra")):
        with story.step(f"Tokyo wants to pass it on to {city}: refused") as lines:
            said = tokyo.refused(
                "release",
                "refused.third-party.approval",
                file=str(base / "assessment.txt"),
                to=party,
                offices=[office],
                level="KOR:mil-2",
                subject="dprk.missile.launch",
                purpose="defence.missile-warning",
                title="Launch assessment",
                source=reference,
                **{"as": "sato"},
            )
            lines += [line for one in said["findings"] for line in finding_lines(one, "en")]


def _proof(story: Story, seoul: Seat, tokyo: Seat, reference: str, base: Path) -> None:
    with story.step("Both books agree: the roots of both correspondences are equal") as lines:
        _carried(seoul, tokyo)
        books = [
            {
                one["log"]: (one["size"], one["root"])
                for one in seat.ask("ledger.show")["logs"]
                if "/to/" in one["log"]
            }
            for seat in (seoul, tokyo)
        ]
        if books[0] != books[1]:
            raise Failed(f"the books differ: {books}")
        lines += [f"{log}  {size} leaves  {root[:24]}…" for log, (size, root) in books[0].items()]
    for seat in (seoul, tokyo):
        with story.step(f"{seat.party} folds everything again from its logs") as lines:
            done = seat.ask("rebuild")
            if done["differences"]:
                raise Failed(f"differences: {done['differences'][:3]}")
            lines.append(f"{done['leaves']} leaves, {done['rows']} rows, no difference in a column")
    file = base / "crossing.json"
    with story.step("Evidence in one file, verified offline by a stranger") as lines:
        roots = seoul.ask("evidence", item=reference, out=str(file))["roots"]
        given = [word for party, root in roots.items() for word in ("--root", f"{party}={root}")]
        said = _comity("verify", str(file), *given)
        lines.append(said.splitlines()[0] + "; each root is the one compared at enrolment")
        lines.append(f"{file.stat().st_size} bytes; every judgement computed again from the file")
        if _status("verify", str(file)) != 3:  # noqa: PLR2004 - unconfirmed
            raise Failed("without roots the file must not be confirmed")
    with story.step("One byte changed in it: refused") as lines:
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 1
        (base / "changed.json").write_bytes(raw)
        if _status("verify", str(base / "changed.json"), *given) != 4:  # noqa: PLR2004 - invalid
            raise Failed("a changed file was believed")
        lines.append("exit status 4, with a code that names the step that fails")


def _carried(seoul: Seat, tokyo: Seat) -> None:
    """Wait until both links are at rest and in step."""

    def at_rest() -> bool:
        for seat in (seoul, tokyo):
            seat.ask("exchange")
        links = [seat.ask("status")["links"][0] for seat in (seoul, tokyo)]
        return (
            all(one["out"] == one["acknowledged"] for one in links)
            and links[0]["out"] == links[1]["in"]
            and links[1]["out"] == links[0]["in"]
        )

    _until(at_rest, "the links do not come to rest")


def _until(done: Callable[[], bool], words: str) -> None:
    deadline = time.monotonic() + _READY
    while not done():
        if time.monotonic() > deadline:
            raise Failed(words)
        time.sleep(0.05)


def _serves(seat: Seat) -> bool:
    if seat.process is not None and seat.process.poll() is not None:
        raise Failed(f"{seat.party} ended with status {seat.process.returncode}")
    try:
        seat.ask("status")
    except (Unavailable, OSError):
        return False
    return True


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "comity.cli.app", *words]


def _comity(*words: str) -> str:
    done = subprocess.run(_command(*words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"comity {words[0]}: {done.stderr or done.stdout}")
    return done.stdout


def _status(*words: str) -> int:
    return subprocess.run(_command(*words), capture_output=True, check=False).returncode


def _wait(seats: list[Seat]) -> None:
    print("\nBoth nodes are running. Look at them from another terminal:")
    for seat in seats:
        print(f"  comity register list --node {seat.directory}")
    print("\nSign in at their consoles; each link works once, within 15 minutes:")
    for seat in seats:
        for person in _LOOK[seat.party]:
            print(f"  {seat.party} {person:<14} {seat.ask('console.link', person=person)['link']}")
    print("Ctrl-C stops both.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nstopping")


def _stop(seats: list[Seat]) -> None:
    for seat in seats:
        if seat.process is not None and seat.process.poll() is None:
            seat.process.terminate()
    for seat in seats:
        if seat.process is not None:
            try:
                seat.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                seat.process.kill()
                seat.process.wait()
            if seat.process.stdout is not None:
                seat.process.stdout.close()
