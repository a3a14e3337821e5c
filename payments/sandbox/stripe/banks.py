"""Stripe's bank accounts: payment methods of US accounts, and set-up intents that wait for small deposits.

https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment, https://docs.stripe.com/testing.
"""

import time
from typing import Final

from core.check_digits import aba
from payments.bank import ACCOUNT_DIGITS, SHORTEST_ACCOUNT
from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Params
from payments.sandbox.stripe import shapes
from payments.sandbox.stripe.mistakes import invalid, unknown

KIND: Final = "us_bank_account"
ACCOUNT_NUMBER: Final = "us_bank_account[account_number]"
_ROUTING_NUMBER: Final = "us_bank_account[routing_number]"
_HOLDER: Final = "us_bank_account[account_holder_type]"
_TYPE: Final = "us_bank_account[account_type]"
_NAME: Final = "billing_details[name]"
_KEYS: Final = frozenset({"type", ACCOUNT_NUMBER, _ROUTING_NUMBER, _HOLDER, _TYPE, _NAME})
_ACCEPTED: Final = "mandate_data[customer_acceptance][type]"
RIGHT_CODE: Final = "SM11AA"  # of the small deposit, for test accounts
_FAILS: Final = {"1113": "account_closed", "1116": "no_account", "2227": "insufficient_funds"}
_LANDS_S: Final = 86_400  # small deposits take a day or two


def create_method(books: Books, params: Params) -> Answer:
    """POST /v1/payment_methods, for a bank account."""
    if wrong := unknown(params, _KEYS):
        return wrong
    if not params.get(_NAME):
        return invalid("parameter_missing", f"Missing required param: {_NAME}.", _NAME)
    if params.get(_HOLDER) not in {"individual", "company"}:
        return invalid("parameter_missing", f"Missing required param: {_HOLDER}.", _HOLDER)
    if not aba(memoryview(params.get(_ROUTING_NUMBER, "").encode())):
        return invalid("routing_number_invalid", "The routing number is not correct.", _ROUTING_NUMBER)
    number = params.get(ACCOUNT_NUMBER, "")
    if not number.isdecimal() or not SHORTEST_ACCOUNT <= len(number) <= ACCOUNT_DIGITS:
        return invalid("account_number_invalid", "The account number is not correct.", ACCOUNT_NUMBER)
    facts = {
        "account_holder_type": params[_HOLDER],
        "account_type": params.get(_TYPE, "checking"),
        "last4": number[-4:],
        "routing_number": params[_ROUTING_NUMBER],
    }
    return Answer(200, books.keep(shapes.bank_method(facts, params[_NAME])))


def is_bank(method: Record) -> bool:
    """Whether a payment method is a bank account."""
    return bool(method["type"] == KIND)


def confirm(intent: Record, method: Record, params: Params) -> Answer | Record:
    """A payment intent of a bank account, once it is confirmed: its holder looks for small deposits first."""
    if intent["currency"] != "usd":
        return invalid("", "The currency provided is invalid for us_bank_account.", "currency")
    if params.get("allowed_payment_method_types[0]", KIND) != KIND:
        return invalid("", "The payment method is of a type that is not allowed.", "payment_method")
    if _ACCEPTED not in params:
        return invalid("parameter_missing", "A mandate is required for this payment method.", "mandate_data")
    return intent | {"payment_method": method["id"]} | _waiting(intent)


def settled(intent: Record, method: Record) -> tuple[Record, Record | None]:
    """What the bank says in the end of a debit that was under way, by the test account; an error or None."""
    code = _FAILS.get(method["us_bank_account"]["last4"])
    if code is None:
        return intent | {"status": "succeeded", "amount_received": intent["amount"]}, None
    error = {"type": "invalid_request_error", "code": code, "message": "The debit failed."}
    kept = {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    return intent | kept, error


def set_up(setup: Record, params: Params) -> Answer | Record:
    """A set-up intent of a bank account, once it is confirmed: its holder looks for small deposits."""
    if params.get("allowed_payment_method_types[0]", KIND) != KIND:
        return invalid("", "The payment method is of a type that is not allowed.", "payment_method")
    if _ACCEPTED not in params:
        return invalid("parameter_missing", "A mandate is required for this payment method.", "mandate_data")
    return setup | _waiting(setup)


def _waiting(intent: Record) -> Record:
    waits = {
        "arrival_date": int(time.time()) + _LANDS_S,
        "hosted_verification_url": f"https://example.com/microdeposit/{intent['id']}",
        "microdeposit_type": "descriptor_code",
    }
    return {
        "payment_method_types": [KIND],
        "status": "requires_action",
        "next_action": {"type": "verify_with_microdeposits", "verify_with_microdeposits": waits},
    }
