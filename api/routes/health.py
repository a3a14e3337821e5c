"""Whether the process lives, whether it may be given calls, and its figures."""

from aiohttp import web

from api.services import Services

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def routes(services: Services) -> list[web.RouteDef]:
    """`/healthz`, `/readyz` and `/metrics`: open to all, as they say nothing of a caller."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"up": True})

    async def readyz(_request: web.Request) -> web.Response:
        parts = await services.health()
        ready = all(part.up for part in parts)
        body = {"ready": ready, "parts": {part.name: {"up": part.up, "about": part.about} for part in parts}}
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=services.metrics(), headers={"Content-Type": _PROMETHEUS})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
