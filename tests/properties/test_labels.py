"""The laws of the label lattice."""

from hypothesis import given
from hypothesis import strategies as st

from comity.acts.parts import Label
from comity.marking.labels import BOTTOM, Joined, covers, join, lifted, roll_up
from tests.support.shipped import SCHEMES

LEVELS = [one.level for scheme in SCHEMES.values() for one in scheme.level] + ["FRA:secret"]

labels = st.builds(
    Label,
    level=st.sampled_from(LEVELS),
    releasable=st.lists(st.sampled_from(["KOR", "JPN", "USA"]), unique=True).map(tuple),
    caveats=st.lists(st.sampled_from(["USA:noforn", "AUS:austeo"]), unique=True).map(tuple),
)
joined = st.lists(labels, max_size=4).map(lambda portions: roll_up(portions, SCHEMES))


def both(one: Joined, other: Joined) -> Joined:
    return join(one, other, SCHEMES)


@given(joined, joined, joined)
def test_join_is_commutative_associative_and_idempotent(a: Joined, b: Joined, c: Joined) -> None:
    assert both(a, b) == both(b, a)
    assert both(both(a, b), c) == both(a, both(b, c))
    assert both(a, a) == a
    assert both(a, BOTTOM) == a


@given(st.lists(labels, min_size=1, max_size=5))
def test_a_whole_is_at_least_as_strict_as_each_of_its_portions(portions: list[Label]) -> None:
    whole = roll_up(portions, SCHEMES)
    for portion in portions:
        assert covers(whole, lifted(portion), SCHEMES)
        assert set(portion.caveats) <= whole.caveats
        if portion.releasable:
            assert whole.audience is not None
            assert whole.audience <= set(portion.releasable)


@given(st.lists(labels, min_size=1, max_size=5), labels)
def test_one_more_source_never_widens_the_audience_or_lowers_the_level(
    portions: list[Label], more: Label
) -> None:
    before = roll_up(portions, SCHEMES)
    after = roll_up([*portions, more], SCHEMES)
    assert covers(after, before, SCHEMES)


def test_nobody_is_not_everybody() -> None:
    one = Label(level="KOR:mil-2", releasable=("JPN",), caveats=())
    other = Label(level="KOR:mil-3", releasable=("USA",), caveats=())
    assert roll_up([one, other], SCHEMES).audience == frozenset()
    assert roll_up([one, other], SCHEMES).levels == {"KOR:mil-2"}


def test_equal_levels_of_two_regimes_are_both_kept() -> None:
    portions = [
        Label(level="JPN:gokuhi", releasable=(), caveats=()),
        Label(level="JPN:tokutei-himitsu", releasable=(), caveats=()),
        Label(level="JPN:hi", releasable=(), caveats=()),
    ]
    assert roll_up(portions, SCHEMES).levels == {"JPN:gokuhi", "JPN:tokutei-himitsu"}
