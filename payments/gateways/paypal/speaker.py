"""Asking PayPal: an access token first, then JSON with a request id."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.clock import Clock
from payments.client import Client, Said
from payments.gateways.paypal.account import Account
from payments.gateways.paypal.answers import Json, object_in
from payments.outcome import NotAttempted, Unknown

_EARLY = timedelta(minutes=5)  # a token is renewed this long before it ends


class Speaker:
    """Keeps an access token and asks with it; `close` it at the end."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account, self._clock = account, clock
        self._client = Client("PayPal", account.url, account.authority, account.connect_s, account.answer_s)
        self._token, self._until = "", clock.now()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def ask(
        self, method: str, path: str, order: Json | None = None, key: str = ""
    ) -> Said | NotAttempted | Unknown:
        """Send an order, under an idempotency key where it makes something."""
        body = b"" if order is None else json.dumps(order).encode()
        return await self.send(method, path, body, "application/json", key)

    async def send(
        self, method: str, path: str, body: bytes, kind: str, key: str = ""
    ) -> Said | NotAttempted | Unknown:
        """The same for a body of any kind."""
        headers = await self.headers(key)
        if not isinstance(headers, Mapping):
            return headers
        reply = await self._client.ask(method, path, {**headers, "Content-Type": kind}, body)
        if isinstance(reply, NotAttempted):
            self._token = ""  # it may have been withdrawn
        return reply

    async def headers(self, key: str = "") -> Mapping[str, str] | NotAttempted:
        """Who asks, and under which key."""
        if not self._token or self._clock.now() >= self._until:
            failed = await self._renewed()
            if failed is not None:
                return failed
        headers = {"Authorization": f"Bearer {self._token}", "Prefer": "return=representation"}
        return headers | ({"PayPal-Request-Id": key} if key else {})

    async def _renewed(self) -> NotAttempted | None:
        headers = {
            "Authorization": self._account.authorization,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        reply = await self._client.ask("POST", "/v1/oauth2/token", headers, b"grant_type=client_credentials")
        granted: Mapping[str, Any] = object_in(reply) if isinstance(reply, Said) else {}
        if "access_token" not in granted:
            why = f"status {reply.status}" if isinstance(reply, Said) else reply.why
            return NotAttempted(f"PayPal gave no access token: {why}")
        self._token = granted["access_token"]
        lasts = timedelta(seconds=int(granted.get("expires_in", 0)))
        self._until = self._clock.now() + lasts - _EARLY
        return None
