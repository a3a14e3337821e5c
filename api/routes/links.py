"""Payment links for machines: made, sent, listed and cancelled below `/v1/links`."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from aiohttp import web
from pydantic import BaseModel, Field

from api.body import checked, read_json
from core.clock import Clock
from core.ids import AccountId
from core.money import Money
from db.links import StoredLinks
from payments.links.link import Link, LinkId, LinkState
from payments.links.offering import Made, Offering


@dataclass(frozen=True, slots=True)
class Links:
    """What these routes work with."""

    offering: Offering
    stored: StoredLinks
    clock: Clock


class LinkOrder(BaseModel, extra="forbid"):
    """A new link: for whom, how much, how long, and where it is sent, if anywhere."""

    account: str = Field(min_length=1, max_length=64)
    amount_minor: int = Field(gt=0, le=10**12)
    currency: str = Field(min_length=3, max_length=3)
    description: str = Field("", max_length=200)
    hours: float | None = Field(None, gt=0, le=24 * 90)
    text_to: str = Field("", max_length=20, pattern=r"^(\+[1-9][0-9]{4,14})?$")
    mail_to: str = Field("", max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")
    qr: bool = False


class LinksQuery(BaseModel, extra="forbid"):
    """What may stand behind `?` in a request for the list."""

    limit: int = Field(50, ge=1, le=500)


class LinkOut(BaseModel):
    """A link as the API shows it: never its address, which is known once, when it is made."""

    id: str
    account: str
    amount_minor: int
    currency: str
    description: str
    state: LinkState
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    payment: str | None

    @classmethod
    def of(cls, link: Link, now: datetime) -> "LinkOut":
        """The link as it stands now."""
        return cls(
            id=link.id,
            account=link.account,
            amount_minor=link.amount.minor,
            currency=link.amount.currency,
            description=link.description,
            state=link.state(now),
            created_at=link.created_at,
            expires_at=link.expires_at,
            sent_at=link.sent_at,
            opened_at=link.opened_at,
            payment=link.payment,
        )


def routes(links: Links) -> list[web.RouteDef]:
    """The routes below `/v1/links`."""

    async def make(request: web.Request) -> web.Response:
        order = checked(LinkOrder, await read_json(request), "the link")
        made = await links.offering.make(
            AccountId(order.account),
            Money(order.amount_minor, order.currency),
            description=order.description,
            lasts=timedelta(hours=order.hours) if order.hours else None,
        )
        if order.text_to:
            await links.offering.text(made, order.text_to)
        if order.mail_to:
            await links.offering.write(made, order.mail_to)
        link = await links.stored.find(made.link.id) or made.link
        return web.json_response(_told(made, link, links.clock.now(), qr=order.qr), status=201)

    async def listed(request: web.Request) -> web.Response:
        query = checked(LinksQuery, dict(request.query), "the query of /v1/links")
        now = links.clock.now()
        found = [LinkOut.of(one, now).model_dump(mode="json") for one in await links.stored.all(query.limit)]
        return web.json_response({"links": found})

    async def one(request: web.Request) -> web.Response:
        link = await links.stored.find(LinkId(request.match_info["id"]))
        if link is None:
            raise web.HTTPNotFound
        return web.json_response(LinkOut.of(link, links.clock.now()).model_dump(mode="json"))

    async def cancel(request: web.Request) -> web.Response:
        await links.stored.cancel(LinkId(request.match_info["id"]))
        return web.json_response({"cancelled": True})

    return [
        web.post("/v1/links", make),
        web.get("/v1/links", listed),
        web.get("/v1/links/{id}", one),
        web.post("/v1/links/{id}/cancel", cancel),
    ]


def _told(made: Made, link: Link, now: datetime, *, qr: bool) -> dict[str, object]:
    told = {**LinkOut.of(link, now).model_dump(mode="json"), "url": made.url}
    return {**told, "qr_svg": qr_svg(made.url)} if qr else told


def qr_svg(url: str) -> str:
    """The address as a QR code (ISO/IEC 18004), a picture in SVG."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=4)
    return out.getvalue().decode()
