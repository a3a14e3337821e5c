"""An account at Stripe, and what can be done with it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.gateways.stripe.amounts import CURRENCIES

CAPABILITIES: Final = Capabilities(
    can=Can.RAW_CARD
    | Can.BANK_DEBIT
    | Can.CHARGE
    | Can.MOTO
    | Can.AUTHORIZE
    | Can.PARTIAL_CAPTURE
    | Can.REFUND
    | Can.PARTIAL_REFUND
    | Can.STORE_CARD
    | Can.LINK
    | Can.END_PAGE
    | Can.DISPUTES
    | Can.CONTEST
    | Can.WEBHOOKS
    | Can.SETTLEMENT,
    currencies=CURRENCIES,
    brands=frozenset({"visa", "mastercard", "amex", "discover", "jcb", "diners-club"}),
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at Stripe.

    `moto` marks payments as telephone orders, which Stripe must have allowed; raw cards need its "raw card
    data APIs", in test mode too. `authority` is a PEM file to trust instead of the system's: the emulator's.
    Without the endpoint's `webhook_secret` no webhook is believed, and none is declared.
    """

    key: str = field(repr=False)
    moto: bool = False
    url: str = "https://api.stripe.com"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "stripe"
    webhook_secret: str = field(default="", repr=False)


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do, which may be less than Stripe could."""
    lacking = Can(0)
    if not account.moto:
        lacking |= Can.MOTO
    if not account.webhook_secret:
        lacking |= Can.WEBHOOKS | Can.DISPUTES
    return replace(CAPABILITIES, can=CAPABILITIES.can & ~lacking)
