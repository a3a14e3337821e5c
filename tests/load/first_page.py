"""How soon the dashboard can be used, in a real Chromium that has nothing of it yet: `web.first_page_ms`."""

import time
from pathlib import Path
from typing import Final

import anyio.to_thread
from playwright.async_api import Page, StorageState
from rich.console import Console

from db import migrate
from db.engine import Work
from node.parts.postgres import Postgres
from tests.integration.web.stage import Stage, open_stage
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.trial import Tell

_TIMES: Final = 12
_FLOOR_MS: Final = 1000.0


async def first_page(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """From the address to the page of live calls of somebody who is signed in, its list there.

    Each time in a browser of its own, whose cache is empty. Beside it, the form to sign in.
    """
    async with Postgres(folder / "postgres") as server:
        url = await server.create("page")
        await anyio.to_thread.run_sync(migrate.upgrade, url)
        work = Work(url)
        place = folder / "line"
        place.mkdir()
        async with open_stage(work, url, place) as stage:
            tell("signing in", 0.1)
            signed_in = await _signed_in(stage)
            tell("opening pages", 0.3)
            await _opened(stage, signed_in)  # the first of all warms the server
            pages = [await _opened(stage, signed_in) for _ in range(_TIMES)]
            forms = [await _opened(stage, None) for _ in range(_TIMES)]
        await work.close()
    for name, took in (("live calls", pages), ("the form", forms)):
        console.print(f"  {name}: p50 {percentile(took, 0.5):.0f} ms, most {max(took):.0f} ms")
    value, baseline = round(percentile(pages, 0.95)), round(percentile(forms, 0.95))
    return [Figure("web.first_page_ms", value, "ms", baseline, "the form to sign in", _FLOOR_MS)]


async def _signed_in(stage: Stage) -> StorageState:
    page = await stage.page()
    await stage.sign_in(page, await stage.user())
    state = await page.context.storage_state()
    await page.context.close()
    return state


async def _opened(stage: Stage, signed_in: StorageState | None) -> float:
    """Milliseconds until what one came for can be used."""
    context = await stage.browser.new_context(storage_state=signed_in, locale="en-US")
    page = await context.new_page()
    began_s = time.perf_counter()
    await page.goto(f"{stage.url}/", wait_until="commit")
    await _usable(page, form=signed_in is None)
    took_ms = (time.perf_counter() - began_s) * 1000
    await context.close()
    return took_ms


async def _usable(page: Page, *, form: bool) -> None:
    if form:
        await page.get_by_label("E-mail").wait_for()
        return
    await page.get_by_role("navigation", name="Pages").wait_for()
    await page.get_by_role("heading", level=1).wait_for()
