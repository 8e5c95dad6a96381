"""The agreements that ship with comity: each a folder of a text, its cases and translations."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from comity.agreement.history import Permitted
from comity.agreement.notices import Rules, rules_of
from comity.agreement.procedure import STEPS, Attempt, examine
from comity.agreement.profile import Profile, open_profile
from comity.agreement.records import EVER, KOREAN, KOREAN_NAME, Record, read_records
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.agreement.timeline import Told
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import AgreementId, Party

NOT_IN_FORCE: Final = frozenset(
    {"CERT-AA-CERT-BB", "FIU-AA-FIU-BB", "KOR-JPN-ACSA", "RESCUE-DRILL"}
)
"""Texts that ship and bind nobody: two fixtures, a pact never concluded, a drill made up."""


_TEXTS: Final = files("comity.agreement").joinpath("texts")


@lru_cache(maxsize=1)
def everything() -> tuple[Agreement, ...]:
    """Return every text that ships, in the order of names and versions."""
    found = []
    for folder in _TEXTS.iterdir():
        if not folder.is_dir():
            continue
        held = {one.name: one.read_bytes() for one in folder.iterdir()}
        translations = {
            name.split(".")[1]: raw
            for name, raw in held.items()
            if name.startswith("agreement.") and name != "agreement.md"
        }
        found.append(
            open_bundle(
                bundle_bytes(held["agreement.md"], held.get("cases.toml", b""), translations)
            )
        )
    return tuple(sorted(found, key=lambda one: (one.id, one.version)))


@lru_cache(maxsize=1)
def newest() -> tuple[Agreement, ...]:
    """Return the newest version of each agreement in force, in the order of their names."""
    found = {one.id: one for one in everything() if one.id not in NOT_IN_FORCE}
    return tuple(found[name] for name in sorted(found))


def in_force(at: Instant) -> tuple[Agreement, ...]:
    """Return those of :func:`newest` under which something could be provided at an instant.

    As the history that ships tells it, in the view of every party; where none ships the agreement
    is taken as in force.
    """
    return tuple(
        one
        for one in newest()
        if one.id not in chronicled()
        or all(
            Permitted.PROVIDE in told(one.id).ask(at=at, known=EVER, view=party).permitted
            for party in one.parties
        )
    )


def versions(pact: AgreementId) -> tuple[Agreement, ...]:
    """Return the texts of a pact that ship, the oldest first."""
    return tuple(one for one in everything() if one.id == pact)


@lru_cache(maxsize=1)
def _chronicle() -> tuple[Record, ...]:
    folder = files("comity.agreement").joinpath("chronicle")
    return read_records(folder.joinpath("pact-timeline.csv").read_text("utf-8"))


def chronicle(pact: AgreementId) -> tuple[Record, ...]:
    """Return the history of a pact that ships; empty where none does."""
    return tuple(one for one in _chronicle() if one.agreement == pact)


def chronicled() -> tuple[AgreementId, ...]:
    """Return the pacts of which a history ships, in the order of their names."""
    return tuple(sorted({AgreementId(one.agreement) for one in _chronicle()}))


@lru_cache(maxsize=16)
def profile(party: Party) -> Profile | None:
    """Return the national profile of a party that ships, or nothing."""
    found = _TEXTS.joinpath(f"profile-{party}.md")
    return open_profile(found.read_bytes()) if found.is_file() else None


def parties_with_profiles() -> tuple[Party, ...]:
    """Return the parties whose national profiles ship, in order."""
    names = (one.name for one in _TEXTS.iterdir())
    found = (one for one in names if one.startswith("profile-") and one.endswith(".md"))
    return tuple(sorted(Party(one.removeprefix("profile-").removesuffix(".md")) for one in found))


def profile_bytes(party: Party) -> bytes:
    """Return the national profile of a party that ships, as it is written.

    Raises:
        Refused: ``refused.pact.profile``: none does; those that do are named.
    """
    found = _TEXTS.joinpath(f"profile-{party}.md")
    if not found.is_file():
        known = ", ".join(parties_with_profiles())
        raise Refused("refused.pact.profile", f"{party}: {known}")
    return found.read_bytes()


def told(pact: AgreementId, records: Sequence[Record] | None = None) -> Told:
    """Return the history of a pact from a table, with the texts and profiles that ship.

    The dates of a table are Korean ones, as its column says, whatever zone a text counts by.

    Args:
        pact: Which pact.
        records: What happened; nothing: as the table that ships has it.

    Raises:
        Refused: ``refused.pact.unknown``: the table has no line of it.
    """
    found = chronicle(pact) if records is None else tuple(records)
    if not found:
        raise Refused("refused.pact.unknown", f"no history of {pact} is here")
    texts = versions(pact)
    parties = texts[-1].parties if texts else parties_in(found)
    attempts = [(party, attempts_of(party, found)) for party in parties]
    return Told(
        pact=pact,
        parties=parties,
        rules=rules_of(texts[-1]) if texts else Rules(),
        texts=texts,
        zone=KOREAN,
        zone_name=KOREAN_NAME,
        records=tuple(sorted(found, key=lambda one: (one.until, one.learnt, one.key))),
        attempts=tuple(one for one in attempts if one[1]),
    )


def parties_in(records: Iterable[Record]) -> tuple[Party, ...]:
    """Return whom records name."""
    return tuple(sorted({Party(one.party) for one in records if one.party not in ("both", "all")}))


def attempts_of(party: Party, records: Sequence[Record]) -> tuple[Attempt, ...]:
    """Return a party's attempts at a pact, as its shipped profile orders the steps.

    A public record that has no step of a party's own says nothing of its procedure: what is
    missing in it was not skipped, and stands as not on record.
    """
    one = profile(party)
    if one is None:
        return ()
    told = any(each.party == party and each.event in STEPS for each in records)
    return examine(records, one.procedure, party, assumed=one.assumed, covered=told)
