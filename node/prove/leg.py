"""Asterisk's own channel to an agent's telephone: what is asked of it, past the line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from node.prove.books import Astray
from node.prove.watchers import Addresses
from pbx.ari.socket import credentials


class Leg:
    """One channel."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, url

    async def has_keys_by(self, mode: str) -> None:
        """Keys that went to the telephone from now on would go as `rfc4733`, `info` or `inband` (tones)."""
        await self._ask("variable", {"variable": "PJSIP_DTMF_MODE()", "value": mode})

    async def sends(self, keys: str) -> None:
        """Have Asterisk send keys to the telephone."""
        await self._ask("dtmf", {"dtmf": keys, "between": "60", "duration": "100"})

    async def _ask(self, what: str, query: dict[str, str]) -> None:
        async with self._http.post(f"{self._url}/{what}", params=query) as answer:
            if answer.status >= 300:
                raise Astray(f"Asterisk refused {what} with {answer.status}: {await answer.text()}")


@asynccontextmanager
async def leg_of(addresses: Addresses, extension: str) -> AsyncIterator[Leg]:
    """The channel to a telephone that is in a call; Astray when there is none."""
    headers = {"Authorization": credentials(addresses.ari_user, addresses.ari_password)}
    root = f"{addresses.ari}/ari/channels"
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(root) as answer:
            found = [
                one["id"] for one in await answer.json() if one["name"].startswith(f"PJSIP/{extension}-")
            ]
        if not found:
            raise Astray(f"Asterisk has no channel to {extension}")
        yield Leg(http, f"{root}/{found[0]}")
