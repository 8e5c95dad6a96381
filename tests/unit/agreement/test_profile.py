"""National profiles: what opens, what is told to the other side, what is refused."""

from importlib.resources import files
from typing import get_args

import pytest

from comity.acts.canonical import digest, encode
from comity.acts.deeds import DomesticStep
from comity.acts.documents import decode_public_profile
from comity.agreement import shipped
from comity.agreement.procedure import STEPS, StepName
from comity.agreement.profile import open_profile, public_part
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, Party, Subject

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


MORE = """
[[offices]]
office = "KOR/OLD"
names = { en = "Old office", ko = "옛 부서", ja = "旧部署" }
since = "1981-11-02T00:00:00.000Z"
until = "2026-12-01T00:00:00.000Z"
successor = "KOR/MND"

[[delegations]]
office = "KOR/OLD"
levels = ["KOR:mil-1"]
to = ["USA"]
subjects = ["dprk"]
approvals = 2

[[absences]]
office = "KOR/MND"
deputy = "KOR/KDIA"
since = "2027-01-01T00:00:00.000Z"
until = "2027-02-01T00:00:00.000Z"
"""
FULL = open_profile(KOREA.replace("\n[[delegations]]", MORE + "\n[[delegations]]", 1).encode())
OLD, MND, KDIA = Office("KOR/OLD"), Office("KOR/MND"), Office("KOR/KDIA")


@pytest.mark.obligation("AUTH-2")
@pytest.mark.parametrize(
    ("day", "offices"),
    [
        ("2026-11-30", {OLD}),
        ("2026-12-01", {MND}),
        ("2027-01-15", {MND, KDIA}),
        ("2027-02-01", {MND}),
    ],
)
def test_a_successor_takes_over_and_a_deputy_stands_in_while_it_is_absent(day, offices):
    assert FULL.standing_for(OLD, Instant(f"{day}T00:00:00.000Z")) == offices


def test_a_delegation_is_bounded_by_level_country_and_subject():
    top, usa, jpn = Level("KOR:mil-1"), Party("USA"), Party("JPN")
    (one,) = FULL.delegated(top, usa, Subject("dprk.missile"))
    assert one.office == OLD
    assert FULL.delegated(top, jpn, Subject("dprk.missile")) == ()
    assert FULL.delegated(top, usa, Subject("regional.navy")) == ()


def test_two_persons_decide_together_also_where_one_is_the_deputy():
    (one,) = FULL.delegated(Level("KOR:mil-1"), Party("USA"), Subject("dprk"))
    within, after = Instant("2027-01-15T00:00:00.000Z"), Instant("2027-02-15T00:00:00.000Z")
    assert FULL.suffices(one, [MND, KDIA], within)
    assert not FULL.suffices(one, [MND, KDIA], after)
    assert not FULL.suffices(one, [MND], within)
    assert FULL.suffices(one, [MND, MND], after)


def test_an_office_without_a_successor_leaves_nobody_to_decide():
    alone = open_profile(
        KOREA.replace("\n[[delegations]]", MORE + "\n[[delegations]]", 1)
        .replace('successor = "KOR/MND"\n', "")
        .encode()
    )
    assert alone.standing_for(OLD, Instant("2027-01-15T00:00:00.000Z")) == set()


def test_a_deputy_that_is_no_office_is_refused():
    with pytest.raises(Invalid, match="deputy"):
        open_profile(
            KOREA.replace(
                "\n[[delegations]]",
                MORE.replace('deputy = "KOR/KDIA"', 'deputy = "KOR/NONE"') + "\n[[delegations]]",
                1,
            ).encode()
        )


def test_a_step_that_nobody_could_record_is_no_step_of_a_profile():
    source = KOREA.replace('"cabinet"', '"diet-approval"')
    assert source != KOREA
    with pytest.raises(Invalid):
        open_profile(source.encode())
    assert {one.value for one in DomesticStep} == set(get_args(StepName)) == set(STEPS.values())


@pytest.mark.parametrize("party", ["KOR", "JPN", "USA"])
def test_of_what_a_shipped_text_lets_out_somebody_of_the_party_decides(party: str) -> None:
    """Of each level that a profile delegates at all: every subject, towards every other party."""
    raw = files("comity.agreement").joinpath(f"texts/profile-{party}.md").read_bytes()
    profile = open_profile(raw)
    delegated = {level for one in profile.delegations for level in one.levels}
    undecided = {
        (text.id, level, subject, to)
        for text in shipped.everything()
        if party in text.parties
        for tier in text.clause("equivalence").tiers
        for level in {one.level for one in tier.levels} & delegated
        for subject in text.clause("scope").subjects
        for to in set(text.parties) - {party, *level.split(":")[:1]}
        if not profile.delegated(level, to, subject)
    }
    assert {one for one in undecided if one[1].startswith(f"{party}:")} == set()
