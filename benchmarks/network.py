"""Reach and route over webs of 20, 60 and 200 parties (200 to 2,000 agreements).

``python -m benchmarks.network``: medians of five, one process, with how the cost grows.
"""

import time

from benchmarks.figures import Figure, run
from comity.agreement.net import Net, Thing
from comity.agreement.network import reach, routes
from comity.agreement.text import Agreement, bundle_bytes, open_bundle
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Party, Purpose, Subject

BARRED = 7
"""Which of twenty agreements lets nothing go on."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def party(number: int) -> str:
    """Return a code of three letters."""
    return f"Q{LETTERS[number // 26 % 26]}{LETTERS[number % 26]}"


def agreement(name: str, parties: list[str], everyone: list[str], number: int) -> Agreement:
    """Return a text of seven clauses; one in five lists parties, one in twenty bars all."""
    consent = (
        "none" if number % 20 == BARRED else "standing-list" if number % 5 == 0 else "prior-written"
    )
    listed = everyone[:3]
    tiers = "\n".join(
        f'  {{ name = "{row}", rank = {rank}, levels = ['
        + ", ".join(f'{{ level = "{one}:{row.lower()}" }}' for one in everyone)
        + "] },"
        for rank, row in enumerate(("CONFIDENTIAL", "SECRET"))
    )
    names = ", ".join(f'"{one}"' for one in parties)
    standing = ", ".join(f'"{one}"' for one in listed)
    clauses = "\n\n".join(
        f'[[clause]]\narticle = "1"\n{one}'
        for one in (
            'type = "scope"\nsubjects = ["ships"]\nforms = ["electronic"]',
            'type = "discretion"',
            f'type = "equivalence"\ntiers = [\n{tiers}\n]',
            f'type = "third-party"\nconsent = "{consent}"\nstanding = [{standing}]',
            'type = "purpose"\npurposes = ["safety"]',
            'type = "entry-into-force"\nby = "signature"',
            'type = "survival"',
        )
    )
    source = (
        f'# Made\n\n```toml agreement\nid = "{name}"\nversion = "1"\nparties = [{names}]\n'
        'bindingness = "memorandum"\nauthentic = ["en"]\nnote = "Made."\n```\n\n'
        f"## Article 1 · All {{#1}}\n\nWords.\n\n```toml terms\n{clauses}\n```\n"
    )
    return open_bundle(bundle_bytes(source.encode(), b"", {}))


def web(size: int, count: int) -> Net:
    """Return a web: a third of its agreements around five hubs, the rest spread evenly."""
    everyone = [party(one) for one in range(size)]
    # The table of levels names the parties of the text and the hubs: a real one names its own.
    made = []
    for number in range(count):
        one, other = number * 7 % size, number * 7919 % size
        pair = [everyone[one], everyone[other if other != one else (one + 1) % size]]
        if number % 3 == 0:
            pair = [everyone[number % 5], everyone[5 + number * 31 % (size - 5)]]
        table = sorted({*pair, everyone[0], *everyone[:5]})
        made.append(agreement(f"N{number}", pair, table, number))
    return Net(agreements=tuple(made), at=Instant("2026-11-24T09:00:00.000Z"))


def measure(seconds: float) -> list[Figure]:
    """Return medians of five at each size; ``seconds`` is not looked at."""
    del seconds
    figures = []
    for size, count in ((20, 200), (60, 600), (200, 2000)):
        net = web(size, count)
        thing = Thing(
            originator=Party(party(0)),
            level=Level(f"{party(0)}:secret"),
            subject=Subject("ships"),
            purpose=Purpose("safety"),
        )
        taken, worked, ways, found = [], [], [], 0
        for _ in range(5):
            begun, work = time.perf_counter(), time.process_time()
            found = len(reach(net, thing))
            taken.append(time.perf_counter() - begun)
            worked.append(time.process_time() - work)
            begun = time.perf_counter()
            routes(net, thing, Party(party(size - 1)), longest=3)
            ways.append(time.perf_counter() - begun)
        note = f"{size} parties; {found} could hold it"
        web_of = f"{count:,} agreements"
        figures += [
            Figure(f"reach, {web_of}", "s", tuple(taken), note, count),
            Figure(f"reach, {web_of}: processor", "s", tuple(worked), note, count),
            Figure(f"route of at most 3 hops, {web_of}", "s", tuple(ways), note, count),
        ]
    return figures


if __name__ == "__main__":
    run(measure, seconds=0.0)
