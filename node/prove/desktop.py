"""An agent's desktop: it leads a capture on one call, by the hosted products' forms, over the line's API."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import anyio

from node.prove.books import Astray

_ASK = aiohttp.ClientTimeout(total=15)
_LOOK_S = 0.05
_WITHIN_S = 20.0

Shown = Mapping[str, Any]
"""What the session shows of itself: JSON."""


class Desktop:
    """One session at a time; everything raises Astray when the line does not do it."""

    def __init__(self, http: aiohttp.ClientSession, payments: str) -> None:
        self._http, self._payments = http, payments
        self._session = ""

    async def open(self, **terms: str) -> None:
        """Open a session; `terms` are the hosted products' parameters."""
        self._session = str((await self._post(self._payments, terms))["Sid"])

    async def ask(self, step: str) -> None:
        """Have a field taken."""
        await self._post(self._one, {"Capture": step})

    async def end(self, status: str) -> None:
        """`complete` it, or `cancel` it."""
        await self._post(self._one, {"Status": status})

    async def taken(self, step: str) -> None:
        """Wait until a field is right."""
        await self.until(lambda shown: step not in shown["Required"].split(), f"{step} was not taken")

    async def until(self, there: Callable[[Shown], bool], otherwise: str) -> None:
        """Wait until the session shows something."""
        shown: Shown = {}
        with anyio.move_on_after(_WITHIN_S):
            while True:
                async with self._http.get(self._one) as answer:
                    shown = await answer.json()
                if answer.status == 200 and there(shown):
                    return
                await anyio.sleep(_LOOK_S)
        raise Astray(f"{otherwise} within {_WITHIN_S:g} s; the session shows {dict(shown)}")

    @property
    def _one(self) -> str:
        return f"{self._payments}/{self._session}"

    async def _post(self, url: str, form: Mapping[str, str]) -> Shown:
        async with self._http.post(url, data=form) as answer:
            told: Shown = await answer.json()
            if answer.status not in {200, 201}:
                raise Astray(f"the line refused {dict(form)}: {told.get('detail', told)}")
            return told


@asynccontextmanager
async def desktop(api: str, headers: Mapping[str, str], call: str) -> AsyncIterator[Desktop]:
    """The desktop of whoever talks with the caller of that call; its requests have these headers."""
    async with aiohttp.ClientSession(timeout=_ASK, headers=headers) as http:
        yield Desktop(http, f"{api}/v1/calls/{call}/payments")
