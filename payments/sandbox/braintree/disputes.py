"""Braintree's disputes: evidence, finalizing and accepting."""

import secrets
from datetime import UTC, datetime
from typing import Any

from payments.gateways.braintree.xml import document
from payments.sandbox.books import Record
from payments.sandbox.braintree.cards import XML
from payments.sandbox.braintree.counter import Counter, event, shown_dispute
from payments.sandbox.braintree.mistakes import invalid, missing
from payments.sandbox.dialect import Answer


class Disputes(Counter):
    """The vendor's side of the counter; the `disputed` card opens a dispute."""

    def dispute(self, ref: str) -> Answer:
        """GET /disputes/ID."""
        found = self._dispute(ref)
        return missing() if found is None else _shown(found)

    def add_evidence(self, ref: str, asked: Any) -> Answer:
        """POST /disputes/ID/evidence."""
        found = self._dispute(ref)
        if found is None:
            return missing()
        if found["status"] != "open":
            said = "Evidence can only be attached to disputes that are in an Open state."
            return invalid("dispute", "status", "95701", said)
        made = {
            "id": secrets.token_hex(8),
            "object": "evidence",
            "comment": asked.get("comments"),
            "created_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z",
        }
        self.books.keep(made)
        told = {name: value for name, value in made.items() if name != "object"}
        return Answer(201, document("evidence", told), kind=XML)

    def finalize(self, ref: str) -> Answer:
        """PUT /disputes/ID/finalize."""
        return self._ended(ref, "disputed", "95702", "Disputes can only be finalized when they are Open.")

    def accept(self, ref: str) -> Answer:
        """PUT /disputes/ID/accept."""
        said = "Disputes can only be accepted when they are in an Open state."
        return self._ended(ref, "accepted", "95703", said)

    def _ended(self, ref: str, status: str, code: str, said: str) -> Answer:
        found = self._dispute(ref)
        if found is None:
            return missing()
        if found["status"] != "open":
            return invalid("dispute", "status", code, said)
        made = self.books.keep(found | {"status": status})
        self.heard.append(event(f"dispute_{status}", "dispute", shown_dispute(made)))
        return _shown(made)

    def _dispute(self, ref: str) -> Record | None:
        found = self.books.objects.get(ref)
        return found if found is not None and found["object"] == "dispute" else None


def _shown(made: Record) -> Answer:
    return Answer(200, document("dispute", shown_dispute(made)), kind=XML)
