"""People's data keys, in PostgreSQL, and the blind indexes by which sealed values are found."""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, literal, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.clock import Clock
from core.errors import BadInput, Refused
from core.ids import AccountId
from db.keys import DataKey, Master, Wrapped, new_key

_INDEX: Final = "index"
_CHECK: Final = "check"
_KEPT_IN_MEMORY: Final = 10_000
_READ: Final = text("SELECT subject, master, wrapped FROM data_keys WHERE subject = ANY(:subjects)")
_MAKE: Final = text("""
    INSERT INTO data_keys (subject, master, wrapped, created_at)
    SELECT made.*, CAST(:now AS timestamptz)
      FROM unnest(CAST(:subjects AS text[]), CAST(:masters AS text[]), CAST(:wrapped AS bytea[])) AS made
    ON CONFLICT DO NOTHING RETURNING subject, master, wrapped
""")

ERASED: Final = "(erased)"
"""What stands where a value was whose key was destroyed."""


class People:
    """Seals what is said of people, and finds it again.

    A blind index is an HMAC-SHA256 of a column and a value, under a key of its own that a rotation of the
    master key leaves as it is; equal values of one column have equal indexes, and that is all that they tell.
    """

    def __init__(self, master: Master, clock: Clock) -> None:
        self._master, self._clock = master, clock
        self._index_key: bytes | None = None
        self._known: OrderedDict[tuple[str, bytes], DataKey] = OrderedDict()

    def check(self) -> None:
        """Seal a key and open it again; raises when the master key is not to be had, or is another."""
        key = new_key()
        if self._master.unwrap(self._master.wrap(key, _CHECK), _CHECK) != key:
            raise Refused("the master key does not open what it sealed")

    async def index(self, tx: AsyncConnection, column: str, value: str) -> bytes:
        """The blind index of a value in a column, such as `accounts.number`; 32 bytes."""
        return self.index_with(await self.index_key(tx), column, value)

    @staticmethod
    def index_with(key: bytes, column: str, value: str) -> bytes:
        """The same, for many values."""
        return hmac.digest(key, f"{column}\0{value}".encode(), hashlib.sha256)

    async def index_key(self, tx: AsyncConnection) -> bytes:
        """The key of all blind indexes; made when it is first needed."""
        if self._index_key is None:
            [wrapped] = (await self._wrapped(tx, [_INDEX])).values()
            if wrapped is None:
                raise BadInput("the key of the blind indexes was destroyed: restore the table data_keys")
            self._index_key = self._master.unwrap(wrapped, _INDEX)
        return self._index_key

    async def key(self, tx: AsyncConnection, subject: str) -> DataKey | None:
        """A person's key, made when it is first needed; None once it was destroyed."""
        return (await self.keys(tx, [subject]))[subject]

    async def keys(self, tx: AsyncConnection, subjects: Iterable[str]) -> dict[str, DataKey | None]:
        """The keys of many people, as `key`."""
        wrapped = await self._wrapped(tx, list(dict.fromkeys(subjects)))
        return {subject: self.opened(subject, one) for subject, one in wrapped.items()}

    async def there(self, tx: AsyncConnection, subjects: Iterable[str]) -> dict[str, DataKey | None]:
        """The keys that there are; none is made, and None stands for one that was destroyed."""
        found = await _read(tx, list(dict.fromkeys(subjects)))
        return {subject: self.opened(subject, one) for subject, one in found.items()}

    def opened(self, subject: str, wrapped: Wrapped | None) -> DataKey | None:
        """The key that a row of data_keys holds; None for one that was destroyed."""
        if wrapped is None:
            return None
        place = (subject, wrapped.bytes)
        if place not in self._known:
            self._known[place] = DataKey(self._master.unwrap(wrapped, subject))
            if len(self._known) > _KEPT_IN_MEMORY:
                self._known.popitem(last=False)
        self._known.move_to_end(place)
        return self._known[place]

    async def _wrapped(self, tx: AsyncConnection, subjects: list[str]) -> Mapping[str, Wrapped | None]:
        found = await _read(tx, subjects)
        if lacking := [subject for subject in subjects if subject not in found]:
            found |= await self._made(tx, lacking)
        if lacking := [subject for subject in lacking if subject not in found]:
            found |= await _read(tx, lacking)  # another has just made a key of the same person
        return found

    async def _made(self, tx: AsyncConnection, subjects: list[str]) -> dict[str, Wrapped | None]:
        keys = [self._master.wrap(new_key(), subject) for subject in subjects]
        rows = {
            "subjects": subjects,
            "masters": [key.master for key in keys],
            "wrapped": [key.bytes for key in keys],
            "now": self._clock.now(),
        }
        return _kept(await tx.execute(_MAKE, rows))


def of_account(account: AccountId | str) -> str:
    """The subject of a customer."""
    return f"account:{account}"


def subject_of(account: ColumnElement[str]) -> ColumnElement[str]:
    """The subjects of a column of account ids."""
    return literal("account:") + account


def of_caller(index: bytes) -> str:
    """The subject of a caller, by the blind index of the number (`calls.caller`)."""
    return f"caller:{index.hex()}"


def wrapped_of(master: str | None, wrapped: bytes | None) -> Wrapped | None:
    """What two columns of data_keys hold."""
    return Wrapped(master, wrapped) if master is not None and wrapped is not None else None


async def _read(tx: AsyncConnection, subjects: list[str]) -> dict[str, Wrapped | None]:
    return _kept(await tx.execute(_READ, {"subjects": subjects}))


def _kept(rows: Iterable[Row[Any]]) -> dict[str, Wrapped | None]:
    return {row.subject: wrapped_of(row.master, row.wrapped) for row in rows}
