"""Another application is deaf to keys while a card is entered and a while longer, and then as before."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from pbx.ari.bystanders import Bystanders
from pbx.ari.rest import Rest
from pbx.ari.site import Site

pytestmark = pytest.mark.anyio

_KEY = "ChannelDtmfReceived"


class Asterisk(Rest):
    """Has no logs, and one more application, which is subscribed to everything."""

    def __init__(self) -> None:
        super().__init__()
        self.disallowed = ["StasisEnd"]

    async def ask(self, method: str, *parts: str, **parameters: Any) -> Any:
        match method, parts:
            case "GET", ("applications",):
                types = [{"type": one} for one in self.disallowed]
                other = {"channel_ids": ["__AST_CHANNEL_ALL_TOPIC"], "endpoint_ids": [], "events_allowed": []}
                return [{"name": "line"}, {"name": "other", "events_disallowed": types, **other}]
            case "PUT", ("applications", "other", "eventFilter"):
                self.disallowed = [one["type"] for one in parameters["disallowed"]]
            case "GET", ("asterisk", "modules", _):
                return {"status": "Not Running"}
        return []


async def test_it_hears_again_a_while_after_the_last_entry() -> None:
    asterisk = Asterisk()
    site = Site("line", endpoint=lambda to: to, recordings=Path("/nowhere"))
    bystanders = Bystanders(asterisk, site, linger_s=0.2)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bystanders.run)
        async with bystanders.deaf("one"):
            async with bystanders.deaf("two"):
                assert _KEY in asterisk.disallowed
            await anyio.sleep(0.4)
            assert _KEY in asterisk.disallowed
        assert _KEY in asterisk.disallowed
        await anyio.sleep(0.4)
        assert asterisk.disallowed == ["StasisEnd"]
        tasks.cancel_scope.cancel()


async def test_what_a_killed_controller_left_is_taken_away() -> None:
    asterisk = Asterisk()
    asterisk.disallowed = ["StasisEnd", _KEY, "TellerlineCardEntry"]
    await Bystanders(asterisk, Site("line", endpoint=lambda to: to, recordings=Path("/nowhere"))).arrange()
    assert asterisk.disallowed == ["StasisEnd"]
