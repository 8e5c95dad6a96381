"""Files beside the database that only grow: what its writer cannot set back."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from comity.keys.folder import write_file
from comity.vocabulary.errors import Unavailable

_NAME: Final = "latest.json"
_Kept = dict[str, Annotated[str, Meta(max_length=64)]]


class FileWitness:
    """The greatest values that were kept under a name, in one file (the port ``Witness``)."""

    def __init__(self, folder: Path) -> None:
        """Read what is kept.

        Raises:
            Unavailable: ``unavailable.disk``: it is there and cannot be read. A node that went
                on would take everything for new.
        """
        self._folder: Final = folder
        self._writing: Final = Lock()
        file = folder / _NAME
        try:
            raw = file.read_bytes() if file.exists() else b"{}"
            self._kept = msgspec.json.decode(raw, type=_Kept)
        except (OSError, msgspec.DecodeError) as error:
            raise Unavailable("unavailable.disk", f"witness: {file} cannot be read") from error

    def latest(self, what: str) -> str:
        """Return the greatest value that was kept under a name; nothing was: an empty text."""
        return self._kept.get(what, "")

    def keep(self, values: Mapping[str, str]) -> None:
        """Keep those that are greater than what is kept; a lesser one changes nothing.

        Raises:
            Unavailable: ``unavailable.disk``: what was kept is there still.
        """
        with self._writing:
            more = {what: now for what, now in values.items() if now > self.latest(what)}
            if not more:
                return
            kept = {**self._kept, **more}
            try:
                self._folder.mkdir(exist_ok=True, mode=0o700)
            except OSError as error:
                raise Unavailable("unavailable.disk", f"witness: {error.strerror}") from error
            write_file(self._folder, _NAME, msgspec.json.encode(kept, order="sorted"))
            self._kept = kept
