"""Pictures of every page at two widths, for the docs.

    python -m tests.integration.web.pictures

They are written to docs/images: `NAME.png` of a desk's width in light colours, `NAME-phone.png` in dark ones.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import anyio
import anyio.to_thread
from playwright.async_api import Page

from core import log
from db import migrate
from db.engine import Work
from node.parts.postgres import Postgres
from pbx.fake.phone import Phone
from tests.integration.web.pages import addresses
from tests.integration.web.seed import seed
from tests.integration.web.stage import Stage, open_stage

_FOLDER = Path(__file__).parents[3] / "docs" / "images"
_SIZES: Mapping[str, tuple[int, int, Literal["light", "dark"]]] = {
    "": (1200, 760, "light"),
    "-phone": (390, 780, "dark"),
}
_STILL_MS = 600


async def _caller(phone: Phone) -> None:
    """Says nothing, and keys in an account that is not known."""
    await phone.hears()
    await anyio.sleep(1)
    await phone.press("12345678#")
    await phone.ended()


async def pictures() -> None:
    """Take them all."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with Postgres(Path(folder) / "postgres", durable=False) as postgres:
            url = await postgres.create("pictures")
            await anyio.to_thread.run_sync(migrate.upgrade, url)
            work = Work(url)
            async with open_stage(work, url, Path(folder)) as stage:
                await _take(stage)
            await work.close()


async def _take(stage: Stage) -> None:
    seeded = await seed(stage.api)
    for caller in ("+15550142", "+15550177", "+15550119"):
        stage.api.call(_caller, caller=caller)
    pages, page = addresses(seeded), await stage.page()
    for suffix in _SIZES:
        await _picture(page, f"{stage.url}/sign-in", "sign-in", suffix)
    await stage.sign_in(page, await stage.user())
    for suffix in _SIZES:
        for name, address in pages.items():
            await _picture(page, f"{stage.url}{address}", name, suffix)


async def _picture(page: Page, address: str, name: str, suffix: str) -> None:
    width, height, scheme = _SIZES[suffix]
    await page.set_viewport_size({"width": width, "height": height})
    await page.emulate_media(color_scheme=scheme)
    await page.goto(address)
    await page.get_by_role("heading", level=1).first.wait_for()
    await page.wait_for_timeout(_STILL_MS)
    await page.screenshot(path=_FOLDER / f"{name}{suffix}.png", animations="disabled")


if __name__ == "__main__":
    log.configure("error", "console")
    sys.exit(anyio.run(pictures))
