"""Labels as a lattice: what a derivative of several items must carry.

The join takes the higher levels, the union of caveats and regimes, and the intersection of the
audiences. It only ever grows in sensitivity and shrinks in audience, whatever the order.
"""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct, UnsetType

from comity.marking.schemes import Schemes, rank
from comity.vocabulary.names import Caveat, Level, Party, Regime, scheme_of


class LabelLike(Protocol):
    """What a label has, wherever it comes from (an item core, a portion of a document)."""

    @property
    def level(self) -> Level:
        """The originator's own level."""
        ...

    @property
    def releasable(self) -> tuple[Party, ...]:
        """Whom it may ever go to; empty: the agreement alone decides."""
        ...

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """Restrictions on use or release."""
        ...

    @property
    def regime(self) -> Regime | UnsetType:
        """The law it is under at home, where it has one of its own."""
        ...


class Joined(Struct, frozen=True, kw_only=True):
    """The join of labels.

    Attributes:
        levels: Per scheme, those that no other of the same scheme outranks.
        regimes: All regimes.
        audience: Whom it may go to; ``None``: the agreement alone decides; empty: nobody.
        caveats: All caveats.
    """

    levels: frozenset[Level]
    regimes: frozenset[Regime]
    audience: frozenset[Party] | None
    caveats: frozenset[Caveat]


BOTTOM = Joined(levels=frozenset(), regimes=frozenset(), audience=None, caveats=frozenset())
"""The join of nothing: it restricts nothing."""


def lifted(label: LabelLike) -> Joined:
    """Return one label as an element of the lattice."""
    return Joined(
        levels=frozenset({label.level}),
        regimes=frozenset() if isinstance(label.regime, UnsetType) else frozenset({label.regime}),
        audience=frozenset(label.releasable) if label.releasable else None,
        caveats=frozenset(label.caveats),
    )


def join(one: Joined, other: Joined, schemes: Schemes) -> Joined:
    """Return the least label that is at least as strict as both."""
    return Joined(
        levels=_highest(one.levels | other.levels, schemes),
        regimes=one.regimes | other.regimes,
        audience=_both(one.audience, other.audience),
        caveats=one.caveats | other.caveats,
    )


def roll_up(portions: Iterable[LabelLike], schemes: Schemes) -> Joined:
    """Return what a whole must carry whose portions are labelled one by one."""
    whole = BOTTOM
    for portion in portions:
        whole = join(whole, lifted(portion), schemes)
    return whole


def covers(one: Joined, other: Joined, schemes: Schemes) -> bool:
    """Tell whether the first label is at least as strict as the second."""
    return join(one, other, schemes) == one


def _highest(levels: frozenset[Level], schemes: Schemes) -> frozenset[Level]:
    return frozenset(
        level
        for level in levels
        if not any(
            scheme_of(other) == scheme_of(level)
            and rank(schemes, other) > rank(schemes, level) >= 0
            for other in levels
        )
    )


def _both(one: frozenset[Party] | None, other: frozenset[Party] | None) -> frozenset[Party] | None:
    if one is None:
        return other
    return one if other is None else one & other
