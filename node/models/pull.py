"""Bringing a model from its maker: resumed where it broke off, checked, and put in place whole."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import anyio

from core.errors import BadInput, OutOfReach
from node.models.catalog import Model
from node.models.folder import put
from node.models.promised import Hubs, Promise

_CHUNK: Final = 1 << 18
_STALL_S: Final = 60.0
_CONNECT_S: Final = 30.0
_PARTIAL, _WHOLE, _TOO_FAR = 206, 200, 416

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """`unpromised` are files of which their hub says no hash: they are as they came."""

    unpromised: tuple[str, ...]


async def pull(
    model: Model,
    folder: Path,
    progress: Progress,
    *,
    hubs: Hubs | None = None,
    connect_s: float = _CONNECT_S,
) -> Pulled:
    """Download, check and put in place. A server may be silent for twice `connect_s`, a minute at most.

    What was downloaded before it broke off stays, and the next time goes on from there. Raises OutOfReach
    when the maker's server does not serve, BadInput when what came is not what was promised: by the
    catalog, or by the hub itself at this moment.
    """
    work, asked = folder / ".pull" / model.name, hubs or Hubs()
    work.mkdir(parents=True, exist_ok=True)
    stall_s = min(_STALL_S, 2 * connect_s)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_s, connect=connect_s, sock_read=stall_s)
    unpromised: list[str] = []
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as http:
        for name, url in model.files.items():
            await _download(http, url, work / name, progress)
            promise = Promise("sha256", model.sha256) if model.sha256 else await asked.promise(http, url)
            if promise is None:
                unpromised.append(name)
            else:
                await anyio.to_thread.run_sync(_check, work / name, promise)
    await anyio.to_thread.run_sync(_place, model, work, folder)
    shutil.rmtree(work)
    return Pulled(tuple(unpromised))


async def _download(http: aiohttp.ClientSession, url: str, file: Path, progress: Progress) -> None:
    part = file.with_name(f"{file.name}.part")
    if await anyio.Path(file).exists():
        return
    have = (await anyio.Path(part).stat()).st_size if await anyio.Path(part).exists() else 0
    try:
        async with http.get(url, headers={"Range": f"bytes={have}-"} if have else {}) as answer:
            if answer.status == _TOO_FAR:
                part.unlink()
                raise OutOfReach(f"{url} has changed since the download began: begin again")
            if answer.status not in {_WHOLE, _PARTIAL}:
                raise OutOfReach(f"{url} is not served: HTTP {answer.status} {answer.reason}")
            await _take(answer, part, have if answer.status == _PARTIAL else 0, progress)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        why = str(error) or type(error).__name__
        raise OutOfReach(f"{url} broke off: {why}. Run the same command again to go on from there") from error
    part.rename(file)


async def _take(answer: aiohttp.ClientResponse, part: Path, have: int, progress: Progress) -> None:
    whole = have + (answer.content_length or 0)
    with part.open("ab" if have else "wb") as stream:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            stream.write(chunk)
            have += len(chunk)
            progress(part.name.removesuffix(".part"), have / whole if whole else 0.0)
    if whole and have != whole:
        raise aiohttp.ClientPayloadError(f"{have} of {whole} bytes came")


def _check(file: Path, promise: Promise) -> None:
    found = promise.of(file)
    if found != promise.digest:
        file.unlink()
        raise BadInput(
            f"{file.name} has the {promise.kind} hash {found}, not {promise.digest} as its maker says: it is "
            "thrown away"
        )


def _place(model: Model, work: Path, folder: Path) -> None:
    """Only what belongs to the model: an earlier list of its files may have left others."""
    for stranger in work.iterdir():
        if stranger.name not in model.files:
            stranger.unlink()
    alone = next(iter(model.files)) if len(model.files) == 1 else ""
    put(work / alone if alone.endswith(".zip") else work, folder, model.name)
