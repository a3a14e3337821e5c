"""A real Asterisk 22 for the dialplan's tests, from the folder that TELLERLINE_LOCAL names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.parts.asterisk import Asterisk
from node.parts.folder import local_folder
from node.parts.program import Part, Program, find


@pytest.fixture(scope="session")
def asterisk_program() -> Program:
    """Asterisk, installed or brought by `make parts`."""
    return find(Part.ASTERISK, local_folder())


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """The folder that the running Asterisk reads; nothing is in it yet."""
    folder = tmp_path / "etc"
    folder.mkdir()
    return folder


@pytest.fixture
async def stopped(asterisk_program: Program, etc: Path, tmp_path: Path) -> AsyncIterator[Asterisk]:
    """An Asterisk on `etc` that the test starts when its files are there; it is ended in any case."""
    asterisk = Asterisk(asterisk_program, etc, tmp_path / "state")
    try:
        yield asterisk
    finally:
        await asterisk.stop()
