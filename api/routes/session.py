"""Signing in and out, and the own password, below `/v1/session`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import hdrs, web
from pydantic import BaseModel, Field, RootModel

from api.access.cookie import cookie_of, csrf_of, set_cookie, take_cookie
from api.access.door import Terms
from api.access.passwords import LONGEST, check_password
from api.access.peer import Peers
from api.access.rights import scopes_of_user, to_do
from api.access.signing_in import SignedIn, SigningIn
from api.problem import NotDone
from api.route import Asked, Route, Table
from api.scopes import Scope
from api.serving import told_as_json
from db.sign_ins import IDLE, Browser, SignIn
from db.users import User


class Credentials(BaseModel, extra="forbid"):
    """An address and a password."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=LONGEST)


class Code(BaseModel, extra="forbid"):
    """A code of the app, or a recovery code."""

    code: str = Field(min_length=6, max_length=40)


class NewPassword(BaseModel, extra="forbid"):
    """A password in place of the present one; 12 characters at least."""

    current: str = Field(min_length=1, max_length=LONGEST)
    new: str = Field(min_length=1, max_length=LONGEST)


class Credential(RootModel[dict[str, Any]]):
    """What `navigator.credentials` answered, in JSON. Any: the standard's own structure."""


class WebauthnOptions(RootModel[dict[str, Any]]):
    """What `navigator.credentials` is asked, in JSON. Any: the standard's own structure."""


class Me(BaseModel):
    """Whoever is signed in."""

    id: str
    email: str
    name: str
    role: str
    language: str
    totp: bool
    webauthn: bool

    @classmethod
    def of(cls, user: User) -> "Me":
        """The user, as they see themselves."""
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            language=user.language,
            totp=user.totp,
            webauthn=bool(user.passkeys),
        )


class Step(BaseModel):
    """How far signing in is; `second_factor` is what to ask for next, `none` when it is done.

    `second_factors` are all that would do.
    """

    user: Me
    second_factor: str
    second_factors: list[str]


class Session(BaseModel):
    """Who is signed in, what they may do, and what they must do first (`password`, `second_factor`)."""

    user: Me
    scopes: list[str]
    to_do: list[str]
    csrf: str
    idle_s: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Reception:
    """What these routes work with."""

    signing_in: SigningIn
    peers: Peers
    terms: Terms

    def browser(self, request: web.Request) -> Browser:
        """Where somebody signs in. Raises NotDone where others could read along."""
        peer = self.peers.of(request)
        if not peer.private:
            raise NotDone(
                403, "use_https", "sign in over https: set api.certificate, or a proxy in api.proxies"
            )
        return Browser(peer.address, request.headers.get(hdrs.USER_AGENT, ""))

    def secure(self, request: web.Request) -> bool:
        """Whether the cookie is for https alone; over plain http it is for this very machine."""
        return self.peers.of(request).origin.startswith("https:")


def routes(reception: Reception) -> Table:
    """`/v1/session`: POST and its further steps begin it, GET shows it, DELETE ends it."""
    signing_in, terms = reception.signing_in, reception.terms

    def stepped(request: web.Request, done: SignedIn) -> web.Response:
        waited = () if done.whole else done.factors
        step = Step(
            user=Me.of(done.user), second_factor=waited[0] if waited else "none", second_factors=list(waited)
        )
        response = told_as_json(step)
        set_cookie(response, done.cookie, secure=reception.secure(request))
        return response

    async def begin(asked: Asked[None, Credentials]) -> web.Response:
        browser = reception.browser(asked.request)
        done = await signing_in.by_password(asked.body.email, asked.body.password, browser)
        await signing_in.sign_ins.end(cookie_of(asked.request))  # of whoever sat here before
        return stepped(asked.request, done)

    async def code(asked: Asked[None, Code]) -> web.Response:
        browser = reception.browser(asked.request)
        return stepped(
            asked.request, await signing_in.by_code(cookie_of(asked.request), asked.body.code, browser)
        )

    async def ask_passkey(asked: Asked[None, None]) -> WebauthnOptions:
        site = reception.peers.site(asked.request)
        return WebauthnOptions(await signing_in.ask_passkey(cookie_of(asked.request), site))

    async def passkey(asked: Asked[None, Credential]) -> web.Response:
        request, browser = asked.request, reception.browser(asked.request)
        site = reception.peers.site(request)
        done = await signing_in.by_passkey(cookie_of(request), asked.body.root, site, browser)
        return stepped(request, done)

    async def show(asked: Asked[None, None]) -> Session:
        cookie = cookie_of(asked.request)
        return _session(await _signed_in(signing_in, cookie), cookie, terms)

    async def end(asked: Asked[None, None]) -> web.Response:
        await signing_in.sign_ins.end(cookie_of(asked.request))
        response = web.Response(status=204)
        take_cookie(response, secure=reception.secure(asked.request))
        return response

    async def password(asked: Asked[None, NewPassword]) -> web.Response:
        browser = reception.browser(asked.request)
        found = await _signed_in(signing_in, cookie_of(asked.request))
        await signing_in.confirm(found.user, asked.body.current, browser)
        check_password(asked.body.new, found.user.email)
        if asked.body.new == asked.body.current:
            raise NotDone(400, "bad_input", "choose another password than the present one")
        hashed = await signing_in.passwords.hash(asked.body.new)
        await signing_in.users.set_password(found.user.id, hashed)
        user = await signing_in.users.named(found.user.email)
        cookie = await signing_in.sign_ins.begin(user, browser, whole=True, factor=found.factor)
        return stepped(asked.request, SignedIn(cookie, user, True, ()))

    open_, own, at = Scope.OPEN, Scope.SELF, "/v1/session"
    key = f"{at}/webauthn"
    return [
        _post(at, begin, open_, "Sign in: address and password", body=Credentials, answer=Step),
        _post(f"{at}/totp", code, open_, "Sign in, second step: a code", body=Code, answer=Step),
        _post(f"{key}/options", ask_passkey, open_, "What a passkey is to sign", answer=WebauthnOptions),
        _post(key, passkey, open_, "Sign in, second step: a passkey", body=Credential, answer=Step),
        Route("GET", at, show, own, "Who is signed in, and what they may do", answer=Session),
        Route("DELETE", at, end, own, "Sign out", status=204),
        _post(f"{at}/password", password, own, "Change one's own password", body=NewPassword, answer=Step),
    ]


def _post(
    path: str,
    handler: Any,
    scope: Scope,
    summary: str,
    *,
    body: type[BaseModel] | None = None,
    answer: type[BaseModel],
) -> Route[Any, Any]:
    """A step is never repeated by its idempotency key: it hands out a cookie. Any: of handlers and models."""
    return Route("POST", path, handler, scope, summary, body=body, answer=answer, replays=False)


async def _signed_in(signing_in: SigningIn, cookie: str) -> SignIn:
    found = await signing_in.sign_ins.find(cookie) if cookie else None
    if found is None:
        raise NotDone(404, "not_found", "a key is no session: sign in with a browser")
    return found


def _session(found: SignIn, cookie: str, terms: Terms) -> Session:
    user, must = found.user, terms.second_factor
    return Session(
        user=Me.of(user),
        scopes=sorted(scope.value for scope in scopes_of_user(user, second_factor=must)),
        to_do=to_do(user, second_factor=must),
        csrf=csrf_of(cookie),
        idle_s=round(IDLE.total_seconds()),
        until=found.until,
    )
