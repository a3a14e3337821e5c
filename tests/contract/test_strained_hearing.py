"""More speech than an engine can take gives way in the stated order, and keys do not wait for it."""

from pathlib import Path

import anyio
import pytest

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.recognizer import Hint
from asr.strain import Step
from core.audio import silence
from core.ids import new_call_id
from ivr.keypad import Keypad
from pbx.keys import Keys

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_TALKING = 10
_TENTH = silence(0.1, 8000)


def _slow(folder: Path) -> VoskRecognizer:
    """Ten who talk send a hundred messages a second; this engine answers a dozen."""
    (folder / "conf").mkdir()
    (folder / "conf" / "mfcc.conf").write_text("--sample-frequency=8000\n")
    return VoskRecognizer(folder, "en", worker="tests.contract.slow_engine")


async def test_each_step_is_taken_in_order_and_a_key_is_answered_at_once(tmp_path: Path) -> None:
    engine, steps, slowest_s = _slow(tmp_path), [Step.EASY], 0.0
    keys = Keys(new_call_id())
    keypad = Keypad(keys)
    async with anyio.create_task_group() as tasks:
        await tasks.start(engine.run)
        async with anyio.create_task_group() as calls:
            for _ in range(_TALKING):
                calls.start_soon(_talk, engine)
            for _ in range(30):
                await anyio.sleep(0.1)
                began = anyio.current_time()
                keys.press(ord("5"))
                assert await keypad.press(1.0) is not None
                slowest_s = max(slowest_s, anyio.current_time() - began)
                if engine.strain.step != steps[-1]:
                    steps.append(engine.strain.step)
            calls.cancel_scope.cancel()
        assert not engine.has_room
        tasks.cancel_scope.cancel()
    assert steps == list(Step)
    assert slowest_s < 0.5


async def _talk(engine: VoskRecognizer) -> None:
    async with engine.hear(Hint()) as hearing:
        while True:
            hearing.feed(_TENTH)
            await anyio.sleep(0.1)
