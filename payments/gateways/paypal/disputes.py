"""Answering disputes at PayPal: https://developer.paypal.com/docs/api/customer-disputes/v1/."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from payments.client import Said
from payments.gateways.paypal import answers
from payments.gateways.paypal.speaker import Speaker
from payments.orders import EvidenceOrder
from payments.outcome import Approved, NotAttempted, Outcome, Unknown


@dataclass(frozen=True, slots=True)
class Disputes:
    """Hands evidence in and gives in."""

    speaker: Speaker

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Evidence goes as a form of parts, of which `input` is JSON; files may follow, and need not."""
        evidence = {"evidences": [{"evidence_type": "OTHER", "notes": order.text}]}
        boundary = f"tellerline-{sha256(order.text.encode()).hexdigest()[:24]}"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="input"\r\n'
            f"Content-Type: application/json\r\n\r\n{json.dumps(evidence)}\r\n--{boundary}--\r\n"
        )
        path = f"/v1/customer/disputes/{order.dispute}/provide-evidence"
        kind = f"multipart/form-data; boundary={boundary}"
        return _came_to(await self.speaker.send("POST", path, body.encode(), kind, order.key), order.dispute)

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept the claim: PayPal gives the money back."""
        note = {"note": "The merchant accepts the claim."}
        path = f"/v1/customer/disputes/{dispute}/accept-claim"
        return _came_to(await self.speaker.ask("POST", path, note, key), dispute)


def _came_to(reply: Said | NotAttempted | Unknown, dispute: str) -> Outcome:
    made = answers.of_reply(reply, dispute)
    return Approved(dispute) if isinstance(made, Mapping) else made
