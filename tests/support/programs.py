"""A program that asks of the API, for tests: with a token, over the application itself."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import httpx

from comity.console.api import Pace, tokens
from comity.console.app import make_app
from comity.node.node import Node
from comity.vocabulary.names import PersonId
from tests.support.pair import LATER, Pair

ROOT = "/api/v1"
WISH = {
    "to": "JPN",
    "offices": ["JPN/DIH"],
    "level": "KOR:mil-2",
    "subject": "dprk.missile.launch",
    "purpose": "defence.missile-warning",
    "title": "Launch assessment",
    "content": b64encode(b"A fictional assessment.").decode(),
}
YES = {"questions": dict.fromkeys(("policy", "security", "protection", "benefit", "need"), True)}
UNHURRIED = Pace(burst=1_000_000, each_second=1_000_000.0)


class Program:
    """Asks for one person, by a token that is made for it; or for nobody."""

    def __init__(
        self, node: Node, person: str = "", *, pace: Pace = UNHURRIED, origin: str = ""
    ) -> None:
        self.node = node
        self.app = make_app(node, demonstration=True, pace=pace, origin=origin)
        self.token = ""
        if person:
            self.token, _ = tokens.add(node, PersonId(person), name="test", until=LATER)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.ask("POST", path, json={} if body is None else body, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("authorization", f"Bearer {self.token}")

        async def once() -> httpx.Response:
            way = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1") as client:
                return await client.request(method, ROOT + path, headers=headers, **options)

        return asyncio.run(once())


def released(two: Pair, wish: Mapping[str, Any] = WISH) -> str:
    """Release an item through the API alone, and return its number."""
    kim, park = Program(two.seoul, "kim"), Program(two.seoul, "park")
    laid = kim.post("/releases", wish)
    assert laid.status_code == 200, laid.text
    name = laid.json()["draft"].removeprefix("sha384:")
    told = park.post(f"/approvals/{name}/approve", YES)
    assert told.status_code == 200, told.text
    (one,) = told.json()["released"]
    two.carry()
    return one["number"]


def leaves(node: Node) -> int:
    with node.store.reading() as tx:
        return sum(tx.frontier(log).size for log in tx.logs())
