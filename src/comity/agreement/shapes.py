"""What may be written for a value: for the reference of clauses, and for whoever wrote another."""

import re
from typing import Final

from msgspec import Struct, ValidationError
from msgspec import inspect as inspection

from comity.vocabulary import digests, instants, names


def written(info: inspection.Type) -> str:
    """Say what may be written for a value of a type."""
    match info:
        case inspection.LiteralType(values=values):
            return ", ".join(f"`{one}`" for one in values)
        case inspection.EnumType(cls=cls):
            return ", ".join(f"`{one.value}`" for one in cls)
        case inspection.BoolType():
            return "`true`, `false`"
        case inspection.IntType(ge=least, le=most):
            return f"a number from {least} to {most}" if most is not None else "a number"
        case inspection.VarTupleType(item_type=item, min_length=least):
            return f"a list of: {written(item)}" + (f" ({least} at least)" if least else "")
        case inspection.DictType(key_type=key, value_type=value):
            return f"a table: {written(key)} = {written(value)}"
        case inspection.StructType(fields=fields):
            inner = (
                f"`{one.encode_name}`{'' if one.required else ' (may be left out)'}: "
                f"{written(one.type)}"
                for one in fields
            )
            return f"{{ {'; '.join(inner)} }}"
        case inspection.UnionType(types=types):
            return written(next(one for one in types if not isinstance(one, inspection.NoneType)))
        case inspection.StrType(pattern=str(pattern)):
            return _SHAPES.get(pattern, "a word")
        case _:
            return "a word"


_SHAPES: Final = {
    names.PARTY: "a party `NOR`",
    names.OFFICE: "an office `NOR/REGISTRY`",
    names.LEVEL: "`NOR:restricted`",
    names.SUBJECT: "a dotted word `ice.drift`",
    names.REFERENCE: "a reference `NORTH-27`",
    names.AGREEMENT: "the id of an agreement `NOR-FIN-ICE`",
    names.REASON: "a word `fuel`",
    instants.PATTERN: "an instant `2027-01-31T00:00:00.000Z`",
    digests.PATTERN: "the digest of a bundle `sha384:…`",
}


_WHERE: Final = re.compile(r" - at `(?:key` in `)?\$([^`]*)`$")
_STEP: Final = re.compile(r"\.(\w+)|\[([^\]]*)\]")


def right(kind: type[Struct], error: ValidationError) -> str:
    """Return what would be right where a table that was to be one of a kind is not.

    Args:
        kind: What it was to be.
        error: What the conversion said: it names the place, and not what may stand there.
    """
    found = _WHERE.search(str(error))
    where = "" if found is None else found[1]
    info: inspection.Type = inspection.type_info(kind)
    for name, _ in _STEP.findall(where):
        info = _inner(info, name)
    place = where.lstrip(".")
    if isinstance(info, inspection.StructType):
        fields = "; ".join(
            f"{one.encode_name}: {written(one.type)}" for one in info.fields if _own(one)
        )
        return f"{place or 'It'} may hold: {fields}"
    return f"{place} is {written(info)}"


def _own(field: inspection.Field) -> bool:
    """Tell whether somebody writes a field: which agreement a clause is of, the file says."""
    return field.encode_name != "agreement"


def _inner(info: inspection.Type, name: str) -> inspection.Type:
    """Return the type of a field, or of what a list or table holds."""
    match info:
        case inspection.UnionType(types=types):
            known = [one for one in types if not isinstance(one, inspection.NoneType)]
            fitting = [one for one in known if not name or isinstance(one, inspection.StructType)]
            return _inner((fitting or known)[0], name)
        case inspection.StructType(fields=fields):
            return next((one.type for one in fields if one.encode_name == name), info)
        case inspection.VarTupleType(item_type=item) | inspection.ListType(item_type=item):
            return item
        case inspection.DictType(value_type=value):
            return value
        case inspection.TupleType(item_types=items):
            return items[0]
        case _:
            return info
