"""The import of an existing register, batch by batch, with its progress."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from comity.cli.house import arguments_of, here, passphrase_of
from comity.cli.words import failure_lines, word_in
from comity.transport.local import Request, Response, call
from comity.vocabulary.errors import Unavailable

_LONG = 600.0

_Ask = Callable[[str, Mapping[str, Any]], Response]


def run(parsed: Mapping[str, Any]) -> int:
    """Import a register: read it whole first; name every bad line, or enter batch after batch.

    Every batch is a transaction of the house. Where this ends in between, the next run goes on:
    numbers that are in the book are passed over.
    """
    directory = here(parsed)
    if os.path.lexists(directory / "comity.sock"):
        try:
            return _import(
                lambda command, more: call(
                    directory / "comity.sock",
                    Request(command, {**arguments_of(parsed), **more}),
                    seconds=_LONG,
                ),
                parsed,
            )
        except Unavailable as error:
            if error.code != "unavailable.node":
                raise
    from comity.assemble.serve import served

    with served(directory, passphrase_of(parsed), listening=False) as node:
        return _import(
            lambda command, more: node.command(Request(command, {**arguments_of(parsed), **more})),
            parsed,
        )


def _import(ask: _Ask, parsed: Mapping[str, Any]) -> int:
    read = ask("register.import-read", {})
    said = dict(read.output)
    if read.status or said["bad"] or parsed["dry_run"]:
        _show(said, parsed)
        return read.status or (4 if said["bad"] else 0)
    entered = passed = first = 0
    while first < said["lines"]:
        done = ask("register.import-batch", {"first": first})
        if done.status:
            _show(dict(done.output), parsed)
            return done.status
        entered += done.output["entered"]
        passed += done.output["passed"]
        first = done.output["after"]
        print(f"{first}/{said['lines']}", file=sys.stderr)
    _show(said | {"entered": entered, "passed": passed}, parsed)
    return 0


def _show(said: Mapping[str, Any], parsed: Mapping[str, Any]) -> None:
    if parsed["json"]:
        print(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
        return
    if "error" in said:
        for line in failure_lines(said, parsed["lang"]):
            print(line, file=sys.stderr)
        return
    for one in said["bad"]:
        where = f"{one['line']}: {one['column']}" if one["column"] else str(one["line"])
        print(f"✗ {where} {one['value']!r} → {one['right']}")
    counts = {"import.lines": said["lines"], "import.bad": len(said["bad"])}
    if "entered" in said:
        counts |= {"import.entered": said["entered"], "import.passed": said["passed"]}
    else:
        counts |= {"import.passed": said["already"]}
    word = word_in(parsed["lang"])
    print(" · ".join(f"{word(code)} {count}" for code, count in counts.items()))
