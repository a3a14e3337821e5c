"""What an agent's telephone gets when keys do reach it, as tones, RTP events and SIP INFO: the controls."""

from pathlib import Path

import anyio

from node.prove.books import Astray
from node.prove.goertzel import held
from node.prove.leg import leg_of
from node.prove.pcap import keys_in, payloads
from node.prove.watchers import Addresses
from rehearsal.phone import Phone
from rehearsal.sound import write_with_silence

LEAKY = "leaky"
"""A file of this name stands in the folder of an agent who was sent the control."""

PACKETS = "packets.pcap"

_KEYS = 8  # enough for a find
_WITHIN_S, _LOOK_S = 15.0, 0.1
_MODES = ("rfc4733", "info")


def leaked(keys: str) -> str:
    """What the agent's telephone is sent of a control's keys."""
    return keys[:_KEYS] * len(_MODES)


async def leak(caller: Phone, folder: Path, addresses: Addresses, extension: str, keys: str) -> None:
    """The caller plays keys as sound; then Asterisk itself sends them to the agent, each way that it has.

    Raises Astray when they do not arrive.
    """
    keys = keys[:_KEYS]
    sound = folder / "control.wav"
    write_with_silence(sound, held(keys), 0.0)
    await caller.speak(sound)
    async with leg_of(addresses, extension) as leg:
        for mode in _MODES:
            await leg.has_keys_by(mode)
            await leg.sends(keys)
            await _arrived(folder / PACKETS, keys * (1 + _MODES.index(mode)))
    (folder / LEAKY).touch()


async def _arrived(packets: Path, keys: str) -> None:
    with anyio.move_on_after(_WITHIN_S):
        while keys not in keys_in(payloads(packets)):  # noqa: ASYNC110 - a file grows
            await anyio.sleep(_LOOK_S)
        return
    raise Astray("the control's keys did not reach the agent's telephone, so nothing is known of other keys")
