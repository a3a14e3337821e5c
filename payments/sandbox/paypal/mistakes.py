"""Errors as PayPal words them: https://developer.paypal.com/api/rest/responses."""

import secrets

from payments.sandbox.dialect import Answer


def unprocessable(issue: str, description: str) -> Answer:
    """A request that PayPal understands and will not do."""
    details = [{"issue": issue, "description": description}]
    said = "The requested action could not be performed."
    return Answer(422, _named("UNPROCESSABLE_ENTITY", said) | {"details": details})


def missing(description: str) -> Answer:
    """Nothing there."""
    details = [{"issue": "INVALID_RESOURCE_ID", "description": description}]
    said = "The specified resource does not exist."
    return Answer(404, _named("RESOURCE_NOT_FOUND", said) | {"details": details})


def unknown_caller() -> Answer:
    """Without an access token."""
    return Answer(401, {"error": "invalid_token", "error_description": "The token passed in was not found."})


def broken() -> Answer:
    """A server error of PayPal's."""
    return Answer(500, _named("INTERNAL_SERVER_ERROR", "An internal server error has occurred."))


def _named(name: str, message: str) -> dict[str, object]:
    return {"name": name, "message": message, "debug_id": secrets.token_hex(7)}
