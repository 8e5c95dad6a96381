"""The requests that other engines judge as well: every rule of the set decides some of them."""

from random import Random

from benchmarks.peers import SEED, TEXTS, made_up, ours, requests, verdicts
from comity.agreement.clauses import Voice
from comity.agreement.judge import judge


def test_the_requests_are_the_same_each_time_and_of_both_kinds() -> None:
    asked = requests()
    assert asked[0] == made_up(Random(SEED))
    lawful = sum(verdicts(asked))
    assert len(asked) // 4 < lawful < len(asked) // 2


def test_every_rule_that_the_others_have_refuses_some() -> None:
    codes = {
        finding.reason.code
        for one in requests()
        for finding in judge(TEXTS, *ours(one), voice=Voice.COMMON).objections
    }
    assert codes >= {
        "scope.subject",
        "authorities.not-notified",
        "equivalence.unmapped",
        "discretion.approval",
        "third-party.approval",
        "third-party.consent-expired",
        "third-party.not-releasable",
        "purpose.outside",
        "assurance.missing",
        "transmission.addressee",
        "transmission.unsealed",
        "transmission.shown-only",
        "entry-into-force.lapsed",
    }
