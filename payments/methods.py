"""Payment methods that are kept: tokens of cards, one-time or reusable, by customer."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol

from core.ids import AccountId
from payments.brand import Brand
from payments.orders import Token

MethodId = NewType("MethodId", str)


class Keep(Enum):
    """What is kept of a card, as hosted pay verbs name the token types."""

    NOTHING = "nothing"
    ONE_TIME = "one-time"
    REUSABLE = "reusable"
    PAYMENT_METHOD = "payment-method"  # reusable, and listed among the customer's own


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card as the gateway keeps it for us; it stands in for a card wherever one is charged.

    `listed` when it is among the customer's own payment methods.
    """

    id: MethodId
    account: AccountId
    token: Token
    brand: Brand
    last4: str
    created_at: datetime
    fingerprint: str = ""
    listed: bool = False


class KeptMethods(Protocol):
    """Where payment methods are written down. Raises StoreLost when the store does not answer."""

    async def keep(self, card: StoredCard) -> None:
        """Write it down; a second time does nothing."""
        ...

    async def find(self, method: MethodId) -> StoredCard | None:
        """One that was not forgotten."""
        ...

    async def use(self, method: MethodId) -> bool:
        """Whether it may be charged now: a one-time token once, also when many ask at the same moment."""
        ...

    async def listed(self, account: AccountId) -> list[StoredCard]:
        """A customer's own payment methods, newest first."""
        ...

    async def owner(self, account: AccountId, gateway: str) -> str:
        """The gateway's id of the customer, from a card that it stored before; else empty."""
        ...

    async def forget(self, method: MethodId) -> None:
        """Never charge it again, and overwrite its token. Forgetting it twice does nothing."""
        ...
