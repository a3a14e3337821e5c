"""Payment methods as they are written down (payments.methods), in PostgreSQL."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from core.clock import Clock
from core.ids import AccountId
from db.audit import append
from db.engine import Work
from db.money_tables import methods
from db.pages import Place, newest_first
from db.storable import storable
from payments.brand import Brand
from payments.methods import MethodId, StoredCard
from payments.orders import Token

_LIVE = methods.c.forgotten_at.is_(None)


class StoredMethods:
    """The KeptMethods protocol over PostgreSQL."""

    def __init__(self, work: Work, clock: Clock) -> None:
        self._work, self._clock = work, clock

    async def keep(self, card: StoredCard) -> None:
        """Write it down; a second time does nothing."""
        new = insert(methods).values(_row(card)).on_conflict_do_nothing().returning(methods.c.id)
        async with self._work.begin() as tx:
            if (await tx.execute(new)).first() is not None:
                detail = {"account": card.account, "gateway": card.token.gateway, "last4": card.last4}
                await append(tx, self._clock.now(), "card stored", card.id, detail)

    async def find(self, method: MethodId) -> StoredCard | None:
        """One that was not forgotten."""
        async with self._work.begin() as tx:
            row = (await tx.execute(select(methods).where(methods.c.id == method, _LIVE))).mappings().first()
        return _card(row) if row is not None else None

    async def use(self, method: MethodId) -> bool:
        """Whether it may be charged now: a one-time token once, also when many ask at the same moment."""
        usable = (methods.c.id == method) & _LIVE & (methods.c.reusable | methods.c.used_at.is_(None))
        used = update(methods).where(usable).values(used_at=self._clock.now()).returning(methods.c.id)
        async with self._work.begin() as tx:
            return (await tx.execute(used)).first() is not None

    async def listed(self, account: AccountId) -> list[StoredCard]:
        """A customer's own payment methods, newest first."""
        mine = select(methods).where(methods.c.account == account, methods.c.listed, _LIVE)
        async with self._work.begin() as tx:
            found = await tx.execute(mine.order_by(methods.c.created_at.desc(), methods.c.id.desc()))
            return [_card(row) for row in found.mappings()]

    async def page(self, account: str, place: Place | None, limit: int) -> list[StoredCard]:
        """The newest behind a place, of one customer or of all, one more than `limit`."""
        query = select(methods).where(_LIVE)
        if account:
            query = query.where(methods.c.account == storable(account))
        async with self._work.single() as tx:
            rows = await tx.execute(newest_first(query, methods.c.created_at, methods.c.id, place, limit))
            return [_card(row) for row in rows.mappings()]

    async def owner(self, account: AccountId, gateway: str) -> str:
        """The gateway's id of the customer, from a card that it stored before; else empty."""
        known = (methods.c.account == account) & (methods.c.gateway == gateway) & (methods.c.owner != "")
        async with self._work.begin() as tx:
            owner: str | None = await tx.scalar(select(methods.c.owner).where(known).limit(1))
        return owner or ""

    async def forget(self, method: MethodId) -> None:
        """Never charge it again, and overwrite its token. Forgetting it twice does nothing."""
        gone = {"token": "", "fingerprint": "", "forgotten_at": self._clock.now()}
        mine = update(methods).where(methods.c.id == method, _LIVE).values(gone).returning(methods.c.id)
        async with self._work.begin() as tx:
            if (await tx.execute(mine)).first() is not None:
                await append(tx, self._clock.now(), "card forgotten", method, {})


def _row(card: StoredCard) -> dict[str, object]:
    return {
        "id": card.id,
        "account": card.account,
        "gateway": card.token.gateway,
        "token": card.token.value,
        "owner": card.token.owner,
        "reusable": card.token.reusable,
        "listed": card.listed,
        "brand": card.brand.value,
        "last4": card.last4,
        "fingerprint": card.fingerprint,
        "created_at": card.created_at,
    }


def _card(row: RowMapping) -> StoredCard:
    return StoredCard(
        id=MethodId(row["id"]),
        account=AccountId(row["account"]),
        token=Token(row["gateway"], row["token"], row["reusable"], row["owner"]),
        brand=Brand(row["brand"]),
        last4=row["last4"],
        created_at=row["created_at"],
        fingerprint=row["fingerprint"],
        listed=row["listed"],
    )
