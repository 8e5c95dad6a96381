"""Results of acts and looks as people read them; what has no lines of its own is said plainly."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from comity.cli import texts
from comity.cli.failures import finding_lines
from comity.cli.listings import duty
from comity.cli.speech import Word, attested_text, named, padded, signed_text, told
from comity.vocabulary.names import Article
from comity.wording.catalogues import article_text

_SHORT: Final = slice(7, 23)
"""So much of a digest names a draft or a list."""


def entered_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say where an act was entered, or that it stood there already."""
    where = {"log": str(output["log"]), "index": str(output["index"]), "at": str(output["at"])}
    return [word("cli.entered", **where)]


def already_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say that nothing was entered anew."""
    if "log" not in output:
        return [word("cli.already.person", person=output["person"])]
    where = {"log": str(output["log"]), "index": str(output["index"]), "at": str(output["at"])}
    return [word("cli.already", **where)]


def plain_lines(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say each value of a result under the word for it."""
    return [line for key, value in output.items() for line in _said(key, value, word)]


def _said(key: str, value: Any, word: Word) -> list[str]:  # noqa: ANN401 - any value of JSON
    """Say one value of a result: several of them on lines of their own."""
    head = heading(key, word)
    if isinstance(value, list | tuple) and len(value) > 1:
        return [f"{head}:", *(f"  {_plain(one, word, key)}" for one in value)]
    if isinstance(value, list | tuple):
        return [f"{head}: {_plain(value[0], word, key) if value else '—'}"]
    if isinstance(value, dict) and key in _NAMED and len(value) > 1:
        return [f"{head}:", *(f"  {one}" for one in _names(value, word, key))]
    return [f"{head}: {_plain(value, word, key)}"]


def heading(key: str, word: Word) -> str:
    """Return the word for a value of a result, by its name in JSON."""
    return word(f"said.{key.replace('_', '-')}")


_VALUES: Final = {
    "act": "act",
    "kind": "act",
    "outcome": "outcome",
    "role": "role",
    "roles": "role",
    "standing": "standing",
    "mark": "pact.mark",
    "stage": "stage",
    "step": "pact.step",
}
"""Values of a result that the catalogue has words for, by their names in JSON."""


_NAMED: Final = {
    "overdue": "act",
    "peers": "party",
    "requests_by_state": "asked",
    "roots": "root",
    "subjects": "subject",
    "without_effect": "act",
}
"""Values whose own names are of the books, a party or a subject, and what these are."""


def _names(value: Mapping[str, Any], word: Word, key: str) -> list[str]:
    kind = _NAMED[key]
    return [f"{named(kind, name, word)}  {_plain(one, word)}" for name, one in value.items()]


def _plain(value: Any, word: Word, key: str = "") -> str:  # noqa: ANN401 - any value of JSON
    if isinstance(value, bool):
        return word("said.yes" if value else "said.no")
    if isinstance(value, dict) and {"log", "index", "at"} <= set(value):
        return entered_lines(value, word)[0]
    if isinstance(value, dict) and key in _NAMED:
        return ", ".join(_names(value, word, key)) or "—"
    if isinstance(value, dict):
        return ", ".join(
            f"{heading(name, word)} {_plain(one, word, name)}" for name, one in value.items()
        )
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one, word, key) for one in value) or "—"
    if value is None or value == "":
        return "—"
    return named(_VALUES[key], str(value), word) if key in _VALUES else str(value)


