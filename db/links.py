"""Payment links (payments.links.store), in PostgreSQL: each change with its fact."""

from typing import Any, Final

from sqlalchemy import Column, Select, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from core.events import LinkMoved, PaymentMoved, Recorded
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from db.audit import Detail, append
from db.engine import Work
from db.link_tables import payment_links
from db.queue import Queue
from db.storable import storable
from db.tables import payments
from db.tell import Teller
from payments.links.link import OVER, Link, LinkId, LinkState
from payments.links.paying import page_from_json, page_to_json
from payments.links.store import FIRST_S, Claimed
from payments.orders import Page
from payments.session import State

EXPIRE: Final = "expire_link"
"""The job that notices that nobody paid in time; its subject is the link."""

LOOK: Final = "look_at_link"
"""The job that asks after a payer who has not come back; its subject is the link, and how often."""

_KEPT = payment_links.c


class StoredLinks:
    """The Links protocol over PostgreSQL."""

    def __init__(self, work: Work, queue: Queue, clock: Clock) -> None:
        self._work, self._queue, self._clock = work, queue, clock
        self._teller = Teller("links")

    async def add(self, link: Link, token_hash: bytes) -> None:
        """A new link, with the job that notices when nobody paid it in time."""
        row = {
            "id": link.id,
            "token_hash": token_hash,
            "account": link.account,
            "call": link.call,
            "amount_minor": link.amount.minor,
            "currency": link.amount.currency,
            "description": storable(link.description),
            "created_at": link.created_at,
            "expires_at": link.expires_at,
        }
        async with self._work.begin() as tx:
            await tx.execute(insert(payment_links).values(row))
            await self._queue.put(tx, EXPIRE, link.id, (link.expires_at - self._clock.now()).total_seconds())
            detail: Detail = {
                "account": link.account,
                "amount_minor": link.amount.minor,
                "currency": link.amount.currency,
            }
            await append(tx, self._clock.now(), "link created", link.id, detail)
            await self._tell(tx, link, LinkState.CREATED)

    async def by_token(self, token_hash: bytes) -> Link | None:
        """The link of an address."""
        return await self._one(QUERY.where(_KEPT.token_hash == token_hash))

    async def find(self, link: LinkId) -> Link | None:
        """One link."""
        return await self._one(QUERY.where(_KEPT.id == link))

    async def all(self, limit: int = 50) -> list[Link]:
        """The newest first."""
        query = QUERY.order_by(_KEPT.created_at.desc(), _KEPT.id.desc()).limit(limit)
        async with self._work.begin() as tx:
            return [link_of(row) for row in (await tx.execute(query)).mappings()]

    async def sent(self, link: LinkId) -> None:
        """Note that it was sent; the first time counts."""
        await self._mark(link, _KEPT.sent_at, LinkState.SENT)

    async def opened(self, link: LinkId) -> None:
        """Note that it was opened; the first time counts."""
        await self._mark(link, _KEPT.opened_at, LinkState.OPENED)

    async def cancel(self, link: LinkId) -> None:
        """Let nobody pay it any more. Raises BadInput for one that is paid, being paid, or not there."""
        found = await self.find(link)
        state = found.state(self._clock.now()) if found is not None else None
        if found is None or state in (LinkState.PAID, LinkState.PAYING):
            raise BadInput(f"{link} cannot be cancelled: {state.value if state else 'there is no such link'}")
        await self._mark(link, _KEPT.cancelled_at, LinkState.CANCELLED)

    async def expire(self, link: str) -> None:
        """The job of a link whose time is over: note it, unless it is paid, being paid or cancelled."""
        found = await self.find(LinkId(link))
        if found is not None and found.state(self._clock.now()) is LinkState.EXPIRED:
            await self._mark(found.id, _KEPT.expired_at, LinkState.EXPIRED)

    async def claim(self, link: LinkId, payment: PaymentId) -> Claimed:
        """Make `payment` the one that pays the link, unless another one does and is not over."""
        async with self._work.begin() as tx:
            locked = select(_KEPT.id).where(_KEPT.id == link).with_for_update()
            if (await tx.execute(locked)).first() is None:
                raise BadInput(f"there is no link {link}")
            row = (await tx.execute(QUERY.where(_KEPT.id == link))).mappings().one()
            found = link_of(row)
            if found.payment is not None and found.standing not in OVER:
                return Claimed(found.payment, page_from_json(row["page"]))
            mine = update(payment_links).where(_KEPT.id == link).values(payment=payment, page="")
            await tx.execute(mine)
            await self._queue.put(tx, LOOK, f"{link} 0", FIRST_S)
        return Claimed(payment, None)

    async def watch(self, link: LinkId, times: int, after_s: float) -> None:
        """Queue the job that looks at the link."""
        async with self._work.begin() as tx:
            await self._queue.put(tx, LOOK, f"{link} {times}", after_s)

    async def keep_page(self, link: LinkId, payment: PaymentId, page: Page) -> None:
        """Write down the page that was made for the payment."""
        this = (_KEPT.id == link) & (_KEPT.payment == payment)
        async with self._work.begin() as tx:
            await tx.execute(update(payment_links).where(this).values(page=page_to_json(page)))

    async def paid_in(self, tx: AsyncConnection, recorded: Recorded) -> None:
        """Note, in the relay's transaction, that the payment of a link was taken."""
        fact = recorded.fact
        if not isinstance(fact, PaymentMoved) or fact.state != State.CAPTURED.value:
            return
        this = (_KEPT.payment == fact.payment) & _KEPT.paid_at.is_(None)
        marked = update(payment_links).where(this).values(paid_at=recorded.at).returning(_KEPT.id)
        link = (await tx.execute(marked)).scalar()
        if link is not None:
            row = (await tx.execute(QUERY.where(_KEPT.id == link))).mappings().one()
            await self._tell(tx, link_of(row), LinkState.PAID)

    async def _one(self, query: Select[Any]) -> Link | None:
        async with self._work.begin() as tx:
            row = (await tx.execute(query)).mappings().first()
        return link_of(row) if row is not None else None

    async def _mark(self, link: LinkId, column: Column[Any], state: LinkState) -> None:
        async with self._work.begin() as tx:
            this = (_KEPT.id == link) & column.is_(None)
            marked = update(payment_links).where(this).values({column.name: self._clock.now()})
            if (await tx.execute(marked)).rowcount:
                row = (await tx.execute(QUERY.where(_KEPT.id == link))).mappings().one()
                await self._tell(tx, link_of(row), state)

    async def _tell(self, tx: AsyncConnection, link: Link, state: LinkState) -> None:
        amount = link.amount
        fact = LinkMoved(link.call, link.id, state.value, amount.minor, amount.currency, link.payment or "")
        await self._teller.tell(tx, fact, self._clock.now())


QUERY: Select[Any] = select(payment_links, payments.c.state.label("standing")).select_from(
    payment_links.outerjoin(payments, payments.c.id == _KEPT.payment)
)
"""A link with the state of the payment that pays it."""


def link_of(row: RowMapping) -> Link:
    """The link in a row of QUERY."""
    return Link(
        id=LinkId(row["id"]),
        account=AccountId(row["account"]),
        amount=Money(row["amount_minor"], row["currency"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        call=CallId(row["call"]) if row["call"] is not None else None,
        description=row["description"],
        sent_at=row["sent_at"],
        opened_at=row["opened_at"],
        cancelled_at=row["cancelled_at"],
        payment=PaymentId(row["payment"]) if row["payment"] is not None else None,
        standing=State(row["standing"]) if row["standing"] is not None else None,
    )
