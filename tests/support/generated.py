"""Values made from the structs themselves: what a document of a type may hold, and how to write it.

Strategies give plain values (text, numbers, lists, tables), as a decoder or a TOML file has
them: patterns, limits and lists of values are those of the type, so a type that is added is
covered without a word here.
"""

from base64 import b64encode
from functools import cache
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from msgspec import inspect

_TEXT = st.text("abcdefghij ", min_size=1, max_size=12)


def plain(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy of plain values that convert to a type."""
    return _of(inspect.type_info(kind))


def _of(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern.replace(r"\Z", "$").replace("$", r"\Z"), alphabet=_ASCII)
        case inspect.StrType(max_length=most):
            return _TEXT if most is None else _TEXT.map(lambda text: text[:most])
        case inspect.IntType(ge=least, le=most):
            return st.integers(0 if least is None else least, 10**6 if most is None else most)
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType(values=values):
            return st.sampled_from(sorted(values, key=str))
        case inspect.EnumType(cls=cls):
            return st.sampled_from(sorted(one.value for one in cls))
        case inspect.BytesType(min_length=least, max_length=most):
            return st.binary(min_size=least or 0, max_size=most or 64)
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            top = 3 if most is None else min(3, most)
            return st.lists(_of(item), min_size=least or 0, max_size=max(top, least or 0))
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_of(key), _of(value), max_size=2)
        case inspect.UnionType(types=types):
            real = [one for one in types if not isinstance(one, _ABSENT)]
            return st.one_of([_of(one) for one in real])
        case inspect.StructType(tag_field=tag_field, tag=tag, fields=fields):
            known = {tag_field: st.just(tag)} if tag_field else {}
            needed = {one.encode_name: _of(one.type) for one in fields if one.required}
            other = {one.encode_name: _of(one.type) for one in fields if not one.required}
            return st.fixed_dictionaries({**known, **needed}, optional=other)
        case _:
            raise TypeError(f"no values of {info}")


def example(info: inspect.Type) -> Any:
    """Return one plain value of a type, the same each time, with everything in it that there is."""
    match info:
        case inspect.StrType(pattern=str(pattern)):
            return _least(pattern)
        case inspect.StrType():
            return "A"
        case inspect.IntType(ge=least):
            return 1 if least is None else least + 1
        case inspect.BoolType():
            return True
        case inspect.BytesType(min_length=least):
            return b64encode(bytes(least or 0)).decode()
        case inspect.LiteralType(values=values):
            return values[-1]
        case inspect.EnumType(cls=cls):
            return next(iter(cls)).value
        case inspect.VarTupleType(item_type=item, min_length=least):
            return [example(item)] * max(1, least or 0)
        case inspect.DictType(key_type=key, value_type=value):
            return {example(key): example(value)}
        case inspect.UnionType(types=types):
            return example(next(one for one in types if not isinstance(one, _ABSENT)))
        case inspect.StructType(fields=fields):
            return {one.encode_name: example(one.type) for one in fields}
        case _:
            raise TypeError(f"no value of {info}")


@cache
def _least(pattern: str) -> str:
    return find(_of(inspect.StrType(pattern=pattern)), lambda _: True, settings=_QUIET)


_ABSENT = (inspect.NoneType,)
# Any value will do: nothing is made smaller.
_QUIET = settings(database=None, derandomize=True, phases=(Phase.generate,), max_examples=1)
_ASCII = st.characters(min_codepoint=32, max_codepoint=126)


def toml(value: Any) -> str:
    """Write a plain value as TOML does within a line."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            inner = ", ".join(f"{toml(name)} = {toml(one)}" for name, one in value.items())
            return f"{{ {inner} }}"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")
