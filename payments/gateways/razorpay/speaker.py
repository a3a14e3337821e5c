"""Asking Razorpay: JSON, with the account's key."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from payments.client import Client
from payments.gateways.razorpay import answers
from payments.gateways.razorpay.account import Account
from payments.gateways.razorpay.answers import Failed, Json
from payments.outcome import Unknown


class Speaker:
    """Asks with the account's key; `close` it at the end."""

    def __init__(self, account: Account) -> None:
        self._client = Client("Razorpay", account.url, account.authority, account.connect_s, account.answer_s)
        self._headers = {"Authorization": account.authorization, "Content-Type": "application/json"}

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def post(self, path: str, order: Json, ref: str = "", **headers: str) -> Json | Failed:
        """Send an order; `headers` are named with `_` for `-`."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        reply = await self._client.ask("POST", path, {**self._headers, **named}, json.dumps(order).encode())
        return answers.of_reply(reply, ref)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Json | Unknown:
        """Look something up; what cannot be asked is unknown."""
        asked = f"{path}?{urlencode(query)}" if query else path
        found = answers.of_reply(await self._client.ask("GET", asked, self._headers))
        if isinstance(found, Mapping):
            return found
        return Unknown(getattr(found, "why", "") or f"Razorpay did not answer about {path}")
