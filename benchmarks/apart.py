"""Other people's programs beside ours: a process of a virtual environment of their own.

The environment, ``.peers``, is made here from ``peers.txt`` and never enters the locks. Both sides
speak lines of JSON.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
PLACE: Final = HERE.parent / ".peers"


class Apart:
    """One script of this folder, at work in the peers' own virtual environment."""

    def __init__(self, script: str, *words: str) -> None:
        """Make the environment where there is none, and start the process."""
        python = PLACE / "bin" / "python"
        wanted = (HERE / "peers.txt").read_text(encoding="utf-8")
        stamp = PLACE / "made-from"
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)  # noqa: S603 - own paths
            install = [python, "-m", "pip", "install", "--quiet", "-r", HERE / "peers.txt"]
            subprocess.run(install, check=True)  # noqa: S603 - own paths
            stamp.write_text(wanted, encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603 - own paths
            [python, HERE / script, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, asked: dict[str, Any]) -> Any:  # noqa: ANN401 - as the other side answers
        """Ask and return the answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the other process has no pipes")
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)
