"""What gateways tell us: `POST /webhooks/{gateway}`, open to all, as the signature says who it is."""

from typing import Final

from aiohttp import web

from api.body import read_raw
from api.problem import problem
from payments.notice import Distrusted
from payments.webhooks.inbox import Inbox, Kept, NobodyThere

_LARGEST: Final = 512 * 1024


def routes(inbox: Inbox) -> list[web.RouteDef]:
    """One route; it answers 200 once the event is written down, also when it was before."""

    async def receive(request: web.Request) -> web.Response:
        gateway = request.match_info["gateway"]
        body = await read_raw(request, _LARGEST)
        match await inbox.receive(gateway, body, dict(request.headers)):
            case Kept(new):
                return web.json_response({"kept": True, "new": new})
            case Distrusted(reason):
                return problem(400, f"webhook_{reason.value}", f"the webhook of {gateway} is not believed")
            case NobodyThere():
                return problem(404, "unknown_gateway", f"there is no gateway {gateway[:40]!r} that tells us")

    return [web.post("/webhooks/{gateway}", receive)]
