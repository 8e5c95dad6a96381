"""Banners and schemes, as they ship."""

import pytest

from comity.acts.parts import Label
from comity.marking.banner import banner, nato_style, origin_line, search_fold, us_style
from comity.marking.schemes import native, parse_schemes, rank, spellings, tier
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Caveat, Level, Party, Regime
from tests.support.shipped import SCHEMES


def label(level: str, *, releasable=(), caveats=()) -> Label:
    return Label(
        level=Level(level),
        releasable=tuple(Party(one) for one in releasable),
        caveats=tuple(Caveat(one) for one in caveats),
    )


@pytest.mark.obligation("GSOMIA-2-1")
def test_the_banner_shows_the_originators_level_the_treatys_and_the_receivers() -> None:
    assert banner(label("KOR:mil-2"), SCHEMES) == "군사Ⅱ급비밀 · SECRET"
    assert (
        banner(label("KOR:mil-2"), SCHEMES, marked=Level("JPN:gokuhi"))
        == "군사Ⅱ급비밀 · SECRET · 極秘"
    )
    marked = banner(
        label("KOR:mil-2"),
        SCHEMES,
        marked=Level("JPN:tokutei-himitsu"),
        regime=Regime("JPN:tokutei-himitsu"),
    )
    assert marked == "군사Ⅱ급비밀 · SECRET · 特定秘密"


def test_a_level_without_a_treaty_level_shows_its_own_name_alone() -> None:
    assert banner(label("KOR:daeoebi"), SCHEMES) == "대외비"
    assert tier(SCHEMES, Level("JPN:chui")) == ""


def test_what_no_scheme_knows_is_shown_as_its_identifier() -> None:
    assert banner(label("FRA:secret"), SCHEMES) == "FRA:secret"
    assert native(SCHEMES, Level("KOR:none")) == "KOR:none"
    assert rank(SCHEMES, Level("KOR:none")) == -1


def test_the_originating_government_is_named_in_three_languages() -> None:
    names = [origin_line(Party("KOR"), SCHEMES, language=one) for one in ("en", "ko", "ja")]
    assert names == ["Republic of Korea", "대한민국", "大韓民国"]
    assert origin_line(Party("FRA"), SCHEMES, language="ko") == "FRA"


def test_spellings_hold_every_level_and_regime() -> None:
    found = spellings(SCHEMES)
    assert found["KOR:mil-2"] == "군사Ⅱ급비밀"
    assert found["JPN:tokubetsu-boei-himitsu"] == "特別防衛秘密"
    assert {one.level for scheme in SCHEMES.values() for one in scheme.level} <= found.keys()


def test_us_and_nato_lines() -> None:
    one = label("USA:secret", releasable=("KOR", "JPN"), caveats=("USA:orcon",))
    assert us_style(one, SCHEMES) == "SECRET//ORCON//REL TO JPN, KOR"
    assert nato_style(label("NATO:secret", releasable=("JPN",)), SCHEMES) == (
        "NATO SECRET RELEASABLE TO JPN"
    )


def test_search_finds_roman_numerals_and_full_width_letters() -> None:
    assert search_fold("군사Ⅱ급비밀") == search_fold("군사II급비밀")
    assert search_fold("SECRET") == search_fold("\uff33ecret")


def test_every_level_of_the_table_ships() -> None:
    assert sorted(SCHEMES) == ["AUS", "EU", "GBR", "JPN", "KOR", "NATO", "USA"]
    secret = {
        one.level for scheme in SCHEMES.values() for one in scheme.level if one.tier == "SECRET"
    }
    assert secret == {
        "AUS:secret", "EU:secret", "GBR:secret", "JPN:boei-himitsu", "JPN:gokuhi",
            "JPN:tokutei-himitsu",
        "KOR:mil-2", "NATO:secret", "USA:secret",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scheme = 1", "Expected"),
        ("[[scheme", "Expected"),
        ('[[scheme]]\nparty="KOR"\nname={}\nlevel=[{level="JPN:hi",rank=1,native="x"}]', "another"),
        (
            (
                '[[scheme]]\nparty="KOR"\nname={}\n'
                'level=[{level="KOR:a",rank=1,native="x"},{level="KOR:b",rank=2,native="x"}]'
            ),
            "first",
        ),
        (
            '[[scheme]]\nparty="KOR"\nname={}\nlevel=[{level="KOR:a",rank=1,native="x"}]\n' * 2,
            "two schemes",
        ),
    ],
)
def test_a_scheme_that_does_not_hold_together_is_refused(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        parse_schemes(text)
    assert refusal.value.code == "invalid.schemes"
