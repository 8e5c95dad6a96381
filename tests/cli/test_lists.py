"""A list of releases from a CSV, between two processes, killed while it is laid and approved."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

HEAD = "file,title,pages\n"
LINES = 1200
LAID = "SELECT count(*) FROM space_link WHERE key LIKE 'list|%'"
ENTERED = "SELECT count(*) FROM row_draft WHERE state = 'entered'"
COMMON = (
    *("--to", "JPN", "--office", "JPN/DIH", "--level", "KOR:mil-2"),
    *("--subject", "dprk.missile.launch", "--purpose", "defence.missile-warning"),
)


@pytest.fixture
def seoul(told, tmp_path):
    """Return how to speak to a copy of Seoul's node as the story left it."""
    assert told.status == 0, told.output
    shutil.copytree(told.base / "seoul", tmp_path / "seoul")
    shutil.copy2(told.base / "KOR.passphrase", tmp_path / "KOR.passphrase")
    return told._replace(base=tmp_path).at("seoul")


@pytest.fixture
def listed(tmp_path):
    (tmp_path / "a.txt").write_text("A fictional track.")
    (tmp_path / "b.txt").write_text("Another fictional track.")
    file = tmp_path / "tracks.csv"
    rows = [f"{'ab'[number % 2]}.txt,Track {number},{number % 9 + 1}" for number in range(LINES)]
    file.write_text(HEAD + "\n".join(rows) + "\n")
    return file


def said(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def kill_when_begun(words, node, counting):
    """Run a command and kill it when the database first counts more; tell what is then counted."""

    def count():
        with closing(sqlite3.connect(f"file:{node}/store/book.sqlite3?mode=ro", uri=True)) as book:
            return book.execute(counting).fetchone()[0]

    before = count()
    process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and count() == before:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    return count()


def test_every_line_is_laid_and_released_once_however_often_it_is_killed(comity, seoul, listed):
    lay = ("list", "lay", str(listed), *COMMON, "--as", "kim", *seoul)
    laid = [kill_when_begun(lay, seoul[1], LAID) for _ in range(2)]
    assert 0 < laid[0] < laid[1] < LINES, laid
    first = said(comity(*lay, "--json"))
    assert (first["laid"], first["left"]) == (LINES, 0)
    name = first["list"][7:23]
    by_park = ("--as", "park", *seoul)
    assert said(comity("list", "show", name, "--as", "kim", *seoul, "--json"))["next"] == 51
    absent = comity("list", "show", "0123", "--as", "jang", *seoul, "--json")
    hidden = comity("list", "show", name, "--as", "jang", *seoul, "--json")
    assert (absent.returncode, hidden.returncode) == (2, 2)
    assert hidden.stdout == absent.stdout
    again = said(comity(*lay, "--json"))
    assert (again["laid"], again["now"]) == (LINES, 0)

    shown = said(comity("list", "show", name, "--count", str(LINES), *by_park, "--json"))
    assert shown["counts"] == {"waiting": LINES}
    assert [one["title"] for one in shown["lines"]] == [f"Track {n}" for n in range(LINES)]
    assert len({one["draft"] for one in shown["lines"]}) == LINES

    # Who decides and who laid them sees the drafts; to others there are none, as to nobody.
    seen = {
        who: said(comity("drafts", "--as", who, *seoul, "--json"))["drafts"]
        for who in ("park", "kim", "choi", "nobody")
    }
    assert len(seen["park"]) == LINES
    assert seen["kim"] == seen["park"]
    assert seen["choi"] == seen["nobody"] == []
    assert comity("drafts", *seoul).returncode == 64

    approve = ("list", "approve", name, "--as", "park", *seoul)
    assert 0 < kill_when_begun(approve, seoul[1], ENTERED) < LINES
    said(comity(*approve, "--json"))
    after = said(comity("list", "show", name, *by_park, "--json"))
    assert after["counts"] == {"entered": LINES}
    assert said(comity(*approve, "--json"))["released"] == 0
    found = said(comity("rebuild", "--check", *seoul, "--json"))
    assert found["differences"] == []


def test_one_wrong_line_and_nothing_is_laid(comity, seoul, listed):
    with listed.open("a") as file:
        file.write("none.txt,Track,1\na.txt,Track,many\n")
    done = comity("list", "lay", str(listed), *COMMON, "--as", "kim", *seoul)
    assert done.returncode == 2
    assert f"line {LINES + 2}, file" in done.stderr
    assert f"line {LINES + 3}, pages" in done.stderr
    assert said(comity("drafts", "--as", "park", *seoul, "--json")) == {"drafts": []}
    done = comity("list", "lay", str(listed), "--as", "kim", *seoul)
    assert "line 2, to: nothing stands there, and no option of the command gives it" in done.stderr
    assert comity("list", "show", "abc", "--as", "park", *seoul).returncode == 2


def test_a_heading_that_is_unknown_is_named(comity, seoul, listed):
    listed.write_text("file,colour\na.txt,red\n")
    done = comity("list", "lay", str(listed), *COMMON, "--as", "kim", *seoul)
    assert done.returncode == 2
    assert "column colour" in done.stderr
