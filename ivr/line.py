"""The line: all that a flow may do with its call."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import anyio
import structlog

from core.events import Answered, CallHandedOver, Facts, Pressed
from core.ids import CallId
from ivr.handover import Connected, Handover
from ivr.keypad import Keypad
from ivr.prompt import Prompt
from ivr.question import Pace, Question, Star, Unanswered
from ivr.result import CallResult
from ivr.secure import Captured, CardCapture, CardTerms, NotCaptured
from ivr.speaker import Speaker
from pbx.call import Call, NotReached, Transferred
from pbx.cause import Cause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")

_REPEATS: Final = 5  # a caller who presses star more often than that is not listening
_MOST_KEYS: Final = 64  # in one answer, cleared ones included: what floods is no answer


class Line:
    """One call, as a flow sees it. Its methods raise CallGone when the call ends; flows let that pass.

    `result` is what the call came to so far: a flow sets it when something is settled, so that a caller who
    hangs up during the good-byes has still paid.
    """

    def __init__(
        self,
        call: Call,
        keypad: Keypad,
        speaker: Speaker,
        facts: Facts,
        handover: Handover,
        *,
        pace: Pace,
    ) -> None:
        self.result = CallResult.HUNG_UP
        self._call = call
        self._keypad = keypad
        self._speaker = speaker
        self._facts = facts
        self._handover = handover
        self._pace = pace

    @property
    def call(self) -> CallId:
        """The call's id."""
        return self._call.id

    @property
    def caller(self) -> str:
        """The caller's number as the network gave it; empty when withheld."""
        return self._call.caller.number

    async def say(self, prompt: Prompt) -> None:
        """Say it whole. Keys pressed meanwhile are kept for the next question (type-ahead)."""
        await self._speaker.say(prompt)

    async def say_during(self, prompt: Prompt, work: Callable[[], Awaitable[T]]) -> T:
        """Say it while something is being done that takes its time; what came of the work."""
        async with anyio.create_task_group() as group:
            group.start_soon(self.say, prompt)
            done = await work()
        return done  # noqa: RET504 - by its type the group might swallow what the work raised

    async def ask(self, question: Question[T]) -> T | Unanswered:
        """Ask until there is an answer, or the attempts are used up; a key cuts the prompt short.

        `#` ends the answer, so do `max_keys` keys or a pause; `*` says the question again.
        """
        attempts = 1 + max(len(question.no_input), len(question.no_match))
        failed = Unanswered.NO_INPUT
        before: tuple[Prompt, ...] = ()
        for attempt in range(attempts):
            keys = await self._keyed(question, before)
            if keys == "0" and question.zero:
                return Unanswered.PERSON
            answer = await question.understand(keys) if keys else None
            if answer is not None:
                return answer
            failed = Unanswered.NO_MATCH if keys else Unanswered.NO_INPUT
            self._keypad.forget()
            before = _reprompt(question.no_match if keys else question.no_input, attempt)
        return failed

    def answered(self, question: str, value: str) -> None:
        """Note what was understood; `value` goes into the records, so it is masked where it must be."""
        self._facts.tell(Answered(self._call.id, question, value))

    async def capture_card(self, terms: CardTerms, intro: Prompt | None = None) -> Captured | NotCaptured:
        """Take a card by keypad, unheard and unrecorded; on every way out its digits are overwritten.

        `intro` is said first, already unheard: whoever knows it may key the card in meanwhile.
        """
        capture = CardCapture(
            self._call, self._keypad, self._speaker, self._facts, terms=terms, pace=self._pace
        )
        return await capture.run(intro)

    async def connect(self, to: str, whisper: Prompt | None = None) -> Connected | NotReached:
        """Call somebody while the caller hears music, and let both talk until the other hangs up."""
        self._keypad.forget()
        outcome = await self._handover.connect(self._call, to, self._whispering(whisper), self._joined)
        self._keypad.forget()
        if isinstance(outcome, NotReached):
            self._facts.tell(CallHandedOver(self._call.id, to, f"not reached: {outcome.cause.name.lower()}"))
        return outcome

    async def transfer(self, to: str) -> Transferred | NotReached:
        """Send the call on, for good; afterwards it is no longer ours."""
        outcome = await self._call.transfer(to)
        if isinstance(outcome, Transferred):
            self.result = CallResult.TRANSFERRED
            self._facts.tell(CallHandedOver(self._call.id, to, "transferred"))
        return outcome

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End the call."""
        await self._call.hang_up(cause)

    async def _keyed(self, question: Question[T], before: tuple[Prompt, ...]) -> str:
        """Ask once; the keys that came, without `#`, and empty when none did."""
        for _ in range(_REPEATS):
            await self._speaker.say_until_key(*before, question.prompt)
            keys = await self._collect(question)
            if keys is not None:
                return keys
            before = ()
        return ""

    async def _collect(self, question: Question[T]) -> str | None:
        """Keys until `#`, enough of them, or a pause; None when a leading `*` asks to hear it again."""
        keys, pressed, wait_s = "", 0, self._pace.first_key_s
        while len(keys) < question.max_keys and pressed < _MOST_KEYS:
            key = await self._keypad.press(within_s=wait_s)
            if key is None:
                break
            pressed, wait_s, sign = pressed + 1, self._pace.next_key_s, chr(key.code)
            if sign == "#":
                self._keypad.forgive_pound()
                break
            if sign == "*" and not keys and question.star is not Star.ANSWER:
                return None
            keys = _with(keys, sign, question.star)
        else:
            self._keypad.forgive_pound()
        if pressed:
            self._facts.tell(Pressed(self._call.id, question.name, pressed))
        return keys

    def _joined(self, to: str) -> None:
        self.result = CallResult.SPOKE_TO_AGENT
        self._facts.tell(CallHandedOver(self._call.id, to, "joined"))

    def _whispering(self, prompt: Prompt | None) -> Callable[[Call], Awaitable[None]] | None:
        if prompt is None:
            return None
        return lambda other: self._speaker.whisper(prompt, other)


def _with(keys: str, sign: str, star: Star) -> str:
    if sign.isdigit():
        return keys + sign
    if sign != "*":
        return keys  # A to D are on no caller's phone
    return "" if star is Star.CLEAR else keys + "*"


def _reprompt(prompts: tuple[Prompt, ...], attempt: int) -> tuple[Prompt, ...]:
    return prompts[min(attempt, len(prompts) - 1) :][:1] if prompts else ()
