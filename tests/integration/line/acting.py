"""A program that acts on one call of a line through the API, and an ear that it opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import anyio

from core.audio import Audio
from rehearsal.beside import beside
from tests.integration.line.listening import LOUD, level
from tests.integration.line.poll import until
from tests.integration.line.rig import Rig

_WAV_HEAD: Final = 44


@dataclass(frozen=True, slots=True)
class Hand:
    """A program that acts on one call."""

    http: aiohttp.ClientSession
    call: str

    async def does(self, act: str, **body: object) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"/v1/calls/{self.call}/{act}", json=body) as answer:
            told: dict[str, Any] = await answer.json()
            return answer.status, told


async def waiting_for_a_program(line: Rig, caller: str) -> str:
    """The call's id, once the flow lends it to programs."""

    async def lent() -> bool:
        return any(fact["kind"] == "said_all" for fact in await line.facts(caller))

    await until(lent, 20, f"{caller} does not wait for a program")
    session = await line.session(caller)
    assert session is not None
    return str(session["id"])


class Ear:
    """What a supervisor hears, as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer, self._pcm, self._rate_hz = answer, bytearray(), 0
        self.over = anyio.Event()

    async def listen(self) -> None:
        head = await self._answer.content.readexactly(_WAV_HEAD)
        self._rate_hz = int.from_bytes(head[24:28], "little")
        async for part in self._answer.content.iter_any():
            self._pcm += part
        self.over.set()

    @property
    def audio(self) -> Audio:
        return Audio(bytes(self._pcm[: len(self._pcm) // 2 * 2]), self._rate_hz)

    def forget(self) -> None:
        self._pcm = self._pcm[len(self._pcm) // 2 * 2 :]

    async def has(self, hertz: int) -> bool:
        return bool(self._pcm) and level(self.audio, hertz) > LOUD


@asynccontextmanager
async def ear_on(hand: Hand) -> AsyncIterator[Ear]:
    """A supervisor's ear, opened with a ticket."""
    status, told = await hand.does("listen")
    assert status == 201, told
    async with hand.http.get(told["url"]) as answer:
        assert answer.status == 200
        ear = Ear(answer)
        async with beside(ear.listen):
            yield ear
