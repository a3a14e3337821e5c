"""The line's mouth: it says a prompt to one caller, whole or until a key is pressed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import anyio
import structlog

from core.beside import beside
from core.errors import CallGone
from core.events import Facts, Said, SaidAll
from ivr.ear import Ear
from ivr.keypad import Keypad
from ivr.prompt import Prompt
from ivr.rendering import Rendering
from ivr.texts import Texts
from pbx.call import Call, Playback
from tts.sentences import sentences
from tts.sounds import Sound, Sounds
from tts.voice import Speech

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

GRACE_S: Final = 5.0  # a switch may be this late in saying that a sound has ended


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said: its name in the records, all of it, and the pieces that it is rendered in."""

    name: str
    text: str
    pieces: list[Speech]


class Speaker:
    """Raises CallGone when the call ends meanwhile, VoiceLost when the text cannot be rendered."""

    def __init__(
        self,
        call: Call,
        keypad: Keypad,
        *,
        texts: Texts,
        sounds: Sounds,
        facts: Facts,
        language: str,
        ear: Ear | None = None,
        keyed: Texts | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        self._call = call
        self._keypad = keypad
        self._texts = texts
        self._sounds = sounds
        self._facts = facts
        self._ear = ear
        self._keyed = keyed
        self._languages = languages
        self.by_keys = False
        self.language = language

    @property
    def languages(self) -> list[str]:
        """Those that a caller may choose from."""
        return [one for one in self._texts.languages if one in self._languages]

    def keep_to(self, languages: Sequence[str]) -> None:
        """Let the caller choose from these alone."""
        self._languages = [one for one in self._languages if one in languages]

    async def say(self, prompt: Prompt) -> None:
        """Say all of it. Keys that are pressed meanwhile are kept for the next question."""
        await self._play(prompt, interruptible=False)

    async def tell(self, text: str) -> bool:
        """Say a text that is no prompt of ours; whether it was heard to its end."""
        pieces = [Speech(piece, self.language) for piece in sentences(text)]
        return await self._utter(_Words("told", text, pieces), interruptible=False)

    async def say_until_key(self, *prompts: Prompt) -> bool:
        """Say them one after another, until a key is pressed or, where it is listened for, a voice is heard.

        What waits already lets nothing be said. Whether all was said to the end.
        """
        whole = True
        for prompt in prompts:
            whole = whole and not self._answering and await self._play(prompt, interruptible=True)
        return whole

    async def hum(self, sound: Sound) -> None:
        """Play a sound that says nothing; whoever cancels it silences it."""
        playback = await self._call.play([sound.path])
        try:
            with anyio.move_on_after(sound.seconds + GRACE_S):
                await playback.finished()
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True), anyio.move_on_after(GRACE_S), suppress(CallGone):
                await playback.stop()
            raise

    async def whisper(self, prompt: Prompt, to: Call) -> None:
        """Say it to another party than the caller."""
        pieces = self._words.pieces(prompt, prompt.language or self.language)
        sounds = [await self._sounds.sound(piece) for piece in pieces]
        playback = await to.play([sound.path for sound in sounds])
        with anyio.move_on_after(_seconds(sounds) + GRACE_S):
            await playback.finished()

    @property
    def _words(self) -> Texts:
        return self._keyed if self.by_keys and self._keyed is not None else self._texts

    async def _play(self, prompt: Prompt, *, interruptible: bool) -> bool:
        """Whether it was heard to its end."""
        language = prompt.language or self.language
        pieces = self._words.pieces(prompt, language)
        text = self._words.speech(prompt.on_record, language).text
        return await self._utter(_Words(prompt.name, text, pieces), interruptible=interruptible)

    async def _utter(self, words: _Words, *, interruptible: bool) -> bool:
        """What is the same in each call is rendered once for all; the rest while its beginning is heard."""
        rendering = Rendering(self._sounds, words.pieces)
        play = partial(self._play_all, words, rendering, interruptible)
        whole = await (play() if rendering.whole else beside(play, rendering.run))
        self._facts.tell(SaidAll(self._call.id, words.name, interrupted=not whole))
        return whole

    async def _play_all(self, words: _Words, rendering: Rendering, interruptible: bool) -> bool:
        """Whether it was heard to its end."""
        told = False
        while sounds := await rendering.next():
            if told and interruptible and self._answering:
                return False
            playback = await self._call.play([sound.path for sound in sounds])
            if self._ear is not None:
                await self._ear.knows([sound.path for sound in sounds], anyio.current_time())
            if not told:
                self._facts.tell(Said(self._call.id, words.name, words.text))
                told = True
            if not await self._heard_whole(words.name, playback, sounds, interruptible):
                return False
        return True

    async def _heard_whole(
        self, name: str, playback: Playback, sounds: list[Sound], interruptible: bool
    ) -> bool:
        whole = False
        with anyio.move_on_after(_seconds(sounds) + GRACE_S) as scope:
            if interruptible:
                with self._keypad.interrupting(scope), self._heard_by_ear(scope):
                    whole = await playback.finished()
            else:
                whole = await playback.finished()
        if scope.cancelled_caught:
            if not self._answering:
                log.warning("the switch did not say that a prompt ended", prompt=name)
            await playback.stop()
        return whole

    @property
    def _answering(self) -> bool:
        by_voice = self._ear is not None and (self._ear.talking or self._ear.heard_ahead)
        return self._keypad.pressed_ahead or by_voice

    def _heard_by_ear(self, scope: anyio.CancelScope) -> AbstractContextManager[None]:
        return nullcontext() if self._ear is None else self._ear.interrupting(scope)


def _seconds(sounds: list[Sound]) -> float:
    return sum(sound.seconds for sound in sounds)
