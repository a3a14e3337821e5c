"""Writing down what a caller wants of people; a person at once where that cannot be done."""

import structlog

from core.errors import StoreLost
from ivr.flows.speak_to_agent import offer_person
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.requests import Request, Wish
from ivr.result import CallResult
from ivr.services import Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def write_down(line: Line, services: Services, wish: Wish) -> Request | CallResult:
    """The request; or how the call ended, when it could not be written down."""
    if services.requests is not None:
        try:
            request = await services.requests.add(wish)
        except StoreLost as lost:
            log.error("a caller's request is not written down", call=line.call, why=str(lost))
        else:
            line.result = CallResult.REQUESTED
            return request
    await line.say(Prompt("request_failed"))
    return await offer_person(line, services, CallResult.NO_MATCH)
