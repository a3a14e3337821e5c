"""One answer to one question: keys, or a turn of speech, whichever begins first."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, TypeVar

import anyio
import structlog

from asr.expect import Expectation
from asr.recognizer import Hint
from core.events import Facts, Pressed, Spoke
from core.ids import CallId
from ivr.ear import Ear, Turn, Wanted
from ivr.keypad import Keypad
from ivr.prompt import Prompt
from ivr.question import Pace, Question, Star
from ivr.speaker import Speaker
from ivr.spoken import spoken_language

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")

_REPEATS: Final = 5  # a caller who presses star more often than that is not listening
_MOST_KEYS: Final = 64  # in one answer, cleared ones included: what floods is no answer
_REPEAT: Final = "*"


@dataclass(frozen=True, slots=True)
class Reply:
    """Keys, without `#`, or those that stand for what was said; empty when that made no sense.

    `silent` when nothing came at all.
    """

    keys: str = ""
    silent: bool = False


class Replies:
    """Asks one caller. `ear` is None where nothing listens; without `minds_silence` it waits for ever."""

    def __init__(
        self, call: CallId, keypad: Keypad, speaker: Speaker, facts: Facts, ear: Ear | None, *, pace: Pace
    ) -> None:
        self._call = call
        self._keypad = keypad
        self._speaker = speaker
        self._facts = facts
        self._ear = ear
        self._pace = pace
        self.minds_silence = True

    async def to(self, question: Question[T], before: tuple[Prompt, ...]) -> Reply:
        """Ask once. A leading `*`, or a word that means it, says the question again."""
        expected = self._expected(question)
        for _ in range(_REPEATS):
            with ExitStack() as listening:
                if self._ear is not None and expected is not None:
                    wanted = Wanted(_hint(expected, self._speaker.language), expected.patience_s)
                    listening.enter_context(self._ear.listening(wanted))
                await self._speaker.say_until_key(*before, question.prompt)
                reply = await self._reply(question, expected)
            if reply is not None:
                return reply
            before = ()
        return Reply()

    def _expected(self, question: Question[T]) -> Expectation[str] | None:
        language = spoken_language(self._speaker.language)
        if self._ear is None or question.spoken is None or language is None:
            return None
        return question.spoken(language)

    async def _reply(self, question: Question[T], expected: Expectation[str] | None) -> Reply | None:
        """None when the question is to be said again."""
        if self._ear is None or expected is None:
            return await self._keyed(question)
        if not await self._begun(self._ear):
            return Reply(silent=True)
        if self._keypad.pressed_ahead:
            return await self._keyed(question)
        return self._said(question, expected, self._ear.turn())

    async def _begun(self, ear: Ear) -> bool:
        """Wait for a key or a whole turn; whoever is speaking may finish. False when neither came."""
        while not self._keypad.pressed_ahead and not ear.heard_ahead:
            with anyio.move_on_after(self._pace.first_key_s) as limit:
                async with anyio.create_task_group() as tasks:
                    for came in (self._keypad.came, ear.came):
                        tasks.start_soon(_then_cancel, came, tasks.cancel_scope)
            if limit.cancelled_caught and not ear.talking and self.minds_silence:
                return False
        return True

    def _said(self, question: Question[T], expected: Expectation[str], turn: Turn) -> Reply | None:
        keys = expected.best(turn.words.alternatives or (turn.words.text,))
        spoke = Spoke(
            self._call,
            question.name,
            turn.words.text,
            round(turn.waited_s * 1000),
            round(turn.thought_s * 1000),
        )
        self._facts.tell(spoke)
        if keys == _REPEAT:
            return None
        return Reply(keys or "")

    async def _keyed(self, question: Question[T]) -> Reply | None:
        """Keys until `#`, enough of them, or a pause."""
        keys, pressed, wait_s = "", 0, self._pace.first_key_s
        while len(keys) < question.max_keys and pressed < _MOST_KEYS:
            key = await self._keypad.press(within_s=wait_s)
            if key is None and not pressed and not self.minds_silence:
                continue
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
            self._facts.tell(Pressed(self._call, question.name, pressed))
        return Reply(keys, silent=not keys)


def _hint(expected: Expectation[str], language: str) -> Hint:
    return Hint(language, expected.phrases, lambda text: expected.understand(text) is not None)


async def _then_cancel(came: Callable[[], Awaitable[None]], scope: anyio.CancelScope) -> None:
    await came()
    scope.cancel()


def _with(keys: str, sign: str, star: Star) -> str:
    if sign.isdigit():
        return keys + sign
    if sign != "*":
        return keys  # A to D are on no caller's phone
    return "" if star is Star.CLEAR else keys + "*"
