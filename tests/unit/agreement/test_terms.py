"""Every clause by its struct: unknown, wrong, missing and contradictory terms are all refused.

Nothing here names a clause: what is tried is read from the types, so a kind of clause that is
added is tried as well.
"""

from typing import Any

import pytest
from msgspec import inspect

from comity.agreement.check import check
from comity.agreement.clauses import CLAUSES
from comity.agreement.clauses.conditions import conditions
from comity.agreement.complaints import Complaint, InvalidAgreement
from comity.agreement.text import bundle_bytes, open_bundle
from tests.support.generated import example, toml

HEAD = """# Words

```toml agreement
id = "AAA-BBB-1"
version = "1"
parties = ["AAA", "BBB"]
bindingness = "memorandum"
authentic = ["en"]
note = "Words."
freshness = 86400
```

## Article 7 · Words {#7}

Words.

```toml terms
"""
LINE = HEAD.count("\n") + 1
OWN = ("article", "agreement")


def written(terms: dict[str, Any]) -> str:
    lines = ["[[clause]]", *(f"{name} = {toml(value)}" for name, value in terms.items())]
    return HEAD + "\n".join(lines) + "\n```\n"


def complaints(terms: dict[str, Any]) -> tuple[Complaint, ...]:
    """Return what the first reading, or else the second one, has against one clause."""
    try:
        bundle = bundle_bytes(written(terms).encode(), b"", {})
    except InvalidAgreement as error:
        return error.complaints
    return check(open_bundle(bundle))


EARLIER = "2027-01-01T00:00:00.000Z"
LATER = "2028-01-01T00:00:00.000Z"


def sound(name: str) -> dict[str, Any]:
    """Return terms of a clause that the first reading takes, all that it has."""
    raw = {one.name: example(one.type) for one in fields(name)}
    if "ends" in raw:
        raw |= {"begins": EARLIER, "ends": LATER}  # A time has a length.
    return {"article": "7", "type": name, **raw}


def fields(name: str) -> list[inspect.Field]:
    info = inspect.type_info(CLAUSES[name])
    assert isinstance(info, inspect.StructType)
    return [one for one in info.fields if one.name not in OWN]


EVERY = [(name, one.name) for name in sorted(CLAUSES) for one in fields(name)]


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_a_clause_of_sound_terms_is_taken(name: str) -> None:
    assert not [one for one in complaints(sound(name)) if one.code in ("terms", "toml")]


@pytest.mark.parametrize("name", sorted(CLAUSES))
def test_a_term_that_is_unknown_is_refused_with_those_that_are(name: str) -> None:
    (one,) = complaints({**sound(name), "no_such_term": 1})
    assert (one.file, one.line, one.article, one.code) == ("agreement.md", LINE, "7", "terms")
    assert "no_such_term" in one.said
    known = [each.name for each in fields(name)]
    assert one.instead == "The terms are: " + (", ".join(known) or "none")


def other(name: str, term: str) -> Any:
    """Return a value that the type of a term refuses."""
    info = next(one.type for one in fields(name) if one.name == term)
    return "words" if isinstance(info, inspect.BoolType | inspect.VarTupleType) else [True]


@pytest.mark.parametrize(("name", "term"), EVERY)
def test_a_term_of_another_kind_is_refused_where_it_stands(name: str, term: str) -> None:
    (one,) = complaints({**sound(name), term: other(name, term)})
    assert (one.line, one.article, one.code) == (LINE, "7", "terms")
    assert f"{term}: " in one.said


LIMITED = [
    (name, one.name, value)
    for name in sorted(CLAUSES)
    for one in fields(name)
    for value in (
        [10**9, -1]
        if isinstance(one.type, inspect.IntType)
        else ["no-such-value"]
        if isinstance(one.type, inspect.LiteralType)
        and all(isinstance(each, str) for each in one.type.values)
        else []
    )
]


