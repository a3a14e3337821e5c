"""Answering disputes at Braintree: https://developer.paypal.com/braintree/docs/guides/disputes/manage."""

from collections.abc import Mapping
from dataclasses import dataclass

from payments.client import Client, Said
from payments.gateways.braintree.answers import codes
from payments.gateways.braintree.xml import document, read
from payments.orders import EvidenceOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted, Outcome, Unknown

_SERVER_TOOK = 300


@dataclass(frozen=True, slots=True)
class Disputes:
    """Hands evidence in and gives in; `path` is the merchant's.

    Braintree has no keys for these: evidence that is sent again stands there twice, which harms nobody.
    """

    client: Client
    path: str
    headers: Mapping[str, str]

    async def contest(self, order: EvidenceOrder) -> Outcome:
        """Add the text, then have the bank decide."""
        evidence = document("evidence", {"comments": order.text})
        added = await self._ask("POST", order.dispute, "evidence", evidence)
        return await self._ask("PUT", order.dispute, "finalize") if isinstance(added, Approved) else added

    async def concede(self, dispute: str, key: str) -> Outcome:
        """Accept the dispute."""
        return await self._ask("PUT", dispute, "accept")

    async def _ask(self, method: str, dispute: str, deed: str, body: str = "") -> Outcome:
        path = f"{self.path}/disputes/{dispute}/{deed}"
        reply = await self.client.ask(method, path, self.headers, body.encode())
        return _came_to(reply, dispute)


def _came_to(reply: Said | NotAttempted | Unknown, dispute: str) -> Outcome:
    if not isinstance(reply, Said):
        return reply
    if reply.status < _SERVER_TOOK:
        return Approved(dispute)
    try:
        told = read(reply.body).get("api_error_response") if reply.body.strip() else {}
    except ValueError:
        told = {}
    known = codes((told or {}).get("errors"))
    return Declined(DeclineCode.NOT_SUPPORTED, known[0] if known else str(reply.status), dispute)
