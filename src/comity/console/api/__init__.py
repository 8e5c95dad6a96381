"""The HTTP API beside the console: the same use cases, the same ``authorise``, other words.

One table of operations (:mod:`comity.console.api.table`) gives the routes, the OpenAPI
description, the reference page and ``docs/api.md``; each operation is a function over structs.
"""

from comity.console.api.pace import PACE, Pace

__all__ = ["PACE", "Pace"]
