"""Every integer of a document is bounded: the fast path of canonical JSON rests on this.

``check_profile`` does not look at numbers where a document is plain ASCII: the structs' own types
refuse what is beyond 2^53 - 1. A field that forgot its bounds would let it through.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import msgspec
import pytest
from msgspec import Struct, inspect

import comity.acts
import comity.seal
from comity.acts.deeds import AnyDeed
from comity.seal.certificates import NodeCertificate  # a pair of key and certificate, no document

BIGGEST = 2**53 - 1


def modules() -> Iterator[ModuleType]:
    for package in (comity.acts, comity.seal):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def structs() -> list[type[Struct]]:
    found = {
        each
        for module in modules()
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Struct) and each is not Struct
        if each.__module__ == module.__name__
    }
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__qualname__}")


def faults(found: inspect.Type, where: str) -> Iterator[str]:
    """Every integer without bounds, and every type that a document may not hold, within a type."""
    match found:
        case inspect.IntType(ge=least, le=most):
            if least is None or most is None or least < -BIGGEST or most > BIGGEST:
                yield f"{where}: an integer without bounds"
        case inspect.FloatType() | inspect.NoneType() | inspect.AnyType() | inspect.DateTimeType():
            yield f"{where}: {type(found).__name__}"
        case inspect.UnionType(types=types):
            for each in types:
                yield from faults(each, where)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            yield from faults(item, where + "[]")
        case inspect.TupleType(item_types=items):
            for each in items:
                yield from faults(each, where + "[]")
        case inspect.DictType(key_type=key, value_type=value):
            yield from faults(key, where + "{}")
            yield from faults(value, where + "{}")
        case _:
            pass  # texts, bytes, enums; structs are looked at by themselves


@pytest.mark.parametrize("struct", structs(), ids=lambda struct: struct.__qualname__)
def test_every_integer_of_a_document_is_bounded(struct: type[Struct]) -> None:
    found = inspect.type_info(struct)
    assert isinstance(found, inspect.StructType)
    wrong = [
        fault for field in found.fields for fault in faults(field.type, f"{struct}.{field.name}")
    ]
    assert wrong == []


@pytest.mark.parametrize("struct", structs(), ids=lambda struct: struct.__qualname__)
def test_a_document_is_frozen_and_refuses_what_it_does_not_know(struct: type[Struct]) -> None:
    assert struct.__struct_config__.frozen
    assert struct.__struct_config__.forbid_unknown_fields or struct is NodeCertificate


def test_all_deeds_are_looked_at() -> None:
    assert set(AnyDeed.__args__) <= set(structs())
    assert len(structs()) > 40


def test_a_field_without_bounds_would_be_found() -> None:
    careless = msgspec.defstruct("Careless", [("count", int), ("names", tuple[float, ...])])
    found = inspect.type_info(careless)
    assert isinstance(found, inspect.StructType)
    assert [bool(list(faults(field.type, field.name))) for field in found.fields] == [True, True]
