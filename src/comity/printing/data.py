"""What stands on a sheet: plain values, in words of one language, taken from the register."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from msgspec import UNSET, UnsetType

from comity.acts.canonical import digest_of
from comity.acts.deeds import Destroy, Reserve
from comity.acts.deeds.copies import Method
from comity.acts.entries import decode_entry
from comity.acts.judgements import Outcome
from comity.marking import schemes
from comity.marking.banner import DEMONSTRATION, SEPARATOR, banner, origin_line
from comity.marking.labels import roll_up
from comity.node import reading
from comity.node.node import Node
from comity.node.ports import Reading
from comity.node.views import state_of
from comity.printing.codes import code_text, svg
from comity.register.copies import ENDED
from comity.register.rows import Copy, Holding, ItemOf, Line, Number, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Caveat, Level, Office, Party, Regime
from comity.wording import LANGUAGES, Catalogue, load, words

CODES: Final = (
    "addressee-only",
    "agreement",
    "annexes",
    "certificate.note",
    "clear",
    "copy",
    "counted-annexes",
    "counted-copy",
    "counted-pages",
    "date",
    "destroyed-on",
    "first-person",
    "found",
    "from",
    "held-by",
    "inner",
    "level",
    "method",
    "missing",
    "name",
    "number",
    "office",
    "originator",
    "pages",
    "receiver-number",
    "reference",
    "second-person",
    "send-back",
    "sender",
    "signature",
    "state",
    "to",
    "under-reserve",
    "witnesses",
)


OFFERED: Final = (
    ("cover", "cover", ""),
    ("label", "label", ""),
    ("receipt", "receipt", "document"),
    ("package", "receipt", "package"),
    ("certificate", "certificate", ""),
)
"""The sheets of an item as they are offered: the word for it, the sheet, the stage."""


class _Label(NamedTuple):
    level: Level
    releasable: tuple[Party, ...]
    caveats: tuple[Caveat, ...]
    regime: Regime | UnsetType


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    folder = files("comity.wording").joinpath("catalogue")
    return load({one: folder.joinpath(f"{one}.toml").read_text("utf-8") for one in LANGUAGES})


@lru_cache(maxsize=1)
def _schemes() -> schemes.Schemes:
    return schemes.parse_schemes(
        files("comity.marking").joinpath("schemes.toml").read_text("utf-8")
    )


def say(code: str, lang: str, **given: str) -> str:
    """Return words of the catalogue."""
    return words(_catalogue(), code, lang, given)


def _words(lang: str) -> dict[str, str]:
    return {f"print.{code}": say(f"print.{code}", lang) for code in CODES}


def _party(party: str, lang: str) -> str:
    return origin_line(Party(party), _schemes(), language=lang)


def _marking(
    level: str,
    marked: str = "",
    regime: str = "",
    caveats: Sequence[str] = (),
) -> str:
    label = _Label(Level(level), (), tuple(Caveat(one) for one in caveats), UNSET)
    return banner(
        label,
        _schemes(),
        marked=Level(marked) if marked else UNSET,
        regime=Regime(regime) if regime else UNSET,
    )


def own_number(tx: Reading, item: ItemOf, house: Party) -> str:
    """Return the number of the own book, as it is written there; else the registry's own."""
    held = tx.get(Holding, item.key)
    given = "" if held is None else held.number
    prefix = f"{house}:"
    numbers = [
        row.key.removeprefix(prefix)
        for row in tx.page(Number, scope=item.key, limit=16)
        if row.key.startswith(prefix)
    ]
    return next((one for one in numbers if one not in (given, item.reference)), given)


def offered(item: ItemOf, house: Party) -> tuple[tuple[str, str, str], ...]:
    """Return the sheets that a house prints of an item: no cover for what it does not send."""
    return tuple(one for one in OFFERED if item.provider == house or one[1] != "cover")


def _pact(node: Node, tx: Reading, item: ItemOf, lang: str) -> str:
    """Return the agreement of an item by name and version, and the digest that is meant."""
    text = node.agreement(tx, Digest(item.agreement)) if item.agreement else None
    named = say("print.pact", lang) if text is None else f"{text.id} {text.version}"
    return f"{named} · {item.agreement[7:19]}"


def _provider(node: Node, tx: Reading, item: ItemOf, lang: str) -> str:
    """Return where a form goes back to: this house's registry, or the office that provided."""
    if item.provider == node.party:
        office = node.registry
    else:
        at = position_of(item.key)
        office = decode_entry(tx.leaves(at.log, at.index, at.index + 1)[0]).deed.by
    return f"{_party(item.provider, lang)} · {office}"


