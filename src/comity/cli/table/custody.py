"""The register, and what becomes of every copy."""

from typing import Final

from comity.cli.table.parts import APPROVAL, AS, ITEM, UNTIL, Command, Option

COMMANDS: Final[dict[str, Command]] = {
    "register list": Command("list the register", "comity register list", "register.list"),
    "register show": Command(
        "show an item: timeline, copies, receipts, duties",
        "comity register show KOR-2026-3FA20C1B77 --as suzuki",
        "register.show",
        (ITEM, Option("--as", "the person who looks", required=False)),
    ),
    "register enter": Command(
        "give a received item the registry's own number",
        "comity register enter KOR-2026-3FA20C1B77 --as suzuki",
        "register.enter",
        (ITEM, AS),
    ),
    "designate": Command(
        "put a received item under a regime, for a term (Article 4)",
        "comity designate KOR-2026-3FA20C1B77 --regime JPN:tokutei-himitsu "
        "--level JPN:tokutei-himitsu "
        "--until 2027-06-30T00:00:00.000Z --as mori",
        "designate",
        (
            ITEM,
            Option("--regime", "the law it is put under"),
            Option("--level", "the level that goes with it"),
            UNTIL,
            AS,
        ),
    ),
    "re-mark": Command(
        "mark a received item with this party's level (Article 4)",
        "comity re-mark KOR-2026-3FA20C1B77 --level JPN:gokuhi --as suzuki",
        "re-mark",
        (
            ITEM,
            Option("--level", "this party's level"),
            Option("--regime", "the regime, where designated", required=False),
            AS,
        ),
    ),
    "assign": Command(
        "give an item to a person who is cleared and needs it (Article 7)",
        "comity assign KOR-2026-3FA20C1B77 --person abe --as suzuki",
        "assign",
        (ITEM, Option("--person", "who gets it"), AS),
    ),
    "read": Command(
        "open an item; the reading is entered first",
        "comity read KOR-2026-3FA20C1B77 --as abe",
        "read",
        (ITEM, AS, Option("--out", "write the content to a file", required=False)),
    ),
    "receipt": Command(
        "sign the receipt after counting (Article 12)",
        "comity receipt KOR-2026-3FA20C1B77 --as ito",
        "receipt",
        (
            ITEM,
            AS,
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
    "loan": Command(
        "lend a copy for a while; the custodian stays",
        "comity loan KOR-2026-3FA20C1B77 --copy 1 --person abe "
        "--until 2027-06-30T00:00:00.000Z --as ito",
        "loan",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--person", "who has it"),
            UNTIL,
            Option("--signed", "true or false: by who takes it", default="true"),
            AS,
        ),
    ),
    "give-back": Command(
        "take back a copy that was lent",
        "comity give-back KOR-2026-3FA20C1B77 --copy 1 --as ito",
        "give-back",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            AS,
        ),
    ),
    "hand-over": Command(
        "enter that a copy that is carried passed into other hands (Article 12)",
        "comity hand-over KOR-2026-3FA20C1B77 --copy 1 --step 1 --courier diplomatic --as choi",
        "hand-over",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--step", "the how many-th hand-over of this copy"),
            Option("--courier", "diplomatic, cleared-employee, contractor", required=False),
            Option("--taker", "or the office that takes it: PARTY/OFFICE", required=False),
            Option("--sealed", "true or false: under an unbroken seal", default="true"),
            Option("--covered", "true or false: so that nobody sees what it is", default="true"),
            Option("--signed", "true or false: by who takes it", default="true"),
            Option("--certified", "true or false: the courier showed one", required=False),
            Option("--planned", "true or false: as both sides have planned it", required=False),
            AS,
        ),
    ),
    "loans": Command(
        "list the copies that are lent, what is overdue first",
        "comity loans",
        "loans",
        (Option("--all", "also those that came back", switch=True),),
    ),
    "relieve": Command(
        "pass a copy to another custodian's post; both sign, after a joint muster",
        "comity relieve KOR-2026-3FA20C1B77 --copy 1 --successor mori --as ito",
        "relieve",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--successor", "the custodian who takes it over"),
            AS,
        ),
    ),
    "extract": Command(
        "make a part of an item a document of its own (Article 4)",
        "comity extract KOR-2026-3FA20C1B77 --number JPN-X-1 --level JPN:gokuhi --pages 2 --as ito",
        "extract",
        (
            ITEM,
            Option("--number", "its number"),
            Option("--level", "as the item is marked"),
            Option("--pages", "how many"),
            Option("--regime", "the regime of that level", required=False),
            AS,
        ),
    ),
    "derive": Command(
        "enter a document of the own that rests on an item",
        "comity derive KOR-2026-3FA20C1B77 --number JPN-D-1 --level JPN:gokuhi --as ito",
        "derive",
        (
            ITEM,
            Option("--number", "its number"),
            Option("--level", "the level"),
            AS,
        ),
    ),
    "store": Command(
        "say in what a copy is kept (Article 11)",
        "comity store KOR-2026-3FA20C1B77 --copy 1 --place vault --as ito",
        "store",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--place", "vault, container, accredited-system"),
            AS,
        ),
    ),
    "certificate": Command(
        "tell the provider which copies were destroyed, and how",
        "comity certificate KOR-2026-3FA20C1B77 --copies 1 --method burn --witnesses 2 --as ito",
        "certificate",
        (
            ITEM,
            Option("--copies", "a copy; may be repeated", many=True),
            Option("--method", "burn, pulp, shred, erase, crush"),
            Option("--witnesses", "how many", default="0"),
            Option("--emergency", "true or false", default="false"),
            AS,
        ),
    ),
    "regrading acknowledge": Command(
        "say which copies were altered to the new level (Article 6)",
        "comity regrading acknowledge KOR-2026-3FA20C1B77 --altered 1 --as ito",
        "regrading.acknowledge",
        (
            ITEM,
            Option("--altered", "a copy that was; may be repeated", many=True, required=False),
            Option(
                "--unreached",
                "a copy that could not be; may be repeated",
                many=True,
                required=False,
            ),
            AS,
        ),
    ),
    "evaluate": Command(
        "say what an item was worth; nobody has to",
        "comity evaluate KOR-2026-3FA20C1B77 --worth confirms --as ito",
        "evaluate",
        (
            ITEM,
            Option("--worth", "new, confirms, already-held"),
            AS,
        ),
    ),
    "destroy": Command(
        "destroy a copy (Article 13)",
        "comity destroy KOR-2026-3FA20C1B77 --copy 1 --method shred --witnesses 2 --as suzuki",
        "destroy",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--method", "burn, pulp, shred, erase, crush"),
            Option("--witnesses", "how many", default="0"),
            Option("--emergency", "true or false", default="false"),
            AS,
        ),
    ),
    "return": Command(
        "send a copy back to who provided it (Article 6)",
        "comity return KOR-2026-3FA20C1B77 --copy 1 --as suzuki",
        "return",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            AS,
        ),
    ),
    "recall": Command(
        "ask an item back",
        "comity recall KOR-2026-3FA20C1B77 --as lee",
        "recall",
        (
            ITEM,
            AS,
        ),
    ),
    "regrade": Command(
        "change the level of an item of this house; lower a received one with consent (Article 6)",
        "comity regrade KOR-2026-3FA20C1B77 --level KOR:mil-3 --as lee",
        "regrade",
        (
            ITEM,
            Option("--level", "the new level"),
            APPROVAL,
            AS,
        ),
    ),
    "reproduce": Command(
        "make a numbered copy (Article 14)",
        "comity reproduce KOR-2026-3FA20C1B77 --copy 1 --number 2 --reason official-need "
        "--as suzuki",
        "reproduce",
        (
            ITEM,
            Option("--copy", "number of the copy"),
            Option("--number", "the new copy's number"),
            Option("--reason", "a code"),
            AS,
        ),
    ),
    "translate": Command(
        "enter a translation (Article 15)",
        "comity translate KOR-2026-3FA20C1B77 --number JPN-T-1 --level JPN:hi --language ja "
        "--person abe --as x",
        "translate",
        (
            ITEM,
            Option("--number", "the translation's number"),
            Option("--level", "as the item is marked"),
            Option("--language", "two letters"),
            Option("--person", "who translated"),
            Option("--note", "true or false", default="true"),
            Option("--machine", "none, accredited, other", default="none"),
            AS,
        ),
    ),
    "muster": Command(
        "check every copy by sight",
        "comity muster KOR-2026-3FA20C1B77 --found 1 --found 2 --as suzuki",
        "muster",
        (
            ITEM,
            Option("--found", "a copy that is here; may be repeated", True, False),
            Option("--missing", "a copy that is not; may be repeated", True, False),
            Option("--persons", "by how many", default="1"),
            AS,
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
            AS,
        ),
    ),
}
