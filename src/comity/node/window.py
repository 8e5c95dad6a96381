"""The window after a decision: what is approved waits a while at home, and can be taken back.

How long the house's own profile says. The entry is stamped when the window is over, and judged
then: nothing of it stands in any correspondence before, so to take it back leaves no byte with
anybody.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, parse_instant

_PREFIX: Final = "leaving|"


def key_of_leaving(name: Digest) -> str:
    """Return the key under which it is kept when a draft leaves."""
    return f"{_PREFIX}{name}"


def kept(node: Node, name: Digest, at: Instant) -> Mapping[str, bytes]:
    """Return what says that a decided draft leaves at an instant, sealed to that draft."""
    sealed = node.suite.wrap(node.vault.storage(node.party), key=at.encode(), aad=_aad(name))
    return {key_of_leaving(name): sealed}


def leaving(
    node: Node, tx: Reading, names: Iterable[Digest] | None = None
) -> dict[Digest, Instant]:
    """Return when decided drafts leave: all of them, or those of these names that do.

    Raises:
        Invalid: ``invalid.wrapped``: somebody wrote there who has no key of this house.
    """
    if names is None:
        keys = tx.keys(Space.DRAFT, prefix=_PREFIX)
    else:
        keys = tuple(key_of_leaving(one) for one in names)
    storage = node.vault.storage(node.party)
    found = {}
    for key, raw in tx.load_many(Space.DRAFT, keys).items():
        name = Digest(key.removeprefix(_PREFIX))
        opened = node.suite.unwrap(storage, wrapped=raw, aad=_aad(name))
        found[name] = parse_instant(opened.decode())
    return found


def _aad(name: Digest) -> bytes:
    return f"leaving of {name}".encode()
