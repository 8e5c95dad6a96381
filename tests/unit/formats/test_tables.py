"""A table that is no table is refused with the line and what is wrong with it, in plain words."""

import pytest

from comity.formats.release_csv import read, rows_of
from comity.vocabulary.errors import Refused


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"file,to\nx,KOR\n\xff,KOR\n", "line 3 is not UTF-8: save the table as CSV in UTF-8"),
        (b'file,to\n"x,KOR\n', "line 2: a quotation mark that is not closed"),
        (b'file,to\n"x"y,KOR\n', "line 2: a quotation mark that is not closed, or that stands"),
        (b"file,too\nx,KOR\n", "line 1: there is no column too; the columns are: file, text, to"),
        (b"to\nKOR\n", "line 1: a column file, or text, is missing"),
        (b"file,to\n", "a list has 1 to"),
    ],
)
def test_the_line_and_the_way_out_are_named(raw: bytes, said: str) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(raw)
    assert caught.value.code == "refused.list.lines"
    assert said in caught.value.detail
    assert "codec" not in caught.value.detail


def test_every_wrong_field_is_told_with_its_column() -> None:
    found = read({1: {"file": "a.txt", "to": "kor"}}, {}, has=lambda _: False)
    told = {(one.column, one.code): one.detail for one in found.wrong}
    assert told["file", "list.no-file"] == "there is no file a.txt beside the table"
    assert "KOR" in told["to", "list.unreadable"]
    assert told["level", "list.missing"].startswith("nothing stands there")
    assert found.lines == {}
