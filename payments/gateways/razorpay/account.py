"""An account at Razorpay, and what can be done with it."""

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateways.razorpay.declines import AFTER

# https://razorpay.com/docs/payments/international-payments: three decimals end with a zero
_TWO: Final = "AED AUD CAD CHF CNY DKK EUR GBP HKD INR MXN MYR NOK NZD QAR SAR SEK SGD THB USD ZAR"
_THREE: Final = "BHD KWD OMR"

CAPABILITIES: Final = Capabilities(
    can=Can.CHARGE
    | Can.REFUND
    | Can.PARTIAL_REFUND
    | Can.LINK
    | Can.END_PAGE
    | Can.UPI_COLLECT
    | Can.UPI_REQUEST
    | Can.DISPUTES
    | Can.WEBHOOKS
    | Can.SETTLEMENT,
    currencies=Currencies(
        {**dict.fromkeys(_TWO.split(), 2), **dict.fromkeys(_THREE.split(), 3), "JPY": 0},
        steps=dict.fromkeys(_THREE.split(), 10),
    ),
    brands=frozenset({"visa", "mastercard", "amex", "maestro", "rupay", "diners-club"}),
    after=AFTER,
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at Razorpay.

    `recurring` and `s2s` say that Razorpay allowed it to charge mandates, and to ask for money by UPI from a
    server; `upi_links`, that its UPI payment links may be used, which want live keys; `international`, that
    it may take other currencies than rupees. `email` and `contact` (E.164) go along where Razorpay wants a
    payer's and we have none: they are the shop's own. Without the `webhook_secret` no webhook is believed,
    and none is declared.
    """

    key_id: str
    key_secret: str = field(repr=False)
    email: str
    contact: str
    recurring: bool = False
    s2s: bool = False
    upi_links: bool = False
    international: bool = False
    url: str = "https://api.razorpay.com"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "razorpay"
    webhook_secret: str = field(default="", repr=False)

    @property
    def authorization(self) -> str:
        """Who asks."""
        return f"Basic {base64.b64encode(f'{self.key_id}:{self.key_secret}'.encode()).decode()}"


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do, which may be less than Razorpay could."""
    lacking = Can(0) if account.recurring else Can.CHARGE
    if not account.s2s:
        lacking |= Can.UPI_COLLECT
    if not account.upi_links:
        lacking |= Can.UPI_REQUEST
    if not account.webhook_secret:
        lacking |= Can.WEBHOOKS | Can.DISPUTES
    currencies = CAPABILITIES.currencies if account.international else Currencies({"INR": 2})
    return replace(CAPABILITIES, can=CAPABILITIES.can & ~lacking, currencies=currencies)
