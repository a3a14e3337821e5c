"""An account at Square, and what can be done with it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateways.square.declines import AFTER

# a location charges in the currency of its country: https://developer.squareup.com/docs/international-development
_PLACES: Final = {"AUD": 2, "CAD": 2, "EUR": 2, "GBP": 2, "JPY": 0, "USD": 2}

CAPABILITIES: Final = Capabilities(
    can=Can.CHARGE
    | Can.AUTHORIZE
    | Can.REFUND
    | Can.PARTIAL_REFUND
    | Can.STORE_CARD
    | Can.LINK
    | Can.FIELDS
    | Can.DISPUTES
    | Can.CONTEST
    | Can.WEBHOOKS
    | Can.SETTLEMENT,
    currencies=Currencies(_PLACES),
    brands=frozenset({"visa", "mastercard", "amex", "discover", "jcb", "diners-club"}),
    after=AFTER,
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at Square, one location of it and that location's currency.

    `application` is the id that card fields on a page of ours are loaded with. `webhook_key` is the signature
    key of the webhook, and `webhook_url` its address exactly as Square knows it, for Square signs that too.
    """

    token: str = field(repr=False)
    location: str
    currency: str = "USD"
    application: str = ""
    url: str = "https://connect.squareup.com"
    script: str = "https://web.squarecdn.com/v1/square.js"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "square"
    webhook_key: str = field(default="", repr=False)
    webhook_url: str = ""


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do, which may be less than Square could."""
    lacking = Can(0) if account.application else Can.FIELDS
    if not (account.webhook_key and account.webhook_url):
        lacking |= Can.WEBHOOKS | Can.DISPUTES
    places = {account.currency: _PLACES[account.currency]}
    return replace(CAPABILITIES, can=CAPABILITIES.can & ~lacking, currencies=Currencies(places))
