"""Models on disk: put in place whole, and found changed."""

import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput
from node.models.catalog import SET, catalog, named
from node.models.folder import Condition, installed, put, verify


def _zip(file: Path, **entries: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return file


def test_a_zip_is_unpacked_without_the_folder_that_holds_everything(tmp_path: Path) -> None:
    put(_zip(tmp_path / "m.zip", **{"m-1/conf/a": "x", "m-1/b": "y"}), tmp_path / "models", "m")
    assert (tmp_path / "models" / "m" / "conf" / "a").read_text() == "x"
    assert verify(tmp_path / "models", "m").condition is Condition.WHOLE


def test_a_folder_is_copied_and_replaces_the_model_of_that_name(tmp_path: Path) -> None:
    for text in ("old", "new"):
        (tmp_path / "source").mkdir(exist_ok=True)
        (tmp_path / "source" / "file").write_text(text)
        put(tmp_path / "source", tmp_path / "models", "m")
    assert (tmp_path / "models" / "m" / "file").read_text() == "new"
    assert installed(tmp_path / "models") == ["m"]


@pytest.mark.parametrize("spoil", ["different", "missing", "more"])
def test_a_model_that_changed_is_found_out(tmp_path: Path, spoil: str) -> None:
    put(_zip(tmp_path / "m.zip", a="x", b="y"), tmp_path, "m")
    match spoil:
        case "different":
            (tmp_path / "m" / "a").write_text("z")
        case "missing":
            (tmp_path / "m" / "a").unlink()
        case _:
            (tmp_path / "m" / "c").write_text("z")
    found = verify(tmp_path, "m")
    assert found.condition is Condition.CHANGED
    assert found.wrong == (("c",) if spoil == "more" else ("a",))


def test_a_folder_that_somebody_put_there_was_never_checked(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert verify(tmp_path, "mine").condition is Condition.UNCHECKED


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil"])
def test_an_archive_cannot_write_elsewhere(tmp_path: Path, name: str) -> None:
    archive = _zip(tmp_path / "m.zip", **{name: "x", "good": "y"})
    with pytest.raises(BadInput, match="outside of the model"):
        put(archive, tmp_path / "models", "m")
    assert installed(tmp_path / "models") == []
    assert not list(tmp_path.rglob("evil"))


def test_a_damaged_archive_leaves_the_model_that_was_there(tmp_path: Path) -> None:
    put(_zip(tmp_path / "m.zip", a="x"), tmp_path / "models", "m")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(BadInput, match="is no zip file"):
        put(tmp_path / "bad.zip", tmp_path / "models", "m")
    assert verify(tmp_path / "models", "m").condition is Condition.WHOLE


def test_a_model_that_is_not_known_is_named_with_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"'vosk'; known are: .*silero-vad"):
        named("vosk", catalog())


def test_what_a_line_needs_to_hear_is_in_the_catalog() -> None:
    assert set(SET) <= catalog().keys()
    assert all(url.startswith("https://") for model in catalog().values() for url in model.files.values())
