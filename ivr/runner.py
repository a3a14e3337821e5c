"""Takes the switch's calls, each into a task group of its own, as many as the line may hold."""

from dataclasses import dataclass
from typing import Final

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskGroup, TaskStatus
from structlog.contextvars import bound_contextvars

from core.errors import BadInput, Refused, TellerlineError
from core.lag import Lag
from ivr.conversation import Conversation, House
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.result import CallResult
from ivr.services import Flow, Flows, Services
from pbx.call import Call, NotReached
from pbx.cause import Cause
from pbx.switch import Dial, Switch

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_POLITE: Final = 20  # callers beyond the limit who are told so; those beyond them hear the busy tone


@dataclass(frozen=True, slots=True)
class Limits:
    """How many calls at once, how late the event loop may be, and the flow where the dialplan gave none."""

    calls: int = 200
    lag_s: float = 0.1
    flow: str = "pay_bill"


class Runner:
    """Serves calls until cancelled. After `drain` new ones are refused, so that another node gets them."""

    def __init__(
        self, switch: Switch, flows: Flows, house: House, limits: Limits, lag: Lag | None = None
    ) -> None:
        self._switch = switch
        self._flows = flows
        self._house = house
        self._limits = limits
        self._lag = lag or Lag()
        self._draining = False
        self._up = 0
        self._turned_away = 0
        self._idle = anyio.Event()
        self._idle.set()
        self._group: TaskGroup | None = None

    @property
    def calls(self) -> int:
        """How many calls are being served."""
        return self._up

    @property
    def draining(self) -> bool:
        """Whether new calls are refused."""
        return self._draining

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Take calls until cancelled. The switch's `run` must be running, or start soon."""
        async with anyio.create_task_group() as records:
            await records.start(self._house.record.run)
            try:
                async with anyio.create_task_group() as group:
                    self._group = group
                    task_status.started()
                    async for call in self._switch.calls():
                        self._admit(call, group)
            finally:
                self._group = None
                self._house.record.close()

    async def place(self, dial: Dial) -> Call | NotReached:
        """Call somebody, and let the flow that `dial` names talk to them once they answer.

        Raises BadInput for a flow that is not there or a number that nobody dials, Refused when the line is
        full or about to stop.
        """
        flow = self._flows.get(dial.flow)
        if flow is None:
            raise BadInput(f"there is no flow {dial.flow!r}: there are {', '.join(sorted(self._flows))}")
        if self._draining or self._group is None:
            raise Refused("the line is about to stop: it places no calls")
        if self._up >= self._limits.calls:
            raise Refused(f"the line is full: {self._up} calls are up")
        self._begin()  # one that rings counts, and is waited for by those who drain the line
        served = False
        try:
            call = await self._switch.originate(dial)
            if not isinstance(call, NotReached):
                self._group.start_soon(self._serve, call, dial.flow, flow)
                served = True
            return call
        finally:
            if not served:
                self._end()

    def drain(self) -> None:
        """Refuse new calls from now on, and let those that are up come to their end."""
        self._draining = True
        log.info("no new calls are taken", still_up=self._up)

    async def drained(self) -> None:
        """Wait until no call is up and all are written down."""
        while self._up:
            await self._idle.wait()
        await self._house.record.up_to_date()

    def _admit(self, call: Call, group: TaskGroup) -> None:
        full = self._full(call)
        if (self._draining and not call.resumed) or (full and self._turned_away >= _POLITE):
            group.start_soon(self._refuse, call)
            return
        name = call.flow or self._limits.flow
        self._begin()
        if full:
            self._turned_away += 1
            group.start_soon(self._tell_busy, call, name)
        else:
            group.start_soon(self._serve, call, name, self._flows.get(name))

    def _full(self, call: Call) -> bool:
        """Whether one more would be too many: by their number, or because those that are up wait already."""
        if self._up >= self._limits.calls:
            return True
        late = not call.resumed and self._lag.typical_s > self._limits.lag_s
        if late:
            log.warning("the line cannot keep up", late_s=round(self._lag.typical_s, 3), up=self._up)
        return late

    async def _tell_busy(self, call: Call, name: str) -> None:
        try:
            await self._serve(call, name, _turn_away)
        finally:
            self._turned_away -= 1

    async def _serve(self, call: Call, name: str, flow: Flow | None) -> None:
        with bound_contextvars(call=call.id):
            try:
                await Conversation(call, name, flow, self._house).run()
            except Exception:
                log.exception("call failed")
            finally:
                self._end()

    def _begin(self) -> None:
        self._up += 1
        self._idle = anyio.Event()

    def _end(self) -> None:
        self._up -= 1
        if not self._up:
            self._idle.set()

    async def _refuse(self, call: Call) -> None:
        cause = Cause.CONGESTION if self._draining else Cause.BUSY
        log.info("call refused", call=call.id, cause=cause.name.lower(), still_up=self._up)
        try:
            await call.hang_up(cause)
        except TellerlineError as why:
            log.warning("call could not be refused", call=call.id, why=str(why))


async def _turn_away(line: Line, _services: Services) -> CallResult:
    line.result = CallResult.TURNED_AWAY
    await line.say(Prompt("all_busy"))
    return CallResult.TURNED_AWAY
