"""The double envelope of Article 12, and an item that either registry's number finds."""

import pytest
from msgspec import UNSET

from comity.acts.deeds import Stage
from comity.exchange.pouch import unpack
from comity.node import deciding, outgoing, receiving, releases, slips
from comity.node.links import token_of
from comity.register.rows import ItemOf
from comity.seal.real import REAL
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Level, Office, PersonId
from tests.scenarios.test_crossing import provide, wish
from tests.support.pair import JPN, KOR, Pair, under_the_pact

TITLE = "Heron over the strait"
CONTENT = b"A fictional assessment with a word of its own: cormorant."


@pytest.fixture
def two() -> Pair:
    return under_the_pact(suite=REAL)


def sent(two: Pair, content: bytes = CONTENT) -> outgoing.Sent:
    laid = releases.lay_before(two.seoul, wish(content, title=TITLE), drafter=PersonId("kim"))
    deciding.approve(two.seoul, [laid.deed], authority=PersonId("park"))
    found = outgoing.next_pouch(two.seoul, JPN)
    assert found is not None
    return found


@pytest.mark.obligation("GSOMIA-12-a2")
def test_the_outer_envelope_says_nothing_of_what_is_in_it(two: Pair) -> None:
    wire = sent(two).wire
    for word in (TITLE.encode(), b"cormorant", b"KOR:mil-2", b"dprk", b"DIH", b"KDIA", b"KOR-20"):
        assert word not in wire
    # A kilobyte more or less within one bucket is not seen from outside.
    shorter = len(sent(pair_again(), CONTENT).wire)
    longer = len(sent(pair_again(), CONTENT + b" " * 300).wire)
    assert shorter == longer


def pair_again() -> Pair:
    return under_the_pact(suite=REAL)


@pytest.mark.obligation("GSOMIA-12-a1")
def test_the_inner_envelope_opens_for_the_addressed_office_alone(two: Pair) -> None:
    tokyo = two.tokyo
    wire = sent(two).wire
    with tokyo.store.reading() as tx:
        token = token_of(tx, addressee=JPN, sender=KOR)
    pouch = unpack(tokyo.suite, wire, transport=tokyo.vault.transport(), token=token)
    # Whoever opens the outer envelope still reads neither title nor content.
    inner = b"".join((*pouch.leaves, *pouch.documents.values(), *pouch.contents.values()))
    assert TITLE.encode() not in inner
    assert b"cormorant" not in inner
    (slip,) = pouch.slips
    assert slip.office == "JPN/DIH"
    info = slips._info(correspondence(KOR, JPN), slip.office, slip.epoch)
    other = tokyo.vault.office(Office("JPN/MOD"), 1)
    with pytest.raises(Invalid):
        tokyo.suite.open_from(other, info=info, sealed=slip.sealed)
    own = tokyo.vault.office(Office("JPN/DIH"), slip.epoch)
    assert tokyo.suite.open_from(own, info=info, sealed=slip.sealed)


@pytest.mark.obligation("REG-1")
def test_either_registrys_number_finds_the_item(two: Pair) -> None:
    item = provide(two)
    suzuki = PersonId("suzuki")
    receiving.register(two.tokyo, item, officer=suzuki)
    receiving.re_mark(two.tokyo, item, level=Level("JPN:gokuhi"), regime=UNSET, officer=suzuki)
    receiving.receipt(two.tokyo, item, custodian=PersonId("ito"), stage=Stage.DOCUMENT)
    two.carry()
    with two.tokyo.store.reading() as tx:
        kept = receiving.find_item(tx, JPN, item.reference)
        own = next(one.number for one in tx.page(receiving.Holding, limit=9) if one.key == item.key)
        assert own.startswith("JPN-")
        assert receiving.find_item(tx, JPN, own) == kept
    # The provider learns the receiving registry's number with the receipt, and finds it by that.
    with two.seoul.store.reading() as tx:
        assert isinstance(receiving.find_item(tx, KOR, item.reference), ItemOf)
        assert receiving.find_item(tx, KOR, own).key == item.key
