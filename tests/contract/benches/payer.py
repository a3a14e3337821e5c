"""A payer with a browser: opens a gateway's page, pays there or gives up, and is sent back."""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

import aiohttp

from core.certificate import Certificate
from payments.orders import Page

_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_ACTION = re.compile(r'<form method="post"(?: action="([^"]*)")?')
_SAID = re.compile(r'<p role="status">([^<]*)')


@dataclass(frozen=True)
class Shown:
    """A page as the payer sees it; `said` is what it says."""

    url: str
    text: str

    @property
    def said(self) -> str:
        found = _SAID.search(self.text)
        return unescape(found[1]) if found else ""

    @property
    def payable(self) -> bool:
        return 'name="deed"' in self.text


@dataclass(frozen=True)
class Back:
    """Where the payer was sent, and what the browser posts there, if anything."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


class Payer:
    """Speaks HTTP as a browser does, without running scripts."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def open(self, page: Page) -> Shown:
        """Go where the link leads, by a form where it is one."""
        if page.form:
            shown = await self._ask("POST", page.url, page.form)
        else:
            shown = await self._ask("GET", page.url)
        assert isinstance(shown, Shown)
        return shown

    async def click(self, shown: Shown, deed: str = "pay", by: str = "") -> Shown | Back:
        """Press a button of the page."""
        assert shown.payable, shown.text
        standing = re.search(r'name="by" value="([^"]*)"', shown.text)
        assert standing is not None
        action = _ACTION.search(shown.text)
        url = urljoin(shown.url, unescape(action[1])) if action and action[1] else shown.url
        return await self._ask("POST", url, {"by": by or unescape(standing[1]), "deed": deed})

    async def pay(self, page: Page, by: str = "") -> Back:
        """Open the page and pay."""
        back = await self.click(await self.open(page), "pay", by)
        assert isinstance(back, Back), back.said
        return back

    async def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Shown | Back:
        async with self._session.request(method, url, data=form, allow_redirects=False) as answer:
            text = await answer.text()
            if answer.status == 303:
                return Back(answer.headers["Location"])
            assert answer.status == 200, text
        if "document.forms[0].submit()" in text:
            action = _ACTION.search(text)
            assert action is not None
            fields = {unescape(name): unescape(value) for name, value in _FIELD.findall(text)}
            return Back(unescape(action[1]), fields)
        return Shown(url, text)


@asynccontextmanager
async def payer(certificate: Certificate) -> AsyncIterator[Payer]:
    context = ssl.create_default_context(cafile=certificate.authority)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
        yield Payer(session)
