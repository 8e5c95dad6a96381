"""New keys and revoked ones between real processes: TLS certificates, transport and ledger keys."""

import time

from tests.cli.test_recover import asked, copies, heads, release, served
from tests.support.commands import exchanged

__all__ = ["copies"]


def test_keys_are_renewed_while_both_nodes_speak(comity, copies):
    seoul, tokyo = (("--node", str(copies.base / name)) for name in ("seoul", "tokyo"))
    with served(copies.at("seoul")), served(copies.at("tokyo")):
        before = asked(comity, "keys", "show", *seoul)
        said = asked(comity, "keys", "renew", *seoul)
        assert said["renewed"] == ["ledger", "transport", "tls"]
        assert "JPN" in said["published"]
        release(comity, copies, "Under new keys.")
        after = asked(comity, "keys", "show", *seoul)
        for kind, name in (("ledger", "key"), ("transport", "key"), ("tls", "certificate")):
            assert before[kind][name] != after[kind][name]
            assert after[kind]["earlier"] == 1
        assert {one["peer"]: one["knows_ledger"] for one in after["peers"]}["JPN"] is True
        # Tokyo's own come next, one kind alone; then both are started anew.
        assert asked(comity, "keys", "renew", "--kind", "tls", *tokyo)["renewed"] == ["tls"]
        release(comity, copies, "Under Tokyo's new certificate.")
    with served(copies.at("seoul")), served(copies.at("tokyo")):
        release(comity, copies, "After both were started again.")
        assert heads(comity, seoul) == heads(comity, tokyo)
    for name in ("seoul", "tokyo"):
        assert asked(comity, "rebuild", "--check", *copies.at(name))["differences"] == []


def test_stolen_keys_are_revoked_by_a_file_that_is_handed_over(comity, copies):
    seoul, tokyo = (("--node", str(copies.base / name)) for name in ("seoul", "tokyo"))
    folder = copies.base / "for-counterparts"
    folder.mkdir()
    with served(copies.at("seoul")), served(copies.at("tokyo")):
        release(comity, copies, "Before.")
        by = ("--as", "administrator")
        said = asked(comity, "keys", "revoke", "--out", str(folder), *by, *seoul)
        (file,) = [one["file"] for one in said["files"] if one["peer"] == "JPN"]
        # Tokyo does not believe it yet: nothing crosses, nothing is lost.
        assert exchanged(comity, *seoul)["JPN"] != "cosigned"
        asked(comity, "keys", "believe", file, *by, *tokyo)
        deadline = time.monotonic() + 60
        while heads(comity, seoul) != heads(comity, tokyo):
            exchanged(comity, *seoul)
            assert time.monotonic() < deadline
        release(comity, copies, "After.")
        again = asked(comity, "keys", "believe", file, *by, *tokyo, status=2)
        assert again["error"] == "refused.revoke.older"
    for name in ("seoul", "tokyo"):
        assert asked(comity, "rebuild", "--check", *copies.at(name))["differences"] == []
