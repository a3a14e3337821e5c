"""What many ask for within a moment is looked at once; trouble is never remembered."""

import anyio
import pytest

from core.errors import OutOfReach
from core.lately import Lately

pytestmark = pytest.mark.anyio


class _Part:
    """Something that works, or not; it takes a moment to look at."""

    def __init__(self) -> None:
        self.looks, self.works = 0, True

    async def look(self) -> None:
        self.looks += 1
        await anyio.sleep(0.01)
        if not self.works:
            raise OutOfReach("it is away")


async def test_fifty_who_ask_at_once_share_one_look() -> None:
    part = _Part()
    lately = Lately(part.look, holds_s=60)
    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(lately.look)
    assert part.looks == 1


async def test_it_is_looked_at_again_after_the_moment() -> None:
    part = _Part()
    lately = Lately(part.look, holds_s=0.02)
    await lately.look()
    await anyio.sleep(0.05)
    part.works = False
    with pytest.raises(OutOfReach):
        await lately.look()
    assert part.looks == 2


async def test_trouble_is_not_remembered() -> None:
    part = _Part()
    lately = Lately(part.look, holds_s=60)
    part.works = False
    with pytest.raises(OutOfReach):
        await lately.look()
    part.works = True
    await lately.look()
    assert part.looks == 2
