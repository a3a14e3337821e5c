"""A caller who wants to be called: the number and the day are written down for a person."""

from typing import Final

from ivr.accounts import Account
from ivr.flows.writing_down import write_down
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Question, Unanswered
from ivr.requests import About, Wish
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.day import ask_call_back_day
from ivr.steps.menu import ask_yes_no

_SHORTEST, _LONGEST = 5, 15  # ITU-T E.164
_GROUP: Final = 3
_CHANGES: Final = 3


async def ask_to_be_called(
    line: Line, services: Services, account: Account | None
) -> Account | CallResult | Unanswered | None:
    """Ask for the day, and for the number where it is withheld; write both down."""
    number = line.caller or await ask_number(line)
    if isinstance(number, Unanswered):
        return number
    day = await ask_call_back_day(line, services.clock.now().date())
    if isinstance(day, Unanswered):
        return day
    wish = Wish(About.CALL_BACK, line.call, number, account.id if account else None, day=day)
    request = await write_down(line, services, wish)
    if isinstance(request, CallResult):
        return request
    await line.say(Prompt("call_back_noted", number=Digits(str(request.number))))
    return account


async def ask_number(line: Line) -> str | Unanswered:
    """A telephone number, found right when it was read back."""

    async def understand(keys: str) -> str | None:
        return keys if keys.isdecimal() and _SHORTEST <= len(keys) <= _LONGEST else None

    question = Question(
        "call back number",
        Prompt("ask_call_back_number"),
        understand,
        max_keys=_LONGEST,
        spoken=lambda language: language.digits(_LONGEST),
    )
    for _ in range(_CHANGES):
        number = await line.ask(question)
        if isinstance(number, Unanswered):
            return number
        said = Prompt("confirm_call_back_number", number=Digits(number, group=_GROUP))
        match await ask_yes_no(line, "confirm number", said):
            case True:
                return number
            case Unanswered() as unanswered:
                return unanswered
            case False:
                pass
    return Unanswered.NO_MATCH
