"""Headers on every answer that keep browsers from doing what nobody asked for."""

from typing import Final

from aiohttp import hdrs, web

NOTHING: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The policy of answers that are no page."""

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), autoplay=(self), camera=(), geolocation=(), payment=()",
    "Content-Security-Policy": NOTHING,
}
_HERE: Final = "localhost"  # the promise would hold for whatever else listens there
_YEAR_S: Final = 365 * 24 * 3600


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Put them on an answer, as a signal of the application; what a handler set stays."""
    response.headers[hdrs.SERVER] = "Tellerline"  # and not which versions of what
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/v1/"):
        response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if request.secure and request.host.partition(":")[0] != _HERE:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
