"""A payment link: what it asks for, how far it is, and the secret in its address."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, NewType

from core.errors import BadInput
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from payments.session import State

LinkId = NewType("LinkId", str)

_TOKEN_BYTES: Final = 24
TAKEN: Final = frozenset(
    {State.CAPTURED, State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED, State.CHARGED_BACK}
)
"""A payment that took the money, whatever became of it later."""

OVER: Final = frozenset({State.DECLINED, State.NOT_ATTEMPTED, State.VOIDED})
"""A payment that took nothing and never will: the link may have another."""


class LinkState(Enum):
    """How far a link is."""

    CREATED = "created"
    SENT = "sent"
    OPENED = "opened"
    PAYING = "paying"  # the payer is at the gateway, or its answer is awaited
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


PAYABLE: Final = frozenset({LinkState.CREATED, LinkState.SENT, LinkState.OPENED, LinkState.PAYING})
"""In these states the page leads on to the gateway."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written down; `payment` is the one that pays it, `standing` that payment's state."""

    id: LinkId
    account: AccountId
    amount: Money
    created_at: datetime
    expires_at: datetime
    call: CallId | None = None
    description: str = ""
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    cancelled_at: datetime | None = None
    payment: PaymentId | None = None
    standing: State | None = None

    @property
    def begun(self) -> bool:
        """Whether its payment was written down, and is not over without money."""
        return self.standing is not None and self.standing not in OVER

    def state(self, now: datetime) -> LinkState:
        """How far it is at that time."""
        if self.standing in TAKEN:
            return LinkState.PAID
        if self.cancelled_at is not None:
            return LinkState.CANCELLED
        if self.begun:
            return LinkState.PAYING
        if now >= self.expires_at:
            return LinkState.EXPIRED
        if self.opened_at is not None:
            return LinkState.OPENED
        return LinkState.SENT if self.sent_at is not None else LinkState.CREATED


def new_token() -> str:
    """What stands in the address: 192 random bits in 32 characters."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> bytes:
    """What is kept of a token. It has no salt and needs none: nobody can guess 192 bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def check_amount(amount: Money) -> None:
    """Raises BadInput unless it is above zero."""
    if amount.minor <= 0:
        raise BadInput(f"a link asks for an amount above zero, not for {amount}")
