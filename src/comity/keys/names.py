"""How key files are named, and what their names say."""

import re
from typing import Final

from comity.vocabulary.names import Office, Party, parse_office

DESTROYED: Final = ".destroyed"
"""After the name of an epoch whose key is gone, or is to go."""

# ``KOR/KDIA`` is written ``KOR.KDIA``. Capitals and small letters never meet in one place of a
# name, so a file system that does not tell them apart does no harm.
is_key_file: Final = re.compile(
    r"(house|root|(ledger|transport|tls)(\.([2-9]|[1-9][0-9]{1,5}))?|person\.[a-z0-9-]+|storage(\.[A-Z0-9-]+){1,2}"
    r"|office\.[A-Z0-9-]+\.[A-Z0-9-]+\.[1-9][0-9]{0,14}(\.destroyed)?)\Z"
).match
"""Tells whether this is the name of a key file."""


def bound(name: str) -> bytes:
    """Return what a wrapped key is bound to: the name of its file, so that none takes another's."""
    return b"comity/v1 key file\n" + name.encode("ascii")


def storage_name(holder: Office | Party) -> str:
    """Return the name of the storage key of an office, or of the house."""
    return f"storage.{holder.replace('/', '.')}"


def office_name(office: Office, epoch: int) -> str:
    """Return the name of the key of an office's epoch."""
    return f"office.{office.replace('/', '.')}.{epoch}"


def office_and_epoch(name: str) -> tuple[Office, int]:
    """Return what :func:`office_name` named."""
    _, party, unit, epoch = name.split(".")
    return parse_office(f"{party}/{unit}"), int(epoch)