def laid(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say how much of a list lies before the authority."""
    name = output["list"][_SHORT]
    return [
        word("cli.list.laid", laid=str(output["laid"]), lines=str(output["lines"])),
        word("cli.list.see", list=name),
        word("cli.list.approve", list=name),
    ]


def approved_list(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say how much of a list was released."""
    counts = {"released": str(output["released"]), "lines": str(output["looked_at"])}
    return [word("cli.list.released", list=output["list"][_SHORT], **counts)]


def shown_list(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what a list releases, a line each, and what became of it."""

    def state(one: str) -> str:
        return named("series.state", one, word)

    shown = [
        f"{one['line']:>7} {padded(state(one['state']), 9)} {one.get('reference', ''):<20} "
        f"{one.get('to', ''):<4} {one.get('level', ''):<12} {one.get('subject', ''):<22} "
        f"{one.get('title', '')}".rstrip()
        for one in output["lines"]
    ]
    counts = ", ".join(f"{state(one)} {count}" for one, count in output["counts"].items())
    following = {"list": output["list"][_SHORT], "start": str(output["next"])}
    more = [word("cli.list.more", **following)] if output["next"] else []
    return [*shown, counts, *more]


def rebuilt(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what folding everything again came to."""
    if "titles" in output:
        return [word("cli.titles", count=str(output["titles"]))]
    found = [
        f"{one['where']} {one['what']}: {one['kept']} → {one['folded']}"
        for one in output["differences"]
    ]
    counts = {"leaves": str(output["leaves"]), "rows": str(output["rows"])}
    return [*found, word("cli.rebuilt", differences=str(len(found)), **counts)]


def approved(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what was released, or granted, and what waits for a second person."""
    lines = [word("cli.released", item=one["reference"]) for one in output.get("released", ())]
    for name in output["waiting"]:
        draft = name.startswith("sha384:")
        code = "cli.second.draft" if draft else "cli.second.consent"
        lines.append(word(code, name=name[_SHORT] if draft else name))
    return lines


def read(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what was opened."""
    banner = [word("marking.demonstration")] if output["demonstration"] else []
    return [*banner, _title(output, word), "", output["text"]]


def _title(output: Mapping[str, Any], word: Word) -> str:
    """Return a title, or under which entry both parties erased the words."""
    gone = str(output["erased"])
    return word("words.erased", leaf=gone) if gone else str(output["title"])


def erased(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say that words are erased, or that they wait for the other party."""
    gone = str(output["erased"])
    where = entered_lines(output, word)
    return [*where, word("words.erased", leaf=gone) if gone else word("words.waits.them")]


def erasures(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which words one party wants erased, and for whom they wait."""
    return [
        f"{one['reference'] or one['entry']}  {one['at']}  {one['by']}  {one['leaf']}  "
        + word("words.waits.them" if one["ours"] else "words.waits.us")
        for one in output["erasures"]
    ] or [word("words.waiting.none")]


def asked(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which consents and requests there are."""
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
        f"{one['request']}  {one['office']}  {one['subject']}  {_title(one, word)}  "
        f"→ {one['due']}  {word('asked.' + ('overdue' if one['overdue'] else one['state']))}"
        for one in output.get("requests", ())
    ]
    return lines or [word("asked.none")]


def checked(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what a text holds, and which of its cases fail."""
    counts = {name: str(output[name]) for name in ("articles", "clauses", "cases")}
    return [
        f"{output['agreement']}  {output['digest']}",
        word("cli.checked", **counts),
        *(f"✗ {one}" for one in output["failed"]),
        *(f"✗ {one}" for one in output["doubtful"]),
        *([] if output["failed"] or output["doubtful"] else [f"✓ {word('cli.checked.sound')}"]),
    ]


def laid_before(output: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    """Say what was found, and that the draft waits."""
    lines = [line for one in output["findings"] for line in finding_lines(one, lang)]
    return [*lines, word("cli.draft.waits", draft=output["draft"][_SHORT])]


def papers(output: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    """Say what is attested for counterparts on paper."""
    lines = []
    for party in output["parties"]:
        state = word("paper.open" if party["open"] else "paper.joined")
        lines.append(f"{party['party']}  {party['log']}  {state}")
        for one in party["entries"]:
            said = "  ".join(each for each in (one["on"], one["number"]) if each)
            kind = named("act", one["kind"], word)
            lines.append(f"  #{one['index']:<4} {padded(kind, 30)} {one['by']:<14} {said}")
            lines.append(f"        {attested_text(one['attested_by'], party['party'], lang)}")
            lines += [
                f"        ✗ {word('console.disputed')}  {each['on']}" for each in one["disputed"]
            ]
    return lines or [word("paper.none")]


def audited(output: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    """Say what judging everything again came to."""
    lines = [
        f"✗ {one['where']} {one['what']}: {one['kept']} → {one['folded']}"
        for one in output["divergences"]
    ]
    counted = {"acts": str(output["judged"]), "divergences": str(output["diverged"])}
    lines.append(word("audit.replayed", **counted))
    for one in output["otherwise"]:
        was, would = (named("outcome", one[name], word) for name in ("was", "would"))
        kind = named("act", one["kind"], word)
        lines.append(f"{one['at']}  {one['where']}  {kind} {one['by']}: {was} → {would}")
        lines += [
            f"    {article_text(Article(each['article']), lang)}: {each['code']}"
            for each in one["because"]
        ]
    if output["under"]:
        said = {"agreement": output["under"], "acts": str(output["differed"])}
        lines.append(word("audit.under", **said))
    return lines


def item(one: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    """Say what the register holds of an item: numbers, levels, timeline, copies, duties."""
    way = {"reference": one["reference"], "from_": one["from"], "to_": one["to"]}
    numbers = {"number": one["number"] or "—", "numbers": ", ".join(one["numbers"])}
    marked = f" = {one['marked']}" if one["marked"] else ""
    lines = [
        word("cli.item.way", of=one["originator"], **way),
        word("cli.item.numbers", **numbers),
        word("cli.item.level", level_=one["level"] + marked),
        word("cli.item.about", subject=one["subject"], purpose=one["purpose"]),
    ]
    if one.get("answers"):
        code = "cli.item.answers.on-the-way" if one["on_the_way"] else "cli.item.answers"
        lines.append(word(code, office=one["answers"]))
    if one["refused"]:
        lines.append(f"✗ {word('item.refused.by', party=one['to'])} {told(one['refused'], word)}")
    if one["erased"]:
        lines.append(word("words.erased", leaf=one["erased"]))
    else:
        asked = [(each["by"], each["leaf"]) for each in one["erasing"]]
        lines += [word("words.asked", office=office, leaf=leaf) for office, leaf in asked]
    lines.append("")
    for step in one["timeline"]:
        lines += _step(step, word, lang)
    lines += [_copy(copy, word) for copy in one["copies"]]
    return lines + [duty(each, word) for each in one["duties"]]


def _step(step: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    why = f"  {step['code']}" if step["code"] else ""
    if step["tried"]:
        said = [named("act", step["tried"], word), article_text(Article(step["article"]), lang)]
        why = f"  {', '.join(said[: 2 if step['article'] else 1])}{why}"
    kind, outcome = named("act", step["kind"], word), named("outcome", step["outcome"], word)
    signed = signed_text(step["signed"], word)
    onward = f" → {step['third_party']}" if step["third_party"] else ""
    lines = [f"{step['at']}  {padded(kind, 30)} {step['by'] + onward:<14} {outcome}{why}{signed}"]
    if terms := step["terms"]:
        use = named("consent.uses", terms["uses"], word)
        what = f"{use}: {terms['what']}" if terms["what"] else use
        often = word("consents.given.terms", count=str(terms["times"]))
        lines.append(f"    {what} · {often} {terms['until']}")
    if step["attested"]:
        author = step["by"].partition("/")[0]
        lines.append(f"    {attested_text(step['attested'], author, lang)}")
    return lines + [f"    ✗ {word('console.disputed')}  {one['on']}" for one in step["disputed"]]


def _copy(copy: Mapping[str, Any], word: Word) -> str:
    said = {
        "copy_": str(copy["copy"]),
        "state": named("copy", copy["state"], word),
        "office": copy["office"],
    }
    if copy["custodian"]:
        return word("cli.item.copy.custodian", custodian=copy["custodian"], **said)
    return word("cli.item.copy", **said)


def verified(output: Mapping[str, Any], word: Word, lang: str) -> list[str]:
    """Say what an evidence file proves: the acts in it, who signed, how far each log reaches."""
    lines = [word("cli.verified" if output["confirmed"] else "cli.verified.unconfirmed")]
    lines += [f"  {party}  {root}" for party, root in output["roots"].items()]
    lines += [word("cli.verified.on-paper", party=one) for one in output["on_paper"]]
    lines.append(word("cli.verified.item", item=output["item"]))
    lines += [_statement(one, word, lang) for one in output["acts"]]
    lines += [
        "  " + word("cli.verified.log", log=log, size=str(size))
        for log, size in output["logs"].items()
    ]
    if "observation" in output:
        one = output["observation"]
        lines.append(f"{one['number']:>8}  {one['at']}  {one['text']}")
    return lines


def _statement(one: Mapping[str, Any], word: Word, lang: str) -> str:
    kind, outcome = named("act", one["kind"], word), named("outcome", one["outcome"], word)
    signed = signed_text(one["signed"], word)
    said = f"  {one['at']}  {padded(kind, 30)} {one['by']:<14} {outcome}{signed}"
    if one["attested"]:
        said += f" ({attested_text(one['attested'], one['by'].partition('/')[0], lang)})"
    return said


def stopped(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say that the node ended, or that none ran."""
    return [word("cli.stopped" if output["stopped"] else "cli.stopped.before")]


LINES: Final[dict[str, Callable[[Mapping[str, Any], Word], list[str]]]] = {
    "agreement.check": checked,
    "agreement.explain": texts.explained_lines,
    "agreement.format": texts.formatted_lines,
    "consent.list": asked,
    "ledger.erase": erased,
    "ledger.erasures": erasures,
    "list.approve": approved_list,
    "list.lay": laid,
    "list.show": shown_list,
    "read": read,
    "rebuild": rebuilt,
    "request.list": asked,
    "stop": stopped,
}
"""What is said of each command."""

FINDING_LINES: Final[dict[str, Callable[[Mapping[str, Any], Word, str], list[str]]]] = {
    "audit.replay": audited,
    "paper.show": papers,
    "pass-on": laid_before,
    "register.show": item,
    "release": laid_before,
    "revise": laid_before,
    "verify": verified,
}
"""The same for what cites articles or attests: these need the language itself."""
