"""Reserved money, taken or let go later: written down before the gateway hears of it, like a charge."""

from collections.abc import Awaitable, Callable, Mapping

from core.ids import PaymentId
from core.money import Money
from payments.asking import asked
from payments.capabilities import Can
from payments.gateway import HOLD, Gateway, Holds
from payments.limits import Limits
from payments.mistakes import BadAmount, CannotDo, NoSuchPayment, UnknownGateway, must_be_positive
from payments.outcome import Approved, Declined, NotAttempted, Outcome
from payments.session import State
from payments.store import Move, Payment, Payments
from payments.writing import write


class Holding:
    """Captures and voids reservations. What is done already is not done twice: ask as often as you like."""

    def __init__(self, payments: Payments, gateways: Mapping[str, Gateway], limits: Limits) -> None:
        self._payments, self._gateways, self._limits = payments, gateways, limits

    async def capture(self, payment: PaymentId, amount: Money | None) -> Payment:
        """Take reserved money, all of it without `amount`; the payment as it then stands.

        CAPTURED when it is done, AUTHORIZED when the gateway said no, CAPTURING while nobody knows.
        Raises NoSuchPayment, BadAmount, CannotDo, UnknownGateway, StoreLost.
        """
        found, holding = await self._reserved(payment)
        wanted = amount or found.amount
        must_be_positive(wanted)
        if wanted > Money(found.amount.minor, wanted.currency) or wanted.currency != found.amount.currency:
            raise BadAmount(f"{wanted} cannot be taken: {found.amount} was reserved by {payment}")
        if wanted != found.amount and Can.PARTIAL_CAPTURE not in holding.capabilities.can:
            raise CannotDo(f"{holding.name} takes reserved money whole only, {found.amount} of {payment}")
        begun = await self._payments.move(payment, Move(State.CAPTURING, amount=wanted))
        if begun.state is not State.CAPTURING or begun.captured_minor != wanted.minor:
            return begun
        key = f"{found.key}_capture_{wanted.minor}"
        return await self._done(
            begun, holding, lambda: holding.capture(begun.ref, wanted, key), State.CAPTURED, wanted
        )

    async def void(self, payment: PaymentId) -> Payment:
        """Let reserved money go; the payment as it then stands: VOIDED, AUTHORIZED, or VOIDING.

        Raises NoSuchPayment, CannotDo, UnknownGateway, StoreLost.
        """
        found, holding = await self._reserved(payment)
        begun = await self._payments.move(payment, Move(State.VOIDING))
        if begun.state is not State.VOIDING:
            return begun
        key = f"{found.key}_void"
        return await self._done(begun, holding, lambda: holding.void(begun.ref, key), State.VOIDED, None)

    async def _reserved(self, payment: PaymentId) -> tuple[Payment, Holds]:
        found = await self._payments.find(payment)
        if found is None:
            raise NoSuchPayment(payment)
        gateway = self._gateways.get(found.gateway)
        if gateway is None:
            raise UnknownGateway(found.gateway)
        holding = HOLD.of(gateway)
        if holding is None:
            raise CannotDo(f"{gateway.name} reserves no money: {payment} was taken at once")
        return found, holding

    async def _done(
        self,
        begun: Payment,
        gateway: Gateway,
        call: Callable[[], Awaitable[Outcome]],
        to: State,
        amount: Money | None,
    ) -> Payment:
        outcome = await asked(gateway, call, self._limits.purchase_s)
        match outcome:
            case Approved():
                return await write(self._payments, begun, Move(to, amount=amount))
            case Declined(code, gateway_code):
                said = f"{code.value} ({gateway_code})"
                return await write(self._payments, begun, Move(State.AUTHORIZED, reason=said))
            case NotAttempted(why):
                return await write(self._payments, begun, Move(State.AUTHORIZED, reason=why))
            case _:
                return begun  # nobody knows: the reconciler asks
