"""An account at Amazon Pay, and what can be done with it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from core.errors import BadInput
from payments.capabilities import Can, Capabilities
from payments.currencies import Currencies

_EUROPE: Final = "AUD CHF DKK EUR GBP HKD NOK NZD SEK USD ZAR"
_REGIONS: Final = {
    "na": ("https://pay-api.amazon.com", {"USD": 2}),
    "eu": ("https://pay-api.amazon.eu", dict.fromkeys(_EUROPE.split(), 2) | {"JPY": 0}),
    "jp": ("https://pay-api.amazon.jp", {"JPY": 0}),
}

CAPABILITIES: Final = Capabilities(
    can=Can.REFUND | Can.PARTIAL_REFUND | Can.LINK | Can.SETTLEMENT,
    currencies=Currencies(_REGIONS["na"][1] | _REGIONS["eu"][1]),
    brands=frozenset(),  # what the payer's account there has
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at Amazon Pay: a store, and the key pair that requests are signed with.

    `private_key` is a PEM file; `region` is na, eu or jp. Requests go to the live environment unless the
    `public_key_id` begins with SANDBOX.
    """

    store: str
    public_key_id: str
    private_key: Path
    region: str = "na"
    store_name: str = ""
    url: str = ""
    authority: Path | None = None
    connect_s: float = 5.0
    answer_s: float = 25.0
    name: str = "amazon_pay"

    @property
    def address(self) -> str:
        """Where its region is asked. Raises BadInput for a region that is none."""
        return self.url or _region(self)[0]

    @property
    def root(self) -> str:
        """What paths begin with: key ids that name their environment need no other word for it."""
        named = self.public_key_id.upper().startswith(("LIVE", "SANDBOX"))
        return "/v2" if named else "/live/v2"


def capabilities_of(account: Account) -> Capabilities:
    """What this account can do: the currencies of its region. Raises BadInput for a region that is none."""
    return replace(CAPABILITIES, currencies=Currencies(_region(account)[1]))


def _region(account: Account) -> tuple[str, dict[str, int]]:
    if account.region not in _REGIONS:
        raise BadInput(f"[{account.name}] region: one of {', '.join(_REGIONS)} is needed")
    return _REGIONS[account.region]
