"""One answer to one question: keys, or a turn of speech, whichever begins first."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, TypeVar

import anyio
import structlog

from asr.expect import Expectation
from asr.recognizer import Hint
from core.events import Facts, Pressed, SpeaksLanguage, Spoke
from core.ids import CallId
from ivr.ear import Ear, Turn, Wanted
from ivr.keypad import Keypad
from ivr.mood import Mood
from ivr.prompt import Prompt
from ivr.question import Pace, Question, Star
from ivr.speaker import Speaker
from ivr.spoken import SWITCH, spoken_language

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")

_REPEATS: Final = 5  # a caller who presses star more often than that is not listening
_MOST_KEYS: Final = 64  # in one answer, cleared ones included: what floods is no answer
_REPEAT: Final = "*"
_COUGHS: Final = 2  # questions that a noise may interrupt
_NOISY_S: Final = 45.0  # longer than anybody speaks in one go: music, a crowd
_THINKS_S: Final = 1.5  # what takes longer to understand gets a word


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
        self,
        call: CallId,
        keypad: Keypad,
        speaker: Speaker,
        facts: Facts,
        ear: Ear | None,
        *,
        pace: Pace,
        mood: Mood,
    ) -> None:
        self._call = call
        self._keypad = keypad
        self._speaker = speaker
        self._facts = facts
        self._ear = ear
        self._pace = pace
        self._mood = mood
        self.minds_silence = True

    async def to(self, question: Question[T], before: tuple[Prompt, ...], *, first: bool = True) -> Reply:
        """Ask once. A leading `*`, or a word that means it, says the question again; so does a cough.

        Only the `first` attempt asks a silent caller whether they are there.
        """
        nudges = self._pace.still_there if first and question.no_input else 0
        coughs = 0
        for _ in range(_REPEATS):
            expected = self._expected(question)
            with ExitStack() as listening:
                if self._ear is not None and expected is not None:
                    wanted = Wanted(_hint(expected, self._speaker.language), expected.patience_s)
                    listening.enter_context(self._ear.listening(wanted))
                    await self._ear.opened()
                await self._speaker.say_until_key(*before, question.prompt, *question.also)
                reply = await self._reply(question, expected, nudges)
            if reply is not None:
                return reply
            before = ()
            coughs += self._ear is not None and self._ear.cried_wolf
            if coughs > _COUGHS:
                return Reply(silent=True)
        return Reply()

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self._speaker.language = language
        self._facts.tell(SpeaksLanguage(self._call, language))

    def _understood(self, ear: Ear) -> bool:
        return spoken_language(self._speaker.language) is not None and ear.hears(self._speaker.language)

    def _expected(self, question: Question[T]) -> Expectation[str] | None:
        language = spoken_language(self._speaker.language)
        if self._ear is None or question.spoken is None or language is None:
            return None
        return question.spoken(language) if self._understood(self._ear) else None

    async def _reply(
        self, question: Question[T], expected: Expectation[str] | None, nudges: int
    ) -> Reply | None:
        """None when the question is to be said again."""
        ear = self._ear if expected is not None else None
        if not await self._begun(ear, nudges):
            return Reply(silent=True)
        if self._keypad.pressed_ahead:
            return await self._keyed(question)
        if ear is None or expected is None or not ear.heard_ahead:
            return None  # a cough interrupted the question
        return await self._said(question, expected, ear.turn())

    async def _begun(self, ear: Ear | None, nudges: int) -> bool:
        """Wait for a key or a whole turn; whoever is speaking may finish. False when neither came."""
        noisy_until = anyio.current_time() + _NOISY_S
        while not self._keypad.pressed_ahead and not (
            ear is not None and (ear.heard_ahead or ear.cried_wolf)
        ):
            with anyio.move_on_after(self._pace.first_key_s) as limit:
                async with anyio.create_task_group() as tasks:
                    if ear is not None:
                        tasks.start_soon(self._hold_on, ear)
                        tasks.start_soon(_then_cancel, ear.came, tasks.cancel_scope)
                    tasks.start_soon(_then_cancel, self._keypad.came, tasks.cancel_scope)
            heard = ear is not None and (ear.talking or ear.thinking)
            busy = heard and anyio.current_time() < noisy_until
            if limit.cancelled_caught and self.minds_silence and not busy:
                if not nudges:
                    return False
                nudges -= 1
                await self._speaker.say_until_key(Prompt("still_there"))
        return True

    async def _hold_on(self, ear: Ear) -> None:
        """A word to a caller whose answer takes long to understand."""
        await ear.thinks()
        await anyio.sleep(_THINKS_S)
        if ear.thinking:
            with anyio.CancelScope(shield=True):
                await self._speaker.say(Prompt("please_wait"))
        await anyio.sleep_forever()

    async def _said(self, question: Question[T], expected: Expectation[str], turn: Turn) -> Reply | None:
        heard = turn.words.text
        keys = expected.best(turn.words.alternatives or (heard,))
        spoke = Spoke(
            self._call, question.name, heard, round(turn.waited_s * 1000), round(turn.thought_s * 1000)
        )
        self._facts.tell(spoke)
        self._mood.heard(heard, self._speaker.language, turn.loud_db)
        if keys == _REPEAT:
            return None
        if keys is not None and keys.startswith(SWITCH):
            language = keys.removeprefix(SWITCH)
            if language not in self._speaker.languages:
                return Reply()
            self.speak(language)
            if self._ear is not None and not self._understood(self._ear):
                await self._speaker.say(Prompt("keys_only"))
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
