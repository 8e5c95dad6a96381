"""Reading a file of scenario cases: every slip with its line, and the act that a case states."""

import re
import tomllib
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.deeds import AnyDeed
from comity.acts.kinds import KINDS, Family
from comity.acts.parts import Item, Label, Position
from comity.agreement.complaints import Complaint, InvalidAgreement
from comity.agreement.ground import GROUND
from comity.agreement.scenario import ActOf, Scenario
from comity.agreement.shapes import right
from comity.agreement.speaking import SPEAKS_OF, OriginatorsAct
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import (
    Level,
    Office,
    PersonId,
    Reference,
    Regime,
    party_of,
)
from comity.vocabulary.reading import plainly

FILE: Final = "cases.toml"
GIVES: Final = ("release.release", "release.standing-directive", "release.observations")
STREAM: Final = Reference("STREAM-1")
_NOTHING: Final = Digest("sha384:" + "0" * 96)
_CASE: Final = re.compile(r"\s*\[\[\s*case\s*\]\]")


class _Wrong(Exception):
    """A case that is not right: what is, and what would be."""

    def __init__(self, said: str, instead: str) -> None:
        self.said, self.instead = said, instead
        super().__init__(said)


def lines_of(source: str) -> list[int]:
    """Return the lines on which the cases of a file begin."""
    return [line for line, text in enumerate(source.split("\n"), start=1) if _CASE.match(text)]


def parse_cases(source: str) -> tuple[Scenario, ...]:
    """Parse a file of cases; ``[default]`` holds facts that all of them share.

    Raises:
        InvalidAgreement: ``invalid.agreement.cases``; every slip with its line, its article and
            what would be right.
    """
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 1
        raise InvalidAgreement([_slip(line, "", str(error), "See toml.io")]) from error
    except (RecursionError, ValueError) as error:
        instead = "Cases are short tables of words and small numbers"
        raise InvalidAgreement([_slip(1, "", "nested too deeply", instead)]) from error
    shared, listed = table.get("default", {}), table.get("case", [])
    if not isinstance(shared, dict) or not isinstance(listed, list):
        instead = "[default] is a table, and each case begins with [[case]]"
        raise InvalidAgreement([_slip(1, "", "the file holds no list of cases", instead)])
    lines, cases, slips = lines_of(source), [], []
    for number, raw in enumerate(listed, start=1):
        try:
            cases.append(_scenario(raw, shared))
        except _Wrong as error:
            line = lines[number - 1] if number <= len(lines) else 1
            says, article = str(raw.get("says", ""))[:80], str(raw.get("article", ""))[:16]
            slips.append(
                _slip(line, article, f"case {number} ({says}): {error.said}", error.instead)
            )
    if slips:
        raise InvalidAgreement(slips)
    return tuple(cases)


def _slip(line: int, article: str, said: str, instead: str) -> Complaint:
    return Complaint(
        file=FILE, line=line, article=article, code="cases", said=said, instead=instead
    )


def _scenario(raw: dict[str, Any], shared: dict[str, Any]) -> Scenario:
    """Return one case, with an act that can be built.

    Raises:
        _Wrong: it is not right.
    """
    given = raw.get("given", {})
    merged = {**raw, "given": {**shared, **given} if isinstance(given, dict) else given}
    try:
        one = msgspec.convert(merged, Scenario)
    except msgspec.ValidationError as error:
        raise _Wrong(plainly(error, Scenario), right(Scenario, error)) from error
    deed_of(one, _NOTHING)
    return one


_FIELDS: Final[dict[str, frozenset[str]]] = {
    "release.standing-directive": frozenset({"since", "until", "most"}),
    "release.observations": frozenset({"first", "count"}),
    **dict.fromkeys(
        (
            "release.release",
            "delivery.receipt",
            "register.register",
            "register.designate",
            "register.re-mark",
            "register.assign",
            "register.access",
            "people.assure",
        ),
        frozenset(),
    ),
}
"""Which fields a case may state of the acts that are built here from its facts."""


def _require_stated(act: ActOf) -> None:
    """Return if an act is between two parties, and states no field that nothing would read."""
    if act.to == party_of(act.by):
        raise _Wrong(
            f"{act.kind}: {act.by} acts towards its own party", "`to` is the other party of the act"
        )
    taken = _FIELDS.get(act.kind, frozenset(act.fields))
    if unknown := sorted(set(act.fields) - taken):
        names = ", ".join(sorted(taken)) or "none; its facts stand in `given` and `act`"
        raise _Wrong(
            f"{act.kind}: no field {', '.join(unknown)} here", f"The fields of {act.kind}: {names}"
        )


