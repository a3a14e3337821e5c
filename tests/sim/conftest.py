"""Simulations run in virtual time."""

import pytest

from core.virtual_time import VirtualTimeLoop


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """asyncio, on a loop whose clock jumps."""
    return "asyncio", {"loop_factory": VirtualTimeLoop}
