"""A house whose counterpart keeps paper, at the command line, on real processes."""

import json
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from comity.cli.demo.seats import free_ports
from comity.printing import render
from comity.vocabulary.errors import Unavailable
from tests.cli.test_serving import served
from tests.scenarios.test_import import MAP, register


def ports() -> tuple[str, ...]:
    """Return two ports of this machine that are free, as options of a new node."""
    places = [f"127.0.0.1:{each}" for each in free_ports(2)]
    return ("--exchange", places[0], "--console", places[1])


@pytest.fixture(scope="module")
def alone(tmp_path_factory, comity):
    """Seoul, with the pact in force and Tokyo on paper."""
    base = tmp_path_factory.mktemp("alone")
    secret = base / "passphrase"
    secret.write_text("a passphrase of this test\n")
    secret.chmod(0o600)
    scan = base / "scan.pdf"
    scan.write_bytes(b"%PDF- scanned")
    at = ("--node", str(base / "seoul"), "--passphrase-file", str(secret))

    def done(*words: str, status: int = 0):
        found = comity(*words, *at)
        assert found.returncode == status, found.stdout + found.stderr
        return found

    done("init", "--party", "KOR", "--profile", "shipped", *ports(), "--quick")
    with served(at):  # a command asks what is at work already, as at a desk
        for person, office, role in (
            ("kim", "KOR/KDIA", "desk-officer"),
            ("park", "KOR/KDIA", "releasing-authority"),
            ("han", "KOR/KDIA", "custodian"),
            ("choi", "KOR/REGISTRY", "registry-officer"),
            ("minister", "KOR/MND", "signatory"),
        ):
            done("person", "add", person, "--name", person, "--office", office, "--role", role)
        sheet = ("--by", "JPN/MOD", "--scan", str(scan), "--on", "2016-11-23", "--as", "choi")
        done("paper", "begin", "JPN", *sheet)
        pact = "KOR-JPN-GSOMIA"
        done("agreement", "propose", "KOR-JPN-GSOMIA-2016", "--to", "JPN", "--as", "minister")
        done("agreement", "sign", pact, "--to", "JPN", "--as", "minister")
        done("paper", "enter", "JPN", "treaty.sign", "--say", f"text={pact}", *sheet)
        done("agreement", "notify", pact, "--to", "JPN", "--as", "minister")
        notify = "treaty.notify-requirements-met"
        done("paper", "enter", "JPN", notify, "--say", f"text={pact}", *sheet)
        done("agreement", "authorities", "--to", "JPN", "--as", "minister")
        yield base, done, scan


def test_the_pact_is_in_force_and_the_notes_are_listed_as_attested(alone):
    _, done, _ = alone
    shown = done("paper", "show", "--json")
    (party,) = json.loads(shown.stdout)["parties"]
    assert (party["party"], party["open"]) == ("JPN", True)
    assert [one["kind"] for one in party["entries"]] == [
        "treaty.notify-authority",
        "treaty.sign",
        "treaty.notify-requirements-met",
    ]
    for lang, words in (
        ("en", "attested by KOR, not signed by JPN"),
        ("ko", "KOR이(가) 확인하여 기재함 · JPN의 서명은 없음"),
        ("ja", "KORが証言して記載 · JPNの署名はない"),
    ):
        assert words in done("paper", "show", "--lang", lang).stdout


def test_a_word_and_a_register_are_entered_and_the_scan_is_found(alone):
    base, done, scan = alone
    until = "2030-01-01T00:00:00.000Z"
    words = ["offices=JPN/DIH", "level=JPN:gokuhi", f"until={until}"]
    words += ["cleared=true", "needed=true", "protected=true"]
    said = [part for one in words for part in ("--say", one)]
    sheet = ("--by", "JPN/DIH", "--scan", str(scan), "--on", "2026-01-10", "--as", "choi")
    done("paper", "enter", "JPN", "people.assure", *said, *sheet)
    office = ("--office", "KOR/KDIA", "--level", "KOR:mil-2")
    done("assure", "--to", "JPN", *office, "--until", until, "--as", "minister")

    (base / "map.toml").write_bytes(MAP)
    (base / "register.csv").write_bytes(register(5) + b"x,y\n")
    run = ("register", "import", str(base / "register.csv"), "--map", str(base / "map.toml"))
    bad = done(*run, "--dry-run", "--as", "choi", status=4)
    assert "✗ 7 '2' → 11 columns, as the heading has" in bad.stdout
    (base / "register.csv").write_bytes(register(5))
    signed = ("--drafter", "kim", "--authority", "park", "--custodian", "han", "--as", "choi")
    first = json.loads(done(*run, *signed, "--json").stdout)
    assert (first["entered"], first["passed"]) == (5, 0)
    second = done(*run, *signed)
    assert second.stdout == "lines 5 · bad 0 · entered 0 · in the book already 5\n"
    assert second.stderr == "5/5\n"
    shown = done("register", "show", "정보-2026-0001").stdout
    assert "attested by KOR, not signed by JPN" in shown

    out = Path(base / "again.pdf")
    done("paper", "scan", "JPN", "1", "--out", str(out), "--as", "choi")
    assert out.read_bytes() == scan.read_bytes()
    refused = done("paper", "scan", "JPN", "1", "--out", str(out), "--as", "kim", status=2)
    assert "refused.person.role" in refused.stderr
    rebuilt = done("rebuild", "--check", "--json")
    assert json.loads(rebuilt.stdout)["differences"] == []


