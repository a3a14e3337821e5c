"""Offering a link: a caller who would rather pay on a page gets its address by text message."""

from enum import Enum

import structlog

from core.errors import BadInput, OutOfReach, Refused
from ivr.accounts import Account
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Unanswered
from ivr.steps.menu import ask_yes_no
from payments.links.offering import Offering

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Offered(Enum):
    """What came of the offer."""

    SENT = "sent"
    NOT_WANTED = "not_wanted"
    NOT_POSSIBLE = (
        "not_possible"  # the number is withheld, or the message did not go out: the caller was told
    )


async def offer_link(line: Line, offering: Offering, account: Account) -> Offered | Unanswered:
    """Offer a link for all that is due, to the number that the caller calls from, if there is one."""
    if not line.caller.startswith("+"):
        return Offered.NOT_POSSIBLE
    match await ask_yes_no(line, "link", Prompt("offer_link", amount=account.due)):
        case Unanswered() as unanswered:
            return unanswered
        case False:
            return Offered.NOT_WANTED
        case True:
            return await _send(line, offering, account)


async def _send(line: Line, offering: Offering, account: Account) -> Offered:
    try:
        made = await offering.make(account.id, account.due, call=line.call)
        await offering.text(made, line.caller)
    except (OutOfReach, Refused, BadInput) as error:
        log.warning("link not sent", call=line.call, error=type(error).__name__)
        await line.say(Prompt("link_not_sent"))
        return Offered.NOT_POSSIBLE
    await line.say(Prompt("link_sent"))
    return Offered.SENT
