"""What a newcomer gets wrong, and what is said then; a node begun behind the terminal."""

import json
import shlex
from pathlib import Path

import pytest

from comity.cli.app import COMMANDS, _parser, run


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_is_taken_as_it_stands(name: str) -> None:
    example = COMMANDS[name].example
    assert "…" not in example
    for one in example.split(" | "):
        words = shlex.split(one.partition(" > ")[0])
        assert words[0] == "comity"
        _parser().parse_args(words[1:])


def began(folder: Path, secret: Path, *more: str) -> list[str]:
    return [
        *("init", "--party", "KOR", "--profile", "shipped", "--node", str(folder)),
        *("--passphrase-file", str(secret), *more),
    ]


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        (("--exchange", "here"), 4, "invalid.address: 'here'"),
        (("--console", "localhost:99999"), 4, "invalid.address: 'localhost:99999'"),
        (("--origin", "seoul.example"), 4, "invalid.origin: seoul.example"),
        (("--origin", "https://seoul.example/page"), 4, "invalid.origin"),
        (("--party", "ZZZ"), 2, "refused.pact.profile: ZZZ: JPN, KOR"),
        (("--profile", "none.md"), 2, "refused.file.unreadable: none.md"),
        (("--store", "env:COMITY_TEST_IS_NOT_SET"), 75, "unavailable.database"),
    ],
)
def test_a_node_that_cannot_be_made_leaves_no_folder(  # noqa: PLR0913 - fixtures and a row
    tmp_path, secret, capsys, more, status, said
):
    folder = tmp_path / "seoul"
    assert run(began(folder, secret, *more)) == status
    assert said in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_was_there_keeps_what_was_in_it_and_nothing_else(tmp_path, secret):
    folder = tmp_path / "seoul"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    assert run(began(folder, secret, "--store", "env:COMITY_TEST_IS_NOT_SET")) == 75
    assert [one.name for one in folder.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "none.json"),
        ("enrol", "fingerprint", "none.json"),
        ("pact", "history", "GSOMIA", "--at", "2016", "--view", "KOR", "--records", "none.csv"),
        ("feed", "tracks", "--table", "none.csv"),
        ("init", "--party", "KOR", "--profile", "shipped", "--passphrase-file", "none.pass"),
    ],
)
def test_a_file_that_is_not_there_ends_every_command_alike(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    assert run([*words, "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "refused.file.unreadable"
    assert said["detail"].startswith("none.")


def test_a_node_is_begun_behind_the_terminal_and_stopped(comity, tmp_path, secret):
    folder = tmp_path / "seoul"
    assert run(began(folder, secret, "--quick")) == 0
    config = folder / "node.toml"
    assert run(["stop", "--node", str(folder)]) == 0  # nothing runs, and that is no failure
    # Any port that is free: the address of the test's node is asked by nobody.
    for port in ("7401", "7501"):
        config.write_text(config.read_text().replace(port, "0"))
    at = ("--node", str(folder))
    done = comity("serve", "--background", *at, "--passphrase-file", str(secret))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("serving Korea: ")
    # No passphrase is asked for: the node that was begun answers.
    assert json.loads(comity("status", *at, "--json").stdout)["party"] == "KOR"
    again = comity("serve", "--background", *at, "--passphrase-file", str(secret))
    assert again.returncode == 75
    assert "unavailable.locked" in again.stderr
    assert comity("stop", *at).returncode == 0
    assert not (folder / "comity.sock").exists()
    assert (folder / "serve.log").stat().st_mode & 0o077 == 0
    done = comity("status", *at, "--passphrase-file", str(secret), "--json")
    assert json.loads(done.stdout)["party"] == "KOR"


def test_what_stands_for_one_of_a_few_values_is_said_with_them(comity, tmp_path, secret):
    folder = tmp_path / "seoul"
    assert run(began(folder, secret, "--quick")) == 0
    at = ("--node", str(folder), "--passphrase-file", str(secret))
    for port in ("7401", "7501"):
        config = folder / "node.toml"
        config.write_text(config.read_text().replace(port, "0"))
    done = comity(
        *("person", "add", "kim", "--name", "Kim", "--office", "KOR/KDIA", "--role", "boss"), *at
    )
    assert done.returncode == 4
    assert "invalid.choice: --role boss: desk-officer, releasing-authority" in done.stderr
