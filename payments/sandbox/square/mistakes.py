"""Errors as Square words them: https://developer.squareup.com/docs/build-basics/general-considerations/handling-errors."""

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer


def wrong(status: int, category: str, code: str, detail: str, field: str) -> Answer:
    """One error with its HTTP status."""
    error = {"category": category, "code": code, "detail": detail} | ({"field": field} if field else {})
    return Answer(status, {"errors": [error]})


def refused(code: str, payment: Record) -> Answer:
    """A card that the bank refused; the payment that failed comes along."""
    error = {"category": "PAYMENT_METHOD_ERROR", "code": code, "detail": f"Authorization error: '{code}'"}
    return Answer(402, {"errors": [error], "payment": payment})


def broken() -> Answer:
    """A server error of Square's."""
    return wrong(500, "API_ERROR", "INTERNAL_SERVER_ERROR", "An internal error has occurred.", "")
