"""Whole rehearsals: a real telephone, a real Asterisk, and facts told by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import anyio
import pytest
from anyio.streams.memory import MemoryObjectSendStream

from core.events import CallEnded, CallStarted, Fact, Recorded, Said, SaidAll
from core.ids import CallId
from rehearsal.account import Caller
from rehearsal.phone import Phone
from rehearsal.play import play
from rehearsal.reading import parse_script
from rehearsal.result import Played
from rehearsal.several import play_all
from rehearsal.stage import Stage
from tests.integration.rehearsal.telephones import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

DIGITS = ("one", "two", "three")


class Asterisks:
    """Tells of each call what Asterisk's dialplan does: it speaks three digits and hangs up."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._followers: list[MemoryObjectSendStream[Recorded]] = []
        self._calls = 0

    @asynccontextmanager
    async def follow(self) -> AsyncIterator[AsyncIterator[Recorded]]:
        send, receive = anyio.create_memory_object_stream[Recorded](100)
        with send, receive:
            self._followers.append(send)
            yield receive
            self._followers.remove(send)

    @asynccontextmanager
    async def new_phone(self, caller: Caller, longest_s: float) -> AsyncIterator[Phone]:
        async with self._lab.phone(caller) as phone, anyio.create_task_group() as tasks:
            self._calls += 1
            tasks.start_soon(self._tell_all, CallId(f"call_{self._calls}"), caller, phone)
            yield phone
            tasks.cancel_scope.cancel()

    async def _tell_all(self, call: CallId, caller: Caller, phone: Phone) -> None:
        while not phone.received.between(0, 1).pcm:  # noqa: ASYNC110 - the call is up once sound is written
            await anyio.sleep(0.02)
        self._tell(CallStarted(call, "talk", caller.number, "dialplan"))
        self._tell(Said(call, "digits", " ".join(DIGITS)))
        await phone.closed()
        self._tell(SaidAll(call, "digits", False))
        self._tell(CallEnded(call, "done", "NORMAL", 2.0))

    def _tell(self, fact: Fact) -> None:
        for follower in self._followers:
            follower.send_nowait(Recorded(1, datetime.now(UTC), fact))


async def test_a_call_is_played_and_measured_at_the_callers_ear(lab: Lab) -> None:
    script = parse_script(
        """
dial: talk
steps:
  - hear: one two
  - expect_hang_up
expect:
  outcome: done
  said: [digits]
  first_sound: 3s
""",
        Path("talk.yaml"),
    )
    line = Asterisks(lab)

    with anyio.fail_after(60):
        result = await play(script, Stage(line.new_phone, line, Random(1)))

    assert isinstance(result, Played)
    assert result.differences == ()
    assert result.figures.setup_s is not None
    assert result.figures.first_sound_s is not None
    assert result.figures.setup_s < result.figures.first_sound_s
    assert any(entry.what.startswith("▶ sound") for entry in result.entries)


async def test_several_are_played_at_once(lab: Lab) -> None:
    script = parse_script("dial: talk\nsteps:\n  - expect_hang_up\n", Path("talk.yaml"))
    line = Asterisks(lab)

    with anyio.fail_after(60):
        results = await play_all([script], Stage(line.new_phone, line, Random(1)), repeat=3, at_once=3)

    calls = {result.call for result in results if isinstance(result, Played) and result.same}
    assert calls == {"call_1", "call_2", "call_3"}
