"""Each page of the dashboard, at two widths, light and dark: axe finds nothing serious in it."""

import json
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from pbx.fake.phone import Phone
from tests.integration.web.pages import addresses
from tests.integration.web.seed import Seeded
from tests.integration.web.stage import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("serious", "critical")
_DESK, _PHONE = (1280, 800), (390, 844)
Look = tuple[tuple[int, int], Literal["light", "dark"]]
_LOOKS: tuple[Look, ...] = ((_DESK, "light"), (_PHONE, "dark"))
_CROSSED: tuple[Look, ...] = ((_DESK, "dark"), (_PHONE, "light"))
"""A window's size, and the colours; the crossed ones where all parts of the library are seen."""
_MANIFOLD = ("sign-in", "live", "payments", "payment", "analytics")
_MENU = "nav"
_CUT = """() => [...document.querySelectorAll("td .mantine-Badge-label")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""
"""The words of badges in tables that are not shown whole."""


async def _waits(phone: Phone) -> None:
    """A caller who listens."""
    await phone.ended()


async def test_every_page_is_usable_by_all_and_breaks_no_policy(stage: Stage, seeded: Seeded) -> None:
    stage.expected.add((404, "/v1/phone"))  # this user has no extension
    stage.expected.add((404, "/v1/open-phone"))  # this line has no telephone for everybody
    caller, page = stage.api.call(_waits), await stage.page()
    await page.add_init_script(path=_AXE)
    found = await _looked_at(page, f"{stage.url}/sign-in", "sign-in")
    await stage.signed_in(page)
    found += await _findings(page, "the menu", "")
    for name, address in addresses(seeded).items():
        found += await _looked_at(page, f"{stage.url}{address}", name)
    caller.hang_up()
    assert not found, "\n".join(found)


async def test_the_check_finds_what_is_wrong(stage: Stage) -> None:
    page = await stage.page()
    await page.add_init_script(path=_AXE)
    await _shown(page, f"{stage.url}/sign-in")
    await page.evaluate("document.body.append(document.createElement('button'))")
    await page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    await page.evaluate("fetch('/v1/nothing').catch(() => undefined)")
    assert any("button-name" in one for one in await _findings(page, "sign-in"))
    badge = "<table><tr><td><div class='mantine-Badge-label'>open</div></td></tr></table>"
    await page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", badge)
    assert await page.evaluate(_CUT) == []
    await page.evaluate("document.querySelector('td div').style.width = '8px'")
    assert await page.evaluate(_CUT) == ["open"]
    policy, missing = stage.complaints
    assert "Content Security Policy" in policy
    assert "status of 404" in missing
    stage.complaints.clear()


async def _looked_at(page: Page, address: str, name: str) -> list[str]:
    """What is wrong with a page, in each of its looks."""
    found: list[str] = []
    for place, ((width, height), scheme) in enumerate(_LOOKS + (_CROSSED if name in _MANIFOLD else ())):
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if not place:
            await _shown(page, address)
        found += await _findings(page, f"{name} ({width}, {scheme})")
        wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wider > 0:
            found.append(f"{name} is {wider} pixels wider than a window of {width}")
        found += [f"{name} ({width}): {word!r} is cut short" for word in await page.evaluate(_CUT)]
    return found


async def _shown(page: Page, address: str) -> None:
    """Go to a page and wait until it stands still."""
    await page.goto(address)
    await page.get_by_role("heading", level=1).first.wait_for()
    await expect(page.locator(".mantine-Loader-root, .mantine-Skeleton-root[data-visible]")).to_have_count(0)


async def _findings(page: Page, name: str, but: str = _MENU) -> list[str]:
    """What axe finds on a page that is serious or worse; the menu is looked at once."""
    run = "but => axe.run(but ? {exclude: [[but]]} : document, {resultTypes: ['violations']})"
    told = await page.evaluate(run, but)
    return [
        f"{name}: {one['id']} ({one['impact']}): {json.dumps([node['target'] for node in one['nodes']][:3])}"
        for one in told["violations"]
        if one["impact"] in _GRAVE
    ]
