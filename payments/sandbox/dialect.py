"""What a vendor's dialect is to the emulator: routes, and a deed for each."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import parse_qsl

from payments.sandbox.books import Books, Record

Params = Mapping[str, str]


def _nothing() -> Params:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a dialect reads it; `names` is what the braces of the route stood for.

    `headers` are named in lower case; `base` is the emulator's own address.
    """

    method: str
    path: str
    query: Params = field(default_factory=_nothing)
    headers: Params = field(default_factory=_nothing)
    names: Params = field(default_factory=_nothing)
    body: bytes = b""
    base: str = ""

    @property
    def params(self) -> Params:
        """The fields of a form, or of the query where there is no body."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True)) if self.body else self.query

    @property
    def json(self) -> Any:  # the vendor defines it
        """The body as JSON; an empty object when there is none. ValueError when it is not JSON."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a body, JSON or a text of its own `kind`; `silent` when nobody is to hear it."""

    status: int
    body: Record | str
    silent: bool = False
    kind: str = "application/json"
    headers: Params = field(default_factory=_nothing)

    @property
    def text(self) -> str:
        """The body as it is sent."""
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


@dataclass(frozen=True, slots=True)
class Hook:
    """Who wants to hear webhooks, and the secret that they share with the vendor."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ring:
    """A webhook ready to be sent: the raw body, and the headers with its signature."""

    body: bytes
    headers: Params


@dataclass(frozen=True, slots=True)
class Route:
    """Which deed answers which requests: `POST /v1/payment_intents/{id}/capture`."""

    method: str
    path: str
    do: Callable[[Call], Answer]


class Dialect(Protocol):
    """A vendor's side of the counter: deeds read the call, change the books and answer."""

    name: str
    books: Books
    heard: list[Record]
    """Events that nobody has been told yet; the emulator takes them after each answer."""

    def routes(self) -> Sequence[Route]:
        """All that it answers."""
        ...

    def broken(self) -> Answer:
        """How the vendor words its own failure."""
        ...

    def ring(self, event: Record, hook: Hook) -> Ring:
        """An event as the vendor signs it, now."""
        ...


def once(
    books: Books, key: str, order: object, do: Callable[[], Answer], clash: Callable[[], Answer]
) -> Answer:
    """Same key and same order: the same answer; another order under the key is a `clash`.

    A request that was never begun (400, 404, 401) may be mended and sent again.
    """
    kept = books.answers.get(key)
    if kept is None:
        answer = do()
        if answer.status not in {400, 401, 404}:
            books.answer(
                key, {"order": order, "status": answer.status, "body": answer.body, "silent": answer.silent}
            )
        return answer
    if kept["order"] != order:
        return clash()
    return Answer(kept["status"], kept["body"], kept["silent"])
