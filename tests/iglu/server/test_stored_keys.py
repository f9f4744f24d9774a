"""The super key: made once, kept from others, never guessed from a broken file."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from snowmelt.iglu.server.permissions import ANONYMOUS
from snowmelt.iglu.server.stored_keys import SuperKeyError, add, super_key


def test_it_is_made_at_the_first_start_and_read_at_the_next(tmp_path: Path) -> None:
    file = tmp_path / "iglu" / "super_key"
    key = super_key(file, uuid4)
    assert file.read_text() == f"{key}\n"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert super_key(file, uuid4) == key
    assert [one.name for one in file.parent.iterdir()] == ["super_key"]


def test_of_two_that_start_at_once_both_have_the_same(tmp_path: Path) -> None:
    file = tmp_path / "super_key"
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: super_key(file, uuid4), range(8)))
    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "key", f"{UUID(int=0)} and more"])
def test_a_file_without_a_key(tmp_path: Path, content: str) -> None:
    file = tmp_path / "super_key"
    file.write_text(content)
    with pytest.raises(SuperKeyError, match="does not hold a UUID: remove it"):
        super_key(file, uuid4)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SuperKeyError, match="cannot be used"):
        super_key(tmp_path / "file" / "super_key", uuid4)


def test_nobody_stores_a_key_without_a_level() -> None:
    with pytest.raises(ValueError, match="level"):
        add(None, uuid4(), ANONYMOUS, "now")  # type: ignore[arg-type]
