"""A browser without a screen, for tests of the console."""

import asyncio
from typing import Any

import httpx

from comity.console.app import make_app
from comity.node.node import Node


class Browser:
    """A browser without a screen: it keeps cookies, and follows nothing by itself."""

    def __init__(self, node: Node, *, origin: str = "http://127.0.0.1", demo: bool = True) -> None:
        self.origin = origin
        self.app = make_app(node, demonstration=demo, origin=origin)
        self.cookies = httpx.Cookies()

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> httpx.Response:
        headers = {"origin": self.origin, **options.pop("headers", {})}
        return self.ask("POST", path, data=data, headers=headers, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            way = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(
                transport=way, base_url=self.origin, cookies=self.cookies
            ) as client:
                told = await client.request(method, path, **options)
                self.cookies = client.cookies
                return told

        return asyncio.run(once())
