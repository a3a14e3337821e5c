"""Pings spread over time: nobody is forgotten, no two rounds come in a burst, the silent are let go."""

from itertools import pairwise

import anyio
import pytest

from api.beats import Beats

pytestmark = pytest.mark.anyio


class Socket:
    """It answers, or not."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answered, self.gone = True, False
        self._answers = answers
        self.pings, self.pinged = 0, anyio.Event()
        self.ended = 0

    def send(self, frame: bytes) -> None:
        assert frame == b"\x89\x00"
        self.pings += 1
        if self.pings == 3:
            self.pinged.set()
        self.answered = self._answers

    def end(self) -> None:
        self.ended += 1
        self.gone = True


async def _entered(beats: Beats, *sockets: Socket) -> None:
    for one in sockets:
        beats.enter(one)


async def test_a_thousand_are_pinged_once_a_round_and_never_many_at_once() -> None:
    beats = Beats(every_s=30, step_s=0.1)
    sockets = [Socket() for _ in range(1000)]
    await _entered(beats, *sockets)
    pinged = [0]
    for _ in range(300):
        beats.step()
        pinged.append(sum(one.pings for one in sockets))
    assert max(after - before for before, after in pairwise(pinged)) <= 4
    assert {one.pings for one in sockets} <= {1, 2}
    assert pinged[-1] == pytest.approx(1000, abs=4)


async def test_whoever_does_not_answer_is_ended_once_and_the_others_stay() -> None:
    beats = Beats(every_s=1, step_s=1)
    silent, lively = Socket(answers=False), Socket()
    await _entered(beats, silent, lively)
    for _ in range(5):
        beats.step()
    assert (silent.pings, silent.ended) == (1, 1)
    assert (lively.pings, lively.ended) == (5, 0)


async def test_whoever_is_gone_is_not_written_to() -> None:
    beats = Beats(every_s=1, step_s=1)
    one = Socket()
    await _entered(beats, one)
    one.gone = True
    beats.step()
    assert one.pings == 0


async def test_it_beats_by_itself_while_there_are_sockets() -> None:
    beats = Beats(every_s=0.02, step_s=0.01)
    one = Socket()
    await _entered(beats, one)
    with anyio.fail_after(5):
        await one.pinged.wait()
    one.gone = True
    await anyio.sleep(0.1)
    later = Socket()
    await _entered(beats, later)
    with anyio.fail_after(5):
        await later.pinged.wait()
    later.gone = True
