"""A challenged payment: a one-time code goes to the caller's telephone, and the caller keys it in."""

from typing import Final

import structlog

from core.errors import BadInput, OutOfReach, Refused
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered
from ivr.services import Services
from payments.fraud.one_time_code import DIGITS, Check, OneTimeCodes
from payments.taken import Challenged, NotTaken, Taken

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_WRONG: Final = (Prompt("code_wrong"), Prompt("code_wrong"))
_NO_INPUT: Final = (Prompt("no_input"), Prompt("no_input_again"))


async def after_challenge(line: Line, services: Services, taken: Taken) -> Taken:
    """What became of the payment once the code was given; other answers pass as they are."""
    if not isinstance(taken, Challenged):
        return taken
    codes = services.codes
    if codes is None or not line.caller:
        return NotTaken("a one-time code is wanted, and none can be sent")
    if not await _sent(line, codes):
        return NotTaken("a one-time code is wanted, and it could not be sent")
    if await ask_code(line, codes) is not Check.RIGHT:
        await line.say(Prompt("code_failed"))
        return NotTaken("the one-time code was not given")
    return await line.say_during(Prompt("code_right"), lambda: services.desk.take(taken.again))


async def ask_code(line: Line, codes: OneTimeCodes) -> Check | Unanswered:
    """Ask for the code that was sent, until it is right or no try is left."""

    async def understand(keys: str) -> Check | None:
        check = await codes.check(line.call, keys)
        return None if check is Check.WRONG else check

    question = Question(
        "one-time code",
        Prompt("ask_code"),
        understand,
        max_keys=DIGITS,
        no_input=_NO_INPUT,
        no_match=_WRONG,
        zero=False,
    )
    answer = await line.ask(question)
    line.answered("one-time code", "right" if answer is Check.RIGHT else "not right")
    return answer


async def _sent(line: Line, codes: OneTimeCodes) -> bool:
    try:
        if await codes.send(line.call, line.caller):
            return True
        log.warning("one-time code not sent: the number has got too many in an hour")
    except (OutOfReach, Refused, BadInput) as error:
        log.error("one-time code could not be sent", error=str(error))
    return False
