"""Telephones in browsers: what they sign in with at the switch, and the way of their SIP messages to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web
from pydantic import BaseModel

from api.beats import Beats
from api.broadcast import Broadcast
from api.hub import Hub
from api.problem import NotDone
from api.relay import carry
from api.route import Asked, Route, Table
from api.scopes import Scope
from api.topics import of_caller
from api.visit import let_in


@dataclass(frozen=True, slots=True)
class BrowserPhone:
    """An extension that a browser may be; `calls` is whom it calls first, empty for nobody."""

    extension: str
    name: str
    password: str = field(repr=False)
    calls: str = ""


@dataclass(frozen=True, slots=True)
class Phones:
    """`of` finds the telephone of who is signed in; `open` is the one that anybody may use.

    `switch` is the URL of the switch's WebSocket for SIP; `facts` tell who uses the open one of its calls.
    """

    of: Callable[[str], BrowserPhone | None]
    open: BrowserPhone | None
    switch: str
    facts: Broadcast


class PhoneOut(BaseModel):
    """What a telephone in a browser needs; `signal` is the path of the WebSocket that carries its SIP."""

    extension: str
    name: str
    password: str
    calls: str
    signal: str


def routes(phones: Phones) -> Table:
    """`/v1/phone` for who takes calls, `/v1/open-phone` for who tries the line; each with its `/signal`."""

    hub, beats = Hub(), Beats()
    phones.facts.watch(hub.tell)

    async def mine(asked: Asked[None, None]) -> PhoneOut:
        return _out(_mine(asked, phones), "/v1/phone/signal")

    async def open_phone(_asked: Asked[None, None]) -> PhoneOut:
        return _out(_open(phones), "/v1/open-phone/signal")

    async def my_signal(asked: Asked[None, None]) -> web.WebSocketResponse:
        _mine(asked, phones)
        return await carry(asked.request, phones.switch)

    async def open_signal(asked: Asked[None, None]) -> web.WebSocketResponse:
        _open(phones)
        return await carry(asked.request, phones.switch)

    async def open_live(asked: Asked[None, None]) -> web.WebSocketResponse:
        phone = _open(phones)
        visit = await let_in(asked.request, hub, beats)
        hub.enter(visit.listener, frozenset({of_caller(phone.extension)}))
        visit.listener.caught_up(hub.newest, b"")
        return await visit.run(visit.until_gone)

    told = "SIP messages of that telephone: a WebSocket (RFC 7118)"
    return [
        Route("GET", "/v1/phone", mine, Scope.AGENT_ACT, "Your telephone", answer=PhoneOut, sensitive=True),
        Route("GET", "/v1/phone/signal", my_signal, Scope.AGENT_ACT, told, status=101),
        Route(
            "GET",
            "/v1/open-phone",
            open_phone,
            Scope.OPEN,
            "The telephone that anybody may use",
            answer=PhoneOut,
        ),
        Route("GET", "/v1/open-phone/signal", open_signal, Scope.OPEN, told, status=101),
        Route(
            "GET",
            "/v1/open-phone/live",
            open_live,
            Scope.OPEN,
            "Facts of the calls that this telephone makes: a WebSocket (RFC 6455)",
            status=101,
        ),
    ]


def _mine(asked: Asked[None, None], phones: Phones) -> BrowserPhone:
    phone = phones.of(asked.who.name)
    if phone is None:
        raise NotDone(
            404,
            "no_phone",
            f"no extension of the exchange has `user: {asked.who.name}`: ask your telecom admin for one",
        )
    return phone


def _open(phones: Phones) -> BrowserPhone:
    if phones.open is None:
        raise NotDone(404, "no_phone", "this line has no telephone for everybody (`api.open_phone`)")
    return phones.open


def _out(phone: BrowserPhone, signal: str) -> PhoneOut:
    return PhoneOut(
        extension=phone.extension,
        name=phone.name,
        password=phone.password,
        calls=phone.calls,
        signal=signal,
    )