@pytest.mark.parametrize(("name", "term", "value"), LIMITED)
def test_a_value_out_of_bounds_is_refused(name: str, term: str, value: object) -> None:
    (one,) = complaints({**sound(name), term: value})
    assert (one.line, one.article, one.code) == (LINE, "7", "terms")
    assert f"{term}: " in one.said


def test_no_number_is_without_bounds() -> None:
    assert all(
        one.type.ge is not None and one.type.le is not None
        for name in CLAUSES
        for one in fields(name)
        if isinstance(one.type, inspect.IntType)
    )


@pytest.mark.parametrize(
    ("name", "term"),
    [(name, one.name) for name in sorted(CLAUSES) for one in fields(name) if one.required],
)
def test_a_term_that_is_missing_is_named(name: str, term: str) -> None:
    (one,) = complaints({key: value for key, value in sound(name).items() if key != term})
    assert (one.line, one.article, one.code) == (LINE, "7", "terms")
    assert f"{term} is missing" in one.said


@pytest.mark.parametrize("name", [name for name in sorted(CLAUSES) if not CLAUSES[name].repeats])
def test_a_second_clause_of_a_kind_is_one_too_many(name: str) -> None:
    text = written(sound(name)).removesuffix("```\n")
    block = text[text.index("[[clause]]") :]
    found = check(open_bundle(bundle_bytes(f"{text}{block}```\n".encode(), b"", {})))
    second = LINE + block.count("\n")
    (twice,) = [one for one in found if one.code == "twice"]
    assert (twice.line, twice.article) == (second, "7")


CONDITIONS = [
    (name, term, place)
    for name in sorted(CLAUSES)
    for term, declared in conditions(CLAUSES[name]).items()
    for place in range(len(declared))
]


def idle(name: str, term: str, place: int) -> dict[str, Any]:
    """Return terms among which one does not count, by one of its declarations."""
    declared = conditions(CLAUSES[name])[term][place]
    raw = dict(sound(name))
    if not declared.unless:
        values = [one for one in choices(name, declared.term) if one != declared.value]
        return {**raw, declared.term: values[0]}
    return {**raw, declared.term: list(declared.value) if declared.value == () else declared.value}


def choices(name: str, term: str) -> list[Any]:
    info = next(one.type for one in fields(name) if one.name == term)
    if isinstance(info, inspect.LiteralType):
        return list(info.values)
    if isinstance(info, inspect.IntType):
        return [0, 1]
    assert isinstance(info, inspect.BoolType)
    return [True, False]


@pytest.mark.parametrize(("name", "term", "place"), CONDITIONS)
def test_a_term_that_does_not_count_is_unused_where_it_stands(
    name: str, term: str, place: int
) -> None:
    raw = idle(name, term, place)
    said = f"nothing uses {term} while {conditions(CLAUSES[name])[term][place].term} is "
    found = [one for one in complaints(raw) if one.code == "unused" and one.said.startswith(said)]
    assert [(one.file, one.line, one.article) for one in found] == [("agreement.md", LINE, "7")]
    raw.pop(term)
    assert not [one for one in complaints(raw) if one.said.startswith(said)]


@pytest.mark.parametrize(
    ("name", "term"),
    [
        (name, term)
        for name in sorted(CLAUSES)
        for term, declared in conditions(CLAUSES[name]).items()
        if any(one.needed for one in declared)
    ],
)
def test_a_term_that_is_needed_is_asked_for(name: str, term: str) -> None:
    (declared,) = conditions(CLAUSES[name])[term]
    raw = dict(sound(name))
    value = declared.value
    if declared.unless:
        value = next(one for one in choices(name, declared.term) if one != value)
    raw[declared.term] = value
    raw.pop(term)
    (one,) = [one for one in complaints(raw) if one.code == "needed"]
    assert (one.line, one.article) == (LINE, "7")
    assert one.said == f"{declared.term} is '{value}', and there is no {term}"
    assert not [one for one in complaints(sound(name) | {declared.term: value})
                if one.code == "needed"]  # fmt: skip
