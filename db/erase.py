"""Erasing a person: the data keys are destroyed, what they sealed is gone, the books stay."""

from dataclasses import dataclass

from sqlalchemy import delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput
from db.audit import append
from db.engine import Work
from db.key_tables import data_keys
from db.message_tables import messages
from db.people import People, of_account, of_caller
from db.places import NUMBER
from db.request_tables import caller_requests
from db.tables import account_callers, accounts, calls, payments


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: an account, and how many telephone numbers that it was known by."""

    account: str
    callers: int


async def erase(work: Work, people: People, clock: Clock, number: str) -> Erased:
    """Destroy the keys of the customer with this account number, and of its telephone numbers; for good.

    A number that another account has too keeps its key. Raises BadInput when there is no such account, or
    one that is not sealed yet: `tellerline keys protect` first.
    """
    async with work.begin() as tx:
        account = await _account(tx, people, number)
        indexes = await _own_indexes(tx, account)
        gone = data_keys.c.subject == of_account(account)
        await tx.execute(update(data_keys).where(gone).values(wrapped=None, destroyed_at=clock.now()))
        # who calls again begins anew, and the name of a caller's key is made from the number: it goes whole
        callers = data_keys.c.subject.in_(list(map(of_caller, indexes)))
        await tx.execute(delete(data_keys).where(callers))
        # and the keys of calls without a number, on which it paid
        paid_on = select(literal("call:") + payments.c.call).where(payments.c.account == account)
        called_on = select(literal("call:") + calls.c.id).where(calls.c.caller_index.in_(indexes))
        of_calls = data_keys.c.subject.in_(paid_on.union(called_on))
        await tx.execute(delete(data_keys).where(of_calls))
        mine = account_callers.c.account == account
        await tx.execute(update(account_callers).where(mine).values(caller_index=None))
        # an index is no name, and still tells whoever has its key: it goes too
        await tx.execute(update(accounts).where(accounts.c.id == account).values(number_index=None))
        called = calls.c.caller_index.in_(indexes)
        await tx.execute(update(calls).where(called).values(caller_index=None, caller_sealed=None))
        told = (messages.c.account == account) | messages.c.recipient_index.in_(indexes)
        await tx.execute(update(messages).where(told).values(recipient_index=None))
        wished = caller_requests.c.caller_index.in_(indexes)
        await tx.execute(update(caller_requests).where(wished).values(caller_index=None, caller_sealed=None))
        await append(tx, clock.now(), "person erased", account, {"callers": len(indexes)})
    return Erased(account, len(indexes))


async def _account(tx: AsyncConnection, people: People, number: str) -> str:
    sealed = accounts.c.number_index == await people.index(tx, NUMBER, number)
    row = (await tx.execute(select(accounts.c.id).where(sealed).with_for_update())).first()
    if row is not None:
        return str(row.id)
    plain = select(accounts.c.id).where(accounts.c.number == number)
    if (await tx.execute(plain)).first() is not None:
        raise BadInput(f"account {number} is not sealed yet: run `tellerline keys protect`, then erase")
    raise BadInput(f"there is no account {number}: `tellerline bills list` shows them")


async def _own_indexes(tx: AsyncConnection, account: str) -> list[bytes]:
    """The blind indexes of the telephone numbers that this account has and no other."""
    kept, other = account_callers.c, account_callers.alias()
    shared = select(other.c.account).where(
        other.c.caller_index == kept.caller_index, other.c.account != account
    )
    mine = (kept.account == account) & kept.caller_index.is_not(None) & ~shared.exists()
    return list((await tx.execute(select(kept.caller_index).where(mine))).scalars())
