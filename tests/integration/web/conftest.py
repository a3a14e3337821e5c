"""The dashboard on its stage, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Work
from tests.integration.web.stage import Stage, open_stage


@pytest.fixture
async def stage(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(work, url, tmp_path) as stage:
        yield stage