def deed_of(one: Scenario, agreement: Digest) -> AnyDeed:
    """Return the deed of a case, under the agreement of a digest.

    Raises:
        _Wrong: there is no such act, or its fields are not right.
    """
    act, given = one.act, one.given
    _require_stated(act)
    common: dict[str, Any] = {
        "by": act.by,
        "to": act.to,
        "article": one.article,
        "agreement": agreement,
    }
    acting = party_of(act.by)
    gave = (acting, act.to) if is_originators(act) else (act.to, acting)
    item = Position(log=correspondence(*gave), index=0)
    level = given.level if isinstance(act.level, UnsetType) else act.level
    match act.kind:
        case "release.release":
            return deeds.Release(
                **common,
                offices=act.offices or (Office(f"{act.to}/OFFICE"),),
                item=_item(one),
                purpose=given.purpose,
                particulars=_NOTHING,
            )
        case "release.standing-directive":
            stated = {"since": given.directive.since, "until": given.directive.until}
            return deeds.StandingDirective(
                **common,
                offices=act.offices or (Office(f"{act.to}/OFFICE"),),
                item=_item(one),
                purpose=given.purpose,
                particulars=_NOTHING,
                **{"most": given.directive.most, **stated, **act.fields},
            )
        case "release.observations":
            return deeds.Observations(
                **common,
                item=Position(log=correspondence(party_of(act.by), act.to), index=0),
                stream=STREAM,
                label=label_of(one, level),
                subject=given.subject,
                root=_NOTHING,
                **{"first": given.directive.next, "count": 1, **act.fields},
            )
        case "delivery.receipt":
            return deeds.Receipt(
                **common,
                item=item,
                stage=act.stage,
                number=Reference("R-1"),
                copy=act.copy,
                pages=act.pages,
                annexes=act.annexes,
                reserve=act.reserve,
            )
        case "register.register":
            return deeds.Register(**common, item=item, number=Reference("R-1"))
        case "register.designate":
            regime = Regime("ANY:none") if isinstance(act.regime, UnsetType) else act.regime
            return deeds.Designate(**common, item=item, regime=regime, level=level, until=act.until)
        case "register.re-mark":
            cited = UNSET if isinstance(given.designated, UnsetType) else item
            return deeds.ReMark(
                **common, item=item, level=level, regime=act.regime, designation=cited
            )
        case "register.assign":
            office = act.offices[0] if act.offices else act.by
            return deeds.Assign(**common, item=item, office=office, person=PersonId("person"))
        case "register.access":
            return deeds.Access(**common, item=item, person=PersonId("person"))
        case "people.assure":
            return deeds.Assure(
                **common,
                offices=act.offices or (act.by,),
                level=level,
                until=act.until,
                cleared=True,
                needed=True,
                protected=True,
            )
        case _:
            return _other(act, common, item)


_OUTWARD: Final = {
    str(one.__struct_config__.tag): one for one in KINDS if issubclass(one, deeds.Outward)
}


def is_instrument(act: ActOf) -> bool:
    """Tell whether an act changes an agreement's state."""
    return KINDS[kind_of(act)].family is Family.INSTRUMENT


def is_originators(act: ActOf) -> bool:
    """Tell whether an act is one of the originator about an item that it provided itself."""
    return issubclass(kind_of(act), OriginatorsAct)


_COMMON: Final = frozenset({"by", "to", "article", "agreement", "not_after"})


def kind_of(act: ActOf) -> type[deeds.Deed]:
    """Return the class of an act by its name."""
    kind = _OUTWARD.get(act.kind)
    if kind is None:
        known = ", ".join(sorted(_OUTWARD))
        raise _Wrong(f"no case can hold a {act.kind}", f"The acts: {known}")
    return kind


def _other(act: ActOf, common: dict[str, Any], item: Position) -> AnyDeed:
    """Build any outward act from the fields that a case states.

    Raises:
        _Wrong: there is no such act, or the fields are not right.
    """
    kind = kind_of(act)
    # An act refers to its item and to an earlier act; a case need not say by which number.
    stated: dict[str, Any] = {
        name: {"log": item.log, "index": item.index}
        for name in ("item", "about", *(("ask", "consent") if kind in SPEAKS_OF else ()))
        if name in kind.__struct_fields__
    }
    if is_instrument(act):
        stated |= {"text": common["agreement"], "agreement": GROUND.digest}
    wanted: dict[str, Any] = {"kind": act.kind, **common, **stated, **act.fields}
    try:
        return cast("AnyDeed", msgspec.convert(wanted, kind))
    except msgspec.ValidationError as error:
        fields = ", ".join(one for one in kind.__struct_fields__ if one not in _COMMON)
        instead = f"The fields of {act.kind}: {fields or 'none'}"
        raise _Wrong(f"{act.kind}: {plainly(error, kind)}", instead) from error


def _item(one: Scenario) -> Item:
    given, acting = one.given, party_of(one.act.by)
    return Item(
        reference=Reference("REF-1"),
        originator=acting if isinstance(given.originator, UnsetType) else given.originator,
        providing=acting,
        label=label_of(one, given.level),
        subject=given.subject,
        form=given.form,
        pages=4,
        annexes=0,
        plaintext=_NOTHING,
        sources=(),
    )


def label_of(one: Scenario, level: Level) -> Label:
    """Return the label of a case's item at a level."""
    return Label(level=level, releasable=one.given.releasable, caveats=one.given.caveats)
