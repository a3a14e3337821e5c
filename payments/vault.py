"""Cards between the keypad and the gateway: held in locked memory for a short while, and opened once."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
import structlog
from anyio.abc import TaskStatus

from core.errors import BadInput, CannotKeepSecret
from payments.brand import Brand
from payments.card import CardEntry

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SealedCard:
    """A card in the vault, as the rest of the house may know it: `last4` digits and no more."""

    id: str
    brand: Brand
    last4: str


@dataclass(frozen=True, slots=True)
class SealedAccount:
    """A bank account in the vault: two digits, and no more, may be known of it."""

    id: str
    last2: str


Sealed = SealedCard | SealedAccount


class Vault:
    """Holds complete cards and bank accounts, at most `limit` of them and each at most `ttl_s` seconds.

    A card leaves once: used, dropped or too old, its digits are overwritten. `run` belongs to the node's
    task group; `now` tells seconds on a monotonic scale. PCI DSS 3.3.1: nothing here outlives the process.
    """

    def __init__(
        self, ttl_s: float = 120.0, limit: int = 1000, now: Callable[[], float] = anyio.current_time
    ) -> None:
        self._ttl_s, self._limit, self._now = ttl_s, limit, now
        self._held: dict[str, tuple[float, CardEntry]] = {}

    def seal(self, entry: CardEntry) -> SealedCard:
        """Take a complete card over; from here on the vault closes it.

        Raises BadInput when a field is not finished, CannotKeepSecret when the vault is full: the entry
        then stays the caller's.
        """
        brand = entry.brand
        if brand is None or not entry.complete:
            raise BadInput("a card is sealed when its number, expiry and code are finished; this one is not")
        sealed = SealedCard(f"card_{secrets.token_hex(12)}", brand, entry.last4)
        self._hold(sealed.id, entry)
        return sealed

    def seal_account(self, entry: CardEntry) -> SealedAccount:
        """Take a complete bank account over, as `seal` does a card."""
        if not entry.last2 or not entry.complete:
            raise BadInput("a bank account is sealed when both its numbers are finished; this one is not")
        sealed = SealedAccount(f"bank_{secrets.token_hex(12)}", entry.last2)
        self._hold(sealed.id, entry)
        return sealed

    @contextmanager
    def opened(self, card: Sealed) -> Iterator[CardEntry | None]:
        """The card itself, once, for as long as the `with` lasts; None when it was used or grew too old.

        For the payments room only.
        """
        self.sweep()
        _, entry = self._held.pop(card.id, (0.0, None))
        try:
            yield entry
        finally:
            if entry is not None:
                entry.close()

    def drop(self, card: Sealed) -> None:
        """Overwrite a card that will not be used. Dropping it twice does nothing."""
        with self.opened(card):
            pass

    def sweep(self) -> None:
        """Overwrite the cards that grew too old."""
        now = self._now()
        for name in [name for name, (until, _) in self._held.items() if until <= now]:
            self._held.pop(name)[1].close()
            log.info("card left unused was wiped", card=name)

    def wipe_all(self) -> None:
        """Overwrite every card: the process is about to stop."""
        while self._held:
            self._held.popitem()[1][1].close()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Sweep once a second until cancelled; then overwrite what is left."""
        task_status.started()
        try:
            while True:
                await anyio.sleep(1)
                self.sweep()
        finally:
            self.wipe_all()

    def _hold(self, name: str, entry: CardEntry) -> None:
        self.sweep()
        if len(self._held) >= self._limit:
            raise CannotKeepSecret(f"the vault already holds {self._limit} cards: this one is not taken")
        self._held[name] = (self._now() + self._ttl_s, entry)

    def __len__(self) -> int:
        return len(self._held)
