"""A real Chromium with a made-up microphone."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.integration.line.poll import until

_LOUD = 0.02  # of full scale
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)


@asynccontextmanager
async def browser(microphone: Path) -> AsyncIterator[Browser]:
    """A browser that hears a sound file, over and over, in place of somebody who speaks."""
    program = shutil.which("chromium")
    assert program, "the tests of telephones in browsers need Chromium: make chromium"
    heard = f"--use-file-for-fake-audio-capture={microphone}"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program, args=[*_ARGUMENTS, heard])
        try:
            yield chromium
        finally:
            await chromium.close()


async def hears(page: Page) -> None:
    """Wait until something is heard in the call of this page."""

    async def loud() -> bool:
        level = await page.locator("[data-theirs]").get_attribute("data-theirs")
        return float(level or 0) > _LOUD

    await until(loud, 15, "nothing is heard in the browser")
