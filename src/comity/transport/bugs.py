"""What is written down when something fails that nobody meant to fail."""

import traceback
from logging import Logger


def note_bug(log: Logger, error: Exception) -> None:
    """Log the kind of an error and where it arose, never its words: they may quote content."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    log.error("%s in %s, line %s of %s", kind, place.name, place.lineno, place.filename)
