"""Which files are schemas, and what they are by their path."""

from pathlib import Path

import pytest
from tests.contracts.files import keyed, schema, write

from snowmelt.contracts.documents import ContractError, find, read


def test_a_folder_gives_every_schema_in_order_of_its_version(tmp_path: Path) -> None:
    versions = ["1-0-10", "1-0-2", "1-0-0", "2-0-0"]
    write(tmp_path / "schemas", *(schema(f"com.acme/page/{version}") for version in versions), schema("a.b/c/1-0-0"))
    (tmp_path / "schemas" / "README.md").write_text("not a schema")
    (tmp_path / "schemas" / "com.acme" / "page" / "jsonschema" / ".hidden").write_text("")
    found = find([tmp_path])
    assert [str(document.key) for document in found] == [
        "iglu:a.b/c/jsonschema/1-0-0",
        *(f"iglu:com.acme/page/jsonschema/{version}" for version in ("1-0-0", "1-0-2", "1-0-10", "2-0-0")),
    ]
    assert [document.place for document in found] == [document.key for document in found]


def test_each_file_comes_once_however_it_is_named(tmp_path: Path) -> None:
    (file,) = write(tmp_path, schema("com.acme/page/1-0-0"))
    for folder in (tmp_path, tmp_path / "com.acme", file.parent):
        assert [document.file for document in find([folder, file])] == [file]


def test_a_file_elsewhere_is_what_it_says(tmp_path: Path) -> None:
    (file,) = write(tmp_path, schema("com.acme/page/1-0-0"))
    moved = file.rename(tmp_path / "new.json")
    document = read(moved)
    assert (document.place, document.key) == (None, keyed(schema("com.acme/page/1-0-0"))[0])


def test_a_relative_path_has_a_place_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = write(tmp_path, schema("com.acme/page/1-0-0"))
    monkeypatch.chdir(file.parent)
    assert read(Path("1-0-0")).place == keyed(schema("com.acme/page/1-0-0"))[0]
    assert [document.place for document in find([Path()])] == [read(file).place]


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff", b"[" * 100_000, b""])
def test_what_is_no_object_has_no_body(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "schema.json"
    file.write_bytes(text)
    document = read(file)
    assert (document.body, document.key) == (None, None)


def test_what_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"none\.json cannot be read: No such file"):
        find([tmp_path / "none.json"])
    with pytest.raises(ContractError, match=r"holds no schemas: they lie in <vendor>/<name>/jsonschema/<version>"):
        find([tmp_path])
