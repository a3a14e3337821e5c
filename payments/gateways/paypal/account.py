"""An account at PayPal, and what can be done with it."""

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies
from payments.gateways.paypal.declines import AFTER

# https://developer.paypal.com/api/rest/reference/currency-codes: no decimals for HUF, JPY, TWD
_TWO: Final = "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD ILS MXN MYR NOK NZD PHP PLN SEK SGD THB USD"
_ZERO: Final = "HUF JPY TWD"

CAPABILITIES: Final = Capabilities(
    can=Can.RAW_CARD
    | Can.CHARGE
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
    currencies=Currencies({**dict.fromkeys(_TWO.split(), 2), **dict.fromkeys(_ZERO.split(), 0)}),
    brands=frozenset({"visa", "mastercard", "amex", "discover", "jcb", "diners-club", "maestro"}),
    after=AFTER,
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at PayPal, with advanced card payments and the vault allowed; raw cards need PCI DSS SAQ D.

    `webhook_id` names the webhook in PayPal's dashboard, and `webhook_certificates` is a PEM file of PayPal's
    signing certificates: without them no webhook is believed, and none is declared. `authority` is a PEM
    file to trust instead of the system's: the emulator's.
    """

    client_id: str
    secret: str = field(repr=False)
    url: str = "https://api-m.paypal.com"
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "paypal"
    webhook_id: str = ""
    webhook_certificates: Path | None = None

    @property
    def authorization(self) -> str:
        """What an access token is asked for with."""
        return f"Basic {base64.b64encode(f'{self.client_id}:{self.secret}'.encode()).decode()}"


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do, which may be less than PayPal could."""
    heard = account.webhook_id and account.webhook_certificates
    lacking = Can(0) if heard else Can.WEBHOOKS | Can.DISPUTES
    return replace(CAPABILITIES, can=CAPABILITIES.can & ~lacking)
