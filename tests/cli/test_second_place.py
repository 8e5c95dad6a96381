"""A second place on another disk: what was done at home comes back, byte by byte."""

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Comity


def test_what_was_done_at_home_comes_back_from_the_second_place(
    comity: Comity, tmp_path: Path, secret: Path
) -> None:
    node, second = tmp_path / "seoul", tmp_path / "other-disk/kor"

    def run(*words: str, status: int = 0) -> dict[str, object]:
        done = comity(*words, "--json", "--node", str(node), "--passphrase-file", str(secret))
        assert done.returncode == status, done.stdout + done.stderr
        said: dict[str, object] = json.loads(done.stdout)
        return said

    def add(person: str) -> None:
        office = ("--office", "KOR/KDIA", "--role", "desk-officer")
        run("person", "add", person, "--name", person, *office)

    run("init", "--party", "KOR", "--profile", "shipped", "--quick", "--second", str(second))
    assert run("status")["second"] == {"folder": str(second), "behind": 0}
    add("kim")
    shutil.copytree(node / "store", tmp_path / "older")
    add("yun")
    whole = run("ledger", "show")
    shutil.rmtree(node / "store")
    shutil.move(tmp_path / "older", node / "store")

    # Nobody has cosigned anything: only the second place knows that this copy is older.
    said = run("status", status=75)
    assert said["error"] == "unavailable.rollback"
    assert run("recover", "--dry-run")["second"] == 1
    assert run("status", status=75)["error"] == "unavailable.rollback"
    assert run("recover") == {"dry_run": False, "second": 1, "links": []}
    assert run("ledger", "show") == whole
    assert run("rebuild", "--check")["differences"] == []
    persons = run("status")["persons"]
    assert {"kim", "yun"} <= {one["person"] for one in persons}  # type: ignore[attr-defined]
    assert run("recover")["second"] == 0

    # Another folder is not taken for it.
    shutil.move(second, tmp_path / "gone")
    assert run("status", status=75)["error"] == "unavailable.second"
