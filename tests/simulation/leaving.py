"""V4, read from leaves as plain JSON: what left a house, and everything it needed beforehand.

Written from the threats, not from the code: no content or key leaves without an agreement in
force, a level that it knows, the approvals that the profile asks for, and every consent, all on
the cut of the leaf by which it leaves; none goes to a contractor, and none is lowered, otherwise.
It calls nothing that decides; tree and signature checks are those of the second verifier, and the
tables below were written by hand from the treaties.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from tests.second_verifier.verify import (
    NotBelievedError,
    leaf_hash,
    name_of,
    raw_of,
    read_canonical,
    root_from_path,
    unbase64,
)
from tests.simulation.history import require

Leaf = dict[str, Any]
Logs = Mapping[str, Sequence[Leaf]]
Check = Callable[[bytes, bytes, bytes], None]
"""Verify a signature: public key, signed root, signature; raises where it does not hold."""

Used = dict[tuple[str, int], int]
"""How often a consent was used, by whose it is and where it stands."""

ENDS: Final = ("request.answer", "request.decline", "request.withdraw")

LEVELS: Final = {
    frozenset({"KOR", "JPN"}): {"KOR:mil-2", "KOR:mil-3", "JPN:gokuhi", "JPN:tokutei-himitsu"},
    frozenset({"USA", "JPN"}): {"KOR:mil-2", "KOR:mil-3", "JPN:gokuhi", "USA:secret"},
    frozenset({"USA", "KOR"}): {"KOR:mil-2", "KOR:mil-3", "USA:secret"},
}
"""Which originators' levels may cross between two parties."""

MARKED: Final = {"KOR:mil-2": "JPN:gokuhi", "KOR:mil-3": "JPN:hi"}
"""At which level Tokyo marks what stands at one of Seoul's (Article 4)."""

PRECONDITIONS: Final = frozenset("abcdefghijklmno")
"""The fifteen that are met before a contractor gets anything (Article 16)."""

INSPECTED: Final = timedelta(days=366)
"""How old the last inspection of a contractor's facility may be."""

SEOUL: Final = timezone(timedelta(hours=9))
"""By whose days the text between Seoul and Tokyo counts (Article 21)."""

NOTICE: Final = timedelta(days=92)
"""Ninety days by either way of counting, and some more."""

NOTIFIED: Final = frozenset({"KOR", "JPN"})
"""The pair whose agreement enters into force by notifications; the others by signature."""


def leaves_of(raws: Sequence[bytes]) -> list[Leaf]:
    """Return a log as plain JSON."""
    return [json.loads(raw) for raw in raws]


def drafters_of(journal: Sequence[Leaf]) -> dict[str, str]:
    """Return who laid each deed before an authority, by its digest, as a journal says."""
    laid = [one["deed"] for one in journal if one["deed"]["kind"] == "release.propose"]
    return {one["deed"]: one["actor"] for one in laid}


class House:
    """What the checker knows of a house: its logs, its papers, and who may approve there.

    Attributes:
        logs: Every correspondence that the house keeps, its own and those of its counterparts,
            and its register ledgers.
        document: Finds a document by its digest.
        authorities: The public approval keys of its releasing authorities, by their names.
        wanted: How many of them its profile asked for, when it entered a leaf towards a party.
        drafters: Who laid a deed before an authority, by its digest, as its journal says.
        vetoes: Texts under which the originator approves each contractor.
    """

    def __init__(  # noqa: PLR0913 - all that is looked at
        self,
        party: str,
        logs: Logs,
        document: Callable[[str], bytes | None],
        authorities: Mapping[str, bytes],
        wanted: Callable[[str, int], int],
        drafters: dict[str, str],
        vetoes: Collection[str] = (),
    ) -> None:
        """Know a house."""
        self.drafters, self.vetoes = drafters, vetoes
        self.party, self.logs, self.document = party, logs, document
        self.authorities, self.wanted = authorities, wanted

    def log(self, author: str, reader: str) -> Sequence[Leaf]:
        """Return one correspondence."""
        return self.logs.get(f"comity/{author}/to/{reader}", ())

    def register(self, provider: str) -> Sequence[Leaf]:
        """Return what the house did with the items of another."""
        return self.logs.get(f"comity/{self.party}/register/{provider}", ())


class Left(NamedTuple):
    """What left a house, and what it did under consents: how often.

    Attributes:
        onward: How many items of others went on.
        handed: How many copies went to a contractor, and under a consent that was cited.
        lowered: How many items of others were lowered.
    """

    onward: int
    handed: int
    lowered: int


