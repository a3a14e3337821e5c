"""A switch without telephones: it places scripted callers, and answers for whom the line calls."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskGroup, TaskStatus

from core.errors import CallGone, SwitchLost
from pbx.call import Call, Direction, HungUp, NotReached, Party
from pbx.cause import Cause
from pbx.fake.call import FakeCall
from pbx.fake.phone import Phone, Script, silent
from pbx.fake.playback import Seconds
from pbx.switch import Dial, SwitchHealth

_WAITING_CALLS = 1000


@dataclass(frozen=True, slots=True)
class Answers:
    """The party called picks up after `after_s`, and then acts as the script says."""

    script: Script = silent
    after_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Refuses:
    """The party called cannot be reached, as the network says after `after_s`."""

    cause: Cause
    after_s: float = 0.5


class FakeSwitch:
    """It opens no socket and waits only on anyio's clock, so that simulations run in virtual time.

    `seconds` tells how long a sound file lasts; `answers` who picks up when the line calls or transfers
    to them (whoever is not listed does not exist, 404); `writes_keys` is what `overheard` says. Scripts run
    for as long as `run` does.
    """

    def __init__(
        self, *, seconds: Seconds = lambda _sound: 1.0, recordings: Path = Path("/nowhere/recordings")
    ) -> None:
        self.answers: dict[str, Answers | Refuses] = {}
        self.dialed: list[Dial] = []
        self.writes_keys: list[str] = []
        self.up: list[FakeCall] = []
        self.recordings = recordings
        self._seconds = seconds
        self._offer, self._offered = anyio.create_memory_object_stream[FakeCall](_WAITING_CALLS)
        self._tasks: TaskGroup | None = None

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Run the callers' scripts until cancelled; then all calls are lost."""
        try:
            async with anyio.create_task_group() as self._tasks:
                task_status.started()
                await anyio.sleep_forever()
        finally:
            self._tasks = None
            self.lose()
            self._offer.close()
            self._offered.close()

    def calls(self) -> AsyncIterator[Call]:
        """Calls that ask for the line, each once."""
        return self._offered

    def place(
        self,
        script: Script = silent,
        *,
        caller: str = "+15550100",
        number: str = "1000",
        flow: str = "",
        resumed: bool = False,
        to_be_recorded: bool = False,
        language: str = "",
    ) -> Phone:
        """A caller dials the line; their script begins at once. `run` must be running."""
        call = self._call(
            Party(caller),
            number,
            flow,
            Direction.IN,
            resumed=resumed,
            to_be_recorded=to_be_recorded,
            language=language,
        )
        self._offer.send_nowait(call)
        return self._hand_out(call, script)

    async def originate(self, dial: Dial) -> Call | NotReached:
        """Call somebody; `answers` says what they do."""
        self.dialed.append(dial)
        with anyio.move_on_after(dial.timeout_s) as ringing:
            if (cause := await self.ring(dial.to)) is not None:
                return NotReached(dial.to, cause)
        if ringing.cancelled_caught:
            return NotReached(dial.to, Cause.NO_ANSWER)
        call = self._call(Party(dial.to), dial.caller, dial.flow, Direction.OUT)
        answer = self.answers[dial.to]
        self._hand_out(call, answer.script if isinstance(answer, Answers) else silent)
        return call

    async def health(self) -> SwitchHealth:
        """Up while `run` is running."""
        return SwitchHealth(self._tasks is not None, "a fake switch", len(self.up))

    async def overheard(self) -> Sequence[str]:
        """What `writes_keys` holds."""
        await anyio.lowlevel.checkpoint()
        return self.writes_keys

    async def ring(self, to: str, *, until: anyio.Event | None = None) -> Cause | None:
        """Ring somebody: None when they pick up, else why they cannot be reached; no longer than `until`."""
        answer = self.answers.get(to, Refuses(Cause.NOT_FOUND, after_s=0.1))
        with anyio.move_on_after(answer.after_s):
            await (until.wait() if until else anyio.sleep_forever())
        return answer.cause if isinstance(answer, Refuses) else None

    def lose(self) -> None:
        """The switch goes away: every call has ended."""
        for call in list(self.up):
            call.end(HungUp(Cause.NETWORK_LOST, by_caller=False))

    def forget(self, call: FakeCall) -> None:
        """A call has ended."""
        self.up.remove(call)

    def _call(
        self,
        caller: Party,
        number: str,
        flow: str,
        direction: Direction,
        *,
        resumed: bool = False,
        to_be_recorded: bool = False,
        language: str = "",
    ) -> FakeCall:
        call = FakeCall(
            self,
            caller=caller,
            number=number,
            flow=flow,
            direction=direction,
            seconds=self._seconds,
            resumed=resumed,
            to_be_recorded=to_be_recorded,
            language=language,
        )
        self.up.append(call)
        return call

    def _hand_out(self, call: FakeCall, script: Script) -> Phone:
        if self._tasks is None:
            raise SwitchLost("the fake switch is not running: start its `run` before placing calls")
        phone = Phone(call)
        self._tasks.start_soon(_act, script, phone)
        return phone


async def _act(script: Script, phone: Phone) -> None:
    try:
        await script(phone)
    except CallGone:
        return  # the line hung up on them
