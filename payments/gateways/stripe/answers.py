"""Stripe's answers and silences, as outcomes."""

from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import stripe

from payments.gateway import VOIDED
from payments.gateways.stripe.declines import declined
from payments.outcome import (
    Approved,
    DeclineCode,
    Declined,
    NotAttempted,
    Outcome,
    Pending,
    RequiresAction,
    Unknown,
)

Json = Mapping[str, Any]
"""An object of Stripe's. The SDK's own objects raise for a key that happens not to be there."""

NO_ANSWER = (stripe.StripeError, aiohttp.ClientError, TimeoutError)
"""What the SDK raises; a body that breaks off comes as aiohttp's own error."""

_SERVER_ERROR = 500
_CONFLICT = 409


def of_intent(intent: Json) -> Outcome:
    """What an intent's status means (https://docs.stripe.com/payments/paymentintents/lifecycle)."""
    ref = intent["id"]
    match intent["status"]:
        case "succeeded":
            return Approved(ref)
        case "requires_capture":
            return Approved(ref, captured=False)
        case "processing":
            return Pending(ref)
        case "requires_action":
            action = intent.get("next_action") or {}
            if (small := action.get("verify_with_microdeposits")) is not None:
                page = small.get("hosted_verification_url") or "Stripe's page"
                return Pending(ref, f"the account's holder confirms the small deposits on {page}")
            return RequiresAction(ref, (action.get("redirect_to_url") or {}).get("url") or "")
        case _:
            return _of_unpaid(intent)


def of_refund(refund: Json) -> Outcome:
    """What a refund's status means (https://docs.stripe.com/api/refunds/object#refund_object-status)."""
    match refund["status"]:
        case "failed" | "canceled":
            return Declined(DeclineCode.OTHER, refund.get("failure_reason") or refund["status"], refund["id"])
        case "pending" | "requires_action":
            return Pending(refund["id"])
        case _:
            return Approved(refund["id"])


def of_error(error: BaseException, ref: str = "") -> Outcome:
    """What an exception of the SDK means: a refusal, surely nothing, or nobody knows."""
    match error:
        case stripe.CardError():
            return of_card_error(cast("Json", error.json_body or {}), ref)
        case stripe.APIConnectionError() if error.__cause__ is not None:
            return of_error(error.__cause__, ref)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotAttempted(f"Stripe could not be reached ({type(error).__name__})")
        case stripe.IdempotencyError():
            return Unknown("the key was used for another order")  # whose answer is what counts
        case stripe.StripeError() if error.http_status is not None:
            return of_status(error.http_status, error.code or type(error).__name__)
        case _:
            return Unknown(f"no answer from Stripe ({type(error).__name__})")


def of_failure(error: BaseException) -> Declined | NotAttempted | Unknown:
    """The same, where nothing is charged and so nothing can have been approved."""
    match of_error(error):
        case Declined() | NotAttempted() | Unknown() as outcome:
            return outcome
        case outcome:
            return Unknown(f"Stripe answered {type(outcome).__name__} to an error")


def of_status(status: int, word: str) -> NotAttempted | Unknown:
    """What an HTTP error other than a card's means (https://docs.stripe.com/error-low-level)."""
    if status >= _SERVER_ERROR or status == _CONFLICT:
        return Unknown(f"Stripe answered {status} ({word})")
    return NotAttempted(f"Stripe did not take the request: {status} ({word})")


def of_card_error(body: Json, ref: str = "") -> Declined:
    """The refusal in the JSON of an error of type card_error; `ref` is the intent's, where it is known."""
    error = body.get("error") or {}
    intent = error.get("payment_intent") or {}
    return _declined(error, intent.get("id") or ref)


def _of_unpaid(intent: Json) -> Declined | NotAttempted | RequiresAction:
    if intent["status"] == "canceled":
        return Declined(DeclineCode.OTHER, VOIDED, intent["id"])
    if (intent.get("metadata") or {}).get("page"):
        return RequiresAction(intent["id"], "")  # whose card was refused on a page may take another there
    error = intent.get("last_payment_error")
    return _declined(error, intent["id"]) if error else NotAttempted("the payment was never confirmed")


def _declined(error: Json, ref: str) -> Declined:
    return declined(error.get("code") or "", error.get("decline_code") or "", ref)
