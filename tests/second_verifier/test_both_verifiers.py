"""Two verifiers, written apart, say the same of the same file: believed, or not.

Where a file is signed, cosigned, approved and in order but unlawful under its text, only comity
can refuse: the second verifier judges no clause. Those files stand by themselves at the end.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, structs

from comity.acts.canonical import encode
from comity.acts.entries import Entry
from comity.acts.parts import Approval
from comity.evidence.bundle import decode_evidence
from comity.evidence.verify import require_confirmed
from comity.evidence.verify import verify as first
from comity.ledger.approvals import sign_approval
from comity.seal.real import REAL
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid, Unconfirmed
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import Level, Party
from tests.second_verifier import verify as second
from tests.second_verifier.crossing import (
    OURS,
    THEIRS,
    Crossing,
    crossed,
    forged,
    forged_release,
    without_leaf,
)
from tests.support.pair import JPN, KOR

SCRIPT = Path(__file__).with_name("verify.py")
FLIPS = 240


@pytest.fixture(scope="module")
def crossing() -> Crossing:
    return crossed()


def status_of_first(raw: bytes, roots: dict[Party, Digest]) -> int:
    try:
        require_confirmed(first(REAL, raw, roots=roots))
    except (Invalid, Unconfirmed) as error:
        return error.exit_status
    return 0


def statuses(raw: bytes, roots: dict[Party, Digest]) -> tuple[int, int]:
    mine, _ = second.judge(raw, dict(roots))
    return status_of_first(raw, roots), mine


def test_the_file_as_it_was_made_is_proven_under_its_roots_alone(crossing: Crossing) -> None:
    raw, roots = crossing.raw, crossing.roots
    assert statuses(raw, roots) == (0, 0)
    assert statuses(raw, {}) == (3, 3)
    assert statuses(raw, {KOR: roots[KOR]}) == (3, 3)
    assert statuses(raw, {KOR: roots[JPN], JPN: roots[KOR]}) == (4, 4)
    assert statuses(raw, {**roots, JPN: roots[KOR]}) == (4, 4)


def test_one_bit_changed_anywhere_is_refused_by_both(crossing: Crossing) -> None:
    raw = crossing.raw
    wrong = []
    for number in range(FLIPS):
        at = number * (len(raw) - 1) // (FLIPS - 1)
        changed = raw[:at] + bytes([raw[at] ^ 1 << number % 7]) + raw[at + 1 :]
        if statuses(changed, crossing.roots) != (4, 4):
            wrong.append(at)
    assert wrong == []


def test_a_digit_changed_wherever_json_has_a_number_is_refused_by_both(crossing: Crossing) -> None:
    raw = crossing.raw
    places = [
        at
        for at in range(1, len(raw) - 1)
        if raw[at : at + 1].isdigit() and raw[at - 1 : at] == b":" and raw[at + 1 : at + 2] in b",}"
    ]
    assert len(places) > 13
    for at in places:
        changed = raw[:at] + (b"7" if raw[at : at + 1] != b"7" else b"8") + raw[at + 1 :]
        assert statuses(changed, crossing.roots) == (4, 4), at


Change = Callable[[dict[str, Any]], object]


def _text(document: dict[str, Any], log: int) -> str:
    return second.unbase64(document["logs"][log]["checkpoint"]).decode()


def _checkpoint(log: int, change: Callable[[list[str]], object]) -> Change:
    """Change the lines of a checkpoint: owner's and cosigner's are the last two."""

    def apply(document: dict[str, Any]) -> None:
        lines = _text(document, log).removesuffix("\n").split("\n")
        change(lines)
        document["logs"][log]["checkpoint"] = _base64("\n".join(lines).encode() + b"\n")

    return apply


def _base64(raw: bytes) -> str:
    return second.base64.b64encode(raw).decode()


def _swap_halves(line: str, start: int) -> str:
    """Put the ML-DSA half of a signature before the Ed25519 half."""
    head, _, encoded = line.rpartition(" ")
    blob = second.unbase64(encoded)
    halves = blob[start + 64 :] + blob[start : start + 64]
    return f"{head} {_base64(blob[:start] + halves)}"


def _zero_half(line: str, first: int, last: int | None) -> str:
    head, _, encoded = line.rpartition(" ")
    blob = bytearray(second.unbase64(encoded))
    blob[first:last] = bytes(len(blob[first:last]))
    return f"{head} {_base64(bytes(blob))}"


def _set(lines: list[str], at: int, line: str) -> None:
    lines[at] = line


def _leaf(log: int, index: int, change: Callable[[dict[str, Any]], object]) -> Change:
    return lambda document: change(document["logs"][log]["leaves"][index])


def _relabel(leaf: dict[str, Any]) -> None:
    raw = second.unbase64(leaf["leaf"]).replace(b'"KOR:mil-2"', b'"KOR:mil-3"')
    leaf["leaf"] = _base64(raw)


def _reindex(leaf: dict[str, Any]) -> None:
    leaf["index"] += 1


def _directory_halves(document: dict[str, Any]) -> None:
    signed = json.loads(second.unbase64(document["first_directories"][0]))
    signature = second.unbase64(signed["signature"])
    signed["signature"] = _base64(signature[64:] + signature[:64])
    document["first_directories"][0] = _base64(_plain(signed))


def _plain(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _in_order(document: dict[str, Any], raw: bytes) -> None:
    held = [second.unbase64(one) for one in document["documents"]]
    document["documents"] = [_base64(one) for one in sorted([*held, raw], key=second.name_of)]


# Log 0 is that of JPN, log 1 that of KOR: in the order of their names.
CHANGES: dict[str, Change] = {
    "the cosignature's line is missing": _checkpoint(1, lambda lines: lines.pop()),
    "the owner's line is missing": _checkpoint(1, lambda lines: lines.pop(-2)),
    "the owner's line stands twice": _checkpoint(1, lambda lines: lines.append(lines[-2])),
    "the two lines change places with their names": _checkpoint(
        1, lambda lines: lines.__setitem__(slice(-2, None), [lines[-1], lines[-2]][:1])
    ),
    "a line of a third party": _checkpoint(
        1, lambda lines: lines.append("— USA AAAAAAAAAAAAAAAAAAAAAAAA")
    ),
    "halves of the owner's signature swapped": _checkpoint(
        1, lambda lines: _set(lines, -2, _swap_halves(lines[-2], 4))
    ),
    "halves of the cosignature swapped": _checkpoint(
        1, lambda lines: _set(lines, -1, _swap_halves(lines[-1], 12))
    ),
    "the owner's Ed25519 half is zeros": _checkpoint(
        1, lambda lines: _set(lines, -2, _zero_half(lines[-2], 4, 68))
    ),
    "the owner's ML-DSA half is zeros": _checkpoint(
        1, lambda lines: _set(lines, -2, _zero_half(lines[-2], 68, None))
    ),
    "the cosigner's Ed25519 half is zeros": _checkpoint(
        0, lambda lines: _set(lines, -1, _zero_half(lines[-1], 12, 76))
    ),
    "the cosigner's ML-DSA half is zeros": _checkpoint(
        0, lambda lines: _set(lines, -1, _zero_half(lines[-1], 76, None))
    ),
    "the cosignature is of another time": _checkpoint(
        0, lambda lines: _set(lines, -1, _zero_half(lines[-1], 4, 12))
    ),
    "the name of the key is zeros": _checkpoint(
        0, lambda lines: _set(lines, -2, _zero_half(lines[-2], 0, 4))
    ),
    "the checkpoint claims a larger size": _checkpoint(1, lambda lines: _set(lines, 1, "8")),
    "the checkpoint has no signed time": _checkpoint(1, lambda lines: lines.pop(3)),
    "the item is relabelled": _leaf(1, -1, _relabel),
    "a leaf has another index": _leaf(1, -1, _reindex),
    "a path is cut short": _leaf(1, 2, lambda leaf: leaf["path"].pop()),
    "a path goes on": _leaf(1, 2, lambda leaf: leaf["path"].append(leaf["path"][-1])),
    "a path is turned round": _leaf(1, 2, lambda leaf: leaf["path"].reverse()),
    "a path has a short hash": _leaf(
        1, 2, lambda leaf: leaf["path"].__setitem__(0, _base64(bytes(47)))
    ),
    "two leaves change places": lambda document: document["logs"][1]["leaves"].reverse(),
    "a leaf stands twice": lambda document: document["logs"][1]["leaves"].append(
        document["logs"][1]["leaves"][-1]
    ),
    "a leaf of the other log": lambda document: document["logs"][1]["leaves"].append(
        document["logs"][0]["leaves"][-1]
    ),
    "a log without leaves": lambda document: document["logs"][0]["leaves"].clear(),
    "one log twice": lambda document: document["logs"].__setitem__(0, document["logs"][1]),
    "the logs change names": lambda document: document["logs"][0].update(log=OURS),
    "the logs change places": lambda document: document["logs"].reverse(),
    "the parties change places": lambda document: document["parties"].reverse(),
    "another party": lambda document: document["parties"].__setitem__(1, "USA"),
    "the directories change places": lambda document: document["first_directories"].reverse(),
    "halves of a directory's signature swapped": _directory_halves,
    "one directory twice": lambda document: document["first_directories"].__setitem__(
        0, document["first_directories"][1]
    ),
    "the subject is a leaf that is not here": lambda document: document["subject"].update(index=99),
    "the subject is no release": lambda document: document["subject"].update(index=0),
    "the subject is of the other log": lambda document: document["subject"].update(log=THEIRS),
    "a document that nothing names": lambda document: _in_order(document, b"superfluous"),
    "the documents out of order": lambda document: document["documents"].reverse(),
    "a document twice": lambda document: document["documents"].insert(0, document["documents"][0]),
    "no documents": lambda document: document["documents"].clear(),
    "a note that nothing names": lambda document: document["notes"].append(
        {"note": document["logs"][1]["checkpoint"], "path": []}
    ),
    "the notes out of order": lambda document: document["notes"].reverse(),
    "no notes": lambda document: document["notes"].clear(),
    "another version": lambda document: document.update(comity=2),
    "a version that is no number": lambda document: document.update(comity="1"),
    "a version that is true": lambda document: document.update(comity=True),
    "a field that nobody knows": lambda document: document.update(remark="none"),
    "a field that is missing": lambda document: document.pop("subject"),
    "a field of a leaf that nobody knows": _leaf(0, 0, lambda leaf: leaf.update(note="none")),
    "null for nothing": lambda document: document.update(subject=None),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_anybody_can_change_is_refused_by_both(crossing: Crossing, what: str) -> None:
    document = json.loads(crossing.raw)
    CHANGES[what](document)
    changed = _plain(document)
    assert changed != crossing.raw
    assert statuses(changed, crossing.roots) == (4, 4)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw + b"\n",
        lambda raw: b" " + raw,
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b'{"comity":1,', b'{"comity":1,"comity":1,'),
        lambda raw: raw.replace(b'"comity":1,', b'"comity": 1,'),
        lambda raw: raw.replace(b'"comity":1,', b'"comity":1.0,'),
        lambda raw: raw.replace(b'"comity":1,', b'"comity":1e0,'),
        lambda raw: raw.replace(b'"comity"', b'"\\u0063omity"'),
        lambda raw: raw.replace(b'"KOR"', b'"\\u004bOR"', 1),
        lambda raw: json.dumps(json.loads(raw), indent=1).encode(),
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"[]",
        lambda _: b"{}",
        lambda _: b"[" * 100_000,
        lambda _: b"\xff" * 64,
    ],
)
def test_other_bytes_of_the_same_or_no_document_are_refused_by_both(
    crossing: Crossing, change: Callable[[bytes], bytes]
) -> None:
    changed = change(crossing.raw)
    assert changed != crossing.raw
    assert statuses(changed, crossing.roots) == (4, 4)


def test_each_document_and_each_note_left_out_is_missed_by_both(crossing: Crossing) -> None:
    for field in ("documents", "notes"):
        for number in range(len(getattr(crossing.evidence, field))):
            document = json.loads(crossing.raw)
            del document[field][number]
            assert statuses(_plain(document), crossing.roots) == (4, 4), (field, number)


# --- leaves left out: less is proven, or nothing -----------------------------------------------

STILL_PROVEN = {
    (OURS, "link.directory"),
    (OURS, "treaty.propose"),
    (OURS, "people.assure"),
    (THEIRS, "delivery.receipt"),
}
"""Left out with its documents, such a leaf is not spoken of: what is proven does not rest on it."""

JUDGED_ALONE = {
    "treaty.notify-requirements-met",
    "treaty.notify-authority",
    "people.assure",
}
"""What the text asks for before a release: only who reads the text misses it."""


def test_a_leaf_left_out_is_missed_by_both_where_something_rests_on_it(crossing: Crossing) -> None:
    seen = set()
    for log in crossing.evidence.logs:
        for leaf in log.leaves:
            kind = second.Entry(log.log, leaf.index, leaf.leaf).kind
            less = encode(without_leaf(crossing.evidence, log.log, leaf.index))
            if (log.log, kind) in STILL_PROVEN:
                expected = (0, 0)
            elif kind in JUDGED_ALONE:
                expected = (4, 0)
            else:
                expected = (4, 4)
            assert (*statuses(less, crossing.roots), kind) == (*expected, kind)
            seen.add(kind)
    assert len(seen) == 8


# --- what a party that lies can sign -----------------------------------------------------------


def _deed(**changes: object) -> Callable[[Entry], Entry]:
    return lambda entry: structs.replace(entry, deed=structs.replace(entry.deed, **changes))


def _item(entry: Entry) -> Entry:
    item = entry.deed.item  # type: ignore[union-attr]
    label = structs.replace(item.label, level=Level("KOR:mil-3"))
    return _deed(item=structs.replace(item, label=label))(entry)


def _seen(**changes: object) -> Callable[[Entry], Entry]:
    return lambda entry: structs.replace(entry, seen=structs.replace(entry.seen, **changes))


def _early(entry: Entry) -> Entry:
    return structs.replace(entry, at=plus_seconds(entry.at, -3600))


def _entry(**changes: object) -> Callable[[Entry], Entry]:
    return lambda entry: structs.replace(entry, **changes)


def _approval(**changes: object) -> Callable[[Entry], Entry]:
    def change(entry: Entry) -> Entry:
        assert isinstance(entry.approvals, tuple)
        return structs.replace(entry, approvals=(structs.replace(entry.approvals[0], **changes),))

    return change


SIGNED_LIES: dict[str, Callable[[Entry], Entry]] = {
    "a release that nobody approved": _entry(approvals=UNSET),
    "a release with an empty list of approvals": _entry(approvals=()),
    "an approval of another place in its list": _approval(index=1, size=2),
    "an approval with another path": _approval(path=(bytes(48),)),
    "an approval of another item: relabelled": _item,
    "an approval of another purpose": _deed(purpose="defence.other"),
    "addressed to a third party": _deed(to="USA"),
    "an office of the other party acts": _deed(by="JPN/DIH"),
    "under a text that nobody signed": _deed(agreement="sha384:" + "0" * 96),
    "earlier than the entry before it": _early,
    "a cut smaller than before": _seen(size=1),
    "a cut with another root": _seen(root="sha384:" + "0" * 96),
    "a cut with another time": _seen(time=Instant("2026-11-23T00:00:00.000Z")),
    "a cut that nobody signed": _seen(digest="sha384:" + "0" * 96),
    "no cut": _entry(seen=UNSET),
    "no judgement": _entry(judgement=UNSET),
}


def test_a_release_forged_without_a_change_is_still_proven(crossing: Crossing) -> None:
    again = forged_release(crossing, lambda entry: entry)
    assert again != crossing.raw
    assert statuses(again, crossing.roots) == (0, 0)


@pytest.mark.parametrize("what", SIGNED_LIES)
def test_a_lie_that_both_parties_signed_is_refused_by_both(crossing: Crossing, what: str) -> None:
    lie = forged_release(crossing, SIGNED_LIES[what])
    assert statuses(lie, crossing.roots) == (4, 4)


def test_a_text_signed_with_another_key_is_refused_by_both(crossing: Crossing) -> None:
    def other(entry: Entry) -> Entry:
        signature = bytearray(entry.deed.signature)  # type: ignore[union-attr]
        signature[-1] ^= 1
        return _deed(signature=bytes(signature))(entry)

    log = next(one for one in crossing.evidence.logs if one.log == OURS)
    kinds = [second.Entry(OURS, one.index, one.leaf).kind for one in log.leaves]
    assert statuses(forged(crossing, kinds.index("treaty.sign"), other), crossing.roots) == (4, 4)


def test_two_roots_that_one_party_signed_are_found_where_all_leaves_are_in_the_file(
    crossing: Crossing,
) -> None:
    """Another third leaf than the one that the counterpart's cuts have seen."""
    fork = forged(crossing, 2, _entry(salt=bytes(16)))
    assert second.judge(fork, dict(crossing.roots)) == (4, "not believed: a fork")
    assert statuses(fork, crossing.roots) == (4, 4)


