"""The commands over consents and requests say what stands in the register, in three languages."""

import pytest

from comity.assemble.commands import COMMANDS
from comity.cli import app
from comity.cli.words import result_lines

CONSENT = {
    "consent": "comity/JPN/to/KOR#7",
    "item": "KOR-2026-1",
    "uses": "third-party",
    "for": "USA",
    "until": "2026-12-01T00:00:00.000Z",
    "times": 1,
    "state": "withdrawn",
    "used": 1,
    "concurrent": ["comity/JPN/to/KOR#9"],
    "acknowledged": False,
    "approved": ["park"],
    "waiting": [{"person": "park", "until": "2026-12-01", "times": 3, "seen": "sha384:5e"}],
}


def test_every_command_of_asking_is_one_of_a_house() -> None:
    named = [one.run for name, one in app.COMMANDS.items() if name.split()[0] in HEADINGS]
    assert len(named) == 12
    assert set(named) <= COMMANDS.keys()


HEADINGS = ("consent", "request", "pass-on")


@pytest.mark.parametrize(
    ("lang", "state"), [("en", "withdrawn"), ("ko", "철회됨"), ("ja", "撤回済み")]
)
def test_a_consent_is_listed_with_its_state(lang: str, state: str) -> None:
    line = result_lines("consent.list", {"consents": [CONSENT]}, lang)[0]
    assert state in line
    assert "1/1" in line
    assert "(" in line


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_every_state_is_worded(lang: str) -> None:
    states = ("asked", "granted", "refused", "withdrawn", "expired", "used-up")
    lines = [
        result_lines("consent.list", {"consents": [CONSENT | {"state": one}]}, lang)[0]
        for one in states
    ]
    assert len(set(lines)) == len(states)
    assert not any("asked." in line or "consent.uses" in line for line in lines)
    assert len(result_lines("consent.list", {}, lang)) == 1
