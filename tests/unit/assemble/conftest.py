"""A house with a counterpart, as its own keys and rules are tried on it."""

from importlib.resources import files

import pytest

from comity.acts.deeds import Role
from comity.assemble.commands import COMMANDS
from comity.assemble.founding import init
from comity.assemble.house import ADMINISTRATOR, opened
from comity.node import people
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import Party, PersonId

PHRASE = "one for tests"


class Hand:
    """A clock that is set by hand."""

    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant

    def moved(self):
        return 0.0

    def believe(self):
        pass

    def add(self, seconds):
        self.instant = plus_seconds(self.instant, seconds)


@pytest.fixture
def seoul(tmp_path):
    """Return Seoul's house with Tokyo enrolled, and the clock that it goes by."""
    for party in ("KOR", "JPN"):
        init(
            tmp_path / party,
            party=Party(party),
            profile=files("comity.agreement").joinpath(f"texts/profile-{party}.md").read_bytes(),
            exchange="127.0.0.1:1",
            console="127.0.0.1:2",
            passphrase=PHRASE,
            quick=True,
        )
    paper = str(tmp_path / "paper")
    with opened(tmp_path / "JPN", PHRASE) as tokyo:
        said = COMMANDS["enrol.export"](tokyo, {"peer": "KOR", "out": paper})
    with opened(tmp_path / "KOR", PHRASE) as house:
        people.add_person(
            house.node,
            PersonId("deputy"),
            name="Deputy",
            office=house.config.registry,
            roles=(Role.ADMINISTRATOR,),
            key=None,
            actor=ADMINISTRATOR,
        )
        COMMANDS["enrol.export"](house, {"peer": "JPN", "out": str(tmp_path / "ours")})
        COMMANDS["enrol.confirm"](
            house,
            {
                "file": paper,
                "fingerprint": said["fingerprint"],
                "compared_by": ["administrator", "deputy"],
            },
        )
        house.node.clock = Hand(house.node.clock.now())
        yield house, house.node.clock
