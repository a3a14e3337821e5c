"""A program that leads captures on one call, by a hosted product's forms over HTTP."""

from typing import Any

import aiohttp

from rehearsal.phone import Phone
from tests.integration.line.poll import until
from tests.integration.line.rig import QUICKLY, Rig


class Program:
    """Posts forms about one call."""

    def __init__(self, line: Rig, call: str, http: aiohttp.ClientSession) -> None:
        self._root, self._http, self.call = f"{line.stack.api}/v1/calls/{call}/payments", http, call

    async def post(self, path: str = "", **form: str) -> dict[str, Any]:
        """One request; the session as it is then."""
        async with self._http.post(f"{self._root}{path}", data=form) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status in {200, 201}, told
            return told

    async def shown(self, sid: str) -> dict[str, Any]:
        """The session as it is."""
        async with self._http.get(f"{self._root}/{sid}") as answer:
            shown: dict[str, Any] = await answer.json()
            return shown

    async def take(self, phone: Phone, sid: str, step: str, keys: str) -> None:
        """Have a field captured, key it in once it is asked for, and wait until it is there."""
        await self.post(f"/{sid}", Capture=step)
        await phone.press(keys, QUICKLY)
        await self.taken(sid, step)

    async def taken(self, sid: str, step: str) -> None:
        """Wait until a field is right."""

        async def there() -> bool:
            return step not in (await self.shown(sid))["Required"].split()

        await until(there, 15, f"{step} was not captured")

    async def settled(self, sid: str) -> dict[str, Any]:
        """The session once it has come to a result."""

        async def result() -> dict[str, Any] | None:
            shown = await self.shown(sid)
            return shown if "Result" in shown else None

        return await until(result, 30, "the capture was not settled")
