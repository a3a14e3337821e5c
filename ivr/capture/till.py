"""What becomes of what was captured: money is taken from it, or a token is made of it."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from core.ids import AccountId, CallId
from core.money import Money
from ivr.capture.terms import CaptureTerms
from ivr.capture.words import Result, TokenType
from payments.captured_tokens import CapturedTokens, Wish
from payments.desk import Desk
from payments.methods import Keep
from payments.orders import Token
from payments.outcome import Declined, NotAttempted, RequiresAction, Unknown
from payments.taken import (
    AlreadyInProgress,
    BillChanged,
    Challenged,
    Held,
    InReview,
    Kept,
    NotTaken,
    OnPageOnly,
    Order,
    Paid,
    Refused,
    Unconfirmed,
)
from payments.vault import Sealed, SealedCard


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
    """For what is paid: the call, and the account that is credited. `key` is the session's own."""

    call: CallId
    account: AccountId
    key: str


class Till(Protocol):
    """Uses up what was sealed, whatever comes of it; never raises for what a gateway may answer."""

    async def settle(self, sealed: Sealed, terms: CaptureTerms, bill: Bill) -> Settled:
        """Charge, or make a token where the terms name no charge."""
        ...


class DeskTill:
    """Charges at the Desk, and has tokens made by the same gateways."""

    def __init__(self, desk: Desk, tokens: CapturedTokens) -> None:
        self._desk, self._tokens = desk, tokens

    async def settle(self, sealed: Sealed, terms: CaptureTerms, bill: Bill) -> Settled:
        """Charge, or make a token where the terms name no charge."""
        if terms.charge is None or not terms.charge.minor:
            wish = Wish(bill.key, terms.token is not TokenType.ONE_TIME, bill.account)
            return _of_token(await self._tokens.make(sealed, wish))
        if isinstance(sealed, SealedCard):
            return await self._charge(sealed, terms.charge, terms, bill)
        return _of_token(await self._tokens.make(sealed, Wish(bill.key)), charge=True)

    async def _charge(  # noqa: PLR0911 - a line for each answer
        self, card: SealedCard, amount: Money, terms: CaptureTerms, bill: Bill
    ) -> Settled:
        keep = _KEEP[terms.token]
        order = Order(amount, card, bill.account, bill.call, terms.description, bill.key, keep=keep)
        match await self._desk.take(order):
            case Paid(receipt, kept=kept):
                return Settled(Result.SUCCESS, kept.token.value if kept else "", receipt)
            case Refused(code):
                return _failed(f"declined: {code.value}")
            case Unconfirmed(payment):
                return _failed(f"unconfirmed {payment.id}: do not charge again")
            case AlreadyInProgress(payment=other):
                return _failed(f"unconfirmed {other}: an earlier payment of this account has no answer yet")
            case BillChanged(due):
                return _failed(f"only {due} is due by now")
            case NotTaken(why):
                return _failed(why)
            case Challenged() | InReview():
                return _failed("the fraud screen asks for more than a card; nothing was charged")
            case OnPageOnly():
                return _failed("no gateway takes this card during a call; send a payment link")
            case Held() | Kept():
                return _failed("the desk reserved or kept what was to be charged")


_KEEP: Final = MappingProxyType(
    {
        TokenType.ONE_TIME: Keep.NOTHING,
        TokenType.REUSABLE: Keep.REUSABLE,
        TokenType.PAYMENT_METHOD: Keep.PAYMENT_METHOD,
    }
)


def _of_token(
    made: Token | Declined | RequiresAction | NotAttempted | Unknown, *, charge: bool = False
) -> Settled:
    match made:
        case Token() if charge:
            return _failed("nothing was charged: bank accounts are only made into tokens on this line")
        case Token(value=value):
            return Settled(Result.SUCCESS, token=value)
        case Declined(code):
            return _failed(f"declined: {code.value}")
        case RequiresAction():
            return _failed("declined: the cardholder must act elsewhere")
        case NotAttempted(why) | Unknown(why):
            return _failed(why)


def _failed(why: str) -> Settled:
    return Settled(Result.CONNECTOR_ERROR, failure=why)
