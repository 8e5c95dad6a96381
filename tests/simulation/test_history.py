"""The checker itself: each breach that is put in by hand is seen."""

import json
from typing import Any

import pytest

from tests.simulation import history
from tests.simulation.history import Broken

LOG = "log/KOR/JPN"
RELEASE = {"kind": "release.release", "item": {"originator": "KOR", "reference": "KOR-1"}}
RECEIPT = {"kind": "delivery.receipt", "item": "log/KOR/JPN@0", "office": "JPN/MOD"}


def leaf(deed: dict[str, Any], salt: str, at: str = "2026-11-24T00:00:00.000Z") -> bytes:
    return json.dumps({"at": at, "deed": deed, "salt": salt}).encode()


@pytest.mark.parametrize("deed", [RELEASE, RECEIPT])
def test_an_act_that_was_entered_again_under_another_salt_is_seen(deed):
    history.check_once({LOG: [leaf(RELEASE, "a"), leaf(RECEIPT, "b")]})
    with pytest.raises(Broken, match="V2"):
        history.check_once({LOG: [leaf(deed, "a"), leaf(deed, "b")]})


def test_a_leaf_that_stands_twice_is_seen():
    one = leaf({"kind": "link.directory"}, "a")
    with pytest.raises(Broken, match="V2"):
        history.check_once({LOG: [one, one]})


def test_a_time_that_goes_back_is_seen():
    early, late = "2026-11-24T00:00:00.000Z", "2026-11-24T00:00:01.000Z"
    history.check_stamps({LOG: [leaf(RELEASE, "a", early), leaf(RECEIPT, "b", late)]})
    with pytest.raises(Broken, match="at"):
        history.check_stamps({LOG: [leaf(RELEASE, "a", late), leaf(RECEIPT, "b", early)]})


def test_a_divergence_that_a_house_recorded_is_seen():
    history.check_agreed({LOG: [leaf(RELEASE, "a")]})
    with pytest.raises(Broken, match="P3"):
        history.check_agreed({LOG: [leaf({"kind": "link.diverge"}, "a")]})


def test_the_checkers_own_tree_is_that_of_the_specification():
    one, two, three = (leaf(RELEASE, salt) for salt in "abc")
    whole = history.root([one, two, three])
    assert whole != history.root([one, three, two])
    assert whole != history.root([one, two])
