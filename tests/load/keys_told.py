"""What Asterisk tells of keys, beside what the line makes of them: an application that hears nothing else."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from pbx.ari.socket import credentials
from rehearsal.beside import beside
from tests.load.lab import Lab

_APP = "counted"
_KEYS = "ChannelDtmfReceived"


@dataclass(frozen=True, slots=True)
class Key:
    """One, when Asterisk saw it let go (seconds of the machine's clock), and how long it says it was held."""

    sign: str
    at_s: float
    held_ms: int


class Told:
    """The keys that Asterisk told, in order, by the number of who pressed them."""

    def __init__(self) -> None:
        self._keys: defaultdict[str, list[Key]] = defaultdict(list)

    def by(self, caller: str) -> list[Key]:
        """All keys of one caller."""
        return self._keys[caller]

    async def hear(self, events: aiohttp.ClientWebSocketResponse) -> None:
        """Listen until cancelled."""
        async for message in events:
            event = message.json()
            if event["type"] == _KEYS:
                at_s = datetime.fromisoformat(event["timestamp"]).timestamp()
                key = Key(event["digit"], at_s, event["duration_ms"])
                self._keys[event["channel"]["caller"]["number"]].append(key)


@asynccontextmanager
async def told(lab: Lab) -> AsyncIterator[Told]:
    """Listen for as long as the `async with` lasts."""
    settings = lab.line.environment
    root = f"{settings['TELLERLINE_SWITCH_URL']}/ari"
    headers = {"Authorization": credentials("tellerline", settings["TELLERLINE_SWITCH_PASSWORD"])}
    one = Told()
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(f"{root}/events", params={"app": _APP, "subscribeAll": "true"}) as events,
    ):
        wanted = {"allowed": [{"type": _KEYS}]}
        async with http.put(f"{root}/applications/{_APP}/eventFilter", json=wanted) as answer:
            answer.raise_for_status()
        async with beside(one.hear, events):
            yield one
