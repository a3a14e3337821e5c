"""What a hub says of a file before it is fetched: the hash that the file must have."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

_CHUNK: Final = 1 << 20
_ASK: Final = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, slots=True)
class Promise:
    """`kind` is `sha256`, `md5`, or `git`: SHA-1 over git's header and the content."""

    kind: str
    digest: str

    def kept(self, file: Path) -> bool:
        """Whether a file is what was promised."""
        return self.of(file) == self.digest

    def of(self, file: Path) -> str:
        """The same hash of a file here."""
        made = hashlib.new("sha1" if self.kind == "git" else self.kind, usedforsecurity=False)
        if self.kind == "git":
            made.update(b"blob %d\0" % file.stat().st_size)
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                made.update(chunk)
        return made.hexdigest()


@dataclass(frozen=True, slots=True)
class Hubs:
    """The addresses of the hubs, and of what answers for them."""

    huggingface: str = "https://huggingface.co"
    github: str = "https://github.com"
    github_api: str = "https://api.github.com"
    vosk: str = "https://alphacephei.com/vosk/models"
    listed: dict[str, Any] = field(default_factory=dict)  # what was asked already, by address

    async def promise(self, http: aiohttp.ClientSession, url: str) -> Promise | None:
        """What the hub of a file says of it; None when it says nothing, or is no hub that we know."""
        for hub, ask in (
            (self.huggingface, self._huggingface),
            (self.github, self._github),
            (self.vosk, self._vosk),
        ):
            if url.startswith(f"{hub}/"):
                try:
                    return await ask(http, url.removeprefix(f"{hub}/"))
                except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError):
                    return None
        return None

    async def _huggingface(self, http: aiohttp.ClientSession, path: str) -> Promise | None:
        """`OWNER/REPO/resolve/REVISION/FILE`: large files have a SHA-256, the others git's own hash."""
        owner, repository, _, revision, *file = path.split("/")
        folder = "/".join(file[:-1])
        tree = f"{self.huggingface}/api/models/{owner}/{repository}/tree/{revision}/{folder}"
        found = _one(await self._asked(http, tree.rstrip("/")), lambda one: one["path"] == "/".join(file))
        if found is None:
            return None
        large = found.get("lfs")
        return Promise("sha256", large["oid"]) if large else Promise("git", found["oid"])

    async def _github(self, http: aiohttp.ClientSession, path: str) -> Promise | None:
        """`OWNER/REPO/raw/REVISION/FILE`: git's own hash."""
        owner, repository, _, revision, *file = path.split("/")
        contents = f"{self.github_api}/repos/{owner}/{repository}/contents/{'/'.join(file)}?ref={revision}"
        return Promise("git", (await self._asked(http, contents))["sha"])

    async def _vosk(self, http: aiohttp.ClientSession, path: str) -> Promise | None:
        """Its list of models has an MD5 of each."""
        models = await self._asked(http, f"{self.vosk}/model-list.json")
        found = _one(models, lambda one: f"{one['name']}.zip" == path)
        return None if found is None else Promise("md5", found["md5"])

    async def _asked(self, http: aiohttp.ClientSession, url: str) -> Any:  # Any: JSON of other people
        if url not in self.listed:
            async with http.get(url, timeout=_ASK, raise_for_status=True) as answer:
                self.listed[url] = await answer.json(content_type=None)
        return self.listed[url]


def _one(listed: Any, wanted: Callable[[Any], bool]) -> Any | None:
    return next((one for one in listed if wanted(one)), None)
