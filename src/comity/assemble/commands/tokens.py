"""Commands over tokens: made and shown once, listed, revoked."""

from typing import Any

from comity.assemble.commands.said import Arguments
from comity.assemble.house import House
from comity.console.api import tokens
from comity.vocabulary.instants import parse_instant
from comity.vocabulary.names import parse_person


def token_add(house: House, args: Arguments) -> dict[str, Any]:
    """Make a token for a person, and show it: the only time that it can be seen."""
    secret, one = tokens.add(
        house.node,
        parse_person(args["person"]),
        name=args["name"],
        until=parse_instant(args["until"]),
    )
    return {"token": secret, **_said(one)}


def token_list(house: House, args: Arguments) -> dict[str, Any]:
    """List the tokens that act for anybody here, by the beginning of their digests."""
    del args
    with house.store.reading() as tx:
        return {"tokens": [_said(one) for one in tokens.listed(tx)]}


def token_revoke(house: House, args: Arguments) -> dict[str, Any]:
    """End a token, at once and for good."""
    return _said(tokens.revoke(house.node, args["id"]))


def _said(one: tokens.Listed) -> dict[str, Any]:
    kept = one.kept
    return {
        "id": one.id,
        "person": kept.person,
        "name": kept.name,
        "since": kept.since,
        "until": kept.until,
    }
