"""The codes of problems: a closed list, with what each means; programs may rely on them."""

from dataclasses import dataclass
from typing import Final

from ivr.capture.words import ErrorType, Result


@dataclass(frozen=True, slots=True)
class Code:
    """The statuses that a problem with this code has, and what whoever asked can make of it."""

    statuses: tuple[int, ...]
    means: str


CODES: Final = {
    "bad_amount": Code((400,), "an amount that cannot be taken or given back, such as none at all"),
    "bad_input": Code(
        (400,), "something in the request is wrong; `errors` names each place, `detail` says it"
    ),
    "bad_request": Code((400,), "the request is no HTTP that we read"),
    "body_too_large": Code((413,), "the body is longer than this route takes"),
    "call_gone": Code((409,), "the call ended while something was asked of it"),
    "changed_meanwhile": Code((412,), "somebody else changed it since you read its ETag: read it again"),
    "decided_already": Code((409,), "somebody has decided about this attempt before"),
    "idempotency_key_in_use": Code((409,), "the same request is being answered: ask again in a moment"),
    "idempotency_key_reused": Code(
        (409,), "this Idempotency-Key was used for another request: draw a new one"
    ),
    "internal": Code((500,), "something broke inside; the log of the line says what"),
    "locked": Code((429,), "too many wrong passwords or codes: wait as `Retry-After` says"),
    "method_not_allowed": Code((405,), "there is such a path, but not for this method; `Allow` names those"),
    "no_phone": Code((404,), "no extension of the exchange is yours, or open to everybody"),
    "node_gone": Code((503,), "another node holds the call, and does not answer"),
    "not_allowed": Code((403,), "you are known, but do not have the right that `detail` names"),
    "not_found": Code((404,), "there is no such thing, or no longer"),
    "not_reached": Code((409,), "whoever was called did not pick up; `detail` says why"),
    "out_of_reach": Code((503,), "the switch, the database, a gateway or a voice does not answer: try later"),
    "refused": Code((409,), "it does not fit the present state, or another program said no"),
    "report_not_believed": Code((400,), "a report on a message is not signed by its sender"),
    "sign_in_again": Code((403,), "this needs a sign-in of the last few minutes"),
    "too_many_requests": Code((429,), "the limit of this minute is reached: wait as `Retry-After` says"),
    "too_much_back": Code((409,), "more would be refunded than was captured"),
    "too_slow": Code((408,), "the body did not arrive in time"),
    "unauthorized": Code((401,), "nobody is signed in, or the key or token is not known or has ended"),
    "unknown_currency": Code((400,), "ISO 4217 lists no such currency"),
    "unknown_gateway": Code((404,), "no gateway of this name is set up"),
    "unknown_message": Code((404,), "no message of ours has this report's id"),
    "unknown_sender": Code((404,), "no sender of this name takes reports"),
    "unsupported_media_type": Code((415,), "send JSON, or a form where the route takes one"),
    "use_https": Code((403,), "passwords are taken over https only"),
    "version_missing": Code((428,), "send If-Match with the ETag of what you read, or `*`"),
    "websocket_needed": Code((426,), "this address is a WebSocket"),
    "wrong_credentials": Code((401,), "the password or the code is wrong, or was used before"),
    "wrong_csrf": Code((403,), "the header X-CSRF-Token is not that of this session"),
    "wrong_origin": Code((403,), "another site's page sent this"),
}

OF_HTTP: Final = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}
"""What the web server itself refuses."""

_HEAD: Final = """# Problems

Every error of the API is `application/problem+json` (RFC 9457). `code` is one of these and stays what it is;
`detail` is for people, and may be worded anew. This page is written from the code by
`python -m node.reference`.
"""
_CAPTURES: Final = """
## Of captures

Captures use the hosted products' own words, with 400, 409 or 503 ([captures](capture.md)):
"""


def page() -> str:
    """The page, in Markdown."""
    rows = [f"| `{name}` | {_statuses(code)} | {code.means} |" for name, code in sorted(CODES.items())]
    words = sorted({one.value for one in (*ErrorType, *Result)})
    table = ["| code | status | means |", "|---|---|---|", *rows]
    return "\n".join([_HEAD, *table, _CAPTURES, ", ".join(f"`{word}`" for word in words) + ".", ""])


def _statuses(code: Code) -> str:
    return ", ".join(map(str, code.statuses))