def check_left(house: House, check: Check) -> Left:
    """Check everything that left a house, or was lowered there; return how much that was."""
    onward = handed = lowered = 0
    used: Used = {}
    for name, log in house.logs.items():
        _, author, way, reader = name.split("/")
        if author != house.party:
            continue
        if way == "register":
            handed += _at_home(house, reader, log, used)
            continue
        for index, leaf in enumerate(log):
            deed = leaf["deed"]
            if deed["kind"] == "consent.grant":
                _approved(house, leaf, house.wanted(reader, index), check)
            if deed["kind"] == "register.regrade":
                lowered += _was_lowered(house, reader, index, leaf, used)
            if deed["kind"] in ENDS:
                _ended(house, reader, index, leaf)
            if deed["kind"] != "release.release":
                continue
            _in_force(house, reader, index, leaf)
            level = deed["item"]["label"]["level"]
            known = LEVELS[frozenset({author, reader})]
            require(level in known, "V4", f"{level} left for {reader}")
            _approved(house, leaf, house.wanted(reader, index), check)
            if "origin" in deed:
                onward += 1
                _went_on(house, reader, leaf, used)
            else:
                owner = deed["item"]["originator"]
                require(owner == author, "V4", f"{owner}'s item left without its proof")
    return Left(onward, handed, lowered)


def _cut(house: House, reader: str, index: int, leaf: Leaf) -> tuple[Sequence[Leaf], ...]:
    """Return what counted when a leaf was entered: the author's log below it, what it had seen."""
    seen = leaf["seen"]["size"]
    return house.log(house.party, reader)[:index], house.log(reader, house.party)[:seen]


def _end(log: Sequence[Leaf], text: str) -> str:
    """Return when the first term of the text of 2016 ends: Seoul's midnight, a year after notes."""
    notes = [one for one in log if one["deed"]["kind"] == "treaty.notify-requirements-met"]
    of_text = [one["at"] for one in notes if one["deed"]["text"] == text]
    day = datetime.fromisoformat(max(of_text)).astimezone(SEOUL)
    over = day.replace(year=day.year + 1, hour=0, minute=0, second=0, microsecond=0)
    return over.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _not_over(mine: Sequence[Leaf], theirs: Sequence[Leaf], leaf: Leaf) -> None:
    """No notice was entered ninety days before the end of the term, or it is not over yet."""
    text = leaf["deed"]["agreement"]
    notices = [
        one["at"]
        for one in (*mine, *theirs)
        if one["deed"]["kind"] == "treaty.give-notice" and one["deed"]["text"] == text
    ]
    if notices:
        end = _end([*mine, *theirs], text)
        early = datetime.fromisoformat(min(notices)) < datetime.fromisoformat(end) - NOTICE
        require(early, "V4", "this checker knows notices of the first term alone, and in time")
        require(leaf["at"] < end, "V4", "something left under a text that was over")


def _in_force(house: House, reader: str, index: int, leaf: Leaf) -> None:
    """Both had signed, both had notified where the text asks for it; the word had been given.

    And nobody had ended it.
    """
    mine, theirs = _cut(house, reader, index, leaf)
    _not_over(mine, theirs, leaf)
    needed = ["treaty.sign"]
    if {house.party, reader} == NOTIFIED:
        needed.append("treaty.notify-requirements-met")
    for half in (mine, theirs):
        for kind in needed:
            done = [
                one
                for one in half
                if one["deed"]["kind"] == kind
                and one["deed"]["text"] == leaf["deed"]["agreement"]
                and one["at"] <= leaf["at"]
            ]
            require(done, "V4", f"something left under a text without {kind} of both")
    if leaf["deed"]["kind"] != "release.release":
        return
    given = {
        office
        for one in theirs
        if one["deed"]["kind"] == "people.assure" and one["deed"]["until"] > leaf["at"]
        for office in one["deed"]["offices"]
    }
    require(set(leaf["deed"]["offices"]) <= given, "V4", "something left before the word was given")


