"""New ledger and transport keys without a gap; revoked ones are believed no more."""

import pytest

from comity.evidence.verify import verify
from comity.exchange.answers import Word
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.notes import KeyUse, key_hash, parse_note
from comity.node import flowing, hours, outgoing, people, revoking, setup, showing
from comity.node.incoming import receive
from comity.node.lanes import Offered, Source
from comity.node.node import Node
from comity.node.ports import Space
from comity.node.proving import evidence_for
from comity.node.replay import rebuild
from comity.seal.fingerprints import key_id
from comity.seal.real import REAL
from comity.seal.suite import Suite
from comity.store.memory import MemoryStore
from comity.vocabulary.errors import ComityError, Invalid, Refused, Unavailable
from comity.vocabulary.logs import LogName, correspondence, feed, register_ledger
from comity.vocabulary.names import Article, Level, Office, Party, PersonId
from tests.scenarios.test_crossing import provide
from tests.second_verifier.verify import judge
from tests.support.fast_suite import FAST
from tests.support.pair import (
    ADMIN,
    JPN,
    KOR,
    LATER,
    USA,
    Hand,
    HeldVault,
    Pair,
    epochs,
    under_the_pact,
    where,
)
from tests.support.streams import KIM, sign_directive, under_the_mechanism

OWN, THEIRS = correspondence(KOR, JPN), correspondence(JPN, KOR)


@pytest.fixture
def two() -> Pair:
    return linked(FAST)


def linked(suite: Suite) -> Pair:
    return under_the_pact(suite=suite)


def vault_of(two: Pair, party: Party) -> HeldVault:
    vault = two.nodes[party].vault
    assert isinstance(vault, HeldVault)
    return vault


def renew(two: Pair, party: Party, *kinds: str) -> None:
    """Make new keys and announce them; nothing is carried."""
    for kind in kinds:
        vault_of(two, party).renew(kind)
    to = JPN if party == KOR else KOR
    setup.publish_directory(
        two.nodes[party], to, where=where(party), epochs=epochs(party, two.clock.now())
    )


def signs(two: Pair, party: Party, log: LogName) -> bytes:
    """Return whose key hash stands on the latest checkpoint of an own log."""
    with two.nodes[party].store.reading() as tx:
        note = tx.load(Space.LATEST, f"{log}|own")
    assert note is not None
    line = next(one for one in parse_note(note).lines if one.name == party)
    return line.key_hash


def newest(two: Pair, party: Party) -> bytes:
    public = FAST.signing_public(two.nodes[party].vault.ledger())
    return key_hash(party, KeyUse.CHECKPOINT, public)


@pytest.mark.parametrize("party", [KOR, JPN])
def test_the_counterpart_follows_without_a_gap(two: Pair, party: Party) -> None:
    before = provide(two)
    renew(two, party, "ledger", "transport")
    other = JPN if party == KOR else KOR
    # Both speak while the new directory is under way; nothing is refused, and nothing waits.
    for sender, peer in ((other, party), (party, other), (party, other), (other, party)):
        node = two.nodes[sender]
        done = outgoing.exchange(node, peer, Hand(two.nodes, sender), heartbeat=True)
        assert done.word is Word.COSIGNED
    two.carry()
    own = correspondence(party, other)
    outgoing.exchange(two.nodes[party], other, Hand(two.nodes, party), heartbeat=True)
    assert signs(two, party, own) == newest(two, party)
    after = provide(two, b"Under the new key.")
    for item in (before, after):
        raw = evidence_for(two.seoul, item)
        verify(FAST, raw, roots={})
    for node in two.nodes.values():
        assert rebuild(node).differences == ()
        with node.store.reading() as tx:
            assert tx.keys(Space.LINK, "alarm|") == ()


def test_both_verifiers_take_what_was_signed_under_the_old_and_under_the_new_key() -> None:
    two = linked(REAL)
    before = provide(two)
    for party in (KOR, JPN):
        renew(two, party, "ledger")
    two.carry()
    after = provide(two, b"Under the new key.")
    for item in (before, after):
        raw = evidence_for(two.seoul, item)
        roots = {
            party: key_id(REAL.signing_public(two.nodes[party].vault.root())) for party in two.nodes
        }
        assert verify(REAL, raw, roots=roots).confirmed
        assert judge(raw, {str(party): str(root) for party, root in roots.items()})[0] == 0


def test_what_is_entered_behind_the_new_directory_goes_with_the_next_pouch(two: Pair) -> None:
    renew(two, KOR, "ledger")
    renew(two, KOR, "ledger")
    sizes = []
    while (sent := outgoing.next_pouch(two.seoul, JPN)) is not None:
        sizes.append(sent.new - sent.old)
        wire = receive(two.tokyo, KOR, sent.wire)
        outgoing.took(two.seoul, JPN, sent, wire)
    assert sizes == [1, 1]


