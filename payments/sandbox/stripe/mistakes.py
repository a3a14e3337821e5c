"""Errors as Stripe words them: https://docs.stripe.com/api/errors."""

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Params


def error(status: int, kind: str, code: str, message: str, param: str = "") -> Answer:
    """An error with its HTTP status."""
    known = {"type": kind, "message": message}
    return Answer(
        status,
        {"error": known | ({"code": code} if code else {}) | ({"param": param} if param else {})},
    )


def unknown(params: Params, known: frozenset[str]) -> Answer | None:
    """The refusal of a parameter that is not known; metadata may be named at will."""
    for name in params:
        if name not in known and not name.startswith("metadata["):
            return invalid("parameter_unknown", f"Received unknown parameter: {name}", name)
    return None


def invalid(code: str, message: str, param: str) -> Answer:
    """A request that makes no sense."""
    return error(400, "invalid_request_error", code, message, param)


def missing(kind: str, name: str) -> Answer:
    """An object that is not there."""
    return error(404, "invalid_request_error", "resource_missing", f"No such {kind}: '{name}'")


def unexpected(intent: Record, deed: str) -> Answer:
    """An intent in another state."""
    said = f"This PaymentIntent could not be {deed} because it has a status of {intent['status']}."
    return invalid("payment_intent_unexpected_state", said, "")


def card_refused(code: str, message: str, param: str) -> Answer:
    """A card that cannot be one."""
    return error(402, "card_error", code, message, param)


def metadata(params: Params) -> dict[str, str]:
    """The metadata of a request."""
    began = "metadata["
    return {name[len(began) : -1]: text for name, text in params.items() if name.startswith(began)}
