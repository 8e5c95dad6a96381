"""A stranger between two houses that enrol each other: two persons compare, or nothing begins."""

from collections.abc import Callable

import pytest
from msgspec import structs

from comity.acts.canonical import encode
from comity.node import setup, treaty
from comity.node.chancery import RefusedAct
from comity.register.rows import Peer
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.names import Office, PersonId
from tests.support.pair import ADMIN, ADMIN2, JPN, KOR, Pair, enrol, epochs, gsomia, pair, where


def paper(two: Pair) -> bytes:
    """Return Tokyo's enrolment file for Seoul."""
    at = two.clock.now()
    made = setup.enrolment_file(two.seoul, JPN, where=where(KOR), epochs=epochs(KOR, at))
    assert made
    return setup.enrolment_file(two.tokyo, KOR, where=where(JPN), epochs=epochs(JPN, at))


def enrolled(
    two: Pair, raw: bytes, *, read_out: str, persons: tuple[PersonId, PersonId] = (ADMIN, ADMIN2)
) -> None:
    node = two.seoul
    setup.enrol(node, raw, fingerprint=read_out, compared_by=persons, by=node.registry)


def nothing_began(two: Pair) -> None:
    """Seoul knows nobody, and proposes nothing to anybody."""
    with two.seoul.store.reading() as tx:
        assert tx.page(Peer) == ()
    with pytest.raises((RefusedAct, ComityError)):
        treaty.propose(
            two.seoul, gsomia(), to=JPN, by=Office("KOR/MND"), actor=PersonId("minister-kor")
        )


def test_a_file_of_a_stranger_has_another_fingerprint() -> None:
    two, stranger = pair(), pair()
    _, digits = setup.read_enrolment(paper(two))
    with pytest.raises(Refused) as refusal:
        enrolled(two, paper(stranger), read_out=digits)
    assert refusal.value.code == "refused.enrol.fingerprint"
    nothing_began(two)


def test_one_person_alone_compares_nothing() -> None:
    two = pair()
    raw = paper(two)
    _, digits = setup.read_enrolment(raw)
    with pytest.raises(Refused) as refusal:
        enrolled(two, raw, read_out=digits, persons=(ADMIN, ADMIN))
    assert refusal.value.code == "refused.enrol.two-persons"
    with pytest.raises(Refused) as refusal:
        enrolled(two, raw, read_out=digits, persons=(ADMIN, PersonId("nobody")))
    assert refusal.value.code == "refused.person.unknown"
    nothing_began(two)


def swapped_root(raw: bytes, other: bytes) -> bytes:
    """A stranger's directory under the root that is compared."""
    mine, theirs = setup.read_enrolment(raw)[0], setup.read_enrolment(other)[0]
    return encode(structs.replace(mine, directory=theirs.directory))


def swapped_directory(raw: bytes, other: bytes) -> bytes:
    """The true directory under a stranger's root."""
    mine, theirs = setup.read_enrolment(raw)[0], setup.read_enrolment(other)[0]
    return encode(structs.replace(mine, root=theirs.root))


@pytest.mark.parametrize("change", [swapped_root, swapped_directory])
def test_a_file_of_two_houses_is_none(change: Callable[[bytes, bytes], bytes]) -> None:
    two, stranger = pair(), pair()
    raw = change(paper(two), paper(stranger))
    with pytest.raises(ComityError) as refusal:
        # Whatever it says of itself: the two read out what is in the file that came.
        enrolled(two, raw, read_out=setup.read_enrolment(raw)[1])
    assert refusal.value.code in ("invalid.signature", "invalid.directory", "invalid.enrolment")
    nothing_began(two)


def test_another_root_later_is_not_taken() -> None:
    two, stranger = pair(), pair()
    enrol(two)
    raw = paper(stranger)
    _, digits = setup.read_enrolment(raw)
    with two.seoul.store.reading() as tx:
        before = tx.page(Peer)
    with pytest.raises(Refused) as refusal:
        enrolled(two, raw, read_out=digits)
    assert refusal.value.code == "refused.enrol.other-root"
    with two.seoul.store.reading() as tx:
        assert tx.page(Peer) == before


def test_who_has_made_no_file_of_its_own_enrols_nobody() -> None:
    two = pair()
    raw = setup.enrolment_file(
        two.tokyo, KOR, where=where(JPN), epochs=epochs(JPN, two.clock.now())
    )
    _, digits = setup.read_enrolment(raw)
    with pytest.raises(Refused) as refusal:
        enrolled(two, raw, read_out=digits)
    assert refusal.value.code == "refused.enrol.own-file"
    nothing_began(two)
