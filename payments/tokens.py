"""Tokens: a card traded for one, made reusable, and kept for later."""

import secrets

from core.clock import Clock
from core.errors import BadInput
from payments.asking import Asking
from payments.attempt import Attempt
from payments.bank import Holder
from payments.card import CardEntry
from payments.gateway import STORE, TOKENIZE, TOKENIZE_ACCOUNT, Gateway
from payments.job import Job
from payments.limits import Limits
from payments.methods import Keep, KeptMethods, MethodId, StoredCard
from payments.orders import Owner, Token
from payments.outcome import DeclineCode, Declined, NotAttempted, RequiresAction, Unknown
from payments.purchase import Operation, Purchase
from payments.vault import SealedAccount

NoToken = Declined | NotAttempted


class Tokens:
    """Makes tokens at gateways; a token moves no money, so a silence here is never UNKNOWN."""

    def __init__(self, methods: KeptMethods, asking: Asking, clock: Clock, limits: Limits) -> None:
        self._methods, self._asking = methods, asking
        self._clock, self._limits = clock, limits

    async def token(self, job: Job, attempt: Attempt, gateway: Gateway, key: str) -> Token | NoToken:
        """The token to charge at this gateway, for what was keyed in or for a stored card."""
        card = job.order.card
        if isinstance(card, StoredCard):
            return card.token
        if isinstance(card, SealedAccount) and job.entry is not None:
            return await self.of_account(attempt.purchase, gateway, job.entry, job.order.holder, key)
        taking = TOKENIZE.of(gateway)
        if taking is None or job.entry is None:
            return NotAttempted(f"{gateway.name} takes no card on a call")
        entry = job.entry
        token = await self._asking.ask(
            attempt.purchase,
            gateway,
            Operation.TOKENIZE,
            lambda: taking.tokenize(entry, f"{key}_token"),
            self._limits.tokenize_s,
        )
        if isinstance(token, Unknown):
            return NotAttempted(token.why)
        if isinstance(token, Token) and job.order.keep in {Keep.REUSABLE, Keep.PAYMENT_METHOD}:
            return await self.reusable(attempt.purchase, gateway, token, key)
        return token

    async def of_account(
        self, purchase: Purchase, gateway: Gateway, entry: CardEntry, holder: Holder | None, key: str
    ) -> Token | NoToken:
        """The token of a keyed-in bank account; without a holder the customer's id is told."""
        taking = TOKENIZE_ACCOUNT.of(gateway)
        if taking is None:
            return NotAttempted(f"{gateway.name} takes no bank account on a call")
        whose = holder or Holder(purchase.account)
        token = await self._asking.ask(
            purchase,
            gateway,
            Operation.TOKENIZE,
            lambda: taking.tokenize_account(entry, whose, f"{key}_token"),
            self._limits.tokenize_s,
        )
        return NotAttempted(token.why) if isinstance(token, Unknown) else token

    async def reusable(self, purchase: Purchase, gateway: Gateway, token: Token, key: str) -> Token | NoToken:
        """The token made good for many charges, for the customer of the purchase."""
        storing = STORE.of(gateway)
        if storing is None:
            return NotAttempted(f"{gateway.name} stores no cards")
        owner = Owner(purchase.account, await self._methods.owner(purchase.account, gateway.name))
        answer = await self._asking.ask(
            purchase,
            gateway,
            Operation.STORE,
            lambda: storing.store(token, owner, f"{key}_store"),
            self._limits.tokenize_s,
        )
        match answer:
            case RequiresAction(ref):
                return Declined(DeclineCode.AUTHENTICATION_REQUIRED, "requires_action", ref)
            case Unknown(why):
                return NotAttempted(why)
            case Token() | Declined() | NotAttempted():
                return answer

    async def keep(self, job: Job, attempt: Attempt, token: Token) -> StoredCard:
        """Write a token down as a card of the order's account; raises StoreLost."""
        if isinstance(job.order.card, StoredCard):
            return job.order.card
        if isinstance(job.order.card, SealedAccount):
            raise BadInput("a bank account is kept by Desk.keep_account, and by no order")
        stored = StoredCard(
            id=MethodId(f"pm_{secrets.token_hex(12)}"),
            account=job.order.account,
            token=token,
            brand=job.order.card.brand,
            last4=job.order.card.last4,
            created_at=self._clock.now(),
            fingerprint=attempt.purchase.fingerprint,
            listed=job.order.keep is Keep.PAYMENT_METHOD,
        )
        await self._methods.keep(stored)
        return stored
