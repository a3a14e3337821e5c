"""Square's dialect as the emulator serves it: keys, idempotency, signed webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route, once
from payments.sandbox.square.disputes import Disputes
from payments.sandbox.square.mistakes import broken, wrong


class SquareDialect(Disputes):
    """Square, as far as charging tokens and cards on file goes.

    A hook's secret is the signature key, and after a space the address that Square would know it by.
    """

    name = "Square"

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        one = "/v2/payments/{id}"
        return [
            self._posted("/v2/payments", lambda _, asked: self.create_payment(asked)),
            Route(
                "GET", "/v2/payments", lambda call: self._let_in(call, lambda: self.list_payments(call.query))
            ),
            self._got(one, lambda name: self.one("payment", name)),
            self._posted(f"{one}/complete", lambda name, _: self.complete(name)),
            self._posted(f"{one}/cancel", lambda name, _: self.cancel(name)),
            self._posted("/v2/refunds", lambda _, asked: self.create_refund(asked)),
            self._got("/v2/refunds/{id}", lambda name: self.one("refund", name)),
            self._posted("/v2/customers", lambda _, asked: self.create_customer(asked)),
            self._posted("/v2/cards", lambda _, asked: self.create_card(asked)),
            Route("POST", "/v2/online-checkout/payment-links", self._link),
            Route(
                "DELETE",
                "/v2/online-checkout/payment-links/{id}",
                lambda call: self._let_in(call, lambda: self.delete_link(call.names["id"])),
            ),
            self._got("/v2/orders/{id}", lambda name: self.one("order", name)),
            Route("GET", "/checkout/{id}", self.show),
            Route("POST", "/checkout/{id}", self.pay),
            self._got("/v2/disputes/{id}", lambda name: self.one("dispute", name)),
            self._posted("/v2/disputes/{id}/evidence-text", self.add_text),
            self._posted("/v2/disputes/{id}/submit-evidence", lambda name, _: self.submit_evidence(name)),
            self._posted("/v2/disputes/{id}/accept", lambda name, _: self.accept_dispute(name)),
            self._posted("/v2/cards/{id}/disable", lambda name, _: self.disable_card(name)),
        ]

    def broken(self) -> Answer:
        """A server error of Square's."""
        return broken()

    def ring(self, event: Record, hook: Hook) -> Ring:
        """An event with its signature over the address and the body."""
        body = json.dumps(event).encode()
        key, _, address = hook.secret.partition(" ")
        digest = hmac.new(key.encode(), (address or hook.url).encode() + body, hashlib.sha256).digest()
        signature = base64.b64encode(digest).decode()
        return Ring(body, {"Content-Type": "application/json", "x-square-hmacsha256-signature": signature})

    def _link(self, call: Call) -> Answer:
        asked = call.json
        return self._let_in(call, lambda: self._once(call, asked, lambda: self.create_link(asked, call.base)))

    def _posted(self, path: str, deed: Callable[[str, Any], Answer]) -> Route:
        def do(call: Call) -> Answer:
            asked = call.json
            return self._let_in(
                call, lambda: self._once(call, asked, lambda: deed(call.names.get("id", ""), asked))
            )

        return Route("POST", path, do)

    def _got(self, path: str, deed: Callable[[str], Answer]) -> Route:
        return Route("GET", path, lambda call: self._let_in(call, lambda: deed(call.names["id"])))

    def _let_in(self, call: Call, deed: Callable[[], Answer]) -> Answer:
        if call.headers.get("authorization", "").startswith("Bearer "):
            return deed()
        said = "This request could not be authorized."
        return wrong(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED", said, "")

    def _once(self, call: Call, asked: Any, do: Callable[[], Answer]) -> Answer:
        key = asked.get("idempotency_key")
        if key is None:
            return do()
        said = "The idempotency key can only be retried with the same request data."
        order = [call.path, json.dumps(asked, sort_keys=True)]
        clash = wrong(400, "INVALID_REQUEST_ERROR", "IDEMPOTENCY_KEY_REUSED", said, "")
        return once(self.books, f"{call.path} {key}", order, do, lambda: clash)
