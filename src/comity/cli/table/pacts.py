"""Agreements, their instruments and history, the network that they make."""

from typing import Final

from comity.cli.table.parts import AS, AT, FILES, TO, Command, Option

_ON = Option("--on", "the date as far as it is known: 2012-06, 2012-06-29, 2012-06-29 15:10")
_PACT = Option("pact", "the agreement's identifier, in every version")
_TEXT = Option("agreement", "identifier, ID@VERSION or digest")
_NOTICE = Option("--notice", "the leaf of the notice, as pact book shows it")
_NOTED = (
    Option("--document", "the note or document itself, a file; it stays here", required=False),
    Option("--note", "a few words instead of a file", required=False),
)
_NETWORK = "comity.cli.network"
_THING = (
    Option("--level", "the originator's own level: KOR:mil-2"),
    Option("--subject", "a subject; any that some agreement names, otherwise", required=False),
    Option("--purpose", "what for; else what most texts of the originator name", required=False),
    Option("--form", "oral, visual, electronic, documentary …", default="electronic"),
)
_NET = (
    Option("--with", "as if this were in force too: a folder", many=True, required=False),
    Option("--without", "as if this had ended: an agreement", many=True, required=False),
    Option("--at", "an instant: with the levels and agreements of then; else now", required=False),
)

