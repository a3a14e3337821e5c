"""What many ask for at once is done once for all of them, and begins after each of them asked."""

import anyio
import pytest

from core.errors import OutOfReach
from core.together import Together

pytestmark = pytest.mark.anyio


class _Work:
    """Notes what was wanted when it began."""

    def __init__(self) -> None:
        self.wanted, self.runs, self.fails = 0, list[int](), False

    async def do(self) -> None:
        began_with = self.wanted
        await anyio.sleep(0.01)
        if self.fails:
            self.fails = False
            raise OutOfReach("it is away")
        self.runs.append(began_with)


async def test_all_who_wait_share_one_turn_that_saw_what_they_wanted() -> None:
    work = _Work()
    together = Together(work.do)

    async def asks() -> None:
        work.wanted += 1
        mine = work.wanted
        await together.do()
        assert max(work.runs) >= mine

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(asks)
    assert len(work.runs) <= 2


async def test_one_who_asks_after_the_end_gets_a_turn_of_its_own() -> None:
    work = _Work()
    together = Together(work.do)
    await together.do()
    await together.do()
    assert len(work.runs) == 2


async def test_trouble_is_the_first_ones_and_the_next_tries_again() -> None:
    work = _Work()
    together, failed = Together(work.do), list[str]()
    work.fails = True

    async def asks() -> None:
        try:
            await together.do()
        except OutOfReach as why:
            failed.append(str(why))

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(asks)
    assert failed == ["it is away"]
    assert len(work.runs) == 1
