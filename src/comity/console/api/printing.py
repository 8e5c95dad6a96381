"""Paper: the sheets of an item and the muster sheet, as PDF."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from comity.console.api.operation import Body, Operation
from comity.console.pages import printed as pages
from comity.console.pages.visit import Visit
from comity.printing import render
from comity.vocabulary.names import OFFICE

Tongue = Literal["", "en", "ko", "ja"]
PDF = "application/pdf"


class SheetWanted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which sheet of an item.

    Attributes:
        sheet: The cover, where none is named.
        lang: Its language; as the caller speaks where it is left out.
        stage: What a receipt form is for; other sheets have none.
    """

    sheet: Literal["cover", "label", "receipt", "certificate"] = "cover"
    lang: Tongue = ""
    stage: Literal["document", "package"] = "document"


class MusterWanted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The copies of one office where it is named; else all."""

    only: Annotated[str, Meta(pattern=rf"^\Z|{OFFICE}")] = ""
    lang: Tongue = ""


def item(visit: Visit, asked: SheetWanted) -> Body:
    """Print a sheet of an item: cover, label, receipt form or certificate of destruction."""
    visit = visit._replace(lang=asked.lang or visit.lang)
    found, name = pages.of_item(visit, asked.sheet, stage=asked.stage)
    return Body(render.pdf(asked.sheet, found, lang=visit.lang, at=visit.now), name)


def muster(visit: Visit, asked: MusterWanted) -> Body:
    """Print the sheet on which two persons check every copy that is held."""
    visit = visit._replace(lang=asked.lang or visit.lang)
    found = pages.of_muster(visit, only=asked.only)
    return Body(render.pdf("muster", found, lang=visit.lang, at=visit.now), "muster.pdf")


OPERATIONS = (
    Operation(
        "itemPrint",
        "paper",
        "GET",
        "/register/{number}/print",
        item,
        Body,
        SheetWanted,
        PDF,
        page=" ".join(f"/print/{one}/{{number:path}}" for one in pages.SHEETS),
    ),
    Operation(
        "musterPrint",
        "paper",
        "GET",
        "/muster",
        muster,
        Body,
        MusterWanted,
        PDF,
        page="/print/muster",
    ),
)
"""Of printing."""
