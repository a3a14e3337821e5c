"""An account at Braintree, and what can be done with it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateways.braintree.declines import AFTER

# https://developer.paypal.com/braintree/docs/reference/general/currencies: places as ISO 4217 has them
_TWO: Final = (
    "AED ARS AUD BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR MXN MYR NOK NZD PEN PHP PLN QAR "
    "RON SAR SEK SGD THB TRY TWD UAH USD UYU ZAR"
)
_ZERO: Final = "CLP JPY KRW PYG VND"
_PLACES: Final = {**dict.fromkeys(_TWO.split(), 2), **dict.fromkeys(_ZERO.split(), 0)}

CAPABILITIES: Final = Capabilities(
    can=Can.RAW_CARD
    | Can.CHARGE
    | Can.MOTO
    | Can.AUTHORIZE
    | Can.PARTIAL_CAPTURE
    | Can.REFUND
    | Can.PARTIAL_REFUND
    | Can.STORE_CARD
    | Can.FIELDS
    | Can.DISPUTES
    | Can.CONTEST
    | Can.WEBHOOKS
    | Can.SETTLEMENT,
    currencies=Currencies(_PLACES),
    brands=frozenset({"visa", "mastercard", "amex", "discover", "jcb", "diners-club", "maestro"}),
    after=AFTER,
)


def _dollars() -> Mapping[str, str]:
    return MappingProxyType({"USD": ""})


@dataclass(frozen=True, slots=True)
class Account:
    """An account at Braintree.

    `merchant_accounts` is Braintree's id of a merchant account for each currency; an empty id stands for the
    default one. Raw cards by API need PCI DSS SAQ D. `authority` is a PEM file to trust: the emulator's.
    Scripts and frames of its card fields come from `scripts_url` and `frames_url`, to the payer's browser.
    """

    merchant: str
    public_key: str
    private_key: str = field(repr=False)
    merchant_accounts: Mapping[str, str] = field(default_factory=_dollars)
    url: str = "https://api.braintreegateway.com"
    graphql_url: str = "https://payments.braintree-api.com"
    scripts_url: str = "https://js.braintreegateway.com"
    frames_url: str = "https://assets.braintreegateway.com"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "braintree"

    @property
    def authorization(self) -> str:
        """What proves who asks."""
        pair = f"{self.public_key}:{self.private_key}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do: Braintree charges in the currencies of its merchant accounts only."""
    places = {currency: _PLACES[currency] for currency in account.merchant_accounts}
    return replace(CAPABILITIES, currencies=Currencies(places))
