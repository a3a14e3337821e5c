"""Razorpay's dialect as the emulator serves it: keys, idempotent refunds, signed webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route, once
from payments.sandbox.razorpay.links import Links
from payments.sandbox.razorpay.mistakes import broken, unknown_caller, wrong


class RazorpayDialect(Links):
    """Razorpay: payment links, mandates, UPI collect and refunds. A hook's secret is the webhook's."""

    name = "Razorpay"

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        one = "/v1/payments/{id}"
        return [
            self._posted("/v1/orders", lambda _, asked: self.create_order(asked)),
            Route("GET", "/v1/orders", lambda call: self._let_in(call, lambda: self.list_orders(call.query))),
            self._got("/v1/orders/{id}/payments", self.payments_of),
            self._posted("/v1/payments/create/recurring", lambda _, asked: self.create_recurring(asked)),
            self._posted("/v1/payments/create/upi", lambda _, asked: self.create_upi(asked)),
            self._got(one, self.payment),
            Route("POST", f"{one}/refund", self._refund),
            self._got(f"{one}/refunds", self.refunds_of),
            Route("POST", "/v1/payment_links", self._link),
            Route(
                "GET",
                "/v1/payment_links",
                lambda call: self._let_in(call, lambda: self.list_links(call.query)),
            ),
            self._got("/v1/payment_links/{id}", self.payment_link),
            self._posted("/v1/payment_links/{id}/cancel", lambda name, _: self.cancel_link(name)),
            self._got("/v1/disputes/{id}", self.dispute),
            Route("GET", "/rzp/{id}", self.show),
            Route("POST", "/rzp/{id}", lambda call: self.pay(call, self._secret)),
        ]

    _secret = ""  # the key of whoever asked last: what a payer carries back is signed with it

    def broken(self) -> Answer:
        """A server error of Razorpay's."""
        return broken()

    def ring(self, event: Record, hook: Hook) -> Ring:
        """An event with its signature over the body."""
        body = json.dumps({name: value for name, value in event.items() if name != "id"}).encode()
        signature = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
        return Ring(
            body,
            {
                "Content-Type": "application/json",
                "X-Razorpay-Signature": signature,
                "x-razorpay-event-id": event["id"],
            },
        )

    def _posted(self, path: str, deed: Callable[[str, Any], Answer]) -> Route:
        return Route(
            "POST",
            path,
            lambda call: self._let_in(call, lambda: deed(call.names.get("id", ""), call.json)),
        )

    def _got(self, path: str, deed: Callable[[str], Answer]) -> Route:
        return Route("GET", path, lambda call: self._let_in(call, lambda: deed(call.names["id"])))

    def _link(self, call: Call) -> Answer:
        return self._let_in(call, lambda: self.create_link(call.base, call.json))

    def _refund(self, call: Call) -> Answer:
        key, asked = call.headers.get("x-refund-idempotency"), call.json
        if key is None:
            return self._let_in(call, lambda: self.refund(call.names["id"], asked))
        clash = wrong("Different request with the same idempotency key has already been processed.")
        order = [call.path, json.dumps(asked, sort_keys=True)]
        return self._let_in(
            call,
            lambda: once(self.books, key, order, lambda: self.refund(call.names["id"], asked), lambda: clash),
        )

    def _let_in(self, call: Call, deed: Callable[[], Answer]) -> Answer:
        scheme, _, pair = call.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return unknown_caller()
        self._secret = base64.b64decode(pair).decode().partition(":")[2]
        return deed()
