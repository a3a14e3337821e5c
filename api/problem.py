"""Errors as HTTP tells them: problem+json (RFC 9457), made here and nowhere else."""

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from core.errors import BadInput, OutOfReach, Refused, TellerlineError

log = structlog.get_logger(__name__)

_TYPE = "application/problem+json"
_TITLES = {
    400: "The request has a mistake",
    401: "Who is asking is not known",
    404: "There is no such thing",
    405: "That cannot be done here",
    409: "It does not fit the present state",
    500: "Something broke inside",
    503: "A part of the line does not answer",
}


def problem(status: int, code: str, detail: str) -> web.Response:
    """A problem: `code` is stable and for programs, `detail` is for people."""
    title = _TITLES.get(status, "The request was not carried out")
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return web.json_response(body, status=status, content_type=_TYPE)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into a problem; what is unforeseen is logged, its text is not sent."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem(
            error.status, error.reason.lower().replace(" ", "_"), f"{request.method} {request.path}"
        )
    except TellerlineError as error:
        return problem(*_kind(error), str(error))
    except Exception:
        log.exception("request failed", method=request.method, path=request.path)
        return problem(500, "internal", "the log of the line says more")


def _kind(error: TellerlineError) -> tuple[int, str]:
    match error:
        case BadInput():
            return 400, "bad_input"
        case OutOfReach():
            return 503, "out_of_reach"
        case Refused():
            return 409, "refused"
        case _:
            return 500, "internal"
