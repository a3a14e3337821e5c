"""A real Chromium with a made-up microphone, and the line that it is a telephone of."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from node.stack.stack import Wish
from tests.integration.line.poll import until

TWO_TELEPHONES = Wish(
    environment={
        "TELLERLINE_API_OPEN_PHONE": "302",
        "TELLERLINE_LINE_AGENTS": "301",
        "TELLERLINE_API_SECOND_FACTOR": "false",
    },
    overrides={"numbers.1001.record": "true"},
)
"""A line with a telephone for an agent, whose calls are recorded, and one for everybody."""
_LOUD = 3.0  # of the 100 that the bar shows
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


async def hears(page: Page, bar: str = "The line") -> None:
    """Wait until something is heard on this page, as a bar of it shows."""

    async def loud() -> bool:
        level = await page.get_by_role("progressbar", name=bar).get_attribute("aria-valuenow")
        return float(level or 0) > _LOUD

    await until(loud, 15, "nothing is heard in the browser")
