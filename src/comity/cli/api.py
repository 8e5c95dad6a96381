"""The description of the HTTP API, for the tools that read one."""

import json
from collections.abc import Mapping
from typing import Any


def api(parsed: Mapping[str, Any]) -> int:
    """Print the OpenAPI description; it is the same for every node."""
    from comity.console.api.description import described

    del parsed
    print(json.dumps(described(), ensure_ascii=False, indent=1))
    return 0
