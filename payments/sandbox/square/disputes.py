"""Square's disputes: evidence, its submission, and giving in."""

import secrets
from typing import Any, Final

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer
from payments.sandbox.square.checkout import Checkout
from payments.sandbox.square.counter import now, shown
from payments.sandbox.square.mistakes import wrong

_LONGEST: Final = 500


class Disputes(Checkout):
    """The vendor's side of the counter; a card's `disputed` nonce opens a dispute."""

    def add_text(self, name: str, asked: Any) -> Answer:
        """POST /v2/disputes/ID/evidence-text."""
        if (found := self._open(name)) is None:
            return self._closed(name)
        if not 0 < len(asked.get("evidence_text", "")) <= _LONGEST:
            return wrong(400, "INVALID_REQUEST_ERROR", "VALUE_TOO_LONG", "Too long.", "evidence_text")
        made = {
            "id": secrets.token_hex(10),
            "object": "evidence",
            "dispute_id": found["id"],
            "evidence_text": asked["evidence_text"],
            "evidence_type": asked.get("evidence_type"),
            "uploaded_at": now(),
        }
        return Answer(200, {"evidence": shown(self.books.keep(made))})

    def submit_evidence(self, name: str) -> Answer:
        """POST /v2/disputes/ID/submit-evidence."""
        return self._ended(name, "PROCESSING")

    def accept_dispute(self, name: str) -> Answer:
        """POST /v2/disputes/ID/accept."""
        return self._ended(name, "ACCEPTED")

    def _ended(self, name: str, state: str) -> Answer:
        if (found := self._open(name)) is None:
            return self._closed(name)
        made = self.books.keep(found | {"state": state})
        self._tell("dispute.state.updated", "dispute", made)
        return Answer(200, {"dispute": shown(made)})

    def _open(self, name: str) -> Record | None:
        found = self.books.objects.get(name)
        wanted = found is not None and found["object"] == "dispute" and found["state"] == "EVIDENCE_REQUIRED"
        return found if wanted else None

    def _closed(self, name: str) -> Answer:
        known = name in self.books.objects
        code, status = ("INVALID_STATE", 400) if known else ("NOT_FOUND", 404)
        return wrong(status, "INVALID_REQUEST_ERROR", code, "The dispute takes no answer.", "dispute_id")
