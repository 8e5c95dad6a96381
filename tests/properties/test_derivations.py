"""What is made from an item never stands below it: extracts, translations, derivatives, marks."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from comity.agreement.cases import judged
from comity.agreement.scenario import Scenario
from comity.agreement.text import bundle_bytes, open_bundle
from tests.unit.agreement.test_remaining_clauses import BARE, MORE

AGREEMENT = open_bundle(bundle_bytes((BARE + MORE).encode(), b"", {}))
LEVELS = ("JPN:hi", "JPN:gokuhi", "JPN:tokutei-himitsu")
STEPS = {"JPN:hi": 1, "JPN:gokuhi": 2, "JPN:tokutei-himitsu": 2}
OWN = {"KOR:mil-3": ("JPN:hi",), "KOR:mil-2": ("JPN:gokuhi", "JPN:tokutei-himitsu")}

MADE = {
    "register.extract": {"number": "JPN-X-1", "pages": 1},
    "register.derive": {"number": "JPN-D-1"},
    "register.translate": {
        "number": "JPN-T-1", "language": "ja", "person": "abe", "note": True, "machine": "none",
    },
}  # fmt: skip


def outcome(kind: str, fields: dict[str, Any], **facts: Any) -> str:
    one = {
        "article": "30",
        "says": "it",
        "act": {"kind": kind, "by": "JPN/DIH", "to": "KOR", "fields": fields},
        "given": {"subject": "dprk", "purpose": "defence", **facts},
        "expect": {"verdict": "lawful"},
    }
    return judged(AGREEMENT, msgspec.convert(one, Scenario)).outcome.value


@given(
    st.sampled_from(sorted(MADE)),
    st.sampled_from(sorted(OWN)),
    st.sampled_from(LEVELS),
    st.sampled_from(LEVELS),
    st.booleans(),
)
def test_what_is_made_from_an_item_stands_where_the_item_stands(kind, own, marked, level, over):
    standing = "survival" if over else "in-force"
    fields = {**MADE[kind], "level": level}
    found = outcome(kind, fields, level=own, marked=marked, standing=standing)
    if found == "lawful":
        assert STEPS[level] >= STEPS[marked]


@given(st.sampled_from(sorted(MADE)), st.sampled_from(sorted(OWN)), st.sampled_from(LEVELS))
def test_nothing_is_made_from_what_is_not_marked(kind, own, level):
    assert outcome(kind, {**MADE[kind], "level": level}, level=own) != "lawful"


@given(st.sampled_from(sorted(OWN)), st.sampled_from(LEVELS), st.booleans())
def test_a_mark_is_the_originators_own_level_and_no_other(own, level, over):
    act: dict[str, Any] = {"kind": "register.re-mark", "by": "JPN/REGISTRY", "to": "KOR"}
    act |= {"level": level}
    one = {
        "article": "4",
        "says": "it",
        "act": act,
        "given": {
            "level": own, "subject": "dprk", "purpose": "defence",
            "standing": "survival" if over else "in-force",
        },
        "expect": {"verdict": "lawful"},
    }  # fmt: skip
    found = judged(AGREEMENT, msgspec.convert(one, Scenario)).outcome.value
    assert (found == "lawful") <= (level in OWN[own])
