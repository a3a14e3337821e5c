"""Keys of programs, below `/v1/keys`, and the short tokens that are made from one: `/v1/tokens`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import hdrs
from pydantic import BaseModel, Field

from api.access.rights import LEAST, check_no_wider, known_scopes
from api.access.tokens import LASTS, Tokens
from api.paging import ListQuery, Page, page_of
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from db.api_keys import PREFIX, ApiKey, StoredApiKeys
from db.pages import Place


@dataclass(frozen=True, slots=True)
class Keys:
    """What these routes work with."""

    keys: StoredApiKeys
    tokens: Tokens


class KeyOrder(BaseModel, extra="forbid"):
    """A new key: what its program may do, and for how long the key is taken (null: until it is revoked)."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
    scopes: list[Scope] = Field(min_length=1, max_length=60)
    days: float | None = Field(None, gt=0, le=3650)


class KeyRotation(BaseModel, extra="forbid"):
    """How long the old secret is taken beside the new one."""

    keep_hours: float = Field(24, ge=0, le=24 * 30)


class KeyOut(BaseModel):
    """A key; `start` is how it begins, `was_until` how long the secret before a rotation is taken."""

    id: str
    name: str
    start: str
    scopes: list[str]
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    was_until: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> "KeyOut":
        """This key."""
        return cls.model_validate(key, from_attributes=True)


class KeyMade(KeyOut):
    """A key with what its program presents, which is shown once."""

    key: str


class TokenOrder(BaseModel, extra="forbid"):
    """A short token; without scopes it may do what the key may."""

    scopes: list[Scope] | None = Field(None, min_length=1, max_length=60)


class TokenOut(BaseModel):
    """A token, to be sent as `Authorization: Bearer TOKEN`, and how long it is taken."""

    token: str
    expires_in: int
    scopes: list[str]


def routes(keys: Keys) -> Table:
    """The routes below `/v1/keys`, and `/v1/tokens`."""
    kept = keys.keys

    async def listed(asked: Asked[ListQuery, None]) -> Page[KeyOut]:
        found = await kept.page(asked.query.place(), asked.query.limit)
        return page_of(found, asked.query.limit, KeyOut.of, _place)

    async def add(asked: Asked[None, KeyOrder]) -> KeyMade:
        order = asked.body
        check_no_wider(asked.who, order.scopes)
        lasts = timedelta(days=order.days) if order.days is not None else None
        key, secret = await kept.add(order.name, order.scopes, asked.who.id, lasts)
        return _made(key, secret)

    async def show(asked: Asked[None, None]) -> KeyOut:
        return KeyOut.of(await kept.find(asked.part("id")))

    async def rotate(asked: Asked[None, KeyRotation]) -> KeyMade:
        key = await kept.find(asked.part("id"))
        check_no_wider(asked.who, known_scopes(key.scopes))
        secret = await kept.rotate(key.id, timedelta(hours=asked.body.keep_hours))
        return _made(await kept.find(key.id), secret)

    async def revoke(asked: Asked[None, None]) -> None:
        await kept.revoke(asked.part("id"))

    async def token(asked: Asked[None, TokenOrder]) -> TokenOut:
        if not asked.request.headers.get(hdrs.AUTHORIZATION, "").startswith(f"Bearer {PREFIX}"):
            raise NotDone(403, "not_allowed", f"a token is made from a key, which begins with {PREFIX}")
        scopes = asked.body.scopes if asked.body.scopes is not None else asked.who.scopes - LEAST
        check_no_wider(asked.who, scopes)
        words = sorted({scope.value for scope in scopes})
        made = await keys.tokens.make(asked.who.id, words)
        return TokenOut(token=made, expires_in=round(LASTS.total_seconds()), scopes=words)

    read, write, at = Scope.KEYS_READ, Scope.KEYS_WRITE, "/v1/keys"
    one = f"{at}/{{id}}"
    return [
        Route("GET", at, listed, read, "Keys of programs", query=ListQuery, answer=Page[KeyOut], csv=True),
        Route("POST", at, add, write, "A new key", body=KeyOrder, answer=KeyMade, status=201),
        Route("GET", one, show, read, "One key", answer=KeyOut),
        Route(
            "POST",
            f"{one}/rotate",
            rotate,
            write,
            "A new secret; the old one is taken for a while",
            body=KeyRotation,
            answer=KeyMade,
        ),
        Route("DELETE", one, revoke, write, "Take a key no more", status=204),
        Route(
            "POST",
            "/v1/tokens",
            token,
            Scope.SELF,
            "A token for five minutes, made from a key",
            body=TokenOrder,
            answer=TokenOut,
            status=201,
            replays=False,
        ),
    ]


def _made(key: ApiKey, secret: str) -> KeyMade:
    return KeyMade(**dict(KeyOut.of(key)), key=secret)


def _place(key: ApiKey) -> Place:
    return Place(key.created_at, key.id)
