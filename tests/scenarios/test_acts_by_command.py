"""Acts that have a command: visits, contractors, differences, loans, extracts, what is held."""

import re
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest

from comity.acts import deeds
from comity.assemble.commands import COMMANDS
from comity.cli.app import COMMANDS as WORDS
from comity.cli.words import result_lines
from comity.node import deciding, releases, views
from comity.node.acting import enter_one
from comity.node.chancery import RefusedAct
from comity.vocabulary.dates import Dated
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.names import AgreementId, Level, Office, PersonId, Purpose, Reason, Subject
from tests.support.pair import JPN, KOR, Pair, pair, under_the_pact


@pytest.fixture
def houses() -> Pair:
    return under_the_pact()


def run(houses: Pair, who, command, **args):
    """Run a command of a house with the options that it has, defaults filled in."""
    node = houses.nodes[who]
    house = SimpleNamespace(node=node, store=node.store)
    given = {
        one.flags.lstrip("-").replace("-", "_"): one.default
        for one in WORDS[command].options
        if one.default is not None
    }
    said = COMMANDS[command.replace(" ", ".")](house, {**given, **args})
    houses.carry()
    return f"{said['log']}#{said['index']}", {one["code"] for one in said["findings"]}


def kinds(houses: Pair, who) -> list[str]:
    with houses.nodes[who].store.reading() as tx:
        return sorted(str(one["kind"]) for one in views.matters(tx))


MINISTER = {KOR: "minister-kor", JPN: "minister-jpn"}


def test_every_command_of_the_words_is_one_of_the_house() -> None:
    missing = {
        name for name, one in WORDS.items() if ":" not in one.run and one.run not in COMMANDS
    }
    # An exchange is carried on by the process that serves, and asked of it.
    assert missing == {"exchange"}


def test_a_visit_is_asked_for_permitted_and_made(houses: Pair) -> None:
    asked, _ = run(
        houses, JPN, "visit ask", facility="KOR/MND", level="JPN:gokuhi",
        begins="2026-12-01T00:00:00.000Z", ends="2026-12-02T00:00:00.000Z", to="KOR",
        **{"as": "ito"},
    )  # fmt: skip
    permitted, _ = run(
        houses, KOR, "visit permit", about=asked, level="KOR:mil-2", to="JPN", **{"as": "choi"}
    )
    run(houses, JPN, "visit done", about=permitted, level="KOR:mil-2", to="KOR", **{"as": "ito"})
    assert kinds(houses, KOR) == ["visit.approve", "visit.done", "visit.request"]
    with pytest.raises(RefusedAct, match=r"refused\.visit"):
        run(
            houses, JPN, "visit ask", facility="KOR/MND", level="JPN:gokuhi", recurring="true",
            begins="2026-12-01T00:00:00.000Z", ends="2026-12-02T00:00:00.000Z", to="KOR",
            **{"as": "ito"},
        )  # fmt: skip


def test_a_difference_is_raised_answered_and_settled(houses: Pair) -> None:
    by = {"as": MINISTER[KOR]}
    raised, _ = run(houses, KOR, "dispute raise", to="JPN", **by)
    run(houses, JPN, "dispute consult", about=raised, to="KOR", **{"as": MINISTER[JPN]})
    run(houses, KOR, "dispute settle", about=raised, to="JPN", **by)
    assert kinds(houses, JPN) == ["dispute.consult", "dispute.raise", "dispute.settle"]


def test_a_contractor_is_proposed_and_what_is_held_is_told(houses: Pair) -> None:
    proposed, _ = run(
        houses, JPN, "contractor propose", contractor="works", level="KOR:mil-2", to="KOR",
        **{"as": "ito"},
    )  # fmt: skip
    run(
        houses, KOR, "contractor approve", about=proposed, contractor="works",
        until="2027-06-30T00:00:00.000Z", to="JPN", **{"as": "choi"},
    )  # fmt: skip
    asked, _ = run(houses, KOR, "holdings ask", to="JPN", **{"as": "choi"})
    run(houses, JPN, "holdings state", copies_held="0", about=asked, to="KOR", **{"as": "suzuki"})
    assert kinds(houses, KOR) == [
        "contractor.approve", "contractor.propose", "custody.ask", "custody.state",
    ]  # fmt: skip


def test_a_history_that_is_taken_over_is_read_by_its_own_dates(houses: Pair) -> None:
    table = str(files("comity.agreement").joinpath("chronicle/pact-timeline.csv"))
    house = SimpleNamespace(node=houses.seoul, store=houses.seoul.store)
    given = {"pact": "KOR-JPN-GSOMIA", "file": table, "party": ["KOR", "JPN"]}
    given |= {"as": MINISTER[KOR]}
    assert COMMANDS["pact.take-over"](house, given)["already"] == 0
    assert COMMANDS["pact.take-over"](house, given)["entered"] == 0
    asked = {"pact": "KOR-JPN-GSOMIA", "view": "JPN", "at": "2019-09-01"}
    said = COMMANDS["pact.book"](house, asked)
    # Written down years later, and no less in time: nobody dates a notice by writing of it.
    assert (said["states"], said["notice"]["was"]) == (["notice-given"], "timely")
    steps = COMMANDS["pact.steps"](house, asked)["attempts"]
    assert [one["regular"] for one in steps] == [False, True]


