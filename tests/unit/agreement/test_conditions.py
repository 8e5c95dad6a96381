"""A term that has no effect under some value of another one says so; the acts tell, not a list.

Every clause is made in many shapes from its own struct, and asked of every act of every
scenario case and of one act of each kind that there is. Where a term makes a difference under
one value of another and none under a second, its declaration must say so; and what is declared
not to count makes no difference anywhere.
"""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec import inspect, structs

from comity.acts.canonical import digest
from comity.acts.deeds import HandToContractor, Outward, RequestVisit
from comity.acts.entries import Entry
from comity.acts.kinds import KINDS
from comity.agreement.case import Case, ConsentFact, HouseFacts, ItemFacts, PersonFacts
from comity.agreement.clauses import CLAUSES, Clause
from comity.agreement.clauses.conditions import conditions
from comity.agreement.text import open_bundle
from comity.vocabulary import names
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Party
from tests.properties.test_every_text import TEXTS, acts
from tests.support.generated import example

SHAPES = 16
A_LIST = Digest("sha384:" + "1" * 96)
TOLD = {
    # What the covers of paper look like is told to people; what is sent sealed has no cover.
    ("transmission", "envelope", "encryption"),
}


@cache
def corpus() -> tuple[tuple[Entry, Case], ...]:
    """Return the acts of all scenario cases, and each other kind of act in the same cases."""
    told = [one for name in sorted(TEXTS) for one in acts(open_bundle(TEXTS[name]))]
    items = [case for _, case in told if isinstance(case.item, ItemFacts)][:: len(told) // 5]
    ways = ((True, True), (False, True), (True, False))
    items += [entitled(case, needs=one, cleared=two) for case in items for one, two in ways]
    items += [entitled(case, needs=True, cleared=True, dual=True) for case in items[:1]]
    made = []
    for kind in sorted((one for one in KINDS if issubclass(one, Outward)), key=str):
        info = inspect.type_info(kind)
        assert isinstance(info, inspect.StructType)
        for deed in varied(kind, info):
            made += [(Entry(deed=deed, at=case.at, salt=bytes(16)), case) for case in items]
    # A list of the visitors can come with each visit that a case asks for.
    listed = [
        (structs.replace(entry, deed=structs.replace(entry.deed, particulars=A_LIST)), case)
        for entry, case in told
        if isinstance(entry.deed, RequestVisit)
    ]
    # A firm may be one's own.
    owned = [
        (structs.replace(entry, deed=structs.replace(entry.deed, owned=case.acting)), case)
        for entry, case in (*told, *made)
        if isinstance(entry.deed, HandToContractor)
    ]
    return (*told, *listed, *made, *owned)


def entitled(case: Case, *, needs: bool, cleared: bool, dual: bool = False) -> Case:
    """Return a case in which the originator, the place and the person allow much.

    Who is not cleared is briefed.
    """
    assert isinstance(case.item, ItemFacts)
    assert isinstance(case.house, HouseFacts)
    assert isinstance(case.house.person, PersonFacts)
    item = structs.replace(case.item, marked=case.item.level, offices=(case.house.person.office,),
                           receiver=case.acting)  # fmt: skip
    person = structs.replace(
        case.house.person,
        cleared=(item.level,) if cleared else (),
        certified=(item.level,),
        attested=(item.level,),
        needs=(item.subject,) if needs else (),
        nationalities=(case.acting, Party("ZZZ")) if dual else (case.acting,),
    )
    place = structs.replace(case.house.facility, accredited=(item.level,), briefed=not cleared)
    uses = ("third-party", "purpose", "contractor", "lowering", "extract", "reproduction",
            "destruction", "disclosure")  # fmt: skip
    consents = tuple(ConsentFact(originator=item.originator, uses=one) for one in uses)
    house = structs.replace(case.house, person=person, facility=place, assigned=True)
    return structs.replace(case, item=item, house=house, consents=consents)


def varied(kind: type, info: inspect.StructType) -> Iterator[Any]:
    """Give one act of a kind, and it again with each other value of each closed field."""
    full = example(info) | {"kind": info.tag}
    optional = {one.encode_name for one in info.fields if not one.required}
    for raw in (full, {name: one for name, one in full.items() if name not in optional}):
        yield msgspec.convert(raw, kind)
        for one in info.fields:
            for value in closed(one):
                yield msgspec.convert({**raw, one.encode_name: value}, kind)


def closed(field: inspect.Field) -> list[Any]:
    match field.type:
        case inspect.LiteralType(values=values):
            return list(values)
        case inspect.BoolType():
            return [True, False]
        case inspect.EnumType(cls=cls):
            return [one.value for one in cls]
        case _:
            return []


@cache
def words(pattern: str) -> tuple[str, ...]:
    """Return the words of a pattern that the acts hold."""
    found: set[str] = set()
    for entry, case in corpus():
        item = case.item
        if not isinstance(item, ItemFacts):
            continue
        del entry
        known = {
            names.LEVEL: (item.level, item.marked, *item.caveats),
            names.PARTY: (item.receiver, item.originator),
            names.OFFICE: item.offices,
            names.SUBJECT: (item.subject, item.purpose),
        }
        found |= {str(one) for one in known.get(pattern, ()) if isinstance(one, str)}
    return tuple(sorted(found))


def values(field: inspect.Field) -> list[Any]:
    """Return what a term is tried with."""
    match field.type:
        case inspect.IntType(ge=least, le=most):
            return [one for one in (0, 1, 2, 40) if (least or 0) <= one <= (most or 40)]
        case inspect.VarTupleType(
            item_type=inspect.StrType(pattern=str(pattern)), min_length=least
        ):
            known = list(words(pattern)) or [example(field.type.item_type)]  # type: ignore[attr-defined]
            return [known] if least else [[], known]
        case inspect.VarTupleType(
            item_type=inspect.VarTupleType(item_type=inspect.StrType(pattern=str(pattern)))
        ):
            return [[list(words(pattern))]]
        case inspect.VarTupleType(item_type=inspect.EnumType(cls=cls), min_length=least):
            every = [one.value for one in cls]
            return [every, every[:1]] if least else [[], every]
        case inspect.VarTupleType(item_type=inspect.LiteralType(values=every), min_length=least):
            return [list(every)] if least else [[], list(every)]
        case inspect.StrType(pattern=str(pattern)):
            return list(words(pattern)[:2]) or [example(field.type)]
        case _:
            return closed(field) or [example(field.type)]


def says(clause: Clause, act: tuple[Entry, Case]) -> Any:
    """Return what a clause finds in an act and makes due, or nothing."""
    finding, duties = clause.judge(*act), clause.duties(*act)
    return (finding, duties) if finding is not None or duties else None


NOTHING = digest(b"None")
"""What a shape answers that is no clause."""


class Tried:
    """One kind of clause, in its shapes, over the acts that it says something of."""

    def __init__(self, name: str) -> None:
        self.kind = CLAUSES[name]
        info = inspect.type_info(self.kind)
        assert isinstance(info, inspect.StructType)
        self.fields = [one for one in info.fields if one.name not in ("article", "agreement")]
        draw = Random(name)
        self.shapes = [
            {one.name: draw.choice(values(one)) for one in self.fields} for _ in range(SHAPES)
        ]
        self.known: dict[bytes, str] = {}
        clauses = [one for one in map(self.made, self.shapes) if one is not None]
        self.speaks = [act for act in corpus() if any(says(one, act) for one in clauses)]

    def made(self, shape: dict[str, Any]) -> Clause | None:
        try:
            return msgspec.convert({"article": "7", "type": self.kind.__struct_config__.tag,
                                    **shape}, self.kind)  # fmt: skip
        except msgspec.ValidationError:
            return None

    def answers(self, shape: dict[str, Any]) -> str:
        """Return what a clause of this shape answers to every act, in one line."""
        key = msgspec.json.encode(shape, order="deterministic")
        if key not in self.known:
            clause = self.made(shape)
            said = None if clause is None else [says(clause, act) for act in self.speaks]
            self.known[key] = digest(repr(said).encode())
        return self.known[key]

    def matters(self, term: inspect.Field, other: inspect.Field, value: Any) -> bool:
        """Tell whether a term makes a difference under a value of another."""
        for shape in self.shapes:
            found = {
                self.answers({**shape, other.name: value, term.name: one}) for one in values(term)
            }
            if len(found - {NOTHING}) > 1:
                return True
        return False


@pytest.mark.parametrize("name", sorted(one for one in CLAUSES if not CLAUSES[one].informative))
def test_what_does_not_count_is_declared_and_what_is_declared_does_not_count(name: str) -> None:
    tried = Tried(name)
    declared = conditions(CLAUSES[name])
    wrong = []
    for other in tried.fields:
        if len(closed(other)) < 2:
            continue
        for term in tried.fields:
            if term is other or len(values(term)) < 2:
                continue
            matters = {str(one): tried.matters(term, other, one) for one in closed(other)}
            if not any(matters.values()):
                continue
            said = [one for one in declared.get(term.name, ()) if one.term == other.name]
            for value in closed(other):
                idle = any((one.value == value) is one.unless for one in said)
                if (name, term.name, other.name) in TOLD:
                    continue
                if idle is matters[str(value)]:
                    wrong.append((term.name, other.name, value, "counts" if idle else "idle"))
    assert wrong == []
