"""Asking Amazon Pay: JSON, each request signed."""

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from core.clock import Clock
from core.errors import BadInput
from payments.client import Client
from payments.gateways.amazon_pay import answers, signing
from payments.gateways.amazon_pay.account import Account
from payments.gateways.amazon_pay.answers import Failed, Json


class Speaker:
    """Signs and asks; `close` it at the end. Raises BadInput for a key that is none."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account, self._clock = account, clock
        self._key = _key_in(account)
        self._client = Client(
            "Amazon Pay", account.address, account.authority, account.connect_s, account.answer_s
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def get(self, path: str) -> Json | Failed:
        """Look something up."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, order: Json, key: str = "", ref: str = "") -> Json | Failed:
        """Send an order, under an idempotency key where it makes something; `ref` is what it is about."""
        return await self._ask("POST", path, json.dumps(order).encode(), key, ref)

    async def _ask(self, method: str, path: str, body: bytes, key: str = "", ref: str = "") -> Json | Failed:
        path = self._account.root + path
        headers = self._signed(method, path, body, key)
        return answers.of_reply(await self._client.ask(method, path, headers, body), ref)

    def _signed(self, method: str, path: str, body: bytes, key: str) -> Mapping[str, str]:
        headers = {
            "accept": "application/json",
            "content-type": "application/json",
            "x-amz-pay-date": f"{self._clock.now():%Y%m%dT%H%M%SZ}",
            "x-amz-pay-host": urlsplit(self._client.url).netloc,
            "x-amz-pay-region": self._account.region,
        }
        if key:  # at most 32 characters
            headers["x-amz-pay-idempotency-key"] = hashlib.sha256(key.encode()).hexdigest()[:32]
        to_sign = signing.string_to_sign(method, path, "", headers, body)
        names = signing.signed_names(headers)
        signed = signing.authorization(self._key, self._account.public_key_id, names, to_sign)
        return {**headers, "authorization": signed}


def _key_in(account: Account) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(account.private_key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(
            f"{account.private_key}: no private key can be read ({type(error).__name__})"
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BadInput(f"{account.private_key}: Amazon Pay wants an RSA key")
    return key
