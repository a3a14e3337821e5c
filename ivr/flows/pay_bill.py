"""The flow that takes a payment for a bill."""

from typing import Final

import structlog

from core.money import Money
from ivr.accounts import Account
from ivr.capture.capture import Captured, NotCaptured
from ivr.capture.words import Result
from ivr.flows.card_words import BRANDS, REASONS
from ivr.flows.speak_to_agent import give_up, offer_person, speak_to_agent
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.account import ask_account, say_due
from ivr.steps.amount import ask_how_much
from ivr.steps.link import Offered, offer_link
from ivr.steps.menu import ask_yes_no
from ivr.steps.one_time_code import after_challenge
from ivr.steps.repeat import say_and_repeat
from ivr.steps.upi import ByUpi, offer_upi
from payments.taken import (
    AlreadyInProgress,
    BillChanged,
    InReview,
    NotTaken,
    Order,
    Ordered,
    Paid,
    Refused,
    Taken,
    Unconfirmed,
)
from payments.vault import SealedCard

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

CARDS: Final = 3  # the first, and two more after a refusal
_CODE_GROUP: Final = 4


async def pay_bill(line: Line, services: Services) -> CallResult:
    """Greet, find the bill, say what is due, take a card, charge it, read the receipt back."""
    await line.say(Prompt("greeting"))
    return await find_and_pay(line, services)


async def find_and_pay(line: Line, services: Services, account: Account | None = None) -> CallResult:
    """The same for a caller who was greeted already, and whose account may be known."""
    came = await take_payment(line, services, account)
    return came if isinstance(came, CallResult) else await _good_bye(line)


async def pay_for(line: Line, services: Services, account: Account) -> CallResult:
    """Ask how much, and take it; the caller has heard what is due."""
    return await _take(line, services, account) or await _good_bye(line)


async def take_payment(line: Line, services: Services, account: Account | None) -> Account | CallResult:
    """The account, when the caller is still there: `line.result` says what it came to; else how it ended."""
    found = account or await ask_account(line, services.accounts, services.account_check)
    if isinstance(found, Unanswered):
        return await give_up(line, services, found)
    await say_due(line, found)
    if found.due.minor <= 0:
        line.result = CallResult.NOTHING_DUE
        return found
    return await _take(line, services, found) or found


async def _take(line: Line, services: Services, account: Account) -> CallResult | None:
    """Below here None is a caller who is still there, and who has not heard a good-bye."""
    amount = await ask_how_much(line, account.due)
    if isinstance(amount, Unanswered):
        return await give_up(line, services, amount)
    if amount is None:
        await line.say(Prompt("not_now"))
        line.result = CallResult.DECLINED_TO_PAY
        return None
    return await _pay(line, services, account, amount)


async def _pay(line: Line, services: Services, account: Account, amount: Money) -> CallResult | None:
    """By UPI, where that is possible and wanted; else by card."""
    if services.upi is not None:
        match await offer_upi(line, services.upi, account, amount):
            case ByUpi.DONE:
                return None
            case Unanswered() as unanswered:
                return await give_up(line, services, unanswered)
            case ByUpi.ELSEWISE:
                pass
    return await _by_card(line, services, account, amount)


async def _by_card(line: Line, services: Services, account: Account, amount: Money) -> CallResult | None:
    """Try cards until one is charged, the caller stops, or the bank says never."""
    if not services.desk.takes_cards(amount):
        return await _on_a_page(line, services, account)
    for attempt in range(CARDS):
        match await line.capture_payment(services.cards, None if attempt else Prompt("card_intro")):
            case NotCaptured() as missed:
                return await _no_card(line, services, missed)
            case Captured(SealedCard() as card):
                taken = await _charge(line, services, account, amount, card)
        if not isinstance(taken, Refused):
            await _say_outcome(line, amount, taken)
            return None
        line.result = CallResult.DECLINED
        await line.say(Prompt("declined", reason=REASONS[taken.code]))
        if not taken.try_another_card or attempt == CARDS - 1:
            break
        match await ask_yes_no(line, "another card", Prompt("ask_another_card")):
            case True:
                continue
            case Unanswered.PERSON | Unanswered.UPSET:
                return await speak_to_agent(line, services)
            case _:
                return None
    return await offer_person(line, services, CallResult.DECLINED)


async def _on_a_page(line: Line, services: Services, account: Account) -> CallResult | None:
    """No gateway takes a card for it on a call: offer a link to a page that does."""
    line.result = CallResult.PAYMENT_UNAVAILABLE
    offered = await offer_link(line, services.links, account) if services.links else Offered.NOT_POSSIBLE
    match offered:
        case Offered.SENT:
            line.result = CallResult.PENDING
        case Offered.NOT_WANTED:
            line.result = CallResult.DECLINED_TO_PAY
        case Offered.NOT_POSSIBLE:
            await line.say(Prompt("payment_unavailable"))
        case _:
            return await give_up(line, services, offered)
    return None


async def _charge(line: Line, services: Services, account: Account, amount: Money, card: SealedCard) -> Taken:
    line.result = CallResult.PENDING
    one_moment = Prompt("one_moment", brand=BRANDS[card.brand], ending=Digits(card.last4))
    order = Order(amount, card, account.id, line.call, caller=line.caller)
    taken = await line.say_during(one_moment, lambda: services.desk.take(order))
    return await after_challenge(line, services, taken)


async def _say_outcome(line: Line, amount: Money, taken: Taken) -> None:
    match taken:
        case Paid(receipt=receipt):
            line.result = CallResult.PAID
            paid = Prompt("paid", amount=amount, code=Digits(receipt, group=_CODE_GROUP))
            await say_and_repeat(line, "receipt", paid)
        case Ordered(receipt=receipt):
            code = Digits(receipt, group=_CODE_GROUP)
            await line.say(Prompt("debit_ordered", amount=amount, code=code))
        case Unconfirmed():
            await line.say(Prompt("unconfirmed"))
        case AlreadyInProgress():
            await line.say(Prompt("in_progress"))
        case BillChanged():
            line.result = CallResult.BILL_CHANGED
            await line.say(Prompt("bill_changed"))
        case InReview():
            line.result = CallResult.PAYMENT_UNAVAILABLE
            await line.say(Prompt("in_review"))
        case _:  # nothing was charged
            why = taken.why if isinstance(taken, NotTaken) else type(taken).__name__
            log.warning("payment could not be taken", why=why)
            line.result = CallResult.PAYMENT_UNAVAILABLE
            await line.say(Prompt("payment_unavailable"))


async def _no_card(line: Line, services: Services, missed: NotCaptured) -> CallResult | None:
    if missed.closed is not None:  # the caller has heard why
        line.result = CallResult.PAYMENT_UNAVAILABLE
        return None
    if missed.result is Result.STAR:
        await line.say(Prompt("card_cancelled"))
        line.result = CallResult.DECLINED_TO_PAY
        return None
    await line.say(Prompt("card_failed"))
    return await offer_person(line, services, CallResult.CARD_NOT_TAKEN)


async def _good_bye(line: Line) -> CallResult:
    await line.say(Prompt("goodbye"))
    return line.result
