"""What commands answer is worded: nothing of it stays English when another language is asked for.

The catalogue is replaced by one whose second language has no letters at all. Whatever word is
left in a result then comes from the books (a name, a number, a code that people look up) or was
written into the program: that one is found here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comity.assemble.commands import COMMANDS
from comity.cli import speech
from comity.cli.app import COMMANDS as WORDS
from comity.cli.words import failure_lines, result_lines
from comity.evidence.roots import root_said
from comity.evidence.verify import verify
from comity.node import deciding, proving, receiving, releases
from comity.seal.fingerprints import fingerprint_digits, key_id
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import Level, Office, PersonId, Purpose, Subject
from comity.wording.catalogues import Catalogue, parameters
from tests.support.codes import shipped_catalogue
from tests.support.pair import JPN, KOR, Pair, under_the_pact

REAL = shipped_catalogue()
WORDED = ("act", "copy", "outcome", "role", "series.state", "stage", "standing")
CODES = frozenset(
    code.removeprefix(f"{kind}.")
    for code in REAL.templates["en"]
    for kind in WORDED
    if code.startswith(f"{kind}.")
)
"""Values of the books that the catalogue has words for: these are not shown as they are."""

SINCE, UNTIL = "2026-01-01T00:00:00.000Z", "2027-06-30T00:00:00.000Z"
DIGEST = f"sha384:{'0' * 96}"
ENTERED = {"log": "comity/KOR/journal", "index": 3, "at": SINCE}
LISTED = {
    "list": DIGEST,
    "lines": [{"line": 1, "state": "waiting", "title": "Track"}],
    "counts": {"waiting": 1, "entered": 2},
    "next": 51,
}
TOKEN = {"id": "5d1c", "person": "kim", "name": "nightly", "since": SINCE, "until": UNTIL}
PASSKEYS = [
    {"key": DIGEST, "relying_party": "localhost", "at": SINCE, "copied": copied, "revoked": ended}
    for copied, ended in ((True, ""), (False, UNTIL))
]
FACILITIES = [
    {
        "facility": "JPN/DIH",
        "officers": [],
        "accredited": [],
        "roster": ["abe"],
        "copies": 1,
        "ended": [{"what": "officer", "who": "mori", "until": SINCE}],
        "lacks": ["officer"],
    }
]
LOANS = [
    {
        "item": "KOR-2026-1",
        "copy": 1,
        "borrower": "abe",
        "until": SINCE,
        "custodian": "ito",
        "overdue": True,
        "signed": False,
    }
]
TREE = {
    "id": "TISA",
    "version": "2014",
    "views": {"KOR": "in-force"},
    "falls_with": ["GSOMIA"],
    "below": [],
}
STATEMENT = {
    "at": SINCE,
    "kind": "release.release",
    "by": "KOR/KDIA",
    "outcome": "lawful",
    "signed": ["key-file", "passkey"],
    "attested": "JPN",
}
VERIFIED = {
    "confirmed": False,
    "roots": {"KOR": DIGEST, "JPN": DIGEST},
    "item": "KOR-2026-1",
    "acts": [STATEMENT],
    "on_paper": ["USA"],
    "logs": {"comity/KOR/to/JPN": 7},
}

FIELDS = ("person", "level", "subject", "facility")
ANSWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("init", {"party": "KOR", "exchange": "h:1", "console": "h:2", "store": "store/"}),
    ("stop", {"stopped": True}),
    ("stop", {"stopped": False}),
    ("exchange", {"links": []}),
    *(
        ("exchange", {"links": [{"peer": "JPN", "word": word}]})
        for word in ("cosigned", "elsewhere", "forked", "later", "refused", "busy", "unexpected")
    ),
    ("exchange", {"links": [{"peer": "JPN", "word": "unavailable.peer"}]}),
    ("enrol.export", {"file": "kor.json", "fingerprint": "12345"}),
    ("enrol.fingerprint", {"party": "KOR", "to": "JPN", "fingerprint": "12345"}),
    ("enrol.confirm", {"compared": ENTERED, "published": ENTERED}),
    ("peer.address", {"peers": {"JPN": "h:1", "USA": "h:2"}}),
    *(
        (command, {"withdrawn": [{"line": "", **dict.fromkeys(FIELDS, ""), **said}]})
        for command, said in (
            ("person.withdraw", {"person": "abe", "level": "JPN:gokuhi"}),
            ("person.withdraw", {"person": "abe", "subject": "dprk"}),
            ("facility.withdraw", {"person": "abe", "facility": "JPN/DIH"}),
            ("facility.withdraw", {"facility": "JPN/DIH", "level": "JPN:gokuhi"}),
        )
    ),
    ("person.add", {"already": True, "person": "kim"}),
    ("person.invite", {"link": "http://h/1", "person": "kim", "seconds": 900}),
    ("agreement.sign", {"already": True, **ENTERED, "findings": []}),
    ("register.enter", {**ENTERED, "findings": [], "number": "JPN-R-1"}),
    ("token.add", {"token": "1", **TOKEN}),
    ("token.list", {"tokens": []}),
    ("token.list", {"tokens": [TOKEN]}),
    ("person.passkeys", {"person": "kim", "custodied": True, "passkeys": PASSKEYS}),
    ("person.passkeys", {"person": "kim", "custodied": False, "passkeys": []}),
    ("facility.list", {"facilities": FACILITIES}),
    ("loans", {"loans": LOANS}),
    ("agreement.tree", {"agreements": [TREE]}),
    ("agreement.check", {
        "agreement": "X 1", "digest": DIGEST, "articles": 1, "clauses": 1, "cases": 1,
        "failed": [], "doubtful": [],
    }),
    ("agreement.format", {
        "file": "agreement.md", "in_order": True, "written": False, "diff": [], "was": DIGEST,
        "now": DIGEST,
    }),
    ("agreement.format", {
        "file": "agreement.md", "in_order": False, "written": True, "diff": ["+1"], "was": "",
        "now": DIGEST,
    }),
    ("agreement.format", {
        "file": "agreement.md", "in_order": False, "written": False, "diff": ["+1"], "was": DIGEST,
        "now": DIGEST,
    }),
    ("list.lay", {"list": DIGEST, "laid": 1, "lines": 2, "left": 1}),
    ("list.show", LISTED),
    ("list.approve", {"list": DIGEST, "looked_at": 1, "released": 1}),
    ("approve", {"released": [{"reference": "KOR-2026-1"}], "waiting": [DIGEST]}),
    ("consent.grant", {"waiting": ["comity/JPN/to/KOR#7"]}),
    ("read", {"demonstration": True, "title": "Launch", "text": "x", "erased": ""}),
    ("read", {"demonstration": False, "title": "", "text": "x", "erased": "comity/JPN/to/KOR#7"}),
    ("ledger.erase", {**ENTERED, "findings": [], "entry": "comity/KOR/to/JPN#4", "erased": ""}),
    ("ledger.erase", {**ENTERED, "findings": [], "erased": "comity/JPN/to/KOR#7"}),
    ("ledger.erasures", {"erasures": [
        {"entry": "comity/KOR/to/JPN#4", "reference": "", "by": "JPN/REGISTRY", "at": SINCE,
         "leaf": "comity/JPN/to/KOR#7", "ours": ours}
        for ours in (True, False)
    ]}),
    ("evidence", {"file": "x", "bytes": 1, "roots": {"KOR": DIGEST, "JPN": DIGEST}}),
    ("verify", VERIFIED),
    ("print.cover", {"file": "cover.pdf", "size": 1}),
    ("rebuild", {"titles": 3}),
    ("visit.verify", {
        "facility": "JPN/DIH", "items": ["comity/KOR/to/JPN#1"], "naming_persons": 1,
        "acts": [{"at": SINCE, "kind": "register.store", "by": "JPN/DIH", "item": ""}],
        "checkpoint": 7, "opened_at": SINCE,
    }),
)  # fmt: skip


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue whose Korean is marks around the values alone."""
    english = REAL.templates["en"]
    marked = {
        code: "⟦" + "".join(f"{{{one}}}·" for one in sorted(parameters(text))) + "⟧"
        for code, text in english.items()
    }
    speech.catalogue.cache_clear()
    monkeypatch.setattr(speech, "shipped", lambda _: Catalogue({"en": english, "ko": marked}))
    yield
    speech.catalogue.cache_clear()