def test_a_lost_answer_to_the_new_directory_is_no_gap(two: Pair) -> None:
    renew(two, KOR, "ledger")
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    receive(two.tokyo, KOR, sent.wire)  # its answer is lost
    # Seoul goes on: it cannot know that Tokyo has taken the new key, until Tokyo speaks.
    setup.publish_directory(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now()))
    for _ in range(2):
        done = outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN), heartbeat=True)
        assert done.word is Word.COSIGNED
    two.carry()
    assert signs(two, KOR, OWN) == newest(two, KOR)


def test_an_answer_beside_a_pouch_that_is_sent_again_is_believed(two: Pair) -> None:
    """A pouch that is sent again is signed with the former key; no answer may be, after it."""
    renew(two, KOR, "ledger")
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    receive(two.tokyo, KOR, sent.wire)  # its answer is lost
    renew(two, JPN, "transport")
    said = outgoing.next_pouch(two.tokyo, KOR)
    assert said is not None
    receive(two.seoul, JPN, said.wire)  # by this Seoul knows what Tokyo holds; its answer is lost
    again = outgoing.next_pouch(two.seoul, JPN)
    assert again is not None
    assert (again.old, again.new) == (sent.old, sent.new)
    renew(two, JPN, "transport")
    done = outgoing.exchange(two.tokyo, KOR, Hand(two.nodes, JPN))
    assert done.word is Word.ELSEWHERE  # Tokyo is told how far it is, and believes it
    two.carry()


def test_a_register_ledger_is_shown_under_the_new_key(two: Pair) -> None:
    item = provide(two)
    assert item.receiver == JPN
    hours.strike(two.tokyo)
    renew(two, JPN, "ledger")
    two.carry()
    assert showing.show(two.tokyo, KOR, Hand(two.nodes, JPN)) is Word.COSIGNED
    with two.seoul.store.reading() as tx:
        held = tx.load(Space.LATEST, f"{register_ledger(JPN, KOR)}|cosigned")
    assert held is not None
    assert checkpoint_of(held).size > 0


def test_a_register_checkpoint_that_a_new_key_overtook_is_shown_again(two: Pair) -> None:
    """It was under way while Tokyo's new directory arrived: no reason to suspect anybody."""
    provide(two)
    hours.strike(two.tokyo)
    sent = showing.next_showing(two.tokyo, KOR)
    assert sent is not None
    renew(two, JPN, "ledger")
    pouch = outgoing.next_pouch(two.tokyo, KOR)
    assert pouch is not None
    taken = receive(two.seoul, JPN, pouch.wire)
    late = receive(two.seoul, JPN, sent.wire)
    with pytest.raises(Unavailable):
        showing.took(two.tokyo, KOR, sent, late)  # nothing is known of the new directory yet
    outgoing.took(two.tokyo, KOR, pouch, taken)
    with pytest.raises(Unavailable):
        showing.took(two.tokyo, KOR, sent, late)  # it is, and this was signed before
    assert showing.show(two.tokyo, KOR, Hand(two.nodes, JPN)) is Word.COSIGNED
    with two.tokyo.store.reading() as tx:
        assert tx.keys(Space.LINK, f"alarm|{KOR}|refused") == ()


def test_a_register_checkpoint_that_is_refused_without_a_reason_is_an_alarm(two: Pair) -> None:
    provide(two)
    hours.strike(two.tokyo)
    sent = showing.next_showing(two.tokyo, KOR)
    assert sent is not None
    said = receive(two.seoul, JPN, b"no pouch")
    with pytest.raises(Invalid, match="refused"):
        showing.took(two.tokyo, KOR, sent, said)


def test_a_pouch_under_way_to_the_old_transport_key_is_opened(two: Pair) -> None:
    setup.publish_directory(two.tokyo, KOR, where=where(JPN), epochs=epochs(JPN, two.clock.now()))
    sent = outgoing.next_pouch(two.tokyo, KOR)
    assert sent is not None
    vault_of(two, KOR).renew("transport")
    answer = receive(two.seoul, JPN, sent.wire)
    assert outgoing.took(two.tokyo, KOR, sent, answer).word is Word.COSIGNED


def test_the_key_that_was_given_up_signs_nothing_more(two: Pair) -> None:
    """Who holds the old key of Seoul's cannot speak for it any more."""
    renew(two, KOR, "ledger")
    two.carry()
    vault = vault_of(two, KOR)
    vault.keys["ledger"] = vault.earlier["ledger"].pop()
    setup.publish_directory(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now()))
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    assert b'"word":"refused"' in receive(two.tokyo, KOR, sent.wire)


