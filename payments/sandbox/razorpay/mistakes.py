"""Errors as Razorpay words them: https://razorpay.com/docs/api/errors/."""

from payments.sandbox.dialect import Answer


def wrong(description: str, status: int = 400, code: str = "BAD_REQUEST_ERROR") -> Answer:
    """A request that makes no sense."""
    where = {"source": "business", "step": "payment_initiation", "reason": "input_validation_failed"}
    return Answer(status, {"error": {"code": code, "description": description, **where, "metadata": {}}})


def refused(reason: str, payment: str, order: str) -> Answer:
    """A payment that the payer's bank refused."""
    said = {"code": "BAD_REQUEST_ERROR", "description": "Your payment could not be completed."}
    where = {"source": "customer", "step": "payment_authorization", "reason": reason}
    about = {"payment_id": payment, "order_id": order}
    return Answer(400, {"error": {**said, **where, "metadata": about}})


def missing() -> Answer:
    """Nothing there."""
    return wrong("The id provided does not exist")


def unknown_caller() -> Answer:
    """Without a key."""
    return wrong("Authentication failed", 401)


def broken() -> Answer:
    """A server error of Razorpay's."""
    said = "We are facing some trouble completing your request at the moment. Please try again shortly."
    return wrong(said, 500, "SERVER_ERROR")
