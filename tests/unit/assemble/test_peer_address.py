"""Where a counterpart is reached is told to a node without anything else of it being lost."""

from pathlib import Path
from typing import cast

from msgspec import structs

from comity.assemble.commands import COMMANDS
from comity.assemble.house import Config, House, read_config, write_config
from comity.assemble.witness import FileWitness
from comity.keys.vault import FileVault
from comity.store.sqlite import SqliteStore
from tests.support.pair import JPN, KOR, pair


def test_nothing_else_of_a_node_is_lost(tmp_path: Path) -> None:
    node = pair().seoul
    config = Config(
        party=KOR,
        registry=node.registry,
        exchange="127.0.0.1:1",
        console="127.0.0.1:2",
        demonstration=True,
        origin="https://seoul.example",
        store="postgresql:///seoul",
    )
    write_config(tmp_path, config)
    house = House(
        tmp_path,
        config,
        node,
        cast("FileVault", node.vault),
        cast("SqliteStore", node.store),
        FileWitness(tmp_path / "witness"),
    )
    COMMANDS["peer.address"](house, {"peer": "JPN", "address": "127.0.0.1:3"})
    wanted = structs.replace(config, peers={JPN: "127.0.0.1:3"})
    assert read_config(tmp_path) == house.config == wanted
