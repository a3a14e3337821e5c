"""The API for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Work
from tests.integration.api.rig import Api, open_api


@pytest.fixture
async def api(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with open_api(work, url, tmp_path) as api:
        yield api
