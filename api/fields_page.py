"""The page of a payment link that shows a vendor's card fields: it may load those, and one script of ours."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from markupsafe import Markup

from api.page import HEADERS, STYLE, template
from payments.orders import Fields

_FOLDER: Final = Path(__file__).parent / "pages" / "fields"
SCRIPTS: Final = {path.stem: path.read_text("utf-8") for path in _FOLDER.glob("*.js")}
"""What of ours puts a vendor's fields into the page, by the vendor."""


def fields_page(
    fields: Fields,
    *,
    gateway: str,
    company: str,
    amount: str,
    description: str,
    until: str,
    action: str,
    ours: str,
) -> web.Response:
    """The page, which posts `token` and whose fields gave it to `action`; `ours` is where our script lies."""
    text = template("fields.html").render(
        company=company,
        title="Pay your bill",
        words="Your card is typed into fields of our payment provider.",
        amount=amount,
        description=description,
        until=until,
        action=action,
        refresh="",
        key=fields.key,
        gateway=gateway,
        scripts=[*fields.scripts, ours],
        style=Markup(STYLE),  # noqa: S704 - our own file
    )
    headers = {**HEADERS, "Content-Security-Policy": _policy(fields)}
    return web.Response(text=text, content_type="text/html", headers=headers)


def script(vendor: str) -> web.Response | None:
    """Our script for a vendor's fields; None where there is none."""
    if vendor not in SCRIPTS:
        return None
    headers = {"Cache-Control": "no-cache"}
    return web.Response(text=SCRIPTS[vendor], content_type="text/javascript", headers=headers)


def _policy(fields: Fields) -> str:
    """Scripts of ours and of the vendor's own hosts, none in the page.

    The vendor's script gives its frames their size by styles in the page, which nothing but
    'unsafe-inline' allows (jsdoc/Home.md of braintree-web, "Content Security Policy").
    """
    homes = dict.fromkeys(_origin(script) for script in fields.scripts)
    return (
        f"default-src 'none'; script-src 'self' {_all(homes)} {_all(fields.frames)}; "
        f"style-src 'unsafe-inline'; frame-src {_all(fields.frames)}; img-src {_all(fields.images)}; "
        f"connect-src {_all(fields.asks)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _all(origins: Iterable[str]) -> str:
    return " ".join(origins) or "'none'"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