def _approved(house: House, leaf: Leaf, wanted: int, check: Check) -> None:
    """Enough distinct releasing authorities signed exactly this deed, and none drafted it."""
    deed = json.dumps(leaf["deed"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    persons = set()
    for one in leaf.get("approvals", ()):
        raw = house.document(one["document"])
        require(raw is not None, "V4", "an approval that nobody has")
        paper = read_canonical(raw or b"")
        path = [unbase64(each) for each in one["path"]]
        try:
            root = root_from_path(
                leaf_hash(raw_of(name_of(deed.encode()))), one["index"], one["size"], path
            )
        except NotBelievedError as error:
            require(False, "V4", str(error))  # noqa: FBT003 - said as a broken invariant
            return
        require(root == raw_of(paper["root"]), "V4", "an approval of something else")
        for person, public in house.authorities.items():
            if paper["key"] == name_of(b"comity/v1 key\n" + public):
                check(public, root, unbase64(paper["signature"]))
                persons.add(person)
    require(len(persons) >= wanted, "V4", f"{len(persons)} of {wanted} approvals")
    if leaf["deed"]["kind"] != "release.release":
        return
    drafter = house.drafters.get(name_of(deed.encode()))
    require(drafter is not None, "V4", "something left that nobody laid before an authority")
    require(drafter not in persons, "V4", f"{drafter} approved what {drafter} had drafted")


def _went_on(house: House, reader: str, leaf: Leaf, used: Used) -> None:
    """The originator was told in the same breath, and had consented to everything in it."""
    deed = leaf["deed"]
    _, owner, _, holder = deed["origin"]["log"].split("/")
    require(holder == house.party, "V4", "an item of somebody else's hands went on")
    first = house.log(owner, house.party)[deed["origin"]["index"]]["deed"]
    for field in ("originator", "label", "subject", "pages", "plaintext"):
        require(first["item"][field] == deed["item"][field], "V4", f"it went on as another {field}")
    name = name_of(
        json.dumps(deed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    told = [
        (place, one)
        for place, one in enumerate(house.log(house.party, owner))
        if one["deed"]["kind"] == "release.onward-released" and one["deed"]["release"] == name
    ]
    require(len(told) == 1, "V4", f"its originator was told {len(told)} times")
    place, word = told[0]
    require(word["deed"]["third_party"] == reader, "V4", "its originator was told of another party")
    _in_force(house, owner, place, word)
    granted = house.log(owner, house.party)[: word["seen"]["size"]]
    uses = set()
    for position in word["deed"]["consents"]:
        grant = _consent(granted, position, deed["origin"], word, used)
        uses.add((grant["uses"], grant.get("third_party") or grant.get("purpose")))
    require(("third-party", reader) in uses, "V4", f"no consent for {reader}")
    if not f"{deed['purpose']}.".startswith(f"{first['purpose']}."):
        require(("purpose", deed["purpose"]) in uses, "V4", "no consent for another purpose")


def _consent(granted: Sequence[Leaf], position: Leaf, item: Leaf, leaf: Leaf, used: Used) -> Leaf:
    """Return the consent that a leaf cites: seen, for this item, neither over nor used up."""
    owner, at = position["log"].split("/")[1], position["index"]
    require(at < len(granted), "V4", "a consent that was not seen")
    grant: Leaf = granted[at]["deed"]
    require(grant["kind"] == "consent.grant", "V4", "no consent at all")
    require(grant["item"] == item, "V4", "a consent for another item")
    require(leaf["at"] < grant["until"], "V4", "a consent that had ended")
    taken = [
        one
        for one in granted
        if one["deed"]["kind"] == "consent.withdraw" and one["deed"]["consent"] == position
    ]
    require(not taken, "V4", "a consent that was seen to be withdrawn")
    used[owner, at] = used.get((owner, at), 0) + 1
    require(used[owner, at] <= grant["times"], "V4", "a consent used too often")
    return grant


def _at_home(house: House, owner: str, log: Sequence[Leaf], used: Used) -> int:
    """Check what a house did with another's items; return how many copies went out cited."""
    cited, gone = 0, set()
    for leaf in log:
        deed = leaf["deed"]
        if deed["kind"] == "register.re-mark":
            _marked(house, owner, leaf)
        if deed["kind"] == "contractor.hand-over":
            copy = json.dumps(deed["item"]), deed["copy"]
            require(copy not in gone, "V4", "a copy that had gone to a contractor went to one")
            gone.add(copy)
            cited += _handed(house, owner, leaf, used)
    return cited


def _given(house: House, owner: str, leaf: Leaf) -> Leaf:
    """Return the deed by which an item was given, if the house had seen it by then."""
    at = leaf["deed"]["item"]
    seen = house.log(owner, house.party)[: leaf["seen"]["size"]]
    require(at["log"] == f"comity/{owner}/to/{house.party}", "V4", "an item from elsewhere")
    require(at["index"] < len(seen), "V4", "an item that was not there yet")
    first: Leaf = seen[at["index"]]["deed"]
    require(first["kind"] == "release.release", "V4", "no item at all")
    require(first["agreement"] == leaf["deed"]["agreement"], "V4", "under another text")
    return first


def _handed(house: House, owner: str, leaf: Leaf, used: Used) -> bool:
    """A copy that is here went where all is met; its originator agreed, where it has a say.

    What was cited held, whether the text asks for it or not.
    """
    deed = leaf["deed"]
    _given(house, owner, leaf)
    signed = [
        one
        for one in house.log(house.party, owner)
        if one["deed"]["kind"] == "delivery.receipt"
        and one["deed"]["item"] == deed["item"]
        and one["deed"]["copy"] == deed["copy"]
        and one["at"] <= leaf["at"]
    ]
    require(signed, "V4", "a copy that nobody had signed for went to a contractor")
    require(set(deed["met"]) >= PRECONDITIONS, "V4", "a contractor that does not meet everything")
    inspected = datetime.fromisoformat(deed["inspected"])
    age = datetime.fromisoformat(leaf["at"]) - inspected
    require(age <= INSPECTED, "V4", "a contractor that nobody had inspected for long")
    if "approval" not in deed:
        require(deed["agreement"] not in house.vetoes, "V4", "a contractor without a consent")
        return False
    granted = house.log(owner, house.party)[: leaf["seen"]["size"]]
    grant = _consent(granted, deed["approval"], deed["item"], leaf, used)
    named = grant["uses"], grant.get("contractor", "").lower()
    require(named == ("contractor", deed["contractor"]), "V4", "a consent for another contractor")
    return True


def _was_lowered(house: House, owner: str, index: int, leaf: Leaf, used: Used) -> bool:
    """Whose item it is consented to exactly this level; its originator alone needs nobody."""
    deed = leaf["deed"]
    if deed["item"]["log"].split("/")[1] == house.party:
        return False
    _given(house, owner, leaf)
    require("approval" in deed, "V4", "lowered without a consent")
    _, granted = _cut(house, owner, index, leaf)
    grant = _consent(granted, deed["approval"], deed["item"], leaf, used)
    named = grant["uses"], grant.get("level")
    require(named == ("lowering", deed["level"]), "V4", "a consent for another level")
    return True


def _marked(house: House, owner: str, leaf: Leaf) -> None:
    """An item is marked at what its originator's level is here, lowered or not."""
    deed = leaf["deed"]
    level = _given(house, owner, leaf)["item"]["label"]["level"]
    for one in house.log(house.party, owner):
        of_item = one["deed"]["kind"] == "register.regrade" and one["deed"]["item"] == deed["item"]
        if of_item and one["at"] <= leaf["at"]:
            level = one["deed"]["level"]
    require(MARKED.get(level) == deed["level"], "V4", f"{level} is marked {deed['level']}")


def _ended(house: House, reader: str, index: int, leaf: Leaf) -> None:
    """Who asked withdraws, who is asked answers, neither after an end; only what left answers."""
    deed = leaf["deed"]
    asked = deed["request"]
    mine, theirs = _cut(house, reader, index, leaf)
    withdrawn = deed["kind"] == "request.withdraw"
    wanted = (house.party, reader) if withdrawn else (reader, house.party)
    require(asked["log"] == "comity/{}/to/{}".format(*wanted), "request", "ended by another")
    half = mine if withdrawn else theirs
    there = asked["index"] < len(half)
    require(there and half[asked["index"]]["deed"]["kind"] == "request.request", "request", "none")
    over = [
        one
        for one in (*mine, *theirs)
        if one["deed"]["kind"] in ENDS
        and one["deed"]["request"] == asked
        and one["deed"].get("extent") != "part"
    ]
    require(not over, "request", "ended after its end was seen")
    for one in deed.get("releases", ()):
        given = one["index"] < len(mine) and one["log"] == f"comity/{house.party}/to/{reader}"
        require(
            given and mine[one["index"]]["deed"]["kind"] == "release.release",
            "request",
            "answered by what never left",
        )


def check_held(house: House, contents: set[str], keys: set[str]) -> None:
    """Whatever content or item key a house has, a release that it can show brought it there."""
    leaves = {
        (name, index): leaf
        for name, log in house.logs.items()
        for index, leaf in enumerate(log)
        if leaf["deed"]["kind"] == "release.release"
    }
    known = {one["ciphertext"] for one in leaves.values()}
    require(contents <= known, "V4", "a content without a release")
    items = {f"{name}#{index}" for name, index in leaves}
    require({one.partition("|")[0] for one in keys} <= items, "V4", "a key without a release")
