"""Razorpay's reasons for a refusal, in our words: https://razorpay.com/docs/errors/payments/list/."""

from collections.abc import Mapping
from types import MappingProxyType

from payments.outcome import DeclineCode
from payments.refusal import Next

_REASONS: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "authentication_failed": DeclineCode.AUTHENTICATION_REQUIRED,
        "authorisation_declined_by_psp": DeclineCode.DO_NOT_HONOR,
        "bank_account_invalid": DeclineCode.NOT_SUPPORTED,
        "bank_technical_error": DeclineCode.PROCESSING_ERROR,
        "card_declined": DeclineCode.DO_NOT_HONOR,
        "card_expired": DeclineCode.EXPIRED_CARD,
        "card_not_enrolled": DeclineCode.NOT_SUPPORTED,
        "card_number_invalid": DeclineCode.WRONG_NUMBER,
        "credit_to_beneficiary_failed": DeclineCode.PROCESSING_ERROR,
        "customer_action_required": DeclineCode.AUTHENTICATION_REQUIRED,
        "debit_declined": DeclineCode.DO_NOT_HONOR,
        "debit_instrument_blocked": DeclineCode.LOST_OR_STOLEN,
        "debit_instrument_inactive": DeclineCode.NOT_SUPPORTED,
        "gateway_technical_error": DeclineCode.PROCESSING_ERROR,
        "incorrect_card_details": DeclineCode.WRONG_NUMBER,
        "incorrect_card_expiry_date": DeclineCode.WRONG_EXPIRY,
        "incorrect_cvv": DeclineCode.WRONG_CODE,
        "incorrect_otp": DeclineCode.AUTHENTICATION_REQUIRED,
        "incorrect_pin": DeclineCode.AUTHENTICATION_REQUIRED,
        "insufficient_funds": DeclineCode.INSUFFICIENT_FUNDS,
        "international_transaction_not_allowed": DeclineCode.NOT_SUPPORTED,
        "invalid_vpa": DeclineCode.WRONG_NUMBER,
        "issuer_technical_error": DeclineCode.PROCESSING_ERROR,
        "mandate_not_active": DeclineCode.AUTHENTICATION_REQUIRED,
        "payment_cancelled": DeclineCode.OTHER,
        "payment_collect_request_expired": DeclineCode.OTHER,
        "payment_declined": DeclineCode.DO_NOT_HONOR,
        "payment_failed": DeclineCode.DO_NOT_HONOR,
        "payment_risk_check_failed": DeclineCode.SUSPECTED_FRAUD,
        "payment_timed_out": DeclineCode.OTHER,
        "transaction_daily_limit_exceeded": DeclineCode.LIMIT_EXCEEDED,
        "transaction_limit_exceeded": DeclineCode.LIMIT_EXCEEDED,
        "transaction_not_permitted": DeclineCode.NOT_SUPPORTED,
        "vpa_resolution_failed": DeclineCode.WRONG_NUMBER,
    }
)

AFTER: Mapping[str, Next] = MappingProxyType({"gateway_technical_error": Next.ELSEWHERE})


def word_for(reason: str) -> DeclineCode:
    """Our word for the reason of a payment that failed."""
    return _REASONS.get(reason, DeclineCode.OTHER)


def is_refusal(reason: str) -> bool:
    """Whether a reason is about the payer's means, and not about our request."""
    return reason in _REASONS
