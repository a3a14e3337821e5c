"""Stripe's dialect as the emulator serves it: routes, keys, idempotency and the signature of webhooks.

https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/webhooks#verify-manually.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from functools import partial

from payments.sandbox.books import Record
from payments.sandbox.dialect import Answer, Call, Hook, Params, Ring, Route, once
from payments.sandbox.stripe.banks import ACCOUNT_NUMBER
from payments.sandbox.stripe.checkout import Checkout
from payments.sandbox.stripe.mistakes import error

_SECRET_KEYS = frozenset({"card[number]", "card[cvc]", ACCOUNT_NUMBER})
_Deed = Callable[[Params], Answer]
_Named = Callable[[str, Params], Answer]


class StripeDialect(Checkout):
    """Stripe, as far as a line that takes cards by telephone speaks it."""

    name = "Stripe"

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        return [
            self._plain("POST", "/v1/payment_methods", self.create_method),
            self._named("POST", "/v1/payment_methods/{id}/detach", self.detach_method),
            self._plain("POST", "/v1/customers", self.create_customer),
            self._plain("POST", "/v1/setup_intents", self.create_setup),
            self._named("GET", "/v1/setup_intents/{id}", self.setup),
            self._plain("POST", "/v1/payment_intents", self.create_intent),
            self._plain("GET", "/v1/payment_intents", self.list_intents),
            self._named("GET", "/v1/payment_intents/{id}", self.intent),
            self._named("POST", "/v1/payment_intents/{id}/capture", self.capture_intent),
            self._named("POST", "/v1/payment_intents/{id}/cancel", self.cancel_intent),
            self._named("POST", "/v1/payment_intents/{id}/verify_microdeposits", self.verify_deposits),
            self._plain("POST", "/v1/refunds", self.create_refund),
            self._plain("GET", "/v1/refunds", self.list_refunds),
            Route(
                "POST",
                "/v1/checkout/sessions",
                lambda call: self._served(call, partial(self.create_session, call.base)),
            ),
            self._named("GET", "/v1/checkout/sessions/{id}", self.session),
            self._named("POST", "/v1/checkout/sessions/{id}/expire", self.expire_session),
            Route("GET", "/c/pay/{id}", self.show),
            Route("POST", "/c/pay/{id}", self.pay),
            self._named("GET", "/v1/disputes/{id}", self.dispute),
            self._named("POST", "/v1/disputes/{id}", self.update_dispute),
            self._named("POST", "/v1/disputes/{id}/close", self.close_dispute),
        ]

    def broken(self) -> Answer:
        """A server error of Stripe's."""
        return error(500, "api_error", "", "An unknown error occurred.")

    def ring(self, event: Record, hook: Hook) -> Ring:
        """An event with its `Stripe-Signature`."""
        body, at = json.dumps(event).encode(), int(time.time())
        signed = hmac.new(hook.secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
        return Ring(
            body, {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={signed},v0=old"}
        )

    def _plain(self, method: str, path: str, deed: _Deed) -> Route:
        return Route(method, path, lambda call: self._served(call, deed))

    def _named(self, method: str, path: str, deed: _Named) -> Route:
        return Route(method, path, lambda call: self._served(call, partial(deed, call.names["id"])))

    def _served(self, call: Call, deed: _Deed) -> Answer:
        if not call.headers.get("authorization", "").startswith(("Bearer sk_", "Basic ")):
            return error(401, "invalid_request_error", "", "You did not provide an API key.")
        params, key = call.params, call.headers.get("idempotency-key")
        if key is None or call.method != "POST":
            return deed(params)
        return once(
            self.books,
            key,
            _order(call.path, params),
            lambda: deed(params),
            lambda: error(400, "idempotency_error", "", "This key was first used with other parameters."),
        )


def _order(path: str, params: Params) -> list[list[str]]:
    """What a request asked for, to compare; without the numbers, which must not reach the books."""
    kept = {name: text for name, text in params.items() if name not in _SECRET_KEYS}
    for name in ("card[number]", ACCOUNT_NUMBER):
        if name in params:
            kept["last4"] = params[name][-4:]
    return [["path", path], *sorted([name, text] for name, text in kept.items())]
