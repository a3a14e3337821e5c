"""The words of hosted pay verbs, which applications know: methods, tokens, error types and results."""

from enum import Enum
from typing import Final

PROCESSING: Final = "payment-processing"
"""The step after the last field: the gateway is asked. The fields themselves are `CardField`."""


class Method(Enum):
    """What is paid with."""

    CREDIT_CARD = "credit-card"
    ACH_DEBIT = "ach-debit"


class TokenType(Enum):
    """What a gateway gives for the card: good for one charge, for many, or its object for a card."""

    ONE_TIME = "one-time"
    REUSABLE = "reusable"
    PAYMENT_METHOD = "payment-method"


class ErrorType(Enum):
    """What went wrong with a field, or with what was asked of a session."""

    TIMEOUT = "input-timeout"
    NUMBER = "invalid-card-number"
    BRAND = "invalid-card-type"
    EXPIRY = "invalid-date"
    CODE = "invalid-security-code"
    POSTAL = "invalid-postal-code"
    ROUTING = "invalid-bank-routing-number"
    ACCOUNT = "invalid-bank-account-number"
    ACCOUNT_TYPE = "invalid-bank-account-type"
    SEQUENCE = "invalid-card-number-security-code-capture-sequence"
    MATCH = "input-matching-failed"
    IN_PROGRESS = "session-in-progress"
    INTERNAL = "internal-error"


class Result(Enum):
    """How a capture ended."""

    SUCCESS = "success"
    TOO_MANY_ATTEMPTS = "too-many-failed-attempts"
    CONNECTOR_ERROR = "payment-connector-error"
    STAR = "caller-interrupted-with-star"
    HUNG_UP = "caller-hung-up"
    VALIDATION_ERROR = "validation-error"
    INTERNAL_ERROR = "internal-error"
