"""Books, evidence, and the demonstration."""

from typing import Final

from comity.cli.table.parts import AS, FILES, ITEM, Command, Option

COMMANDS: Final[dict[str, Command]] = {
    "ledger show": Command("say where every log stands", "comity ledger show", "ledger.show"),
    "ledger verify": Command(
        "hash every leaf again and compare with every checkpoint and row",
        "comity ledger verify",
        "rebuild",
    ),
    "ledger erase": Command(
        "say that an entry's words are to be erased; they are when both parties have said so",
        "comity ledger erase KOR-2026-3FA20C1B77 --as choi",
        "ledger.erase",
        (
            Option("entry", "an item's number, or a leaf as request list shows it"),
            AS,
        ),
    ),
    "ledger erasures": Command(
        "list the words that one party wants erased and the other has not agreed to",
        "comity ledger erasures",
        "ledger.erasures",
    ),
    "rebuild": Command(
        "fold everything again from the logs and compare every column",
        "comity rebuild --check",
        "rebuild",
        (
            Option("--check", "compare and change nothing (always so)", switch=True),
            Option("--titles", "empty the index of titles; it is read in anew", switch=True),
        ),
    ),
    "recover": Command(
        "get back from counterparts what an older copy of the database lost",
        "comity recover --dry-run",
        "comity.cli.recovering:recover",
        (
            Option("--from", "a counterpart; may be repeated (default: all)", True, False),
            Option("--dry-run", "fetch and verify, and enter nothing", switch=True),
        ),
    ),
    "audit replay": Command(
        "judge everything ever entered again, or as a proposed text would have",
        "comity audit replay --under ./draft",
        "comity.cli.replaying:replay",
        (
            Option("--under", "a folder or a shipped name", required=False),
            Option("--anew", "begin from the beginning, not where it was stopped", switch=True),
        ),
    ),
    "evidence": Command(
        "write one file that proves an item's crossing, or that of one observation of a stream",
        "comity evidence KOR-2026-3FA20C1B77 --out crossing.json",
        "evidence",
        (
            ITEM,
            Option("--out", "where to write it"),
            Option("--observation", "the number of an observation of the stream", required=False),
            Option("--as", "who reads it, where an observation is named", required=False),
        ),
    ),
    "verify": Command(
        "verify an evidence file, offline, from the file and the roots alone",
        "comity verify crossing.json "
        '--root "KOR=01234 56789 01234 56789 01234 56789 01234 56789 01234 56789 01234 56789" '
        '--root "JPN=98765 43210 98765 43210 98765 43210 98765 43210 98765 43210 98765 43210"',
        f"{FILES}:verify",
        (
            Option("file", "the evidence file"),
            Option(
                "--root",
                "PARTY=ROOT: its fingerprint or its sha384: value; may be repeated",
                True,
                False,
            ),
        ),
    ),
    "demo": Command(
        "three nodes on this machine, and a report that crosses",
        "comity demo --check",
        "comity.cli.demo:demo",
        (
            Option("--check", "one line per step, and leave nothing running", switch=True),
            Option("--dir", "where to put the nodes", required=False),
        ),
    ),
}