def values_in(output: Any) -> set[str]:
    if isinstance(output, dict):
        named = {word for key in output if re.search(r"[A-Z./:]", key) for word in words_of(key)}
        return named.union(*(values_in(one) for one in output.values()))
    if isinstance(output, list | tuple):
        return set().union(*(values_in(one) for one in output))
    return set() if str(output) in CODES else set(words_of(str(output)))


def words_of(text: str) -> list[str]:
    # A digest holds no word, and one that is cut short ends in none.
    return re.findall(r"[^\W\d_]{2,}", re.sub(r"\w+…|\b[0-9a-f]{12,}\b", "", text))


def unworded(command: str, output: dict[str, Any]) -> set[str]:
    """The words of a result in the marked language that no value of it holds."""
    shown = [word for line in result_lines(command, output, "ko") for word in words_of(line)]
    return set(shown) - values_in(output) - {"sha"}


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize(("command", "output"), ANSWERS)
def test_an_answer_has_no_word_of_its_own(command: str, output: dict[str, Any]) -> None:
    assert unworded(command, output) == set()


@pytest.mark.usefixtures("mute")
def test_a_word_that_is_written_into_the_program_is_found() -> None:
    assert unworded("token.list", {"tokens": [{**TOKEN, "id": "lawful"}]}) == {"lawful"}
    assert unworded("print.cover", {"unheard": 1}) == {"said", "unheard"}


