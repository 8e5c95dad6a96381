"""The command line: a literal table of commands; what a command needs is imported when it runs.

Exit statuses: 0 done; 1 a step of the demonstration failed; 2 refused, a person decides
otherwise; 3 consistent, roots not confirmed; 4 invalid, keep as evidence; 64 wrong usage;
69 something is missing on this machine; 70 a bug; 75 unavailable, try again.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from traceback import extract_tb
from typing import Any, Final, NamedTuple


class Option(NamedTuple):
    """One argument of a command.

    Attributes:
        flags: ``--to``, or a name without dashes for a positional one.
        help: What it is.
        many: It may be given several times.
        default: Where it is not given; ``None`` with ``required`` false leaves it out.
    """

    flags: str
    help: str
    many: bool = False
    required: bool = True
    default: str | None = None
    switch: bool = False


class Command(NamedTuple):
    """One command.

    Attributes:
        help: One line.
        example: How it is called.
        module: Where it is done: ``module:function``; or the name of a house's command.
        options: What it takes.
    """

    help: str
    example: str
    run: str
    options: tuple[Option, ...] = ()


_AS = Option("--as", "the person who acts")
_ITEM = Option("item", "an item's number, of either registry")
_TO = Option("--to", "the counterpart")
_CONSENT = Option("consent", "where it was asked, as consent list shows it")
_APPROVAL = Option(
    "--approval", "the consent it rests on, as consent list shows it", required=False
)
_REQUEST = Option("request", "where it was asked, as request list shows it")
_UNTIL = Option("--until", "an instant: 2027-06-30T00:00:00.000Z")
_ON = Option("--on", "the date as far as it is known: 2012-06, 2012-06-29, 2012-06-29 15:10")
_PACT = Option("pact", "the agreement's identifier, in every version")
_TEXT = Option("agreement", "identifier, ID@VERSION or digest")
_NOTICE = Option("--notice", "the leaf of the notice, as pact book shows it")
_NOTED = (
    Option("--document", "the note or document itself, a file; it stays here", required=False),
    Option("--note", "a few words instead of a file", required=False),
)
_LIST = Option("list", "the beginning of the list's digest, as list lay says it")
_FILES = "comity.cli.files"
_NETWORK = "comity.cli.network"
_AT = Option("--at", "an instant; now where it is not given", required=False)
_THING = (
    Option("--level", "the originator's own level: KOR:mil-2"),
    Option("--subject", "a subject; any that some agreement names, otherwise", required=False),
    Option("--purpose", "what for", default="defence"),
    Option("--form", "oral, visual, electronic, documentary …", default="electronic"),
)
_NET = (
    Option("--with", "as if this were in force too: a folder", many=True, required=False),
    Option("--without", "as if this had ended: an agreement", many=True, required=False),
    _AT,
)
_SHEET = Option("--out", "where to write the PDF")
_PAPER = (
    Option("--by", "the office of the counterpart that acted"),
    Option("--scan", "the scanned paper, a file"),
    Option("--on", "the day on the paper: 2016-11-23, or 2016-11, or 2016"),
    Option("--number", "the number on the paper, as it is written there", required=False),
    _AS,
)
_USAGE: Final = 64
_MISSING: Final = 69
_BUG: Final = 70

COMMANDS: Final[dict[str, Command]] = {
    "init": Command(
        "make a party's node directory: keys, database, profile",
        "comity init --node seoul --party KOR --profile profile-KOR.md --exchange 127.0.0.1:7401",
        f"{_FILES}:init",
        (
            Option("--party", "whose node"),
            Option("--profile", "its national profile, or 'shipped' for the assumed one"),
            Option("--exchange", "host:port for other nodes", default="127.0.0.1:7401"),
            Option("--console", "host:port for people", default="127.0.0.1:7501"),
            Option("--origin", "where browsers see the console: https://…", required=False),
            Option("--quick", "a cheap passphrase hash: demonstrations only", switch=True),
        ),
    ),
    "serve": Command(
        "run the node: exchange, links, commands",
        "comity serve --node seoul --passphrase-file seoul.pass",
        f"{_FILES}:serve",
    ),
    "status": Command(
        "say how the node is: agreements, links, duties, alarms", "comity status", "status"
    ),
    "enrol export": Command(
        "write the enrolment file for a counterpart",
        "comity enrol export JPN --out kor-for-jpn.json",
        "enrol.export",
        (Option("peer", "the counterpart"), Option("--out", "where to write it")),
    ),
    "enrol fingerprint": Command(
        "say the fingerprint of a file's root, to be compared out of band",
        "comity enrol fingerprint jpn-for-kor.json",
        f"{_FILES}:fingerprint",
        (Option("file", "an enrolment file"),),
    ),
    "enrol confirm": Command(
        "enrol a counterpart after two persons compared the fingerprint",
        'comity enrol confirm jpn.json --fingerprint "12345 …" --compared-by kim --compared-by lee',
        "enrol.confirm",
        (
            Option("file", "the counterpart's enrolment file"),
            Option("--fingerprint", "what the two persons read to each other"),
            Option("--compared-by", "a person who compared it; twice", many=True),
        ),
    ),
    "peer address": Command(
        "say where a counterpart is reached from here",
        "comity peer address JPN --address 127.0.0.1:7402",
        "peer.address",
        (Option("peer", "the counterpart"), Option("--address", "host:port")),
    ),
    "peer publish": Command(
        "publish a new directory: new persons, new epochs",
        "comity peer publish JPN",
        "peer.publish",
        (Option("peer", "the counterpart"),),
    ),
    "console link": Command(
        "make a link that signs a person in at the console, once (demonstrations only)",
        "comity console link kim",
        "console.link",
        (Option("person", "who signs in"),),
    ),
    "token add": Command(
        "make a token by which a program acts for a person over the HTTP API; it is shown once",
        "comity token add kim --name nightly-export --until 2027-06-30T00:00:00.000Z",
        "token.add",
        (
            Option("person", "for whom the program acts, with this person's roles"),
            Option("--name", "what it is for, so that it can be told from others"),
            _UNTIL,
        ),
    ),
    "token list": Command(
        "list the tokens: whose, what for, until when; never the token itself",
        "comity token list",
        "token.list",
    ),
    "token revoke": Command(
        "end a token, at once and for good",
        "comity token revoke 5d1c9f0a7b3e2468",
        "token.revoke",
        (Option("id", "the token, as token list names it"),),
    ),
    "api": Command(
        "print the OpenAPI description of the HTTP API",
        "comity api > comity.json",
        "comity.cli.api:api",
    ),
    "exchange": Command("exchange with every counterpart now", "comity exchange", "exchange"),
    "agreement check": Command(
        "check an agreement's folder: text, translations, cases",
        "comity agreement check KOR-JPN-GSOMIA-2016",
        f"{_FILES}:check",
        (Option("folder", "a folder with agreement.md, or the name of a shipped one"),),
    ),
    "agreement explain": Command(
        "say what each clause means in practice",
        "comity agreement explain KOR-JPN-GSOMIA-2016 --lang ko",
        f"{_FILES}:explain",
        (Option("folder", "a folder with agreement.md, or the name of a shipped one"),),
    ),
    "agreement diff": Command(
        "say which classes of act two texts answer differently",
        "comity agreement diff KOR-JPN-GSOMIA-2016 ./draft",
        f"{_NETWORK}:diff",
        (Option("old", "a folder or a shipped name"), Option("new", "likewise"), _AT),
    ),
    "network route": Command(
        "say by which lawful routes an item may reach a party",
        "comity network route KOR JPN --subject dprk-missile --level KOR:mil-2",
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
    "agreement propose": Command(
        "put a text before a counterpart; its cases run first",
        "comity agreement propose KOR-JPN-GSOMIA-2016 --to JPN --as minister",
        "agreement.propose",
        (Option("folder", "the agreement's folder, or a shipped name"), _TO, _AS),
    ),
    "agreement sign": Command(
        "sign a text that was proposed",
        "comity agreement sign KOR-JPN-GSOMIA --to JPN --as minister",
        "agreement.sign",
        (Option("agreement", "identifier, ID@VERSION or digest"), _TO, _AS),
    ),
    "agreement notify": Command(
        "notify that the legal requirements are met (Article 21)",
        "comity agreement notify KOR-JPN-GSOMIA --to JPN --as minister",
        "agreement.notify",
        (Option("agreement", "identifier, ID@VERSION or digest"), _TO, _AS),
    ),
    "agreement authorities": Command(
        "notify the competent authorities of the profile (Article 2)",
        "comity agreement authorities --to JPN --as minister",
        "agreement.authorities",
        (_TO, _AS),
    ),
    "agreement initial": Command(
        "say that the delegates initialled a text: it binds nobody",
        "comity agreement initial KOR-JPN-GSOMIA@2016 --on 2016-11-14 --to JPN --as minister",
        "agreement.initial",
        (_TEXT, _ON, _TO, _AS),
    ),
    "agreement postpone": Command(
        "say that the house does not sign at the time that was meant for it",
        'comity agreement postpone GSOMIA@2012 --on "2012-06-29 15:10" --to JPN --as minister',
        "agreement.postpone",
        (_TEXT, _ON, _TO, _AS),
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
            _TO,
            _AS,
        ),
    ),
    "agreement acknowledge-notice": Command(
        "say when the other party's notice was received",
        "comity agreement acknowledge-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2019-08-23 …",
        "agreement.acknowledge-notice",
        (_TEXT, _NOTICE, _ON, _TO, _AS),
    ),
    "agreement suspend-notice": Command(
        "suspend the effect of the house's own notice",
        "comity agreement suspend-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2019-11-22 …",
        "agreement.suspend-notice",
        (_TEXT, _NOTICE, _ON, _TO, _AS),
    ),
    "agreement resume-notice": Command(
        "lift the suspension of the house's own notice",
        "comity agreement resume-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2020-03-01 …",
        "agreement.resume-notice",
        (_TEXT, _NOTICE, _ON, _TO, _AS),
    ),
    "agreement withdraw-notice": Command(
        "take the house's own notice back",
        "comity agreement withdraw-notice GSOMIA --notice comity/KOR/to/JPN#9 --on 2023-03-21 …",
        "agreement.withdraw-notice",
        (_TEXT, _NOTICE, _ON, _TO, _AS),
    ),
    "agreement amend": Command(
        "consent that another version takes a text's place, once both have",
        "comity agreement amend GSOMIA@2016 --new GSOMIA@2027 --on 2027-01-05 --to JPN …",
        "agreement.amend",
        (_TEXT, Option("--new", "the version that takes its place"), _ON, _TO, _AS),
    ),
    "agreement law-change": Command(
        "tell the other party of a change of law that touches protection (Article 3)",
        "comity agreement law-change KOR-JPN-GSOMIA --on 2014-12-10 --document act.pdf --to KOR …",
        "agreement.law-change",
        (_TEXT, _ON, *_NOTED, _TO, _AS),
    ),
    "pact negotiate": Command(
        "open or resume negotiations, or put a pact on the back burner",
        "comity pact negotiate KOR-JPN-GSOMIA --step opened --on 2011-01-10 --to JPN --as minister",
        "pact.negotiate",
        (_PACT, Option("--step", "opened, resumed or shelved"), _ON, _TO, _AS),
    ),
    "pact announce": Command(
        "enter what was said in public; it has no legal effect",
        'comity pact announce GSOMIA --on "2019-08-22 18:20" --note "not extended" --to JPN …',
        "pact.announce",
        (_PACT, _ON, *_NOTED, _TO, _AS),
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
            _AS,
        ),
    ),
    "pact record": Command(
        "write down what the house learnt: who did or said what; no judgement reads it",
        "comity pact record GSOMIA --party USA --event urged --on 2019-11-15 --as minister",
        "pact.record",
        (
            _PACT,
            Option("--party", "who did or said it; several times for several", many=True),
            Option("--event", "what, as a code: announcement, urged, law-change …"),
            _ON,
            *_NOTED,
            _AS,
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
            _AS,
        ),
    ),
    "pact book": Command(
        "say what a pact was, as this house's own books tell it",
        "comity pact book KOR-JPN-GSOMIA --view KOR --at 2027-01-01",
        "pact.book",
        (
            _PACT,
            Option(
                "--at", "a day in Korean time (its end), or an instant; else now", required=False
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
    "person add": Command(
        "enter a person with office and roles",
        "comity person add kim --name '김민준' --office KOR/KDIA --role desk-officer",
        "person.add",
        (
            Option("person", "identifier: lower case, hyphens"),
            Option("--name", "as it is written"),
            Option("--office", "PARTY/OFFICE"),
            Option("--role", "a role; may be repeated", many=True),
            Option("--no-file", "the house keeps no key: the person registers one", switch=True),
        ),
    ),
    "person invite": Command(
        "make a link by which a person registers a passkey, once, within fifteen minutes",
        "comity person invite park",
        "person.invite",
        (Option("person", "who registers one"),),
    ),
    "person passkeys": Command(
        "say which passkeys a person registered, and whether the house keeps a key file",
        "comity person passkeys park",
        "person.passkeys",
        (Option("person", "whose"),),
    ),
    "person revoke-passkey": Command(
        "revoke a passkey: it signs nothing and nobody in from here on",
        "comity person revoke-passkey park 3fa2",
        "person.revoke-passkey",
        (Option("person", "whose"), Option("which", "the beginning of its identifier")),
    ),
    "person clear": Command(
        "record a clearance under the national procedure",
        "comity person clear abe --level JPN:gokuhi --until 2027-06-30T00:00:00.000Z",
        "person.clear",
        (Option("person", "who"), Option("--level", "SCHEME:level"), _UNTIL),
    ),
    "person need-to-know": Command(
        "record why this person: a subject that the duties require (Article 7)",
        "comity person need-to-know abe --subject dprk.missile --until 2027-06-30T00:00:00.000Z",
        "person.need-to-know",
        (Option("person", "who"), Option("--subject", "what"), _UNTIL),
    ),
    "assure": Command(
        "give the word before the first release (Article 7(5))",
        "comity assure --to KOR --office JPN/DIH --level JPN:gokuhi --until 2027-… --as mori",
        "assure",
        (
            _TO,
            Option("--office", "an office of this house; may be repeated", many=True),
            Option("--level", "up to which level"),
            _UNTIL,
            _AS,
        ),
    ),
    "release": Command(
        "lay a release before the releasing authority; findings come with their articles",
        "comity release report.txt --to JPN --office JPN/DIH --level KOR:mil-2 "
        "--subject dprk.missile.launch --purpose defence.missile-warning --title Launch --as kim",
        "release",
        (
            Option("file", "the content"),
            _TO,
            Option("--office", "an addressed office; may be repeated", many=True),
            Option("--level", "the originator's own level"),
            Option("--subject", "what it is about"),
            Option("--purpose", "what it may be used for"),
            Option("--title", "an unclassified short title"),
            Option("--line", "a line of remarks; may be repeated", many=True, required=False),
            Option("--pages", "number of pages", default="1"),
            Option("--annexes", "number of annexes", default="0"),
            Option("--source", "the received item that is passed on", required=False),
            Option("--demonstration", "fictional, on public data", switch=True),
            _AS,
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
            _AS,
        ),
    ),
    "list show": Command(
        "show what a list releases, line by line, and what became of it",
        "comity list show 3fa2",
        "list.show",
        (
            _LIST,
            Option("--start", "from which line on", default="1"),
            Option("--count", "how many lines", default="50"),
        ),
    ),
    "list approve": Command(
        "approve the waiting lines of a list; run again, it goes on where it stopped",
        "comity list approve 3fa2 --as park",
        "comity.cli.lists:approve",
        (_LIST, _AS),
    ),
    "drafts": Command("list the drafts that wait for a decision", "comity drafts", "drafts"),
    "approve": Command(
        "approve drafts with one signature, and release them",
        "comity approve 3fa2 --as park",
        "approve",
        (Option("draft", "the beginning of a draft's digest; may be repeated", many=True), _AS),
    ),
    "decline": Command(
        "decline a draft; no reason is asked for",
        "comity decline 3fa2 --as park",
        "decline",
        (Option("draft", "the beginning of a draft's digest"), _AS),
    ),
    "pass-on": Command(
        "lay before the authority that a received item goes on to a third party (Article 6)",
        "comity pass-on KOR-… --to USA --office USA/DIA --as sato",
        "pass-on",
        (
            _ITEM,
            _TO,
            Option("--office", "an addressed office; may be repeated", many=True),
            Option("--purpose", "another purpose than it was given for", required=False),
            _AS,
        ),
    ),
    "consent ask": Command(
        "ask an item's originator for an approval: party, purpose, contractor or level",
        "comity consent ask KOR-… --third-party USA --as sato",
        "consent.ask",
        (
            _ITEM,
            Option("--third-party", "to whom it would go on", required=False),
            Option("--purpose", "the other purpose", required=False),
            Option("--contractor", "the contractor, as a code", required=False),
            Option("--level", "the lower level", required=False),
            Option("--until", "an instant; in seven days where it is not given", required=False),
            Option("--times", "how often it may be used", default="1"),
            _AS,
        ),
    ),
    "consent grant": Command(
        "approve what was asked; a releasing authority signs",
        "comity consent grant comity/JPN/to/KOR#7 --as park",
        "consent.grant",
        (
            _CONSENT,
            Option("--until", "an instant; as asked where it is not given", required=False),
            Option("--times", "how often; as asked where it is not given", required=False),
            _AS,
        ),
    ),
    "consent refuse": Command(
        "do not approve; no reason is asked for",
        "comity consent refuse comity/JPN/to/KOR#7 --as park",
        "consent.refuse",
        (_CONSENT, _AS),
    ),
    "consent withdraw": Command(
        "take an approval back; it binds from the checkpoint that has seen it",
        "comity consent withdraw comity/JPN/to/KOR#7 --as park",
        "consent.withdraw",
        (_CONSENT, _AS),
    ),
    "consent acknowledge": Command(
        "say that a withdrawal was seen",
        "comity consent acknowledge comity/JPN/to/KOR#7 --as sato",
        "consent.acknowledge",
        (_CONSENT, _AS),
    ),
    "consent list": Command("list the consents", "comity consent list", "consent.list"),
    "request ask": Command(
        "ask another party for items",
        "comity request ask --to KOR --office KOR/KDIA --subject dprk.missile.launch "
        "--purpose defence.missile-warning --title 'Launches of this week' --as sato",
        "request.ask",
        (
            _TO,
            Option("--office", "an office that is asked; may be repeated", many=True),
            Option("--subject", "what it is about"),
            Option("--purpose", "what it would be used for"),
            Option("--title", "an unclassified short title"),
            Option("--line", "a line of remarks; may be repeated", many=True, required=False),
            Option("--due", "an instant; in fourteen days where it is not given", required=False),
            _AS,
        ),
    ),
    "request answer": Command(
        "answer a request by items that were released before",
        "comity request answer comity/JPN/to/KOR#9 --release KOR-… --as kim",
        "request.answer",
        (
            _REQUEST,
            Option("--release", "a released item; may be repeated", many=True),
            Option("--part", "in part: it stays open", switch=True),
            _AS,
        ),
    ),
    "request decline": Command(
        "decline a request; no reason is asked for",
        "comity request decline comity/JPN/to/KOR#9 --as kim",
        "request.decline",
        (_REQUEST, _AS),
    ),
    "request withdraw": Command(
        "withdraw a request of this house",
        "comity request withdraw comity/JPN/to/KOR#9 --as sato",
        "request.withdraw",
        (_REQUEST, _AS),
    ),
    "request list": Command("list the requests", "comity request list", "request.list"),
    "register list": Command("list the register", "comity register list", "register.list"),
    "register show": Command(
        "show an item: timeline, copies, receipts, duties",
        "comity register show KOR-2026-1A2B3C4D5E --as suzuki",
        "register.show",
        (_ITEM, Option("--as", "the person who looks", required=False)),
    ),
    "register enter": Command(
        "give a received item the registry's own number",
        "comity register enter KOR-2026-1A2B3C4D5E --as suzuki",
        "register.enter",
        (_ITEM, _AS),
    ),
    "designate": Command(
        "put a received item under a regime, for a term (Article 4)",
        "comity designate KOR-… --regime JPN:tokutei-himitsu --level JPN:tokutei-himitsu "
        "--until 2027-06-30T00:00:00.000Z --as mori",
        "designate",
        (
            _ITEM,
            Option("--regime", "the law it is put under"),
            Option("--level", "the level that goes with it"),
            _UNTIL,
            _AS,
        ),
    ),
    "re-mark": Command(
        "mark a received item with this party's level (Article 4)",
        "comity re-mark KOR-… --level JPN:gokuhi --as suzuki",
        "re-mark",
        (
            _ITEM,
            Option("--level", "this party's level"),
            Option("--regime", "the regime, where designated", required=False),
            _AS,
        ),
    ),
    "assign": Command(
        "give an item to a person who is cleared and needs it (Article 7)",
        "comity assign KOR-… --person abe --as suzuki",
        "assign",
        (_ITEM, Option("--person", "who gets it"), _AS),
    ),
    "read": Command(
        "open an item; the reading is entered first",
        "comity read KOR-… --as abe",
        "read",
        (_ITEM, _AS, Option("--out", "write the content to a file", required=False)),
    ),
    "receipt": Command(
        "sign the receipt after counting (Article 12)",
        "comity receipt KOR-… --as ito",
        "receipt",
        (
            _ITEM,
            _AS,
            Option("--stage", "package or document", default="document"),
            Option("--pages", "as counted", required=False),
            Option("--annexes", "as counted", required=False),
            Option("--reserve", "short, damaged, unreadable, misdirected", True, False),
        ),
    ),
    "duties": Command(
        "list the duties, what is overdue first",
        "comity duties",
        "duties",
        (Option("--all", "also those that were discharged", switch=True),),
    ),
    "visit ask": Command(
        "ask to visit a facility of the other party (Article 8)",
        "comity visit ask --facility KOR/MND --level JPN:gokuhi --begins 2027-… --ends 2027-… …",
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
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "visit permit": Command(
        "permit a visit, up to a level (Article 8)",
        "comity visit permit --about 'comity/JPN/to/KOR#9' --level KOR:mil-2 --to JPN --as chae",
        "visit.permit",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--level", "the level"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "visit decline": Command(
        "do not permit a visit; no reason is owed",
        "comity visit decline --about 'comity/JPN/to/KOR#9' --to JPN --as chae",
        "visit.decline",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
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
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "contractor propose": Command(
        "tell the originator to which contractor items would go (Article 16)",
        "comity contractor propose --contractor works --level KOR:mil-2 --to KOR --as ito",
        "contractor.propose",
        (
            Option("--contractor", "a code of the house"),
            Option("--level", "the level"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "contractor approve": Command(
        "have nothing against a contractor, until then",
        "comity contractor approve --about 'comity/JPN/to/KOR#9' --contractor works --until …",
        "contractor.approve",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--contractor", "its code"),
            _UNTIL,
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "contractor decline": Command(
        "do not want a contractor; no reason is owed",
        "comity contractor decline --about 'comity/JPN/to/KOR#9' --to JPN --as choi",
        "contractor.decline",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "contractor hand-over": Command(
        "give a copy to a contractor, with what was checked (Article 16)",
        "comity contractor hand-over KOR-… --copy 1 --contractor works --met a --inspected …",
        "contractor.hand-over",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--contractor", "its code"),
            Option("--met", "a precondition by its paragraph; repeated", many=True),
            Option("--inspected", "the last inspection, an instant"),
            Option("--letter", "true or false: a security aspects letter", default="false"),
            Option("--subcontractor-of", "the contractor above it", required=False),
            _AS,
        ),
    ),
    "dispute raise": Command(
        "raise a difference with the other party (Article 20)",
        "comity dispute raise --to JPN --as minister",
        "dispute.raise",
        (
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "dispute consult": Command(
        "answer a difference, or take part in a consultation",
        "comity dispute consult --about 'comity/KOR/to/JPN#9' --to KOR --as minister",
        "dispute.consult",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "dispute settle": Command(
        "regard a difference as settled by consultation",
        "comity dispute settle --about 'comity/KOR/to/JPN#9' --to JPN --as minister",
        "dispute.settle",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "holdings ask": Command(
        "ask what the other party holds of ours (Article 6)",
        "comity holdings ask --to JPN --as choi",
        "holdings.ask",
        (
            Option("--extract", "true or false: of the register", default="false"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
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
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "support ask": Command(
        "ask for logistic support",
        "comity support ask --category fuel --to JPN --agreement KOR-JPN-ACSA --as minister",
        "support.ask",
        (
            Option("--category", "of what"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "support give": Command(
        "say what support was given, and its value",
        "comity support give --about 'comity/KOR/to/JPN#9' --category fuel --value 1000 …",
        "support.give",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--category", "of what"),
            Option("--value", "in the smallest unit"),
            Option("--currency", "jpy, krw"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "support settle": Command(
        "settle support that was given",
        "comity support settle --about 'comity/JPN/to/KOR#9' --how cash --value 1000 --to JPN …",
        "support.settle",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            Option("--how", "cash, in-kind, replacement"),
            Option("--value", "in the smallest unit"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "exercise begin": Command(
        "begin an exercise; it ends by itself",
        "comity exercise begin --exercise RESCUE-DRILL-2027 --ends 2027-… --to JPN --as minister",
        "exercise.begin",
        (
            Option("--exercise", "its name"),
            Option("--ends", "an instant"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "exercise end": Command(
        "end an exercise before its time",
        "comity exercise end --about 'comity/KOR/to/JPN#9' --to JPN --as minister",
        "exercise.end",
        (
            Option("--about", "the earlier act: LOG#INDEX"),
            _TO,
            Option("--agreement", "the agreement; the one in force otherwise", required=False),
            _AS,
        ),
    ),
    "loan": Command(
        "lend a copy for a while; the custodian stays",
        "comity loan KOR-… --copy 1 --person abe --until 2027-… --as ito",
        "loan",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--person", "who has it"),
            _UNTIL,
            Option("--signed", "true or false: by who takes it", default="true"),
            _AS,
        ),
    ),
    "give-back": Command(
        "take back a copy that was lent",
        "comity give-back KOR-… --copy 1 --as ito",
        "give-back",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            _AS,
        ),
    ),
    "relieve": Command(
        "pass a post with what it holds to a successor, after a joint muster",
        "comity relieve KOR-… --copy 1 --custodian JPN/MOD --joint true --as ito",
        "relieve",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--custodian", "the office that takes it over"),
            Option("--joint", "true or false: both have looked", default="true"),
            _AS,
        ),
    ),
    "extract": Command(
        "make a part of an item a document of its own (Article 4)",
        "comity extract KOR-… --number JPN-X-1 --level JPN:gokuhi --pages 2 --as ito",
        "extract",
        (
            _ITEM,
            Option("--number", "its number"),
            Option("--level", "as the item is marked"),
            Option("--pages", "how many"),
            Option("--regime", "the regime of that level", required=False),
            _AS,
        ),
    ),
    "derive": Command(
        "enter a document of the own that rests on an item",
        "comity derive KOR-… --number JPN-D-1 --level JPN:gokuhi --as ito",
        "derive",
        (
            _ITEM,
            Option("--number", "its number"),
            Option("--level", "the level"),
            _AS,
        ),
    ),
    "store": Command(
        "say in what a copy is kept (Article 11)",
        "comity store KOR-… --copy 1 --place vault --as ito",
        "store",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--place", "vault, container, accredited-system"),
            _AS,
        ),
    ),
    "certificate": Command(
        "tell the provider which copies were destroyed, and how",
        "comity certificate KOR-… --copies 1 --method burn --witnesses 2 --as ito",
        "certificate",
        (
            _ITEM,
            Option("--copies", "a copy; may be repeated", many=True),
            Option("--method", "burn, pulp, shred, erase, crush"),
            Option("--witnesses", "how many", default="0"),
            Option("--emergency", "true or false", default="false"),
            _AS,
        ),
    ),
    "regrading acknowledge": Command(
        "say which copies were altered to the new level (Article 6)",
        "comity regrading acknowledge KOR-… --altered 1 --as ito",
        "regrading.acknowledge",
        (
            _ITEM,
            Option("--altered", "a copy that was; may be repeated", many=True, required=False),
            Option(
                "--unreached",
                "a copy that could not be; may be repeated",
                many=True,
                required=False,
            ),
            _AS,
        ),
    ),
    "evaluate": Command(
        "say what an item was worth; nobody has to",
        "comity evaluate KOR-… --worth confirms --as ito",
        "evaluate",
        (
            _ITEM,
            Option("--worth", "new, confirms, already-held"),
            _AS,
        ),
    ),
    "destroy": Command(
        "destroy a copy (Article 13)",
        "comity destroy KOR-… --copy 1 --method shred --witnesses 2 --as suzuki",
        "destroy",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--method", "burn, pulp, shred, erase, crush"),
            Option("--witnesses", "how many", default="0"),
            Option("--emergency", "true or false", default="false"),
            _AS,
        ),
    ),
    "return": Command(
        "send a copy back to who provided it (Article 6)",
        "comity return KOR-… --copy 1 --as suzuki",
        "return",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            _AS,
        ),
    ),
    "recall": Command(
        "ask an item back",
        "comity recall KOR-… --as lee",
        "recall",
        (
            _ITEM,
            _AS,
        ),
    ),
    "regrade": Command(
        "change the level of an item of this house; lower a received one with consent (Article 6)",
        "comity regrade KOR-… --level KOR:mil-3 --as lee",
        "regrade",
        (
            _ITEM,
            Option("--level", "the new level"),
            _APPROVAL,
            _AS,
        ),
    ),
    "reproduce": Command(
        "make a numbered copy (Article 14)",
        "comity reproduce KOR-… --copy 1 --number 2 --reason official-need --as suzuki",
        "reproduce",
        (
            _ITEM,
            Option("--copy", "number of the copy"),
            Option("--number", "the new copy's number"),
            Option("--reason", "a code"),
            _AS,
        ),
    ),
    "translate": Command(
        "enter a translation (Article 15)",
        "comity translate KOR-… --number JPN-T-1 --level JPN:hi --language ja --person abe --as x",
        "translate",
        (
            _ITEM,
            Option("--number", "the translation's number"),
            Option("--level", "as the item is marked"),
            Option("--language", "two letters"),
            Option("--person", "who translated"),
            Option("--note", "true or false", default="true"),
            Option("--machine", "none, accredited, other", default="none"),
            _AS,
        ),
    ),
    "muster": Command(
        "check every copy by sight",
        "comity muster KOR-… --found 1 --found 2 --as suzuki",
        "muster",
        (
            _ITEM,
            Option("--found", "a copy that is here; may be repeated", True, False),
            Option("--missing", "a copy that is not; may be repeated", True, False),
            Option("--persons", "by how many", default="1"),
            _AS,
        ),
    ),
    "incident report": Command(
        "tell of a loss or compromise, also a possible one (Article 17)",
        "comity incident report KOR-… --discovered 2026-… --suspected true --as suzuki",
        "incident.report",
        (
            _ITEM,
            Option("--discovered", "when"),
            Option("--suspected", "true or false", default="false"),
            Option("--copies", "a lost copy; may be repeated", True, False),
            _AS,
        ),
    ),
    "incident investigate": Command(
        "open an inquiry (Article 17)",
        "comity incident investigate KOR-… --about 'comity/JPN/to/KOR#7' --as suzuki",
        "incident.investigate",
        (
            _ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            Option("--joint", "true or false", default="false"),
            _AS,
        ),
    ),
    "incident results": Command(
        "tell the results of an inquiry (Article 17)",
        "comity incident results KOR-… --about 'comity/JPN/to/KOR#7' --stated facts --as suzuki",
        "incident.results",
        (
            _ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            Option("--stated", "facts, extent, measures; may be repeated", True, False),
            _AS,
        ),
    ),
    "incident close": Command(
        "close an incident on its results",
        "comity incident close KOR-… --about 'comity/JPN/to/KOR#9' --as lee",
        "incident.close",
        (
            _ITEM,
            Option("--about", "the report or results: LOG#INDEX"),
            _AS,
        ),
    ),
    "facility roster": Command(
        "enter a person on a facility's roster (Article 6)",
        "comity facility roster --facility JPN/DIH --person abe --until 2027-… --as suzuki",
        "facility.roster",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--person", "who"),
            _UNTIL,
            _AS,
        ),
    ),
    "facility officer": Command(
        "appoint who answers for a facility (Article 10)",
        "comity facility officer --facility JPN/DIH --person mori --until 2027-… --as suzuki",
        "facility.officer",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--person", "who"),
            _UNTIL,
            _AS,
        ),
    ),
    "facility accredit": Command(
        "accredit a facility to a level",
        "comity facility accredit --facility JPN/DIH --level JPN:gokuhi --until 2027-… --as suzuki",
        "facility.accredit",
        (
            Option("--facility", "PARTY/OFFICE"),
            Option("--level", "up to which"),
            _UNTIL,
            _AS,
        ),
    ),
    "facility brief": Command(
        "enter that a person was briefed",
        "comity facility brief --person abe --as suzuki",
        "facility.brief",
        (
            Option("--person", "who"),
            _AS,
        ),
    ),
    "register import": Command(
        "import an existing register from CSV, with its numbers; a run that broke off goes on",
        "comity register import register.csv --map register.toml --dry-run --as choi",
        "comity.cli.importing:run",
        (
            Option("file", "the register, CSV in UTF-8"),
            Option("--map", "a file that says which column is what (docs/howto/paper.md)"),
            Option("--dry-run", "read it, name every bad line, enter nothing", switch=True),
            Option("--drafter", "who laid the own releases before the authority", required=False),
            Option("--authority", "who signs for the own releases", required=False),
            Option("--custodian", "who signs the own receipts", required=False),
            _AS,
        ),
    ),
    "print cover": Command(
        "print the cover of the inner envelope, and the outer one that says nothing of it",
        "comity print cover KOR-… --out cover.pdf --lang ja --as choi",
        "print.cover",
        (_ITEM, _SHEET, _AS),
    ),
    "print label": Command(
        "print a label for each copy; its square code holds reference and digest only",
        "comity print label KOR-… --out label.pdf --as choi",
        "print.label",
        (_ITEM, _SHEET, _AS),
    ),
    "print receipt": Command(
        "print the receipt form that goes with a document, or with a package",
        "comity print receipt KOR-… --out receipt.pdf --lang ja --as choi",
        "print.receipt",
        (
            _ITEM,
            Option("--stage", "document, or package: what the registry signs", default="document"),
            _SHEET,
            _AS,
        ),
    ),
    "print muster": Command(
        "print the sheet on which two persons check every copy that is held",
        "comity print muster --out muster.pdf --lang ko --as choi",
        "print.muster",
        (Option("--only", "the copies of one office: PARTY/OFFICE", required=False), _SHEET, _AS),
    ),
    "paper begin": Command(
        "begin to keep a log for a counterpart on paper, with the note of its authorities",
        "comity paper begin JPN --by JPN/MOD --scan note.pdf --on 2016-11-23 --as choi",
        "paper.begin",
        (
            Option("party", "the counterpart that keeps paper"),
            Option("--profile", "its offices as the note names them: a file", default="shipped"),
            *_PAPER,
        ),
    ),
    "paper enter": Command(
        "enter what a counterpart did on paper: a note, a signature, a receipt, a consent",
        "comity paper enter JPN treaty.sign --say text=KOR-JPN-GSOMIA --by JPN/MOD "
        "--scan signed.pdf --on 2016-11-23 --as choi",
        "paper.enter",
        (
            Option("party", "the counterpart that keeps paper"),
            Option("act", "what it did: delivery.receipt, people.assure, consent.grant …"),
            Option("--item", "the item that it is about, by a number", required=False),
            Option("--say", "FIELD=VALUE of the act; may be repeated", many=True, required=False),
            *_PAPER,
        ),
    ),
    "paper item": Command(
        "enter an item that a counterpart handed over on paper",
        "comity paper item JPN scan.pdf --office KOR/KDIA --level JPN:gokuhi --subject "
        "dprk.missile --purpose defence --title Report --number '情電第7号' --by JPN/DIH "
        "--on 2016-12-01 --as choi",
        "paper.item",
        (
            Option("party", "the counterpart that keeps paper"),
            Option("file", "the scanned document"),
            Option("--office", "an addressed office of this house; may be repeated", many=True),
            Option("--level", "the originator's own level"),
            Option("--subject", "what it is about"),
            Option("--purpose", "what it may be used for"),
            Option("--title", "an unclassified short title"),
            Option("--pages", "number of pages", default="1"),
            Option("--annexes", "number of annexes", default="0"),
            Option("--regime", "the law it is under at home", required=False),
            Option("--caveat", "a restriction; may be repeated", many=True, required=False),
            *(one for one in _PAPER if one.flags != "--scan"),
        ),
    ),
    "paper show": Command(
        "list what is attested of counterparts on paper, and what they dispute",
        "comity paper show",
        "paper.show",
        (Option("--party", "one counterpart; all where it is not given", required=False),),
    ),
    "paper scan": Command(
        "write the scanned paper behind an attested entry to a file",
        "comity paper scan JPN 3 --out receipt.pdf --as choi",
        "paper.scan",
        (
            Option("party", "the counterpart"),
            Option("index", "the entry, as paper show lists it"),
            Option("--out", "where to write it"),
            _AS,
        ),
    ),
    "paper dispute": Command(
        "dispute what another party attested of this one before it joined",
        "comity paper dispute 'comity/KOR/for/JPN#2' --on 2016-11-22 --as minister",
        "paper.dispute",
        (
            Option("leaf", "the entry: LOG#INDEX"),
            Option("--on", "the own date, where that differs", required=False),
            _AS,
        ),
    ),
    "ledger show": Command("say where every log stands", "comity ledger show", "ledger.show"),
    "ledger verify": Command(
        "hash every leaf again and compare with every checkpoint and row",
        "comity ledger verify",
        "rebuild",
    ),
    "rebuild": Command(
        "fold everything again from the logs and compare every column",
        "comity rebuild --check",
        "rebuild",
        (Option("--check", "compare and change nothing (always so)", switch=True),),
    ),
    "audit replay": Command(
        "judge everything ever entered again, or as a proposed text would have",
        "comity audit replay --under ./draft",
        "audit.replay",
        (Option("--under", "a folder or a shipped name", required=False),),
    ),
    "evidence": Command(
        "write one file that proves an item's crossing",
        "comity evidence KOR-… --out crossing.json",
        "evidence",
        (_ITEM, Option("--out", "where to write it")),
    ),
    "verify": Command(
        "verify an evidence file, offline, from the file and the roots alone",
        "comity verify crossing.json --root KOR=sha384:… --root JPN=sha384:…",
        f"{_FILES}:verify",
        (
            Option("file", "the evidence file"),
            Option("--root", "PARTY=identifier or fingerprint; may be repeated", True, False),
        ),
    ),
    "demo": Command(
        "two nodes on this machine, and a report that crosses",
        "comity demo --check",
        "comity.cli.demo:demo",
        (
            Option("--check", "one line per step, and leave nothing running", switch=True),
            Option("--dir", "where to put the nodes", required=False),
        ),
    ),
}


def _parser() -> argparse.ArgumentParser:
    """Build the parser from the table; groups are the first words."""
    parser = argparse.ArgumentParser(
        prog="comity",
        description="The software of an agreement between parties who do not fully trust "
        "each other: share, protect, manage.",
        epilog="comity COMMAND --help gives an example. Exit statuses: 0 done, 2 refused, "
        "3 roots not confirmed, 4 invalid, 64 usage, 69 missing, 70 bug, 75 try again.",
    )
    words = parser.add_subparsers(dest="first", metavar="COMMAND", required=True)
    groups: dict[str, Any] = {}
    for name, command in COMMANDS.items():
        first, _, second = name.partition(" ")
        if second:
            if first not in groups:
                names = [one.partition(" ")[2] for one in COMMANDS if one.startswith(first + " ")]
                group = words.add_parser(first, help=", ".join(names))
                groups[first] = group.add_subparsers(dest="second", metavar="WHAT", required=True)
            _add(groups[first], second, name, command)
        else:
            _add(words, first, name, command)
    return parser


def _add(words: Any, word: str, name: str, command: Command) -> None:  # noqa: ANN401 - argparse's
    parser = words.add_parser(
        word,
        help=command.help,
        description=command.help[0].upper() + command.help[1:] + ".",
        epilog=f"Example: {command.example}",
    )
    for option in command.options:
        settings: dict[str, Any] = {"help": option.help}
        positional = not option.flags.startswith("--")
        if option.switch:
            settings["action"] = "store_true"
        elif positional:
            if option.many:
                settings["nargs"] = "+"
        else:
            settings |= {"required": option.required and option.default is None}
            if option.many:
                settings["action"] = "append"
            if option.default is not None:
                settings["default"] = option.default
        parser.add_argument(option.flags, **settings)
    parser.add_argument("--node", default=".", help="the node's directory (default: here)")
    parser.add_argument("--passphrase-file", help="a file that only its owner may read")
    parser.add_argument("--json", action="store_true", help="write the result as JSON")
    parser.add_argument("--lang", choices=("en", "ko", "ja"), default="en", help="language")
    parser.set_defaults(command=name)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        parsed = vars(_parser().parse_args(arguments))
    except SystemExit as stop:
        return _USAGE if stop.code == 2 else int(stop.code or 0)  # noqa: PLR2004 - argparse's
    command = COMMANDS[parsed["command"]]
    from comity.vocabulary.errors import ComityError

    try:
        if ":" in command.run:
            module, _, function = command.run.partition(":")
            done: Callable[[dict[str, Any]], int] = getattr(import_module(module), function)
            return done(parsed)
        from comity.cli.house import ask

        return ask(command.run, parsed)
    except ComityError as error:
        from comity.cli.words import say_error

        say_error(error, parsed)
        return error.exit_status
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # A file that was named and is not there, or not to be read: the caller's to set right.
        print(f"{error.filename or command.run}: {error.strerror or error}", file=sys.stderr)
        return _USAGE
    except ImportError as error:
        print(f"{error.name} is missing here; make setup installs it", file=sys.stderr)
        return _MISSING
    except Exception as error:  # noqa: BLE001 - the last place; a bug has a status of its own
        # Where it happened, and never what it was about: messages may hold content.
        last = extract_tb(error.__traceback__)[-1]
        print(f"a bug: {type(error).__name__} at {last.name}:{last.lineno}", file=sys.stderr)
        return _BUG


if __name__ == "__main__":
    sys.exit(run())
