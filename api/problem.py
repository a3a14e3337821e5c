"""Errors as HTTP tells them: problem+json (RFC 9457), made here and nowhere else."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from api.codes import OF_HTTP
from api.mistakes import NAMED
from core.errors import BadInput, CallGone, Outdated, OutOfReach, Refused, TellerlineError

log = structlog.get_logger(__name__)

_TYPE = "application/problem+json"
_TITLES = {
    400: "The request has a mistake",
    401: "Who is asking is not known",
    403: "Whoever asks may not do that",
    404: "There is no such thing",
    405: "That cannot be done here",
    409: "It does not fit the present state",
    412: "It was changed meanwhile",
    413: "The body is too large",
    428: "Say which version is to be changed",
    429: "Too many requests",
    500: "Something broke inside",
    503: "A part of the line does not answer",
}


class Mistake(BaseModel):
    """One thing that is wrong: where (`amount_minor`, `topics.0`), and what."""

    at: str
    what: str


class Problem(BaseModel):
    """Why a request was not carried out. `code` is stable and for programs, `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[Mistake] | None = None


class WrongInput(BadInput):
    """What a client sent has mistakes, each with its place."""

    def __init__(self, detail: str, errors: Sequence[Mistake]) -> None:
        super().__init__(detail)
        self.errors = list(errors)


class NotDone(TellerlineError):
    """A request that is not carried out, with the status and the code that say why."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.headers = status, code, dict(headers or {})


class NoSuch(NotDone):
    """There is no such thing: `NoSuch("call", "call_1")`."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(404, "not_found", f"there is no {what} {name!r}")


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[Mistake] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """A problem as an answer."""
    title = _TITLES.get(status, "The request was not carried out")
    told = Problem(
        title=title, status=status, code=code, detail=detail, errors=list(errors) if errors else None
    )
    text = told.model_dump_json(exclude_none=True)
    return web.Response(text=text, status=status, content_type=_TYPE, headers=headers)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into a problem; what is unforeseen is logged, its text is not sent."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        code = OF_HTTP.get(error.status, "bad_request")
        return problem(error.status, code, f"{request.method} {request.path}", headers=kept)
    except TellerlineError as error:
        return problem_of(error)
    except Exception:
        log.exception("request failed", method=request.method, path=request.path)
        return problem(500, "internal", "the log of the line says more")


def problem_of(error: TellerlineError) -> web.Response:
    """What an error of ours looks like outside."""
    match error:
        case NotDone():
            return problem(error.status, error.code, str(error), headers=error.headers)
        case BadInput():
            mistakes = error.errors if isinstance(error, WrongInput) else None
            return problem(*NAMED.get(type(error), (400, "bad_input")), str(error), mistakes)
        case OutOfReach() | Refused() | CallGone():
            return problem(*_known(error), str(error))
        case _:
            log.error("request failed", why=str(error))
            return problem(500, "internal", "the log of the line says more")


def _known(error: OutOfReach | Refused | CallGone) -> tuple[int, str]:
    match error:
        case OutOfReach():
            return 503, "out_of_reach"
        case Outdated():
            return 412, "changed_meanwhile"
        case Refused():
            return 409, "refused"
        case CallGone():
            return 409, "call_gone"
