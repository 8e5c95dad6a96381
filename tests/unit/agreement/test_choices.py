"""Who chooses among several levels, and who is no third party: terms that few texts use."""

import msgspec
import pytest

from comity.agreement.cases import judged
from comity.agreement.scenario import Scenario
from comity.agreement.text import bundle_bytes, open_bundle
from tests.unit.agreement.test_check import TEXT


def said(text, act, **given) -> tuple[str, set[str]]:
    agreement = open_bundle(bundle_bytes(text.encode(), b"", {}))
    case = {
        "level": "KOR:mil-2",
        "subject": "dprk.missile.launch",
        "purpose": "defence",
        **given,
    }
    one = {"article": "4", "says": "it", "act": act, "given": case, "expect": {"verdict": "lawful"}}
    found = judged(agreement, msgspec.convert(one, Scenario))
    return found.outcome.value, {str(each.reason.code) for each in found.findings}


def choosing(who: str) -> str:
    changed = TEXT.replace('chooser = "designating-officer"', f'chooser = "{who}"')
    assert (changed != TEXT) == (who != "designating-officer")
    return changed


SPECIAL = {
    "kind": "register.re-mark",
    "by": "JPN/REGISTRY",
    "to": "KOR",
    "level": "JPN:tokutei-himitsu",
    "regime": "JPN:tokutei-himitsu",
}


@pytest.mark.parametrize(
    ("who", "verdict", "code"),
    [
        ("designating-officer", "lawful-once-remedied", "equivalence.designation"),
        ("registry", "lawful", "equivalence.marked-by-registry"),
        ("originator", "unlawful", "equivalence.other-than-stated"),
    ],
)
def test_who_chooses_among_several_levels(who, verdict, code) -> None:
    outcome, codes = said(choosing(who), SPECIAL)
    assert (outcome, code in codes) == (verdict, True)
    # Until somebody has chosen, the fallback stands whoever chooses.
    plain = {name: value for name, value in SPECIAL.items() if name != "regime"}
    outcome, _ = said(choosing(who), {**plain, "level": "JPN:gokuhi"})
    assert outcome == "lawful"


def test_a_member_is_no_third_party_and_everybody_else_is() -> None:
    text = TEXT.replace('counts = "any-other-state"', 'counts = "not-members"\nmembers = ["USA"]')
    act = {"kind": "release.onward-released", "by": "JPN/DIH", "to": "KOR", "fields": {
        "consents": [], "purpose": "defence", "release": "sha384:" + "0" * 96,
        "third_party": "USA"}}  # fmt: skip
    assert "third-party.member" in said(text, act, receiver="USA", originator="KOR")[1]
    assert "third-party.approval" in said(text, act, receiver="AUS", originator="KOR")[1]
    assert "third-party.approval" in said(TEXT, act, receiver="USA", originator="KOR")[1]
