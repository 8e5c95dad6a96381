"""Key files: what opens, what does not, and what a crash leaves."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from comity.keys.files import change_passphrase, create, open_vault
from comity.keys.vault import FileVault
from comity.seal.certificates import make_certificate
from comity.seal.passphrase import Argon2id
from comity.seal.real import REAL
from comity.vocabulary.errors import ComityError, Invalid, Refused, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, Party, PersonId
from tests.support.fast_suite import FAST

CHEAP = Argon2id(memory=8 * 1024, passes=1, lanes=1)
PHRASE = "phrase"
KOR = Party("KOR")
KDIA, MND = Office("KOR/KDIA"), Office("KOR/MND")
KIM = PersonId("kim-minjun")
SINCE, LATER = Instant("2026-11-23T00:00:00.000Z"), Instant("2026-11-30T00:00:00.000Z")
CERTIFICATE = make_certificate("Seoul", hosts=["127.0.0.1"], not_before=SINCE, not_after=LATER)


def made(
    directory: Path, *, party: Party = KOR, offices: tuple[Office, ...] = (KDIA,)
) -> FileVault:
    return create(
        directory,
        FAST,
        "phrase",
        party=party,
        offices=offices,
        certificate=CERTIFICATE,
        since=SINCE,
        cost=CHEAP,
    )


def opened(directory: Path, passphrase: str = PHRASE) -> FileVault:
    return open_vault(directory, FAST, passphrase)


@pytest.fixture(name="keys")
def _keys(tmp_path: Path) -> Path:
    made(tmp_path / "keys", offices=(KDIA, MND))
    return tmp_path / "keys"


def refused(directory: Path, code: str, passphrase: str = PHRASE) -> None:
    with pytest.raises(ComityError) as caught:
        opened(directory, passphrase)
    assert caught.value.code == code


# --- made and opened ---------------------------------------------------------------------


@pytest.mark.parametrize("suite", [FAST, REAL], ids=["fast", "real"])
def test_what_was_made_is_what_opens(tmp_path: Path, suite: type[FAST]) -> None:
    first = create(
        tmp_path / "keys",
        suite,
        "phrase",
        party=KOR,
        offices=[KDIA],
        certificate=CERTIFICATE,
        since=SINCE,
        cost=CHEAP,
    )
    public = first.add_person(KIM)
    second = open_vault(tmp_path / "keys", suite, "phrase")
    assert second.party() == KOR
    assert second.root() == first.root()
    assert second.ledger() == first.ledger()
    assert second.transport() == first.transport()
    assert second.office(KDIA, 1) == first.office(KDIA, 1)
    assert second.storage(KDIA) == first.storage(KDIA)
    assert second.storage(KOR) == first.storage(KOR)
    assert suite.signing_public(second.person(KIM)) == public
    assert second.certificate() == CERTIFICATE
    assert second.epochs() == ((KDIA, 1, SINCE),)


def test_all_keys_differ(keys: Path) -> None:
    vault = opened(keys)
    vault.add_person(KIM)
    all_keys = [
        vault.root(),
        vault.ledger(),
        vault.transport(),
        vault.office(KDIA, 1),
        vault.office(MND, 1),
        vault.storage(KOR),
        vault.storage(KDIA),
        vault.storage(MND),
        vault.person(KIM),
    ]
    assert len(set(all_keys)) == len(all_keys)


def test_no_key_lies_open_in_a_file(keys: Path) -> None:
    vault = opened(keys)
    secrets = [
        vault.root(),
        vault.storage(KOR),
        vault.office(KDIA, 1),
        CERTIFICATE.key_pem.splitlines()[1],
    ]
    for path in keys.iterdir():
        raw = path.read_bytes()
        assert not any(secret in raw for secret in secrets)
        assert b"PRIVATE" not in raw


def test_only_its_owner_may_enter_or_read(keys: Path) -> None:
    opened(keys).add_person(KIM)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}


def test_making_leaves_nothing_beside(keys: Path) -> None:
    assert list(keys.parent.iterdir()) == [keys]


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    made(tmp_path / "keys")
    assert opened(tmp_path / "keys").party() == KOR
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_keys_are_never_overwritten(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    with pytest.raises(Refused, match=r"^refused\.keys\.exist"):
        made(keys)
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before
    assert list(keys.parent.iterdir()) == [keys]


def test_an_office_of_another_party_gets_no_keys(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^refused\.keys\.office"):
        made(tmp_path / "keys", offices=(Office("JPN/DIH"),))
    assert list(tmp_path.iterdir()) == []


def test_a_vault_does_not_show_its_keys(keys: Path) -> None:
    assert repr(opened(keys)) == "FileVault(KOR)"


# --- what does not open ------------------------------------------------------------------


def test_another_passphrase_does_not_open(keys: Path) -> None:
    refused(keys, "invalid.passphrase", "another")


def test_nothing_is_no_vault(tmp_path: Path) -> None:
    refused(tmp_path / "keys", "refused.keys.none")
    (tmp_path / "keys").mkdir(mode=0o700)
    refused(tmp_path / "keys", "refused.keys.none")


@pytest.mark.parametrize("mode", [0o710, 0o705, 0o770, 0o777])
def test_a_directory_open_to_others_is_refused(keys: Path, mode: int) -> None:
    keys.chmod(mode)
    refused(keys, "refused.keys.mode")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_open_to_others_is_refused(keys: Path, mode: int) -> None:
    (keys / "ledger").chmod(mode)
    refused(keys, "refused.keys.mode")


def test_links_pipes_and_folders_are_refused(keys: Path) -> None:
    moved = keys.parent / "elsewhere"
    (keys / "ledger").rename(moved)
    (keys / "ledger").symlink_to(moved)
    refused(keys, "unavailable.disk")
    (keys / "ledger").unlink()
    os.mkfifo(keys / "ledger", 0o600)
    refused(keys, "refused.keys.mode")
    (keys / "ledger").unlink()
    (keys / "ledger").mkdir(mode=0o700)
    refused(keys, "unavailable.disk")


def test_a_link_to_a_directory_is_refused(keys: Path) -> None:
    (keys.parent / "link").symlink_to(keys)
    refused(keys.parent / "link", "refused.keys.mode")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_what_belongs_to_another_user_is_refused(keys: Path) -> None:
    os.chown(keys / "ledger", 12345, -1)
    refused(keys, "refused.keys.mode")
    os.chown(keys / "ledger", 0, -1)
    os.chown(keys, 12345, -1)
    refused(keys, "refused.keys.mode")


@pytest.mark.parametrize("name", ["house", "ledger", "transport", "tls"])
def test_a_needed_key_that_is_missing_is_named(keys: Path, name: str) -> None:
    (keys / name).unlink()
    with pytest.raises(Invalid, match=rf"^invalid\.keys: {name} is missing"):
        opened(keys)


def test_the_root_may_be_kept_elsewhere(keys: Path) -> None:
    (keys / "root").unlink()
    with pytest.raises(Unavailable, match=r"^unavailable\.root-key"):
        opened(keys).root()


def test_every_changed_byte_is_noticed(keys: Path) -> None:
    whole = (keys / "ledger").read_bytes()
    for at in range(len(whole)):
        (keys / "ledger").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(keys, "invalid.keys")
    for cut in (0, 11, 27, len(whole) - 1):
        (keys / "ledger").write_bytes(whole[:cut])
        refused(keys, "invalid.keys")


@pytest.mark.parametrize(
    ("one", "other"), [("root", "ledger"), ("storage.KOR", "storage.KOR.KDIA"), ("tls", "house")]
)
def test_files_cannot_be_exchanged(keys: Path, one: str, other: str) -> None:
    (keys / one).rename(keys / "aside")
    (keys / other).rename(keys / one)
    (keys / "aside").rename(keys / other)
    refused(keys, "invalid.keys")


def test_a_file_of_another_vault_is_refused(keys: Path, tmp_path: Path) -> None:
    made(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "ledger", keys / "ledger")
    refused(keys, "invalid.keys")


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "office.KOR.KDIA", "office.KOR.KDIA.0", "office.KOR.KDIA.x", "person.Kim", "x"],
)
def test_what_is_no_key_file_is_refused(keys: Path, name: str) -> None:
    shutil.copy(keys / "ledger", keys / name)
    refused(keys, "invalid.keys")


def test_what_is_longer_than_any_key_is_refused(keys: Path) -> None:
    (keys / "ledger").write_bytes(bytes((1 << 16) + 1))
    refused(keys, "refused.keys.size")


def test_what_a_crash_left_unfinished_goes(keys: Path) -> None:
    (keys / "ledger.part").write_bytes(b"half")
    (keys / "ledger.part").chmod(0o600)
    ledger = opened(keys).ledger()
    assert not (keys / "ledger.part").exists()
    assert opened(keys).ledger() == ledger


# --- offices and epochs ------------------------------------------------------------------


def test_an_office_has_as_many_epochs_as_began(keys: Path) -> None:
    vault = opened(keys)
    assert vault.new_epoch(KDIA, since=LATER) == 2
    expected = ((KDIA, 1, SINCE), (KDIA, 2, LATER), (MND, 1, SINCE))
    assert vault.epochs() == expected
    again = opened(keys)
    assert again.epochs() == expected
    assert again.office(KDIA, 2) == vault.office(KDIA, 2) != vault.office(KDIA, 1)


def test_a_destroyed_epoch_is_gone_for_good(keys: Path) -> None:
    vault = opened(keys)
    vault.destroy_epoch(KDIA, 1)
    for one in (vault, opened(keys)):
        with pytest.raises(Unavailable, match=r"^unavailable\.office-key"):
            one.office(KDIA, 1)
        one.destroy_epoch(KDIA, 1)
        assert one.epochs() == ((MND, 1, SINCE),)
    assert not (keys / "office.KOR.KDIA.1").exists()


def test_the_number_of_a_destroyed_epoch_never_comes_again(keys: Path) -> None:
    vault = opened(keys)
    vault.destroy_epoch(KDIA, 1)
    vault.add_office(KDIA, since=LATER)
    assert vault.epochs() == ((MND, 1, SINCE),)
    assert opened(keys).new_epoch(KDIA, since=LATER) == 2


def test_a_destruction_that_a_crash_interrupted_is_finished(keys: Path) -> None:
    kept = (keys / "office.KOR.KDIA.1").read_bytes()
    opened(keys).destroy_epoch(KDIA, 1)
    # The state between the two steps: the mark stands, the key still lies there.
    (keys / "office.KOR.KDIA.1").write_bytes(kept)
    (keys / "office.KOR.KDIA.1").chmod(0o600)
    with pytest.raises(Unavailable, match=r"^unavailable\.office-key"):
        opened(keys).office(KDIA, 1)
    assert not (keys / "office.KOR.KDIA.1").exists()


def test_an_epoch_that_never_was_cannot_be_destroyed(keys: Path) -> None:
    with pytest.raises(Unavailable, match=r"^unavailable\.office-key"):
        opened(keys).destroy_epoch(KDIA, 7)
    with pytest.raises(Unavailable, match=r"^unavailable\.office-key"):
        opened(keys).office(KDIA, 7)


def test_an_office_can_be_added(keys: Path) -> None:
    added = Office("KOR/NIS")
    vault = opened(keys)
    with pytest.raises(Unavailable, match=r"^unavailable\.storage-key"):
        vault.storage(added)
    with pytest.raises(Refused, match=r"^refused\.keys\.office"):
        vault.new_epoch(added, since=LATER)
    vault.add_office(added, since=LATER)
    storage, private = vault.storage(added), vault.office(added, 1)
    vault.add_office(added, since=LATER)
    for one in (vault, opened(keys)):
        assert (one.storage(added), one.office(added, 1)) == (storage, private)
    with pytest.raises(Refused, match=r"^refused\.keys\.office"):
        vault.add_office(Office("JPN/DIH"), since=LATER)


# --- persons, certificate, passphrase ----------------------------------------------------


def test_a_person_has_one_key_until_it_is_removed(keys: Path) -> None:
    vault = opened(keys)
    with pytest.raises(Unavailable, match=r"^unavailable\.person-key"):
        vault.person(KIM)
    first = vault.add_person(KIM)
    assert vault.add_person(KIM) == opened(keys).add_person(KIM) == first
    vault.remove_person(KIM)
    for one in (vault, opened(keys)):
        with pytest.raises(Unavailable, match=r"^unavailable\.person-key"):
            one.person(KIM)
    assert vault.add_person(KIM) != first


@pytest.mark.parametrize("person", ["../root", "Kim", "", "kim/minjun", "kim.part"])
def test_a_person_is_a_person(keys: Path, person: str) -> None:
    before = sorted(keys.iterdir())
    with pytest.raises(Invalid, match=r"^invalid\.person"):
        opened(keys).add_person(PersonId(person))
    assert sorted(keys.iterdir()) == before


def test_a_certificate_can_be_renewed(keys: Path) -> None:
    vault = opened(keys)
    other = make_certificate("Seoul", hosts=["127.0.0.1"], not_before=SINCE, not_after=LATER)
    vault.replace_certificate(other)
    assert vault.certificate() == opened(keys).certificate() == other


def test_new_keys_stand_before_the_earlier_ones_until_those_are_destroyed(keys: Path) -> None:
    vault = opened(keys)
    first = (vault.ledger(), vault.transport())
    for _ in range(9):
        vault.renew_ledger()
    vault.renew_transport()
    again = opened(keys)
    assert again.ledgers() == vault.ledgers()
    assert len(again.ledgers()) == 10
    assert (again.ledgers()[-1], again.transports()[-1]) == first
    assert again.ledger() == again.ledgers()[0] != first[0]
    again.destroy_earlier("ledger")
    # The first one is among what is gone, and the node opens all the same.
    last = opened(keys)
    assert last.ledgers() == [again.ledger()]
    assert len(last.transports()) == 2
    last.renew_ledger()
    assert opened(keys).ledgers()[1:] == [again.ledger()]


def test_the_passphrase_can_be_changed(keys: Path) -> None:
    ledger = opened(keys).ledger()
    change_passphrase(keys, "phrase", "another", cost=CHEAP)
    refused(keys, "invalid.passphrase")
    assert opened(keys, "another").ledger() == ledger
    with pytest.raises(Invalid, match=r"^invalid\.passphrase"):
        change_passphrase(keys, "phrase", "third", cost=CHEAP)
    with pytest.raises(Refused, match=r"^refused\.passphrase"):
        change_passphrase(keys, "another", "", cost=CHEAP)
    assert opened(keys, "another").ledger() == ledger


def test_a_disk_that_does_not_take_a_key_leaves_things_as_they_were(keys: Path) -> None:
    vault = opened(keys)
    shutil.move(keys, keys.parent / "aside")
    for change in (
        lambda: vault.new_epoch(KDIA, since=LATER),
        lambda: vault.add_person(KIM),
        lambda: vault.destroy_epoch(KDIA, 1),
    ):
        with pytest.raises(Unavailable, match=r"^unavailable\.disk"):
            change()
    shutil.move(keys.parent / "aside", keys)
    for one in (vault, opened(keys)):
        assert one.epochs() == ((KDIA, 1, SINCE), (MND, 1, SINCE))
        with pytest.raises(Unavailable, match=r"^unavailable\.person-key"):
            one.person(KIM)
