"""A remembered judgement is the one that would be made, whatever tells the items apart."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, structs

from comity.acts import deeds
from comity.acts.judgements import judgement_digest
from comity.acts.parts import Position
from comity.agreement.alike import judged, plain
from comity.agreement.clauses import Voice
from comity.agreement.ground import GROUND
from comity.agreement.judge import Texts, judge
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Reference
from tests.properties.test_judgement import PACT, PARTIES, acts, cases

TEXTS = Texts(hop=PACT, origins=(), ground=GROUND, profile=None)
DIGESTS = st.binary(min_size=48, max_size=48).map(lambda raw: Digest("sha384:" + raw.hex()))
SALTS = st.binary(min_size=16, max_size=16)


@st.composite
def told_apart(draw, entry):
    """Return the entry as that of another item: what a judgement may not look at is changed."""
    deed = entry.deed
    if isinstance(deed, deeds.Release):
        core = structs.replace(
            deed.item,
            reference=Reference(f"REF-{draw(st.integers(0, 99))}"),
            plaintext=draw(DIGESTS),
        )
        log = correspondence(PARTIES[2], PARTIES[0])
        origin = draw(st.sampled_from([UNSET, Position(log=log, index=draw(st.integers(0, 99)))]))
        deed = structs.replace(deed, item=core, particulars=draw(DIGESTS), origin=origin)
    return structs.replace(entry, deed=deed, salt=draw(SALTS), ciphertext=draw(DIGESTS))


@given(st.data(), acts(), cases, st.sampled_from(list(Voice)))
@settings(max_examples=400, deadline=None)
def test_a_remembered_judgement_is_the_one_that_would_be_made(data, entry, case, voice):
    for _ in range(2):
        other = data.draw(told_apart(entry))
        made = judge(TEXTS, other, case, voice=voice)
        found = judged(TEXTS, other, case, voice=voice)
        assert found == made
        assert judgement_digest(found) == judgement_digest(made)


@given(st.data(), acts(), cases)
def test_items_that_the_agreement_does_not_tell_apart_share_one_judgement(data, entry, case):
    this = data.draw(told_apart(entry))
    that = data.draw(told_apart(entry))
    if plain(this) == plain(that):
        assert judged(TEXTS, this, case, voice=Voice.COMMON) is judged(
            TEXTS, that, case, voice=Voice.COMMON
        )
    else:
        # The one thing of an item that is judged: whether it was received from somebody.
        assert (this.deed.origin is UNSET) != (that.deed.origin is UNSET)


@given(acts(), cases)
def test_another_time_is_another_act(entry, case):
    later = structs.replace(entry, at="2029-11-24T09:00:00.000Z")
    assert plain(later) != plain(entry)
    moved = structs.replace(case, at=later.at)
    assert judged(TEXTS, later, moved, voice=Voice.COMMON) == judge(
        TEXTS, later, moved, voice=Voice.COMMON
    )
