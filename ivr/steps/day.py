"""Which day: today, tomorrow, or one that the caller names; it is read back."""

import datetime as dt
from typing import Final

from asr.grammar.language import language as grammar
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered
from ivr.steps.menu import ask_yes_no

_CHANGES: Final = 3
_KEYS: Final = 4
_NAMED: Final = {"1": 0, "2": 1}
_YEARS: Final = 9  # until a 29th of February comes again, at the latest


async def ask_call_back_day(line: Line, today: dt.date) -> dt.date | Unanswered:
    """A day from today on, found right when it was read back."""
    for _ in range(_CHANGES):
        day = await ask_day(line, today, "call back day", Prompt("ask_call_back_day"))
        if isinstance(day, Unanswered):
            return day
        match await ask_yes_no(line, "confirm day", Prompt("confirm_call_back_day", day=day)):
            case True:
                line.answered("call back day", day.isoformat())
                return day
            case Unanswered() as unanswered:
                return unanswered
            case False:
                pass
    return Unanswered.NO_MATCH


async def ask_day(line: Line, today: dt.date, name: str, prompt: Prompt) -> dt.date | Unanswered:
    """A day from today on, as `read_day` reads it, or in words."""

    async def understand(keys: str) -> dt.date | None:
        return read_day(keys, today, month_first=grammar(line.language).month_first)

    return await line.ask(
        Question(name, prompt, understand, max_keys=_KEYS, spoken=lambda language: language.date(today))
    )


def read_day(keys: str, today: dt.date, *, month_first: bool) -> dt.date | None:
    """1 is today, 2 tomorrow, four keys a day and month, eight a whole date as it was spoken."""
    if keys in _NAMED:
        return today + dt.timedelta(days=_NAMED[keys])
    if len(keys) == 2 * _KEYS:
        return _date(int(keys[:4]), int(keys[4:6]), int(keys[6:]), today)
    if len(keys) != _KEYS or not keys.isdecimal():
        return None
    first, second = int(keys[:2]), int(keys[2:])
    month, day = (first, second) if month_first else (second, first)
    years = range(today.year, today.year + _YEARS)
    return next((found for year in years if (found := _date(year, month, day, today))), None)


def _date(year: int, month: int, day: int, today: dt.date) -> dt.date | None:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found if found >= today else None
