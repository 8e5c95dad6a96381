"""What people read: results as short lists, refusals with article, reason and the way out."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from comity.cli import keys, pacts, streams
from comity.marking import schemes
from comity.vocabulary.errors import ComityError
from comity.vocabulary.names import Article, Party, Reason
from comity.vocabulary.phrases import Phrase, phrase
from comity.wording.catalogues import Catalogue, article_text, load, remedy_text, render


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the words that ship with comity."""
    folder = files("comity.wording").joinpath("catalogue")
    return load({lang: folder.joinpath(f"{lang}.toml").read_text() for lang in ("en", "ko", "ja")})


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Return how levels and regimes are spelt at home: 極秘 for ``JPN:gokuhi``."""
    return schemes.spellings(
        schemes.parse_schemes(files("comity.marking").joinpath("schemes.toml").read_text())
    )


def write_whole(text: str) -> None:
    """Write a line to the standard output, all of it.

    Where Python does not buffer it (``PYTHONUNBUFFERED``) a long line to a pipe may be taken in
    part, and the library then drops the rest without a word.
    """
    sys.stdout.flush()
    left = memoryview(f"{text}\n".encode())
    while left:
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def say(command: str, output: Any, parsed: Mapping[str, Any], *, status: int) -> None:  # noqa: ANN401
    """Show what came of a command: as JSON where asked for, else in words."""
    if parsed["json"]:
        write_whole(json.dumps(output, ensure_ascii=False, indent=1, sort_keys=True))
        return
    lang = parsed["lang"]
    if isinstance(output, dict) and "error" in output:
        for line in failure_lines(output, lang):
            print(line, file=sys.stderr)
        return
    if command in _WORDED:
        for line in _WORDED[command](output, word_in(lang)):
            print(line)
        return
    if command.startswith("list."):
        for line in _list_lines(command, output):
            print(line)
        return
    shown = {
        "consent.list": _asked_lines,
        "request.list": _asked_lines,
        "paper.show": _paper_lines,
    }.get(command)
    lines = _lines(command, output, lang, status) if shown is None else shown(output, lang)
    for line in lines:
        print(line)


def say_lines(output: Any, lines: Sequence[str], parsed: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Show a result as JSON where asked for, else in these lines."""
    if parsed["json"]:
        write_whole(json.dumps(output, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for line in lines:
        print(line)


SIGNED: Final = {
    "passkey": "  signed by passkey",
    "key-file": "  signed by a custodied key file",
}
"""How a person signed, after the act."""

_WORDED: Final = {
    "pact.book": pacts.history_lines,
    "pact.steps": pacts.procedure_lines,
    "keys.show": keys.shown_lines,
    "keys.renew": keys.renewed_lines,
    "keys.revoke": keys.revoked_lines,
    "keys.believe": keys.believed_lines,
    **streams.LINES,
}


def word_in(lang: str) -> Callable[..., str]:
    """Return what words a code and its parameters in a language."""

    def word(code: str, **parameters: str) -> str:
        return render(catalogue(), phrase(code, **parameters), lang)

    return word


def say_error(error: ComityError, parsed: Mapping[str, Any]) -> None:
    """Show what went wrong in this process."""
    said = {"error": error.code, "detail": error.detail, "family": error.family}
    if parsed["json"]:
        print(json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for line in failure_lines(said, parsed["lang"]):
        print(line, file=sys.stderr)


def failure_lines(said: Mapping[str, Any], lang: str) -> list[str]:
    """Return a failure in words: what, under which article, why, and what to do."""
    findings = said.get("findings", [])
    if not findings:
        code = f"{said['error']}: {said.get('detail', '')}"
        # What happened and the way out, in the reader's language; the detail stays as it is.
        worded = catalogue().template(said["error"], lang)
        return [code] if worded is None else [worded, code]
    lines = []
    for one in findings:
        lines += finding_lines(one, lang)
    lines.append(f"({said['error']})")
    return lines


def finding_lines(finding: Mapping[str, Any], lang: str) -> list[str]:
    """Return a finding in words, and its remedy on a line of its own."""
    reason = Phrase(code=Reason(finding["code"]), parameters=dict(finding["parameters"]))
    article = article_text(Article(finding["article"]), lang)
    mark = {"permits": "✓", "requires": "…", "forbids": "✗"}.get(finding["verdict"], "·")
    said = render(catalogue(), reason, lang, names=spellings())
    lines = [f"{mark} {finding['agreement']} {article}: {said}"]
    if remedy := finding.get("remedy"):
        to = remedy.get("to")
        way = remedy_text(
            catalogue(),
            remedy["act"],
            lang,
            by=Party(remedy["by"]),
            to=None if to is None else Party(to),
        )
        lines.append(f"  → {way}")
    return lines


def _list_lines(command: str, output: Mapping[str, Any]) -> list[str]:
    name = output["list"][7:23]
    if command == "list.lay":
        return [
            f"{output['laid']} of {output['lines']} lines lie before the releasing authority",
            f"see them: comity list show {name} --as …",
            f"approve them: comity list approve {name} --as …",
        ]
    if command == "list.approve":
        return [f"{output['released']} released of {output['looked_at']} lines of list {name}"]
    shown = [
        f"{one['line']:>7} {one['state']:<9} {one.get('reference', ''):<20} {one.get('to', ''):<4}"
        f" {one.get('level', ''):<12} {one.get('subject', ''):<22} {one.get('title', '')}".rstrip()
        for one in output["lines"]
    ]
    counts = ", ".join(f"{count} {state}" for state, count in output["counts"].items())
    more = (
        [f"more: comity list show {name} --start {output['next']} --as …"] if output["next"] else []
    )
    return [*shown, counts, *more]


def _rebuilt_lines(output: Mapping[str, Any]) -> list[str]:
    if "titles" in output:
        return [f"the index of titles is empty; {output['titles']} titles are read in anew"]
    found = [
        f"{one['where']} {one['what']}: {one['kept']} → {one['folded']}"
        for one in output["differences"]
    ]
    return [
        *found,
        f"{output['leaves']} leaves, {output['rows']} rows, {len(found)} differences",
    ]


def _lines(command: str, output: Mapping[str, Any], lang: str, status: int) -> list[str]:
    del status
    if command == "register.list":
        return [_item_line(one) for one in output["items"]] or [
            "The register is empty. comity release lays the first item before its authority."
        ]
    if command == "register.show":
        return _item_lines(output, lang)
    if command == "status":
        return _status_lines(output)
    if command == "ledger.show":
        return [
            f"{one['log']:<34} {one['size']:>8}  {one['root'][:16]}…  cosigned {one['cosigned']}"
            for one in output["logs"]
        ]
    if command == "rebuild":
        return _rebuilt_lines(output)
    if command == "audit.replay":
        return _audit_lines(output, lang)
    if command in ("release", "pass-on", "revise"):
        lines = [line for one in output["findings"] for line in finding_lines(one, lang)]
        return [*lines, f"draft {output['draft'][7:23]} waits for a releasing authority"]
    if command in ("approve", "consent.grant") and "waiting" in output:
        return [
            *(f"released {one['reference']}" for one in output.get("released", ())),
            *(f"{_waits_as(name)} waits for a second person" for name in output["waiting"]),
        ]
    if command == "read":
        banner = ["DEMONSTRATION · public data · fictional markings"]
        return [*(banner if output["demonstration"] else []), output["title"], "", output["text"]]
    if command in _LISTED:
        return _LISTED[command](output)
    if "findings" in output:
        return [
            f"entered {output['log']}#{output['index']} at {output['at']}",
            *(line for one in output["findings"] for line in finding_lines(one, lang)),
        ]
    return [line for key, value in output.items() for line in _said(key, value)]


def _waits_as(name: str) -> str:
    """Say what waits: a draft by the beginning of its digest, a consent by its question."""
    return f"draft {name[7:23]}" if name.startswith("sha384:") else f"consent {name}"


def _said(key: str, value: Any) -> list[str]:  # noqa: ANN401 - any value of JSON
    """Say one value of a result as a person reads it: several of them on lines of their own."""
    if isinstance(value, list | tuple) and len(value) > 1:
        return [f"{key}:", *(f"  {_plain(one)}" for one in value)]
    if isinstance(value, list | tuple):
        return [f"{key}: {_plain(value[0]) if value else '—'}"]
    if isinstance(value, dict) and "index" not in value and len(value) > 1:
        return [f"{key}:", *(f"  {name}  {_plain(one)}" for name, one in value.items())]
    return [f"{key}: {_plain(value)}"]


def _plain(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and {"log", "index", "at"} <= set(value):
        return f"entered {value['log']}#{value['index']} at {value['at']}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value) or "—"
    return str(value)


def _token_lines(output: Mapping[str, Any]) -> list[str]:
    return [
        f"{one['id']}  {one['person']}  {one['name']}  → {one['until']}" for one in output["tokens"]
    ] or ["No token is made."]


def _paper_lines(output: Mapping[str, Any], lang: str) -> list[str]:
    lines = []
    for party in output["parties"]:
        state = word_in(lang)("paper.open" if party["open"] else "paper.joined")
        lines.append(f"{party['party']}  {party['log']}  {state}")
        for one in party["entries"]:
            said = "  ".join(each for each in (one["on"], one["number"]) if each)
            lines.append(f"  #{one['index']:<4} {one['kind']:<30} {one['by']:<14} {said}")
            lines.append(f"        {attested_text(one['attested_by'], party['party'], lang)}")
            lines += [
                f"        ✗ {word_in(lang)('console.disputed')}  {each['on']}"
                for each in one["disputed"]
            ]
    return lines or [word_in(lang)("paper.none")]


def attested_text(keeper: str, party: str, lang: str) -> str:
    """Say that one party attests what another did on paper, and that this one did not sign."""
    given = {"keeper": keeper, "absent": party}
    return render(catalogue(), Phrase(code=Reason("console.attested"), parameters=given), lang)


def _draft_lines(output: Mapping[str, Any]) -> list[str]:
    return [f"{one['draft'][7:23]}  {one['drafter']}  {one['at']}" for one in output["drafts"]] or [
        "No draft waits."
    ]


def _passkey_lines(output: Mapping[str, Any]) -> list[str]:
    kept = ["the house keeps a key file: custodied"] if output["custodied"] else []
    return [
        *(
            f"{one['key'][7:23]}  {one['relying_party']}  {one['at']}  "
            + ("copies possible  " if one["copied"] else "on one device  ")
            + (f"revoked {one['revoked']}" if one["revoked"] else "signs")
            for one in output["passkeys"]
        ),
        *kept,
    ] or ["No passkey, and no key file."]


def _facility_lines(output: Mapping[str, Any]) -> list[str]:
    lines = []
    for one in output["facilities"]:
        answers = ", ".join(one["officers"]) or "✗ nobody answers for its security"
        lines.append(f"{one['facility']:<16} {answers}")
        lines.append(
            f"    accredited to {', '.join(one['accredited']) or '—'}   "
            f"{len(one['roster'])} on the roster   {one['copies']} copies"
        )
        lines += [
            f"    ended {each['until']}  {each['what']} {each['who']}" for each in one["ended"]
        ]
    return lines or ["No facility is entered. comity facility officer appoints who answers."]


def _loan_lines(output: Mapping[str, Any]) -> list[str]:
    return [
        f"{one['item']}  copy {one['copy']}  {one['borrower']}  → {one['until']}"
        f"  custodian {one['custodian']}"
        + ("  ✗ overdue" if one["overdue"] else "")
        + ("" if one["signed"] else "  unsigned")
        for one in output["loans"]
    ] or ["No copy is lent."]


def _tree_lines(output: Mapping[str, Any]) -> list[str]:
    def below(one: Mapping[str, Any], depth: int) -> list[str]:
        views = ", ".join(f"{party} {view}" for party, view in one["views"].items())
        falls = f"  ✗ falls with {', '.join(one['falls_with'])}" if one["falls_with"] else ""
        line = f"{'    ' * depth}{one['id']} {one['version']}  {views}{falls}"
        return [line, *(each for child in one["below"] for each in below(child, depth + 1))]

    lines = [line for one in output["agreements"] for line in below(one, 0)]
    return lines or ["No agreement is known here. comity agreement propose puts one forward."]


_LISTED: Final = {
    "agreement.tree": _tree_lines,
    "loans": _loan_lines,
    "facility.list": _facility_lines,
    "drafts": _draft_lines,
    "person.passkeys": _passkey_lines,
    "token.list": _token_lines,
}


def _asked_lines(output: Mapping[str, Any], lang: str) -> list[str]:
    def word(code: str) -> str:
        return render(catalogue(), Phrase(code=Reason(code), parameters={}), lang)

    lines = [
        f"{one['consent']}  {one['item']}  {word('consent.uses.' + one['uses'])} {one['for']}  "
        f"{one['used']}/{one['times']}  → {one['until']}  {word('asked.' + one['state'])}"
        + (f"  ({word('asked.concurrent')})" if one["concurrent"] else "")
        + "".join(
            f"\n  {word('approvals.given')}: {each['person']}  {each['times']} x → "
            f"{each['until']}  {each['seen']}"
            for each in one["waiting"]
        )
        for one in output.get("consents", ())
    ] + [
        f"{one['request']}  {one['office']}  {one['subject']}  {one['title']}  → {one['due']}  "
        f"{word('asked.' + ('overdue' if one['overdue'] else one['state']))}"
        for one in output.get("requests", ())
    ]
    return lines or [word("asked.none")]


def _audit_lines(output: Mapping[str, Any], lang: str) -> list[str]:
    def word(code: str, **given: str) -> str:
        return render(catalogue(), Phrase(code=Reason(code), parameters=given), lang)

    judged, under = str(output["judged"]), output["under"]
    lines = [
        f"✗ {one['where']} {one['what']}: {one['kept']} → {one['folded']}"
        for one in output["divergences"]
    ]
    count = str(len(output["divergences"]))
    lines.append(word("audit.replayed", acts=judged, divergences=count))
    for one in output["otherwise"]:
        lines.append(
            f"{one['at']}  {one['where']}  {one['kind']} {one['by']}: {one['was']} → {one['would']}"
        )
        lines += [
            f"    {article_text(Article(each['article']), lang)}: {each['code']}"
            for each in one["because"]
        ]
    if under:
        lines.append(word("audit.under", agreement=under, acts=str(len(output["otherwise"]))))
    return lines


def _item_line(one: Mapping[str, Any]) -> str:
    states = ",".join(sorted({copy["state"] for copy in one["copies"]}))
    level = one["marked"] or one["level"]
    return (
        f"{one['direction']:<3} {one['reference']:<22} {one['number'] or '—':<20} "
        f"{level:<22} {states}"
    )


def _item_lines(one: Mapping[str, Any], lang: str) -> list[str]:
    lines = [
        f"{one['reference']}   {one['from']} → {one['to']}   originator {one['originator']}",
        f"own number {one['number'] or '—'}   numbers {', '.join(one['numbers'])}",
        f"level {one['level']}" + (f" = {one['marked']}" if one["marked"] else ""),
        f"subject {one['subject']}   purpose {one['purpose']}",
    ]
    if one.get("answers"):
        way = "   on the way" if one["on_the_way"] else ""
        lines.append(f"{one['answers']} answers for it now{way}")
    lines.append("")
    for step in one["timeline"]:
        why = f"  {step['code']}" if step["code"] else ""
        why += "".join(SIGNED[way] for way in step["signed"])
        lines.append(f"{step['at']}  {step['kind']:<22} {step['by']:<14} {step['outcome']}{why}")
        if step["attested"]:
            author = step["by"].partition("/")[0]
            lines.append(f"    {attested_text(step['attested'], author, lang)}")
        lines += [
            f"    ✗ {word_in(lang)('console.disputed')}  {one['on']}" for one in step["disputed"]
        ]
    lines += [
        f"copy {copy['copy']}: {copy['state']} at {copy['office']}"
        + (f", custodian {copy['custodian']}" if copy["custodian"] else "")
        for copy in one["copies"]
    ]
    lines += [
        f"duty {duty['what']} of {duty['who']} (Article {duty['article']}): "
        + (f"discharged by {duty['discharged']}" if duty["discharged"] else f"due {duty['due']}")
        for duty in one["duties"]
    ]
    return lines


def _status_lines(output: Mapping[str, Any]) -> list[str]:
    lines = [f"{output['party']} at {output['at']}"]
    for one in output["agreements"]:
        views = ", ".join(f"{party} {view}" for party, view in one["views"].items())
        lines.append(f"agreement {one['id']} {one['version']}: {views}")
    for one in output["links"]:
        step = (
            "in step"
            if one["out"] == one["acknowledged"]
            else (f"behind by {one['out'] - one['acknowledged']}")
        )
        lines.append(f"link {one['peer']}: {step}; {one['out']} out, {one['in']} in")
    for one in output["duties"]:
        late = "OVERDUE " if one["overdue"] else ""
        lines.append(
            f"{late}duty {one['what']} of {one['who']}, Article {one['article']}, "
            f"due {one['due'] or 'at once'}"
        )
    lines += [
        f"alarm {name}: {one['count']} times, last {one['last']}"
        for name, one in output["alarms"].items()
    ]
    lines.append(f"{output['drafts']} drafts wait")
    return lines
