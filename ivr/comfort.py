"""Company while something slow happens: words, then a soft sound, and now and then a word that it goes on."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import anyio

from ivr.prompt import Prompt
from ivr.speaker import Speaker
from tts.sounds import Sound

T = TypeVar("T")

_GRACE_S: Final = 1.0  # what is done by then needs no sound
_SOUNDS: Final = 3  # between two words
_SILENT_S: Final = 4.0  # in the place of a sound, where there is none


async def comforted(
    speaker: Speaker, prompt: Prompt, comfort: Sound | None, work: Callable[[], Awaitable[T]]
) -> T:
    """Say `prompt` whole and keep the caller company until the work is done; what came of the work."""
    hum = anyio.CancelScope()
    async with anyio.create_task_group() as group:
        group.start_soon(_keep_company, speaker, prompt, comfort, hum)
        done = await work()
        hum.cancel()
    return done


async def _keep_company(
    speaker: Speaker, prompt: Prompt, comfort: Sound | None, hum: anyio.CancelScope
) -> None:
    await speaker.say(prompt)
    with hum:
        await anyio.sleep(_GRACE_S)
        while True:
            for _ in range(_SOUNDS):
                await (anyio.sleep(_SILENT_S) if comfort is None else speaker.hum(comfort))
            with anyio.CancelScope(shield=True):
                await speaker.say(Prompt("still_working"))
