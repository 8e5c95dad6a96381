"""The network by itself: as text, as data, as a drawing that needs no page around it."""

from typing import Final

from comity.console.frame import rendered
from comity.console.pages import network
from comity.console.pages.network import Found
from comity.console.pages.visit import Visit
from comity.console.words import vocabulary

SVG: Final = "image/svg+xml"
TEXT: Final = "text/plain; charset=utf-8"

_STYLE: Final = (
    "svg{background:#fff}text{font:12px sans-serif;text-anchor:middle;fill:#1c1b19}"
    ".tie{stroke:#857f73;stroke-width:1.2}.tie.on{stroke:#1d4f91;stroke-width:3.5}"
    ".tie.ended{stroke-dasharray:3 5}.tie.joined{stroke:#23603a;stroke-dasharray:8 4}"
    "rect{fill:#f1eee7;stroke:#857f73}.text.on rect{stroke:#1d4f91;stroke-width:2}"
    ".text.ended text{text-decoration:line-through}circle{fill:#fff;stroke:#857f73}"
    ".outer{fill:none}.party text{font-weight:700}.reached circle{stroke:#1d4f91;stroke-width:3.5}"
    ".origin circle{fill:#1d4f91}.origin .outer{fill:none}.origin text{fill:#fff}"
)


def svg(visit: Visit, found: Found) -> bytes:
    """Return the drawing as a file of its own."""
    values = vocabulary(visit.lang, "UTC") | {
        "picture": network.drawing(found),
        "standalone": True,
        "style": _STYLE,
    }
    return rendered("web.svg", values).encode()


def text(visit: Visit, found: Found) -> bytes:
    """Return the answer as lines of text."""
    return network.in_words(visit, found).encode()
