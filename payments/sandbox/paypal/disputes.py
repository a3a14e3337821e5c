"""PayPal's customer disputes: shown, answered with evidence, or accepted."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call
from payments.sandbox.paypal.checkout import Checkout
from payments.sandbox.paypal.mistakes import missing, unprocessable

_WAITING: Final = "WAITING_FOR_SELLER_RESPONSE"


class Disputes(Checkout):
    """The vendor's side of the counter; the `disputed` card opens a dispute."""

    def dispute(self, name: str) -> Answer:
        """GET /v1/customer/disputes/ID."""
        found = self._dispute(name)
        return missing("The dispute does not exist.") if found is None else Answer(200, _shown(found))

    def provide(self, call: Call) -> Answer:
        """POST /v1/customer/disputes/ID/provide-evidence: a form of parts, of which `input` is JSON."""
        head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + call.body).walk()
        given = [one for one in parts if one.get_param("name", header="content-disposition") == "input"]
        try:
            evidence = json.loads(given[0].get_payload(decode=True))["evidences"]  # type: ignore[arg-type]  # bytes of a leaf
        except (IndexError, KeyError, ValueError):
            return unprocessable("MISSING_OR_INVALID_REQUEST_BODY", "The request body is missing or invalid.")
        return self._moved(call.names["id"], {"status": "UNDER_REVIEW", "evidences": evidence})

    def accept_claim(self, name: str, _: Any) -> Answer:
        """POST /v1/customer/disputes/ID/accept-claim."""
        outcome = {"outcome_code": "RESOLVED_BUYER_FAVOUR"}
        return self._moved(name, {"status": "RESOLVED", "dispute_outcome": outcome})

    def _moved(self, name: str, step: Record) -> Answer:
        found = self._dispute(name)
        if found is None:
            return missing("The dispute does not exist.")
        if found["status"] != _WAITING:
            return unprocessable("ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE", "Not in this state.")
        made = self.books.keep(found | step)
        kind = "RESOLVED" if made["status"] == "RESOLVED" else "UPDATED"
        self._tell(f"CUSTOMER.DISPUTE.{kind}", _shown(made))
        href = f"/v1/customer/disputes/{name}"
        return Answer(200, {"links": [{"href": href, "rel": "self", "method": "GET"}]})

    def _dispute(self, name: str) -> Record | None:
        found = self.books.objects.get(name)
        return found if found is not None and found["object"] == "dispute" else None


def _shown(made: Record) -> Record:
    return {name: value for name, value in made.items() if name not in {"id", "object"}}
