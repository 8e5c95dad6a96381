"""Everything entered is judged again: under its own text alike, under another as that says."""

from importlib.resources import files

import pytest

from comity.acts.judgements import Outcome
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.node import audit
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import Unavailable
from tests.scenarios.test_crossing import provide
from tests.support.pair import Pair, assure, conclude, enrol, pair

PACT = files("comity.agreement").joinpath("texts/KOR-JPN-GSOMIA-2016/agreement.md").read_text()


def lived() -> Pair:
    two = pair()
    enrol(two)
    conclude(two)
    assure(two)
    provide(two)
    return two


def text(source: str) -> Agreement:
    return open_bundle(bundle_bytes(source.encode(), b"", {}))


def test_under_the_texts_of_their_time_all_judgements_are_what_they_were() -> None:
    two = lived()
    for node in (two.seoul, two.tokyo):
        found = audit.replay(node, MemoryStore(), lines=3)
        assert found.judged > 8
        assert found.divergences == ()
        assert found.otherwise == ()


def test_a_text_with_other_words_and_the_same_terms_judges_nothing_otherwise() -> None:
    two = lived()
    assert (
        audit.replay(two.seoul, MemoryStore(), under=text(PACT.replace("may", "can"))).otherwise
        == ()
    )


def test_a_lower_cap_would_have_stopped_the_release_on_both_sides() -> None:
    two = lived()
    lower = text(PACT.replace('cap = "SECRET"', 'cap = "CONFIDENTIAL"'))
    for node in (two.seoul, two.tokyo):
        found = audit.replay(node, MemoryStore(), under=lower)
        assert found.divergences == ()
        (one,) = (each for each in found.otherwise if each.kind == "release.release")
        assert (one.was, one.would) == (Outcome.LAWFUL, Outcome.UNLAWFUL)
        assert [each.reason.code for each in one.because] == ["equivalence.above-cap"]


def test_a_judgement_that_was_changed_in_the_journal_would_be_a_divergence() -> None:
    two = lived()
    # The digest of a judgement stands in the leaf that both hold: another text at the same
    # digest is not possible, so a node whose rules changed is what the list is for.
    original = two.seoul._bundles.copy()
    changed = text(PACT.replace('cap = "SECRET"', 'cap = "CONFIDENTIAL"'))
    for key, one in list(two.seoul._bundles.items()):
        if one is not None and one.id == changed.id:
            two.seoul._bundles[key] = changed
    found = audit.replay(two.seoul, MemoryStore())
    two.seoul._bundles.update(original)
    assert found.divergences != ()


def test_it_goes_on_where_it_stopped_and_comes_to_the_same() -> None:
    two = lived()
    lower = text(PACT.replace('cap = "SECRET"', 'cap = "CONFIDENTIAL"'))
    whole = audit.replay(two.seoul, MemoryStore(), under=lower)
    aside = MemoryStore()
    seen = [audit.portion(two.seoul, aside, under=lower, lines=2) for _ in range(3)]
    assert [one.line for one in seen] == [2, 4, 6]
    assert {one.lines for one in seen} == {whole.lines}
    assert audit.replay(two.seoul, aside, under=lower, lines=5) == whole
    # What is entered while it goes on is judged as well.
    provide(two)
    more = audit.replay(two.seoul, aside, under=lower, lines=1)
    assert more.line == more.lines > whole.lines
    assert more == audit.replay(two.seoul, MemoryStore(), under=lower)


def test_what_was_kept_of_another_replay_is_not_gone_on_with() -> None:
    two = lived()
    aside = MemoryStore()
    audit.portion(two.seoul, aside, lines=2)
    for node, under in ((two.seoul, text(PACT.replace("may", "can"))), (two.tokyo, None)):
        with pytest.raises(Unavailable, match=r"unavailable\.replay"):
            audit.portion(node, aside, under=under, lines=2)
