"""A route: what is asked where, who may ask it, and what comes back; the one source of the API."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel

from api.scopes import Scope
from api.who import Who

Q = TypeVar("Q")
B = TypeVar("B")

_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
BODY_BYTES: Final = 64 * 1024
"""How long a body may be where a route does not say otherwise."""

Told = BaseModel | web.StreamResponse | None
"""What a handler gives back; None is 204, nothing to say."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Q, B]):
    """A request, read and checked: `query` and `body` are of the route's models, None where it has none."""

    request: web.Request
    who: Who
    query: Q
    body: B

    def part(self, name: str) -> str:
        """What stands in the path in place of `{name}`."""
        return self.request.match_info[name]


@dataclass(frozen=True, slots=True)
class Route(Generic[Q, B]):
    """One way to ask. `query` and `body` forbid what they do not know.

    `csv`: a list that is also told as text/csv. `media`: it answers this media type, not JSON. `edits`: the
    thing has an ETag, and whoever changes it says with If-Match which version. `form`: the body may also
    be a form. `replays`: a POST with an Idempotency-Key that came before gets the answer of that time.
    `reads_body`: the handler reads the body itself, byte for byte. `any_query`: what stands behind `?` is
    passed over. `sensitive`: reading it stands in the
    audit trail. What is not `listed` stands in no document: pages, and the document itself. `at_call` names
    the part of the path that is a call: it is answered by the node that holds that call. `is_here` is for
    files of calls: it says whether this node has one itself, and has no need to fetch it there.
    """

    method: str
    path: str
    handler: Callable[[Asked[Q, B]], Awaitable[Told]]
    scope: Scope
    summary: str
    query: type[Q] | None = None
    body: type[B] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    csv: bool = False
    media: str = ""
    edits: bool = False
    form: bool = False
    replays: bool = True
    reads_body: bool = False
    any_query: bool = False
    sensitive: bool = False
    listed: bool = True
    at_call: str = ""
    is_here: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        """A route without a right to ask for does not exist."""
        if not isinstance(self.scope, Scope):
            raise TypeError(f"{self.method} {self.path} has the scope {self.scope!r}, which is no Scope")
        if self.method not in _METHODS or not self.path.startswith("/"):
            raise ValueError(f"{self.method} {self.path} is no route")
        for model in (self.query, self.body):
            if model is not None and not _forbids(model):
                raise TypeError(
                    f"{self.method} {self.path}: {model.__name__} takes fields that it does not know"
                )


AnyRoute = Route[Any, Any]
Table = Sequence[AnyRoute]
"""Routes of any kind: each knows the types of its own query and body."""

TABLE: Final = web.AppKey("table", dict[tuple[str, str], AnyRoute])
"""Where an application keeps its routes, by method and path."""


def route_of(request: web.Request) -> AnyRoute | None:
    """The route that a request goes to; None when there is no such way to ask."""
    resource = request.match_info.route.resource
    if resource is None:
        return None
    method = "GET" if request.method == "HEAD" else request.method
    return request.app[TABLE].get((method, resource.canonical))


def _forbids(model: type[object]) -> bool:
    root = issubclass(model, BaseModel) and model.__pydantic_root_model__
    return root or (issubclass(model, BaseModel) and model.model_config.get("extra") == "forbid")
