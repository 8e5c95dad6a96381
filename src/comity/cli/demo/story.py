"""The telling: numbered steps, what came of each, and how long it took."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from comity.cli.speech import columns
from comity.cli.words import finding_lines, word_in

_COLUMNS: Final = 76

# Letters that no space parts; and what never stands at the beginning of a line (、。」 and such).
_CLOSE: Final = r"\u3040-\u30ff\u3400-\u9fff"
_AFTER: Final = r"\u3001\u3002\uff0c\uff0e\uff09\u300d\u300f\u3015\u3011\u30fc"
_PIECES: Final = re.compile(rf"\s*(?:[{_CLOSE}]|[^\s{_CLOSE}]+)[{_AFTER}]*")


class Story:
    """Tells the steps and counts them."""

    def __init__(self, *, brief: bool, lang: str) -> None:
        """Begin at the first step; what judged it is told in this language."""
        self.brief = brief
        self.lang = lang
        self.word = word_in(lang)
        self.steps = 0

    def findings(self, *findings: Mapping[str, Any]) -> list[str]:
        """Return what the agreement said, article and way out, in the language of the telling."""
        return [line for one in findings for line in finding_lines(one, self.lang)]

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Tell one step; the lines put into the list are what came of it."""
        lines: list[str] = []
        began = time.monotonic()
        yield lines
        took = (time.monotonic() - began) * 1000
        self.steps += 1
        if self.brief:
            print(f"ok {self.steps:>2} {title} ({took:.0f} ms)", flush=True)
            return
        print(f"\n\x1b[1m{self.steps:>2}. {title}\x1b[0m  \x1b[2m{took:.0f} ms\x1b[0m")
        for line in lines:
            for part in wrapped(line):
                print(f"    {part}")
        sys.stdout.flush()


def wrapped(line: str) -> list[str]:
    """Break a line at 76 columns: wide characters count twice, and break where no space does."""
    parts, width = [""], 0
    hanging = " " * (len(line) - len(line.lstrip()) + 2)
    for piece in _PIECES.findall(line):
        wide = columns(piece)
        if width and width + columns(piece.rstrip()) > _COLUMNS:
            parts[-1] = parts[-1].rstrip()
            parts.append(hanging + piece.lstrip())
            width = columns(parts[-1])
        else:
            parts[-1] += piece
            width += wide
    return parts
