"""What payment links need written down."""

from dataclasses import dataclass
from typing import Final, Protocol

from core.ids import PaymentId
from payments.links.link import Link, LinkId
from payments.orders import Page

FIRST_S: Final = 60.0
"""How long after the payer left for the gateway a link is looked at first."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The one payment that pays the link; `page` is the gateway's page, once it was made."""

    payment: PaymentId
    page: Page | None


class Links(Protocol):
    """Where links are written down, each change with its fact. Raises StoreLost when it does not answer."""

    async def add(self, link: Link, token_hash: bytes) -> None:
        """A new link, with the job that notices when nobody paid it in time."""
        ...

    async def by_token(self, token_hash: bytes) -> Link | None:
        """The link of an address."""
        ...

    async def find(self, link: LinkId) -> Link | None:
        """One link."""
        ...

    async def sent(self, link: LinkId) -> None:
        """Note that it was sent; the first time counts."""
        ...

    async def opened(self, link: LinkId) -> None:
        """Note that it was opened; the first time counts."""
        ...

    async def claim(self, link: LinkId, payment: PaymentId) -> Claimed:
        """Make `payment` the one that pays the link, unless another one does and is not over: then that one.

        Everybody who claims at the same time gets the same answer. A link with a new payment is watched.
        """
        ...

    async def watch(self, link: LinkId, times: int, after_s: float) -> None:
        """Have the link looked at after that time, when it was looked at `times` before."""
        ...

    async def keep_page(self, link: LinkId, payment: PaymentId, page: Page) -> None:
        """Write down the page that was made for the payment."""
        ...
