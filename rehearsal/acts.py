"""Doing the steps of a rehearsal, one at a time."""

from collections.abc import Callable
from random import Random

import anyio

from core.events import CallHandedOver, Said, SaidAll
from rehearsal.cards import random_card
from rehearsal.checks import names
from rehearsal.phone import Closed, Phone
from rehearsal.script import (
    Action,
    CardField,
    ExpectHangUp,
    ExpectTransfer,
    HangUp,
    Hear,
    Press,
    PressCard,
    Speak,
    Wait,
)
from rehearsal.timeline import Who
from rehearsal.watch import Story

_DOT = "•"
_FIELDS = {CardField.NUMBER: "card number", CardField.EXPIRY: "expiry date", CardField.CODE: "security code"}


class Acts:
    """The caller in a call that is up; `tell` gets what is done, `cards` keeps the card numbers."""

    def __init__(self, phone: Phone, story: Story, chance: Random, tell: Callable[[Who, str], None]) -> None:
        self._phone, self._story, self._chance, self._tell = phone, story, chance, tell
        self._heard = 0  # facts before this one were heard already
        self.cards: list[str] = []

    async def do(self, action: Action) -> str:
        """Do one step; what went otherwise than expected, in words, or nothing."""
        match action:
            case Hear():
                return await self._hear(action)
            case Press(keys=keys, rhythm=rhythm):
                self._tell(Who.CALLER, f"presses {keys}")
                await self._phone.press(keys, rhythm)
            case PressCard():
                await self._press_card(action)
            case Speak(recording=recording):
                self._tell(Who.CALLER, f"speaks {recording.name}")
                await self._phone.speak(recording)
            case Wait(seconds=seconds):
                await anyio.sleep(seconds)
            case HangUp():
                self._tell(Who.CALLER, "hangs up")
                await self._phone.hang_up()
            case ExpectHangUp(within_s=within_s):
                return await self._expect_hang_up(within_s)
            case ExpectTransfer():
                return await self._expect_transfer(action)
        return ""

    async def _hear(self, hear: Hear) -> str:
        began_at = self._heard
        found = await self._story.until(lambda: self._place_of(hear), hear.within_s)
        if found is not None:
            self._heard = found + 1
            return ""
        meanwhile = names([fact for fact in self._story.facts[began_at:] if isinstance(fact, Said)])
        if self._story.ended is not None:
            return f"the call ended before the line said {hear.phrase}; it said: {meanwhile}"
        return f"the line did not say {hear.phrase} within {hear.within_s:g} s; it said: {meanwhile}"

    def _place_of(self, hear: Hear) -> int | None:
        prompt: str | None = None
        for place, fact in enumerate(self._story.facts[self._heard :], self._heard):
            match fact:
                case Said(prompt=name, text=text) if prompt is None and hear.phrase.matches(name, text):
                    if not hear.whole:
                        return place
                    prompt = name
                case SaidAll(prompt=name) if name == prompt:
                    return place
        return None

    async def _press_card(self, press: PressCard) -> None:
        keys = press.keys or random_card(self._chance)
        if press.part is CardField.NUMBER:
            self.cards.append(keys)
        self._tell(Who.CALLER, f"presses {_DOT * len(keys)}{press.then} ({_FIELDS[press.part]})")
        await self._phone.press(keys + press.then, press.rhythm)

    async def _expect_hang_up(self, within_s: float) -> str:
        closed: Closed | None = None
        with anyio.move_on_after(within_s):
            closed = await self._phone.closed()
        if closed is None:
            return f"the line did not hang up within {within_s:g} s"
        return "" if closed.by_line else "the caller hung up, not the line"

    async def _expect_transfer(self, expect: ExpectTransfer) -> str:
        def handed_over() -> CallHandedOver | None:
            return next((fact for fact in self._story.facts if isinstance(fact, CallHandedOver)), None)

        found = await self._story.until(handed_over, expect.within_s)
        if found is None:
            return f"the call was not handed over to {expect.to} within {expect.within_s:g} s"
        return "" if found.to == expect.to else f"the call was handed over to {found.to}, not to {expect.to}"
