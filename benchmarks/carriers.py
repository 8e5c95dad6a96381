# ruff: noqa: S603 - other people's programs, with fixed arguments
"""What others do to one item of 1 KB: AS2 with a signed receipt, GnuPG signed and encrypted.

AS2 (RFC 4130) by ``pyas2lib``, in one process of a virtual environment of its own: a message
signed and encrypted, opened and verified by the other, a signed receipt made and verified. GnuPG
by its own program: signed and encrypted by one, decrypted and verified by the other. Neither has
a network, a disk that is synced, a judgement, a ledger or a half that holds against a quantum
computer; they are what is in use for this work. The bulk row beside them has all of that.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks import bulk
from benchmarks.figures import Figure, run

_HERE: Final = Path(__file__).parent
_PLACE: Final = _HERE.parent / ".carriers"
_AS2: Final = "pyas2lib==1.4.4"
_RUNS: Final = 5
_ITEMS: Final = 20


def _as2() -> list[float]:
    python, stamp = _PLACE / "bin" / "python", _PLACE / "made-from"
    if not stamp.exists() or stamp.read_text() != _AS2:
        subprocess.run([sys.executable, "-m", "venv", "--clear", _PLACE], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", _AS2], check=True)
        stamp.write_text(_AS2)
    script = _HERE / "carriers_apart.py"
    words = [python, script, str(_RUNS), str(_ITEMS)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [float(line) for line in said.split()]


def _gnupg() -> list[float]:
    program = shutil.which("gpg")
    if program is None:
        return []
    rates = []
    with tempfile.TemporaryDirectory(prefix="comity-gpg-") as name:
        base = [program, "--homedir", name, "--batch", "--quiet", "--yes", "--passphrase", ""]
        for user in ("seoul@example.org", "tokyo@example.org"):
            make = ["--quick-generate-key", user, "future-default", "default", "never"]
            subprocess.run([*base, *make], check=True, capture_output=True)
        sign = [*base, "--trust-model", "always", "-u", "seoul@example.org", "-r",
                "tokyo@example.org", "--sign", "--encrypt"]  # fmt: skip
        for at in range(_RUNS):
            item = bytes([at]) * 1000
            began = time.monotonic()
            for _ in range(_ITEMS):
                sealed = subprocess.run(sign, input=item, check=True, capture_output=True).stdout
                opened = subprocess.run(
                    [*base, "--decrypt"], input=sealed, check=True, capture_output=True
                )
                if opened.stdout != item:
                    raise RuntimeError("GnuPG gave other bytes back")
            rates.append(_ITEMS / (time.monotonic() - began))
        subprocess.run(["gpgconf", "--homedir", name, "--kill", "all"], check=False)  # noqa: S607
    return rates


def measure(seconds: float) -> list[Figure]:
    """Measure the others and the bulk row, in one run; ``seconds`` is for the latter."""
    figures = []
    for label, rates in (("AS2 with signed receipt (pyas2lib)", _as2()), ("GnuPG", _gnupg())):
        if rates:
            figures.append(Figure(f"{label}, 1 KB items", "items/s", tuple(rates)))
    ours = [one for one in bulk.measure(seconds) if "released to cosigned" in one.row]
    ratios = [
        Figure(
            f"{one.row}: times {other.row.partition(',')[0]}", "times", (one.middle / other.middle,)
        )
        for one in ours
        for other in figures
    ]
    return [*figures, *ours, *ratios]


if __name__ == "__main__":
    run(measure, seconds=20.0)
