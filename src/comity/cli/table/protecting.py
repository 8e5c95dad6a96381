"""Incidents, facilities, visits, contractors, disputes, support, exercises."""

from typing import Final

from comity.cli.table.parts import APPROVAL, AS, BY, ITEM, TO, UNTIL, Command, Option

COMMANDS: Final[dict[str, Command]] = {
    "visit ask": Command(
        "ask to visit a facility of the other party (Article 8)",
        "comity visit ask --facility KOR/MND --level JPN:gokuhi "
        "--begins 2027-06-28T00:00:00.000Z --ends 2027-06-30T00:00:00.000Z --to KOR --as mori",
        "visit.ask",
        (
            Option("--facility", "an office of the other party"),
            Option("--level", "the level"),
            Option("--begins", "an instant"),
            Option("--ends", "an instant"),
            Option("--visitors", "how many", default="1"),
            Option("--recurring", "true or false", default="false"),
            Option("--emergency", "true or false", default="false"),
            Option("--survey", "true or false: to see how protection is done", default="false"),
            Option("--document", "the visitors' list with clearances, a file", required=False),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit permit": Command(
        "permit a visit, up to a level (Article 8)",
        "comity visit permit --about 'comity/JPN/to/KOR#9' --level KOR:mil-2 --to JPN --as chae",
        "visit.permit",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--level", "the level"),
            Option("--checked", "true: names and clearances were checked", required=False),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit decline": Command(
        "do not permit a visit; no reason is owed",
        "comity visit decline --about 'comity/JPN/to/KOR#9' --to JPN --as chae",
        "visit.decline",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit done": Command(
        "say that a visit was made, and up to which level was disclosed",
        "comity visit done --about 'comity/KOR/to/JPN#9' --level KOR:mil-2 --to KOR --as ito",
        "visit.done",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--level", "the level"),
            Option("--disclosed", "how many items were shown", default="0"),
            Option("--items", "which: a number; may be repeated", many=True, required=False),
            Option("--findings", "of a survey: how many things to put right", required=False),
            Option("--document", "the report, a file", required=False),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit follow-up": Command(
        "say what was done about the findings of a visit (Article 18)",
        "comity visit follow-up --about 'comity/KOR/to/JPN#9' --document done.pdf --to KOR "
        "--as mori",
        "visit.follow-up",
        (
            Option("--about", "the closing of the visit: LOG#INDEX"),
            Option("--document", "what was done, a file", required=False),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit open-inspection": Command(
        "open the view of how a visitor's items are treated at a facility (Article 18)",
        "comity visit open-inspection --about 'comity/JPN/to/KOR#9' --facility JPN/DIH "
        "--until 2027-06-30T00:00:00.000Z --to KOR --as mori",
        "visit.open-inspection",
        (
            Option("--about", "the own permission: LOG#INDEX"),
            Option("--facility", "PARTY/OFFICE: that far and no further"),
            UNTIL,
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "visit inspect": Command(
        "write what an open view shows, with proofs and nothing else",
        "comity visit inspect 'comity/JPN/to/KOR#11' --out shown.json --as suzuki",
        "visit.inspect",
        (
            Option("view", "the leaf that opened the view: LOG#INDEX"),
            Option("--out", "where to write it"),
            AS,
        ),
    ),
    "visit verify": Command(
        "verify what a host has shown, against its register ledger as cosigned here",
        "comity visit verify shown.json",
        "visit.verify",
        (Option("file", "the file from the host"),),
    ),
    "contractor propose": Command(
        "tell the originator to which contractor items would go (Article 16)",
        "comity contractor propose --contractor works --level KOR:mil-2 --to KOR --as ito",
        "contractor.propose",
        (
            Option("--contractor", "a code of the house"),
            Option("--level", "the level"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "contractor approve": Command(
        "have nothing against a contractor, until then",
        "comity contractor approve --about 'comity/JPN/to/KOR#9' --contractor works "
        "--until 2027-06-30T00:00:00.000Z --to JPN --as suzuki",
        "contractor.approve",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--contractor", "its code"),
            UNTIL,
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "contractor decline": Command(
        "do not want a contractor; no reason is owed",
        "comity contractor decline --about 'comity/JPN/to/KOR#9' --to JPN --as choi",
        "contractor.decline",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "contractor hand-over": Command(
        "give a copy to a contractor, with what was checked (Article 16)",
        "comity contractor hand-over KOR-2026-3FA20C1B77 --copy 1 --contractor works "
        "--met a --inspected 2026-06-30T00:00:00.000Z --as suzuki",
        "contractor.hand-over",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--contractor", "its code"),
            Option("--met", "a precondition by its paragraph; repeated", many=True),
            Option("--inspected", "the last inspection, an instant"),
            Option("--letter", "true or false: a security aspects letter", default="false"),
            Option("--subcontractor-of", "the contractor above it", required=False),
            Option("--owned", "the state of who owns or controls it", required=False),
            APPROVAL,
            AS,
        ),
    ),
    "dispute raise": Command(
        "raise a difference with the other party (Article 20)",
        "comity dispute raise --to JPN --as minister",
        "dispute.raise",
        (
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "dispute consult": Command(
        "answer a difference, or take part in a consultation",
        "comity dispute consult --about 'comity/KOR/to/JPN#9' --to KOR --as minister",
        "dispute.consult",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "dispute settle": Command(
        "regard a difference as settled by consultation",
        "comity dispute settle --about 'comity/KOR/to/JPN#9' --to JPN --as minister",
        "dispute.settle",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "holdings ask": Command(
        "ask what the other party holds of ours (Article 6)",
        "comity holdings ask --to JPN --as choi",
        "holdings.ask",
        (
            Option("--extract", "true or false: of the register", default="false"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "holdings state": Command(
        "say what is held of the other party",
        "comity holdings state --copies-held 12 --to KOR --as suzuki",
        "holdings.state",
        (
            Option("--copies-held", "how many"),
            Option("--offices", "where; may be repeated", many=True, required=False),
            Option("--about", "the question: LOG#INDEX", required=False),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "support ask": Command(
        "ask for logistic support",
        "comity support ask --category fuel --to JPN --agreement KOR-JPN-ACSA --as minister",
        "support.ask",
        (
            Option("--category", "of what"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "support give": Command(
        "say what support was given, and its value",
        "comity support give --about 'comity/KOR/to/JPN#9' --category fuel --value 1000 "
        "--currency krw --to JPN --as suzuki",
        "support.give",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--category", "of what"),
            Option("--value", "in the smallest unit"),
            Option("--currency", "jpy, krw"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "support settle": Command(
        "settle support that was given",
        "comity support settle --about 'comity/JPN/to/KOR#9' --how cash --value 1000 "
        "--to JPN --as suzuki",
        "support.settle",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--how", "cash, in-kind, replacement"),
            Option("--value", "in the smallest unit"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "exercise begin": Command(
        "begin an exercise; it ends by itself",
        "comity exercise begin --exercise RESCUE-DRILL-2027 --ends 2027-06-30T00:00:00.000Z "
        "--to JPN --as minister",
        "exercise.begin",
        (
            Option("--exercise", "its name"),
            Option("--ends", "an instant"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "exercise end": Command(
        "end an exercise before its time",
        "comity exercise end --about 'comity/KOR/to/JPN#9' --to JPN --as minister",
        "exercise.end",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "incident report": Command(
        "tell of a loss or compromise, also a possible one (Article 17)",
        "comity incident report KOR-2026-3FA20C1B77 --discovered 2026-06-30T00:00:00.000Z "
        "--suspected true --as suzuki",
        "incident.report",
        (
            ITEM,
            Option("--discovered", "an instant: 2026-06-30T00:00:00.000Z"),
            Option("--suspected", "true or false", default="false"),
            Option("--copies", "a lost copy; may be repeated", True, False),
            AS,
        ),
    ),
    "incident investigate": Command(
        "open an inquiry (Article 17)",
        "comity incident investigate KOR-2026-3FA20C1B77 --about 'comity/JPN/to/KOR#7' --as suzuki",
        "incident.investigate",
        (
            ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            Option("--joint", "true or false", default="false"),
            AS,
        ),
    ),
    "incident results": Command(
        "tell the results of an inquiry (Article 17)",
        "comity incident results KOR-2026-3FA20C1B77 --about 'comity/JPN/to/KOR#7' "
        "--stated facts --as suzuki",
        "incident.results",
        (
            ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            Option("--stated", "facts, extent, measures; may be repeated", True, False),
            AS,
        ),
    ),
    "incident close": Command(
        "close an incident on its results",
        "comity incident close KOR-2026-3FA20C1B77 --about 'comity/JPN/to/KOR#9' --as lee",
        "incident.close",
        (
            ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            AS,
        ),
    ),
    "facility roster": Command(
        "enter a person on a facility's roster (Article 6)",
        "comity facility roster --facility JPN/DIH --person abe "
        "--until 2027-06-30T00:00:00.000Z --as ueno",
        "facility.roster",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--person", "who"),
            UNTIL,
            AS,
        ),
    ),
    "facility officer": Command(
        "appoint who answers for a facility (Article 10)",
        "comity facility officer --facility JPN/DIH --person mori "
        "--until 2027-06-30T00:00:00.000Z --as ueno",
        "facility.officer",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--person", "who"),
            UNTIL,
            AS,
        ),
    ),
    "facility accredit": Command(
        "accredit a facility to a level",
        "comity facility accredit --facility JPN/DIH --level JPN:gokuhi "
        "--until 2027-06-30T00:00:00.000Z --as ueno",
        "facility.accredit",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--level", "up to which"),
            UNTIL,
            AS,
        ),
    ),
    "facility withdraw": Command(
        "end who answers, who enters and up to what, at once: named levels, or all of it",
        "comity facility withdraw --facility JPN/DIH --level JPN:gokuhi",
        "facility.withdraw",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--level", "this accreditation alone", required=False),
            BY,
        ),
    ),
    "facility list": Command(
        "list the house's facilities: who answers, up to which level, who enters (Article 10)",
        "comity facility list",
        "facility.list",
    ),
    "expenses note": Command(
        "note what a visit or an incident cost, and who bears it (Article 19)",
        "comity expenses note --about 'comity/KOR/to/JPN#9' --value 120000 --currency krw "
        "--bears KOR --to JPN --as suzuki",
        "expenses.note",
        (
            Option("--about", "the visit or the report: LOG#INDEX"),
            Option("--value", "in the smallest unit"),
            Option("--currency", "jpy, krw"),
            Option("--bears", "the party that bears it"),
            TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            AS,
        ),
    ),
    "facility brief": Command(
        "enter that a person was briefed",
        "comity facility brief --person abe --as suzuki",
        "facility.brief",
        (
            Option("--person", "who"),
            AS,
        ),
    ),
}
