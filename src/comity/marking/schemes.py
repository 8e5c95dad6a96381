"""Schemes: a party's vocabulary of levels and regimes, with the authentic spellings."""

import tomllib
from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Level, Party, Regime, scheme_of

UNRANKED: Final = -1
"""The rank of a level that no scheme at hand knows: it outranks nothing and is kept as it is."""


class SchemeLevel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One level.

    Attributes:
        rank: Greater is more sensitive; equal ranks do not outrank one another.
        native: The authentic spelling.
        tier: What agreements between parties call it; absent where none corresponds.
        regime: The national law it is under, where it has one of its own.
    """

    level: Level
    rank: Annotated[int, Meta(ge=0, le=9)]
    native: str
    tier: str | UnsetType = UNSET
    regime: Regime | UnsetType = UNSET


class SchemeRegime(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A body of national law by its authentic name."""

    regime: Regime
    native: str


class Scheme(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A party's levels, the most sensitive first, and what the party is called."""

    party: Party
    name: dict[str, str]
    level: Annotated[tuple[SchemeLevel, ...], Meta(min_length=1)]
    regime: tuple[SchemeRegime, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    scheme: tuple[Scheme, ...]


Schemes = Mapping[Party, Scheme]
"""The schemes at hand, by party."""


def parse_schemes(text: str) -> Schemes:
    """Return the schemes of a TOML text; levels stand in order and belong to their party.

    Raises:
        Invalid: ``invalid.schemes``.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _File).scheme
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid("invalid.schemes", str(error)) from error
    for scheme in found:
        if any(scheme_of(one.level) != scheme.party for one in scheme.level):
            raise Invalid("invalid.schemes", f"{scheme.party} holds another party's level")
        ranks = [one.rank for one in scheme.level]
        if ranks != sorted(ranks, reverse=True):
            raise Invalid("invalid.schemes", f"{scheme.party}: the most sensitive level is first")
    by_party = {scheme.party: scheme for scheme in found}
    if len(by_party) != len(found):
        raise Invalid("invalid.schemes", "a party has two schemes")
    return by_party


def find_level(schemes: Schemes, level: Level) -> SchemeLevel | None:
    """Return what the schemes say of a level, or nothing."""
    scheme = schemes.get(scheme_of(level))
    if scheme is None:
        return None
    return next((one for one in scheme.level if one.level == level), None)


def native(schemes: Schemes, code: Level | Regime) -> str:
    """Return the authentic spelling of a level or regime; its identifier where none is known."""
    scheme = schemes.get(scheme_of(code))
    if scheme is None:
        return code
    for level in scheme.level:
        if level.level == code:
            return level.native
    return next((one.native for one in scheme.regime if one.regime == code), code)


def tier(schemes: Schemes, level: Level) -> str:
    """Return what agreements call a level; nothing where no treaty level corresponds."""
    found = find_level(schemes, level)
    return "" if found is None or isinstance(found.tier, UnsetType) else found.tier


def rank(schemes: Schemes, level: Level) -> int:
    """Return the rank of a level within its scheme (:data:`UNRANKED` where unknown)."""
    found = find_level(schemes, level)
    return UNRANKED if found is None else found.rank


def spellings(schemes: Schemes) -> dict[str, str]:
    """Return the authentic spelling of every level and regime, by identifier.

    Made for ``wording``: a rendered reason then shows 極秘 and not its identifier.
    """
    found: dict[str, str] = {}
    for scheme in schemes.values():
        found |= {one.regime: one.native for one in scheme.regime}
        found |= {one.level: one.native for one in scheme.level}
    return found
