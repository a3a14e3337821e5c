"""Card mode: a card is keyed in while nobody hears or records it (PCI DSS 3.3.1, 3.4.1).

The words are those of hosted pay verbs: the fields are `payment-card-number`, `expiration-date` and
`security-code`; `#` submits one, `*` clears it (or, when it is empty, steps back), twice in a row cancels.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

import anyio
import structlog

from core.clock import Clock
from core.digits import POUND, STAR
from core.events import CardProgress, Facts
from ivr.keypad import Keypad
from ivr.prompt import Prompt
from ivr.question import Pace
from ivr.speaker import Speaker
from payments.brand import Brand
from payments.card import CardEntry, CardField, Flaw
from payments.vault import SealedCard, Vault
from pbx.call import Call

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_ASKED: Final[Mapping[CardField, Prompt]] = {
    CardField.NUMBER: Prompt("card_number"),
    CardField.EXPIRY: Prompt("card_expiry"),
    CardField.CODE: Prompt("card_code"),
}
_SAID: Final[Mapping[Flaw, Prompt]] = {
    Flaw.NUMBER: Prompt("card_number_wrong"),
    Flaw.BRAND: Prompt("card_brand_not_accepted"),
    Flaw.EXPIRY: Prompt("card_expiry_wrong"),
    Flaw.CODE: Prompt("card_code_wrong"),
}


class Missed(Enum):
    """Why no card was captured, as hosted pay verbs name the results."""

    CANCELLED = "caller-interrupted-with-star"
    TOO_MANY_ATTEMPTS = "too-many-failed-attempts"
    TIMEOUT = "input-timeout"


@dataclass(frozen=True, slots=True)
class Captured:
    """The card is in the vault, once and for a short while."""

    card: SealedCard


@dataclass(frozen=True, slots=True)
class NotCaptured:
    """No card; every digit that was keyed in is overwritten."""

    reason: Missed


@dataclass(frozen=True, slots=True)
class CardTerms:
    """Which cards are taken, how often a field may be tried, and how long the whole may last, in seconds."""

    vault: Vault
    clock: Clock
    accepted: frozenset[Brand] = frozenset(Brand)
    fields: tuple[CardField, ...] = tuple(CardField)
    attempts: int = 3
    steps_back: int = 10
    longest_s: float = 300.0


class _Back(Enum):
    """The caller wants the field before this one."""

    BACK = "back"


class CardCapture:
    """One card being taken from one call; `run` is called once. Raises CannotKeepSecret, CallGone."""

    def __init__(
        self,
        call: Call,
        keypad: Keypad,
        speaker: Speaker,
        facts: Facts,
        *,
        terms: CardTerms,
        pace: Pace,
    ) -> None:
        self._call = call
        self._keypad = keypad
        self._speaker = speaker
        self._facts = facts
        self._terms = terms
        self._pace = pace
        self._failed: Counter[CardField] = Counter()
        self._entry: CardEntry

    async def run(self, intro: Prompt | None = None) -> Captured | NotCaptured:
        """Say the intro, and ask for each field.

        The entry is closed on every way out on which the vault did not take it.
        """
        self._entry = CardEntry(self._terms.accepted)
        taken = False
        try:
            with anyio.move_on_after(self._terms.longest_s):
                async with self._call.deafened():
                    if intro is not None:
                        await self._speaker.say(intro)
                    missed = await self._fields()
                if missed is not None:
                    return NotCaptured(missed)
                captured = Captured(self._terms.vault.seal(self._entry))
                taken = True
                return captured
            return NotCaptured(Missed.TIMEOUT)
        finally:
            if not taken:
                self._entry.close()
                self._keypad.forget()

    async def _fields(self) -> Missed | None:
        place = backs = 0
        while place < len(self._terms.fields):
            match await self._field(self._terms.fields[place]):
                case None:
                    place += 1
                case _Back.BACK:
                    place, backs = max(0, place - 1), backs + 1
                    self._clear(self._terms.fields[place])
                    if backs > self._terms.steps_back:
                        return Missed.TOO_MANY_ATTEMPTS
                case Missed() as missed:
                    return missed
        return None

    async def _field(self, field: CardField) -> Missed | _Back | None:
        """Ask until the field is right; None when it is.

        What is wrong is said whole, and keys up to its end are dropped: a caller who types a card in one
        go would else burn the next attempts with the rest of it.
        """
        while self._failed[field] < self._terms.attempts:
            await self._speaker.say_until_key(self._question(field))
            keyed = await self._digits(field)
            if keyed is not None:
                return keyed
            wrong = self._checked(field)
            if wrong is None:
                return None
            self._failed[field] += 1
            self._clear(field)
            if self._failed[field] < self._terms.attempts:
                await self._speaker.say(wrong)
                await self._keypad.forget_burst(self._pace.double_star_s)
        return Missed.TOO_MANY_ATTEMPTS

    async def _digits(self, field: CardField) -> Missed | _Back | None:
        """Take keys until the field is full, submitted or left alone; None when it is to be checked."""
        starred = False
        wait_s = self._pace.first_key_s
        while not self._entry.is_full(field):
            key = await self._keypad.press(within_s=wait_s)
            if starred and (key is None or key.code != STAR):
                starred = False
            if key is None:
                return None
            if key.code == POUND:
                break
            wait_s = self._pace.next_key_s
            if key.code != STAR:
                self._add(field, key.code)
            elif starred or not self._entry.count(field):
                return await self._star(again=starred)
            else:
                starred = True
                self._clear(field)
        self._keypad.forgive_pound()
        return None

    async def _star(self, *, again: bool) -> Missed | _Back:
        """A star on an empty field steps back, unless it is the second in a row, or another follows."""
        if again:
            return Missed.CANCELLED
        key = await self._keypad.press(within_s=self._pace.double_star_s)
        if key is not None and key.code == STAR:
            return Missed.CANCELLED
        if key is not None:
            self._keypad.put_back(key)
        return _Back.BACK

    def _add(self, field: CardField, code: int) -> None:
        if self._entry.append(field, code):
            self._tell(field, complete=False)

    def _checked(self, field: CardField) -> Prompt | None:
        """None when the field is right, else what to say."""
        if not self._entry.count(field):
            return Prompt("card_no_input")
        flaw = self._entry.finish(field, self._terms.clock.now().date())
        if flaw is None:
            self._tell(field, complete=True)
            return None
        log.info("card field refused", field=field.value, flaw=flaw.value)
        return _SAID[flaw]

    def _clear(self, field: CardField) -> None:
        self._entry.clear(field)
        self._tell(field, complete=False)

    def _tell(self, field: CardField, *, complete: bool) -> None:
        self._facts.tell(CardProgress(self._call.id, field.value, self._entry.mask(field), complete))

    def _question(self, field: CardField) -> Prompt:
        if field is CardField.CODE and self._entry.brand is Brand.AMEX:
            return Prompt("card_code_amex")
        return _ASKED[field]
