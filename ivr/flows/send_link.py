"""A caller who would rather pay on a page: a link by text message."""

from ivr.accounts import Account
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.account import ask_account, ending
from ivr.steps.link import Offered, offer_link


async def send_link(line: Line, services: Services, account: Account | None) -> Account | Unanswered | None:
    """Find the bill, say what the link is for, and send it."""
    if services.links is None or not line.caller.startswith("+"):
        await line.say(Prompt("no_link"))
        return account
    found = account or await ask_account(line, services.accounts, services.account_check)
    if isinstance(found, Unanswered):
        return found
    if found.due.minor <= 0:
        await line.say(Prompt("nothing_due", ending=ending(found)))
        return found
    match await offer_link(line, services.links, found):
        case Unanswered() as unanswered:
            return unanswered
        case Offered.SENT:
            line.result = CallResult.LINK_SENT
        case _:
            pass
    return found
