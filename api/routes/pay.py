"""The page that a payer opens: `/pay/{token}`, open to all, as nobody can guess the token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypedDict

from aiohttp import web

from api.fields_page import fields_page, script
from api.page import link_page
from api.problem import NoSuch
from api.route import AnyRoute, Asked, Route, Table
from api.scopes import Scope
from core.clock import Clock
from payments.links.judging import HeldBack
from payments.links.link import PAYABLE, Link, LinkState
from payments.links.opening import NotNow
from payments.links.own_page import Fill, RefusedThere, Underway
from payments.links.paying import GoTo, Paying
from payments.orders import Page

_AGAIN_S: Final = 5


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the page works with; `company` stands on it, `base_url` is where payers find us."""

    paying: Paying
    clock: Clock
    company: str
    base_url: str


def routes(page: PayPage) -> Table:
    """The page, its button, and where the gateway sends the payer back to."""

    async def opened(asked: Asked[None, None]) -> web.Response:
        return _page(page, await page.paying.opened(asked.part("token")))

    async def pay(asked: Asked[None, None]) -> web.Response:
        token = asked.part("token")
        link = await page.paying.opened(token)
        if link is None or link.state(page.clock.now()) not in PAYABLE:
            return _page(page, link)
        return _led_on(page, link, token, await page.paying.pay(link, f"{page.base_url}/pay/{token}/back"))

    async def back(asked: Asked[None, None]) -> web.Response:
        token = asked.part("token")
        link = await page.paying.opened(token)
        if link is not None:
            link = await page.paying.look(link)
        if link is not None and link.state(page.clock.now()) is LinkState.PAYING:
            return _waiting(page, link, token)
        return _page(page, link)

    async def posted(asked: Asked[None, None]) -> web.Response:
        """Older gateways have the browser post what came of it; we ask them ourselves."""
        return _back_to(page, asked.part("token"))

    return [
        _open("GET", "/pay/{token}", opened, "The page of a payment link"),
        _open("POST", "/pay/{token}", pay, "Its button"),
        _open("GET", "/pay/{token}/back", back, "Where the gateway sends the payer back to"),
        _open("POST", "/pay/{token}/back", posted, "The same, from gateways that post"),
        *_fields(page),
    ]


def _fields(page: PayPage) -> Table:
    """What a page of ours with a vendor's card fields needs besides."""

    async def card(asked: Asked[None, None]) -> web.Response:
        """What the fields of our own page gave; it is charged once, whoever sends it again."""
        token = asked.part("token")
        link = await page.paying.opened(token)
        if link is None or link.state(page.clock.now()) not in PAYABLE:
            return _page(page, link)
        form = await asked.request.post()
        given, gateway = (str(form.get(name, "")) for name in ("token", "gateway"))
        match await page.paying.charge(link, given, gateway):
            case Underway():
                return _back_to(page, token)
            case RefusedThere():
                return _refused(page, link, token)
            case HeldBack() as held:
                return _held_back(page, link, held, action=f"../{token}")
            case NotNow() as answer:
                return _not_now(page, link, answer, action=f"../{token}")

    async def ours(asked: Asked[None, None]) -> web.Response:
        """Our script for a vendor's fields."""
        name = asked.part("vendor")
        if (found := script(name)) is None:
            raise NoSuch("script", name)
        return found

    return [
        _open("POST", "/pay/{token}/card", card, "What the card fields of our own page gave"),
        _open("GET", "/pay/fields/{vendor}.js", ours, "Our script for a vendor's card fields"),
    ]


def _open(
    method: str, path: str, handler: Callable[[Asked[None, None]], Awaitable[web.Response]], summary: str
) -> AnyRoute:
    return Route(
        method,
        path,
        handler,
        Scope.OPEN,
        summary,
        media="text/html",
        reads_body=True,
        replays=False,
        any_query=True,
        listed=False,
    )


