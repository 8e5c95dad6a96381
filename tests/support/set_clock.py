"""Real processes under a clock that a test sets while they run; see ``set_clock.c``."""

import os
import time
from datetime import datetime
from pathlib import Path

from tests.support.failing_disk import compiled


class SetClock:
    """The clock of one house; how much time passes is the machine's own affair."""

    def __init__(self, file: Path) -> None:
        """Keep the setting in this file; it begins right."""
        self.file = file
        self.set(0)

    def set(self, seconds: float) -> None:
        """Set it so many seconds before (or after) the machine's clock."""
        made = self.file.with_suffix(".new")
        made.write_text(f"{seconds:.3f}\n")
        made.replace(self.file)

    def set_to(self, instant: str) -> None:
        """Set it to an instant, from which it goes on."""
        self.set(datetime.fromisoformat(instant).timestamp() - time.time())

    def env(self, **others: str) -> dict[str, str]:
        """Return the environment of a process that goes by it."""
        made = compiled("set_clock.c", self.file.parent)
        return {**os.environ, "LD_PRELOAD": str(made), "COMITY_CLOCK": str(self.file), **others}
