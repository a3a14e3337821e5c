"""A disk that is full costs no caller a word."""

import os
from pathlib import Path

import pytest

from core.audio import silence
from core.errors import VoiceLost
from tts.shelf import Shelf

pytestmark = pytest.mark.anyio

ONE_S = [silence(1.0, 16_000)]


def _fill(folder: Path, name: str) -> None:
    """The next write of that sound finds the disk full: a device that is always full stands in its way."""
    (folder / f"{name}.ulaw.{os.getpid()}.part").symlink_to("/dev/full")


def _replace_by_file(folder: Path) -> None:
    """Nothing can be written there any more."""
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("in the way")


async def test_a_full_disk_is_made_room_on_by_forgetting_what_was_used_longest_ago(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        await Shelf(tmp_path, 1 << 20).put(name, ONE_S)
    shelf = Shelf(tmp_path, 1 << 20)
    _fill(tmp_path, "e")
    sound = await shelf.put("e", ONE_S)
    assert sound.path.with_suffix(".sln16").stat().st_size == 32_000
    assert [name for name in "abcde" if shelf.get(name)] == ["c", "d", "e"]
    assert sorted(file.stem for file in tmp_path.glob("*.sln16")) == ["c", "d", "e"]
    assert not list(tmp_path.glob("*.part"))


async def test_what_a_caller_may_be_hearing_is_not_forgotten_on_a_full_disk(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1 << 20)
    for name in ("a", "b", "c"):
        await shelf.put(name, ONE_S)
    _fill(tmp_path, "d")
    await shelf.put("d", ONE_S)
    assert all(shelf.get(name) for name in "abcd")


async def test_a_disk_that_stays_full_is_left_alone_and_sounds_lie_in_memory(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    shelf = Shelf(disk, 1 << 20, tmp_path / "spare")
    _replace_by_file(disk)
    sound = await shelf.put("a", ONE_S)
    assert sound.path == tmp_path / "spare" / "a"
    assert sound.path.with_suffix(".ulaw").stat().st_size == 8_000
    assert shelf.get("a") == sound


async def test_what_lies_in_memory_is_limited(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    shelf = Shelf(disk, 1 << 20, tmp_path / "spare")
    _replace_by_file(disk)
    minute = [silence(60, 16_000)]
    for number in range(9):
        await shelf.put(f"m{number}", minute)
    assert sum(file.stat().st_size for file in (tmp_path / "spare").iterdir()) <= 16 << 20
    assert shelf.get("m0") is None
    assert shelf.get("m8") is not None


async def test_without_a_spare_folder_the_reader_is_told_where_there_is_no_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    shelf = Shelf(disk, 1 << 20)
    _replace_by_file(disk)
    with pytest.raises(VoiceLost, match=r"no room for a sound in .*disk"):
        await shelf.put("a", ONE_S)
