"""What leaves: drafted, decided, passed on."""

from typing import Final

from comity.cli.table.parts import AS, ITEM, TO, UNTIL, Command, Option

_LIST = Option("list", "the beginning of the list's digest, as list lay says it")

COMMANDS: Final[dict[str, Command]] = {
    "assure": Command(
        "give the word before the first release (Article 7(5))",
        "comity assure --to KOR --office JPN/DIH --level JPN:gokuhi "
        "--until 2027-06-30T00:00:00.000Z --as mori",
        "assure",
        (
            TO,
            Option("--office", "an office of this house; may be repeated", many=True),
            Option("--level", "up to which level"),
            UNTIL,
            Option(
                "--control",
                "what is done to protect, as a code: vault, two-persons; repeated",
                many=True,
                required=False,
            ),
            AS,
        ),
    ),
    "release": Command(
        "lay a release before the releasing authority; findings come with their articles",
        "comity release report.txt --to JPN --office JPN/DIH --level KOR:mil-2 "
        "--subject dprk.missile.launch --purpose defence.missile-warning --title Launch --as kim",
        "release",
        (
            Option(
                "file", "the content; none for what is spoken, shown or carried", required=False
            ),
            TO,
            Option("--office", "an addressed office; may be repeated", many=True),
            Option("--level", "the originator's own level"),
            Option("--subject", "what it is about"),
            Option("--purpose", "what it may be used for"),
            Option("--title", "an unclassified short title"),
            Option("--line", "a line of remarks; may be repeated", many=True, required=False),
            Option("--pages", "number of pages", default="1"),
            Option("--annexes", "number of annexes", default="0"),
            Option(
                "--form",
                "electronic, documentary, oral, visual, equipment …: how it exists",
                default="electronic",
            ),
            Option("--caveat", "a restriction, KOR:ip-notice; repeated", many=True, required=False),
            Option(
                "--disclosed-at", "of what was spoken or shown: when, an instant", required=False
            ),
            Option("--level-said", "its level was said before anything else", switch=True),
            Option("--attendees", "how many were there", required=False),
            Option("--checked", "clearance and need of each were checked", switch=True),
            Option("--regrade-to", "a planned level, in the own scheme", required=False),
            Option("--regrade-on", "from this instant on", required=False),
            Option("--regrade-event", "or after an event, as a code", required=False),
            Option("--source", "the received item that is passed on", required=False),
            Option("--not-sent", "it goes by other means that the text allows", switch=True),
            Option("--demonstration", "fictional, on public data", switch=True),
            AS,
        ),
    ),
    "list lay": Command(
        "lay a CSV of releases before the authority; run again, it goes on where it stopped",
        "comity list lay tracks.csv --to JPN --office JPN/DIH --level KOR:mil-3 "
        "--subject dprk.missile.launch --purpose defence.missile-warning --title Track --as kim",
        "comity.cli.lists:lay",
        (
            Option("file", "CSV: file, to, offices, level, subject, purpose, title, pages, …"),
            Option("--to", "the counterpart, for lines that name none", required=False),
            Option("--office", "an addressed office, likewise", many=True, required=False),
            Option("--level", "the originator's own level, likewise", required=False),
            Option("--subject", "what it is about, likewise", required=False),
            Option("--purpose", "what it may be used for, likewise", required=False),
            Option("--title", "an unclassified short title, likewise", required=False),
            AS,
        ),
    ),
    "list show": Command(
        "show what a list releases, line by line, and what became of it",
        "comity list show 3fa2 --as park",
        "list.show",
        (
            _LIST,
            Option("--start", "from which line on", default="1"),
            Option("--count", "how many lines", default="50"),
            AS,
        ),
    ),
    "list approve": Command(
        "approve the waiting lines of a list; run again, it goes on where it stopped",
        "comity list approve 3fa2 --as park",
        "comity.cli.lists:approve",
        (_LIST, AS),
    ),
    "drafts": Command(
        "list the drafts that wait for a decision: one's own, and all to who decides",
        "comity drafts --as park",
        "drafts",
        (AS,),
    ),
    "approve": Command(
        "approve drafts with one signature, and release them",
        "comity approve 3fa2 --as park",
        "approve",
        (Option("draft", "the beginning of a draft's digest; may be repeated", many=True), AS),
    ),
    "revise": Command(
        "approve with changes: a new draft of yours, on which another authority decides",
        "comity revise 3fa2 --level KOR:mil-3 --title 'Launch assessment, amended' --as park",
        "revise",
        (
            Option("draft", "the beginning of a draft's digest"),
            Option("--title", "another unclassified short title", required=False),
            Option("--level", "another level", required=False),
            Option("--purpose", "another purpose", required=False),
            Option("--file", "another content, a file", required=False),
            AS,
        ),
    ),
    "decline": Command(
        "decline a draft; no reason is asked for",
        "comity decline 3fa2 --as park",
        "decline",
        (Option("draft", "the beginning of a draft's digest"), AS),
    ),
    "pass-on": Command(
        "lay before the authority that a received item goes on to a third party (Article 6)",
        "comity pass-on KOR-2026-3FA20C1B77 --to USA --office USA/DIA --as sato",
        "pass-on",
        (
            ITEM,
            TO,
            Option("--office", "an addressed office; may be repeated", many=True),
            Option("--purpose", "another purpose than it was given for", required=False),
            AS,
        ),
    ),
}
