"""Payment links kept in memory: for tests, simulations and a look around."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from core.clock import Clock
from core.errors import BadInput
from core.ids import PaymentId
from payments.links.link import OVER, Link, LinkId
from payments.links.store import FIRST_S, Claimed
from payments.orders import Page
from payments.store import Payment

Find = Callable[[PaymentId], Awaitable[Payment | None]]


class MemoryLinks:
    """Links by id; `find_payment` tells how their payments stand, `watched` holds the subjects of jobs."""

    def __init__(self, clock: Clock, find_payment: Find) -> None:
        self._clock, self._find_payment = clock, find_payment
        self._links: dict[LinkId, Link] = {}
        self._by_hash: dict[bytes, LinkId] = {}
        self._pages: dict[PaymentId, Page] = {}
        self.watched: list[tuple[str, float]] = []

    async def add(self, link: Link, token_hash: bytes) -> None:
        """A new link."""
        self._links[link.id] = link
        self._by_hash[token_hash] = link.id

    async def by_token(self, token_hash: bytes) -> Link | None:
        """The link of an address."""
        name = self._by_hash.get(token_hash)
        return await self.find(name) if name is not None else None

    async def find(self, link: LinkId) -> Link | None:
        """One link."""
        found = self._links.get(link)
        if found is None or found.payment is None:
            return found
        payment = await self._find_payment(found.payment)
        return replace(found, standing=payment.state if payment is not None else None)

    async def sent(self, link: LinkId) -> None:
        """Note that it was sent; the first time counts."""
        found = self._links[link]
        self._links[link] = replace(found, sent_at=found.sent_at or self._clock.now())

    async def opened(self, link: LinkId) -> None:
        """Note that it was opened; the first time counts."""
        found = self._links[link]
        self._links[link] = replace(found, opened_at=found.opened_at or self._clock.now())

    async def claim(self, link: LinkId, payment: PaymentId) -> Claimed:
        """Make `payment` the one that pays the link, unless another one does and is not over."""
        found = await self.find(link)
        if found is None:
            raise BadInput(f"there is no link {link}")
        if found.payment is not None and found.standing not in OVER:
            return Claimed(found.payment, self._pages.get(found.payment))
        self._links[link] = replace(found, payment=payment, standing=None)
        await self.watch(link, 0, FIRST_S)
        return Claimed(payment, None)

    async def watch(self, link: LinkId, times: int, after_s: float) -> None:
        """Note who is to be looked at, and after which time."""
        self.watched.append((f"{link} {times}", after_s))

    async def keep_page(self, link: LinkId, payment: PaymentId, page: Page) -> None:
        """Keep the page that was made for the payment."""
        if self._links[link].payment == payment:
            self._pages[payment] = page
