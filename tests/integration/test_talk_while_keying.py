"""Two telephones that keep every packet: what is said while a card is keyed in, and how late it comes."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import numpy as np
import pytest
from numpy.typing import NDArray

from pbx.ari.switch import AriSwitch
from pbx.call import Call, NotReached
from pbx.media.g711 import pcm_to_ulaw
from pbx.media.mask import DELAY_MS
from pbx.switch import Dial
from rehearsal.rtp import Packet, sound
from rehearsal.script import Rhythm
from rehearsal.sound import RATE_HZ, ulaw_to_linear
from rehearsal.tones import ASSESSOR, TELEPHONE, keys_heard, tones
from rehearsal.witness import Witness, witness
from tests.contract.worlds import ari_switch
from tests.integration.lab import Lab
from tests.unit.pbx.test_tone_mask import voice

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

CARD = "4242424242424242"
SOON_MS = 250  # here it takes about 50 and 25; beyond 400 both begin to talk at once (ITU-T G.114)
ARRIVED_S = 0.5
Samples = NDArray[np.float64]


@dataclass
class Talk:
    switch: AriSwitch
    caller: Witness
    agent: Witness
    call: Call
    agent_call: Call


@asynccontextmanager
async def talk() -> AsyncIterator[Talk]:
    """Both were called by the line, and are joined."""
    async with (
        witness() as caller,
        witness() as agent,
        Lab(outbound=False) as lab,
        anyio.create_task_group() as tasks,
    ):
        ports = {"caller": caller.address[1], "agent": agent.address[1]}
        switch = ari_switch(
            lab, outbound=False, endpoint=lambda to: f"PJSIP/agent/sip:{to}@127.0.0.1:{ports[to]}"
        )
        await tasks.start(switch.run)
        call = await switch.originate(Dial("caller"))
        agent_call = await switch.originate(Dial("agent"))
        assert not isinstance(call, NotReached)
        assert not isinstance(agent_call, NotReached)
        await caller.answered.wait()
        await agent.answered.wait()
        async with call.joined(agent_call):
            yield Talk(switch, caller, agent, call, agent_call)
        await call.hang_up()
        await agent_call.hang_up()
        tasks.cancel_scope.cancel()


async def spoken(*words: tuple[Witness, bytes]) -> None:
    """Let each say their words, at the same time, and wait until they have arrived."""
    async with anyio.create_task_group() as tasks:
        for phone, ulaw in words:
            tasks.start_soon(phone.speak, ulaw)
    await anyio.sleep(ARRIVED_S)


def samples(packets: Iterable[Packet]) -> Samples:
    return np.frombuffer(sound(packets).pcm, "<i2").astype(np.float64)


def likeness(said: Samples, heard: Samples) -> float:
    """The greatest correlation of what was said with a stretch of what was heard, 1 for the same."""
    size = 1 << (len(said) + len(heard)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    at = int(np.argmax(product[: len(heard)]))
    stretch = heard[at : at + len(said)]
    return float(product[at] / np.sqrt(np.sum(said**2) * np.sum(stretch**2) + 1))


def delay_ms(said: Witness, heard: Witness) -> float:
    """How long the first loud packet of a silent line took from one telephone to the other."""

    def first(packets: list[Packet]) -> float:
        return next(
            packet.at_s
            for packet in packets
            if np.abs(np.frombuffer(ulaw_to_linear(packet.payload), "<i2")).max() > 2000
        )

    return 1000 * (first(heard.packets) - first(said.sent))


def pulse() -> bytes:
    at = np.arange(RATE_HZ // 5) / RATE_HZ
    return pcm_to_ulaw((12_000 * np.sin(2 * np.pi * 400 * at)).astype("<i2").tobytes())


async def test_both_hear_what_the_other_says_while_keys_are_hidden() -> None:
    async with talk() as it:
        words = [voice(3.0, seed) for seed in (1, 3)]
        async with it.call.deafened():
            ulaw = [pcm_to_ulaw(said.astype("<i2").tobytes()) for said in words]
            await spoken((it.caller, ulaw[0]), (it.agent, ulaw[1]))
        assert likeness(words[0], samples(it.agent.packets)) > 0.9
        assert likeness(words[1], samples(it.caller.packets)) > 0.9


async def test_what_is_said_meanwhile_comes_soon_enough_to_talk() -> None:
    async with talk() as it:
        async with it.call.deafened():
            await spoken((it.caller, pulse()), (it.agent, pulse()))
        assert DELAY_MS < delay_ms(it.caller, it.agent) < SOON_MS
        assert delay_ms(it.agent, it.caller) < SOON_MS


async def test_tones_in_the_sound_of_a_call_that_sends_events_are_hidden_too() -> None:
    async with talk() as it:
        keyed = pcm_to_ulaw(tones(CARD[:8], Rhythm(held_s=0.1, every_s=0.2)).pcm)
        await spoken((it.caller, keyed))
        assert "4242" in keys_heard(it.agent.heard, TELEPHONE)
        before = len(it.agent.packets)
        async with it.call.deafened():
            await spoken((it.caller, keyed))
        for window in (TELEPHONE, ASSESSOR):
            assert keys_heard(sound(it.agent.packets[before:]), window) == ""
