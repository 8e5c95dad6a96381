"""A file in order: its blocks alone, the same meaning, every comment, nothing written unasked."""

import json
from pathlib import Path

import pytest

from comity.agreement.complaints import InvalidAgreement
from comity.agreement.formatting import formatted
from comity.agreement.parsing import parse
from comity.agreement.shipped import everything
from comity.agreement.text import Agreement
from comity.cli.app import run
from tests.support.couple import FOLDER

HEAD = """```toml agreement
# who it is
version = '1'   #  the first


authentic = [ 'en' ]
parties = [
  "AAA",    "BBB" ]
note = 'it says "so"'
bindingness="arrangement"
id = "AAA-BBB"
  # when
  [ clocks ]   # days
  zone = 'UTC'
```
"""
ORDERLY_HEAD = """```toml agreement
id = "AAA-BBB"
# who it is
version = "1"  #  the first
parties = [
  "AAA",
  "BBB",
]
bindingness = "arrangement"
authentic = ["en"]
note = 'it says "so"'

# when
[clocks]  # days
zone = "UTC"
```
"""
TERMS = """```toml terms

[[clause]]
type = 'equivalence'
article = "1"
cap = "ONE"
[[clause.tiers]]
levels = [{since = "2014-12-09T15:00:00.000Z",level='AAA:one'},
   { level = "BBB:one" }]
rank = 1
"name" = 'ONE'
  # the officer's table
  [clause.office_caps]
  'BBB/DESK' = "ONE"
# left over
[[clause]]
article = "1"
type = "receipt"
from_levels = [ # two
    "AAA:one", # one
      ]
due = "from-level"
# the end
```
"""
ORDERLY_TERMS = """```toml terms
[[clause]]
article = "1"
type = "equivalence"
cap = "ONE"

  [[clause.tiers]]
  name = "ONE"
  rank = 1
  levels = [
    { level = "AAA:one", since = "2014-12-09T15:00:00.000Z" },
    { level = "BBB:one" },
  ]

  # the officer's table
  [clause.office_caps]
  "BBB/DESK" = "ONE"

# left over
[[clause]]
article = "1"
type = "receipt"
due = "from-level"
from_levels = [ # two
    "AAA:one", # one
      ]
# the end
```
"""
PROSE = "## Article 1 · All {#1}\n\n  Words  as they   stand,\n\twith   spaces. \n\n\n"


def test_blocks_are_set_in_order_and_words_left_as_they_are() -> None:
    prose = PROSE.replace("\t", "")
    found = formatted(f"# A pact\n\n{HEAD}\n{prose}{TERMS}\n\n\n", file="agreement.md")
    assert found == f"# A pact\n\n{ORDERLY_HEAD}\n{prose}{ORDERLY_TERMS}"
    assert formatted(found, file="agreement.md") == found


@pytest.mark.parametrize(
    "block",
    [
        "```toml terms\n\n\n```\n",
        '````toml terms\n[[clause]]\ntype = "amendment"\narticle = "1"\n````\n',
        '```toml terms\nclause = [ {type = "amendment", article = "1"} ]\n```\n',
        '```toml terms\n[[clause]]\ntype = "amendment"\narticle = """1"""\n```\n',
        '> ```toml terms\n> [[clause]]\n> type = "amendment"\n> article = "1"\n> ```\n',
        '```toml terms\n[[clause]]\ntype = "amendment"\narticle = "1"\n',
    ],
)
def test_any_block_that_parses_comes_back_with_its_meaning(block: str) -> None:
    source = f"{HEAD}\n## Article 1 · All {{#1}}\n\nWords.\n\n{block}"
    found = formatted(source, file="agreement.md")
    assert parse(found, file="x")[2] == parse(source, file="x")[2]
    assert formatted(found, file="agreement.md") == found
    assert found.endswith("\n")
    assert not found.endswith("\n\n")


def test_what_is_wrong_is_told_and_nothing_is_set_in_order() -> None:
    with pytest.raises(InvalidAgreement) as refusal:
        formatted(HEAD.replace("version", "verzion"), file="agreement.md")
    assert any("version" in str(one) for one in refusal.value.complaints)


@pytest.mark.parametrize("one", everything(), ids=lambda one: f"{one.id}-{one.version}")
def test_what_ships_is_in_order(one: Agreement) -> None:
    assert formatted(one.source, file="agreement.md") == one.source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for one in (FOLDER / "NOR-FIN-ORAL-2").iterdir():
        (tmp_path / one.name).write_bytes(one.read_bytes())
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = run(["agreement", "format", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_file_is_written_only_when_that_is_asked_for_and_is_another_text_then(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "agreement.md"
    before = file.read_bytes()
    file.chmod(0o640)
    assert told(capsys, str(folder))[0] == 0
    status, said = told(capsys, str(file), "--check")
    assert (status, said["in_order"], said["written"]) == (2, False, False)
    assert said["was"] == said["now"]
    assert '-suspend = "until-results"' in said["diff"]  # type: ignore[operator]
    assert file.read_bytes() == before
    status, said = told(capsys, str(file), "--write")
    assert (status, said["written"]) == (0, True)
    assert said["was"] != said["now"]
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        one.name for one in (FOLDER / "NOR-FIN-ORAL-2").iterdir()
    )
    assert told(capsys, str(file), "--check")[0] == 0
    assert run(["agreement", "format", str(file)]) == 0
    assert "is in order" in capsys.readouterr().out


def test_complaints_are_shown_and_the_file_stays(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "agreement.md"
    file.write_text(file.read_text().replace('suspend = "until-results"', 'suspend = "never"'))
    before = file.read_bytes()
    assert run(["agreement", "format", str(file), "--write"]) == 4
    assert "suspend" in capsys.readouterr().err
    assert file.read_bytes() == before
