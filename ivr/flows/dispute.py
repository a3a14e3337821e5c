"""A caller who does not agree with a charge: what is wrong is written down for a person."""

from typing import Final

from ivr.accounts import Account
from ivr.flows.writing_down import write_down
from ivr.line import Line
from ivr.prompt import Digits, Prompt
from ivr.question import Unanswered
from ivr.requests import About, Wish
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.account import ask_account
from ivr.steps.menu import ask_menu

_WRONG: Final = {"1": "amount", "2": "charged twice", "3": "not mine", "4": "other"}


async def take_dispute(
    line: Line, services: Services, account: Account | None
) -> Account | CallResult | Unanswered:
    """Ask which account and what is wrong, and write it down."""
    found = account or await ask_account(line, services.accounts, services.account_check)
    if isinstance(found, Unanswered):
        return found
    wrong = await ask_menu(line, "what is wrong", Prompt("ask_what_is_wrong"), _WRONG)
    if isinstance(wrong, Unanswered):
        return wrong
    request = await write_down(line, services, Wish(About.DISPUTE, line.call, line.caller, found.id, wrong))
    if isinstance(request, CallResult):
        return request
    await line.say(Prompt("dispute_noted", number=Digits(str(request.number))))
    return found
