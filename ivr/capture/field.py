"""One field of a capture: keys go into the entry until it is full, submitted, left, or given up."""

from collections.abc import Callable
from datetime import date
from enum import Enum

from core.digits import POUND, STAR
from ivr.capture.booth import Booth
from ivr.capture.words import ErrorType
from ivr.question import Pace
from payments.card import CardEntry, CardField


class Keyed(Enum):
    """How the keys of a field came to an end."""

    DONE = "done"  # full, submitted by `#`, or nothing more came
    BACK = "back"  # `*` in an empty field
    CANCEL = "cancel"  # `*` twice


class FieldKeys:
    """Takes the keys of one field; `tell` hears of every change of what is in it."""

    def __init__(
        self, booth: Booth, pace: Pace, entry: CardEntry, step: CardField, tell: Callable[[CardField], None]
    ) -> None:
        self._keypad, self._pace = booth.keypad, pace
        self._entry, self._field = entry, step
        self._tell = tell

    async def take(self) -> Keyed:
        """Take keys until the field is to be checked, or the caller wants something else."""
        starred = False
        wait_s = self._pace.first_key_s
        while not self._entry.is_full(self._field):
            key = await self._keypad.press(within_s=wait_s)
            if starred and (key is None or key.code != STAR):
                starred = False
            if key is None:
                return Keyed.DONE
            if key.code == POUND:
                break
            wait_s = self._pace.next_key_s
            if key.code != STAR:
                self._add(key.code)
            elif starred or not self._entry.count(self._field):
                return await self._star(again=starred)
            else:
                starred = True
                self._entry.clear(self._field)
                self._tell(self._field)
        self._keypad.forgive_pound()
        return Keyed.DONE

    async def _star(self, *, again: bool) -> Keyed:
        """A star in an empty field steps back, unless it is the second in a row, or another follows."""
        if again:
            return Keyed.CANCEL
        key = await self._keypad.press(within_s=self._pace.double_star_s)
        if key is not None and key.code == STAR:
            return Keyed.CANCEL
        if key is not None:
            self._keypad.put_back(key)
        return Keyed.BACK

    def _add(self, code: int) -> None:
        if self._entry.append(self._field, code):
            self._tell(self._field)


def fault(entry: CardEntry, step: CardField, today: date) -> ErrorType | None:
    """None when what was keyed in is right, and the field is finished then."""
    if not entry.count(step):
        return ErrorType.TIMEOUT
    flaw = entry.finish(step, today)
    return None if flaw is None else ErrorType(flaw.value)
