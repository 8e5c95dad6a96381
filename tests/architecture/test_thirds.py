"""One framework to share, protect and manage: whatever people meet belongs to one of the three."""

import pytest

from comity.cli import app
from comity.cli.table import COMMANDS, third_of
from comity.console.api.description import described
from comity.console.api.table import OPERATIONS
from comity.console.places import PAGES
from comity.vocabulary.thirds import _SUBJECTS, THIRD_OF, Third
from comity.vocabulary.thirds import third_of as of_subject


@pytest.mark.obligation("SEED-2")
def test_every_command_page_and_resource_belongs_to_one_of_the_three(capsys) -> None:
    subjects = {page.here for page in PAGES.values()}
    subjects |= {one.heading for one in OPERATIONS}
    assert {of_subject(one) for one in subjects} == set(Third)
    # To one, and not to two.
    assert len(THIRD_OF) == sum(len(words.split()) for words in _SUBJECTS.values())
    assert {third_of(name) for name in COMMANDS} == set(Third)
    # It is said where people look: in the help, and in the description of the API.
    assert app.run(["--help"]) == 0
    told = capsys.readouterr().out
    said = told[told.index("\nshare:") : told.index("\n\nExit statuses")]
    listed = [line.split()[0] for line in said.splitlines() if line[:2] == "  " != line[1:3]]
    for name in COMMANDS:
        assert listed.count(name.partition(" ")[0]) == 1
    groups = {one["name"]: set(one["tags"]) for one in described()["x-tagGroups"]}
    assert groups.keys() == {third.value for third in Third}
    assert set().union(*groups.values()) == {one.heading for one in OPERATIONS}