def revoked(two: Pair) -> bytes:
    """Seoul's keys were stolen: it has new ones, and a file for Tokyo."""
    for kind in ("ledger", "transport"):
        vault_of(two, KOR).renew(kind)
    at = two.clock.now()
    return revoking.revoke(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, at), actor=ADMIN)


def thief(two: Pair) -> bytes:
    """Return the next pouch of somebody who has Seoul's old keys and its books of that moment."""
    assert isinstance(two.seoul.store, MemoryStore)
    vault = HeldVault(FAST, dict(vault_of(two, KOR).keys))
    node = Node(KOR, two.seoul.registry, FAST, two.seoul.store.clone(), vault, two.clock)
    people.assure(
        node,
        JPN,
        agreement=two.text,
        article=Article("7(5)"),
        offices=(Office("KOR/KDIA"),),
        level=Level("KOR:mil-2"),
        until=LATER,
        by=Office("KOR/KDIA"),
        actor=PersonId(f"minister-{node.party.lower()}"),
    )
    sent = outgoing.next_pouch(node, JPN)
    assert sent is not None
    return sent.wire


def test_a_revoked_key_is_believed_no_more_and_the_house_goes_on(two: Pair) -> None:
    before = provide(two)
    stolen = thief(two)
    setup.publish_directory(
        two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, two.clock.now())
    )  # not sent before the keys were stolen
    file = revoked(two)
    revoking.believe(two.tokyo, file, actor=ADMIN)
    assert b'"word":"refused"' in receive(two.tokyo, KOR, stolen)
    two.carry()
    assert signs(two, KOR, OWN) == newest(two, KOR)
    after = provide(two, b"Under the new key.")
    for item in (before, after):
        verify(FAST, evidence_for(two.seoul, item), roots={})
        verify(FAST, evidence_for(two.tokyo, item), roots={})
    for node in two.nodes.values():
        assert rebuild(node).differences == ()


def test_nothing_crosses_until_the_file_has_come(two: Pair) -> None:
    file = revoked(two)
    sent = outgoing.next_pouch(two.seoul, JPN)
    assert sent is not None
    assert b'"word":"refused"' in receive(two.tokyo, KOR, sent.wire)
    revoking.believe(two.tokyo, file, actor=ADMIN)
    two.carry()


def test_what_a_thief_entered_before_the_file_came_is_found(two: Pair) -> None:
    stolen = thief(two)
    assert b'"word":"cosigned"' in receive(two.tokyo, KOR, stolen)
    with pytest.raises(Refused) as error:
        revoking.believe(two.tokyo, revoked(two), actor=ADMIN)
    assert error.value.code == "refused.revoke.beyond"


def test_a_file_is_taken_once_by_an_administrator_and_only_as_the_root_signed_it(
    two: Pair,
) -> None:
    file = revoked(two)
    for at in range(10, len(file), len(file) // 40):
        changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        with pytest.raises(ComityError):
            revoking.believe(two.tokyo, changed, actor=ADMIN)
    with pytest.raises(Refused) as error:
        revoking.believe(two.tokyo, file, actor=PersonId("sato"))
    assert error.value.code == "refused.person.role"
    revoking.believe(two.tokyo, file, actor=ADMIN)
    with pytest.raises(Refused) as error:
        revoking.believe(two.tokyo, file, actor=ADMIN)
    assert error.value.code == "refused.revoke.older"


def test_another_root_revokes_nothing(two: Pair) -> None:
    file = revoked(two)
    other = linked(FAST)  # the same parties, with roots of their own
    with pytest.raises(Invalid):
        revoking.believe(other.tokyo, file, actor=ADMIN)


def test_a_lane_waits_for_a_new_directory_and_its_reader_is_not_suspected() -> None:
    """It is verified under the latest directory that its reader holds, and has none of its own."""
    houses = under_the_mechanism()
    item = sign_directive(houses)
    seoul, washington = houses.nodes[KOR], houses.nodes[USA]
    source = Source.of(seoul, item, officer=KIM)
    source.offer([Offered(b"one")])
    lane = feed(KOR, USA, item.reference)
    sent = flowing.next_pouch(seoul, USA, lane)
    assert sent is not None
    assert isinstance(seoul.vault, HeldVault)
    seoul.vault.renew("ledger")
    at = houses.clock.now()
    setup.publish_directory(seoul, USA, where=where(KOR), epochs=epochs(KOR, at))
    assert flowing.next_pouch(seoul, USA, lane) is None
    houses.carry()
    late = receive(washington, KOR, sent.wire)
    with pytest.raises(Unavailable):
        flowing.took(seoul, USA, sent, late)
    done = flowing.exchange(seoul, USA, Hand(houses.nodes, KOR), lane)
    assert (done.word, done.held) == (Word.COSIGNED, 1)
    with seoul.store.reading() as tx:
        assert tx.keys(Space.LINK, f"alarm|{USA}|refused") == ()
