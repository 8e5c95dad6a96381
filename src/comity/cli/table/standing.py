"""Standing release: directives, and what is given under them."""

from typing import Final

from comity.cli.table.parts import AS, TO, UNTIL, Command, Option

_DIRECTIVE = Option("directive", "the stream's number, of either registry")

COMMANDS: Final[dict[str, Command]] = {
    "directive lay": Command(
        "lay a standing directive before the releasing authority, who approves it as a release",
        "comity directive lay stream.txt --to USA --office USA/DIA --level KOR:mil-2 "
        "--subject dprk.missile.warning --purpose defence.missile-warning --title Warning "
        "--until 2027-06-30T00:00:00.000Z --most 100000 --as kim",
        "directive.lay",
        (
            Option("file", "the description of the stream: what it is, its fields, its source"),
            TO,
            Option("--office", "an addressed office; may be repeated", many=True),
            Option("--level", "the originator's own level of all that is given"),
            Option("--subject", "what all that is given is about"),
            Option("--purpose", "what it may be used for"),
            Option("--title", "an unclassified short title"),
            Option("--line", "a line of remarks; may be repeated", many=True, required=False),
            Option("--from", "since when; now where it is not given", required=False),
            UNTIL,
            Option("--most", "how many observations at most"),
            Option("--demonstration", "fictional, on public data", switch=True),
            AS,
        ),
    ),
    "directive list": Command(
        "list the standing directives and what was given under them",
        "comity directive list",
        "directive.list",
    ),
    "directive show": Command(
        "show a standing directive: bounds, state, account, gaps",
        "comity directive show KOR-2026-3FA20C1B77",
        "directive.show",
        (_DIRECTIVE,),
    ),
    "directive suspend": Command(
        "let nothing more be given under a directive, at once",
        "comity directive suspend KOR-2026-3FA20C1B77 --as park",
        "directive.suspend",
        (_DIRECTIVE, AS),
    ),
    "directive resume": Command(
        "lift a suspension; as many authorities sign as decide a release",
        "comity directive resume KOR-2026-3FA20C1B77 --as park",
        "directive.resume",
        (
            _DIRECTIVE,
            AS,
            Option("--also", "a further person who signs; may be repeated", True, required=False),
        ),
    ),
    "directive withdraw": Command(
        "end a directive at once and for ever",
        "comity directive withdraw KOR-2026-3FA20C1B77 --as park",
        "directive.withdraw",
        (_DIRECTIVE, AS),
    ),
    "feed send": Command(
        "give the observations of a file, or of what comes in; run again, it goes on",
        "comity feed send KOR-2026-3FA20C1B77 ais-sample.nmea --form nmea --as kim",
        "comity.cli.feeds:send",
        (
            _DIRECTIVE,
            Option("file", "one observation a line; - for what comes in"),
            Option("--form", "lines, or nmea: sentences of ships' positions", default="lines"),
            Option("--at", "the number of the file's first line in the stream", default="0"),
            Option("--subject", "what they are about, where that is narrower", required=False),
            AS,
        ),
    ),
    "feed tracks": Command(
        "write the tracks of launches, a point a line: of a table, or of the sample",
        "comity feed tracks | comity feed send KOR-2026-3FA20C1B77 - --as kim",
        "comity.cli.feeds:compute",
        (Option("--table", "CSV with the columns of the sample", required=False),),
    ),
    "feed show": Command(
        "read observations of a stream; that it was read is entered first",
        "comity feed show KOR-2026-3FA20C1B77 --from 100 --count 20 --as adams",
        "feed.show",
        (
            _DIRECTIVE,
            Option("--from", "the number of the first", default="0"),
            Option("--count", "how many", default="20"),
            AS,
        ),
    ),
}
