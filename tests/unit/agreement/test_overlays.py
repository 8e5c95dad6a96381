"""Hubs, parents and exercises: an overlay keeps to its bounds; and what the check says."""

from typing import Any

import msgspec
import pytest

from comity.agreement.cases import judged
from comity.agreement.check import check
from comity.agreement.scenario import Scenario
from comity.agreement.text import bundle_bytes, open_bundle
from tests.unit.agreement.test_check import TEXT

PARENT = "sha384:" + "1" * 96
OVERLAY = """# An overlay

```toml agreement
id = "OVERLAY"
version = "1"
parties = ["KOR", "JPN", "USA"]
bindingness = "arrangement"
authentic = ["en"]
note = "A fixture."
freshness = 86400
```

## Article 1 · All {#1}

Words.

```toml terms
[[clause]]
article = "1"
type = "discretion"
[[clause]]
article = "1"
type = "scope"
subjects = ["dprk.missile", "dprk.nuclear"]
forms = ["electronic"]
[[clause]]
article = "1"
type = "equivalence"
tiers = [
  { name = "SECRET", rank = 2, levels = [
    { level = "KOR:mil-2" }, { level = "USA:secret" }, { level = "JPN:gokuhi" } ] },
]
[[clause]]
article = "1"
type = "hub"
through = "USA"
use = "pass-on-only"
[[clause]]
article = "1"
type = "depends-on"
on = [{ id = "US-ROK-1987", text = "PARENT", between = ["KOR", "USA"] }]
[[clause]]
article = "1"
type = "exercise"
exercise = "EX-2026"
begins = "2026-06-01T00:00:00.000Z"
ends = "2026-08-01T00:00:00.000Z"
caveat = "KOR:exercise"
participants = ["KOR", "USA", "JPN"]
[[clause]]
article = "1"
type = "entry-into-force"
by = "signature"
[[clause]]
article = "1"
type = "survival"
```
""".replace("PARENT", PARENT)
AGREEMENT = open_bundle(bundle_bytes(OVERLAY.encode(), b"", {}))


def said(to: str = "USA", **given: object) -> tuple[str, set[str], dict[str, Any]]:
    case = {
        "level": "KOR:mil-2",
        "subject": "dprk.missile.launch",
        "purpose": "defence",
        "caveats": ["KOR:exercise"],
        "parents": {PARENT: "in-force"},
        **given,
    }
    act = {"kind": "release.release", "by": "KOR/MND", "to": to, "offices": [f"{to}/DOD"]}
    one = {"article": "1", "says": "it", "act": act, "given": case, "expect": {"verdict": "lawful"}}
    found = judged(AGREEMENT, msgspec.convert(one, Scenario))
    codes = {str(one.reason.code) for one in found.findings}
    return found.outcome.value, codes, {str(one.what): one.within for one in found.duties}


@pytest.mark.obligation("TISA-1")
@pytest.mark.obligation("TISA-2")
@pytest.mark.obligation("TISA-3")
@pytest.mark.obligation("SEED-8")
@pytest.mark.parametrize(
    ("to", "given", "code"),
    [
        ("USA", {"subject": "regional.navy"}, "scope.subject"),
        ("JPN", {}, "hub.direct"),
        ("USA", {"parents": {PARENT: "survival"}}, "depends-on.parent"),
        ("USA", {"caveats": []}, "exercise.unmarked"),
        ("USA", {"at": "2026-08-01T00:00:00.000Z"}, "exercise.not-now"),
        ("USA", {"at": "2026-05-31T00:00:00.000Z"}, "exercise.not-now"),
    ],
)
def test_an_overlay_keeps_to_its_bounds(to, given, code) -> None:
    assert said()[0] == "lawful"
    outcome, codes, _ = said(to, **given)
    assert outcome == "unlawful"
    assert code in codes


def test_what_an_exercise_exchanged_ends_with_it() -> None:
    month = 31 * 86400
    # From 1 July to the end on 1 August, nine hours into the day, and thirty days more.
    assert said()[2] == {"register.destroy": month - 9 * 3600 + 30 * 86400}


