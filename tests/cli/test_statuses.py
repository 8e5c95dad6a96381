"""Exit statuses and ``--json``, on real processes: what scripts rely on."""

import json
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest


def test_the_demonstration_passes_and_leaves_nothing_running(told):
    assert told.status == 0, told.output
    assert told.output.splitlines()[-1].endswith(" steps passed")
    steps = [line for line in told.output.splitlines() if line.startswith("ok ")]
    assert told.output.splitlines()[-1] == f"{len(steps)} steps passed"
    for city in ("seoul", "tokyo", "washington"):
        assert not (told.base / city / "comity.sock").exists()
    assert not [one for one in _running() if str(told.base) in one]


def test_0_status_says_the_pact_is_in_force_in_both_views(comity, told):
    done = comity("status", *told.at("tokyo"), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["party"] == "JPN"
    views = {one["id"]: one["views"] for one in said["agreements"]}
    assert views["KOR-JPN-GSOMIA"] == {"JPN": "in-force", "KOR": "in-force"}
    assert {one["peer"] for one in said["links"]} == {"KOR", "USA"}
    assert all(one["out"] == one["acknowledged"] for one in said["links"])


def test_0_register_list_and_show_have_stable_keys(comity, told):
    item = _crossed(comity, told)
    assert item["reference"].startswith("KOR-")
    assert item["number"].startswith("JPN-R-")
    for number in (item["reference"], item["number"]):
        shown = json.loads(comity("register", "show", number, *told.at("tokyo"), "--json").stdout)
        assert shown["position"] == item["position"]
        assert {"timeline", "duties", "copies", "receipts", "read_by"} <= shown.keys()


def test_0_rebuild_and_ledger_verify_find_no_difference(comity, told):
    for words in (("rebuild", "--check"), ("ledger", "verify")):
        done = comity(*words, *told.at("seoul"), "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["differences"] == []


def test_0_all_that_was_judged_is_judged_alike_again_and_nothing_of_it_stays(
    comity, told, tmp_path: Path
):
    text = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md")
    lower = text.read_text().replace('cap = "SECRET"', 'cap = "CONFIDENTIAL"')
    (tmp_path / "agreement.md").write_text(lower)
    for more, otherwise in (((), False), (("--under", str(tmp_path), "--anew"), True)):
        done = comity("audit", "replay", *more, *told.at("seoul"), "--json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert (said["diverged"], said["divergences"]) == (0, [])
        assert said["line"] == said["lines"] > 0
        assert said["judged"] > 0
        assert (said["differed"] > 0) is otherwise
        assert len(said["otherwise"]) == said["differed"]
        assert done.stderr == ""
        assert not (told.base / "seoul/replay").exists()


def test_2_nothing_is_judged_under_a_text_of_others(comity, told):
    done = comity("audit", "replay", "--under", "CERT-AA-CERT-BB-1", *told.at("seoul"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "refused.audit.under" in done.stderr


def test_0_each_duty_names_its_agreement_and_what_it_is_about(comity, told):
    duties = json.loads(comity("duties", "--all", *told.at("tokyo"), "--json").stdout)["duties"]
    lines = comity("duties", "--all", *told.at("tokyo")).stdout.splitlines()
    assert len(lines) == len(duties) > 0
    for one, line in zip(duties, lines, strict=True):
        assert f"{one['agreement']} Article {one['article']}, {one['about']}, " in line
    said = json.loads(comity("status", *told.at("tokyo"), "--json").stdout)["duties"]
    open_ = [one for one in duties if not one["discharged"]]
    assert [(one["about"], one["overdue"]) for one in said] == [
        (one["about"], one["state"] == "overdue") for one in open_
    ]


def test_2_a_refusal_names_article_reason_and_remedy_in_three_languages(comity, told):
    number = _number(comity, told)
    for lang, article in (("en", "Article 7"), ("ko", "제7조"), ("ja", "第7条")):
        done = comity(
            *("assign", number, "--person", "ueda", "--as", "suzuki", "--lang", lang),
            *told.at("tokyo"),
        )
        assert done.returncode == 2
        assert article in done.stderr
        assert "refused.access.rank-never-suffices" in done.stderr


def test_2_a_refusal_as_json_carries_findings(comity, told):
    number = _number(comity, told)
    done = comity(
        *("assign", number, "--person", "minister-jpn", "--as", "suzuki", "--json"),
        *told.at("tokyo"),
    )
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert said["family"] == "refused"
    assert said["findings"][0]["article"] == "7"
    assert said["findings"][0]["agreement"] == "KOR-JPN-GSOMIA"


def test_2_absent_and_not_allowed_are_the_same_bytes(comity, told):
    number = _number(comity, told)
    answers = [
        comity("register", "show", one, "--as", "minister-jpn", *told.at("tokyo"))
        for one in (number, "KOR-2026-NONE")
    ]
    assert [one.returncode for one in answers] == [2, 2]
    assert answers[0].stderr == answers[1].stderr
    assert answers[0].stdout == answers[1].stdout == ""


def test_2_a_directory_without_a_node(comity, tmp_path, secret):
    done = comity("status", "--node", str(tmp_path), "--passphrase-file", str(secret), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "refused.node.none"


def test_2_a_passphrase_file_that_others_may_read(comity, told, tmp_path):
    file = tmp_path / "open"
    file.write_text("demonstration KOR")
    file.chmod(0o644)
    done = comity(
        *("status", "--node", str(told.base / "seoul"), "--passphrase-file", str(file), "--json")
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"].startswith("refused.passphrase")
    assert "demonstration KOR" not in done.stdout + done.stderr


def test_3_evidence_without_roots_is_consistent_and_unconfirmed(comity, told):
    done = comity("verify", str(told.base / "crossing.json"), "--json")
    assert done.returncode == 3
    assert '"confirmed": false' in done.stdout


def test_4_evidence_changed_in_one_byte(comity, told):
    done = comity("verify", str(told.base / "changed.json"), "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["family"] == "invalid"


def test_4_another_passphrase(comity, told, secret):
    done = comity(
        *("status", "--node", str(told.base / "seoul"), "--passphrase-file", str(secret), "--json")
    )
    assert done.returncode == 4
    assert json.loads(done.stdout)["error"] == "invalid.passphrase"


def test_4_a_configuration_with_a_misspelt_key(comity, tmp_path, secret):
    (tmp_path / "node.toml").write_text('party = "KOR"\nregistrry = "KOR/REGISTRY"\n')
    done = comity("status", "--node", str(tmp_path), "--passphrase-file", str(secret))
    assert done.returncode == 4
    assert "registry" in done.stderr


@pytest.mark.parametrize(
    "words",
    [(), ("releese",), ("release",), ("agreement", "sign", "KOR-JPN-GSOMIA"), ("status", "--x")],
)
def test_64_wrong_usage(comity, words):
    done = comity(*words)
    assert done.returncode == 64
    assert "usage: comity" in done.stderr


def test_75_an_exchange_that_reaches_nobody_says_so_for_each_counterpart(comity, told):
    done = comity("exchange", *told.at("seoul"))
    assert done.returncode == 75, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("✗ JPN: ")]
    assert "(unavailable.peer)" in done.stdout


def test_2_without_a_terminal_no_passphrase_is_read_where_it_would_show(comity, told):
    done = comity("status", "--node", str(told.base / "seoul"), "--json", timeout=30)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "refused.passphrase.terminal"


def _crossed(comity, told):
    """Return Seoul's item that Tokyo's registry has entered: of what came, the one of the story."""
    listed = json.loads(comity("register", "list", *told.at("tokyo"), "--json").stdout)
    [item] = [one for one in listed["items"] if one["from"] == "KOR" and one["number"]]
    return item


def _number(comity, told):
    return _crossed(comity, told)["number"]


def _running():
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
