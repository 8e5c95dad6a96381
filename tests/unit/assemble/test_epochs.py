"""Office keys over weeks: always one that covers, published before it is needed, then destroyed."""

import pytest

from comity.assemble import epochs
from comity.assemble.epochs import keep_epochs
from comity.assemble.house import (
    CERTIFICATE_SECONDS,
    shown_to,
)
from comity.node import setup
from comity.node.ports import Space
from comity.seal.directories import office_key
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Office, Party

DAY = 86400
PHRASE = "one for tests"
JPN = Party("JPN")
KDIA = Office("KOR/KDIA")


def published(house):
    with house.store.reading() as tx:
        return setup.own_directory(house.node, tx, JPN)[0]


def test_nothing_is_due_at_the_beginning(seoul):
    house, clock = seoul
    assert keep_epochs(house) == ()
    clock.add(4 * DAY)
    assert keep_epochs(house) == ()
    assert published(house).version == 1


def test_the_next_epoch_is_published_before_the_last_one_ends(seoul):
    house, clock = seoul
    clock.add(5 * DAY + 1)
    before = office_key(published(house), KDIA, at=clock.now())
    assert keep_epochs(house) == (JPN,)
    after = office_key(published(house), KDIA, at=clock.now())
    assert (before.epoch, after.epoch) == (1, 2)
    assert clock.now() < before.until < after.until
    assert keep_epochs(house) == ()


def test_ten_weeks_have_no_moment_without_a_key_for_any_office(seoul):
    house, clock = seoul
    offices = {one.office for one in published(house).offices}
    for _ in range(70):
        keep_epochs(house)
        directory = published(house)
        for ahead in (0, DAY):
            at = plus_seconds(clock.now(), ahead)
            assert {one for one in offices if office_key(directory, one, at=at)} == offices
        clock.add(DAY)


def test_what_a_crash_left_unpublished_is_published_next_time(seoul):
    house, clock = seoul
    house.vault.new_epoch(KDIA, since=clock.now())
    assert keep_epochs(house) == (JPN,)
    assert office_key(published(house), KDIA, at=clock.now()).epoch == 2


def test_a_key_is_destroyed_two_weeks_after_its_end_and_not_before(seoul):
    house, clock = seoul
    clock.add(21 * DAY - 3600)
    keep_epochs(house)
    assert house.vault.office(KDIA, 1)
    clock.add(3600 + 120)
    keep_epochs(house)
    with pytest.raises(Unavailable) as caught:
        house.vault.office(KDIA, 1)
    assert caught.value.code == "unavailable.office-key"
    assert house.vault.office(KDIA, 2)


def test_a_node_that_slept_for_a_month_wakes_with_a_key(seoul):
    house, clock = seoul
    clock.add(30 * DAY)
    assert office_key(published(house), KDIA, at=clock.now()) is None
    keep_epochs(house)
    found = office_key(published(house), KDIA, at=clock.now())
    assert found.until > plus_seconds(clock.now(), epochs.AHEAD)


def heard(house):
    """Tokyo is known to hold all that Seoul has written to it: as if it had cosigned."""
    log = correspondence(house.node.party, JPN)
    with house.store.transaction() as tx:
        tx.save(Space.LATEST, {f"{log}|acked": tx.load(Space.LATEST, f"{log}|own")})


def test_a_certificate_is_renewed_before_its_end_and_the_old_one_destroyed_when_all_know(seoul):
    house, clock = seoul
    vault = house.vault
    first, transport, ledger = vault.certificate(), vault.transport(), vault.ledger()
    keep_epochs(house)
    assert vault.certificate() == first
    clock.add(CERTIFICATE_SECONDS - epochs.RENEWED_AHEAD)
    assert keep_epochs(house) == (JPN,)
    second = vault.certificate()
    assert second != first
    assert published(house).certificate == second.certificate_der
    assert published(house).transport == house.node.suite.kem_public(vault.transport())
    assert vault.transport() != transport
    assert vault.ledger() == ledger
    # Until Tokyo is known to hold the new directory it is shown the certificate that it knows.
    assert shown_to(house, JPN) == first
    clock.add(epochs.KEPT + DAY)
    keep_epochs(house)
    assert len(vault.certificates()) == 2
    heard(house)
    assert shown_to(house, JPN) == second
    # It has had them for long enough: what was sealed to the old ones has come, or never will.
    keep_epochs(house)
    assert vault.certificates() == [second]
    assert len(vault.transports()) == 1


def test_keys_that_a_peer_has_just_heard_of_are_not_all_that_is_left(seoul):
    house, clock = seoul
    house.vault.renew_transport()
    keep_epochs(house)
    heard(house)
    clock.add(epochs.KEPT - DAY)
    keep_epochs(house)
    assert len(house.vault.transports()) == 2


def test_a_renewal_that_was_not_announced_is_announced_next_time(seoul):
    house, _ = seoul
    house.vault.renew_ledger()  # and the process died
    assert keep_epochs(house) == (JPN,)
    assert published(house).ledger == house.node.suite.signing_public(house.vault.ledger())
    assert keep_epochs(house) == ()
