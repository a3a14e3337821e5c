"""Pages for people: rendered here, with headers that let them load nothing and be shown in no frame."""

import base64
import hashlib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

_FOLDER: Final = Path(__file__).parent / "pages"
STYLE: Final = (_FOLDER / "link.css").read_text("utf-8")
"""How pages for payers look."""
_NONE: Final = "'none'"
HEADERS: Final = {
    "Cache-Control": "no-store",
}
"""What goes with every page beside the headers of every answer (api.access.headers)."""
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def link_page(
    *,
    company: str,
    title: str,
    words: str,
    amount: str = "",
    description: str = "",
    until: str = "",
    action: str = "",
    hidden: dict[str, str] | None = None,
    onward: str = "",
    button: str = "Continue to pay",
    refresh: str = "",
    status: int = 200,
) -> web.Response:
    """The page of a payment link, without scripts: `action` is posted to, `onward` linked to.

    `refresh` is what a browser does by itself (HTML, "http-equiv=refresh"): `5`, or `0;url=...`.
    """
    text = template("link.html").render(
        company=company,
        title=title,
        words=words,
        amount=amount,
        description=description,
        until=until,
        action=action,
        hidden=hidden or {},
        onward=onward,
        button=button,
        refresh=refresh,
        style=Markup(STYLE),  # noqa: S704 - our own file
    )
    headers = {**HEADERS, "Content-Security-Policy": _policy(action)}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def template(name: str) -> Template:
    """A page of ours; what is put into it is escaped."""
    return _TEMPLATES.get_template(name)


def style_hash(style: str) -> str:
    """What a Content-Security-Policy calls a style that stands in the page (CSP 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def _policy(action: str) -> str:
    parts = urlsplit(action)
    target = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
    return (
        f"default-src 'none'; style-src {style_hash(STYLE)}; form-action {target if action else _NONE}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
