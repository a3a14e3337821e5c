"""Answering disputes at Square: https://developer.squareup.com/docs/disputes-api/process-disputes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from payments.client import Client
from payments.gateways.square import answers
from payments.orders import EvidenceOrder
from payments.outcome import Approved, Outcome


@dataclass(frozen=True, slots=True)
class Disputes:
    """Hands evidence in and gives in."""

    client: Client
    headers: Mapping[str, str]

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Add the text under its key, then submit it."""
        evidence = {
            "idempotency_key": order.key[:45],
            "evidence_type": "GENERIC_EVIDENCE",
            "evidence_text": order.text,
        }
        added = await self._ask(order.dispute, "evidence-text", evidence, "evidence")
        if not isinstance(added, Approved):
            return added
        return await self._ask(order.dispute, "submit-evidence", {}, "dispute")

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept the dispute: Square takes the money from the account."""
        return await self._ask(dispute, "accept", {}, "dispute")

    async def _ask(self, dispute: str, deed: str, asked: answers.Json, name: str) -> Outcome:
        path = f"/v2/disputes/{dispute}/{deed}"
        reply = await self.client.ask("POST", path, self.headers, json.dumps(asked).encode())
        made = answers.of_reply(reply, name, dispute)
        return Approved(dispute) if isinstance(made, Mapping) else made
