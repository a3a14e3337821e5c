"""For each test the money side of a line on a database of its own."""

from collections.abc import AsyncIterator

import pytest

from db.engine import Work
from tests.integration.payments.branch import Branch, branch


@pytest.fixture
async def one(work: Work) -> AsyncIterator[Branch]:
    async with branch(work) as opened:
        yield opened
