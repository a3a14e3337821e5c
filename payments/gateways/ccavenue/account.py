"""An account at CCAvenue, and what can be done with it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies

CAPABILITIES: Final = Capabilities(
    can=Can.REFUND | Can.PARTIAL_REFUND | Can.LINK | Can.SETTLEMENT | Can.FETCH_REPORT,
    currencies=Currencies(dict.fromkeys(("AED", "EUR", "GBP", "INR", "SGD", "USD"), 2)),
    brands=frozenset({"visa", "mastercard", "amex", "maestro", "rupay", "diners-club", "jcb"}),
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at CCAvenue, which must confirm orders by itself ("auto confirmation" in its panel).

    The addresses that call its API must be registered there. It takes rupees, and with `international` more.
    """

    merchant: str
    access_code: str
    working_key: str = field(repr=False)
    international: bool = False
    url: str = "https://secure.ccavenue.com"
    api_url: str = "https://api.ccavenue.com"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "ccavenue"


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do, which may be less than CCAvenue could."""
    if account.international:
        return CAPABILITIES
    return replace(CAPABILITIES, currencies=Currencies({"INR": 2}))
