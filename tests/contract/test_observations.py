"""What every store of observations does."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import SystemClock
from core.money import Money
from db.engine import Work
from db.routing import StoredObservations
from payments.purchase import Method, Operation
from payments.routing.observed import MemoryObservations, Observation, Observations, Result

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Two = tuple[Observations, Observations]


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def nodes(request: pytest.FixtureRequest) -> Two:
    if request.param == "memory":
        one = MemoryObservations(SystemClock(), "one")
        return one, one.beside("two")
    work: Work = request.getfixturevalue("work")
    return StoredObservations(work, "one"), StoredObservations(work, "two")


def observed(gateway: str) -> Observation:
    return Observation(
        NOON,
        gateway,
        Operation.PURCHASE,
        Result.BROKEN,
        Money(10_000, "JPY"),
        Method.STORED,
        "visa",
        "US",
        1.25,
    )


async def test_a_node_reads_what_the_others_wrote(nodes: Two) -> None:
    one, two = nodes
    await one.add([observed("alder"), observed("birch")])
    await two.add([observed("cedar")])
    assert [kept.observation for kept in await two.others(MINUTE)] == [observed("alder"), observed("birch")]
    assert [kept.observation for kept in await one.others(MINUTE)] == [observed("cedar")]


async def test_the_newest_are_read_at_a_start_oldest_first(nodes: Two) -> None:
    one, two = nodes
    await one.add([observed("alder"), observed("birch")])
    await two.add([observed("cedar")])
    assert [kept.observation.gateway for kept in await one.latest(2)] == ["birch", "cedar"]
    assert len({kept.id for kept in await one.latest(10)}) == 3


async def test_old_ones_can_be_forgotten(nodes: Two) -> None:
    one, _ = nodes
    await one.add([observed("alder")])
    assert await one.forget(MINUTE) == 0
    assert await one.forget(-MINUTE) == 1
    assert await one.latest(10) == []
