"""The line's numbers, and the flows that answer them: `/v1/numbers`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from api.etag import told_with_version, version_of
from api.paging import Page
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.errors import BadInput


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A number of the line, as the admin's file has it."""

    number: str
    flow: str
    language: str
    also: tuple[str, ...]
    record: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a number becomes; an empty language is the exchange's own, None leaves a thing as it is."""

    flow: str
    language: str | None = None
    record: bool | None = None


class Exchange(Protocol):
    """The admin's file. Changes are checked, applied, and taken back when the switch does not take them."""

    def version(self) -> int:
        """Another one whenever the file was changed."""
        ...

    def numbers(self) -> Sequence[LineNumber]:
        """The numbers of the file. Raises BadInput with every mistake in it."""
        ...

    async def change(self, number: str, change: Change | None, version: int | None) -> None:
        """Change a number, make a new one, or with None take it out.

        Raises NotDone when the file is at another version, BadInput for what is wrong, Refused when the
        switch did not take it: then all is as before.
        """
        ...


@dataclass(frozen=True, slots=True)
class Numbers:
    """What these routes work with; `flows` are the names of those that there are."""

    exchange: Exchange
    flows: Collection[str]


class NumberOrder(BaseModel, extra="forbid"):
    """What answers a number; an empty language is the exchange's own, what is left out stays."""

    flow: str = Field(min_length=1, max_length=64)
    language: str | None = Field(None, max_length=10)
    record: bool | None = None


class NumberOut(BaseModel):
    """A number of the line; `language` is empty for the exchange's own, `also` are other spellings of it."""

    number: str
    flow: str
    language: str
    also: list[str]
    record: bool


def routes(numbers: Numbers) -> Table:
    """The routes."""
    exchange = numbers.exchange

    async def listed(_asked: Asked[None, None]) -> web.Response:
        shown = [NumberOut.model_validate(one, from_attributes=True) for one in exchange.numbers()]
        return told_with_version(Page[NumberOut](data=shown), exchange.version())

    async def one(asked: Asked[None, None]) -> web.Response:
        return _one(exchange, asked.part("number"))

    async def put(asked: Asked[None, NumberOrder]) -> web.Response:
        order, number = asked.body, asked.part("number")
        if order.flow not in numbers.flows:
            raise BadInput(f"there is no flow {order.flow!r}: there are {', '.join(sorted(numbers.flows))}")
        change = Change(order.flow, order.language, order.record)
        await exchange.change(number, change, _version(asked.request))
        return _one(exchange, number)

    async def remove(asked: Asked[None, None]) -> None:
        number = asked.part("number")
        _one(exchange, number)
        await exchange.change(number, None, _version(asked.request))

    read, write = Scope.NUMBERS_READ, Scope.NUMBERS_WRITE
    named = "/v1/numbers/{number}"
    return [
        Route("GET", "/v1/numbers", listed, read, "The line's numbers", answer=Page[NumberOut], edits=True),
        Route("GET", named, one, read, "One of them", answer=NumberOut, edits=True),
        Route(
            "PUT",
            named,
            put,
            write,
            "Change what answers a number, or make one; the switch takes it over at once",
            body=NumberOrder,
            answer=NumberOut,
            edits=True,
        ),
        Route("DELETE", named, remove, write, "Take a number out", edits=True),
    ]


def _one(exchange: Exchange, number: str) -> web.Response:
    found = next((one for one in exchange.numbers() if one.number == number), None)
    if found is None:
        raise NoSuch("number", number)
    return told_with_version(NumberOut.model_validate(found, from_attributes=True), exchange.version())


def _version(request: web.Request) -> int | None:
    """The version that is to be changed; without If-Match any, as a change names all that it changes."""
    return version_of(request) if "If-Match" in request.headers else None
