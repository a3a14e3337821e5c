"""Square's codes for a refusal, in our words: https://developer.squareup.com/docs/payments-api/error-codes."""

from collections.abc import Mapping
from types import MappingProxyType

from payments.outcome import DeclineCode
from payments.refusal import Next

_CODES: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "ADDRESS_VERIFICATION_FAILURE": DeclineCode.WRONG_POSTAL_CODE,
        "ALLOWABLE_PIN_TRIES_EXCEEDED": DeclineCode.LIMIT_EXCEEDED,
        "BAD_EXPIRATION": DeclineCode.WRONG_EXPIRY,
        "BUYER_REFUSED_PAYMENT": DeclineCode.OTHER,
        "CARD_DECLINED": DeclineCode.DO_NOT_HONOR,
        "CARD_DECLINED_CALL_ISSUER": DeclineCode.DO_NOT_HONOR,
        "CARD_DECLINED_VERIFICATION_REQUIRED": DeclineCode.AUTHENTICATION_REQUIRED,
        "CARD_EXPIRED": DeclineCode.EXPIRED_CARD,
        "CARD_NOT_SUPPORTED": DeclineCode.NOT_SUPPORTED,
        "CVV_FAILURE": DeclineCode.WRONG_CODE,
        "EXPIRATION_FAILURE": DeclineCode.WRONG_EXPIRY,
        "GENERIC_DECLINE": DeclineCode.DO_NOT_HONOR,
        "INSUFFICIENT_FUNDS": DeclineCode.INSUFFICIENT_FUNDS,
        "INVALID_ACCOUNT": DeclineCode.NOT_SUPPORTED,
        "INVALID_CARD": DeclineCode.WRONG_NUMBER,
        "INVALID_CARD_DATA": DeclineCode.WRONG_NUMBER,
        "INVALID_EXPIRATION": DeclineCode.WRONG_EXPIRY,
        "INVALID_EXPIRATION_DATE": DeclineCode.WRONG_EXPIRY,
        "INVALID_EXPIRATION_YEAR": DeclineCode.WRONG_EXPIRY,
        "INVALID_POSTAL_CODE": DeclineCode.WRONG_POSTAL_CODE,
        "MANUALLY_ENTERED_PAYMENT_NOT_SUPPORTED": DeclineCode.NOT_SUPPORTED,
        "PAN_FAILURE": DeclineCode.WRONG_NUMBER,
        "PAYMENT_LIMIT_EXCEEDED": DeclineCode.LIMIT_EXCEEDED,
        "TEMPORARY_ERROR": DeclineCode.PROCESSING_ERROR,
        "TRANSACTION_LIMIT": DeclineCode.LIMIT_EXCEEDED,
        "UNSUPPORTED_CARD_BRAND": DeclineCode.NOT_SUPPORTED,
        "VERIFY_AVS_FAILURE": DeclineCode.WRONG_POSTAL_CODE,
        "VERIFY_CVV_FAILURE": DeclineCode.WRONG_CODE,
        "VOICE_FAILURE": DeclineCode.DO_NOT_HONOR,
    }
)

AFTER: Mapping[str, Next] = MappingProxyType({"CARD_PROCESSING_NOT_ENABLED": Next.ELSEWHERE})


def word_for(code: str) -> DeclineCode:
    """Our word for an error code about a card."""
    return _CODES.get(code, DeclineCode.OTHER)


def is_refusal(code: str) -> bool:
    """Whether a code is about the card, and not about our request."""
    return code in _CODES
