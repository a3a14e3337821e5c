"""Bank accounts traded for tokens: no money moves, and the router says which gateways are asked."""

from dataclasses import dataclass

import anyio

from core.clock import Clock
from core.errors import StoreLost
from core.ids import AccountId, CallId, new_attempt_id
from core.money import Money
from payments.asking import Asking
from payments.bank import Holder
from payments.capabilities import Can
from payments.card import CardEntry
from payments.gateway import Gateway
from payments.limits import Limits
from payments.orders import Token
from payments.outcome import NotAttempted
from payments.purchase import Method, Purchase
from payments.tokens import NoToken, Tokens
from payments.vault import SealedAccount, Vault

_NOTHING = Money(0, "USD")  # of no money the currency counts nowhere
_NOBODY = NotAttempted("no gateway of this line makes tokens of bank accounts")


@dataclass(frozen=True, slots=True)
class BankOrder:
    """A token of `bank` for the customer `account`, good for many charges when `reusable`.

    `key` is the idempotency key; the bank account is used up, whatever comes of it. Without a
    `holder` the gateway is told the customer's id: nobody keys in a name.
    """

    bank: SealedAccount
    account: AccountId
    key: str
    reusable: bool = False
    call: CallId | None = None
    holder: Holder | None = None


class BankTokens:
    """Asks gateways in turn; the next only when the one before surely did nothing."""

    def __init__(self, vault: Vault, tokens: Tokens, asking: Asking, clock: Clock, limits: Limits) -> None:
        self._vault, self._tokens, self._asking = vault, tokens, asking
        self._clock, self._limits = clock, limits

    async def make(self, order: BankOrder) -> Token | NoToken:
        """The token, or why there is none."""
        purchase = Purchase(
            new_attempt_id(), self._clock.now(), _NOTHING, Method.BANK, order.account, call=order.call
        )
        answer: Token | NoToken = _NOBODY
        with self._vault.opened(order.bank) as entry:
            if entry is None:
                return NotAttempted("it was used before, or waited too long")
            for gateway in await self._route(purchase, order):
                answer = await self._at(gateway, purchase, entry, order)
                if not isinstance(answer, NotAttempted):
                    break
        return answer

    async def _route(self, purchase: Purchase, order: BankOrder) -> list[Gateway]:
        needs = Can.BANK_DEBIT | (Can.STORE_CARD if order.reusable else Can(0))
        try:
            with anyio.fail_after(self._limits.decide_s):
                route = await self._asking.router.route(purchase, needs)
        except (StoreLost, TimeoutError):
            return []
        return [choice.gateway for choice in route.choices]

    async def _at(
        self, gateway: Gateway, purchase: Purchase, entry: CardEntry, order: BankOrder
    ) -> Token | NoToken:
        token = await self._tokens.of_account(purchase, gateway, entry, order.holder, order.key)
        if isinstance(token, Token) and order.reusable:
            return await self._tokens.reusable(purchase, gateway, token, order.key)
        return token
