"""The flow that waits for a program: it answers, and whatever is captured is led from outside."""

from typing import Final

from ivr.line import Line
from ivr.prompt import Prompt
from ivr.result import CallResult
from ivr.services import Services

_LONGEST_S: Final = 3600.0


async def for_application(line: Line, _services: Services) -> CallResult:
    """Say one moment, and let a program lead until the caller hangs up, or for an hour."""
    await line.say(Prompt("please_wait"))
    line.result = CallResult.SERVED
    await line.lend(_LONGEST_S)
    await line.say(Prompt("goodbye"))
    return line.result
