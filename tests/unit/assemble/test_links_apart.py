"""One link that fails in a way that nobody foresaw does not stop the others."""

from pathlib import Path
from typing import cast

import pytest

from comity.assemble.house import Config, House
from comity.assemble.serve import Served
from comity.keys.files import FileVault
from comity.node.alarms import alarms
from comity.register.rows import Peer
from comity.store.sqlite import SqliteStore
from comity.vocabulary.errors import ComityError, Refused
from comity.vocabulary.names import Party
from tests.support.pair import JPN, KOR, USA, pair


class _Links(Served):
    """A served house of which only the links go."""

    def __init__(self, house: House, error: Exception) -> None:
        self.house = house
        self.error = error
        self.reached: list[Party] = []

    def _carry_to(self, peer: Party, *, heartbeat: bool) -> str:
        del heartbeat
        self.reached.append(peer)
        if peer == JPN:
            raise self.error
        return "cosigned"


@pytest.mark.parametrize(
    ("error", "code"),
    [(ZeroDivisionError("x"), "unexpected"), (Refused("refused.form", "x"), "refused.form")],
)
def test_an_error_of_one_link_is_told_and_the_others_go_on(
    tmp_path: Path, error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    node = pair().seoul
    with node.store.transaction() as tx:
        for party in (JPN, USA):
            tx.put([Peer(key=party, scope="", root="", directory="", compared_by=(), index=0)])
    config = Config(party=KOR, registry=node.registry, exchange="x:1", console="x:2")
    house = House(
        tmp_path, config, node, cast("FileVault", node.vault), cast("SqliteStore", node.store)
    )
    links = _Links(house, error)
    said = links._carried(heartbeat=False)
    assert said == [{"peer": JPN, "word": code}, {"peer": USA, "word": "cosigned"}]
    assert links.reached == [JPN, USA]
    with node.store.reading() as tx:
        assert f"JPN|{code}" in alarms(tx)
    told = error.code if isinstance(error, ComityError) else "ZeroDivisionError"
    assert told in caplog.text
