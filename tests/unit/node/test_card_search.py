"""The search for a card number finds what is planted, in every spelling, and nothing else."""

import base64
from pathlib import Path

import pytest

from node.demo.search import search

_NUMBER = "4000001234567899"


@pytest.mark.parametrize(
    "planted",
    [
        b"4000001234567899",
        b"4000 0012 3456 7899",
        b"4000-0012-3456-7899",
        b"4 0 0 0 0 0 1 2 3 4 5 6 7 8 9 9",
        "4000001234567899".encode("utf-16-le"),
        bytes(int(digit) for digit in _NUMBER),
        bytes.fromhex(_NUMBER),
        base64.b64encode(b"card=4000001234567899&"),
        base64.b64encode(b"a card=4000001234567899&"),
        base64.b64encode(b"my card=4000001234567899&"),
    ],
)
def test_a_planted_number_is_found(tmp_path: Path, planted: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log").write_bytes(b"x" * ((1 << 20) - 7) + planted + b"y" * 100)
    assert search(tmp_path, _NUMBER).found == (tmp_path / "deep" / "log",)


def test_what_is_not_the_number_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"400000 ************7899 1234567890")
    searched = search(tmp_path, _NUMBER)
    assert (searched.files, searched.found) == (1, ())
