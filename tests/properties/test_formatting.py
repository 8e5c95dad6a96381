"""However a text is laid out: in order it means the same, keeps every comment, and stays so."""

import re
import tomllib
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.agreement.difference import difference
from comity.agreement.formatting import formatted
from comity.agreement.parsing import parse
from comity.agreement.shipped import everything
from comity.agreement.text import bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant
from tests.support.couple import FOLDER, bundle

SOURCES = [one.source for one in everything()] + [
    open_bundle(bundle(one.name)).source for one in sorted(FOLDER.iterdir()) if one.is_dir()
]
_FENCE = re.compile(r"(?s)(```toml (?:agreement|terms)\n)(.*?)(\n```)")
AT = Instant("2026-11-24T00:00:00.000Z")


class Disorder:
    """Lays a block out anew: other order, quotes, spaces, lines; comments where one may stand."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.comments: list[str] = []

    def comment(self) -> str:
        self.comments.append(f'# {len(self.comments)} the officer\'s "word" [1] = {{')
        return self.comments[-1]

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def word(self, text: str) -> str:
        fits = not set(text) & set("'\"\\")
        return f"'{text}'" if fits and self.chance(0.4) else f'"{text}"'

    def key(self, text: str) -> str:
        bare = re.fullmatch(r"[A-Za-z0-9_-]+", text) is not None
        return text if bare and self.chance(0.8) else self.word(text)

    def gap(self) -> str:
        return " " * self.draw.randint(0, 3)

    def value(self, value: object, *, flat: bool = False) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.word(value)
        if isinstance(value, dict):
            pairs = list(value.items())
            self.draw.shuffle(pairs)
            inner = ",".join(
                f"{self.gap()}{self.key(name)}{self.gap()}={self.value(one, flat=True)}"
                for name, one in pairs
            )
            return f"{{{inner}{self.gap()}}}"
        if isinstance(value, list):
            spread = not flat and self.chance(0.4)
            end = "\n" if spread else ""
            inside = f"  {self.comment()}\n" if spread and self.chance(0.3) else ""
            parts = [f"{self.gap()}{self.value(one, flat=True)}{self.gap()}" for one in value]
            last = "," if spread and parts and self.chance(0.5) else ""
            return f"[{inside}{end}{f',{end}'.join(parts)}{last}{end}]"
        return str(value)

    def lines(self, table: dict[str, object], path: str) -> Iterator[str]:
        names = list(table)
        self.draw.shuffle(names)
        below = [one for one in names if _is_below(table[one]) and self.chance(0.7)]
        for name in (one for one in names if one not in below):
            if self.chance(0.2):
                yield f"{self.gap()}{self.comment()}"
            beside = f"  {self.comment()}" if self.chance(0.2) else ""
            yield f"{self.gap()}{self.key(name)}{self.gap()}={self.value(table[name])}{beside}"
            yield from [""] * self.draw.choice((0, 0, 1, 2))
        for name in below:
            value = table[name]
            inner = f"{path}.{self.key(name)}" if path else self.key(name)
            for one in value if isinstance(value, list) else [value]:
                brackets = "[[{}]]" if isinstance(value, list) else "[{}]"
                if self.chance(0.2):
                    yield self.comment()
                yield self.gap() + brackets.format(f"{self.gap()}{inner}{self.gap()}")
                yield from self.lines(one, inner)

    def block(self, found: re.Match[str]) -> str:
        table = tomllib.loads(found[2])
        lines = list(self.lines(table, ""))
        if self.chance(0.3):
            lines.append(self.comment())
        return found[1] + "\n".join(lines) + found[3]


def _is_below(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    )


def words(source: str) -> str:
    return _FENCE.sub(r"\1\3", source).rstrip("\n")


@settings(max_examples=20)
@given(st.sampled_from(SOURCES), st.integers(0, 2**32))
def test_in_order_it_means_the_same_and_keeps_every_word_and_comment(
    source: str, seed: int
) -> None:
    disorder = Disorder(seed)
    untidy = _FENCE.sub(disorder.block, source)
    found = formatted(untidy, file="agreement.md")
    assert formatted(found, file="agreement.md") == found
    before, after = parse(source, file="x"), parse(found, file="x")
    assert (after[0], after[2]) == (before[0], before[2])
    assert words(found) == words(source)
    assert all(found.count(one) == 1 for one in disorder.comments)


def test_no_act_is_answered_otherwise() -> None:
    old = open_bundle(bundle("NOR-FIN-ORAL-2"))
    found = formatted(old.source, file="agreement.md")
    assert found != old.source
    new = open_bundle(bundle_bytes(found.encode(), old.cases.encode(), {}))
    assert new.digest != old.digest
    assert difference(old, new, at=AT) == ()


@pytest.mark.parametrize("source", SOURCES, ids=range(len(SOURCES)))
def test_nothing_that_ends_otherwise_ends_otherwise_in_order(source: str) -> None:
    for end in ("", "\n\n\n"):
        found = formatted(source.rstrip("\n") + end, file="agreement.md")
        assert found == formatted(source, file="agreement.md")
