"""The line: all that a flow may do with its call."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Final, TypeVar

import anyio
import structlog

from core.events import Answered, CallerUpset, CallHandedOver, StepReached
from core.ids import CallId
from ivr.capture.booth import Booth, Safe
from ivr.capture.capture import Capture, Captured, NotCaptured
from ivr.capture.terms import CaptureTerms
from ivr.comfort import comforted
from ivr.ear import Ear
from ivr.handover import Connected, Handover
from ivr.mood import Mood
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered
from ivr.replies import Replies
from ivr.result import CallResult
from ivr.speaker import Speaker
from pbx.call import Call, NotReached, Transferred
from pbx.cause import Cause
from tts.sounds import Sound

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")

_BY_KEYS: Final = 2  # attempts in which the caller may speak without being asked for keys


class Holder(Enum):
    """Who leads the conversation."""

    FLOW = "flow"
    PERSON = "person"  # the caller talks with somebody
    APPLICATION = "application"  # the flow waits, and a program says what is to be done


class Line:
    """One call, as a flow sees it. Its methods raise CallGone when the call ends; flows let that pass.

    `result` is what the call came to so far: a flow sets it when something is settled, so that a caller who
    hangs up during the good-byes has still paid. Who leads a capture from outside sets `taken_back`, which is
    called once when the flow leads again.
    """

    def __init__(
        self,
        booth: Booth,
        speaker: Speaker,
        handover: Handover,
        safe: Safe,
        *,
        ear: Ear | None = None,
        comfort: Sound | None = None,
    ) -> None:
        self.result = CallResult.HUNG_UP
        self.holder = Holder.FLOW
        self.taken_back: Callable[[], None] | None = None
        self._booth = booth
        self._call, self._keypad, self._facts = booth.call, booth.keypad, booth.facts
        self._speaker = speaker
        self._handover = handover
        self._safe = safe
        self._comfort = comfort
        self._mood = Mood()
        self._replies = Replies(
            booth.call.id, booth.keypad, speaker, booth.facts, ear, pace=booth.pace, mood=self._mood
        )

    @property
    def call(self) -> CallId:
        """The call's id."""
        return self._call.id

    @property
    def caller(self) -> str:
        """The caller's number as the network gave it; empty when withheld."""
        return self._call.caller.number

    @property
    def language(self) -> str:
        """The language that it speaks and understands."""
        return self._speaker.language

    @property
    def languages(self) -> list[str]:
        """Those that a caller may choose from."""
        return self._speaker.languages

    def speak(self, language: str) -> None:
        """Speak and understand another language, from the next thing that is said."""
        self._replies.speak(language)

    def keep_to(self, languages: Sequence[str]) -> None:
        """Speak these alone from now on; the first of them where the call spoke another."""
        self._speaker.keep_to(languages)
        if self.language not in languages:
            self.speak(languages[0])

    @property
    def came_to(self) -> CallResult:
        """What the call came to for a flow that has done all it was asked to: SERVED, if nothing else."""
        return CallResult.SERVED if self.result is CallResult.HUNG_UP else self.result

    @property
    def minds_silence(self) -> bool:
        """Whether a silent caller is asked whether they are there, and given up; if not, the line waits."""
        return self._replies.minds_silence

    @minds_silence.setter
    def minds_silence(self, minds: bool) -> None:
        self._replies.minds_silence = minds

    async def say(self, prompt: Prompt) -> None:
        """Say it whole. Keys pressed meanwhile are kept for the next question (type-ahead)."""
        await self._speaker.say(prompt)

    async def say_during(self, prompt: Prompt, work: Callable[[], Awaitable[T]]) -> T:
        """Say it while something is being done that takes its time; what came of the work."""
        return await comforted(self._speaker, prompt, self._comfort, work)

    async def ask(self, question: Question[T]) -> T | Unanswered:
        """Ask until there is an answer, or the attempts are used up; a key or a voice cuts the prompt short.

        `#` ends what is keyed in, so do `max_keys` keys or a pause; `*` says the question again. From
        the third attempt on keys are asked for. Who is upset and not understood is told that a person comes.
        """
        try:
            return await self._ask(question)
        finally:
            self._speaker.by_keys = False

    async def _ask(self, question: Question[T]) -> T | Unanswered:
        attempts = 1 + max(len(question.no_input), len(question.no_match))
        failed = Unanswered.NO_INPUT
        before: tuple[Prompt, ...] = ()
        for attempt in range(attempts):
            self._speaker.by_keys = attempt >= _BY_KEYS
            reply = await self._replies.to(question, before, first=not attempt)
            if reply.keys == "0" and question.zero:
                return Unanswered.PERSON
            answer = await question.understand(reply.keys) if reply.keys else None
            if answer is not None:
                self._mood.answered()
                return answer
            self._mood.failed()
            if self._mood.upset and question.zero:
                return await self._console(question)
            failed = Unanswered.NO_INPUT if reply.silent else Unanswered.NO_MATCH
            self._keypad.forget()
            before = _reprompt(question.no_input if reply.silent else question.no_match, attempt)
        return failed

    async def _console(self, question: Question[T]) -> Unanswered:
        self._facts.tell(CallerUpset(self._call.id, question.name, round(self._mood.score, 2)))
        self._mood.answered()
        await self._speaker.say(Prompt("upset"))
        return Unanswered.UPSET

    def reached(self, flow: str, step: str) -> None:
        """Note where in a written flow the call is."""
        self._facts.tell(StepReached(self._call.id, flow, step))

    def answered(self, question: str, value: str) -> None:
        """Note what was understood; `value` goes into the records, so it is masked where it must be."""
        self._facts.tell(Answered(self._call.id, question, value))

    async def capture_payment(
        self, terms: CaptureTerms, intro: Prompt | None = None
    ) -> Captured | NotCaptured:
        """Take a card or a bank account by keypad, unheard and unrecorded.

        On every way out its digits are overwritten. `intro` is said first, already unheard: whoever knows it
        may key the card in meanwhile.
        """
        return await Capture(self._booth, self._safe, terms).run(intro)

    async def connect(self, to: str, whisper: Prompt | None = None) -> Connected | NotReached:
        """Call somebody while the caller hears music, and let both talk until the other hangs up."""
        self._keypad.forget()
        outcome = await self._handover.connect(self._call, to, self._whispering(whisper), self._joined)
        self._lead()
        if isinstance(outcome, NotReached):
            self._facts.tell(CallHandedOver(self._call.id, to, f"not reached: {outcome.cause.name.lower()}"))
        return outcome

    async def lend(self, within_s: float) -> None:
        """Let a program lead for so long: what the caller keys in is its captures' alone."""
        self.holder = Holder.APPLICATION
        await anyio.sleep(within_s)
        self._lead()

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

    def _lead(self) -> None:
        self.holder = Holder.FLOW
        taken_back, self.taken_back = self.taken_back, None
        if taken_back is not None:
            taken_back()
        self._keypad.forget()

    def _joined(self, to: str) -> None:
        self.holder = Holder.PERSON
        self.result = CallResult.SPOKE_TO_AGENT
        self._facts.tell(CallHandedOver(self._call.id, to, "joined"))

    def _whispering(self, prompt: Prompt | None) -> Callable[[Call], Awaitable[None]] | None:
        if prompt is None:
            return None
        return lambda other: self._speaker.whisper(prompt, other)


def _reprompt(prompts: tuple[Prompt, ...], attempt: int) -> tuple[Prompt, ...]:
    return prompts[min(attempt, len(prompts) - 1) :][:1] if prompts else ()
