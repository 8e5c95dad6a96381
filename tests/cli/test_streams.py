"""A stream between two served nodes: fed by command, killed in between, gone on, counted."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_serving import served
from tests.support.commands import exchanged
from tests.support.pair import text_of
from tests.support.streams import gsomia_with_streams_source

UNTIL = "2027-06-30T00:00:00.000Z"
LINES = 3000


@pytest.fixture
def houses(told, tmp_path):
    """Return Seoul and Tokyo of the story, copied."""
    assert told.status == 0, told.output
    for name in ("seoul", "tokyo"):
        shutil.copytree(told.base / name, tmp_path / name)
    for name in ("KOR.passphrase", "JPN.passphrase"):
        shutil.copy2(told.base / name, tmp_path / name)
    return told._replace(base=tmp_path)


def said(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def pact(folder: Path) -> Path:
    folder.mkdir()
    (folder / "agreement.md").write_text(gsomia_with_streams_source())
    (folder / "cases.toml").write_bytes(text_of("KOR-JPN-GSOMIA-2016/cases.toml"))
    return folder


def agree(comity, houses, folder):
    """Let a text with standing release come into force between the two."""
    seoul, tokyo = houses.at("seoul"), houses.at("tokyo")
    ministers = ((seoul, "JPN", "minister-kor"), (tokyo, "KOR", "minister-jpn"))
    at, to, who = ministers[0]
    said(comity("agreement", "propose", str(folder), "--to", to, "--as", who, *at, "--json"))
    exchanged(comity, *at)
    for word in ("sign", "notify"):
        for at, to, who in ministers:
            words = ("agreement", word, "KOR-JPN-STREAMS", "--to", to, "--as", who)
            said(comity(*words, *at, "--json"))
            exchanged(comity, *at)


def directive(comity, houses, folder, *, most=100_000):
    """Lay and approve a directive of Seoul's; return its reference."""
    at = houses.at("seoul")
    description = folder / "stream.txt"
    description.write_text("Lines, one a time. Fictional.\n")
    words = (
        *("directive", "lay", str(description), "--to", "JPN", "--office", "JPN/DIH"),
        *("--level", "KOR:mil-2", "--subject", "dprk.missile", "--title", "Lines"),
        *("--purpose", "defence.missile-warning", "--until", UNTIL, "--most", str(most)),
    )
    draft = said(comity(*words, "--as", "kim", *at, "--json"))["draft"]
    released = said(comity("approve", draft, "--as", "park", *at, "--json"))["released"]
    exchanged(comity, *at)
    return released[0]["reference"]


def account(comity, at, reference):
    (found,) = said(comity("directive", "show", reference, *at, "--json"))["directives"]
    return found


def until(wanted, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if wanted():
            return
        time.sleep(0.1)
    raise AssertionError("it does not come to that")


def test_a_stream_is_killed_goes_on_and_is_whole_with_both(comity, houses, tmp_path):
    seoul, tokyo = houses.at("seoul"), houses.at("tokyo")
    file = tmp_path / "lines.txt"
    file.write_text("".join(f"line {number}\n" for number in range(LINES)))
    with served(tokyo):
        with served(seoul) as process:
            agree(comity, houses, pact(tmp_path / "pact"))
            reference = directive(comity, houses, tmp_path)
            feeding = start(seoul, reference, file)
            until(lambda: account(comity, tokyo, reference)["given"] > 0)
            process.kill()
            process.wait(20)
            feeding.wait(60)
        socket = tmp_path / "seoul" / "comity.sock"
        socket.unlink(missing_ok=True)
        with served(seoul):
            total = said(comity(*send(reference, file), *seoul, "--json"))
            assert total["given"] + total["before"] == LINES
            assert total["before"] > 0
            until(lambda: account(comity, tokyo, reference)["given"] == LINES)
            # The stream is one item: it is marked and assigned before anybody reads it.
            show = ("feed", "show", reference, "--from", "2998", "--as", "abe")
            assert comity(*show, *tokyo).returncode != 0
            mark = ("re-mark", reference, "--level", "JPN:gokuhi", "--as", "suzuki")
            said(comity(*mark, *tokyo, "--json"))
            said(comity("assign", reference, "--person", "abe", "--as", "suzuki", *tokyo, "--json"))
            shown = comity(*show, *tokyo)
            assert shown.returncode == 0, shown.stdout + shown.stderr
            assert [line.split()[-1] for line in shown.stdout.splitlines()] == ["2998", "2999"]
            said(comity("directive", "withdraw", reference, "--as", "park", *seoul, "--json"))
            refused = comity(*send(reference, file), "--at", "5000", *seoul)
            assert refused.returncode != 0
            assert "withdrawn" in refused.stderr
            exchanged(comity, *seoul)
            for at in (seoul, tokyo):
                found = account(comity, at, reference)
                assert (found["given"], found["left_out"]) == (LINES, 0)
                assert found["state"] == "withdrawn"
                assert said(comity("rebuild", "--check", *at, "--json"))["differences"] == []


def send(reference, file):
    return ("feed", "send", reference, str(file), "--as", "kim")


def start(at, reference, file):
    words = (sys.executable, "-m", "comity.cli.app", *send(reference, file), *at)
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_lane_that_was_put_back_signs_no_second_history(comity, houses, tmp_path):
    seoul, tokyo = houses.at("seoul"), houses.at("tokyo")
    file, store = tmp_path / "lines.txt", tmp_path / "seoul" / "store"
    file.write_text("one\ntwo\n")
    with served(tokyo), served(seoul):
        agree(comity, houses, pact(tmp_path / "pact"))
        reference = directive(comity, houses, tmp_path)
        said(comity(*send(reference, file), *seoul, "--json"))
        until(lambda: account(comity, tokyo, reference)["given"] == 2)
        exchanged(comity, *seoul)
    shutil.copytree(store, tmp_path / "older")
    with served(tokyo), served(seoul):
        file.write_text("one\ntwo\nthree\nfour\n")
        said(comity(*send(reference, file), *seoul, "--json"))
        until(lambda: account(comity, tokyo, reference)["given"] == 4)
        until(lambda: exchanged(comity, *seoul) and witnessed(tmp_path) == 2)
    shutil.rmtree(store)
    shutil.move(tmp_path / "older", store)
    for words in (("serve",), send(reference, file)):
        refused = comity(*words, *seoul)
        assert refused.returncode == 75
        assert f"feed/{reference} has 1 leaves here" in refused.stderr
    with served(tokyo):
        said(comity("recover", "--from", "JPN", *seoul, "--json"))
        with served(seoul):
            file.write_text("one\ntwo\nother\nwords\n")
            refused = comity(*send(reference, file), *seoul, "--json")
            assert json.loads(refused.stdout)["error"] == "refused.lane.closed"
            again = directive(comity, houses, tmp_path)
            said(comity(*send(again, file), *seoul, "--json"))
            until(lambda: account(comity, tokyo, again)["given"] == 4)
            assert account(comity, tokyo, reference)["given"] == 4
    assert said(comity("rebuild", "--check", *seoul, "--json"))["differences"] == []


def witnessed(base):
    """How many leaves of the only lane are known outside the database to have been cosigned."""
    (note,) = (base / "seoul" / "witness").glob("JPN.feed.*.note")
    return int(note.read_text().splitlines()[1])
