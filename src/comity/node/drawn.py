"""Values that nobody can guess, and that are the same again for the same thing.

What a person signs is found out by doing it and stopping where it would be signed
(:mod:`comity.node.signing`); then it is done again, with the signature. A deed with a salt, a
key's product or a number drawn by chance in it would be another one the second time. So these are
drawn under a key of the house from what the deed is about: whoever has not that key learns as
little from them as from chance.
"""

from collections.abc import Callable

from comity.acts.canonical import digest
from comity.node.node import Node
from comity.seal.macs import MAC_BYTES, mac

Draw = Callable[[str, int], bytes]
"""Returns so many bytes, at most 32, for one use: another use has others."""


def drawn(node: Node, about: bytes) -> Draw:
    """Return what draws for one thing.

    Args:
        node: This node.
        about: All that makes the thing what it is: two things that differ never share a value.
    """
    secret, name = node.vault.storage(node.party), digest(about)

    def draw(use: str, count: int) -> bytes:
        assert 0 < count <= MAC_BYTES  # noqa: S101 - else a bug here
        return mac(secret, use=f"drawn: {use}", message=name.encode())[:count]

    return draw
