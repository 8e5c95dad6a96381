"""National profiles: what opens, what is told to the other side, what is refused."""

from importlib.resources import files

import pytest

from comity.acts.canonical import digest, encode
from comity.acts.documents import decode_public_profile
from comity.agreement.profile import open_profile, public_part
from comity.vocabulary.errors import Invalid

TEXTS = files("comity.agreement").joinpath("texts")
KOREA = TEXTS.joinpath("profile-KOR.md").read_text()


@pytest.mark.parametrize("party", ["KOR", "JPN", "USA"])
def test_the_shipped_profiles_open_and_say_that_they_are_assumed(party):
    raw = TEXTS.joinpath(f"profile-{party}.md").read_bytes()
    profile = open_profile(raw)
    assert (profile.party, profile.digest) == (party, digest(raw))
    assert b"assumed" in raw
    assert all({"en", "ko", "ja"} <= one.names.keys() for one in profile.offices)


def test_japan_names_who_designates():
    japan = open_profile(TEXTS.joinpath("profile-JPN.md").read_bytes())
    assert [one.office for one in japan.offices if one.designating] == ["JPN/MOD"]


@pytest.mark.obligation("GSOMIA-2-4")
def test_the_public_part_tells_offices_and_calendar_and_nothing_of_who_may_release():
    profile = open_profile(KOREA.encode())
    public = public_part(profile)
    raw = encode(public)
    assert decode_public_profile(raw) == public
    assert [one.office for one in public.offices] == [one.office for one in profile.offices]
    for kept in (b"delegat", b"approvals", b"clearance", b"procedure", b"mil-2"):
        assert kept not in raw


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('party = "KOR"', 'party = "JPN"', "another party"),
        ('registry = "KOR/REGISTRY"', 'registry = "KOR/NONE"', "registry"),
        (
            '[[delegations]]\noffice = "KOR/KDIA"',
            '[[delegations]]\noffice = "KOR/NONE"',
            "delegates",
        ),
        ('zone = "Asia/Seoul"', 'zone = "../Seoul"', "public part"),
        ('"2026-12-25"', '"25 December"', "public part"),
        ("[1, 2, 3, 4, 5]", "[1, 8]", "public part"),
        ("[1, 2, 3, 4, 5]", "[]", "public part"),
        ('en = "Registry"', 'english = "Registry"', "public part"),
        ('en = "Registry"', 'en = "Reg\u200bistry"', "public part"),
        ('since = "1948', 'since = "48', "since"),
        ("approvals = 1", "approvals = 3", "approvals"),
        ('zone = "Asia/Seoul"', 'zone = "Asia/Seoul"\nrank = 1', "rank"),
        ('zone = "Asia/Seoul"', 'zone = "Asia/Seoul', "line"),
        ('zone = "Asia/Seoul"', f"zone = {'[' * 3000}{']' * 3000}", "nested"),
        ("```toml profile", "```toml profil", "party"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said(old, new, said):
    assert old in KOREA
    with pytest.raises(Invalid, match=said) as caught:
        open_profile(KOREA.replace(old, new, 1).encode())
    assert caught.value.code == "invalid.profile"


def test_a_term_stands_in_one_block_only():
    twice = KOREA + '\n```toml profile\nparty = "KOR"\n```\n'
    with pytest.raises(Invalid, match="twice"):
        open_profile(twice.encode())


def test_a_profile_is_utf8():
    with pytest.raises(Invalid):
        open_profile(b"\xff")
