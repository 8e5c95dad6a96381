"""The command that gets lost entries back: progress while it runs, then what came and what not."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from comity.cli.house import here, passphrase_of
from comity.cli.words import failure_lines, say_lines, word_in
from comity.vocabulary.names import parse_party


def recover(parsed: Mapping[str, Any]) -> int:
    """Fetch, verify and enter again what this node lost; or only look."""
    from comity.assemble.recover import recover as run

    word = word_in(parsed["lang"])

    def told(peer: str, log: str, came: int, of: int) -> None:
        if not parsed["json"] and of:
            line = word("recover.progress", peer=peer, log=log, came=str(came), of=str(of))
            print(line, file=sys.stderr, flush=True)

    said = run(
        here(parsed),
        passphrase_of(parsed),
        peers=tuple(parse_party(one) for one in parsed["from"] or ()),
        dry_run=parsed["dry_run"],
        told=told,
    )
    say_lines(said, lines(said, word), parsed)
    wrong = [one for one in said["links"] if "error" in one]
    for one in () if parsed["json"] else wrong:
        for line in failure_lines(one, parsed["lang"]):
            print(f"{one['peer']}: {line}", file=sys.stderr)
    return max((int(one["status"]) for one in wrong), default=0)


def lines(said: Mapping[str, Any], word: Callable[..., str]) -> list[str]:
    """Return what came back, and what did not, as people read it."""
    found = []
    if said["second"]:
        code = "recover.second-found" if said["dry_run"] else "recover.second"
        found.append(word(code, count=str(said["second"])))
    came = [one for one in said["links"] if "error" not in one]
    for one in came:
        own, theirs = one["own"]["count"], one["theirs"]["count"]
        counts = {"peer": one["peer"], "own": str(own), "theirs": str(theirs)}
        if not own and not theirs:
            found.append(word("recover.nothing", peer=one["peer"]))
        else:
            found.append(word("recover.entered" if one["entered"] else "recover.found", **counts))
            lost = one["lost_for_good"]
            found.append("  " + word("recover.journal", since=lost["journal_since"]))
            if lost["register_leaves"]:
                count = str(lost["register_leaves"])
                found.append("  " + word("recover.register", peer=one["peer"], count=count))
        # Said as often as it is run: the first time it may have been cut off before this line.
        if one["without_key"]:
            items = " ".join(one["without_key"])
            found.append("  " + word("recover.without-key", items=items))
        if one["keys_asked_again"]:
            count = str(one["keys_asked_again"])
            found.append("  " + word("recover.keys", count=count, peer=one["peer"]))
    if said["dry_run"] and any(one["own"]["count"] or one["theirs"]["count"] for one in came):
        found.append(word("recover.dry-run"))
    return found
