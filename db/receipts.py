"""Receipts: what a payment or a refund came to, told to whoever paid, once."""

from dataclasses import replace
from typing import Any, Final

import structlog
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BadInput
from core.events import PaymentMoved, Recorded
from core.letter import Letter, Value
from core.money import Money
from db.key_tables import data_keys
from db.messages import StoredPost
from db.money_tables import refunds
from db.people import People, of_account, subject_of, wrapped_of
from db.places import email_of, name_of, phone_of
from db.tables import accounts, payments
from payments.refunds import RefundState
from payments.session import State

log = structlog.stdlib.get_logger(__name__)

_BACK: Final = frozenset({State.PARTIALLY_REFUNDED.value, State.REFUNDED.value})
_NAMES: Final = {"amex": "American Express"}


class Receipts:
    """Told each fact by the relay, in whose transaction a receipt and its job are written.

    A receipt goes to the customer's mail address, or else as a text message; to nobody without either.
    """

    def __init__(self, post: StoredPost, people: People | None) -> None:
        self._post, self._people = post, people

    async def told(self, tx: AsyncConnection, recorded: Recorded) -> None:
        """Write the receipts that a fact asks for; those that were written before are left alone."""
        fact = recorded.fact
        if not isinstance(fact, PaymentMoved) or fact.state not in _BACK | {State.CAPTURED.value}:
            return
        row = (await tx.execute(_QUERY.where(payments.c.id == fact.payment))).mappings().first()
        if row is None or not (to := self._opened(row, "email") or self._opened(row, "phone")):
            return
        if fact.state == State.CAPTURED.value:
            paid = Money(row["captured_minor"], row["currency"])
            values = self._values(row) | {"amount": paid, "at": recorded.at}
            letter = Letter("receipt", to, values, f"receipt:{fact.payment}", about=fact.payment)
            await self._put(tx, row, letter)
            return
        for refund in await _given_back(tx, fact.payment):
            amount = Money(refund["amount_minor"], refund["currency"])
            values = self._values(row) | {"amount": amount, "at": refund["touched_at"]}
            letter = Letter("refund", to, values, f"refund:{refund['id']}", about=refund["id"])
            await self._put(tx, row, letter)

    async def _put(self, tx: AsyncConnection, row: RowMapping, letter: Letter) -> None:
        whose = replace(letter, language=row["language"], account=row["account"])
        try:
            await self._post.put_in(tx, whose)
        except BadInput as error:
            log.warning("no receipt: the customer's address is wrong", account=row["account"], why=str(error))

    def _values(self, row: RowMapping) -> dict[str, Value]:
        brand = _NAMES.get(row["brand"], row["brand"].title())
        card = f"{brand} {row['last4']}" if row["last4"] else ""
        return {"name": self._opened(row, "name"), "card": card, "code": row["receipt"]}

    def _opened(self, row: RowMapping, what: str) -> str:
        sealed: bytes | None = row[f"{what}_sealed"]
        if sealed is None:
            return str(row[what])
        subject, wrapped = of_account(row["account"]), wrapped_of(row["master"], row["wrapped"])
        key = self._people.opened(subject, wrapped) if self._people is not None else None
        return key.open(sealed, _PLACES[what](row["account"])) if key is not None else ""


_PLACES: Final = {"name": name_of, "email": email_of, "phone": phone_of}

_QUERY: Final[Select[Any]] = select(
    payments.c.id,
    payments.c.account,
    payments.c.captured_minor,
    payments.c.currency,
    payments.c.brand,
    payments.c.last4,
    payments.c.receipt,
    accounts.c.language,
    *(accounts.c[f"{what}{end}"] for what in _PLACES for end in ("", "_sealed")),
    data_keys.c.master,
    data_keys.c.wrapped,
).select_from(
    payments.join(accounts, accounts.c.id == payments.c.account).outerjoin(
        data_keys, data_keys.c.subject == subject_of(accounts.c.id)
    )
)


async def _given_back(tx: AsyncConnection, payment: str) -> list[RowMapping]:
    done = (refunds.c.payment == payment) & (refunds.c.state == RefundState.DONE.value)
    return list((await tx.execute(select(refunds).where(done).order_by(refunds.c.created_at))).mappings())
