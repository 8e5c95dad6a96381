"""Sheets become PDF in a child process with bounds, without a network, and always the same bytes.

Typst sets the pages. What it is given is data, never markup: a title that reads ``#read("…")`` is
printed as that. The child has no environment, a limited time, memory and output; if it dies, or
takes too long, nothing was made and nothing else is touched.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import Instant, to_datetime

SHEETS: Final = ("cover", "label", "receipt", "certificate", "muster")
FAMILIES: Final = {"en": "Noto Sans CJK KR", "ko": "Noto Sans CJK KR", "ja": "Noto Sans CJK JP"}
"""The font of each language: Korean and Japanese draw some characters differently."""

_SECONDS: Final = 60.0
_LIMIT: Final = 32 << 20
_PLACES: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
_FILE: Final = "NotoSansCJK-Regular.ttc"


@lru_cache(maxsize=1)
def font_folder() -> Path:
    """Return the folder with the fonts of all three languages.

    Raises:
        Unavailable: ``unavailable.fonts``: they are not on this machine; ``make setup`` installs
            them (Debian: ``fonts-noto-cjk``).
    """
    for place in _PLACES:
        found = sorted(Path(place).rglob(_FILE)) if Path(place).is_dir() else []
        if found:
            return found[0].parent
    raise Unavailable("unavailable.fonts", f"no {_FILE} under {', '.join(_PLACES)}")


def pdf(sheet: str, data: Mapping[str, Any], *, lang: str, at: Instant) -> bytes:
    """Return a sheet as PDF; the same data at the same instant are the same bytes.

    Args:
        sheet: One of :data:`SHEETS`.
        data: Plain values for the template.
        lang: In which language it is.
        at: When it was made, as the file states it.

    Raises:
        Unavailable: ``unavailable.fonts``; ``unavailable.print``: the child failed or took too
            long.
    """
    given = {
        "sheet": sheet,
        "data": json.dumps(
            {**data, "lang": lang, "family": FAMILIES[lang]}, ensure_ascii=False, sort_keys=True
        ),
        "fonts": str(font_folder()),
        "timestamp": int(to_datetime(at).timestamp()),
    }
    command = [sys.executable, "-I", str(Path(__file__).with_name("child.py"))]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file
            command,
            input=json.dumps(given).encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("unavailable.print", "setting the pages took too long") from error
    if done.returncode or not done.stdout.startswith(b"%PDF-") or len(done.stdout) > _LIMIT:
        # What the child says may hold what was to be printed: only its status is told.
        raise Unavailable("unavailable.print", f"the pages were not set ({done.returncode})")
    return done.stdout
