"""Leases: one node at a time, and another when the first is gone."""

import anyio
import pytest
from sqlalchemy import text

from db.engine import Work
from db.leases import Lease, Leases

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def _run_out(work: Work) -> None:
    async with work.begin() as tx:
        await tx.execute(text("UPDATE leases SET until = clock_timestamp() - interval '1 second'"))


async def test_a_lease_has_one_holder(work: Work) -> None:
    one, two = Leases(work, "node-1"), Leases(work, "node-2")
    assert await one.take("reconciler") == Lease("reconciler", "node-1", 1)
    assert await two.take("reconciler") is None
    assert await one.take("reconciler") == Lease("reconciler", "node-1", 1)


async def test_a_lease_that_ran_out_changes_hands_with_a_new_term(work: Work) -> None:
    await Leases(work, "node-1").take("reconciler")
    await _run_out(work)
    assert await Leases(work, "node-2").take("reconciler") == Lease("reconciler", "node-2", 2)


async def test_a_released_lease_is_free(work: Work) -> None:
    one, two = Leases(work, "node-1"), Leases(work, "node-2")
    await one.take("reconciler")
    await two.release("reconciler")
    assert await two.take("reconciler") is None
    await one.release("reconciler")
    assert await two.take("reconciler") is not None


async def test_of_many_nodes_one_gets_it(work: Work) -> None:
    taken: list[Lease] = []

    async def try_it(node: int) -> None:
        if lease := await Leases(work, f"node-{node}").take("reconciler"):
            taken.append(lease)

    async with anyio.create_task_group() as group:
        for node in range(20):
            group.start_soon(try_it, node)
    assert len(taken) == 1


async def test_a_job_runs_while_the_lease_is_held_and_is_given_up_at_the_end(work: Work) -> None:
    started, leases = anyio.Event(), Leases(work, "node-1", ttl_s=5)

    async def job() -> None:
        started.set()
        await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        group.start_soon(leases.alone, "reconciler", job)
        with anyio.fail_after(10):
            await started.wait()
        assert await Leases(work, "node-2").take("reconciler") is None
        group.cancel_scope.cancel()
    assert await Leases(work, "node-2").take("reconciler") is not None


async def test_a_job_is_cancelled_when_its_lease_is_lost(work: Work) -> None:
    started, cancelled = anyio.Event(), anyio.Event()

    async def job() -> None:
        started.set()
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.set()

    async with anyio.create_task_group() as group:
        group.start_soon(Leases(work, "node-1", ttl_s=0.6).alone, "reconciler", job)
        with anyio.fail_after(10):
            await started.wait()
            async with work.begin() as tx:
                await tx.execute(
                    text(
                        "UPDATE leases SET holder = 'node-2', until = clock_timestamp() + interval '1 minute'"
                    )
                )
            await cancelled.wait()
        group.cancel_scope.cancel()
