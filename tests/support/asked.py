"""Asks of a console's application at once, without a network, and keeps what came byte for byte."""

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

import httpx


class Answer(NamedTuple):
    """What an application answered; the date apart, which no application here sets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Question(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    json: Any = None
    data: Any = None


def ask(app: Any, questions: Iterable[Question]) -> list[Answer]:
    """Ask one after the other, in one loop."""

    async def all_of_them() -> list[Answer]:
        way = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        found = []
        async with httpx.AsyncClient(transport=way, base_url="http://127.0.0.1") as client:
            for one in questions:
                told = await client.request(
                    one.method, one.path, headers=one.headers, json=one.json, data=one.data
                )
                kept = sorted((name, value) for name, value in told.headers.items())
                found.append(Answer(told.status_code, tuple(kept), told.content))
        return found

    return asyncio.run(all_of_them())
