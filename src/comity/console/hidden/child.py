"""The process that reads a file: bounded in memory, time and files, it answers in JSON.

It is begun by :mod:`comity.console.hidden.looking` alone, with the file at its standard input.
What it reads is never more than the parent's bound, and what it says is checked by the parent.
"""

import codecs
import resource
import sys

from msgspec import json

from comity.console.hidden import office, pdf, pictures
from comity.console.hidden.found import Hidden, State, told

MEMORY = 768 << 20
SECONDS = 5


def look(content: bytes) -> Hidden:
    """Return what is hidden in a file, by what its own bytes say that it is."""
    try:
        if content.startswith(b"PK\x03\x04"):
            kind, found = office.look(content)
            return told(kind, found)
        if content.startswith(b"%PDF-"):
            return told("pdf", pdf.look(content))
        if content.startswith(b"\xff\xd8\xff"):
            return told("jpeg", pictures.jpeg(content))
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return told("png", pictures.png(content))
    except (*office.FAULTS, *pictures.FAULTS, MemoryError, RecursionError):
        return Hidden(state=State.BROKEN)
    return Hidden(state=State.NOT_LOOKED)


def main() -> None:
    """Read standard input, answer on standard output."""
    for name in ("cp437", "latin-1", "utf-16-be", "utf-16-le"):
        codecs.lookup(name)  # while files can still be opened
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(json.encode(look(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
