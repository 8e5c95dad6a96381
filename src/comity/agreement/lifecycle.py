"""The state of an agreement, derived from its instruments and never set (Article 21)."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from comity.agreement.case import InstrumentFact, Standing
from comity.agreement.clauses.force import EntryIntoForce, Term
from comity.agreement.text import Agreement
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime
from comity.vocabulary.names import Party

_FOR_EVER = Instant("9999-12-31T00:00:00.000Z")


def standing(
    agreement: Agreement, facts: Sequence[InstrumentFact], *, at: Instant
) -> tuple[tuple[Party, Standing], ...]:
    """Return what an agreement is in each party's view.

    The instruments of this version (proposal, signatures, notifications) are not in dispute
    between the parties that hold the same cut, so their views agree; notices, suspensions and
    withdrawals, on which views differ, are added to this table with their acts.

    Args:
        agreement: The text.
        facts: Its instruments on the cut.
        at: The instant.
    """
    view = _view(agreement, [one for one in facts if one.at <= at], at)
    return tuple((party, view) for party in sorted(agreement.parties))


def _view(agreement: Agreement, facts: Sequence[InstrumentFact], at: Instant) -> Standing:
    if not facts:
        return Standing.UNKNOWN
    signed = {one.author: one.at for one in facts if one.act == "treaty.sign"}
    if not set(agreement.parties) <= set(signed):
        return Standing.PROPOSED
    since = in_force_since(agreement, facts)
    if since is None or at < since:
        return Standing.SIGNED
    return Standing.IN_FORCE if at < term_end(agreement, since) else Standing.SURVIVAL


def in_force_since(agreement: Agreement, facts: Sequence[InstrumentFact]) -> Instant | None:
    """Return when an agreement came into force: by signature, or by the later of two notes."""
    clause = agreement.clause("entry-into-force")
    by_signature = isinstance(clause, EntryIntoForce) and clause.by == "signature"
    act = "treaty.sign" if by_signature else "treaty.notify-requirements-met"
    first: dict[Party, Instant] = {}
    for one in facts:
        if one.act == act:
            first.setdefault(one.author, one.at)
    if not set(agreement.parties) <= set(first):
        return None
    return max(first[party] for party in agreement.parties)


def term_end(agreement: Agreement, since: Instant) -> Instant:
    """Return when the term ends if nothing is done; automatic renewal has no end."""
    clause = agreement.clause("term")
    if not isinstance(clause, Term) or clause.renewal == "automatic" or clause.years == 0:
        return _FOR_EVER
    begun = to_datetime(since).astimezone(UTC)
    try:
        end = begun.replace(year=begun.year + clause.years)
    except ValueError:  # 29 February
        end = begun.replace(year=begun.year + clause.years, day=28) + timedelta(days=1)
    return instant_from_datetime(end)
