"""What gateways tell us: `POST /webhooks/{gateway}`, open to all, as the signature says who it is."""

from typing import Final

from pydantic import BaseModel

from api.body import read_raw
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from payments.notice import Distrusted
from payments.webhooks.inbox import Inbox, Kept, NobodyThere

_LARGEST: Final = 512 * 1024


class Taken(BaseModel):
    """The event is written down; `new` is false when it was before."""

    kept: bool
    new: bool


def routes(inbox: Inbox) -> Table:
    """One route; it answers 200 once the event is written down, also when it was before."""

    async def receive(asked: Asked[None, None]) -> Taken:
        gateway = asked.part("gateway")
        body = await read_raw(asked.request, _LARGEST)
        match await inbox.receive(gateway, body, dict(asked.request.headers)):
            case Kept(new):
                return Taken(kept=True, new=new)
            case Distrusted(reason):
                told = f"the webhook of {gateway} is not believed"
                raise NotDone(400, f"webhook_{reason.value}", told)
            case NobodyThere():
                told = f"there is no gateway {gateway[:40]!r} that tells us"
                raise NotDone(404, "unknown_gateway", told)

    return [
        Route(
            "POST",
            "/webhooks/{gateway}",
            receive,
            Scope.OPEN,
            "What a gateway tells us, signed as it signs",
            answer=Taken,
            reads_body=True,
            replays=False,
        )
    ]
