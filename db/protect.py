"""Sealing what stands in the database unsealed, from before there were keys; a line goes on meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from db.audit import append
from db.engine import Work
from db.people import People, of_account, of_caller
from db.places import (
    CALLER,
    NUMBER,
    caller_of_account,
    caller_of_call,
    email_of,
    name_of,
    number_of,
    phone_of,
)
from db.tables import account_callers, accounts, calls

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is done, from 0 to 1."""

_BATCH: Final = 1000
_PLAIN: Final = {
    accounts: accounts.c.number.is_not(None),
    account_callers: account_callers.c.caller.is_not(None),
    calls: calls.c.caller != "",
}


@dataclass(frozen=True, slots=True)
class Protected:
    """How many rows were sealed."""

    accounts: int
    callers: int
    calls: int


async def plain_rows(work: Work) -> int:
    """How many rows are not sealed yet."""
    async with work.begin() as tx:
        return sum([await _count(tx, table) for table in _PLAIN])


async def protect(work: Work, people: People, clock: Clock, progress: Progress) -> Protected:
    """Seal every row that is not, some at a time; broken off, it goes on where it was."""
    done: dict[str, int] = {}
    for table, seal in ((accounts, _accounts), (account_callers, _callers), (calls, _calls)):
        done[table.name] = 0
        async with work.begin() as tx:
            total = await _count(tx, table)
        while True:
            async with work.begin() as tx:
                sealed = await seal(tx, people)
            done[table.name] += sealed
            progress(f"sealing {table.name}", min(1.0, done[table.name] / total) if total else 1.0)
            if not sealed:
                break
    if any(done.values()):
        async with work.begin() as tx:
            await append(tx, clock.now(), "rows sealed", "database", dict(done))
    return Protected(done["accounts"], done["account_callers"], done["calls"])


async def _count(tx: AsyncConnection, table: Table) -> int:
    return int((await tx.execute(select(func.count()).select_from(table).where(_PLAIN[table]))).scalar_one())


async def _accounts(tx: AsyncConnection, people: People) -> int:
    kept = accounts.c
    told = (kept.id, kept.number, kept.name, kept.email, kept.phone)
    some = select(*told).where(_PLAIN[accounts]).limit(_BATCH)
    rows = (await tx.execute(some.with_for_update())).all()
    index_key = await people.index_key(tx)
    keys = await people.keys(tx, [of_account(row.id) for row in rows])
    changes = []
    for row in rows:
        key = keys[of_account(row.id)]
        if key is not None:
            changes.append(
                {
                    "this": row.id,
                    "number": None,
                    "name": "",
                    "number_index": people.index_with(index_key, NUMBER, row.number),
                    "number_sealed": key.seal(row.number, number_of(row.id)),
                    "name_sealed": key.seal(row.name, name_of(row.id)) if row.name else None,
                    "email": "",
                    "email_sealed": key.seal(row.email, email_of(row.id)) if row.email else None,
                    "phone": "",
                    "phone_sealed": key.seal(row.phone, phone_of(row.id)) if row.phone else None,
                }
            )
    await _change(tx, accounts, kept.id == bindparam("this"), changes)
    return len(changes)


async def _callers(tx: AsyncConnection, people: People) -> int:
    kept = account_callers.c
    some = select(kept.caller, kept.account).where(_PLAIN[account_callers]).limit(_BATCH)
    rows = (await tx.execute(some.with_for_update())).all()
    index_key = await people.index_key(tx)
    keys = await people.keys(tx, [of_account(row.account) for row in rows])
    changes = []
    for row in rows:
        key = keys[of_account(row.account)]
        if key is not None:
            changes.append(
                {
                    "this": row.caller,
                    "of": row.account,
                    "caller": None,
                    "caller_index": people.index_with(index_key, CALLER, row.caller),
                    "caller_sealed": key.seal(row.caller, caller_of_account(row.account)),
                }
            )
    same = (kept.caller == bindparam("this")) & (kept.account == bindparam("of"))
    await _change(tx, account_callers, same, changes)
    return len(changes)


async def _calls(tx: AsyncConnection, people: People) -> int:
    kept = calls.c
    some = select(kept.id, kept.caller).where(_PLAIN[calls]).limit(_BATCH)
    rows = (await tx.execute(some.with_for_update())).all()
    index_key = await people.index_key(tx)
    indexes = {row.id: people.index_with(index_key, CALLER, row.caller) for row in rows}
    keys = await people.keys(tx, [of_caller(index) for index in indexes.values()])
    changes = []
    for row in rows:
        key = keys[of_caller(indexes[row.id])]
        sealed = key.seal(row.caller, caller_of_call(row.id)) if key is not None else None
        index = indexes[row.id] if sealed else None
        changes.append({"this": row.id, "caller": "", "caller_index": index, "caller_sealed": sealed})
    await _change(tx, calls, kept.id == bindparam("this"), changes)
    return len(changes)


async def _change(tx: AsyncConnection, table: Table, this: Any, changes: list[dict[str, Any]]) -> None:
    if changes:
        columns: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name not in ("this", "of")}
        await tx.execute(update(table).where(this).values(columns), changes)
