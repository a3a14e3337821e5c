"""Offering to pay by UPI: a request goes to the caller's telephone, and the line waits for the answer."""

from enum import Enum
from typing import Final

import structlog

from core.errors import StoreLost
from core.money import Money
from ivr.accounts import Account
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Unanswered
from ivr.result import CallResult
from ivr.steps.menu import ask_yes_no
from ivr.steps.repeat import say_and_repeat
from payments.links.opening import NotNow
from payments.links.requesting import Requested, UpiRequests
from payments.session import TAKEN, State
from payments.store import Payment

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_CODE_GROUP: Final = 4
_OPEN: Final = frozenset({State.PENDING, State.UNKNOWN, State.ACTION_REQUIRED, State.AUTHORIZED})


class ByUpi(Enum):
    """What came of the offer."""

    DONE = "done"  # the call's result says what it came to, and the caller has heard it
    ELSEWISE = "elsewise"  # nothing was charged; another way to pay may be offered


async def offer_upi(line: Line, upi: UpiRequests, account: Account, amount: Money) -> ByUpi | Unanswered:
    """Offer it where it is possible, have the request sent, and wait for what comes of it."""
    if not upi.possible(amount, line.caller):
        return ByUpi.ELSEWISE
    match await ask_yes_no(line, "upi", Prompt("offer_upi", amount=amount)):
        case Unanswered() as unanswered:
            return unanswered
        case False:
            return ByUpi.ELSEWISE
        case True:
            return await _ask(line, upi, account, amount)


async def _ask(line: Line, upi: UpiRequests, account: Account, amount: Money) -> ByUpi:
    line.result = CallResult.PENDING
    try:
        requested = await upi.ask(account.id, amount, line.caller, call=line.call)
    except StoreLost as error:
        requested = NotNow(str(error))
    if isinstance(requested, NotNow):
        log.warning("no request by UPI", call=line.call, why=requested.why)
        line.result = CallResult.PAYMENT_UNAVAILABLE
        await line.say(Prompt("upi_not_sent"))
        return ByUpi.ELSEWISE
    return await _told(
        line, amount, await line.say_during(Prompt("upi_sent"), lambda: _answer(upi, requested))
    )


async def _answer(upi: UpiRequests, requested: Requested) -> Payment:
    try:
        return await upi.answer(requested)
    except StoreLost as error:
        log.warning("the answer by UPI cannot be read", payment=requested.payment.id, error=str(error))
        return requested.payment


async def _told(line: Line, amount: Money, payment: Payment) -> ByUpi:
    if payment.state in TAKEN:
        line.result = CallResult.PAID
        code = Digits(payment.receipt, group=_CODE_GROUP)
        await say_and_repeat(line, "receipt", Prompt("paid", amount=amount, code=code))
        return ByUpi.DONE
    if payment.state in _OPEN:
        await line.say(Prompt("upi_later"))
        return ByUpi.DONE
    line.result = CallResult.DECLINED
    await line.say(Prompt("upi_declined"))
    return ByUpi.ELSEWISE
