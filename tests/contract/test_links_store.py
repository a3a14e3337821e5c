"""What every store of payment links does; `store` names them."""

from datetime import UTC, datetime, timedelta

import anyio
import pytest

from core.clock import FixedClock
from core.errors import BadInput
from core.ids import AccountId, PaymentId, new_payment_id
from core.money import Money
from db.engine import Work
from db.link_list import LinkFilter, LinkList
from db.links import StoredLinks
from db.payments import StoredPayments
from db.queue import Queue
from payments.links.link import Link, LinkId, LinkState, hash_of
from payments.links.memory import MemoryLinks
from payments.links.store import Claimed, Links
from payments.memory import MemoryPayments
from payments.orders import Page
from payments.session import State
from payments.store import Move, Payment, Payments

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = Money(12550, "USD")
LINK = Link(LinkId("link_1"), AccountId("acct_1"), DUE, NOON, NOON + timedelta(hours=1))
PAGE = Page("cs_1", "https://gateway.example.com/1")


class Books:
    """A store of links, and the payments that pay them."""

    def __init__(
        self, links: Links, payments: Payments, clock: FixedClock, listed: LinkList | None = None
    ) -> None:
        self.links, self.payments, self.clock, self.listed = links, payments, clock, listed

    async def state(self) -> LinkState:
        found = await self.links.find(LINK.id)
        assert found is not None
        state = found.state(self.clock.now())
        if self.listed is not None:
            for one in LinkState:
                listed = await self.listed.page(LinkFilter(LINK.account, one), None, 5)
                assert listed == ([found] if one is state else []), one
        return state

    async def opened(self, name: PaymentId) -> Payment:
        key, receipt = f"{name}_1", f"{abs(hash(name)) % 10**8:08d}"
        payment = Payment(name, None, LINK.account, DUE, State.PENDING, "sandbox", key, "", "", receipt, NOON)
        written = await self.payments.open(payment)
        assert isinstance(written, Payment)
        return written


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.integration)])
def empty(request: pytest.FixtureRequest) -> Books:
    clock = FixedClock(NOON)
    if request.param == "memory":
        payments = MemoryPayments(clock)
        return Books(MemoryLinks(clock, payments.find), payments, clock)
    work: Work = request.getfixturevalue("work")
    links, payments_too = StoredLinks(work, Queue(), clock), StoredPayments(work, clock)
    return Books(links, payments_too, clock, LinkList(work, clock))


@pytest.fixture
async def books(empty: Books) -> Books:
    await empty.links.add(LINK, hash_of("token"))
    return empty


async def test_a_link_is_found_by_its_address_alone(books: Books) -> None:
    assert await books.links.by_token(hash_of("token")) == LINK
    assert await books.links.by_token(hash_of("other")) is None
    assert await books.links.find(LinkId("link_none")) is None


async def test_the_first_time_counts(books: Books) -> None:
    await books.links.sent(LINK.id)
    assert await books.state() is LinkState.SENT
    await books.links.opened(LINK.id)
    books.clock.advance(timedelta(minutes=1))
    await books.links.opened(LINK.id)
    found = await books.links.find(LINK.id)
    assert found is not None
    assert (found.sent_at, found.opened_at) == (NOON, NOON)


async def test_a_link_that_nobody_paid_in_time_is_over(books: Books) -> None:
    await books.links.sent(LINK.id)
    books.clock.advance(timedelta(hours=1))
    assert await books.state() is LinkState.EXPIRED


async def test_all_who_claim_at_once_get_the_same_payment(books: Books) -> None:
    claimed: list[Claimed] = []

    async def claim() -> None:
        claimed.append(await books.links.claim(LINK.id, new_payment_id()))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(claim)
    assert len({one.payment for one in claimed}) == 1


async def test_a_page_is_kept_for_its_own_payment(books: Books) -> None:
    first = await books.links.claim(LINK.id, PaymentId("pay_1"))
    assert first == Claimed(PaymentId("pay_1"), None)
    await books.links.keep_page(LINK.id, PaymentId("pay_other"), PAGE)
    await books.links.keep_page(LINK.id, PaymentId("pay_1"), PAGE)
    assert await books.links.claim(LINK.id, PaymentId("pay_2")) == Claimed(PaymentId("pay_1"), PAGE)


@pytest.mark.parametrize("end", [State.DECLINED, State.NOT_ATTEMPTED])
async def test_a_payment_that_took_nothing_makes_room_for_another(books: Books, end: State) -> None:
    await books.links.claim(LINK.id, PaymentId("pay_1"))
    await books.opened(PaymentId("pay_1"))
    assert await books.state() is LinkState.PAYING
    await books.payments.move(PaymentId("pay_1"), Move(end))
    assert await books.state() is LinkState.CREATED
    assert await books.links.claim(LINK.id, PaymentId("pay_2")) == Claimed(PaymentId("pay_2"), None)


async def test_a_payment_that_was_taken_pays_the_link_for_good(books: Books) -> None:
    await books.links.claim(LINK.id, PaymentId("pay_1"))
    await books.opened(PaymentId("pay_1"))
    await books.payments.move(PaymentId("pay_1"), Move(State.CAPTURED, "ch_1"))
    books.clock.advance(timedelta(days=400))
    assert await books.state() is LinkState.PAID
    assert (await books.links.claim(LINK.id, PaymentId("pay_2"))).payment == "pay_1"


async def test_a_link_that_is_not_there_is_not_claimed(books: Books) -> None:
    with pytest.raises(BadInput, match="link_none"):
        await books.links.claim(LinkId("link_none"), PaymentId("pay_1"))
