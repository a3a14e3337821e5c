"""Bills as rows to be copied into the database: plain, or with names and numbers sealed."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import new_account_id
from db.bill_rows import BillRow, Contact
from db.keys import DataKey
from db.locks import Turn
from db.people import People, of_account
from db.places import CALLER, NUMBER, caller_of_account, email_of, name_of, number_of, phone_of
from db.tables import accounts

CopyRow = tuple[object, ...]

_NOT_SEALED: CopyRow = (None, None, None, [], [])
_AT_ONCE = 5000


def plain_rows(rows: Sequence[BillRow]) -> list[CopyRow]:
    """The rows as they are, each with an id for its account should that be new."""
    return [
        (
            *(row.line, row.account, new_account_id(), list(row.callers), row.name),
            *(*_bill(row), *_NOT_SEALED),
            *(row.contact.email, row.contact.phone, row.contact.language, None, None),
        )
        for row in rows
    ]


async def sealed_rows(tx: AsyncConnection, people: People, rows: Sequence[BillRow]) -> list[CopyRow]:
    """The rows with all that tells of a person sealed under the account's key; imports take turns."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": int(Turn.IMPORT)})
    index_key = await people.index_key(tx)
    indexes = {row.account: people.index_with(index_key, NUMBER, row.account) for row in rows}
    known = await _known(tx, list(indexes.values()))
    ids = {account: known.get(index) or new_account_id() for account, index in indexes.items()}
    keys = await people.keys(tx, map(of_account, ids.values()))
    sealed = []
    for row in rows:
        account, key = ids[row.account], keys[of_account(ids[row.account])]
        if key is None:  # erased accounts have no index: they are not found again
            raise AssertionError(f"the key of {account} is gone")
        callers = [people.index_with(index_key, CALLER, caller) for caller in row.callers]
        plain = (row.line, "", account, [], "", *_bill(row))
        person = (*_person(key, account, row), callers, _callers(key, account, row))
        sealed.append((*plain, indexes[row.account], *person, *_contact(key, account, row.contact)))
    return sealed


def _bill(row: BillRow) -> CopyRow:
    return (row.amount.minor, row.amount.currency, row.invoice)


def _person(key: DataKey, account: str, row: BillRow) -> CopyRow:
    name = key.seal(row.name, name_of(account)) if row.name else None
    return (key.seal(row.account, number_of(account)), name)


def _contact(key: DataKey, account: str, contact: Contact) -> CopyRow:
    email = key.seal(contact.email, email_of(account)) if contact.email else None
    phone = key.seal(contact.phone, phone_of(account)) if contact.phone else None
    return ("", "", contact.language, email, phone)


def _callers(key: DataKey, account: str, row: BillRow) -> list[bytes]:
    return [key.seal(caller, caller_of_account(account)) for caller in row.callers]


async def _known(tx: AsyncConnection, indexes: list[bytes]) -> dict[bytes, str]:
    kept, found = accounts.c, {}
    for start in range(0, len(indexes), _AT_ONCE):
        some = kept.number_index.in_(indexes[start : start + _AT_ONCE])
        for row in await tx.execute(select(kept.number_index, kept.id).where(some)):
            found[bytes(row.number_index)] = str(row.id)
    return found