def complaints(text: str) -> set[tuple[str, str]]:
    found = check(open_bundle(bundle_bytes(text.encode(), b"", {})))
    return {(one.code, one.article) for one in found}


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (OVERLAY, 'through = "USA"', 'through = "AUS"', ("no-party", "1")),
        (OVERLAY, '["KOR", "USA", "JPN"]', '["KOR", "AUS"]', ("no-party", "1")),
        (TEXT, 'unmapped = "refuse"', 'unmapped = "refuse"\nelectronic_cap = "SECRET"',
         None),
        (TEXT, 'cap = "SECRET"', 'cap = "CONFIDENTIAL"\nelectronic_cap = "SECRET"', ("cap", "4")),
        (TEXT, 'cap = "SECRET"', 'cap = "CONFIDENTIAL"\noffice_caps = { "JPN/DIH" = "SECRET" }',
         ("cap", "4")),
        (TEXT, 'registries = "none"', 'registries = "named"', ("needed", "2")),
        (TEXT, 'counts = "any-other-state"',
         'counts = "any-other-state"\nmembers = ["USA"]', ("unused", "6(a)")),
        (TEXT, 'encryption = "to-level"', 'encryption = "none"\ncommercial_levels = ["JPN:hi"]',
         ("unused", "12")),
        (TEXT, 'subjects = ["dprk", "regional", "defence"]',
         'subjects = ["dprk"]\nexcluded = [{ subject = "dprk" }]', ("contradiction", "2")),
        (TEXT, '"documentary", "equipment", "technology"]', '"equipment", "technology"]',
         ("contradiction", "2")),
    ],
)  # fmt: skip
def test_the_second_reading_finds_it(text, old, new, code) -> None:
    assert old in text
    new_ones = complaints(text.replace(old, new, 1)) - complaints(text)
    assert new_ones >= ({code} if code else set())
    assert code is not None or not new_ones


def mode_after(*consents: dict[str, Any], use: str = "pass-on-only") -> set[str]:
    """What stands in the way of the hub reading an item, after these consents."""
    text = OVERLAY.replace('use = "pass-on-only"', f'use = "{use}"') + THIRD
    agreement = open_bundle(bundle_bytes(text.encode(), b"", {}))
    granted = [
        {"originator": "KOR", "uses": "third-party", "third_party": "JPN", **one}
        for one in consents
    ]
    given = {"level": "KOR:mil-2", "subject": "dprk.missile", "purpose": "defence"}
    given |= {"originator": "KOR", "consents": granted}
    act = {"kind": "register.access", "by": "USA/DOD", "to": "KOR"}
    one = {
        "article": "1",
        "says": "it",
        "act": act,
        "given": given,
        "expect": {"verdict": "lawful"},
    }
    found = judged(agreement, msgspec.convert(one, Scenario))
    return {str(one.reason.code) for one in found.objections}


THIRD = """
## Article 2 · Onward {#2}

Only with approval.

```toml terms
[[clause]]
article = "2"
type = "third-party"
consent = "prior-written"
```
"""
ONLY, OWN = {"mode": "pass-on-only"}, {"mode": "own-use"}
ENDED = {"until": "2026-06-01T00:00:00.000Z"}


@pytest.mark.obligation("TISA-5")
@pytest.mark.parametrize(
    ("use", "consents", "codes"),
    [
        ("own-use", (), set()),
        ("own-use", ({},), set()),
        ("own-use", (ONLY,), {"third-party.pass-on-only"}),
        ("own-use", (ONLY | ENDED,), {"third-party.pass-on-only"}),
        ("own-use", (ONLY | {"withdrawn": True},), {"third-party.pass-on-only"}),
        ("own-use", (ONLY | {"attested": True},), {"third-party.pass-on-only"}),
        ("own-use", (ONLY | {"same_item": False},), set()),
        ("own-use", (ONLY | {"originator": "JPN"},), set()),
        ("own-use", (ONLY | {"state": "refused"},), set()),
        ("own-use", (OWN, ONLY), {"third-party.pass-on-only"}),
        ("own-use", (ONLY, OWN), set()),
        ("own-use", (ONLY, OWN | {"withdrawn": True}), {"third-party.pass-on-only"}),
        ("pass-on-only", (), {"hub.pass-on-only"}),
        ("pass-on-only", (OWN,), set()),
        ("pass-on-only", (OWN | ENDED,), {"hub.pass-on-only"}),
        ("pass-on-only", (OWN | {"withdrawn": True},), {"hub.pass-on-only"}),
        ("pass-on-only", (OWN | {"attested": True},), {"hub.pass-on-only"}),
    ],
)
def test_an_originators_consent_says_what_the_hub_does_with_one_item(use, consents, codes) -> None:
    assert mode_after(*consents, use=use) == codes
