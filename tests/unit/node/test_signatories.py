"""Who speaks for the house to another party is a signatory, at whichever door."""

from collections.abc import Callable

import pytest

from comity.acts.canonical import digest
from comity.node import people, treaty
from comity.node.node import Node
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Article, Level, Office, PersonId
from tests.support.pair import JPN, gsomia, pair

KIM, MND = PersonId("kim"), Office("KOR/MND")
TEXT = gsomia()

ACTS: dict[str, Callable[[Node], object]] = {
    "propose": lambda node: treaty.propose(node, TEXT, to=JPN, by=MND, actor=KIM),
    "sign": lambda node: treaty.sign(node, digest(TEXT), to=JPN, by=MND, actor=KIM),
    "notify": lambda node: treaty.notify(node, digest(TEXT), to=JPN, by=MND, actor=KIM),
    "authorities": lambda node: treaty.notify_authorities(node, to=JPN, by=MND, actor=KIM),
    "assure": lambda node: people.assure(
        node,
        JPN,
        agreement=digest(TEXT),
        article=Article("7"),
        offices=(Office("KOR/KDIA"),),
        level=Level("JPN:gokuhi"),
        until=Instant("2027-11-24T00:00:00.000Z"),
        by=MND,
        actor=KIM,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_desk_officer_does_not_speak_for_the_house(act: str) -> None:
    with pytest.raises(Refused) as refusal:
        ACTS[act](pair().seoul)
    assert refusal.value.code == "refused.person.role"
