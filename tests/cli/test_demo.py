"""The demonstration ends with whoever told it to, and leaves nothing running."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from comity.cli.demo.story import wrapped
from comity.cli.speech import columns


def test_told_to_end_it_takes_its_nodes_with_it(tmp_path: Path) -> None:
    sockets = [tmp_path / city / "comity.sock" for city in ("seoul", "tokyo")]
    with subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", "demo", "--check", "--dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "The first words over mutual TLS" in line:
                break
        assert all(one.exists() for one in sockets)  # both nodes are served
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(60) == 130
    assert "steps passed" not in rest
    assert not any(one.exists() for one in sockets)
    named = str(tmp_path).encode()
    commands = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            commands.append(one.read_bytes())
    assert not [one for one in commands if named in one]


def test_a_line_breaks_where_its_language_allows_it() -> None:
    for line in (
        "… KOR-JPN-GSOMIA Article 7: Nobody is entitled by rank, appointment or clearance alone.",
        "  → 먼저 일본이 대한민국에 승인을 요청한다. 그 직무는 이 자료를 필요로 하지 않는다.",
        "… 第7条: 何人も、階級、地位又は資格のみによってアクセスすることはできない。dprk に関し、",
    ):
        found = wrapped(line)
        assert len(found) > 1
        assert all(columns(one) <= 76 for one in found)
        assert "".join("".join(found).split()) == "".join(line.split())
        assert not any(one.lstrip().startswith(tuple("、。」")) for one in found)
