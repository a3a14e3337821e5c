"""What is at hand is given at once, and all of it together; the rest as it is rendered."""

import anyio
import pytest

from ivr.rendering import Rendering
from tts.fake import SilentSounds
from tts.sounds import Sound
from tts.voice import Speech

pytestmark = pytest.mark.anyio

_PIECES = [Speech("Your bill is", "en"), Speech("12 dollars.", "en")]


class _New:
    """Has rendered what is in `known`; the rest takes a moment."""

    def __init__(self, *known: Speech) -> None:
        self._known = known

    def at_hand(self, speech: Speech) -> Sound | None:
        return SilentSounds().at_hand(speech) if speech in self._known else None

    async def sound(self, speech: Speech) -> Sound:
        await anyio.sleep(0.01)
        return SilentSounds().at_hand(speech)


async def test_a_prompt_that_is_known_is_given_whole_and_nothing_is_left_to_do() -> None:
    rendering = Rendering(_New(*_PIECES), _PIECES)
    assert rendering.whole
    assert [sound.path.name for sound in await rendering.next()] == [piece.text for piece in _PIECES]
    assert await rendering.next() == []


async def test_the_beginning_does_not_wait_for_what_is_new() -> None:
    rendering = Rendering(_New(_PIECES[0]), _PIECES)
    assert not rendering.whole
    async with anyio.create_task_group() as group:
        first = await rendering.next()
        group.start_soon(rendering.run)
        then = await rendering.next()
        assert await rendering.next() == []
    assert [[sound.path.name for sound in some] for some in (first, then)] == [
        ["Your bill is"],
        ["12 dollars."],
    ]
