"""A counterpart that keeps paper: what it did is entered as attested, until it has a node."""

from pathlib import Path
from typing import Any, Final

from comity.cli.demo.cast import UNTIL
from comity.cli.demo.desk import Desk
from comity.cli.demo.founding import views
from comity.cli.demo.seats import Failed, Seat
from comity.cli.demo.story import Story
from comity.cli.house import folder_of
from comity.cli.speech import attested_text
from comity.printing import render
from comity.vocabulary.errors import Unavailable
from comity.wording import LANGUAGES

PACT: Final = "USA-JPN-GSOMIA"
NUMBER: Final = "DIA 2026/0417"
"""The number that Washington wrote on its document, as it is written there."""

SIGNED: Final = "2007-08-10"
"""The day on the signed text, as Tokyo reads it."""

_SUZUKI: Final = {"as": "suzuki"}
_MINISTER: Final = {"as": "minister-jpn"}


def paper(story: Story, ito: Desk, base: Path) -> None:
    """Let Tokyo keep the book for Washington: its note, its signature, an item that it brings."""
    tokyo, scan = ito.seat, base / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4 a scan, fictional\n")
    sheet: dict[str, Any] = {"party": "USA", "scan": str(scan), **_SUZUKI}
    with story.step("Washington has no node yet: Tokyo enters what it did on paper") as lines:
        tokyo.ask("paper.begin", profile="shipped", by="USA/DOD", on=SIGNED, **sheet)
        folder = str(folder_of(f"{PACT}-2007"))
        tokyo.ask("agreement.propose", folder=folder, to="USA", **_MINISTER)
        tokyo.ask("agreement.sign", to="USA", agreement=PACT, **_MINISTER)
        said = [f"text={PACT}"]
        tokyo.ask("paper.enter", act="treaty.sign", say=said, by="USA/DOD", on=SIGNED, **sheet)
        tokyo.ask("agreement.authorities", to="USA", **_MINISTER)
        tokyo.ask(
            "assure", to="USA", offices=["JPN/DIH"], level="JPN:gokuhi", until=UNTIL, **_MINISTER
        )
        lines.append("its note of authorities and its signature, with the day on them and a scan")
        lines.append(f"{PACT} 2007  {views(tokyo, PACT)}")
    with story.step("It hands a document over on paper: entered, and judged as if sent") as lines:
        done = tokyo.ask(
            "paper.item",
            file=str(scan),
            offices=["JPN/DIH"],
            level="USA:secret",
            subject="dprk.missile",
            purpose="defence.missile-warning",
            title="Annual assessment",
            pages=3,
            number=NUMBER,
            by="USA/DIA",
            on="2026-04-17",
            **{one: what for one, what in sheet.items() if one != "scan"},
        )
        lines += story.findings(*done["findings"])
        own = tokyo.ask("register.enter", item=NUMBER, **_SUZUKI)["number"]
        tokyo.ask("re-mark", item=NUMBER, level="JPN:gokuhi", **_SUZUKI)
        lines.append(f"Washington's number {NUMBER}, as it is written there; Japan's {own}")
    with story.step("It is shown as attested by Tokyo, and never as signed there") as lines:
        lines += shown_as_attested(tokyo)
        lines += _label(tokyo, base)


def shown_as_attested(seat: Seat) -> list[str]:
    """Return how a book shows what stands in it of a party on paper.

    Raises:
        Failed: It shows it as something else.
    """
    attested = seat.ask("register.show", item=NUMBER)["attested"]
    if attested != "JPN":
        raise Failed(f"{seat.party} shows {NUMBER} as attested by {attested or 'nobody'}")
    return [attested_text("JPN", "USA", lang) for lang in LANGUAGES]


def _label(tokyo: Seat, base: Path) -> list[str]:
    try:
        render.font_folder()
    except Unavailable:
        return ["no Noto CJK fonts on this machine: its label is not printed"]
    file = base / "label.pdf"
    tokyo.ask("print.label", item=NUMBER, out=str(file), lang="ja", **_SUZUKI)
    if not file.read_bytes().startswith(b"%PDF-"):
        raise Failed("the label is no PDF")
    return [f"its label is printed: a PDF of {file.stat().st_size} bytes"]


def taken_over(tokyo: Seat, washington: Seat) -> list[str]:
    """Return what became of the log that Tokyo kept, once Washington holds all of it.

    Raises:
        Failed: The two books hold different logs, or the log is still open.
    """
    held = [
        next(
            (one["size"], one["root"])
            for one in seat.ask("ledger.show")["logs"]
            if one["log"] == "comity/JPN/for/USA"
        )
        for seat in (tokyo, washington)
    ]
    if held[0] != held[1]:
        raise Failed(f"the log that stood for Washington differs: {held}")
    (kept,) = tokyo.ask("paper.show", party="USA")["parties"]
    if kept["open"]:
        raise Failed("Tokyo still keeps a log for Washington")
    return [
        f"comity/JPN/for/USA: {held[0][0]} leaves, the last one Washington's first directory",
        "judged again in Washington, and cosigned; the past stays as it was attested:",
        *shown_as_attested(washington)[:1],
    ]


def disputed(story: Story, tokyo: Seat, washington: Seat) -> None:
    """Let Washington say another day than Tokyo wrote down; both stay side by side."""
    with story.step("Washington reads another day on its signature: both stay") as lines:
        entries = tokyo.ask("paper.show", party="USA")["parties"][0]["entries"]
        index = next(n for n, one in enumerate(entries) if one["kind"] == "treaty.sign")
        leaf = f"comity/JPN/for/USA#{index}"
        washington.ask("paper.dispute", leaf=leaf, on="2007-08-09", **{"as": "minister-usa"})
        lines.append(f"{leaf}: attested for {SIGNED}, disputed for 2007-08-09")
