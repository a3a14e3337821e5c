"""Status callbacks: in order, each end posted, and none waited for."""

from collections.abc import Mapping
from dataclasses import replace

import anyio
import pytest

from core.errors import StoreLost
from core.ids import CallId
from ivr.capture.callbacks import Callbacks
from ivr.capture.terms import CaptureTerms
from ivr.capture.view import Status, View
from ivr.capture.words import Result
from payments.card import CardField
from payments.webhooks.outbox import JsonValue, MemoryOutbox

pytestmark = pytest.mark.anyio

_URL = "https://shop.example.com/hooks"
_OPEN = View("cap_1", CallId("call_1"), CaptureTerms(), Status.OPEN, None, False, {}, None, ())
_DONE = replace(_OPEN, status=Status.COMPLETE, result=Result.SUCCESS)


def _keyed(count: int) -> View:
    return replace(_OPEN, step=CardField.NUMBER, partial=True, masks={CardField.NUMBER: "x" * count})


class _Shaky(MemoryOutbox):
    """Away for the first `times` posts."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    async def post(self, url: str, event: str, data: Mapping[str, JsonValue], *, key: str) -> None:
        if self._times:
            self._times -= 1
            raise StoreLost("the database does not answer")
        await MemoryOutbox.post(self, url, event, data, key=key)


async def _posted(outbox: MemoryOutbox, *views: View) -> list[Mapping[str, JsonValue]]:
    callbacks = Callbacks(outbox, _URL)
    for view in views:
        callbacks.tell(view)
    with anyio.fail_after(30):
        await callbacks.run()
    return [one.data for one in outbox.posted]


async def test_of_counts_that_wait_only_the_newest_is_posted_and_every_end_is() -> None:
    posted = await _posted(MemoryOutbox(), _OPEN, *(_keyed(count) for count in range(1, 9)), _DONE)
    assert [one.get("PaymentCardNumber") for one in posted] == [None, "x" * 8, None]
    assert posted[-1]["Result"] == "success"


async def test_a_store_that_is_away_for_a_while_loses_no_callback() -> None:
    posted = await _posted(_Shaky(3), _OPEN, _DONE)
    assert [one["Status"] for one in posted] == ["in-progress", "complete"]


async def test_what_cannot_be_posted_is_passed_over_and_ends() -> None:
    callbacks = Callbacks(MemoryOutbox(), "no url")
    callbacks.tell(_DONE)
    with anyio.fail_after(5):
        await callbacks.run()
