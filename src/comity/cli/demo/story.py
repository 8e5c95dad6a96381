"""The telling: numbered steps, what came of each, and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from unicodedata import east_asian_width

_COLUMNS: Final = 76


class Story:
    """Tells the steps and counts them."""

    def __init__(self, *, brief: bool) -> None:
        """Begin at the first step."""
        self.brief = brief
        self.steps = 0

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
            for part in _wrapped(line):
                print(f"    {part}")
        sys.stdout.flush()


def _wrapped(line: str) -> list[str]:
    """Break a line at 76 columns, wide characters counted twice."""
    parts, width = [""], 0
    hanging = " " * (len(line) - len(line.lstrip()) + 2)
    for word in line.split(" "):
        wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in word) + 1
        if width and width + wide > _COLUMNS:
            parts.append(hanging + word)
            width = len(hanging) + wide
        else:
            parts[-1] = f"{parts[-1]} {word}" if width or parts[-1] else word
            width += wide
    return parts
