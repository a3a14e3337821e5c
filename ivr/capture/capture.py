"""The line takes a card or a bank account by itself: it asks field by field (PCI DSS 3.3.1, 3.4.1).

`#` submits a field, `*` clears it or, when it is empty, steps back to the one before, `**` cancels.
"""

from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum

import anyio
import structlog

from core.digits import Keypress
from core.errors import CannotKeepSecret
from core.events import CaptureEnded, CardProgress, CardRefused
from ivr.capture.booth import Booth, Safe, opened
from ivr.capture.field import FieldKeys, Keyed, fault
from ivr.capture.guard import SAID, Closed, masking_failed
from ivr.capture.patience import Patience
from ivr.capture.prompts import Moment, asking, refusing
from ivr.capture.terms import CaptureTerms
from ivr.capture.words import ErrorType, Method, Result
from ivr.prompt import Digits, Prompt
from ivr.question import Pace
from payments.card import MATCHED, CardEntry, CardField
from payments.vault import Sealed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_YES, _NO = ord("1"), ord("2")


@dataclass(frozen=True, slots=True)
class Captured:
    """What was keyed in is in the vault, once and for a short while."""

    sealed: Sealed


@dataclass(frozen=True, slots=True)
class NotCaptured:
    """Nothing was taken, and every digit is overwritten; `closed` when it did not even begin.

    `error` is the last one that the caller met.
    """

    result: Result
    error: ErrorType | None = None
    closed: Closed | None = None


class _Turn(Enum):
    """Where a capture goes after a field."""

    ON = "on"
    BACK = "back"  # to the field before
    ANEW = "anew"  # what was keyed in twice differs: to the first of the two


