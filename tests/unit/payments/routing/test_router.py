"""The router: eligible, healthy, best first; what it learns is shared with other nodes and survives."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import anyio
import pytest

from core.clock import FixedClock
from core.errors import StoreLost
from payments.capabilities import Can
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Unknown
from payments.purchase import Operation
from payments.route import Happened, Route
from payments.routing.observed import MemoryObservations, Observation, Result, result_of
from payments.routing.policy import Curiosity
from payments.routing.router import LearningRouter
from payments.routing.terms import Cost, Rule, Terms, When
from tests.unit.payments.routing.purchases import NOON, purchase

pytestmark = pytest.mark.anyio

NEEDS = Can.RAW_CARD | Can.CHARGE
SHY = Curiosity(alpha=0, share=0, early=0)


class Named(SandboxGateway):
    def __init__(self, name: str) -> None:
        super().__init__(Random(name))
        self.name = name


class Rig:
    """A router, its clock and its store."""

    def __init__(self, store: MemoryObservations | None = None, terms: Terms | None = None) -> None:
        self.clock = FixedClock(NOON)
        self.store = store or MemoryObservations(self.clock)
        self.router = LearningRouter(
            [Named("alder"), Named("birch")], terms or Terms(), self.store, self.clock, curiosity=SHY
        )

    async def route(self, brand: str = "visa", needs: Can = NEEDS) -> Route:
        return await self.router.route(purchase(brand=brand, at=self.clock.now()), needs)

    async def first(self) -> str:
        return (await self.route()).choices[0].gateway.name

    def happened(self, gateway: str, outcome: Outcome, times: int = 1, took_s: float = 0.5) -> None:
        for _ in range(times):
            self.router.note(Happened(purchase(), gateway, Operation.PURCHASE, outcome, took_s))


async def test_the_cheapest_is_first_while_nothing_else_is_known() -> None:
    rig = Rig(terms=Terms({"alder": Cost(2.0), "birch": Cost(1.0)}))
    route = await rig.route()
    assert [choice.gateway.name for choice in route.choices] == ["birch", "alder"]
    assert all(choice.reasons for choice in route.choices)
    assert route.policy == "linucb/1"


async def test_who_refuses_more_comes_second() -> None:
    rig = Rig()
    rig.happened("alder", Declined(DeclineCode.DO_NOT_HONOR), 100)
    rig.happened("birch", Approved("ref"), 100)
    assert await rig.first() == "birch"


async def test_a_rule_is_the_reason_why_a_gateway_is_passed_over() -> None:
    rule = Rule("amex at birch", When(brands=frozenset({"amex"})), only=frozenset({"birch"}))
    route = await Rig(terms=Terms(rules=(rule,))).route(brand="amex")
    assert [choice.gateway.name for choice in route.choices] == ["birch"]
    assert [(one.gateway, one.reason) for one in route.passed] == [("alder", "rule 'amex at birch'")]


async def test_what_a_gateway_cannot_do_it_is_not_asked_for() -> None:
    route = await Rig().route(needs=Can.LINK)
    assert route.choices == ()
    assert [one.reason for one in route.passed] == ["cannot link"] * 2


async def test_a_gateway_that_broke_is_left_alone_and_tried_again_later() -> None:
    rig = Rig(terms=Terms({"birch": Cost(1.0)}))
    rig.happened("alder", Unknown("silence"), 5)
    route = await rig.route()
    assert [choice.gateway.name for choice in route.choices] == ["birch"]
    assert "failed several times in a row" in route.passed[0].reason
    rig.clock.advance(timedelta(seconds=30))
    assert len((await rig.route()).choices) == 2
    rig.happened("alder", Unknown("silence"))
    rig.clock.advance(timedelta(seconds=59))
    assert len((await rig.route()).choices) == 1


async def test_a_breaker_of_another_operation_is_no_reason() -> None:
    rig = Rig()
    for _ in range(5):
        rig.router.note(Happened(purchase(), "alder", Operation.REFUND, Unknown("silence"), 1.0))
    assert len((await rig.route()).choices) == 2


async def test_another_node_learns_of_it() -> None:
    one = Rig()
    two = Rig(one.store.beside("two"))
    one.happened("alder", NotAttempted("refused"), 5)
    await one.router.share()
    assert len((await two.route()).choices) == 2
    await two.router.share()
    await two.router.share()  # nothing is taken in twice
    assert [choice.gateway.name for choice in (await two.route()).choices] == ["birch"]
    two.clock.advance(timedelta(minutes=3))
    learned = {choice.gateway.name: choice.reasons[0] for choice in (await two.route()).choices}
    assert "after 5 outcomes" in learned["alder"]


async def test_a_restart_forgets_nothing() -> None:
    before = Rig()
    before.happened("alder", Declined(DeclineCode.DO_NOT_HONOR), 200)
    before.happened("birch", Approved("ref"), 200)
    await before.router.share()
    after = Rig(before.store)
    async with anyio.create_task_group() as group:
        group.start_soon(after.router.run)
        await anyio.sleep(0.5)
        group.cancel_scope.cancel()
    assert await after.first() == await before.first() == "birch"
    assert "after 200 outcomes" in (await after.route()).choices[0].reasons[0]


async def test_what_a_store_did_not_take_is_written_later() -> None:
    class Flaky(MemoryObservations):
        lost = True

        async def add(self, observed: Sequence[Observation]) -> None:
            if self.lost:
                raise StoreLost("away")
            await super().add(observed)

    store = Flaky(FixedClock(NOON))
    rig = Rig(store)
    rig.happened("alder", Approved("1"))
    with pytest.raises(StoreLost):
        await rig.router.share()
    rig.happened("birch", Approved("2"))
    store.lost = False
    await rig.router.share()
    assert [kept.observation.gateway for kept in await store.latest(9)] == ["alder", "birch"]


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Approved("1"), Result.GOOD),
        (Declined(DeclineCode.DO_NOT_HONOR), Result.REFUSED),
        (Declined(DeclineCode.PROCESSING_ERROR), Result.BROKEN),
        (Unknown("silence"), Result.BROKEN),
        (NotAttempted("refused"), Result.BROKEN),
    ],
)
def test_what_an_outcome_says_of_the_gateway(outcome: Outcome, result: Result) -> None:
    assert result_of(outcome) is result
