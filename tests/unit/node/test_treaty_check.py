"""A text about which a second reading complains is neither proposed nor signed."""

import pytest

from comity.acts.canonical import digest
from comity.agreement.text import bundle_bytes, open_bundle
from comity.node import treaty
from comity.node.ports import Space
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import Office, PersonId
from tests.support.pair import JPN, enrol, gsomia, pair

_MINISTER = {"by": Office("KOR/MND"), "actor": PersonId("minister-kor")}


def _without_freshness() -> bytes:
    """Return the text without a term that a second reading asks for."""
    sound = open_bundle(gsomia())
    source = sound.source.replace("freshness = 86400\n", "")
    assert source != sound.source
    translations = {name: text.encode() for name, text in sound.translations.items()}
    return bundle_bytes(source.encode(), sound.cases.encode(), translations)


def test_it_is_neither_proposed_nor_signed() -> None:
    two = pair()
    enrol(two)
    bundle = _without_freshness()
    with pytest.raises(Refused, match="fresh") as caught:
        treaty.propose(two.seoul, bundle, to=JPN, **_MINISTER)
    assert caught.value.code == "refused.treaty.check"
    # The other side may propose it all the same: a node of another make, or an older one.
    with two.seoul.store.transaction() as tx:
        tx.save(Space.DOCUMENT, {digest(bundle): bundle})
    with pytest.raises(Refused, match="fresh") as caught:
        treaty.sign(two.seoul, digest(bundle), to=JPN, **_MINISTER)
    assert caught.value.code == "refused.treaty.check"
