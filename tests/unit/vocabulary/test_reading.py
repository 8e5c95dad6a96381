"""What does not read is said in plain words, without those of the decoder."""

from enum import Enum

import msgspec
import pytest
from msgspec import Struct

from comity.acts.deeds import Role
from comity.acts.kinds import KINDS
from comity.agreement.clauses import CLAUSES
from comity.vocabulary.errors import Invalid
from comity.vocabulary.names import Party
from comity.vocabulary.reading import one_of, plainly, whole


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Thing(Struct, forbid_unknown_fields=True):
    party: Party
    count: int
    colour: Colour = Colour.RED
    colours: tuple[Colour, ...] = ()
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"party": 1, "count": 1}, "party: a text is wanted, not a whole number"),
        ({"party": "KOR"}, "count is missing"),
        ({"party": "KOR", "count": 1, "x": 1}, "x is not known here"),
        ({"party": "kor", "count": 1}, "party: it is not written as it should be"),
        ({"party": "KOR", "count": "a"}, "count: a whole number is wanted, not a text"),
        ({"party": "KOR", "count": 1, "colour": "green"}, "colour: 'green' is none of: red, blue"),
        ({"party": "KOR", "count": 1, "colours": ["x"]}, "colours[0]: 'x' is none of: red, blue"),
        ({"party": "KOR", "count": 1, "names": "x"}, "names: a list is wanted, not a text"),
        ([], "a table is wanted, not a list"),
    ],
)
def test_a_complaint_names_the_field_and_what_is_wanted(given: object, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Thing)
    assert plainly(caught.value, Thing) == said


@pytest.mark.parametrize("kind", [*KINDS, *CLAUSES.values()])
def test_every_deed_and_every_clause_can_be_asked_for_its_values(kind: type[Struct]) -> None:
    error = msgspec.ValidationError("Invalid enum value 'x' - at `$.nothing`")
    assert "is none of" in plainly(error, kind)


def test_one_of_a_few_values_and_a_whole_number() -> None:
    assert one_of(Role, "custodian", "--role") is Role.CUSTODIAN
    with pytest.raises(Invalid, match=r"invalid\.choice: --role boss: desk-officer, .*official"):
        one_of(Role, "boss", "--role")
    assert whole("7", "--copy") == 7
    for wrong in ("", "-1", "1.5", "x", "\u0661"):
        with pytest.raises(Invalid, match=r"invalid\.number: --copy"):
            whole(wrong, "--copy")
