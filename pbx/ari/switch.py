"""Asterisk as a switch."""

from collections.abc import AsyncIterator, Sequence

import anyio
import structlog
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskGroup, TaskStatus

from core.errors import BadInput, CallGone, Refused, SwitchLost
from core.ids import new_call_id
from pbx.ari.bystanders import Bystanders
from pbx.ari.call import AriCall, Facts
from pbx.ari.connection import Connection
from pbx.ari.door import MediaDoor
from pbx.ari.greeting import greet
from pbx.ari.leg import Leg
from pbx.ari.link import Link
from pbx.ari.listener import Listener
from pbx.ari.model import Channel
from pbx.ari.one_way import ask_for_one
from pbx.ari.overheard import overheard
from pbx.ari.rest import Rejected, Rest
from pbx.ari.router import Router, named
from pbx.ari.shared import Shared
from pbx.ari.site import Site
from pbx.ari.socket import Socket
from pbx.ari.takeover import clear_leftovers, take_over
from pbx.call import Call, Direction, NotReached, Party
from pbx.cause import Cause
from pbx.switch import Dial, SwitchHealth

_WAITING_CALLS = 1000
_HEALTH_S = 1.5
_RING_SPARE_S = 2.0
_BOOTING_S = 0.1
_NOT_BOOTED = 503
ABOUT_HEADER = "X-Tellerline-Call"

log = structlog.get_logger(__name__)


