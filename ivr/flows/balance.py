"""Telling what is due on a bill, and paying it if that is wanted."""

from ivr.accounts import Account
from ivr.flows.pay_bill import pay_for
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.account import ask_account, say_due
from ivr.steps.menu import ask_yes_no


async def tell_balance(
    line: Line, services: Services, account: Account | None
) -> Account | CallResult | Unanswered:
    """Say what is due; the account, or how the call ended when it is paid at once."""
    found = await tell_due(line, services, account)
    if isinstance(found, Unanswered) or found.due.minor <= 0:
        return found
    match await ask_yes_no(line, "pay it now", Prompt("pay_it_now")):
        case True:
            return await pay_for(line, services, found)
        case Unanswered.PERSON | Unanswered.UPSET as wanted:
            return wanted
        case _:
            return found


async def tell_due(line: Line, services: Services, account: Account | None) -> Account | Unanswered:
    """Say what is due, and no more."""
    found = account or await ask_account(line, services.accounts, services.account_check)
    if isinstance(found, Unanswered):
        return found
    line.result = CallResult.INFORMED
    await say_due(line, found)
    return found
