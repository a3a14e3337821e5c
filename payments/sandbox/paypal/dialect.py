"""PayPal's dialect as the emulator serves it: access tokens, request ids, signed webhooks."""

import base64
import json
import secrets
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route, once
from payments.sandbox.paypal.disputes import Disputes
from payments.sandbox.paypal.mistakes import broken, unknown_caller, unprocessable

_LASTS_S: Final = 32400
_DISPUTE: Final = "/v1/customer/disputes/{id}"


class PayPalDialect(Disputes):
    """PayPal, as far as a line that takes cards by telephone speaks it.

    A hook's secret is the webhook's id. The certificate that signs is made anew with each start, and shown
    at /v1/notifications/certs/sandbox.
    """

    name = "PayPal"

    def __init__(self, books: Books) -> None:
        super().__init__(books)
        self._key = _signing_key()
        self.certificate = _certificate(self._key)

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        held, taken = "/v2/payments/authorizations/{id}", "/v2/payments/captures/{id}"
        return [
            Route("POST", "/v1/oauth2/token", self._grant),
            Route("GET", "/v1/notifications/certs/sandbox", self._show_certificate),
            self._posted("/v3/vault/setup-tokens", lambda _, asked: self.create_setup(asked)),
            self._posted("/v3/vault/payment-tokens", lambda _, asked: self.create_token(asked)),
            self._asked("DELETE", "/v3/vault/payment-tokens/{id}", self.delete_token),
            Route("POST", "/v2/checkout/orders", self._order),
            self._posted("/v2/checkout/orders/{id}/capture", lambda name, _: self.capture_order(name)),
            Route("GET", "/checkoutnow/{id}", self.show),
            Route("POST", "/checkoutnow/{id}", self.approve),
            self._asked("GET", "/v2/checkout/orders/{id}", self.order),
            self._asked("GET", held, lambda name: self.payment("authorization", name)),
            self._posted(f"{held}/capture", self.capture),
            self._posted(f"{held}/void", lambda name, _: self.void(name)),
            self._asked("GET", taken, lambda name: self.payment("capture", name)),
            self._posted(f"{taken}/refund", self.refund),
            self._asked("GET", "/v2/payments/refunds/{id}", lambda name: self.payment("refund", name)),
            self._asked("GET", _DISPUTE, self.dispute),
            Route(
                "POST",
                f"{_DISPUTE}/provide-evidence",
                lambda call: self._let_in(call, lambda: self.provide(call)),
            ),
            self._posted(f"{_DISPUTE}/accept-claim", self.accept_claim),
            Route(
                "GET",
                "/v1/reporting/transactions",
                lambda call: self._let_in(call, lambda: self.report(call.query)),
            ),
        ]

    def broken(self) -> Answer:
        """A server error of PayPal's."""
        return broken()

    def ring(self, event: Record, hook: Hook) -> Ring:
        """An event with PayPal's transmission headers."""
        body = json.dumps(event).encode()
        transmission, at = secrets.token_hex(16), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z"
        signed = f"{transmission}|{at}|{hook.secret}|{zlib.crc32(body)}".encode()
        signature = self._key.sign(signed, padding.PKCS1v15(), SHA256())
        headers = {
            "Content-Type": "application/json",
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
            "PAYPAL-CERT-URL": "https://127.0.0.1/v1/notifications/certs/sandbox",
            "PAYPAL-TRANSMISSION-ID": transmission,
            "PAYPAL-TRANSMISSION-TIME": at,
            "PAYPAL-TRANSMISSION-SIG": base64.b64encode(signature).decode(),
        }
        return Ring(body, headers)

    def _grant(self, call: Call) -> Answer:
        if not call.headers.get("authorization", "").startswith("Basic "):
            return Answer(
                401, {"error": "invalid_client", "error_description": "Client Authentication failed"}
            )
        token = {
            "access_token": f"A21{secrets.token_hex(20)}",
            "token_type": "Bearer",
            "expires_in": _LASTS_S,
        }
        return Answer(200, token | {"scope": "all", "app_id": "APP-SANDBOX", "nonce": secrets.token_hex(8)})

    def _order(self, call: Call) -> Answer:
        asked = call.json
        if "paypal" in asked.get("payment_source", {}):
            return self._let_in(call, lambda: self._once(call, lambda: self.open_order(asked, call.base)))
        return self._let_in(call, lambda: self._once(call, lambda: self.create_order(asked)))

    def _show_certificate(self, _: Call) -> Answer:
        return Answer(200, self.certificate, kind="application/x-pem-file")

    def _posted(self, path: str, deed: Callable[[str, Any], Answer]) -> Route:
        def do(call: Call) -> Answer:
            asked = call.json
            return self._let_in(call, lambda: self._once(call, lambda: deed(call.names.get("id", ""), asked)))

        return Route("POST", path, do)

    def _asked(self, method: str, path: str, deed: Callable[[str], Answer]) -> Route:
        return Route(method, path, lambda call: self._let_in(call, lambda: deed(call.names["id"])))

    def _let_in(self, call: Call, deed: Callable[[], Answer]) -> Answer:
        known = call.headers.get("authorization", "").startswith("Bearer A21")
        return deed() if known else unknown_caller()

    def _once(self, call: Call, do: Callable[[], Answer]) -> Answer:
        key = call.headers.get("paypal-request-id")
        if key is None:
            return do()
        asked = call.json
        asked.get("payment_source", {}).get("card", {}).pop("number", None)  # not for the books
        asked.get("payment_source", {}).get("card", {}).pop("security_code", None)
        said = "The value of PayPal-Request-Id header has already been used."
        order = [call.path, json.dumps(asked, sort_keys=True)]
        return once(self.books, key, order, do, lambda: unprocessable("DUPLICATE_REQUEST_ID", said))


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "messageverificationcerts.sandbox")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=825))
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()
