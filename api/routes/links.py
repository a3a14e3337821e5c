"""Payment links for machines: made, sent, listed and cancelled below `/v1/links`."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from pydantic import BaseModel, Field

from api.paging import ListQuery, Page, page_of
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.clock import Clock
from core.ids import AccountId
from core.money import Money
from db.link_list import LinkFilter, LinkList
from db.links import StoredLinks
from db.pages import Place
from payments.links.link import Link, LinkId, LinkState
from payments.links.offering import Offering


@dataclass(frozen=True, slots=True)
class Links:
    """What these routes work with."""

    offering: Offering
    stored: StoredLinks
    listed: LinkList
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


class LinksQuery(ListQuery):
    """What may stand behind `?` in a request for links."""

    account: str = Field("", max_length=64)
    state: LinkState | None = None


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


class LinkMade(LinkOut):
    """A new link, with its address: it is shown once. `qr_svg` is a picture of it, when asked for."""

    url: str
    qr_svg: str | None = None


class Cancelled(BaseModel):
    """The link can be paid no more."""

    cancelled: bool


def routes(links: Links) -> Table:
    """The routes below `/v1/links`."""

    async def make(asked: Asked[None, LinkOrder]) -> LinkMade:
        order = asked.body
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
        shown = LinkOut.of(link, links.clock.now())
        return LinkMade(**dict(shown), url=made.url, qr_svg=qr_svg(made.url) if order.qr else None)

    async def listed(asked: Asked[LinksQuery, None]) -> Page[LinkOut]:
        now, query = links.clock.now(), asked.query
        found = await links.listed.page(LinkFilter(query.account, query.state), query.place(), query.limit)
        return page_of(found, query.limit, lambda one: LinkOut.of(one, now), _place)

    async def one(asked: Asked[None, None]) -> LinkOut:
        link = await links.stored.find(LinkId(asked.part("id")))
        if link is None:
            raise NoSuch("link", asked.part("id"))
        return LinkOut.of(link, links.clock.now())

    async def cancel(asked: Asked[None, None]) -> Cancelled:
        await links.stored.cancel(LinkId(asked.part("id")))
        return Cancelled(cancelled=True)

    read, act = Scope.LINKS_READ, Scope.LINKS_ACT
    return [
        Route("POST", "/v1/links", make, act, "Make a link", body=LinkOrder, answer=LinkMade, status=201),
        Route(
            "GET",
            "/v1/links",
            listed,
            read,
            "Links, newest first",
            query=LinksQuery,
            answer=Page[LinkOut],
            csv=True,
        ),
        Route("GET", "/v1/links/{id}", one, read, "One link", answer=LinkOut),
        Route("POST", "/v1/links/{id}/cancel", cancel, act, "Let it be paid no more", answer=Cancelled),
    ]


def _place(link: Link) -> Place:
    return Place(link.created_at, link.id)


def qr_svg(url: str) -> str:
    """The address as a QR code (ISO/IEC 18004), a picture in SVG."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=4)
    return out.getvalue().decode()
