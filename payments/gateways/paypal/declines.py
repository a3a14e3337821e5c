"""PayPal's codes for a refusal, in our words.

https://developer.paypal.com/docs/api/orders/v2/#definition-processor_response
"""

from collections.abc import Mapping
from types import MappingProxyType

from payments.outcome import DeclineCode
from payments.refusal import Next

_CODES: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "00N7": DeclineCode.WRONG_CODE,
        "0100": DeclineCode.DO_NOT_HONOR,
        "0390": DeclineCode.NOT_SUPPORTED,
        "0500": DeclineCode.DO_NOT_HONOR,
        "0580": DeclineCode.NOT_SUPPORTED,
        "0800": DeclineCode.DO_NOT_HONOR,
        "0880": DeclineCode.WRONG_CODE,
        "0890": DeclineCode.NOT_SUPPORTED,
        "0960": DeclineCode.PROCESSING_ERROR,
        "0R00": DeclineCode.NOT_SUPPORTED,
        "1330": DeclineCode.WRONG_NUMBER,
        "1A00": DeclineCode.AUTHENTICATION_REQUIRED,
        "5100": DeclineCode.DO_NOT_HONOR,
        "5110": DeclineCode.WRONG_CODE,
        "5120": DeclineCode.INSUFFICIENT_FUNDS,
        "5130": DeclineCode.DO_NOT_HONOR,
        "5140": DeclineCode.NOT_SUPPORTED,
        "5150": DeclineCode.NOT_SUPPORTED,
        "5170": DeclineCode.WRONG_POSTAL_CODE,
        "5180": DeclineCode.WRONG_NUMBER,
        "5190": DeclineCode.LIMIT_EXCEEDED,
        "5200": DeclineCode.LIMIT_EXCEEDED,
        "5400": DeclineCode.EXPIRED_CARD,
        "5650": DeclineCode.AUTHENTICATION_REQUIRED,
        "5700": DeclineCode.NOT_SUPPORTED,
        "5910": DeclineCode.PROCESSING_ERROR,
        "5930": DeclineCode.NOT_SUPPORTED,
        "9100": DeclineCode.PROCESSING_ERROR,
        "9500": DeclineCode.SUSPECTED_FRAUD,
        "9510": DeclineCode.SUSPECTED_FRAUD,
        "9520": DeclineCode.LOST_OR_STOLEN,
        "9530": DeclineCode.LOST_OR_STOLEN,
        "9540": DeclineCode.DO_NOT_HONOR,
        "9600": DeclineCode.SUSPECTED_FRAUD,
        # issues of a request that is refused before the bank is asked
        "CARD_EXPIRED": DeclineCode.EXPIRED_CARD,
        "CARD_CLOSED": DeclineCode.NOT_SUPPORTED,
        "CARD_TYPE_NOT_SUPPORTED": DeclineCode.NOT_SUPPORTED,
        "INSTRUMENT_DECLINED": DeclineCode.DO_NOT_HONOR,
        "INVALID_SECURITY_CODE_LENGTH": DeclineCode.WRONG_CODE,
        "TRANSACTION_REFUSED": DeclineCode.DO_NOT_HONOR,
        "VALIDATION_ERROR": DeclineCode.WRONG_NUMBER,
    }
)

AFTER: Mapping[str, Next] = MappingProxyType(
    {
        "5910": Next.ELSEWHERE,  # the issuer could not be reached by this way
        "9540": Next.ANOTHER_CARD,
        "5140": Next.NEVER,  # the card is closed
    }
)


def word_for(code: str) -> DeclineCode:
    """Our word for a processor's code, or for the issue of a refused request."""
    return _CODES.get(code, DeclineCode.OTHER)


def is_refusal(issue: str) -> bool:
    """Whether an issue is about the card, and not about our request."""
    return issue in _CODES
