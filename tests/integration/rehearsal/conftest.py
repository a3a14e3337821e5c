"""What the tests with real telephones stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.rehearsal.telephones import Lab, open_lab


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    """An Asterisk and telephones."""
    async with open_lab(tmp_path) as lab:
        yield lab
