"""Passkeys on nodes that are served, a process each: invited by command, used over HTTP."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from comity.assemble.links import HEARTBEAT
from tests.cli.conftest import Comity, Told
from tests.cli.test_serving import served
from tests.support.authenticator import Authenticator

REPORT = (
    *("--to", "JPN", "--office", "JPN/DIH", "--level", "KOR:mil-2"),
    *("--subject", "dprk.missile.launch", "--purpose", "defence.missile-warning"),
    *("--title", "A third launch", "--demonstration", "--as", "kim"),
)
QUESTIONS = ("policy", "security", "protection", "benefit", "need")


@pytest.fixture
def copies(told: Told, tmp_path: Path) -> Told:
    assert told.status == 0, told.output
    for name in ("seoul", "tokyo"):
        shutil.copytree(told.base / name, tmp_path / name)
    for name in ("KOR.passphrase", "JPN.passphrase"):
        shutil.copy2(told.base / name, tmp_path / name)
    return told._replace(base=tmp_path)


@pytest.fixture
def both(copies: Told) -> Iterator[Told]:
    with served(copies.at("seoul")), served(copies.at("tokyo")):
        yield copies


def asked(comity: Comity, both: Told, city: str, *words: str) -> Any:
    done = comity(*words, *both.at(city), "--json")
    return json.loads(done.stdout) | {"status": done.returncode}


class Visitor:
    """A browser at a console whose name the resolver need not know."""

    def __init__(self, origin: str) -> None:
        self.origin, self.cookie = origin, ""

    def post(self, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        host = self.origin.removeprefix("http://")
        headers = {"host": host, "origin": self.origin, "cookie": self.cookie}
        address = f"http://127.0.0.1:{host.rpartition(':')[2]}{path}"
        told = httpx.post(address, data=data or {}, headers=headers)
        self.cookie = told.headers.get("set-cookie", self.cookie).partition(";")[0]
        return told


def test_invited_approving_and_revoked_between_two_processes(
    comity: Comity, both: Told, tmp_path: Path
) -> None:
    link = asked(comity, both, "seoul", "person", "invite", "park")["link"]
    origin, path = re.fullmatch(r"(http://seoul\.localhost:[0-9]+)(/invited/.+)", link).groups()
    device, visitor = Authenticator(origin=origin), Visitor(origin)
    made = device.create(visitor.post(f"{path}/wish").json())
    assert visitor.post(path, made).status_code == 303
    kept = asked(comity, both, "seoul", "person", "passkeys", "park")
    assert kept["custodied"] is False
    assert [one["relying_party"] for one in kept["passkeys"]] == ["seoul.localhost"]

    report = tmp_path / "report.txt"
    report.write_text("A fictional assessment.\n")
    draft = asked(comity, both, "seoul", "release", str(report), *REPORT)["draft"][7:23]
    refused = asked(comity, both, "seoul", "approve", draft, "--as", "park")
    assert (refused["status"], refused["error"]) == (2, "refused.passkey.wanted")
    answers = {f"question-{one}": "yes" for one in QUESTIONS}
    wish = visitor.post(f"/approvals/{draft}/approve/sign", answers).json()
    done = visitor.post(f"/approvals/{draft}/approve", answers | device.answer(wish))
    assert done.status_code == 303, done.text
    reference = done.headers["location"].rpartition("/")[2]

    # Nobody asks for an exchange: what is done at the console leaves at once.
    deadline = time.monotonic() + HEARTBEAT / 2
    while (shown := asked(comity, both, "tokyo", "register", "show", reference))["status"]:
        assert time.monotonic() < deadline, shown
    provided = [one for one in shown["timeline"] if one["kind"] == "release.release"]
    assert [one["signed"] for one in provided] == [["passkey"]]

    key = kept["passkeys"][0]["key"][7:23]
    revoked = asked(comity, both, "seoul", "person", "revoke-passkey", "park", key)
    assert revoked["status"] == 0
    assert "JPN" in revoked["told"]
    late = Visitor(origin)
    answer = device.answer(late.post("/passkey/sign-in").json())
    assert "refused.passkey.unknown" in late.post("/sign-in", answer).text
    # The session that it had opened is over too.
    assert visitor.post("/passkey/prove").status_code == 401


def test_who_is_entered_without_a_file_has_none(comity: Comity, both: Told) -> None:
    words = ("person", "add", "ryu", "--name", "Ryu", "--office", "KOR/KDIA")
    entered = asked(comity, both, "seoul", *words, "--role", "releasing-authority", "--no-file")
    assert entered["approval_key"] is False
    assert not list((both.base / "seoul" / "keys").rglob("*ryu*"))


def test_a_console_at_an_address_invites_nobody(
    comity: Comity, tmp_path: Path, secret: Path
) -> None:
    at = ("--node", str(tmp_path / "node"), "--passphrase-file", str(secret))
    made = comity("init", *at, "--party", "KOR", "--profile", "shipped", "--quick")
    assert made.returncode == 0, made.stderr
    done: subprocess.CompletedProcess[str] = comity("person", "invite", "administrator", *at)
    assert done.returncode == 2
    assert "refused.passkey.domain" in done.stdout + done.stderr
    # Behind a server that speaks TLS it has a name, and invites.
    file = tmp_path / "node" / "node.toml"
    file.write_text(
        file.read_text().replace("[peers]", 'origin = "https://desk.example"\n\n[peers]')
    )
    done = comity("person", "invite", "administrator", *at, "--json")
    assert json.loads(done.stdout)["link"].startswith("https://desk.example/invited/")
