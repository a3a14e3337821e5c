"""The life of one call: its task group, its flow, its record, its end."""

from dataclasses import dataclass, field
from typing import Final

import anyio
import structlog

from core.clock import Clock
from core.errors import BadInput, CallGone, Refused, SwitchLost
from core.events import CallEnded, CallStarted, Facts, RecordingBegan
from core.redaction import RedactedFacts
from ivr.capture.booth import Booth, Safe
from ivr.ear import Ear, Ears
from ivr.handover import Handover
from ivr.keypad import Keypad
from ivr.line import Line
from ivr.live import LiveCall, LiveCalls
from ivr.prompt import Prompt
from ivr.question import Pace
from ivr.record import Record
from ivr.result import CallResult
from ivr.services import Flow, Services
from ivr.sessions import Session
from ivr.speaker import Speaker
from ivr.texts import Texts
from pbx.call import Call
from pbx.cause import Cause
from tts.sounds import Sound, Sounds

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_APOLOGY_S: Final = 15.0
_HANG_UP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class House:
    """What all conversations share. `node` names this process; without `ears` only keys count.

    `languages` are those that callers may choose besides it, and the one that their number speaks. `keyed`
    are the texts that name keys: for calls that are not listened to although the line has ears (those have
    no room), and for callers who are not understood. `comfort` is heard while something takes its time.
    """

    texts: Texts
    sounds: Sounds
    facts: Facts
    record: Record
    handover: Handover
    services: Services
    clock: Clock
    safe: Safe
    live: LiveCalls = field(default_factory=LiveCalls)
    pace: Pace = field(default_factory=Pace)
    language: str = "en"
    languages: tuple[str, ...] = ()
    node: str = ""
    ears: Ears | None = None
    keyed: Texts | None = None
    comfort: Sound | None = None
    longest_call_s: float = 7200.0


class Conversation:
    """One call, from its arrival until it is over and written down; `run` is called once."""

    def __init__(self, call: Call, flow_name: str, flow: Flow | None, house: House) -> None:
        self._call = call
        self._flow_name = flow_name
        self._flow = flow
        self._house = house
        self._cause = Cause.NORMAL
        self._began_s = anyio.current_time()
        self._keypad = Keypad(call.keys)
        hears = house.ears is not None and house.ears.recognizer.has_room
        self._ear = Ear(call, house.ears) if house.ears is not None and hears else None
        self._texts = (house.texts if hears else house.keyed or house.texts).snapshot()
        self._facts = RedactedFacts(house.facts)
        self._own = house.texts.nearest(call.language) or house.language
        self._speaker = self._speaking(self._own, self._ear)
        self._booth = Booth(call, self._keypad, self._mouth, self._facts, house.pace)
        self._line = Line(
            self._booth, self._speaker, house.handover, house.safe, ear=self._ear, comfort=house.comfort
        )

    async def run(self) -> None:
        """Talk until the flow ends, the caller hangs up, or this is cancelled; never raises for the flow."""
        self._begin()
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._end_on_hang_up, group.cancel_scope)
                if self._ear is not None:
                    group.start_soon(self._ear.run)
                with self._house.live.up(LiveCall(self._booth, self._line, group.start_soon)):
                    await self._talk()
                await self._hang_up()
                group.cancel_scope.cancel()
        except anyio.get_cancelled_exc_class():
            self._unless_settled(CallResult.INTERRUPTED)
            raise
        except Exception:
            self._unless_settled(CallResult.FAILED)
            raise
        finally:
            self._end()

    async def _talk(self) -> None:
        """The flow, within its longest time; whatever goes wrong in it ends with an apology."""
        try:
            with anyio.move_on_after(self._house.longest_call_s) as limit:
                await self._call.answer()
                await self._record()
                if self._call.resumed:
                    await self._line.say(Prompt("interrupted"))
                self._line.result = await self._chosen()(self._line, self._house.services)
            if limit.cancelled_caught:
                self._unless_settled(CallResult.TOO_LONG)
                await self._last_words(Prompt("too_long"))
        except* CallGone:
            pass
        except* Exception:
            log.exception("flow failed", flow=self._flow_name)
            self._unless_settled(CallResult.FAILED)
            await self._last_words(Prompt("sorry"))

    async def _record(self) -> None:
        """Record the call where its number wants that; it goes on without when it cannot be."""
        if not self._call.to_be_recorded:
            return
        try:
            await self._call.record(self._call.id)
            self._facts.tell(RecordingBegan(self._call.id))
        except (Refused, SwitchLost) as why:
            log.error("call is not recorded", why=str(why))

    def _unless_settled(self, result: CallResult) -> None:
        """What broke after a payment does not undo the payment."""
        if self._line.result is CallResult.HUNG_UP:
            self._line.result = result

    def _chosen(self) -> Flow:
        if self._flow is None:
            raise BadInput(
                f"number {self._call.number!r} asks for the flow {self._flow_name!r}, which is not there"
            )
        return self._flow

    async def _last_words(self, prompt: Prompt) -> None:
        """Say it if that is possible; the call ends in any case."""
        try:
            with anyio.move_on_after(_APOLOGY_S):
                await self._speaker.say(prompt)
        except CallGone:
            return
        except Exception as why:
            log.warning("not even the last words could be said", prompt=prompt.name, why=str(why))

    async def _end_on_hang_up(self, scope: anyio.CancelScope) -> None:
        """The one place that handles a hang-up: everything that the call was doing is cancelled."""
        self._cause = (await self._call.ended()).cause
        scope.cancel()

    async def _hang_up(self) -> None:
        with anyio.move_on_after(_HANG_UP_S):
            await self._call.hang_up()

    def _mouth(self, language: str) -> Speaker:
        """A mouth for a language, the one that the call speaks when none is named; no voice silences it."""
        return self._speaking(language or self._speaker.language)

    def _speaking(self, language: str, ear: Ear | None = None) -> Speaker:
        house = self._house
        return Speaker(
            self._call,
            self._keypad,
            texts=self._texts,
            sounds=house.sounds,
            facts=self._facts,
            language=language,
            ear=ear,
            keyed=house.keyed,
            languages=(*house.languages, house.language, self._own),
        )

    def _begin(self) -> None:
        call, house = self._call, self._house
        house.facts.tell(CallStarted(call.id, call.number, call.caller.number, self._flow_name))
        session = Session(
            call.id, call.number, call.caller.number, self._flow_name, house.node, house.clock.now()
        )
        house.record.started(session)
        log.info("call started", number=call.number, flow=self._flow_name, resumed=call.resumed)

    def _end(self) -> None:
        self._keypad.forget()  # what nobody asked for
        house, cause, result = self._house, self._cause.name.lower(), self._line.result
        seconds = round(anyio.current_time() - self._began_s, 3)
        house.record.ended(self._call.id, house.clock.now(), result.value, cause)
        house.facts.tell(CallEnded(self._call.id, result.value, cause, seconds))
        log.info("call ended", outcome=result.value, cause=cause, seconds=seconds)
