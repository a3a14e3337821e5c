"""What must be asked for before it can be searched: a dump of the database, the API's answers."""

import json
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import anyio
import psycopg

from core.errors import OutOfReach
from node.parts.postgres import binaries

_ASK = aiohttp.ClientTimeout(total=30)
_CALLS = "/v1/calls?limit=500"
_TIMELINE = "/timeline"
_WORDS = frozenset({"Said", "Spoke", "Answered"})


async def dump(url: str, file: Path) -> None:
    """All of the database as SQL (pg_dump)."""
    argv = [str(binaries() / "pg_dump"), "--dbname", url, "--file", str(file)]
    result = await anyio.run_process(argv, check=False, stderr=subprocess.STDOUT)
    if result.returncode:
        raise OutOfReach(f"pg_dump failed: {result.stdout.decode(errors='replace').strip()}")


async def fail_a_statement(url: str, number: str) -> None:
    """Let the server log a statement with a number in it: the control of its log."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        try:
            await connection.execute(f"SELECT '{number}'::date".encode())  # literals are what it prints
        except psycopg.DataError:
            return
    raise OutOfReach("the server took a number for a date")


async def answers(api: str, headers: Mapping[str, str]) -> dict[str, bytes]:
    """What the API tells of all calls, with the headers of somebody who may see them."""
    async with aiohttp.ClientSession(timeout=_ASK, headers=headers) as http:
        told = {_CALLS: await _got(http, f"{api}{_CALLS}")}
        async with http.get(f"{api}{_CALLS}") as answer:
            calls = [call["id"] for call in (await answer.json())["data"]]
        for call in calls:
            path = f"/v1/calls/{call}{_TIMELINE}"
            told[path] = await _got(http, f"{api}{path}")
    return told


async def figures(api: str) -> dict[str, bytes]:
    """Metrics and health."""
    async with aiohttp.ClientSession(timeout=_ASK) as http:
        return {path: await _got(http, f"{api}{path}") for path in ("/metrics", "/healthz", "/readyz")}


async def subscribe(api: str, headers: Mapping[str, str], url: str) -> None:
    """Have the line tell that address of everything that it tells to anybody."""
    async with (
        aiohttp.ClientSession(timeout=_ASK, headers=headers) as http,
        http.post(f"{api}/v1/webhooks/endpoints", json={"url": url, "topics": ["*"]}) as answer,
    ):
        if answer.status != 201:
            raise OutOfReach(f"the line takes no webhook: {await answer.text()}")


def turns(answers: Mapping[str, bytes]) -> dict[str, bytes]:
    """What was said and understood in each call, out of the answers about it."""
    told: dict[str, bytes] = {}
    for path, content in answers.items():
        if path.endswith(_TIMELINE):
            facts = json.loads(content)["facts"]
            words = [json.dumps(one) for one in facts if one["kind"] in _WORDS]
            told[f"transcript of {path}"] = "\n".join(words).encode()
    return told


@asynccontextmanager
async def bystander(argv: Sequence[str], number: str) -> AsyncIterator[None]:
    """A process that has a number among its arguments and in its environment: the control of both."""
    async with await anyio.open_process([*argv, number], env={"CONTROL": number}) as process:
        try:
            yield
        finally:
            process.kill()


async def _got(http: aiohttp.ClientSession, url: str) -> bytes:
    async with http.get(url) as answer:
        return await answer.read()
