"""Bills that callers may pay, as the line sees them."""

from dataclasses import dataclass
from typing import Protocol

from core.ids import AccountId
from core.money import Money


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's bill: `number` is what the caller keys in, `due` what is open (zero when paid)."""

    id: AccountId
    number: str
    due: Money


class Accounts(Protocol):
    """Where bills are found. Raises StoreLost when the store does not answer."""

    async def by_number(self, number: str) -> Account | None:
        """The account with that number."""
        ...

    async def by_caller(self, caller: str) -> Account | None:
        """The one account that this telephone number belongs to; None when there are several."""
        ...
