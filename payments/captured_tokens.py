"""Cards and bank accounts traded for a gateway's token, without any money moved."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio
import structlog

from payments.card import CardEntry
from payments.gateway import STORE, TOKENIZE, TOKENIZE_ACCOUNT, Gateway
from payments.orders import Owner, Token
from payments.outcome import Declined, NotAttempted, RequiresAction, Unknown
from payments.vault import Sealed, SealedCard, Vault

log = structlog.stdlib.get_logger(__name__)

Made = Token | Declined | RequiresAction | NotAttempted | Unknown


@dataclass(frozen=True, slots=True)
class Wish:
    """A token that is good for one charge, or for many; `key` is the idempotency key."""

    key: str
    reusable: bool = False
    owner: str = ""


class CapturedTokens:
    """Asks gateways in turn; the next only when the one before surely did nothing."""

    def __init__(self, vault: Vault, gateways: Sequence[Gateway], within_s: float = 10.0) -> None:
        self._vault, self._gateways, self._within_s = vault, gateways, within_s

    async def make(self, sealed: Sealed, wish: Wish) -> Made:
        """The token, or why there is none; what was sealed is used up either way."""
        made: Made = NotAttempted("no gateway of this line gives such a token")
        with self._vault.opened(sealed) as entry:
            if entry is None:
                return NotAttempted("it was used before, or waited too long")
            for gateway in self._gateways:
                made = await self._ask(gateway, entry, wish, bank=not isinstance(sealed, SealedCard))
                if not isinstance(made, NotAttempted):
                    break
        return made

    async def _ask(self, gateway: Gateway, entry: CardEntry, wish: Wish, *, bank: bool) -> Made:
        cards, accounts, stores = TOKENIZE.of(gateway), TOKENIZE_ACCOUNT.of(gateway), STORE.of(gateway)
        made: Made = NotAttempted(f"{gateway.name} gives no such token")
        if wish.reusable and stores is None:
            return made
        try:
            with anyio.fail_after(self._within_s):
                if bank and accounts is not None:
                    made = await accounts.tokenize_account(entry, wish.key)
                elif not bank and cards is not None:
                    made = await cards.tokenize(entry, wish.key)
                if wish.reusable and stores is not None and isinstance(made, Token):
                    made = await stores.store(made, Owner(wish.owner), f"{wish.key}_store")
        except Exception as error:  # its text may carry what was sent
            log.error("gateway broke", gateway=gateway.name, error=type(error).__name__)
            made = Unknown(f"no answer of {gateway.name} ({type(error).__name__})")
        return made
