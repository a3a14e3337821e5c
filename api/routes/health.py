"""Whether the process lives, whether it may be given calls, and its figures."""

from aiohttp import web
from pydantic import BaseModel

from api.route import Asked, Route, Table
from api.scopes import Scope
from api.services import Services
from api.serving import told_as_json

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Up(BaseModel):
    """The process lives."""

    up: bool


class PartOut(BaseModel):
    """One part of the line."""

    up: bool
    about: str


class Ready(BaseModel):
    """Whether calls may come, and how each part is."""

    ready: bool
    parts: dict[str, PartOut]


class NamedPart(PartOut):
    """A part with its name."""

    name: str


class HealthOut(BaseModel):
    """The same for people."""

    ready: bool
    parts: list[NamedPart]


def routes(services: Services) -> Table:
    """`/healthz`, `/readyz` and `/metrics` are open to all, as they say nothing of a caller."""

    async def healthz(_asked: Asked[None, None]) -> Up:
        return Up(up=True)

    async def look() -> Ready:
        parts = await services.health()
        told = {part.name: PartOut(up=part.up, about=part.about) for part in parts}
        return Ready(ready=all(part.up for part in parts), parts=told)

    async def readyz(_asked: Asked[None, None]) -> web.Response:
        ready = await look()
        return told_as_json(ready, 200 if ready.ready else 503)

    async def health(_asked: Asked[None, None]) -> HealthOut:
        parts = await services.health()
        told = [NamedPart(name=part.name, up=part.up, about=part.about) for part in parts]
        return HealthOut(ready=all(part.up for part in parts), parts=told)

    async def metrics(_asked: Asked[None, None]) -> web.Response:
        return web.Response(body=services.metrics(), headers={"Content-Type": _PROMETHEUS})

    return [
        Route("GET", "/healthz", healthz, Scope.OPEN, "Whether the process lives", answer=Up),
        Route(
            "GET", "/readyz", readyz, Scope.OPEN, "Whether it may be given calls; 503 if not", answer=Ready
        ),
        Route("GET", "/metrics", metrics, Scope.OPEN, "Figures for Prometheus", media="text/plain"),
        Route("GET", "/v1/health", health, Scope.HEALTH_READ, "How each part is", answer=HealthOut),
    ]
