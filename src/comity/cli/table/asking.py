"""Consents and requests."""

from typing import Final

from comity.cli.table.parts import AS, ITEM, TO, Command, Option

_CONSENT = Option("consent", "where it was asked, as consent list shows it")
_MODE = Option(
    "--mode",
    "what the holder may do itself: own-use or pass-on-only; else as asked or as the text says",
    required=False,
)
_REQUEST = Option("request", "where it was asked, as request list shows it")

COMMANDS: Final[dict[str, Command]] = {
    "consent ask": Command(
        "ask an item's originator for an approval: party, purpose, level, copies …",
        "comity consent ask KOR-2026-3FA20C1B77 --third-party USA --as sato",
        "consent.ask",
        (
            ITEM,
            Option("--third-party", "to whom it would go on", required=False),
            Option("--purpose", "the other purpose", required=False),
            Option("--contractor", "the contractor, as a code", required=False),
            Option("--level", "the lower level", required=False),
            Option("--extract", "to take a part of it", switch=True),
            Option("--reproduction", "to make copies of it", switch=True),
            Option("--destruction", "to destroy it, where that is asked for", switch=True),
            Option("--disclosure", "to disclose it where law compels", switch=True),
            Option("--until", "an instant; in seven days where it is not given", required=False),
            Option("--times", "how often it may be used", default="1"),
            _MODE,
            AS,
        ),
    ),
    "consent grant": Command(
        "approve what was asked; a releasing authority signs, two where the profile asks for two",
        "comity consent grant comity/JPN/to/KOR#7 --as park",
        "consent.grant",
        (
            _CONSENT,
            Option("--until", "an instant; as asked where it is not given", required=False),
            Option("--times", "how often; as asked where it is not given", required=False),
            _MODE,
            Option("--seen", "the deed that waits, as consent list shows it", required=False),
            AS,
        ),
    ),
    "consent refuse": Command(
        "do not approve; no reason is asked for",
        "comity consent refuse comity/JPN/to/KOR#7 --as park",
        "consent.refuse",
        (_CONSENT, AS),
    ),
    "consent withdraw": Command(
        "take an approval back; it binds from the checkpoint that has seen it",
        "comity consent withdraw comity/JPN/to/KOR#7 --as park",
        "consent.withdraw",
        (_CONSENT, AS),
    ),
    "consent acknowledge": Command(
        "say that a withdrawal was seen",
        "comity consent acknowledge comity/JPN/to/KOR#7 --as sato",
        "consent.acknowledge",
        (_CONSENT, AS),
    ),
    "consent list": Command("list the consents", "comity consent list", "consent.list"),
    "request ask": Command(
        "ask another party for items",
        "comity request ask --to KOR --office KOR/KDIA --subject dprk.missile.launch "
        "--purpose defence.missile-warning --title 'Launches of this week' --as sato",
        "request.ask",
        (
            TO,
            Option("--office", "an office that is asked; may be repeated", many=True),
            Option("--subject", "what it is about"),
            Option("--purpose", "what it would be used for"),
            Option("--title", "an unclassified short title"),
            Option("--line", "a line of remarks; may be repeated", many=True, required=False),
            Option("--due", "an instant; in fourteen days where it is not given", required=False),
            AS,
        ),
    ),
    "request answer": Command(
        "answer a request by items that were released before",
        "comity request answer comity/JPN/to/KOR#9 --release KOR-2026-3FA20C1B77 --as kim",
        "request.answer",
        (
            _REQUEST,
            Option("--release", "a released item; may be repeated", many=True),
            Option("--part", "in part: it stays open", switch=True),
            AS,
        ),
    ),
    "request decline": Command(
        "decline a request; no reason is asked for",
        "comity request decline comity/JPN/to/KOR#9 --as kim",
        "request.decline",
        (_REQUEST, AS),
    ),
    "request withdraw": Command(
        "withdraw a request of this house",
        "comity request withdraw comity/JPN/to/KOR#9 --as sato",
        "request.withdraw",
        (_REQUEST, AS),
    ),
    "request list": Command("list the requests", "comity request list", "request.list"),
}
