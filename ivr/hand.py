"""A hand on calls that are up: what a person or a program does to them from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import anyio

from core.errors import BadInput
from core.ids import CallId
from ivr.live import LiveCall, LiveCalls
from ivr.prompt import Prompt
from ivr.texts import Texts
from pbx.call import Listening, NotReached, Transferred

_TRANSFER_S: Final = 60.0


class NoSuchCall(BadInput):
    """There is no such call up on this node."""


class Hand:
    """Acts on calls of this process. Each method raises NoSuchCall, CallGone when the call ends meanwhile."""

    def __init__(self, live: LiveCalls, texts: Texts) -> None:
        self._live, self._texts = live, texts

    async def hang_up(self, call: CallId) -> None:
        """End it."""
        await self._find(call).line.hang_up()

    async def transfer(self, call: CallId, to: str) -> Transferred | NotReached:
        """Send it on, for good. Raises BadInput for a number that nobody dials."""
        line = self._find(call).line
        with anyio.move_on_after(_TRANSFER_S):
            return await line.transfer(to)
        raise BadInput(f"{to} did not answer within {_TRANSFER_S:g} s")

    async def press(self, call: CallId, keys: str) -> None:
        """Have the caller's end hear these keys. Raises BadInput for what are none."""
        await self._find(call).booth.call.send_keys(keys)

    async def say(self, call: CallId, what: Prompt | str) -> None:
        """Say a prompt, or a text of one's own, beside what the flow says. Raises BadInput, VoiceLost."""
        found = self._find(call)
        mouth = found.booth.speaker(found.line.language)
        if isinstance(what, Prompt):
            await mouth.say(what)
        else:
            await mouth.tell(what)

    def speak(self, call: CallId, language: str) -> None:
        """Go on in another language. Raises BadInput for one that the line does not speak."""
        if language not in self._texts.languages:
            known = ", ".join(self._texts.languages)
            raise BadInput(f"the line does not speak {language!r}, only {known}")
        self._find(call).line.speak(language)

    def mind_silence(self, call: CallId, *, minds: bool) -> None:
        """Whether a question that nobody answers is asked again."""
        self._find(call).line.minds_silence = minds

    def check(self, call: CallId) -> None:
        """Raises NoSuchCall unless it is up here."""
        self._find(call)

    @asynccontextmanager
    async def listen(self, call: CallId) -> AsyncIterator[Listening]:
        """A supervisor's ear: neither party notices, and it is deaf while a card is entered."""
        async with self._find(call).booth.call.listen() as ear:
            yield ear

    def _find(self, call: CallId) -> LiveCall:
        found = self._live.find(call)
        if found is None:
            raise NoSuchCall(f"no call {call} is up on this node")
        return found
