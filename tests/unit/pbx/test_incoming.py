"""Sound from the wire: what comes is handed on in order, what does not come is silence."""

import anyio
import pytest

from core.audio import Audio, silence
from core.virtual_time import VirtualTimeLoop
from pbx.media.incoming import Incoming

pytestmark = pytest.mark.anyio

_RATE_HZ = 16_000
_SILENCE = silence(0.02, _RATE_HZ)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": VirtualTimeLoop}


def _frame(sign: int) -> Audio:
    return Audio(bytes([sign]) * len(_SILENCE.pcm), _RATE_HZ)


async def test_frames_are_handed_on_in_order_and_the_oldest_is_dropped() -> None:
    incoming = Incoming(_RATE_HZ, kept=2)
    for sign in (1, 2, 3):
        incoming.append(_frame(sign))
    assert [await incoming.popleft() for _ in range(2)] == [_frame(2), _frame(3)]


async def test_a_telephone_that_sends_nothing_is_silent_at_the_pace_of_sound() -> None:
    incoming = Incoming(_RATE_HZ, kept=10)
    began = anyio.current_time()
    heard = [await incoming.popleft() for _ in range(150)]
    assert heard == [_SILENCE] * 150
    assert incoming.silent_s == pytest.approx(3.0)
    assert anyio.current_time() - began == pytest.approx(3.0, abs=0.15)


async def test_a_frame_that_is_a_little_late_is_waited_for() -> None:
    incoming = Incoming(_RATE_HZ, kept=10)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_later, incoming, 0.08)
        assert await incoming.popleft() == _frame(7)
    assert incoming.silent_s == 0


async def test_who_speaks_after_a_silence_is_heard_at_once() -> None:
    incoming = Incoming(_RATE_HZ, kept=10)
    began = anyio.current_time()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_later, incoming, 2.5)
        while (frame := await incoming.popleft()) == _SILENCE:
            pass
    assert frame == _frame(7)
    assert anyio.current_time() - began == pytest.approx(2.5)
    assert incoming.silent_s == 0


async def _later(incoming: Incoming, wait_s: float) -> None:
    await anyio.sleep(wait_s)
    incoming.append(_frame(7))
