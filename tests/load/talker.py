"""A caller who talks: waits for the line to fall silent, says something, and times the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import anyio

from tests.load.telephone import Telephone, telephone, voiced

_QUIET_S: Final = 0.9  # longer than a pause between two sentences
_ANSWER_S: Final = 8.0
_PROMPT_S: Final = 20.0  # the longest that the line is silent or speaks before it asks


@dataclass(frozen=True, slots=True)
class Saying:
    """A recording; `kind` is what it answers."""

    kind: str
    coded: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """How long the line took from the last sound of a saying to the first of its answer."""

    kind: str
    seconds: float


@dataclass(slots=True)
class Talker:
    """One call."""

    says: Sequence[Saying]
    phone: Telephone
    answers: list[Answered] = field(default_factory=list)

    async def talk(self) -> None:
        """Say everything, each once the line has asked."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.phone.run)
            for saying in self.says:
                with anyio.move_on_after(_PROMPT_S) as limit:
                    await self.phone.silent_for(_QUIET_S)
                if limit.cancelled_caught:
                    break  # the call is over, or went another way
                await self._say(saying)
            tasks.cancel_scope.cancel()

    async def _say(self, saying: Saying) -> None:
        lasts_s = self.phone.say(voiced(saying.coded))
        self.phone.heard = anyio.Event()
        ends_at = anyio.current_time() + lasts_s
        with anyio.move_on_after(lasts_s + _ANSWER_S):
            await self.phone.heard.wait()
            self.answers.append(Answered(saying.kind, anyio.current_time() - ends_at))


def talker(says: Sequence[Saying]) -> Talker:
    """A telephone on a port of its own."""
    return Talker(says, telephone())
