"""Second part: the release, its arrival, who may read it, the receipt."""

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

from comity.cli.demo.cast import BANNER, UNTIL
from comity.cli.demo.desk import Desk
from comity.cli.demo.passkeys import approve, by_passkey
from comity.cli.demo.seats import Failed, Seat, carried, until
from comity.cli.demo.story import Story
from comity.cli.words import finding_lines
from comity.wording import LANGUAGES


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


def release(story: Story, seoul: Seat, tokyo: Seat, base: Path, yoon: Desk) -> str:
    """Release a report, refused until every article is satisfied; return its reference."""
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
        lines += story.findings(*said["findings"])
    with story.step("Above the pact's levels: refused") as lines:
        said = seoul.refused(
            "release", "refused.equivalence.unmapped", **{**wish, "level": "KOR:mil-1"}
        )
        lines += story.findings(said["findings"][0])
    with story.step("Tokyo gives its word (Article 7(5)); it crosses") as lines:
        tokyo.ask(
            "assure",
            to="KOR",
            offices=["JPN/DIH"],
            level="JPN:gokuhi",
            until=UNTIL,
            **{"as": "minister-jpn"},
        )
        carried(seoul, tokyo)
        lines.append("cleared, needed officially, protected: the three limbs")
    with story.step(f"Kim drafts two reports ({what}): a second person decides") as lines:
        drafts = [
            seoul.ask("release", **{**wish, "title": title})
            for title in ("Launch assessment", "Launch assessment, a supplement")
        ]
        lines += story.findings(*drafts[0]["findings"])
        lines += [f"draft {one['draft'][7:23]}" for one in drafts]
        names = [one["draft"] for one in drafts]
        seoul.refused("approve", "refused.person.role", drafts=names, **{"as": "kim"})
    return approve(story, seoul, yoon, names, wish)


def arrival(story: Story, tokyo: Seat, reference: str) -> None:
    """Register, mark and assign what arrived; who may not know finds nothing."""
    with story.step("It arrives in Tokyo: verified, judged again, cosigned") as lines:
        until(
            lambda: any(
                one["reference"] == reference for one in tokyo.ask("register.list")["items"]
            ),
            "nothing arrived",
        )
        number = tokyo.ask("register.enter", item=reference, **{"as": "suzuki"})["number"]
        by_passkey(tokyo, reference, "release.release")
        lines.append(f"Korea's number {reference}, Japan's number {number}")
        lines.append("signed by passkey, verified here under the key in Seoul's directory")
    with story.step("Marked: one Korean level, two in Japan; the registry may not choose") as lines:
        said = tokyo.refused(
            "re-mark",
            "refused.equivalence.designation",
            item=reference,
            level="JPN:tokutei-himitsu",
            regime="JPN:tokutei-himitsu",
            **{"as": "suzuki"},
        )
        lines += story.findings(said["findings"][0])
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
        lines += story.findings(done["findings"][-1])
    with story.step("Assigned to Ueda, who has no need-to-know: refused") as lines:
        said = tokyo.refused(
            "assign",
            "refused.access.rank-never-suffices",
            item=reference,
            person="ueda",
            **{"as": "suzuki"},
        )
        lines += story.findings(said["findings"][0])
    with story.step("Assigned to the Minister, by rank alone: refused under Article 7") as lines:
        said = tokyo.refused(
            "assign",
            "refused.access.rank-never-suffices",
            item=reference,
            person="minister-jpn",
            **{"as": "suzuki"},
        )
        lines += story.findings(said["findings"][0])
        for lang in LANGUAGES:
            lines += [] if lang == story.lang else finding_lines(said["findings"][0], lang)[:1]
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


def receipt(story: Story, seoul: Seat, ito: Desk, reference: str) -> None:
    """Open it, count it, sign for it; the duty on the other side is discharged."""
    tokyo = ito.seat
    with story.step("Abe, cleared and with need-to-know, gets it and opens it") as lines:
        tokyo.ask("assign", item=reference, person="abe", **{"as": "suzuki"})
        opened = tokyo.ask("read", item=reference, **{"as": "abe"})
        if BANNER not in opened["text"]:
            raise Failed("the content is not what was released")
        lines.append(f"“{opened['title']}”, {opened['size']} bytes, as digested in Seoul")
    with story.step(
        "Ito, custodian, counts and signs the receipt by passkey (Article 12)"
    ) as lines:
        path = f"/register/{reference}/receipt"
        done = ito.ask(path, {"signature": ito.signature(path, {})})
        lines.append(f"{done['findings'][0]['reason']} ({done['position']})")
    with story.step("Seoul's open duty is discharged") as lines:
        until(
            lambda: all(
                one["discharged"] for one in seoul.ask("register.show", item=reference)["duties"]
            ),
            "the duty stays open",
        )
        by_passkey(seoul, reference, "delivery.receipt")
        shown = seoul.ask("register.show", item=reference)
        duty = shown["duties"][0]
        lines.append(f"{duty['what']} (Article {duty['article']}): {duty['discharged']}")
        copy = shown["copies"][0]
        lines.append(f"copy {copy['copy']} {copy['state']} by {copy['custodian']}")
