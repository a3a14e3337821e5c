"""What becomes of what was captured: money is taken from it, or a token is made of it."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Protocol

from core.ids import AccountId, CallId
from core.money import Money
from ivr.capture.terms import CaptureTerms
from ivr.capture.words import Result, TokenType
from payments.bank import Holder
from payments.bank_tokens import BankOrder
from payments.desk import Desk
from payments.methods import Keep
from payments.orders import Token
from payments.outcome import Declined, NotAttempted
from payments.taken import (
    AlreadyInProgress,
    BillChanged,
    Challenged,
    InReview,
    Kept,
    NotTaken,
    OnPageOnly,
    Order,
    Ordered,
    Paid,
    Refused,
    Taken,
    Unconfirmed,
)
from payments.tokens import NoToken
from payments.vault import Sealed, SealedAccount, SealedCard


@dataclass(frozen=True, slots=True)
class Settled:
    """How it went: a token, or the code of a payment; else `failure` says why, in words for a program.

    `unconfirmed` begins a failure after which nobody may charge again: the answer is still being found out.
    """

    result: Result
    token: str = ""
    confirmation: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """For what is paid: the call, and the account that is credited. `key` is the session's own.

    `caller` is the number that the call came from, or empty.
    """

    call: CallId
    account: AccountId
    key: str
    caller: str = ""


class Till(Protocol):
    """Uses up what was sealed, whatever comes of it; never raises for what a gateway may answer."""

    async def settle(self, sealed: Sealed, terms: CaptureTerms, bill: Bill) -> Settled:
        """Charge, or make a token where the terms name no charge."""
        ...


class DeskTill:
    """Charges at the Desk, and has tokens made there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def settle(self, sealed: Sealed, terms: CaptureTerms, bill: Bill) -> Settled:
        """Charge, or make a token where the terms name no charge."""
        if isinstance(sealed, SealedCard):
            return await self._take(sealed, terms, bill)
        if terms.charge and terms.charge.minor:
            return await self._debit(sealed, terms.charge, terms, bill)
        reusable = terms.token is not TokenType.ONE_TIME
        holder = _holder(terms, bill)
        order = BankOrder(sealed, bill.account, bill.key, reusable, bill.call, holder)
        return _of_token(await self._desk.keep_account(order))

    async def _debit(self, bank: SealedAccount, amount: Money, terms: CaptureTerms, bill: Bill) -> Settled:
        order = replace(_order(amount, bank, terms, bill), holder=_holder(terms, bill))
        match await self._desk.take(order):
            case Ordered(receipt) | Paid(receipt):
                return Settled(Result.SUCCESS, confirmation=receipt)
            case other:
                return _failed(_why(other))

    async def _take(self, card: SealedCard, terms: CaptureTerms, bill: Bill) -> Settled:
        amount = terms.charge or _NOTHING
        keep = Keep.NOTHING if amount.minor and terms.token is TokenType.ONE_TIME else _KEEP[terms.token]
        order = replace(_order(amount, card, terms, bill), keep=keep)
        match await self._desk.take(order):
            case Paid(receipt, kept=kept):
                return Settled(Result.SUCCESS, kept.token.value if kept else "", receipt)
            case Kept(card=kept_card):
                return Settled(Result.SUCCESS, token=kept_card.token.value)
            case other:
                return _failed(_why(other))


_NOTHING: Final = Money(0, "USD")  # of no money the currency counts nowhere
_KEEP: Final = MappingProxyType(
    {
        TokenType.ONE_TIME: Keep.ONE_TIME,
        TokenType.REUSABLE: Keep.REUSABLE,
        TokenType.PAYMENT_METHOD: Keep.PAYMENT_METHOD,
    }
)


def _order(amount: Money, sealed: Sealed, terms: CaptureTerms, bill: Bill) -> Order:
    """An application leads the conversation, and asks for no one-time code."""
    return Order(
        amount,
        sealed,
        bill.account,
        bill.call,
        terms.description,
        bill.key,
        caller=bill.caller,
        asks_code=False,
    )


def _why(taken: Taken) -> str:  # noqa: PLR0911 - a line for each answer
    match taken:
        case Refused(code):
            return f"declined: {code.value}"
        case Unconfirmed(payment):
            return f"unconfirmed {payment.id}: do not charge again"
        case AlreadyInProgress(payment=other):
            return f"unconfirmed {other}: an earlier payment of this account has no answer yet"
        case BillChanged(due):
            return f"only {due} is due by now"
        case NotTaken(why):
            return why
        case Challenged() | InReview():
            return "the fraud screen asks for more than a card; nothing was charged"
        case OnPageOnly():
            return "no gateway takes this card during a call; send a payment link"
        case _:
            return "the desk answered something else than was asked"


def _holder(terms: CaptureTerms, bill: Bill) -> Holder:
    return Holder(terms.holder or bill.account, terms.account_type)


def _of_token(made: Token | NoToken) -> Settled:
    match made:
        case Token(value=value):
            return Settled(Result.SUCCESS, token=value)
        case Declined(code):
            return _failed(f"declined: {code.value}")
        case NotAttempted(why):
            return _failed(why)


def _failed(why: str) -> Settled:
    return Settled(Result.CONNECTOR_ERROR, failure=why)
