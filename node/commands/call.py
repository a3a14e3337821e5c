"""`tellerline call`: let the running line call somebody, and watch what comes of it."""

import os
import ssl
import sys
from functools import partial
from pathlib import Path

import aiohttp
import anyio
import click
from rich.console import Console

from core.errors import OutOfReach, Refused
from core.events import CallEnded, Recorded
from core.ids import CallId
from node.api_access import api_url, operator_key, trusted
from node.settings import Settings, read
from rehearsal.live import LiveWatch
from rehearsal.timeline import Timeline, show

_RING_S = 30.0
_ANSWER_S = 10.0  # what the line itself may take besides
_NOT_REACHED = 1


@click.command(
    epilog="\b\nExamples:\n  tellerline call 202\n  tellerline call +15550101 --flow speak_to_agent"
)
@click.argument("number")
@click.option("--flow", default="pay_bill", show_default=True, help="One of `tellerline flows list`.")
@click.option("--from", "caller", default="", help="The number that they see.")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def call(number: str, flow: str, caller: str, file: Path | None) -> None:
    """Let the running line call NUMBER, and show the call until it ends. Ends with 1 when nobody answers."""
    order: dict[str, str | float] = {"to": number, "flow": flow, "from": caller, "ring_s": _RING_S}
    sys.exit(anyio.run(partial(_call, Console(), read(file, os.environ), order)))


async def _call(console: Console, settings: Settings, order: dict[str, str | float]) -> int:
    url, key = api_url(settings.api), operator_key(settings)
    began_s = anyio.current_time()
    timeline = Timeline(lambda entry: show(console, entry))
    async with LiveWatch(url, key, trusted(settings)).follow() as facts:
        console.print(f"calling {order['to']}")
        try:
            placed = await _placed(url, key, trusted(settings), order)
        except Refused as refused:
            console.print(f"[red]✗[/] {refused}")
            return _NOT_REACHED
        async for recorded in facts:
            if _of(recorded, placed):
                timeline.add_fact(anyio.current_time() - began_s, recorded.fact)
                if isinstance(recorded.fact, CallEnded):
                    return 0
    raise OutOfReach(f"{url} fell silent during the call {placed}")


async def _placed(url: str, key: str, tls: ssl.SSLContext, order: dict[str, str | float]) -> CallId:
    """The call, once somebody answered. Raises Refused when nobody does, or the line says no."""
    headers = {"Authorization": f"Bearer {key}"}
    timeout = aiohttp.ClientTimeout(total=_RING_S + _ANSWER_S)
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout) as http,
            http.post(f"{url}/v1/calls", json=order, ssl=tls) as answer,
        ):
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise OutOfReach(f"{url} does not say what became of the call: {error}") from error
    if answer.status != 201:
        raise Refused(str(told.get("detail", answer.reason)))
    return CallId(told["id"])


def _of(recorded: Recorded, placed: CallId) -> bool:
    return recorded.fact.call == placed
