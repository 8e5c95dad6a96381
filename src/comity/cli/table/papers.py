"""What is printed, and what a counterpart does on paper."""

from typing import Final

from comity.cli.table.parts import AS, ITEM, Command, Option

_SHEET = Option("--out", "where to write the PDF")
_PAPER = (
    Option("--by", "the office of the counterpart that acted"),
    Option("--scan", "the scanned paper, a file"),
    Option("--on", "the day on the paper: 2016-11-23, or 2016-11, or 2016"),
    Option("--number", "the number on the paper, as it is written there", required=False),
    AS,
)

COMMANDS: Final[dict[str, Command]] = {
    "print cover": Command(
        "print the cover of the inner envelope, and the outer one that says nothing of it",
        "comity print cover KOR-2026-3FA20C1B77 --out cover.pdf --lang ja --as choi",
        "print.cover",
        (ITEM, _SHEET, AS),
    ),
    "print label": Command(
        "print a label for each copy; its square code holds reference and digest only",
        "comity print label KOR-2026-3FA20C1B77 --out label.pdf --as choi",
        "print.label",
        (ITEM, _SHEET, AS),
    ),
    "print receipt": Command(
        "print the receipt form that goes with a document, or with a package",
        "comity print receipt KOR-2026-3FA20C1B77 --out receipt.pdf --lang ja --as choi",
        "print.receipt",
        (
            ITEM,
            Option("--stage", "document, or package: what the registry signs", default="document"),
            _SHEET,
            AS,
        ),
    ),
    "print certificate": Command(
        "print the certificate that the copies of an item were destroyed, to be signed by two",
        "comity print certificate KOR-2026-3FA20C1B77 --out certificate.pdf --lang ja --as choi",
        "print.certificate",
        (ITEM, _SHEET, AS),
    ),
    "print muster": Command(
        "print the sheet on which two persons check every copy that is held",
        "comity print muster --out muster.pdf --lang ko --as choi",
        "print.muster",
        (Option("--only", "the copies of one office: PARTY/OFFICE", required=False), _SHEET, AS),
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
            AS,
        ),
    ),
    "paper dispute": Command(
        "dispute what another party attested of this one before it joined",
        "comity paper dispute 'comity/KOR/for/JPN#2' --on 2016-11-22 --as minister",
        "paper.dispute",
        (
            Option("leaf", "the entry: LOG#INDEX"),
            Option("--on", "the own date, where that differs", required=False),
            AS,
        ),
    ),
}