def test_who_is_no_party_ends_nothing_in_a_book_and_makes_no_all_of_a_line(
    houses: Pair, tmp_path: Path
) -> None:
    house = SimpleNamespace(node=houses.seoul, store=houses.seoul.store)
    told = "date,time_kst,agreement,party,event,note\n"
    for party, event in (("KOR", "signed"), ("JPN", "signed"), ("USA", "termination-note")):
        told += f"2016-11-23,,KOR-JPN-GSOMIA,{party},{event},\n"
    table = tmp_path / "told.csv"
    table.write_text(told)
    given = {"pact": "KOR-JPN-GSOMIA", "file": str(table), "party": ["KOR", "JPN"]}
    given |= {"as": MINISTER[KOR]}
    assert COMMANDS["pact.take-over"](house, given)["entered"] == 3
    assert COMMANDS["pact.take-over"](house, given) == {"entered": 0, "already": 3}
    line = given | {"event": "requirements-met-notified", "on": "2016-11-24"}
    COMMANDS["pact.record"](house, line)
    line |= {"party": ["KOR", "USA"], "event": "notes-withdrawn", "on": "2020-01-01"}
    COMMANDS["pact.record"](house, line)
    heard = given | {"party": ["KOR"], "event": "summoned", "on": "2020-01-02"}
    with pytest.raises(Invalid, match=r"invalid\.pact\.event") as refused:
        COMMANDS["pact.record"](house, heard)
    assert {"termination-note", "commented"} <= set(re.findall(r"[a-z-]+", str(refused.value)))
    # What a house wrote down before the name was asked for stands in its book as what it is.
    act = deeds.Chronicle(
        by=Office("KOR/KDIA"),
        actor=MINISTER[KOR],
        pact=AgreementId("KOR-JPN-GSOMIA"),
        parties=(KOR,),
        event=Reason("summoned"),
        on=Dated("2020-01-02"),
    )
    enter_one(houses.seoul, act, actor=MINISTER[KOR])
    asked = {"pact": "KOR-JPN-GSOMIA", "view": "JPN", "at": "2020-02-01"}
    said = COMMANDS["pact.book"](house, asked)
    assert said["states"] == ["in-force"]
    assert "notice" not in said
    shown = "\n".join(result_lines("pact.book", said, "en"))
    assert "USA: notice of termination given" in shown
    assert [(one["party"], one["event"]) for one in said["without_effect"]] == [
        ("USA", "termination-note"),
        ("USA", "notes-withdrawn"),
        ("KOR", "summoned"),
    ]
    assert "KOR: summoned (an event of no kind that is known here)" in shown


def test_nobody_without_the_role_and_nothing_under_no_agreement(houses: Pair) -> None:
    with pytest.raises(Refused, match=r"refused\.person\.role"):
        run(houses, KOR, "dispute raise", to="JPN", **{"as": "kim"})
    lone = pair()
    with pytest.raises(Refused, match="none-in-force"):
        run(lone, KOR, "dispute raise", to="JPN", **{"as": MINISTER[KOR]})
    with pytest.raises(Invalid):
        run(
            houses, KOR, "support settle", about="comity/KOR/to/JPN#0", how="barter", value="1",
            to="JPN", **{"as": MINISTER[KOR]},
        )  # fmt: skip


def test_a_copy_is_lent_given_back_extracted_and_kept(houses: Pair) -> None:
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
    laid = releases.lay_before(houses.seoul, wish, drafter=PersonId("kim"))
    entered = deciding.approve(houses.seoul, [laid.deed], authority=PersonId("park"))[0]
    houses.carry()
    item = {"item": entered.entry.deed.item.reference, "as": "suzuki"}
    run(houses, JPN, "register enter", **item)
    run(houses, JPN, "re-mark", level="JPN:gokuhi", **item)
    custodian = {**item, "as": "ito"}
    run(houses, JPN, "receipt", stage="document", copy=1, pages=1, annexes=0, **custodian)
    run(houses, JPN, "loan", copy="1", person="abe", until="2027-06-30T00:00:00.000Z", **custodian)
    run(houses, JPN, "give-back", copy="1", **custodian)
    run(houses, JPN, "extract", number="JPN-X-1", level="JPN:gokuhi", pages="1", **custodian)
    run(houses, JPN, "store", copy="1", place="vault", **custodian)
    run(houses, JPN, "evaluate", worth="confirms", **custodian)
    _, said = run(houses, JPN, "incident report", suspected="true",
                  discovered=houses.clock.now(), **custodian)  # fmt: skip
    assert "incident.in-time" in said