@pytest.fixture(scope="module")
def houses() -> Pair:
    """Two houses, an item that crossed, a draft that waits, a consent that was asked."""
    two = under_the_pact()
    wish = releases.Wish(
        to=JPN,
        offices=(Office("JPN/DIH"),),
        by=Office("KOR/KDIA"),
        level=Level("KOR:mil-2"),
        subject=Subject("dprk.missile.launch"),
        purpose=Purpose("defence.missile-warning"),
        content=b"A fictional assessment.",
        title="Launch assessment",
    )
    laid = releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))[0]
    two.carry()
    item = {"item": entered.entry.deed.item.reference, "as": "suzuki"}
    run(two, JPN, "register enter", **item)
    run(two, JPN, "re-mark", level="JPN:gokuhi", **item)
    run(two, JPN, "receipt", **{**item, "as": "ito"})
    two.carry()
    releases.lay_before(two.seoul, wish, drafter=PersonId("kim"))
    return two


def run(houses: Pair, who: Any, command: str, **args: Any) -> dict[str, Any]:
    node = houses.nodes[who]
    given = {
        one.flags.lstrip("-").replace("-", "_"): one.default
        for one in WORDS[command].options
        if one.default is not None
    }
    run_it = COMMANDS[WORDS[command].run]
    # A house in memory keeps no files, so nothing is remembered outside its store.
    house = SimpleNamespace(node=node, store=node.store, directory=Path("no-such-house"))
    return run_it(house, {**given, **args})


def item_of(houses: Pair) -> str:
    return run(houses, KOR, "register list")["items"][0]["reference"]


ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("agreement tree", {}),
    ("consent list", {}),
    ("drafts", {"as": "park"}),
    ("duties", {"all": True}),
    ("facility list", {}),
    ("ledger erasures", {}),
    ("ledger show", {}),
    ("loans", {"all": True}),
    ("paper show", {}),
    ("profile show", {}),
    ("rebuild", {}),
    ("register list", {}),
    ("register show", {}),
    ("report oversight", {"since": SINCE, "until": UNTIL}),
    ("report public", {"since": SINCE, "until": UNTIL}),
    ("report reciprocity", {"to": "JPN", "since": SINCE, "until": UNTIL}),
    ("request list", {}),
    ("status", {}),
)


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize(("command", "args"), ASKED)
@pytest.mark.parametrize("who", [KOR, JPN])
def test_a_look_has_no_word_of_its_own(houses: Pair, who, command, args) -> None:
    if command == "register show":
        args = {"item": item_of(houses)}
    if who == JPN and "as" in args:
        args = {"as": "yamada"}
    if who == JPN and "to" in args:
        args = {**args, "to": "KOR"}
    output = run(houses, who, command, **args)
    assert unworded(WORDS[command].run, output) == set()


