"""Forms: what a browser sends, read within bounds and kept off the disk."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from comity.node.node import Node
from comity.node.signing import Signer, by_key_file
from comity.vocabulary.errors import Refused
from comity.vocabulary.names import PersonId

BODY_LIMIT: Final = 20 << 20
"""The most bytes of a form, files included: a little more than a pouch carries of one content."""

_TEXT_LIMIT: Final = 4 << 20
_FIELDS_LIMIT: Final = 400
_FILES_LIMIT: Final = 4096


_NAME: Final = 200
_KIND: Final = 100


class File(NamedTuple):
    """A file that was put in, and by which field.

    Attributes:
        name: What it is called, cut in front to what an item's words hold; its ending stays.
        media_type: As the browser says, cut to the same.
    """

    name: str
    media_type: str
    content: bytes
    field: str = ""


class Fields(NamedTuple):
    """What was typed, by field; a field may stand several times.

    Attributes:
        file: The file that was put in, where a form has one.
        files: All files, in order, where it has more.
    """

    values: Mapping[str, tuple[str, ...]]
    file: File | None
    files: tuple[File, ...] = ()

    def one(self, name: str) -> str:
        """Return a field; empty where it was not sent. Line ends are those of text here."""
        found = self.values.get(name, ())
        return found[0].replace("\r\n", "\n").strip() if found else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return self.values.get(name, ())

    def has(self, name: str) -> bool:
        """Tell whether a field was sent at all."""
        return name in self.values


class Order(NamedTuple):
    """What a person asks a page to do; ``sign`` is how the person signs, if it is to be signed."""

    node: Node
    person: PersonId
    lang: str
    demonstration: bool
    place: Mapping[str, str]
    fields: Fields
    sign: Signer = by_key_file


class _InMemory(MultiPartParser):
    # What is released must not lie open in a temporary file: all of it stays in memory.
    spool_max_size = BODY_LIMIT + 1


def require_same_origin(request: Request) -> None:
    """Return if a form was sent by a page of this console.

    The session cookie is ``SameSite=Strict``; other ports of one machine are the same site, so
    the origin is looked at too. Every browser sends ``Origin`` with a form.

    Raises:
        Refused: ``refused.console.elsewhere``.
    """
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if not origin or origin != request.headers.get("host", ""):
        raise Refused("refused.console.elsewhere", "this form was not sent by a page of this house")


async def read(request: Request) -> Fields:
    """Read a form.

    Raises:
        Refused: ``refused.console.form``: too large, or not a form.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > BODY_LIMIT:
        raise Refused("refused.console.form", f"more than {BODY_LIMIT >> 20} MiB, or no length")
    kind = request.headers.get("content-type", "")
    try:
        if kind.startswith("multipart/form-data"):
            form = await _InMemory(
                request.headers,
                request.stream(),
                max_files=_FILES_LIMIT,
                max_fields=_FIELDS_LIMIT,
                max_part_size=_TEXT_LIMIT,
            ).parse()
        elif kind.startswith("application/x-www-form-urlencoded") or length == "0":
            form = await FormParser(request.headers, request.stream()).parse()
        else:
            raise Refused("refused.console.form", "not a form")
    except (MultiPartException, ValueError) as error:
        # Errors of the parser's own are ValueErrors, and so are bytes that are no text.
        raise Refused("refused.console.form", "the form cannot be read") from error
    return await _fields(form)


async def _fields(form: FormData) -> Fields:
    values: dict[str, list[str]] = {}
    files: list[File] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            await value.close()
            if value.filename and content:
                kind = value.content_type or "application/octet-stream"
                files.append(File(value.filename[-_NAME:], kind[:_KIND], content, name))
        else:
            values.setdefault(name, []).append(value)
    return Fields(
        {name: tuple(found) for name, found in values.items()},
        files[-1] if files else None,
        tuple(files),
    )
