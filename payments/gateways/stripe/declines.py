"""Stripe's words for a refusal, in ours: https://docs.stripe.com/declines/codes."""

from collections.abc import Mapping
from types import MappingProxyType

from payments.outcome import DeclineCode, Declined

_CODES: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "approve_with_id": DeclineCode.PROCESSING_ERROR,
        "authentication_not_handled": DeclineCode.AUTHENTICATION_REQUIRED,
        "authentication_required": DeclineCode.AUTHENTICATION_REQUIRED,
        "call_issuer": DeclineCode.DO_NOT_HONOR,
        "card_decline_rate_limit_exceeded": DeclineCode.LIMIT_EXCEEDED,
        "card_not_supported": DeclineCode.NOT_SUPPORTED,
        "card_velocity_exceeded": DeclineCode.LIMIT_EXCEEDED,
        "currency_not_supported": DeclineCode.NOT_SUPPORTED,
        "do_not_honor": DeclineCode.DO_NOT_HONOR,
        "do_not_try_again": DeclineCode.LOST_OR_STOLEN,
        "expired_card": DeclineCode.EXPIRED_CARD,
        "fraudulent": DeclineCode.SUSPECTED_FRAUD,
        "generic_decline": DeclineCode.DO_NOT_HONOR,
        "highest_risk_level": DeclineCode.SUSPECTED_FRAUD,
        "incorrect_cvc": DeclineCode.WRONG_CODE,
        "incorrect_number": DeclineCode.WRONG_NUMBER,
        "incorrect_zip": DeclineCode.WRONG_POSTAL_CODE,
        "insufficient_funds": DeclineCode.INSUFFICIENT_FUNDS,
        "invalid_account": DeclineCode.NOT_SUPPORTED,
        "invalid_amount": DeclineCode.LIMIT_EXCEEDED,
        "invalid_cvc": DeclineCode.WRONG_CODE,
        "invalid_expiry_month": DeclineCode.WRONG_EXPIRY,
        "invalid_expiry_year": DeclineCode.WRONG_EXPIRY,
        "invalid_number": DeclineCode.WRONG_NUMBER,
        "issuer_not_available": DeclineCode.PROCESSING_ERROR,
        "lost_card": DeclineCode.LOST_OR_STOLEN,
        "merchant_blacklist": DeclineCode.SUSPECTED_FRAUD,
        "new_account_information_available": DeclineCode.NOT_SUPPORTED,
        "no_action_taken": DeclineCode.DO_NOT_HONOR,
        "not_permitted": DeclineCode.NOT_SUPPORTED,
        "pickup_card": DeclineCode.LOST_OR_STOLEN,
        "processing_error": DeclineCode.PROCESSING_ERROR,
        "reenter_transaction": DeclineCode.PROCESSING_ERROR,
        "restricted_card": DeclineCode.LOST_OR_STOLEN,
        "revocation_of_all_authorizations": DeclineCode.LOST_OR_STOLEN,
        "revocation_of_authorization": DeclineCode.LOST_OR_STOLEN,
        "security_violation": DeclineCode.SUSPECTED_FRAUD,
        "service_not_allowed": DeclineCode.NOT_SUPPORTED,
        "stolen_card": DeclineCode.LOST_OR_STOLEN,
        "stop_payment_order": DeclineCode.LOST_OR_STOLEN,
        "transaction_not_allowed": DeclineCode.NOT_SUPPORTED,
        "try_again_later": DeclineCode.PROCESSING_ERROR,
        "withdrawal_count_limit_exceeded": DeclineCode.LIMIT_EXCEEDED,
    }
)


def declined(code: str, decline_code: str, ref: str = "") -> Declined:
    """A card error in our words: the decline code says more than the code, where there is one."""
    word = decline_code or code
    return Declined(_CODES.get(word, _CODES.get(code, DeclineCode.OTHER)), word, ref)
