"""Errors as Braintree words them: https://developer.paypal.com/braintree/docs/reference/general/validation-errors."""

from payments.gateways.braintree.xml import document
from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer

XML = "application/xml"


def invalid(about: str, attribute: str, code: str, message: str) -> Answer:
    """A request that does not pass validation."""
    error = {"code": code, "attribute": attribute, "message": message}
    told = {"errors": {"errors": [], about: {"errors": [error]}}, "message": message}
    return Answer(422, document("api_error_response", told), kind=XML)


def refused(transaction: Record, message: str) -> Answer:
    """A transaction that the processor or the gateway did not let through."""
    told = {"errors": {"errors": []}, "message": message, "transaction": transaction}
    return Answer(422, document("api_error_response", told), kind=XML)


def missing() -> Answer:
    """Nothing there."""
    return Answer(404, "", kind=XML)
