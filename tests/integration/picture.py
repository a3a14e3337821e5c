"""A picture of a page for the docs, at two widths: a desk's in light colours, a telephone's in dark ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Page

SIZES: Final[Mapping[str, tuple[int, int, Literal["light", "dark"]]]] = {
    "": (1200, 760, "light"),
    "-phone": (390, 780, "dark"),
}
"""What a file's name ends with, and the width, the height and the colours."""
FOLDER: Final = Path(__file__).parents[2] / "docs" / "images"
_STILL_MS, _PATIENT_MS = 600, 90_000


async def stand(page: Page, suffix: str) -> None:
    """Give the window its size, and the page its colours."""
    width, height, scheme = SIZES[suffix]
    await page.set_viewport_size({"width": width, "height": height})
    await page.emulate_media(color_scheme=scheme)


async def picture(page: Page, name: str, suffix: str) -> None:
    """`docs/images/NAME.png` or `NAME-phone.png`, once the page stands still."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await page.get_by_role("heading", level=1).first.wait_for()
    await page.wait_for_timeout(_STILL_MS)
    await page.screenshot(path=FOLDER / f"{name}{suffix}.png", animations="disabled", timeout=_PATIENT_MS)