class Capture:
    """One capture on one call; `run` is called once. Raises CallGone."""

    def __init__(self, booth: Booth, safe: Safe, terms: CaptureTerms) -> None:
        self._booth, self._safe, self._terms = booth, safe, terms
        self._speaker = booth.speaker(terms.language)
        self._pace = paced(booth, terms)
        self._failed: Counter[CardField] = Counter()
        self._error: ErrorType | None = None
        self._entry: CardEntry
        self._patience: Patience

    async def run(self, intro: Prompt | None = None) -> Captured | NotCaptured:
        """Say the intro, and ask for each field; the caller hears why, when it cannot even begin.

        The entry is closed on every way out on which the vault did not take it.
        """
        outcome: Captured | NotCaptured = NotCaptured(Result.HUNG_UP)
        try:
            closed = await self._safe.guard.look(self._booth.call.id)
            if closed is None:
                try:
                    outcome = await self._deaf(intro)
                except CannotKeepSecret as why:
                    closed = masking_failed(why)
            if closed is not None:
                outcome = NotCaptured(Result.INTERNAL_ERROR, ErrorType.INTERNAL, closed)
                await self._speaker.say(SAID[closed.part])
            return outcome
        finally:
            self._tell_end(outcome)

    async def _deaf(self, intro: Prompt | None) -> Captured | NotCaptured:
        self._entry = opened(self._terms)
        self._patience = Patience(self._terms.idle_s)
        kept = False
        try:
            with anyio.move_on_after(self._terms.longest_s), self._patience.scope:
                async with self._booth.call.deafened():
                    if intro is not None:
                        await self._speaker.say(intro)
                    missed = await self._fields()
                if missed is not None:
                    return NotCaptured(missed, self._error)
                sealed = self._safe.seal(self._entry, bank=self._terms.method is Method.ACH_DEBIT)
                kept = True
                return Captured(sealed)
            return NotCaptured(Result.TOO_MANY_ATTEMPTS, ErrorType.TIMEOUT)
        finally:
            self._booth.keypad.forget()  # keys after the end may be digits of the card: they answer nothing
            if not kept:
                self._entry.close()

    async def _fields(self) -> Result | None:
        """None when all are right, and confirmed where that is wanted."""
        steps, place, backs = self._terms.steps, 0, 0
        while True:
            turn = await (self._field(place) if place < len(steps) else self._confirmed())
            match turn:
                case Result() as missed:
                    return missed
                case _Turn.ON if place >= len(steps):
                    return None
                case _Turn.ON:
                    place += 1
                case _Turn.BACK | _Turn.ANEW:
                    place, backs = _before(steps, place, turn), backs + 1
                    self._clear_from(place)
                    if backs > self._terms.steps_back:
                        return Result.TOO_MANY_ATTEMPTS

    async def _field(self, place: int) -> Result | _Turn:
        """Ask until the field is right.

        What is wrong is said whole, and keys up to its end are dropped: a caller who types a card in one
        go would else burn the next attempts with the rest of it.
        """
        step = self._terms.steps[place]
        while self._failed[step] < self._terms.attempts:
            self._patience.begin_again((place, 0))
            await self._speaker.say_until_key(asking(self._terms.prompts, self._moment(step)))
            match await FieldKeys(self._booth, self._pace, self._entry, step, self._tell).take():
                case Keyed.BACK:
                    return _Turn.BACK
                case Keyed.CANCEL:
                    return Result.STAR
                case Keyed.DONE:
                    error = fault(self._entry, step, self._safe.clock.now().date())
            if error is None:
                self._tell(step)
                return _Turn.ON
            if await self._refused(step, error) and error is ErrorType.MATCH:
                return _Turn.ANEW
        return Result.TOO_MANY_ATTEMPTS

    async def _refused(self, step: CardField, error: ErrorType) -> bool:
        """Say what is wrong, unless that was the last attempt; whether there is another."""
        said = refusing(self._terms.prompts, self._moment(step), error)
        self._error = error
        self._failed[step] += 1
        attempt = self._failed[step]
        log.info("card field refused", field=step.value, error=error.value, attempt=attempt)
        self._booth.facts.tell(CardRefused(self._booth.call.id, step.value, error.value, attempt))
        self._entry.clear(step)
        self._tell(step)
        if attempt >= self._terms.attempts:
            return False
        await self._speaker.say(said)
        await self._booth.keypad.forget_burst(self._pace.double_star_s)
        return True

    async def _confirmed(self) -> Result | _Turn:
        """1 takes what was keyed in, 2 begins again; anything else is asked again, as often as a field."""
        if not self._terms.confirm:
            return _Turn.ON
        ending = Digits(self._entry.last4 or self._entry.last2)
        for _ in range(self._terms.attempts):
            await self._speaker.say_until_key(Prompt("card_confirm", ending=ending))
            match await self._booth.keypad.press(within_s=self._pace.first_key_s):
                case Keypress(code=code) if code == _YES:
                    self._booth.keypad.forgive_pound()
                    return _Turn.ON
                case Keypress(code=code) if code == _NO:
                    self._booth.keypad.forget()
                    return _Turn.BACK
                case _:
                    self._booth.keypad.forget()
        return Result.TOO_MANY_ATTEMPTS

    def _moment(self, step: CardField) -> Moment:
        return Moment(step, self._entry.brand, self._failed[step] + 1)

    def _clear_from(self, place: int) -> None:
        for step in self._terms.steps[place:]:
            if self._entry.count(step):
                self._entry.clear(step)
                self._tell(step)

    def _tell(self, step: CardField) -> None:
        """Progress, for whoever looks on: a count, and then the mask."""
        count, mask = self._entry.count(step), self._entry.mask(step)
        self._patience.reached((self._terms.steps.index(step), count))
        done = self._entry.is_finished(step)
        self._booth.facts.tell(CardProgress(self._booth.call.id, step.value, mask, done))

    def _tell_end(self, outcome: Captured | NotCaptured) -> None:
        result = Result.SUCCESS if isinstance(outcome, Captured) else outcome.result
        self._booth.facts.tell(CaptureEnded(self._booth.call.id, result.value))


def paced(booth: Booth, terms: CaptureTerms) -> Pace:
    """How long the caller may wait: as the terms say, else as at other questions."""
    if terms.timeout_s is None:
        return booth.pace
    return replace(booth.pace, first_key_s=terms.timeout_s, next_key_s=terms.timeout_s)


def _before(steps: tuple[CardField, ...], place: int, turn: _Turn) -> int:
    """The place to go back to: after a refused confirmation the first, else the one before."""
    if place >= len(steps):
        return 0
    if turn is _Turn.ANEW:
        return steps.index(MATCHED[steps[place]])
    return max(0, place - 1)
