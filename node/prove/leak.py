"""What an agent's telephone gets when keys do reach it, as tones, RTP events and SIP INFO: the controls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anyio

from node.prove.books import Astray
from node.prove.goertzel import held
from node.prove.pcap import keys_in, payloads
from node.prove.watchers import Addresses
from pbx.ari.socket import credentials
from rehearsal.phone import Phone
from rehearsal.sound import write_with_silence

LEAKY = "leaky"
"""A file of this name stands in the folder of an agent who was sent the control."""

PACKETS = "packets.pcap"

_KEYS = 8  # enough for a find
_WITHIN_S, _LOOK_S = 15.0, 0.1
_MODES = ("rfc4733", "info")


async def leak(caller: Phone, folder: Path, addresses: Addresses, extension: str, keys: str) -> None:
    """The caller plays keys as sound; then Asterisk itself sends them to the agent, each way that it has.

    Raises Astray when they do not arrive.
    """
    keys = keys[:_KEYS]
    sound = folder / "control.wav"
    write_with_silence(sound, held(keys), 0.0)
    await caller.speak(sound)
    async with _channel(addresses, extension) as (http, channel):
        for mode in _MODES:
            form = {"variable": "PJSIP_DTMF_MODE()", "value": mode}
            await _ask(http, f"{channel}/variable", form)
            await _ask(http, f"{channel}/dtmf", {"dtmf": keys, "between": "60", "duration": "100"})
            await _arrived(folder / PACKETS, keys * (1 + _MODES.index(mode)))
    (folder / LEAKY).touch()


@asynccontextmanager
async def _channel(addresses: Addresses, extension: str) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """Asterisk's own channel to a telephone, as ARI has it."""
    headers = {"Authorization": credentials(addresses.ari_user, addresses.ari_password)}
    root = f"{addresses.ari}/ari/channels"
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(root) as answer:
            found = [
                one["id"] for one in await answer.json() if one["name"].startswith(f"PJSIP/{extension}-")
            ]
        if not found:
            raise Astray(f"Asterisk has no channel to {extension}")
        yield http, f"{root}/{found[0]}"


async def _ask(http: aiohttp.ClientSession, url: str, query: dict[str, str]) -> None:
    async with http.post(url, params=query) as answer:
        if answer.status >= 300:
            raise Astray(f"Asterisk refused {url} with {answer.status}: {await answer.text()}")


async def _arrived(packets: Path, keys: str) -> None:
    with anyio.move_on_after(_WITHIN_S):
        while keys not in keys_in(payloads(packets)):  # noqa: ASYNC110 - a file grows
            await anyio.sleep(_LOOK_S)
        return
    raise Astray("the control's keys did not reach the agent's telephone, so nothing is known of other keys")
