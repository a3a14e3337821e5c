"""Calls that are up at an API under test, and acts asked of it about them."""

from typing import Any

import anyio

from pbx.fake.phone import Phone
from tests.integration.api.rig import Api


async def stays(_phone: Phone) -> None:
    """A caller who does nothing for a minute."""
    await anyio.sleep(60)


async def up(api: Api) -> Phone:
    """A caller who stays, once they are asked for their account."""
    phone = api.call(stays)
    await phone.hears("enter your account", timeout_s=10)
    return phone


async def done(api: Api, phone: Phone, act: str, body: object = None) -> tuple[int, Any]:
    """Ask for an act on a call; the answer's status, and what it holds."""
    return await api.asked("POST", f"/v1/calls/{phone.call.id}/{act}", body)
