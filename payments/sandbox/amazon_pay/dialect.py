"""Amazon Pay's dialect: checkout sessions and their page, charges, refunds, signed requests."""

import json
import re
import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa

from payments.gateways.amazon_pay import signing
from payments.sandbox import hosted
from payments.sandbox.books import Books, Record
from payments.sandbox.dialect import Answer, Call, Hook, Ring, Route, once

# https://developer.amazon.com/docs/amazon-pay-checkout/test-your-integration.html: what wallets simulate
MEANS: Final = ("Visa 1111", "SoftDeclined", "HardDeclined", "AmazonRejected", "ProcessingFailure")
_LASTS: Final = timedelta(hours=24)
_SIGNED: Final = re.compile(
    rf"{signing.ALGORITHM} PublicKeyId=(\S+), SignedHeaders=([a-z;-]+), Signature=(\S+)"
)


class AmazonPayDialect:
    """Amazon Pay, as far as its page, charges and refunds go; it rings nobody.

    A request must be signed in its form; with `key` the signature is checked too.
    """

    name = "Amazon Pay"

    def __init__(self, books: Books, key: rsa.RSAPublicKey | None = None) -> None:
        self.books, self.key = books, key
        self.heard: list[Record] = []

    def routes(self) -> Sequence[Route]:
        """All that it answers, with and without the word for the environment."""
        return [
            Route("GET", "/checkout/{id}", self.show),
            Route("POST", "/checkout/{id}", self.pay),
            *(route for root in ("/v2", "/live/v2", "/sandbox/v2") for route in self._api(root)),
        ]

    def broken(self) -> Answer:
        """A server error of Amazon Pay's."""
        return _wrong(500, "InternalServerError")

    def ring(self, event: Record, hook: Hook) -> Ring:
        """What Amazon Pay pushes by SNS: nothing here, as it carries no outcome."""
        return Ring(json.dumps(event).encode(), {"Content-Type": "application/json"})

    def create(self, asked: Any, base: str) -> Answer:
        """POST /checkoutSessions."""
        amount = asked.get("paymentDetails", {}).get("chargeAmount")
        if not asked.get("storeId") or not amount or Decimal(amount["amount"]) <= 0:
            return _wrong(400, "InvalidParameterValue")
        name, now = str(uuid.uuid4()), datetime.now(UTC)
        made = {
            "id": name,
            "object": "session",
            "checkoutSessionId": name,
            "webCheckoutDetails": {
                **asked["webCheckoutDetails"],
                "amazonPayRedirectUrl": f"{base}/checkout/{name}",
            },
            "productType": "PayOnly",
            "paymentDetails": asked["paymentDetails"],
            "merchantMetadata": asked.get("merchantMetadata") or {},
            "statusDetails": _state("Open"),
            "chargePermissionId": None,
            "chargeId": None,
            "creationTimestamp": f"{now:%Y%m%dT%H%M%SZ}",
            "expirationTimestamp": f"{now + _LASTS:%Y%m%dT%H%M%SZ}",
            "storeId": asked["storeId"],
            "releaseEnvironment": "Sandbox",
            "by": "",
        }
        return Answer(201, _shown(self.books.keep(made)))

    def get(self, kind: str, name: str) -> Answer:
        """GET /checkoutSessions, /charges or /refunds, and an id; a refund is done by the time that it is."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != kind:
            return _wrong(404, "ResourceNotFound")
        if kind == "refund":
            found = self.books.keep(found | {"statusDetails": _state("Refunded")})
        return Answer(200, _shown(found))

    def complete(self, name: str, asked: Any) -> Answer:
        """POST /checkoutSessions/ID/complete: after the payer's yes the money is taken."""
        found = self.books.objects.get(name)
        if found is None or found["object"] != "session":
            return _wrong(404, "ResourceNotFound")
        if found["statusDetails"]["state"] == "Completed":
            return Answer(200, _shown(found))
        if found["statusDetails"]["state"] == "Canceled":
            return _wrong(422, "CheckoutSessionCanceled")
        if not found["by"]:
            return _wrong(422, "InvalidCheckoutSessionStatus")
        if asked.get("chargeAmount") != found["paymentDetails"]["chargeAmount"]:
            return _wrong(400, "InvalidParameterValue")
        permission = f"S01-{secrets.randbelow(10**7):07d}-{secrets.randbelow(10**7):07d}"
        charge = self.books.keep(
            {
                "id": f"{permission}-C{secrets.randbelow(10**6):06d}",
                "object": "charge",
                "chargePermissionId": permission,
                "chargeAmount": found["paymentDetails"]["chargeAmount"],
                "captureAmount": found["paymentDetails"]["chargeAmount"],
                "refundedAmount": {**found["paymentDetails"]["chargeAmount"], "amount": "0.00"},
                "statusDetails": _state("Captured"),
                "merchantMetadata": found["merchantMetadata"],
            }
        )
        self.books.keep(charge | {"chargeId": charge["id"]})
        done = {
            "statusDetails": _state("Completed"),
            "chargeId": charge["id"],
            "chargePermissionId": permission,
        }
        return Answer(200, _shown(self.books.keep(found | done)))

    def refund(self, asked: Any) -> Answer:
        """POST /refunds."""
        paid = self.books.objects.get(asked.get("chargeId", ""))
        if paid is None or paid["object"] != "charge":
            return _wrong(404, "ResourceNotFound")
        back = Decimal(paid["refundedAmount"]["amount"])
        amount = Decimal(asked["refundAmount"]["amount"])
        if not 0 < amount <= Decimal(paid["captureAmount"]["amount"]) - back:
            return _wrong(400, "TransactionAmountExceeded")
        total = {**paid["refundedAmount"], "amount": str(back + amount)}
        self.books.keep(paid | {"refundedAmount": total})
        name = f"{paid['chargePermissionId']}-R{secrets.randbelow(10**6):06d}"
        made = {
            "id": name,
            "object": "refund",
            "refundId": name,
            "chargeId": paid["id"],
            "refundAmount": asked["refundAmount"],
            "statusDetails": _state("RefundInitiated"),
        }
        return Answer(201, _shown(self.books.keep(made)))

    def cancel(self, name: str, reason: str) -> None:
        """Let a session end."""
        found = self.books.objects[name]
        self.books.keep(found | {"statusDetails": _state("Canceled", reason)})

    def show(self, call: Call) -> Answer:
        """The page of a session."""
        found = self.books.objects.get(call.names["id"])
        if found is None or found["statusDetails"]["state"] != "Open" or found["by"]:
            return hosted.over("Amazon Pay", "This page has expired, or was paid already.")
        amount = found["paymentDetails"]["chargeAmount"]
        return hosted.asking("Amazon Pay", f"{amount['amount']} {amount['currencyCode']}", MEANS)

    def pay(self, call: Call) -> Answer:
        """A click on the page: the payer says yes, gives up, or has no means that are accepted."""
        found = self.books.objects[call.names["id"]]
        click, details = hosted.clicked(call), found["webCheckoutDetails"]
        if click.given_up:
            self.cancel(found["id"], "BuyerCanceled")
            return hosted.back(details["checkoutCancelUrl"])
        if click.by in MEANS[1:]:
            self.cancel(found["id"], "Declined" if click.by.endswith("Declined") else click.by)
        else:
            self.books.keep(found | {"by": click.by})
        return hosted.back(f"{details['checkoutResultReturnUrl']}?amazonCheckoutSessionId={found['id']}")

    def _api(self, root: str) -> Sequence[Route]:
        session = f"{root}/checkoutSessions"
        return [
            self._served("POST", session, lambda call: self.create(call.json, call.base)),
            self._served("GET", f"{session}/{{id}}", lambda call: self.get("session", call.names["id"])),
            self._served(
                "POST", f"{session}/{{id}}/complete", lambda call: self.complete(call.names["id"], call.json)
            ),
            self._served("GET", f"{root}/charges/{{id}}", lambda call: self.get("charge", call.names["id"])),
            self._served("POST", f"{root}/refunds", lambda call: self.refund(call.json)),
            self._served("GET", f"{root}/refunds/{{id}}", lambda call: self.get("refund", call.names["id"])),
        ]

    def _served(self, method: str, path: str, deed: Callable[[Call], Answer]) -> Route:
        def do(call: Call) -> Answer:
            if not self._signed(call):
                return _wrong(401, "InvalidRequestSignature")
            key = call.headers.get("x-amz-pay-idempotency-key")
            if key is None or method != "POST":
                return deed(call)
            order = [call.path, json.dumps(call.json, sort_keys=True)]
            clash = _wrong(400, "DuplicateIdempotencyKey")
            return once(self.books, f"{call.path} {key}", order, lambda: deed(call), lambda: clash)

        return Route(method, path, do)

    def _signed(self, call: Call) -> bool:
        found = _SIGNED.fullmatch(call.headers.get("authorization", ""))
        if found is None:
            return False
        signed = {name: call.headers.get(name, "") for name in found[2].split(";")}
        to_sign = signing.string_to_sign(call.method, call.path, "", signed, call.body)
        try:
            if self.key is not None:
                signing.check(self.key, found[3], to_sign)
        except (InvalidSignature, ValueError):
            return False
        return True


def _state(state: str, reason: str | None = None) -> Record:
    at = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return {"state": state, "reasonCode": reason, "reasonDescription": None, "lastUpdatedTimestamp": at}


def _shown(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in {"id", "object", "by"}}


def _wrong(status: int, code: str) -> Answer:
    return Answer(status, {"reasonCode": code, "message": code})