class AriSwitch:
    """One Asterisk. `link` is how we are connected; the listener takes the sound of calls (and, when Asterisk
    connects to us, its events).
    """

    def __init__(self, link: Link, listener: Listener, site: Site) -> None:
        self._link, self._listener, self._site = link, listener, site
        self._rest = Rest()
        self._router = Router(self._new_channel, self._ask_for_one)
        self._media_door = MediaDoor(listener, self._rest, self._router, site)
        self._bystanders = Bystanders(self._rest, site)
        self._shared = Shared(self._rest, self._router, site, self._media_door, self._bystanders)
        self._started = False
        self._offer, self._offered = anyio.create_memory_object_stream[AriCall](_WAITING_CALLS)
        self._tasks: TaskGroup | None = None

    async def run(self, *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED) -> None:
        """Stay connected until cancelled. Calls live on in Asterisk; the next controller finds them."""
        try:
            async with anyio.create_task_group() as tasks:
                self._tasks = tasks
                await tasks.start(self._listener.run)
                tasks.start_soon(self._bystanders.run)
                while True:
                    await self._serve(await self._next_socket(), task_status)
        finally:
            self._tasks = None
            self._lose_all()
            self._offer.close()
            self._offered.close()

    def calls(self) -> AsyncIterator[Call]:
        """Calls that ask for the line, each once."""
        return self._offered

    async def originate(self, dial: Dial) -> Call | NotReached:
        """Call somebody; the call once they answered, or why they were not reached."""
        call = self._outgoing(dial)
        channel = call.leg.channel
        try:
            with anyio.fail_after(dial.timeout_s + _RING_SPARE_S):
                await self._ring(dial, channel)
                await call.leg.wait(call.leg.arrived)
        except CallGone:
            return NotReached(dial.to, call.leg.how.cause if call.leg.how else Cause.UNKNOWN)
        except TimeoutError:
            await call.hang_up(Cause.NO_ANSWER)
            return NotReached(dial.to, Cause.NO_ANSWER)
        except (BadInput, SwitchLost):
            self._router.lose(channel)
            raise
        except Refused as no:
            self._router.lose(channel)
            log.warning("a call could not be placed", to=dial.to, reason=str(no))
            return NotReached(dial.to, Cause.UNREACHABLE)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True):
                await call.hang_up()
            raise
        return call

    async def health(self) -> SwitchHealth:
        """How Asterisk is now; answers within 2 seconds."""
        try:
            info = await self._rest.ask_within(_HEALTH_S, "GET", "asterisk", "info", only="system")
        except (SwitchLost, Refused) as why:
            return SwitchHealth(False, str(why), self._count())
        return SwitchHealth(True, f"Asterisk {info['system']['version']}", self._count())

    async def overheard(self) -> Sequence[str]:
        """What in Asterisk would write keys down at this moment, and how to mend it."""
        return await overheard(self._rest, self._site.log_levels)

    async def _next_socket(self) -> Socket:
        with anyio.move_on_after(self._site.loss_grace_s):
            return await self._link.connect()
        log.error("asterisk stays out of reach: its calls have ended", calls=self._count())
        self._lose_all()
        return await self._link.connect()

    async def _serve(self, socket: Socket, task_status: TaskStatus[None]) -> None:
        """Use one connection until it is lost."""
        connection = Connection(socket, self._router.hear)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read, connection, tasks.cancel_scope)
            self._rest.use(connection)
            if not await self._settled():
                tasks.cancel_scope.cancel()
            elif not self._started:
                self._started = True
                task_status.started()

    async def _read(self, connection: Connection, serving: anyio.CancelScope) -> None:
        try:
            await connection.run()
        finally:
            self._rest.lose()
        serving.cancel()

    async def _settled(self) -> bool:
        try:
            await greet(self._rest)
            while not await self._compared():  # noqa: ASYNC110 - nothing tells that it has booted
                await anyio.sleep(_BOOTING_S)
        except SwitchLost as lost:
            log.warning("the connection went before the calls were compared", reason=str(lost))
            return False
        log.info("connected to asterisk", app=self._site.app, calls=self._count())
        return True

    async def _compared(self) -> bool:
        """Whether Asterisk's calls and ours were compared; False while it still boots (503)."""
        try:
            if not self._started:
                await clear_leftovers(self._rest, self._site.app)
            await take_over(self._rest, self._router, self._site, self._resume)
            self._bystanders.came_back()
        except Rejected as no:
            if no.status != _NOT_BOOTED:
                raise
            log.info("asterisk is still booting", reason=str(no))
            return False
        return True

    async def _ring(self, dial: Dial, channel: str) -> None:
        await self._rest.ask(
            "POST",
            "channels",
            endpoint=self._site.endpoint(dial.to),
            app=self._site.app,
            appArgs=f"flow={dial.flow},number={dial.caller}",
            channelId=channel,
            callerId=dial.caller,
            timeout=max(round(dial.timeout_s), 1),
            variables=_told(dial.about) if dial.about else {},
        )

    def _outgoing(self, dial: Dial) -> AriCall:
        call_id = new_call_id()
        facts = Facts(call_id, Party(dial.to), dial.caller, dial.flow, Direction.OUT, resumed=False)
        return self._handle(call_id, facts)

    def _new_channel(self, channel: Channel, args: tuple[str, ...]) -> None:
        self._take(channel, args, resumed=False)

    def _resume(self, channel: Channel, args: tuple[str, ...]) -> None:
        self._take(channel, args, resumed=True)

    def _take(self, channel: Channel, args: tuple[str, ...], *, resumed: bool) -> None:
        """A channel without a handle is a call, unless an earlier controller made it for one of its own.

        Those are its ears and voices, and whoever it called for a caller: no flow is to talk to them.
        """
        said = named(args)
        direction = Direction.OUT if channel.id.startswith("call_") else Direction.IN
        if direction is Direction.OUT and ("-" in channel.id or not said.get("flow")):
            self._dismiss(channel.id)
            return
        party = channel.caller
        facts = Facts(
            new_call_id(),
            Party(party.number, party.name),
            said.get("number", channel.dialplan.exten),
            said.get("flow", ""),
            direction,
            resumed,
            said.get("record") == "yes",
            said.get("language", ""),
        )
        call = self._handle(channel.id, facts)
        if resumed and self._tasks is not None:
            self._tasks.start_soon(self._free_and_offer, call)
        else:
            self._offer_call(call)

    async def _free_and_offer(self, call: AriCall) -> None:
        try:
            await call.free()
        except (CallGone, Refused, SwitchLost) as why:
            log.warning("a call that was found could not be freed", call=call.id, reason=str(why))
        self._offer_call(call)

    def _offer_call(self, call: AriCall) -> None:
        try:
            self._offer.send_nowait(call)
        except anyio.WouldBlock:
            log.error("a call was refused: nobody takes calls", call=call.id, waiting=_WAITING_CALLS)
            self._dismiss(call.leg.channel)

    def _handle(self, channel: str, facts: Facts) -> AriCall:
        call = AriCall(self._shared, channel=channel, facts=facts)
        self._router.legs[channel] = call.leg
        return call

    def _ask_for_one(self, leg: Leg) -> None:
        if self._tasks is not None:
            self._tasks.start_soon(ask_for_one, self._rest, leg)

    def _dismiss(self, channel: str) -> None:
        if self._tasks is not None:
            self._tasks.start_soon(self._end, channel)

    async def _end(self, channel: str) -> None:
        try:
            await self._rest.ask("DELETE", "channels", channel, reason_code=int(Cause.CONGESTION))
        except (CallGone, Refused, SwitchLost) as why:
            log.info("a channel went by itself", channel=channel, reason=str(why))

    def _lose_all(self) -> None:
        for channel in list(self._router.legs):
            self._router.lose(channel, Cause.NETWORK_LOST)

    def _count(self) -> int:
        return sum(leg.keys is not None for leg in self._router.legs.values())


def _told(call: str) -> dict[str, str]:
    """For whose sake a phone rings: on its own channel, or by way of the dialplan's `tellerline-told`."""
    return {f"PJSIP_HEADER(add,{ABOUT_HEADER})": call, "__TELLERLINE_CALL": call}