def _page(page: PayPage, link: Link | None) -> web.Response:
    if link is None:
        return link_page(
            company=page.company,
            title="This link is not known",
            words="Look whether the whole address was copied, or ask for a new link.",
            status=404,
        )
    told = _about(page, link)
    match link.state(page.clock.now()):
        case LinkState.PAID:
            return link_page(**told, title="Paid", words="Thank you. Your payment has arrived.")
        case LinkState.EXPIRED | LinkState.CANCELLED:
            words = "Nothing was charged. Call us, or ask for a new link."
            return link_page(**told, title="This link is no longer valid", words=words, status=410)
        case LinkState.PAYING | LinkState.CREATED | LinkState.SENT | LinkState.OPENED:
            return link_page(
                **told,
                title="Pay your bill",
                words="You pay on the page of our payment provider.",
                until=_until(link),
                action="?",
            )


def _until(link: Link) -> str:
    return link.expires_at.strftime("%d %B %Y, %H:%M UTC")


def _led_on(
    page: PayPage, link: Link, token: str, answer: GoTo | Fill | Underway | HeldBack | NotNow
) -> web.Response:
    match answer:
        case GoTo(onward):
            return _onward(page, link, onward)
        case Fill():
            return _fill(page, link, answer, token)
        case HeldBack():
            return _held_back(page, link, answer)
        case Underway():
            return _back_to(page, token)
        case NotNow():
            return _not_now(page, link, answer)


def _onward(page: PayPage, link: Link, onward: Page) -> web.Response:
    told = _about(page, link)
    title, words = "One more step", "Our payment provider asks for your card. You come back here afterwards."
    if onward.form:
        return link_page(**told, title=title, words=words, action=onward.url, hidden=dict(onward.form))
    # a redirect in answer to a form is stopped by `form-action` in some browsers, a refresh is not
    return link_page(**told, title=title, words=words, onward=onward.url, refresh=f"0;url={onward.url}")


def _fill(page: PayPage, link: Link, fill: Fill, token: str) -> web.Response:
    return fields_page(
        fill.fields,
        gateway=fill.gateway,
        **_about(page, link),
        until=_until(link),
        action=f"{token}/card",
        ours=f"fields/{fill.fields.vendor}.js",
    )


def _refused(page: PayPage, link: Link, token: str) -> web.Response:
    words = "Nothing was charged. You can try again, also with another card."
    told = _about(page, link)
    return link_page(
        **told, title="Your card was refused", words=words, action=f"../{token}", button="Try again"
    )


def _held_back(page: PayPage, link: Link, held: HeldBack, *, action: str = "?") -> web.Response:
    """What made the fraud screen say so is not told: it would teach whoever tries."""
    about = _about(page, link)
    if held.review:
        words = "Nothing was charged. Some payments are looked at by a person first. Please come back later."
        return link_page(
            **about, title="We look at this first", words=words, action=action, button="Try again"
        )
    words = "Nothing was charged. Please call us, and we find another way to pay your bill."
    return link_page(**about, title="We could not accept this payment", words=words, status=403)


def _not_now(page: PayPage, link: Link, answer: NotNow, *, action: str = "?") -> web.Response:
    if not answer.due:
        words = "Your bill was paid in another way. Nothing was charged here."
        return link_page(**_about(page, link), title="Nothing is due any more", words=words, status=410)
    words = "Nothing was charged. Please try again in a few minutes."
    title = "Not possible at the moment"
    about = _about(page, link)
    return link_page(**about, title=title, words=words, action=action, button="Try again", status=503)


def _waiting(page: PayPage, link: Link, token: str) -> web.Response:
    return link_page(
        **_about(page, link),
        title="We are waiting for your payment",
        words="If you have paid, this page says so in a moment. If not, you can go back and pay.",
        refresh=str(_AGAIN_S),
        onward=f"../{token}",
        button="Go back and pay",
    )


def _back_to(page: PayPage, token: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{page.base_url}/pay/{token}/back"})


class _About(TypedDict):
    company: str
    amount: str
    description: str


def _about(page: PayPage, link: Link) -> _About:
    return _About(company=page.company, amount=link.amount.written(), description=link.description)