def test_sheets_are_printed_where_the_fonts_are(alone):
    base, done, _ = alone
    try:
        render.font_folder()
    except Unavailable:
        pytest.skip("no Noto CJK fonts here")
    listed = json.loads(done("register", "list", "--json").stdout)["items"]
    number = next(one["reference"] for one in listed if one["direction"] == "out")
    for sheet in ("cover", "label", "receipt"):
        out = base / f"{sheet}.pdf"
        done("print", sheet, number, "--out", str(out), "--lang", "ja", "--as", "choi")
        assert out.read_bytes().startswith(b"%PDF-")
    out = base / "muster.pdf"
    done("print", "muster", "--out", str(out), "--lang", "ko", "--as", "choi")
    text = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert "정보-2026-0001" in text
    refused = done("print", "muster", "--out", str(out), "--as", "kim", status=2)
    assert "refused.person.role" in refused.stderr
    absent = done("print", "cover", number, "--out", str(out), "--as", "minister", status=2)
    assert "refused.absent" in absent.stderr


def test_tokyo_joins_over_the_network_and_its_books_say_the_same(alone, comity):
    """The last of this module: two served nodes, mutual TLS, SQLite, and all that was on paper."""
    base, done, _ = alone
    secret = base / "passphrase"
    tokyo = ("--node", str(base / "tokyo"), "--passphrase-file", str(secret))

    def there(*words: str):
        found = comity(*words, *tokyo)
        assert found.returncode == 0, found.stdout + found.stderr
        return found

    there("init", "--party", "JPN", "--profile", "shipped", *ports(), "--quick")
    with served(tokyo):
        for person, office, role in (
            ("sato", "JPN/DIH", "desk-officer"),
            ("tanaka", "JPN/DIH", "releasing-authority"),
            ("suzuki", "JPN/REGISTRY", "registry-officer"),
        ):
            there("person", "add", person, "--name", person, "--office", office, "--role", role)
        files = {"JPN": base / "kor-for-jpn.json", "KOR": base / "jpn-for-kor.json"}
        told = {
            peer: json.loads(
                run("enrol", "export", peer, "--out", str(files[peer]), "--json").stdout
            )
            for peer, run in (("JPN", done), ("KOR", there))
        }
        for run, peer, persons in (
            (done, "KOR", ("kim", "park")),
            (there, "JPN", ("sato", "tanaka")),
        ):
            compared = [part for one in persons for part in ("--compared-by", one)]
            digits = told[peer]["fingerprint"]
            run("enrol", "confirm", str(files[peer]), "--fingerprint", digits, *compared)
        assert not json.loads(done("paper", "show", "--json").stdout)["parties"][0]["open"]
        seoul = ("--node", str(base / "seoul"))
        deadline = time.monotonic() + 90
        while not in_step(comity, base / "seoul"):
            assert time.monotonic() < deadline, comity("status", *seoul).stdout
            comity("exchange", *seoul)
        for run in (done, there):
            assert json.loads(run("rebuild", "--check", "--json").stdout)["differences"] == []
        # Tokyo finds by its own old number what was written down of it, and whose word it is.
        shown = there("register", "show", "情電第1号", "--as", "suzuki").stdout
        assert "attested by KOR, not signed by JPN" in shown


def in_step(comity, directory: Path) -> bool:
    """Tell whether Tokyo has cosigned both logs of Seoul that are for it, to the end."""
    logs = json.loads(comity("ledger", "show", "--node", str(directory), "--json").stdout)["logs"]
    named = {one["log"]: one for one in logs}
    wanted = [named[one] for one in ("comity/KOR/to/JPN", "comity/KOR/for/JPN")]
    return (
        all(one["cosigned"] == one["size"] > 0 for one in wanted) and "comity/JPN/to/KOR" in named
    )
