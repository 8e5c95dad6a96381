"""The Merkle tree as RFC 9162 defines it, by recursion over the leaves: the slow reference.

Nothing is shared with ``comity.ledger``. Hashes of ranges are remembered, so that every size up
to a thousand can be asked for.
"""

import hashlib
from collections.abc import Sequence


class NaiveTree:
    """MTH, PATH and SUBPROOF of sections 2.1.1, 2.1.3.1 and 2.1.4.1, with SHA-384."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        return hashlib.sha384().digest() if size == 0 else self._range(0, size)

    def path(self, index: int, size: int) -> list[bytes]:
        return self._path(index, 0, size)

    def proof(self, old: int, new: int) -> list[bytes]:
        return self._subproof(old, 0, new, whole=True)

    def node(self, level: int, number: int) -> bytes:
        return self._range(number << level, (number + 1) << level)

    def _range(self, first: int, last: int) -> bytes:
        if (first, last) not in self._known:
            if last - first == 1:
                value = b"\x00" + self._leaves[first]
            else:
                middle = first + below(last - first)
                value = b"\x01" + self._range(first, middle) + self._range(middle, last)
            self._known[first, last] = hashlib.sha384(value).digest()
        return self._known[first, last]

    def _path(self, index: int, first: int, last: int) -> list[bytes]:
        if last - first == 1:
            return []
        middle = first + below(last - first)
        if index < middle:
            return [*self._path(index, first, middle), self._range(middle, last)]
        return [*self._path(index, middle, last), self._range(first, middle)]

    def _subproof(self, old: int, first: int, last: int, *, whole: bool) -> list[bytes]:
        if old == last:
            return [] if whole else [self._range(first, last)]
        middle = first + below(last - first)
        if old <= middle:
            left = self._subproof(old, first, middle, whole=whole)
            return [*left, self._range(middle, last)]
        right = self._subproof(old, middle, last, whole=False)
        return [*right, self._range(first, middle)]


def below(size: int) -> int:
    """The largest power of two that is smaller than ``size``."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power
