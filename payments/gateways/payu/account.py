"""An account at PayU, and what can be done with it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateways.payu.declines import AFTER

CAPABILITIES: Final = Capabilities(
    can=Can.REFUND | Can.PARTIAL_REFUND | Can.LINK | Can.WEBHOOKS | Can.SETTLEMENT | Can.FETCH_REPORT,
    currencies=Currencies({"INR": 2}),
    brands=frozenset({"visa", "mastercard", "amex", "maestro", "rupay", "diners-club"}),
    after=AFTER,
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at PayU: what is signed is signed with its `salt`.

    PayU wants a payer's name, mail address and telephone number; where we have none, the shop's own go along.
    """

    key: str
    salt: str = field(repr=False)
    email: str
    phone: str
    payer: str = "Customer"
    url: str = "https://secure.payu.in"
    api_url: str = "https://info.payu.in"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "payu"
