"""A person at the console of a served node: what a browser sends, and a device signs."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from comity.cli.demo.seats import Failed, Seat
from comity.seal.authenticator import Authenticator, raw

_API: Final = "/api/v1"
_DONE, _SEE_OTHER = 200, 303
_CODE: Final = re.compile(r"<code>([a-z.-]+)</code>")
QUESTIONS: Final = dict.fromkeys(("policy", "security", "protection", "benefit", "need"), True)
"""The five questions of a disclosure decision, each answered with yes."""


class Desk:
    """One person with a passkey. In the place of the device a program makes the key and signs."""

    def __init__(self, seat: Seat, person: str, lang: str) -> None:
        """Sit down, with a device that has no key of this house yet."""
        self.seat = seat
        self.person = person
        self.lang = lang
        self.origin = f"http://{seat.console}"
        self.device = Authenticator(
            origin=self.origin, domain=urlsplit(self.origin).hostname or seat.console
        )
        self._cookie = ""

    def register(self) -> str:
        """Go where an invitation leads and register there; return the link, which is used now."""
        link = str(self.seat.ask("person.invite", person=self.person)["link"])
        path = urlsplit(link).path
        wish = self._wish(f"{path}/wish")
        if self._form(path, self.device.create(wish)).status_code != _SEE_OTHER:
            raise Failed(f"{self.person} could not register a passkey")
        return link

    def works_again(self, link: str) -> bool:
        """Tell whether a link still invites."""
        return self._form(f"{urlsplit(link).path}/wish").status_code == _DONE

    def sign_in(self) -> dict[str, str]:
        """Sign in with the passkey; return what the device answered."""
        answer = self.device.answer(self._wish("/passkey/sign-in"))
        if self._form("/sign-in", answer).status_code != _SEE_OTHER:
            raise Failed(f"{self.person} could not sign in")
        return answer

    def signs_in_with(self, answer: Mapping[str, str]) -> str:
        """Bring an answer to sign in with; return the code of what the console says of it."""
        told = self._form("/sign-in", answer)
        found = _CODE.search(told.text)
        return "" if told.status_code == _SEE_OTHER or found is None else found[1]

    def signature(self, path: str, body: Mapping[str, Any]) -> dict[str, str]:
        """Have the device sign what an operation of the HTTP API would enter."""
        wish = self.ask(f"{path}/sign", body)
        found = self.device.sign(raw(wish["challenge"]))._asdict()
        return {name: b64encode(value).decode() for name, value in found.items()}

    def ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the HTTP API for what must succeed."""
        told = self._post(_API + path, json=body)
        if told.status_code != _DONE:
            raise Failed(f"{path}: {told.text}")
        answer: dict[str, Any] = told.json()
        return answer

    def refused(self, path: str, body: Mapping[str, Any], code: str) -> str:
        """Ask the HTTP API for what must be refused with this code; return its words."""
        told = self._post(_API + path, json=body)
        problem = told.json()
        if told.status_code == _DONE or problem["code"] != code:
            raise Failed(f"{path}: expected {code}, got {told.text}")
        return str(problem["title"])

    def _wish(self, path: str) -> dict[str, Any]:
        told = self._form(path)
        if told.status_code != _DONE:
            raise Failed(f"{path}: {told.status_code}")
        wish: dict[str, Any] = told.json()
        return wish

    def _form(self, path: str, fields: Mapping[str, str] | None = None) -> httpx.Response:
        return self._post(path, data=dict(fields or {}))

    def _post(self, path: str, **body: Any) -> httpx.Response:  # noqa: ANN401
        host, _, port = self.seat.console.partition(":")
        # The name is this machine's whatever a resolver says of it, so none is asked.
        headers = {
            "host": f"{host}:{port}",
            "origin": self.origin,
            "cookie": self._cookie,
            "accept-language": self.lang,
        }
        address = f"http://127.0.0.1:{port}{path}"
        try:
            told = httpx.post(address, headers=headers, trust_env=False, timeout=60, **body)
        except httpx.HTTPError as error:
            raise Failed(f"{self.seat.party}'s console at {host}:{port}: {error}") from error
        self._cookie = told.headers.get("set-cookie", self._cookie).partition(";")[0]
        return told