def of_item(  # noqa: PLR0913 - what a sheet states, by name
    node: Node,
    tx: Reading,
    item: ItemOf,
    sheet: str,
    *,
    lang: str,
    demonstration: bool = False,
    stage: str = "document",
) -> dict[str, Any]:
    """Return what stands on the cover, label, receipt form or certificate of an item.

    Nothing of title or content is among it: a sheet is made by who may know the number.

    Raises:
        Refused: ``refused.print.not-sent``: a cover of what this house received.
    """
    if all(one != sheet for _, one, _ in offered(item, node.party)):
        raise Refused("refused.print.not-sent", "a cover goes with what this house sends")
    held = tx.get(Holding, item.key)
    copies = sorted(tx.within(Copy, item.key), key=lambda one: one.copy)
    common: dict[str, Any] = {
        "words": _words(lang),
        "title": item.reference,
        "reference": item.reference,
        "number": own_number(tx, item, node.party),
        "from": f"{_party(item.provider, lang)} · {item.provider}",
        "sender": _provider(node, tx, item, lang),
        "registry": _party(item.receiver, lang),
        "originator": _party(item.originator, lang),
        "agreement": _pact(node, tx, item, lang),
        "pages": str(item.pages),
        "annexes": str(item.annexes),
        "copies": [
            {"copy": f"{one.copy} / {len(copies)}", "office": one.office, "more": one != copies[-1]}
            for one in copies
        ],
    }
    if sheet == "cover":
        marked = "" if held is None else held.level
        regime = "" if held is None else held.regime
        common["marking"] = _marking(item.level, marked, regime, item.caveats)
        common["demonstration"] = say(DEMONSTRATION, lang) if demonstration else ""
    if sheet == "label":
        common["code"] = svg(code_text(item.reference, digest_of(reading.core_of(tx, item))))
    if sheet == "receipt":
        common["title"] = say(f"print.receipt.{stage}", lang)
        common["lead"] = say(f"print.receipt.{stage}.lead", lang)
        common["counted"] = stage == "document"
        common["reserves"] = [say(f"reserve.{one.value}", lang) for one in Reserve]
    if sheet == "certificate":
        common["title"] = say("print.certificate", lang)
        common["lead"] = say("print.certificate.lead", lang)
        common["methods"] = [say(f"method.{one.value}", lang) for one in Method]
        told = _destroyed(tx, item, lang)
        common["copies"] = [
            each | told.get(one.copy, _NOT_DESTROYED)
            for each, one in zip(common["copies"], copies, strict=True)
        ]
    return common


_NOT_DESTROYED: Final = {"done": False, "method": "", "on": "", "witnesses": ""}


def _destroyed(tx: Reading, item: ItemOf, lang: str) -> dict[int, dict[str, Any]]:
    """Return how copies of an item were destroyed, by their numbers."""
    told: dict[int, dict[str, Any]] = {}
    for line in tx.within(Line, item.key):
        if line.kind != "register.destroy" or line.outcome != Outcome.LAWFUL.value:
            continue
        entry = decode_entry(tx.leaves(LogName(line.log), line.index, line.index + 1)[0])
        if isinstance(entry.deed, Destroy):
            told[entry.deed.copy] = {
                "done": True,
                "method": say(f"method.{entry.deed.method.value}", lang),
                "on": entry.at[:10],
                "witnesses": str(entry.deed.witnesses),
            }
    return told


def of_muster(  # noqa: PLR0913 - what a sheet states, by name
    tx: Reading,
    *,
    house: Party,
    lang: str,
    at: Instant,
    office: Office | None = None,
    demonstration: bool = False,
) -> dict[str, Any]:
    """Return what stands on a muster sheet: every received copy that has not ended.

    Raises:
        Refused: ``refused.print.nothing``: there is none to be mustered.
    """
    rows: list[dict[str, str]] = []
    levels: list[_Label] = []
    for item in tx.page(ItemOf, limit=100_000):
        if item.receiver != house:
            continue
        held = tx.get(Holding, item.key)
        level = item.level if held is None or not held.level else held.level
        for copy in tx.within(Copy, item.key):
            if copy.state in ENDED or (office is not None and copy.office != office):
                continue
            levels.append(_Label(Level(level), (), (), UNSET))
            rows.append(
                {
                    "number": own_number(tx, item, house) or "—",
                    "reference": item.reference,
                    "level": schemes.native(_schemes(), Level(level)),
                    "copy": str(copy.copy),
                    "held": copy.custodian or copy.office,
                    "state": say(f"copy.{state_of(copy, held)}", lang),
                }
            )
    if not rows:
        raise Refused("refused.print.nothing", "no copy is held that could be mustered")
    highest = roll_up(levels, _schemes()).levels
    line = SEPARATOR.join(sorted(schemes.native(_schemes(), one) for one in highest))
    return {
        "words": _words(lang),
        "title": say("print.muster", lang),
        "house": _party(house, lang) + ("" if office is None else f" · {office}"),
        "at": at[:10],
        "marking": SEPARATOR.join((line, say(DEMONSTRATION, lang))) if demonstration else line,
        "rows": sorted(rows, key=lambda one: (one["number"], one["reference"], one["copy"])),
        "count": say("print.count", lang, copies=str(len(rows))),
    }
