"""Banner lines: what stands at head and foot of an item, on screen and on paper."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from msgspec import UNSET, UnsetType

from comity.marking.labels import LabelLike
from comity.marking.schemes import Schemes, native, tier
from comity.vocabulary.names import Level, Party, Regime

SEPARATOR: Final = " · "
DEMONSTRATION: Final = "marking.demonstration"
"""The code of the words that stand beside every marking which is fictional."""


def banner(
    label: LabelLike,
    schemes: Schemes,
    *,
    marked: Level | UnsetType = UNSET,
    regime: Regime | UnsetType = UNSET,
) -> str:
    """Return the banner of an item: ``군사Ⅱ급비밀 · SECRET · 極秘``.

    First the originator's own level, then what agreements call it, then the receiver's level
    once it is marked, its regime where that is named apart, and what restricts its use: a
    notice of somebody's rights stands on the item and on every copy (Article 6(d)).
    """
    parts = [native(schemes, label.level), tier(schemes, label.level)]
    if not isinstance(marked, UnsetType):
        parts.append(native(schemes, marked))
    if not isinstance(regime, UnsetType):
        parts.append(native(schemes, regime))
    parts += [caveat.partition(":")[2].upper() for caveat in label.caveats]
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def origin_line(party: Party, schemes: Schemes, *, language: str) -> str:
    """Return the originating government's name, as every marking bears it (Article 4(2))."""
    scheme = schemes.get(party)
    return party if scheme is None else scheme.name.get(language, scheme.name.get("en", party))


def us_style(label: LabelLike, schemes: Schemes) -> str:
    """Return the line as United States practice writes it: ``SECRET//REL TO KOR, USA``."""
    parts = [tier(schemes, label.level) or native(schemes, label.level)]
    parts += [caveat.partition(":")[2].upper() for caveat in label.caveats]
    if label.releasable:
        parts.append(f"REL TO {_listed(label.releasable)}")
    return "//".join(parts)


def nato_style(label: LabelLike, schemes: Schemes) -> str:
    """Return the line as NATO practice writes it: ``NATO SECRET RELEASABLE TO JPN``."""
    line = native(schemes, label.level)
    if label.releasable:
        line += f" RELEASABLE TO {_listed(label.releasable)}"
    return line


def _listed(parties: Sequence[Party]) -> str:
    return ", ".join(sorted(parties))


def search_fold(text: str) -> str:
    """Return text as searches compare it: full width and Roman numerals folded, no case.

    Ⅱ is found by II, full-width letters by plain ones. Only for finding: what is found is
    shown as it is written.
    """
    return unicodedata.normalize("NFKC", text).casefold()
