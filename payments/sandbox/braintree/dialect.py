"""Braintree's dialect as the emulator serves it: GraphQL for cards, XML for the rest, signed webhooks."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from payments.gateways.braintree.xml import document, read
from payments.sandbox.books import Record
from payments.sandbox.braintree import fields
from payments.sandbox.braintree.cards import XML
from payments.sandbox.braintree.disputes import Disputes
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route

_M = "/merchants/{merchant}"


class BraintreeDialect(Disputes):
    """Braintree, as far as a line that takes cards by telephone speaks it.

    A hook's secret is the public and the private key, with a `|` between them.
    """

    name = "Braintree"

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        one, dispute = f"{_M}/transactions/{{id}}", f"{_M}/disputes/{{id}}"
        return [
            *fields.routes(),
            Route(
                "POST",
                f"{_M}/client_token",
                lambda call: self._let_in(call, lambda: fields.client_token(_asked(call), call.base)),
            ),
            Route(
                "POST",
                "/graphql",
                lambda call: self._let_in(call, lambda: self.tokenize(call.json), "Bearer "),
            ),
            self._posted(f"{_M}/customers", self.create_customer),
            self._posted(f"{_M}/payment_methods", self.create_method),
            self._named("DELETE", f"{_M}/payment_methods/any/{{id}}", lambda ref, _: self.delete_method(ref)),
            self._posted(f"{_M}/transactions", self.create),
            self._posted(f"{_M}/transactions/advanced_search_ids", self.search),
            self._posted(f"{_M}/transactions/advanced_search", self.fetch),
            self._named("GET", one, lambda ref, _: self.find(ref)),
            self._named("PUT", f"{one}/submit_for_settlement", self.submit),
            self._named("PUT", f"{one}/void", self.void),
            self._named("POST", f"{one}/refund", self.refund),
            self._named("PUT", f"{one}/settle", lambda ref, _: self.settle(ref)),
            self._named("GET", dispute, lambda ref, _: self.dispute(ref)),
            self._named("POST", f"{dispute}/evidence", self.add_evidence),
            self._named("PUT", f"{dispute}/finalize", lambda ref, _: self.finalize(ref)),
            self._named("PUT", f"{dispute}/accept", lambda ref, _: self.accept(ref)),
        ]

    def broken(self) -> Answer:
        """A server error of Braintree's."""
        return Answer(500, "", kind=XML)

    def ring(self, event: Record, hook: Hook) -> Ring:
        """A notification as a form with its signature."""
        public, private = hook.secret.split("|")
        told = {name: event[name] for name in ("timestamp", "kind", "subject")}
        payload = base64.encodebytes(document("notification", told).encode())
        secret = hashlib.sha1(private.encode()).digest()  # noqa: S324 - the vendor's choice
        signature = f"{public}|{hmac.new(secret, payload, hashlib.sha1).hexdigest()}"
        body = urlencode({"bt_signature": signature, "bt_payload": payload.decode()}).encode()
        return Ring(body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _posted(self, path: str, deed: Callable[[Any], Answer]) -> Route:
        return Route("POST", path, lambda call: self._let_in(call, lambda: deed(_asked(call))))

    def _named(self, method: str, path: str, deed: Callable[[str, Any], Answer]) -> Route:
        return Route(
            method, path, lambda call: self._let_in(call, lambda: deed(call.names["id"], _asked(call)))
        )

    def _let_in(self, call: Call, deed: Callable[[], Answer], *also: str) -> Answer:
        known = call.headers.get("authorization", "").startswith(("Basic ", *also))
        return deed() if known else Answer(401, "", kind=XML)


def _asked(call: Call) -> Any:
    """The inner part of the document; empty for a request without one."""
    return next(iter(read(call.body).values())) or {} if call.body.strip() else {}
