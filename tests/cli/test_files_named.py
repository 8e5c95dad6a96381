"""A file that a command names and that is not there, or cannot be written, is said by name."""

from pathlib import Path

import pytest

from comity.assemble.commands.said import content_of, write_out
from comity.vocabulary.errors import Refused


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, name) -> None:
    with pytest.raises(Refused, match=r"missing|Is a directory|No such") as caught:
        content_of(str(tmp_path / name))
    assert caught.value.code == "refused.file.unreadable"


def test_a_place_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        write_out(str(tmp_path / "no-folder" / "out.json"), b"x")
    assert caught.value.code == "refused.file.unwritable"
    write_out(str(tmp_path / "out.json"), b"x")
    assert content_of(str(tmp_path / "out.json")) == b"x"
