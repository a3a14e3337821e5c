"""Bringing a model from its maker: resumed where it broke off, checked, and put in place whole."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import aiohttp
import anyio

from core.errors import BadInput, OutOfReach
from node.models.catalog import Model
from node.models.folder import put, sha256

_CHUNK: Final = 1 << 18
_STALL_S: Final = 60.0
_PARTIAL, _WHOLE, _TOO_FAR = 206, 200, 416

Progress = Callable[[str, float], None]


async def pull(model: Model, folder: Path, progress: Progress) -> None:
    """Download, check and put in place.

    What was downloaded before it broke off stays, and the next time goes on from there. Raises OutOfReach
    when the maker's server does not serve, BadInput when what came is not what was promised.
    """
    work = folder / ".pull" / model.name
    work.mkdir(parents=True, exist_ok=True)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=_STALL_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as http:
        for url in model.urls:
            await _download(http, url, work / url.rsplit("/", 1)[-1], progress)
    await anyio.to_thread.run_sync(_place, model, work, folder)
    shutil.rmtree(work)


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


def _place(model: Model, work: Path, folder: Path) -> None:
    files = sorted(work.iterdir())
    for file in files:
        found = sha256(file)
        if model.sha256 and found != model.sha256:
            file.unlink()
            raise BadInput(
                f"{file.name} has SHA-256 {found}, not {model.sha256} as its maker says: it is thrown away"
            )
    alone = files[0] if len(files) == 1 and files[0].suffix == ".zip" else None
    put(alone or work, folder, model.name)
