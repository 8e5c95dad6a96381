"""Lists as people read them: one line for one thing, and what to do where there is none."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from comity.cli.speech import Word, named, padded


def drafts(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which drafts wait."""
    return [f"{one['draft'][7:23]}  {one['drafter']}  {one['at']}" for one in output["drafts"]] or [
        word("cli.drafts.none")
    ]


def tokens(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which tokens act for whom."""
    return [
        f"{one['id']}  {one['person']}  {one['name']}  → {one['until']}" for one in output["tokens"]
    ] or [word("cli.tokens.none")]


def passkeys(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which passkeys a person has, and whether the house keeps a key file."""
    kept = [word("cli.passkey.custodied")] if output["custodied"] else []
    return [
        *(
            f"{one['key'][7:23]}  {one['relying_party']}  {one['at']}  "
            + word("cli.passkey.copied" if one["copied"] else "cli.passkey.one-device")
            + "  "
            + (
                word("cli.passkey.revoked", at=one["revoked"])
                if one["revoked"]
                else word("cli.passkey.signs")
            )
            for one in output["passkeys"]
        ),
        *kept,
    ] or [word("cli.passkey.none")]


def withdrawn(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what holds no longer: of whom, and which clearance, subject or facility."""
    return [
        word(
            "cli.withdrawn",
            person=one["person"] or one["facility"],
            what=" · ".join(one[field] for field in ("level", "subject", "facility") if one[field]),
        )
        for one in output["withdrawn"]
    ]


def facilities(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say who answers for a facility, up to which level, who enters, what is there."""
    lines = []
    for one in output["facilities"]:
        answers = ", ".join(one["officers"]) or f"✗ {word('cli.facility.nobody')}"
        lines.append(f"{one['facility']:<16} {answers}")
        lines.append(
            "    "
            + word(
                "cli.facility.holds",
                levels=", ".join(one["accredited"]) or "—",
                persons=str(len(one["roster"])),
                copies=str(one["copies"]),
            )
        )
        lines += [
            "    "
            + word(
                "cli.facility.ended",
                at=each["until"],
                what=named("cli.facility.what", each["what"], word),
                who=each["who"],
            )
            for each in one["ended"]
        ]
    return lines or [word("cli.facility.none")]


def loans(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which copies are lent."""
    return [
        word(
            "cli.loan",
            item=one["item"],
            copy=str(one["copy"]),
            person=one["borrower"],
            until=one["until"],
            custodian=one["custodian"],
        )
        + (f"  ✗ {word('cli.overdue')}" if one["overdue"] else "")
        + ("" if one["signed"] else f"  {word('cli.loan.unsigned')}")
        for one in output["loans"]
    ] or [word("cli.loan.none")]


def tree(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which agreements rest on which."""

    def below(one: Mapping[str, Any], depth: int) -> list[str]:
        views = ", ".join(
            f"{party} {named('standing', view, word)}" for party, view in one["views"].items()
        )
        fallen = ", ".join(one["falls_with"])
        falls = f"  ✗ {word('cli.falls-with', agreements=fallen)}" if fallen else ""
        line = f"{'    ' * depth}{one['id']} {one['version']}  {views}{falls}"
        return [line, *(each for child in one["below"] for each in below(child, depth + 1))]

    return [line for one in output["agreements"] for line in below(one, 0)] or [
        word("cli.agreements.none")
    ]


def register(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what stands in the register, one item a line."""
    lines = []
    for one in output["items"]:
        states = sorted({named("copy", copy["state"], word) for copy in one["copies"]})
        level = one["marked"] or one["level"]
        lines.append(
            f"{padded(word('cli.direction.' + one['direction']), 4)} {one['reference']:<22} "
            f"{one['number'] or '—':<20} {level:<22} {', '.join(states)}"
            + (f"  {word('words.erased', leaf=one['erased'])}" if one["erased"] else "")
        )
    return lines or [word("cli.register.empty")]


def duties(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say which duties there are, what is overdue first."""
    return [duty(one, word, late=one["state"] == "overdue") for one in output["duties"]] or [
        word("cli.duties.none")
    ]


def duty(one: Mapping[str, Any], word: Word, *, late: bool = False) -> str:
    """Say one duty: what, of whom, under which article, about what, until when."""
    stated = {
        "what": named("act", one["what"], word),
        **{name: one[name] for name in ("who", "agreement", "article", "about")},
    }
    if one["discharged"]:
        return word("cli.duty.discharged", **stated, leaf=one["discharged"])
    said = (
        word("cli.duty.due", **stated, due=one["due"])
        if one["due"]
        else word("cli.duty.at-once", **stated)
    )
    if one.get("state") == "refused":
        return f"{said}   {word('copy.refused')}"
    return f"✗ {word('cli.overdue')}: {said}" if late else said


def ledger(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say where every log stands."""
    return [
        f"{one['log']:<34} {one['size']:>8}  {one['root'][:16]}…  "
        + word("cli.cosigned", size=str(one["cosigned"]))
        for one in output["logs"]
    ]


def status(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say how the node is: agreements, links, duties, alarms, drafts."""
    lines = [word("cli.status.at", party=output["party"], at=output["at"])]
    for one in output["agreements"]:
        views = ", ".join(
            f"{party} {named('standing', view, word)}" for party, view in one["views"].items()
        )
        said = {"id": one["id"], "version": one["version"], "views": views}
        lines.append(word("cli.status.agreement", **said))
    for one in output["links"]:
        behind = one["out"] - one["acknowledged"]
        step = word("cli.behind", count=str(behind)) if behind else word("cli.in-step")
        counts = {"out": str(one["out"]), "in_": str(one["in"])}
        lines.append(word("cli.status.link", party=one["peer"], step=step, **counts))
    lines += [duty(one, word, late=one["overdue"]) for one in output["duties"]]
    for name, one in output["alarms"].items():
        party, _, code = name.partition("|")
        times = {"count": str(one["count"]), "last": str(one["last"])}
        lines.append(word("cli.status.alarm", party=party, name=code, **times))
    if second := output["second"]:
        behind = "-behind" if second["behind"] else ""
        said = {"folder": second["folder"], "count": str(second["behind"])}
        lines.append(word(f"cli.status.second{behind}", **said))
    return [*lines, word("cli.status.drafts", count=str(output["drafts"]))]


def links(output: Mapping[str, Any], word: Word) -> list[str]:
    """Say what each link said last."""
    lines = []
    for one in output["links"]:
        said = one["word"]
        good = said == "cosigned"
        words = word(f"cli.word.{said}") if "." not in said else word(said)
        lines.append(f"{'✓' if good else '✗'} {one['peer']}: {words}")
        if "." in said:
            lines.append(f"  ({said})")
    return lines or [word("cli.links.none")]


LINES: Final[dict[str, Callable[[Mapping[str, Any], Word], list[str]]]] = {
    "agreement.tree": tree,
    "drafts": drafts,
    "duties": duties,
    "exchange": links,
    "facility.list": facilities,
    "facility.withdraw": withdrawn,
    "ledger.show": ledger,
    "loans": loans,
    "person.passkeys": passkeys,
    "person.withdraw": withdrawn,
    "register.list": register,
    "status": status,
    "token.list": tokens,
}
"""What is said of each command."""