COMMANDS: Final[dict[str, Command]] = {
    "agreement check": Command(
        "check an agreement's folder: text, translations, cases",
        "comity agreement check KOR-JPN-GSOMIA-2016",
        f"{FILES}:check",
        (Option("folder", "a folder with agreement.md, or the name of a shipped one"),),
    ),
    "agreement explain": Command(
        "say what each clause means in practice",
        "comity agreement explain KOR-JPN-GSOMIA-2016 --lang ko",
        f"{FILES}:explain",
        (
            Option("folder", "a folder with agreement.md, or the name of a shipped one"),
            Option("--titles", "in which language of the text articles are called", required=False),
        ),
    ),
    "agreement format": Command(
        "show what order changes of an agreement's file, and write it when asked to",
        "comity agreement format draft/agreement.md --check",
        "comity.cli.formatting:in_order",
        (
            Option("file", "the text of an agreement, or the folder of its agreement.md"),
            Option("--check", "status 2 where the file is not in order", switch=True),
            Option("--write", "write the file in order: another text, if signed", switch=True),
        ),
    ),
    "agreement zone": Command(
        "say the rule of a time zone, as a text or a profile states it",
        "comity agreement zone Europe/Warsaw",
        "comity.cli.zones:zone",
        (Option("zone", "by its name in the table of zones: America/New_York"),),
    ),
    "agreement diff": Command(
        "say which classes of act two texts answer differently",
        "comity agreement diff KOR-JPN-GSOMIA-2016 ./draft",
        f"{_NETWORK}:diff",
        (
            Option("old", "a folder or a shipped name"),
            Option("new", "likewise"),
            AT,
            Option("--by-article", "what is wider, narrower, newly owed under each", switch=True),
        ),
    ),
    "network route": Command(
        "say by which lawful routes an item may reach a party",
        "comity network route KOR JPN --subject dprk.missile --level KOR:mil-2",
        f"{_NETWORK}:route",
        (
            Option("origin", "the originating party"),
            Option("receiver", "whom it is to reach"),
            *_THING,
            *_NET,
        ),
    ),
    "network reach": Command(
        "say who could ever come to hold an item, by which way, with whose consent",
        "comity network reach --from KOR --level KOR:mil-2 --without KOR-JPN-GSOMIA",
        f"{_NETWORK}:reach",
        (Option("--from", "the originating party"), *_THING, *_NET),
    ),
    "network check": Command(
        "prove the promises over all agreements together, or tell the shortest breach",
        "comity network check --with ./draft",
        f"{_NETWORK}:check",
        _NET,
    ),
    "pact history": Command(
        "say what a pact was at a date, as known at another, in a party's view, and why",
        "comity pact history KOR-JPN-GSOMIA --at 2019-11-22 --view JPN",
        "comity.cli.pact:history",
        (
            Option("pact", "the agreement's identifier, in every version"),
            Option("--at", "a day in Korean time (its end), or an instant"),
            Option("--known", "likewise: what was known by then; left out: all", required=False),
            Option("--view", "whose view"),
            Option("--records", "another history, as a file", required=False),
        ),
    ),
    "pact procedure": Command(
        "say which steps of the domestic procedure were done, skipped or out of order",
        "comity pact procedure KOR-JPN-GSOMIA --party KOR",
        "comity.cli.pact:procedure",
        (
            Option("pact", "the agreement's identifier, in every version"),
            Option("--party", "whose procedure, as its shipped profile declares it"),
            Option("--records", "another history, as a file", required=False),
        ),
    ),
    "agreement tree": Command(
        "say which agreements rest on which, and what each is now (Article 5)",
        "comity agreement tree",
        "agreement.tree",
    ),
    "agreement propose": Command(
        "put a text before a counterpart; its cases run first",
        "comity agreement propose KOR-JPN-GSOMIA-2016 --to JPN --as minister",
        "agreement.propose",
        (Option("folder", "the agreement's folder, or a shipped name"), TO, AS),
    ),
    "agreement sign": Command(
        "sign a text that was proposed",
        "comity agreement sign KOR-JPN-GSOMIA --to JPN --as minister",
        "agreement.sign",
        (Option("agreement", "identifier, ID@VERSION or digest"), TO, AS),
    ),
    "agreement notify": Command(
        "notify that the legal requirements are met (Article 21)",
        "comity agreement notify KOR-JPN-GSOMIA --to JPN --as minister",
        "agreement.notify",
        (Option("agreement", "identifier, ID@VERSION or digest"), TO, AS),
    ),
    "agreement authorities": Command(
        "notify the competent authorities of the profile (Article 2)",
        "comity agreement authorities --to JPN --as minister",
        "agreement.authorities",
        (TO, AS),
    ),
    "agreement initial": Command(
        "say that the delegates initialled a text: it binds nobody",
        "comity agreement initial KOR-JPN-GSOMIA@2016 --on 2016-11-14 --to JPN --as minister",
        "agreement.initial",
        (_TEXT, _ON, TO, AS),
    ),
    "agreement postpone": Command(
        "say that the house does not sign at the time that was meant for it",
        'comity agreement postpone GSOMIA@2012 --on "2012-06-29 15:10" --to JPN --as minister',
        "agreement.postpone",
        (_TEXT, _ON, TO, AS),
    ),
    "agreement give-notice": Command(
        "end an agreement with the end of its term; says whether that is in time",
        "comity agreement give-notice KOR-JPN-GSOMIA --on 2019-08-23 --to JPN --as minister",
        "agreement.give-notice",
        (
            _TEXT,
            _ON,
            Option("--channel", "diplomatic or written", default="diplomatic"),
            *_NOTED,
            TO,
            AS,
        ),
    ),
    "agreement acknowledge-notice": Command(
        "say when the other party's notice was received",
        "comity agreement acknowledge-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2019-08-23 "
        "--to JPN --as minister",
        "agreement.acknowledge-notice",
        (_TEXT, _NOTICE, _ON, TO, AS),
    ),
    "agreement suspend-notice": Command(
        "suspend the effect of the house's own notice",
        "comity agreement suspend-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2019-11-22 "
        "--to JPN --as minister",
        "agreement.suspend-notice",
        (_TEXT, _NOTICE, _ON, TO, AS),
    ),
    "agreement resume-notice": Command(
        "lift the suspension of the house's own notice",
        "comity agreement resume-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2020-03-01 "
        "--to JPN --as minister",
        "agreement.resume-notice",
        (_TEXT, _NOTICE, _ON, TO, AS),
    ),
    "agreement withdraw-notice": Command(
        "take the house's own notice back",
        "comity agreement withdraw-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2023-03-21 "
        "--to JPN --as minister",
        "agreement.withdraw-notice",
        (_TEXT, _NOTICE, _ON, TO, AS),
    ),
    "agreement amend": Command(
        "consent that another version takes a text's place, once both have",
        "comity agreement amend GSOMIA@2016 --new GSOMIA@2027 --on 2027-01-05 --to JPN "
        "--as minister",
        "agreement.amend",
        (_TEXT, Option("--new", "the version that takes its place"), _ON, TO, AS),
    ),
    "agreement law-change": Command(
        "tell the other party of a change of law that touches protection (Article 3)",
        "comity agreement law-change KOR-JPN-GSOMIA --on 2014-12-10 --document act.pdf "
        "--to KOR --as minister",
        "agreement.law-change",
        (_TEXT, _ON, *_NOTED, TO, AS),
    ),
    "agreement ask-law": Command(
        "ask which law on protection is in force with the other party (Article 3)",
        "comity agreement ask-law KOR-JPN-GSOMIA --to JPN --as minister",
        "agreement.ask-law",
        (_TEXT, TO, AS),
    ),
    "agreement state-law": Command(
        "say which law is in force; the document travels with it (Article 3)",
        "comity agreement state-law GSOMIA --about comity/KOR/to/JPN#9 --document law.pdf "
        "--to JPN --as minister",
        "agreement.state-law",
        (_TEXT, Option("--about", "the question: LOG#INDEX"), *_NOTED, TO, AS),
    ),
    "agreement revalidate": Command(
        "say that a text was looked at again after a change of law, and whether it holds",
        "comity agreement revalidate GSOMIA --about comity/JPN/to/KOR#12 --holds true --to JPN "
        "--as minister",
        "agreement.revalidate",
        (
            _TEXT,
            Option("--about", "the leaf that told of the change: LOG#INDEX"),
            Option("--holds", "true or false: the text still gives the agreed protection"),
            TO,
            AS,
        ),
    ),
    "pact negotiate": Command(
        "open or resume negotiations, or put a pact on the back burner",
        "comity pact negotiate KOR-JPN-GSOMIA --step opened --on 2011-01-10 --to JPN --as minister",
        "pact.negotiate",
        (_PACT, Option("--step", "opened, resumed or shelved"), _ON, TO, AS),
    ),
    "pact announce": Command(
        "enter what was said in public; it has no legal effect",
        'comity pact announce GSOMIA --on "2019-08-22 18:20" --note "not extended" --to JPN '
        "--as minister",
        "pact.announce",
        (_PACT, _ON, *_NOTED, TO, AS),
    ),
    "pact step": Command(
        "write down a step of the domestic procedure, with its document",
        "comity pact step KOR-JPN-GSOMIA --step cabinet --on 2016-11-22 --as minister",
        "pact.step",
        (
            _PACT,
            Option(
                "--step",
                "working-level, legal-review, vice-ministers, cabinet, president, signature, "
                "gazette, public-notice",
            ),
            _ON,
            *_NOTED,
            AS,
        ),
    ),
    "pact record": Command(
        "write down what the house learnt: who did or said what; no judgement reads it",
        "comity pact record GSOMIA --party USA --event urged --on 2019-11-15 --as minister",
        "pact.record",
        (
            _PACT,
            Option("--party", "who did or said it; several times for several", many=True),
            Option(
                "--event",
                "what, as a code: announcement, urged, law-change …; any other is refused",
            ),
            _ON,
            *_NOTED,
            AS,
        ),
    ),
    "pact take-over": Command(
        "write a table of the history of before into the house's own book",
        "comity pact take-over GSOMIA timeline.csv --party KOR --party JPN --as minister",
        "pact.take-over",
        (
            _PACT,
            Option("file", "a table as pact history reads it"),
            Option("--party", "the pact's parties, meant by 'both'", many=True),
            AS,
        ),
    ),
    "pact book": Command(
        "say what a pact was, as this house's own books tell it",
        "comity pact book KOR-JPN-GSOMIA --view KOR --at 2027-01-01",
        "pact.book",
        (
            _PACT,
            Option(
                "--at",
                "a day by the text's zone (its end), or an instant; else now",
                required=False,
            ),
            Option("--known", "likewise: what was known by then; left out: all", required=False),
            Option("--view", "whose view"),
        ),
    ),
    "pact steps": Command(
        "say which steps of the house's own procedure were done, skipped or out of order",
        "comity pact steps KOR-JPN-GSOMIA",
        "pact.steps",
        (_PACT,),
    ),
}
