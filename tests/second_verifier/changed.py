"""Changes that vectors of evidence name, made to a good file, and signed anew where they say so."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from msgspec import Raw

from comity.acts.canonical import encode
from comity.acts.entries import Entry
from tests.second_verifier.crossing import OURS, Crossing, forged, pruned, without_leaf
from tests.second_verifier.verify import name_of

Document = dict[str, Any]


def changed(crossing: Crossing, change: Document) -> bytes:
    """Return the file of a crossing with one change.

    Args:
        crossing: What happened, and its file: log 0 is that of JPN, log 1 that of KOR.
        change: One of these, or nothing. Paths are dotted; ``@`` on one opens base64 of JSON,
            and ``?word`` finds the first of an array whose bytes hold the word: documents and
            notes stand in the order of digests, which are others in each run.

            * ``text``: a piece of the file's bytes, and what stands for it once;
              ``before`` and ``after``: bytes around the file; ``keep``: how many are kept.
            * ``set``: values by path, null for none; ``copy``: a value by path, from another
              path; ``append``: likewise, to the end of an array; ``reverse``, ``sort``: an
              array; ``flip``: a bit of base64, at a byte of it.
            * ``lines``: a log's checkpoint, its lines by number: a line, another's number, or
              null; ``flip_line``: a bit of what a line's base64 holds.
            * ``entry``: fields of an entry of KOR, by path, signed and cosigned again;
              ``leaf``: its kind, that of the release unless another is given.
            * ``leave_out``: the leaf of a log with this kind, and what only it names.
    """
    raw = crossing.raw
    if "entry" in change:
        index = crossing.evidence.subject.index
        if "leaf" in change:
            index = _index(crossing, OURS, change["leaf"])
        raw = forged(crossing, index, _otherwise(change["entry"]))
    if "leave_out" in change:
        log = crossing.evidence.logs[change["leave_out"]["log"]].log
        index = _index(crossing, log, change["leave_out"]["kind"])
        raw = encode(pruned(without_leaf(crossing.evidence, log, index)))
    if "text" in change:
        old, new = (one.encode() for one in change["text"])
        assert old in raw
        raw = raw.replace(old, new, 1)
    document = json.loads(raw)
    edits = {"set", "copy", "append", "reverse", "sort", "flip", "lines", "flip_line"}
    if edits & change.keys():
        _edit(document, change)
        raw = plain(document)
    raw = bytes.fromhex(change.get("before", "")) + raw + bytes.fromhex(change.get("after", ""))
    return raw[: change.get("keep", len(raw))]


def plain(document: object) -> bytes:
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return written.encode()


def _index(crossing: Crossing, log: str, kind: str) -> int:
    """Return the place of the first leaf of a kind in a log of the file."""
    proven = next(one for one in crossing.evidence.logs if one.log == log)
    kinds = {json.loads(one.leaf)["deed"]["kind"]: one.index for one in reversed(proven.leaves)}
    return kinds[kind]


def _otherwise(fields: Document) -> Callable[[Entry], Any]:
    """Return what writes an entry otherwise, as a liar does whom no decoder stops."""

    def apply(entry: Entry) -> Any:
        document = json.loads(encode(entry))
        for path, value in fields.items():
            _at(document, path, lambda place, last, value=value: _put(place, last, value))
        return Raw(plain(document))

    return apply


def _edit(document: Document, change: Document) -> None:
    for path, value in change.get("set", {}).items():
        _at(document, path, lambda place, last, value=value: _put(place, last, value))
    for path, source in change.get("copy", {}).items():
        value = _value(document, source)
        _at(document, path, lambda place, last, value=value: _put(place, last, value))
    for path, source in change.get("append", {}).items():
        _value(document, path).append(_value(document, source))
    for path in change.get("reverse", []):
        _value(document, path).reverse()
    for path in change.get("sort", []):
        _value(document, path).sort(key=lambda one: name_of(b64decode(one)))
    for path, at in change.get("flip", {}).items():
        _at(document, path, lambda place, last, at=at: _put(place, last, _flip(place[last], at)))
    for log, wanted in change.get("lines", {}).items():
        _relined(document["logs"][int(log)], lambda found, wanted=wanted: _lines(found, wanted))
    for log, places in change.get("flip_line", {}).items():
        for number, at in places.items():
            line = {number: at}
            _relined(document["logs"][int(log)], lambda found, line=line: _flip_line(found, line))


def _lines(found: list[str], wanted: dict[str, str | int | None]) -> list[str]:
    new: list[str | None] = list(found)
    for number, line in wanted.items():
        at = int(number)
        said = found[line] if isinstance(line, int) else line
        if at == len(new):
            new.append(said)
        else:
            new[at] = said
    return [one for one in new if one is not None]


def _flip_line(found: list[str], places: dict[str, int]) -> list[str]:
    for number, at in places.items():
        head, _, encoded = found[int(number)].rpartition(" ")
        found[int(number)] = f"{head} {_flip(encoded, at)}"
    return found


def _relined(log: Document, change: Callable[[list[str]], list[str]]) -> None:
    lines = b64decode(log["checkpoint"]).decode().removesuffix("\n").split("\n")
    log["checkpoint"] = b64encode(("\n".join(change(lines)) + "\n").encode()).decode()


def _flip(encoded: str, at: int) -> str:
    raw = bytearray(b64decode(encoded))
    raw[at] ^= 1
    return b64encode(raw).decode()


def _step(place: Any, name: str) -> str | int:
    if name.startswith("?"):
        raws = [b64decode(one if isinstance(one, str) else one["note"]) for one in place]
        return next(at for at, raw in enumerate(raws) if name[1:].encode() in raw)
    return int(name) if name.lstrip("-").isdigit() else name


def _value(document: Any, path: str) -> Any:
    for step in path.split("."):
        document = document[_step(document, step)]
    return document


def _at(document: Any, path: str, act: Callable[[Any, Any], None]) -> None:
    """Do something to the last place of a path, writing again what was opened on the way."""
    head, opened, tail = path.partition(".@.")
    *way, last = head.split(".")
    place = _value(document, ".".join(way)) if way else document
    if not opened:
        act(place, _step(place, last))
        return
    inner = json.loads(b64decode(place[_step(place, last)]))
    _at(inner, tail, act)
    place[_step(place, last)] = b64encode(plain(inner)).decode()


def _put(place: Any, last: Any, value: object) -> None:
    """Set a field, or with null leave it out; one past the end of an array is added."""
    if value is None:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
