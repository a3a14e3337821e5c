"""The gate in front of every route: who asks, whether they may, and the row in the audit log that says so."""

import hmac
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import hdrs, web

from api.access.cookie import check_csrf, cookie_of
from api.access.peer import Peer, Peers
from api.access.rates import STANDING, Rates
from api.access.rights import LEAST, known_scopes, scopes_of_user
from api.access.tokens import Tokens
from api.presented import key_of
from api.problem import NotDone
from api.route import route_of
from api.scopes import Scope
from api.who import NOBODY, Who
from db.access_trail import AccessTrail
from db.actor import Actor
from db.api_keys import PREFIX, ApiKey, StoredApiKeys
from db.sign_ins import StoredSignIns
from db.users import User

OPERATOR: Final = Who("operator", "the operator's key", frozenset(Scope))
"""Whoever has `api.key` of the settings."""

_SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
_SIGN_IN: Final = "/v1/session"
_WRONG_A_MINUTE: Final = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """How often one may ask, in a minute (0: without a limit); whether users need a second factor."""

    per_minute: int
    sign_ins_per_minute: int
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A Gate (api.who): knows browsers by cookie, programs by key or token, and the operator."""

    operator_key: str
    sign_ins: StoredSignIns
    keys: StoredApiKeys
    tokens: Tokens
    trail: AccessTrail
    rates: Rates
    peers: Peers
    terms: Terms

    async def __call__(self, request: web.Request, scope: Scope) -> Who:
        """Who asks for something of that scope. Raises NotDone when they may not."""
        peer = self.peers.of(request)
        if scope is Scope.OPEN:
            self._limit_strangers(request, peer)
            return replace(NOBODY, address=peer.address)
        who = replace(await self._known(request, peer), address=peer.address)
        self._count(request, who.id or peer.address, self.terms.per_minute)
        if not who.id:
            raise _unknown("sign in, or send the header `Authorization: Bearer KEY`")
        if not who.may(scope):
            await self._note(who, request, "refused", scope)
            raise NotDone(403, "not_allowed", f"this needs the right {scope.value}")
        await self._note_what_counts(who, request, scope)
        return who

    async def still(self, request: web.Request, who: Who, scope: Scope) -> bool:
        """Whether somebody who was let in would still be; it is no sign of life of a browser."""
        if who.id == OPERATOR.id:
            return True
        if request.headers.get(hdrs.AUTHORIZATION) is not None:
            key = await self.keys.standing(who.id)
            return key is not None and _of_key(key).may(scope)
        found = await self.sign_ins.find(cookie_of(request), seen=False)
        return found is not None and self._of_user(found.user).may(scope)

    def _limit_strangers(self, request: web.Request, peer: Peer) -> None:
        if request.path.startswith(_SIGN_IN) and request.method not in _SAFE:
            self.peers.check_origin(request)
            limit = self.terms.sign_ins_per_minute
            self._count(request, f"sign-in {peer.address}", limit)
        elif request.path.startswith(("/v1/", "/pay/", "/webhooks/")):
            self._count(request, peer.address, self.terms.per_minute)

    def _count(self, request: web.Request, whose: str, limit: int) -> None:
        standing = self.rates.take(whose, limit)
        if standing is not None:
            request[STANDING] = standing

    async def _known(self, request: web.Request, peer: Peer) -> Who:
        given = key_of(request)
        if given is None:
            return await self._by_cookie(request)
        wrong = f"wrong {peer.address}"
        if not self.rates.look(wrong, _WRONG_A_MINUTE).left:
            self.rates.take(wrong, _WRONG_A_MINUTE)
        who = await self._by_key(given)
        if who is None:
            self.rates.take(wrong, _WRONG_A_MINUTE)
            stranger = replace(NOBODY, address=peer.address)
            await self._note(stranger, request, "unknown key", None)
            raise _unknown("this key is not known, or no longer")
        return who

    async def _by_cookie(self, request: web.Request) -> Who:
        cookie = cookie_of(request)
        found = await self.sign_ins.find(cookie) if cookie else None
        if found is None or not found.whole:
            return NOBODY
        is_socket = hdrs.UPGRADE in request.headers
        if request.method not in _SAFE or is_socket:
            self.peers.check_origin(request)
        if request.method not in _SAFE:
            check_csrf(request, cookie)
        return self._of_user(found.user)

    def _of_user(self, user: User) -> Who:
        return Who(user.id, user.email, scopes_of_user(user, second_factor=self.terms.second_factor))

    async def _by_key(self, given: str) -> Who | None:
        operators = self.operator_key.encode()
        if operators and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), operators):
            return OPERATOR
        if given.startswith(PREFIX):
            key = await self.keys.presented(given)
            return _of_key(key) if key is not None else None
        claims = await self.tokens.read(given)
        key = await self.keys.standing(claims.key) if claims is not None else None
        if claims is None or key is None:
            return None
        whole = _of_key(key)
        return replace(whole, scopes=whole.scopes & (known_scopes(claims.scopes) | LEAST))

    async def _note_what_counts(self, who: Who, request: web.Request, scope: Scope) -> None:
        route = route_of(request)
        if request.method not in _SAFE:
            await self._note(who, request, "asked", scope)
        elif route is not None and route.sensitive:
            await self._note(who, request, "read", scope)

    async def _note(self, who: Who, request: web.Request, action: str, scope: Scope | None) -> None:
        detail = {"method": request.method, "scope": scope.value if scope else ""}
        actor = Actor(who.id or "nobody", who.address)
        await self.trail.note(actor, f"api {action}", request.path, detail)


def _of_key(key: ApiKey) -> Who:
    return Who(key.id, key.name, known_scopes(key.scopes) | LEAST)


def _unknown(detail: str) -> NotDone:
    return NotDone(401, "unauthorized", detail, {"WWW-Authenticate": "Bearer"})