def test_two_roots_that_one_party_signed_are_found_whatever_leaves_are_left_out(
    crossing: Crossing,
) -> None:
    """The forged leaf itself is not in the file: the notes are bound without it."""
    log = next(one for one in crossing.evidence.logs if one.log == OURS)
    kinds = [second.Entry(OURS, one.index, one.leaf).kind for one in log.leaves]
    index = kinds.index("treaty.propose")
    fork = decode_evidence(forged(crossing, index, _entry(salt=bytes(16))))
    less = encode(without_leaf(fork, OURS, index))
    assert second.judge(less, dict(crossing.roots)) == (4, "not believed: a fork")
    assert statuses(less, crossing.roots) == (4, 4)


@pytest.mark.parametrize("change", ["nothing", "another hash", "one more", "one less"])
def test_a_note_with_another_proof_is_refused_by_both(crossing: Crossing, change: str) -> None:
    paths = {
        "nothing": lambda path: path[:0],
        "another hash": lambda path: (bytes(48), *path[1:]),
        "one more": lambda path: (*path, bytes(48)),
        "one less": lambda path: path[:-1],
    }
    notes = list(crossing.evidence.notes)
    number = next(at for at, one in enumerate(notes) if len(one.path) > 1)
    notes[number] = structs.replace(notes[number], path=paths[change](notes[number].path))
    other = encode(structs.replace(crossing.evidence, notes=tuple(notes)))
    assert statuses(other, crossing.roots) == (4, 4)


