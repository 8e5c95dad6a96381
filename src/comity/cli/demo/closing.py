"""Last part: passing it on, both books, the evidence and a changed byte of it."""

from pathlib import Path

from comity.cli.demo.seats import Failed, Seat, carried, comity, status_of
from comity.cli.demo.story import Story


def onward(story: Story, tokyo: Seat, reference: str, base: Path) -> None:
    """Pass the item on without the originator's approval: refused, whoever asks."""
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
            lines += story.findings(*said["findings"])


def proof(story: Story, seoul: Seat, tokyo: Seat, reference: str, base: Path) -> None:
    """Compare both books, fold them again, and prove the crossing from one file."""
    with story.step("Both books agree: the roots of both correspondences are equal") as lines:
        carried(seoul, tokyo)
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
        said = comity("verify", str(file), *given, "--lang", story.lang).splitlines()
        lines += [said[0], "each root is the one compared at enrolment"]
        lines += signed_by_passkey(story, said, count=2)
        lines.append(f"{file.stat().st_size} bytes; every judgement computed again from the file")
        if status_of("verify", str(file)) != 3:  # noqa: PLR2004 - unconfirmed
            raise Failed("without roots the file must not be confirmed")
    with story.step("One byte changed in it: refused") as lines:
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 1
        (base / "changed.json").write_bytes(raw)
        if status_of("verify", str(base / "changed.json"), *given) != 4:  # noqa: PLR2004 - invalid
            raise Failed("a changed file was believed")
        lines.append("exit status 4, with a code that names the step that fails")


def signed_by_passkey(story: Story, said: list[str], *, count: int) -> list[str]:
    """Return what a verification says of acts that passkeys signed: so many of them.

    Raises:
        Failed: It says so of another number of acts.
    """
    how = story.word("cli.signed.passkey")
    found = [one for one in said if one.endswith(how)]
    if len(found) != count:
        raise Failed(f"{len(found)} acts in the file are {how}, and not {count}")
    return [" ".join(one.split()[1:]) for one in found]


def agree(story: Story, seats: tuple[Seat, Seat, Seat]) -> None:
    """Compare all books of the three at the end, and fold each again."""
    with story.step("All six correspondences agree, and each house folds again alike") as lines:
        carried(*seats)
        books: dict[str, set[tuple[int, str]]] = {}
        for seat in seats:
            for one in seat.ask("ledger.show")["logs"]:
                if "/to/" in one["log"]:
                    books.setdefault(one["log"], set()).add((one["size"], one["root"]))
            done = seat.ask("rebuild")
            if done["differences"]:
                raise Failed(f"differences: {done['differences'][:3]}")
            lines.append(f"{seat.party}  {done['leaves']} leaves, {done['rows']} rows, as kept")
        if any(len(found) != 1 for found in books.values()):
            raise Failed(f"the books differ: {books}")
        lines += [f"{log}  {size} leaves" for log, one in books.items() for size, _ in one]
