"""Bank accounts at Stripe: https://docs.stripe.com/payments/ach-direct-debit."""

from typing import Final
from urllib.parse import quote_plus

from stripe.params import PaymentIntentCreateParams

from payments.bank import AccountType, Holder
from payments.gateways.stripe import answers
from payments.orders import Charge
from payments.outcome import DeclineCode, Declined, NotAttempted, Unknown
from payments.wire import CardForm, Part, Reply

CURRENCY: Final = "USD"
_KINDS: Final = {
    AccountType.CONSUMER_CHECKING: "[account_holder_type]=individual&us_bank_account[account_type]=checking",
    AccountType.CONSUMER_SAVINGS: "[account_holder_type]=individual&us_bank_account[account_type]=savings",
    AccountType.COMMERCIAL_CHECKING: "[account_holder_type]=company&us_bank_account[account_type]=checking",
}
_WRONG: Final = frozenset({"routing_number_invalid", "account_number_invalid"})


def form(holder: Holder) -> CardForm:
    """The request for a payment method; Stripe asks for the holder's name."""
    whose = f"&us_bank_account{_KINDS[holder.kind]}&billing_details[name]={quote_plus(holder.name)}"
    return CardForm(
        "/v1/payment_methods",
        "application/x-www-form-urlencoded",
        before=(
            b"type=us_bank_account&us_bank_account[routing_number]=",
            Part.ROUTING,
            b"&us_bank_account[account_number]=",
            Part.ACCOUNT,
        ),
        code=(),
        end=whose.encode(),
    )


def intent(charge: Charge, count: int) -> PaymentIntentCreateParams:
    """A debit that the holder agreed to by telephone, which Stripe calls offline.

    An account whose numbers were only told waits for small deposits first, then some four days for the bank.
    """
    params: PaymentIntentCreateParams = {
        "amount": count,
        "currency": CURRENCY.lower(),
        "payment_method": charge.token.value,
        "allowed_payment_method_types": ["us_bank_account"],
        "confirm": True,
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
        "payment_method_options": {"us_bank_account": {"verification_method": "microdeposits"}},
        "metadata": {"payment": charge.payment},
    }
    if charge.description:
        params["description"] = charge.description
    if charge.token.owner:
        params["customer"] = charge.token.owner
    return params


def refused(reply: Reply) -> Declined | NotAttempted | Unknown:
    """What an answer other than 200 means: numbers that no bank has are a refusal, and end the search."""
    code = reply.body.get("error", {}).get("code", "no code")
    if code in _WRONG:
        return Declined(DeclineCode.WRONG_NUMBER, code)
    return answers.of_status(reply.status, code)
