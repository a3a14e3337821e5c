"""The cookie of a browser that is signed in, and the token by which its own page is known."""

import base64
import hashlib
import hmac
from typing import Final

from aiohttp import web

from api.problem import NotDone

NAME: Final = "tellerline_session"
CSRF: Final = "X-CSRF-Token"


def cookie_of(request: web.Request) -> str:
    """The cookie that came; empty without one."""
    return request.cookies.get(NAME, "")


def set_cookie(response: web.StreamResponse, cookie: str, *, secure: bool) -> None:
    """Give it to the browser, which keeps it from scripts and from other sites."""
    response.set_cookie(NAME, cookie, httponly=True, secure=secure, samesite="Strict", path="/")


def take_cookie(response: web.StreamResponse, *, secure: bool) -> None:
    """Have the browser forget it."""
    response.del_cookie(NAME, httponly=True, secure=secure, samesite="Strict", path="/")


def csrf_of(cookie: str) -> str:
    """The token that our page sends with each change: only who can read our answers has it."""
    digest = hashlib.sha256(b"csrf\0" + cookie.encode()).digest()
    digest = hashlib.sha256(b"csrf\0" + cookie.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_csrf(request: web.Request, cookie: str) -> None:
    """Refuse a change without the token of this cookie."""
    given = request.headers.get(CSRF, "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), csrf_of(cookie).encode()):
        raise NotDone(403, "wrong_csrf", f"send the header {CSRF} with `csrf` of GET /v1/session")
