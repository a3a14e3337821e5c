"""Braintree's codes for a refusal, in our words.

https://developer.paypal.com/braintree/docs/reference/general/processor-responses/authorization-responses
"""

from collections.abc import Mapping
from types import MappingProxyType

from payments.outcome import DeclineCode
from payments.refusal import Next

_CODES: Mapping[str, DeclineCode] = MappingProxyType(
    {
        "2000": DeclineCode.DO_NOT_HONOR,
        "2001": DeclineCode.INSUFFICIENT_FUNDS,
        "2002": DeclineCode.LIMIT_EXCEEDED,
        "2003": DeclineCode.LIMIT_EXCEEDED,
        "2004": DeclineCode.EXPIRED_CARD,
        "2005": DeclineCode.WRONG_NUMBER,
        "2006": DeclineCode.WRONG_EXPIRY,
        "2007": DeclineCode.WRONG_NUMBER,
        "2008": DeclineCode.WRONG_NUMBER,
        "2009": DeclineCode.WRONG_NUMBER,
        "2010": DeclineCode.WRONG_CODE,
        "2011": DeclineCode.DO_NOT_HONOR,
        "2012": DeclineCode.LOST_OR_STOLEN,
        "2013": DeclineCode.LOST_OR_STOLEN,
        "2014": DeclineCode.SUSPECTED_FRAUD,
        "2015": DeclineCode.NOT_SUPPORTED,
        "2016": DeclineCode.PROCESSING_ERROR,
        "2017": DeclineCode.LOST_OR_STOLEN,
        "2018": DeclineCode.LOST_OR_STOLEN,
        "2019": DeclineCode.NOT_SUPPORTED,
        "2020": DeclineCode.LOST_OR_STOLEN,
        "2021": DeclineCode.SUSPECTED_FRAUD,
        "2022": DeclineCode.NOT_SUPPORTED,
        "2023": DeclineCode.NOT_SUPPORTED,
        "2024": DeclineCode.NOT_SUPPORTED,
        "2026": DeclineCode.PROCESSING_ERROR,
        "2032": DeclineCode.NOT_SUPPORTED,
        "2038": DeclineCode.DO_NOT_HONOR,
        "2041": DeclineCode.DO_NOT_HONOR,
        "2043": DeclineCode.DO_NOT_HONOR,
        "2044": DeclineCode.DO_NOT_HONOR,
        "2046": DeclineCode.DO_NOT_HONOR,
        "2047": DeclineCode.LOST_OR_STOLEN,
        "2053": DeclineCode.LOST_OR_STOLEN,
        "2057": DeclineCode.NOT_SUPPORTED,
        "2059": DeclineCode.WRONG_POSTAL_CODE,
        "2060": DeclineCode.WRONG_CODE,
        "2099": DeclineCode.AUTHENTICATION_REQUIRED,
        "2106": DeclineCode.LOST_OR_STOLEN,
        "3000": DeclineCode.PROCESSING_ERROR,
        # why the gateway itself rejected: transaction.gateway_rejection_reason
        "avs": DeclineCode.WRONG_POSTAL_CODE,
        "avs_and_cvv": DeclineCode.WRONG_CODE,
        "cvv": DeclineCode.WRONG_CODE,
        "duplicate": DeclineCode.OTHER,
        "excessive_retry": DeclineCode.LIMIT_EXCEEDED,
        "fraud": DeclineCode.SUSPECTED_FRAUD,
        "risk_threshold": DeclineCode.SUSPECTED_FRAUD,
        "three_d_secure": DeclineCode.AUTHENTICATION_REQUIRED,
        "application_incomplete": DeclineCode.PROCESSING_ERROR,
        # validation of a card
        "81703": DeclineCode.NOT_SUPPORTED,
        "81706": DeclineCode.WRONG_CODE,
        "81707": DeclineCode.WRONG_CODE,
        "81710": DeclineCode.WRONG_EXPIRY,
        "81712": DeclineCode.WRONG_EXPIRY,
        "81713": DeclineCode.WRONG_EXPIRY,
        "81714": DeclineCode.WRONG_NUMBER,
        "81715": DeclineCode.WRONG_NUMBER,
        "81716": DeclineCode.WRONG_NUMBER,
        "81717": DeclineCode.WRONG_NUMBER,
    }
)

AFTER: Mapping[str, Next] = MappingProxyType(
    {
        "3000": Next.ELSEWHERE,  # the processor's network is down
        "2015": Next.NEVER,  # the bank forbids this card here
        "application_incomplete": Next.ELSEWHERE,
        "91506": Next.SAME_LATER,  # a refund before the charge has settled
    }
)


def word_for(code: str) -> DeclineCode:
    """Our word for a processor's code, a rejection's reason or a validation error of a card."""
    return _CODES.get(code, DeclineCode.DO_NOT_HONOR if code.startswith("2") else DeclineCode.OTHER)
