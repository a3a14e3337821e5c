"""Pictures of the dashboard's pages, for the docs: `python -m tests.integration.web.pictures`."""

import sys
import tempfile
from pathlib import Path

import anyio
import anyio.to_thread

from core import log
from db import migrate
from db.engine import Work
from node.parts.postgres import Postgres
from pbx.fake.phone import Phone
from tests.integration.picture import SIZES, picture, stand
from tests.integration.web.pages import addresses
from tests.integration.web.seed import seed
from tests.integration.web.stage import Stage, open_stage

_WITH_TELEPHONES = ("agent", "phone")
"""Pages of which tests.integration.phone.pictures takes the pictures."""


async def pictures() -> None:
    """Take them all."""
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
    await page.goto(f"{stage.url}/sign-in")
    for suffix in SIZES:
        await stand(page, suffix)
        await picture(page, "sign-in", suffix)
    await stage.signed_in(page)
    for name, address in pages.items():
        if name in _WITH_TELEPHONES:
            continue
        for suffix in SIZES:
            await stand(page, suffix)
            await page.goto(f"{stage.url}{address}")
            await picture(page, name, suffix)


async def _caller(phone: Phone) -> None:
    """Says nothing, and keys in an account that is not known."""
    await phone.hears()
    await anyio.sleep(1)
    await phone.press("12345678#")
    await phone.ended()


if __name__ == "__main__":
    log.configure("error", "console")
    sys.exit(anyio.run(pictures))
