"""Pictures of telephones in browsers, on a real line: `python -m tests.integration.phone.pictures`."""

import sys
import tempfile
from pathlib import Path
from typing import Final

import anyio
from playwright.async_api import Browser, Page, expect

from api.roles import Role
from core import log
from rehearsal.phone import Phone
from tests.integration.line.listening import CALLER_HZ, beeps
from tests.integration.line.rig import QUICKLY, VISA, Rig, rig
from tests.integration.network import private_network
from tests.integration.phone.browser import TWO_TELEPHONES, browser
from tests.integration.phone.staff import ROBIN, hire, sign_in
from tests.integration.picture import SIZES, picture, stand

_CALLER: Final = "+15550142"


async def pictures() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as folder, private_network():
        place = Path(folder) / "line"
        place.mkdir()
        sound = beeps(Path(folder) / "microphone.wav", CALLER_HZ)
        async with rig(place, TWO_TELEPHONES) as line, browser(sound) as chromium:
            await _agent(line, chromium)
            await _open(line, chromium)


async def _agent(line: Rig, chromium: Browser) -> None:
    """The agent's desk, while a caller keys in a card."""
    await hire(line, ROBIN, Role.AGENT)
    page = await chromium.new_page()
    await sign_in(page, line, ROBIN, "/agent")
    await expect(page.get_by_role("status").filter(has_text="Ready")).to_be_visible(timeout=20_000)
    async with line.phone(_CALLER) as caller:
        await caller.dial("1001", 10)
        await page.get_by_role("button", name="Answer").click(timeout=20_000)
        await line.handed_over(_CALLER, "joined")
        await page.get_by_label("Amount").fill("12.50")
        await page.get_by_role("button", name="Take a card").click()
        await _keyed(page, caller, "payment-card-number", f"{VISA}#")
        await _both(page, "agent")


async def _keyed(page: Page, caller: Phone, field: str, keys: str) -> None:
    row = page.locator(f"[data-field={field}]")
    await row.get_by_role("button", name="Ask for it").click(timeout=15_000)
    await anyio.sleep(1)
    await caller.press(keys, QUICKLY)
    await expect(row).to_have_attribute("data-done", "true", timeout=15_000)


async def _open(line: Rig, chromium: Browser) -> None:
    """The page that anybody may open, in a call."""
    account = await line.bill()
    page = await chromium.new_page()
    await page.goto(f"{line.stack.api}/call")
    await page.get_by_role("button", name="Call 1000").click()
    await line.said("302", "ask_account")
    await page.keyboard.type(f"{account}#", delay=250)
    await line.said("302", "ask_how_much")
    await _both(page, "open")
    await page.get_by_role("button", name="Hang up").click()


async def _both(page: Page, name: str) -> None:
    for suffix in SIZES:
        await stand(page, suffix)
        await picture(page, name, suffix)


if __name__ == "__main__":
    log.configure("error", "console")
    sys.exit(anyio.run(pictures))