@pytest.mark.usefixtures("mute")
def test_every_look_of_a_house_is_tried() -> None:
    looks = {
        one.run
        for one in WORDS.values()
        if ":" not in one.run and not {"--as", "as"} & {each.flags for each in one.options}
    }
    worded_beside = {"directive.list", "directive.show", "keys.renew", "keys.show"}
    acts = {"person.clear", "person.need-to-know", "person.revoke-passkey", "peer.publish",
            "console.link", "token.revoke"}  # fmt: skip
    pacts = {"pact.book", "pact.steps"}
    tried = {command for command, _ in ANSWERS} | {WORDS[name].run for name, _ in ASKED}
    assert looks - tried - worded_beside - acts - pacts == set()


def test_the_same_receipt_once_more_is_said_to_stand_already(houses: Pair) -> None:
    given = {"item": item_of(houses), "as": "ito"}
    [[log, index]] = [
        (one["leaf"].rpartition("#")[0], int(one["leaf"].rpartition("#")[2]))
        for one in run(houses, JPN, "register show", item=given["item"])["timeline"]
        if one["kind"] == "delivery.receipt"
    ]
    said = run(houses, JPN, "receipt", **given)
    assert (said["already"], said["log"], said["index"]) == (True, log, index)
    assert "already" in result_lines("receipt", said, "en")[0]


def test_a_signature_and_a_notice_once_more_are_said_to_stand_already(houses: Pair) -> None:
    stated = {"agreement": "KOR-JPN-GSOMIA", "to": "JPN", "as": "minister-kor"}
    before = run(houses, KOR, "ledger show")
    for command in ("agreement sign", "agreement notify"):
        assert run(houses, KOR, command, **stated)["already"] is True
    assert run(houses, KOR, "ledger show") == before


def test_a_person_once_more_is_said_to_be_entered_and_a_change_is_entered(houses: Pair) -> None:
    vault = SimpleNamespace(add_person=lambda _: b"")
    house = SimpleNamespace(node=houses.seoul, store=houses.seoul.store, vault=vault)
    add = COMMANDS["person.add"]
    stated = {"person": "han", "name": "Han", "office": "KOR/KDIA", "roles": ["desk-officer"]}
    assert "already" not in add(house, stated)
    assert add(house, stated) == {"already": True, "person": "han"}
    assert "already" not in add(house, {**stated, "roles": ["official"]})


def test_what_the_words_say_is_not_said_twice() -> None:
    said = {"error": "refused.passphrase", "detail": "the passphrase is empty"}
    assert len(failure_lines(said, "en")) == 2
    assert failure_lines(said, "en")[1] == "(refused.passphrase)"
    [_, code] = failure_lines({"error": "refused.node.none", "detail": "/nowhere"}, "ko")
    assert code == "(refused.node.none: /nowhere)"
    [_, code] = failure_lines({"error": "unavailable.disk", "detail": "the disk is full"}, "en")
    assert code == "(unavailable.disk: the disk is full)"


def test_an_end_that_is_past_is_refused_by_every_word_that_states_one(houses: Pair) -> None:
    past = "2020-01-01T00:00:00.000Z"
    stated = {
        "assure": {"to": "KOR", "offices": ["JPN/DIH"], "as": "minister-jpn"},
        "person clear": {"person": "abe"},
        "person need-to-know": {"person": "abe", "subject": "dprk.missile"},
    }
    for command, args in stated.items():
        with pytest.raises(Refused) as caught:
            run(houses, JPN, command, level="JPN:gokuhi", until=past, **args)
        assert caught.value.code == "refused.until.past"


def test_a_root_is_confirmed_by_its_fingerprint_as_by_its_identifier(houses: Pair) -> None:
    node = houses.seoul
    with node.store.reading() as tx:
        raw = proving.evidence_for(node, receiving.find_item(tx, KOR, item_of(houses)))
    public = {one: houses.nodes[one].vault.root() for one in (KOR, JPN)}
    roots = {one: node.suite.signing_public(private) for one, private in public.items()}
    said = {one: root_said(raw, one, fingerprint_digits(root)) for one, root in roots.items()}
    assert said == {one: key_id(root) for one, root in roots.items()}
    assert said[KOR] == root_said(raw, KOR, key_id(roots[KOR]))
    assert verify(node.suite, raw, roots=said).confirmed
    for wrong in (fingerprint_digits(roots[JPN]), "12345", "KOR"):
        with pytest.raises(Invalid, match=r"invalid\.root"):
            root_said(raw, KOR, wrong)