# --- where only comity refuses: the text is what says no ----------------------------------------


def test_what_only_the_text_forbids_is_refused_by_comity_alone(crossing: Crossing) -> None:
    """Signed, cosigned, approved, in order; but the judgement is not what the text comes to."""
    claimed = forged_release(crossing, _entry(judgement="sha384:" + "0" * 96))
    assert statuses(claimed, crossing.roots) == (4, 0)


def test_an_approval_by_somebody_without_the_office_is_refused_by_comity_alone(
    crossing: Crossing,
) -> None:
    """Choi of the registry is in the directory, and is no releasing authority."""
    papers = []

    def by_registry(entry: Entry) -> Entry:
        deed = Digest(second.name_of(encode(entry.deed)))
        paper = sign_approval(REAL, crossing.two.seoul.vault.person("choi"), [deed])
        papers.append(encode(paper))
        approval = Approval(document=Digest(second.name_of(papers[-1])), index=0, size=1, path=())
        return structs.replace(entry, approvals=(approval,))

    forged_release(crossing, by_registry)
    paper = papers[0]
    approval = Approval(document=Digest(second.name_of(paper)), index=0, size=1, path=())
    lie = forged_release(crossing, _entry(approvals=(approval,)), (paper,))
    assert statuses(lie, crossing.roots) == (4, 0)


# --- as a stranger runs it ----------------------------------------------------------------------


def test_the_script_runs_apart_with_the_exit_statuses_of_comity_verify(
    crossing: Crossing, tmp_path: Path
) -> None:
    file = tmp_path / "crossing.json"
    file.write_bytes(crossing.raw)
    roots = [f"--root={party}={root}" for party, root in crossing.roots.items()]

    def run(*arguments: str) -> int:
        # -I: neither the checkout nor the environment is on its path.
        return subprocess.run(
            [sys.executable, "-I", str(SCRIPT), *arguments], check=False, capture_output=True
        ).returncode

    assert run(str(file), *roots) == 0
    assert run(str(file)) == 3
    assert run(str(file), roots[0]) == 3
    assert run(str(file), "--root=KOR=none") == 64
    file.write_bytes(crossing.raw[:-1])
    assert run(str(file), *roots) == 4
    assert run(str(tmp_path / "absent"), *roots) == 4


def test_the_script_imports_nothing_of_comity() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    imported = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert not any("comity" in line or "tests" in line for line in imported)
    assert {line.split()[1].split(".")[0] for line in imported} - sys.stdlib_module_names == {
        "cryptography"
    }
