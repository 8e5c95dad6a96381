"""Another profile is adopted: by it the house decides from then on, and offices keep their keys."""

from importlib.resources import files

import pytest

from comity.assemble.commands import COMMANDS
from comity.assemble.epochs import keep_epochs
from comity.cli.words import result_lines
from comity.node import setup
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import journal
from comity.vocabulary.names import Office, Party

KOR, JPN = Party("KOR"), Party("JPN")
SHIPPED = files("comity.agreement").joinpath("texts/profile-KOR.md").read_bytes()
NEW = {
    b'deputy = "KOR/MND"': b'deputy = "KOR/KDIA-2"',
    b'since = "2027-02-05T15:00:00.000Z"': b'since = "2026-01-01T00:00:00.000Z"',
    b'until = "2027-02-09T15:00:00.000Z"': b'until = "2099-01-01T00:00:00.000Z"',
}
OF_JAPAN = SHIPPED.replace(b"KOR/", b"JPN/").replace(b'"KOR"', b'"JPN"')
OFFICE = b"""[[offices]]
office = "KOR/KDIA-2"
names = { en = "A second office", ko = "\xeb\x91\x98", ja = "2" }
since = "2026-01-01T00:00:00.000Z"

[[offices]]"""


def adopt(house, tmp_path, raw, actor="deputy"):
    file = tmp_path / "new.md"
    file.write_bytes(raw)
    return COMMANDS["profile.adopt"](house, {"file": str(file), "as": actor})


def changed() -> bytes:
    raw = SHIPPED.replace(b"[[offices]]", OFFICE, 1)
    for old, new in NEW.items():
        assert raw.count(old) == 1
        raw = raw.replace(old, new)
    return raw


def test_what_is_adopted_is_in_force_and_remembered(seoul, tmp_path) -> None:
    house, _ = seoul
    before = COMMANDS["profile.show"](house, {})
    said = adopt(house, tmp_path, changed())
    after = COMMANDS["profile.show"](house, {})
    assert after["profile"] == said["profile"] != before["profile"]
    assert after["since"] == said["at"] == house.witness.latest("the profile")
    assert [one["deputy"] for one in after["absences"]] == ["KOR/KDIA-2"]
    # Its counterpart has the new office's key, and is to be told of the office itself.
    assert (said["offices"], said["published"], said["notify"]) == (["KOR/KDIA-2"], [JPN], [JPN])
    with house.store.reading() as tx:
        directory = setup.own_directory(house.node, tx, JPN)[0]
    assert Office("KOR/KDIA-2") in {one.office for one in directory.offices}
    assert keep_epochs(house) == ()


def test_the_same_profile_again_enters_nothing(seoul, tmp_path) -> None:
    house, _ = seoul
    with house.store.reading() as tx:
        size = tx.frontier(journal(KOR)).size
    said = adopt(house, tmp_path, SHIPPED)
    assert said["unchanged"] is True
    with house.store.reading() as tx:
        assert tx.frontier(journal(KOR)).size == size


@pytest.mark.parametrize(
    ("raw", "code", "actor"),
    [
        (
            SHIPPED.replace(b"KOR/", b"JPN/").replace(b'"KOR"', b'"JPN"'),
            "invalid.profile",
            "deputy",
        ),
        (SHIPPED.replace(b"KOR/REGISTRY", b"KOR/BOOKS"), "refused.profile.registry", "deputy"),
        (SHIPPED, "refused.person.unknown", "nobody"),
        (b"# No block\n", "invalid.profile", "deputy"),
    ],
)
def test_a_profile_that_cannot_follow_is_refused(seoul, tmp_path, raw, code, actor) -> None:
    house, _ = seoul
    before = COMMANDS["profile.show"](house, {})
    with pytest.raises((Refused, Invalid)) as caught:
        adopt(house, tmp_path, raw, actor)
    assert caught.value.code == code
    assert COMMANDS["profile.show"](house, {}) == before


def test_an_office_may_end_and_not_vanish(seoul, tmp_path) -> None:
    house, _ = seoul
    adopt(house, tmp_path, changed())
    with pytest.raises(Refused, match=r"refused\.profile\.office"):
        adopt(house, tmp_path, SHIPPED)


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_it_is_said_in_words(seoul, tmp_path, lang) -> None:
    house, _ = seoul
    said = result_lines("profile.adopt", adopt(house, tmp_path, changed()), lang)
    shown = result_lines("profile.show", COMMANDS["profile.show"](house, {}), lang)
    assert "KOR/KDIA-2" in "\n".join(said)
    assert any("KOR/KDIA-2" in line and "2099" in line for line in shown)
