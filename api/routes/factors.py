"""One's own second factors, below `/v1/users/{id}`: an app with codes, and passkeys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from api.access import passkeys as webauthn
from api.access import totp
from api.access.cookie import cookie_of
from api.access.peer import Peers
from api.problem import NoSuch, NotDone
from api.route import Asked, Route, Table
from api.routes.links import qr_svg
from api.routes.session import Code, WebauthnOptions
from api.scopes import Scope
from core.clock import Clock
from core.errors import BadInput
from db.factors import StoredFactors
from db.passkeys import Passkey, StoredPasskeys
from db.sign_ins import IDLE, StoredSignIns
from db.users import StoredUsers, User

_NAME: Final = r"^[^\x00-\x1f\x7f]*$"


class App(BaseModel):
    """A secret for an app, as text and as a QR code; codes are asked for once the first was right."""

    secret: str
    address: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    """Codes for whoever loses the app, each good once; they are shown once."""

    recovery_codes: list[str]


class PasskeyOrder(BaseModel, extra="forbid"):
    """A new passkey: what the browser answered, and what its owner calls it. Any: the standard's own."""

    credential: dict[str, Any]
    name: str = Field("", max_length=60, pattern=_NAME)


class PasskeyOut(BaseModel):
    """A passkey."""

    id: str
    name: str
    created_at: datetime
    used_at: datetime | None


class Passkeys(BaseModel):
    """All of a user."""

    data: list[PasskeyOut]


@dataclass(frozen=True, slots=True)
class Factors:
    """What these routes work with; `company` is what an app shows."""

    users: StoredUsers
    factors: StoredFactors
    passkeys: StoredPasskeys
    sign_ins: StoredSignIns
    peers: Peers
    clock: Clock
    company: str


def routes(factors: Factors) -> Table:
    """Factors are their owner's: an admin takes them away by a reset, and adds none."""
    return [*_app(factors), *_passkeys(factors)]


def _app(factors: Factors) -> Table:
    kept = factors.factors

    async def begin(asked: Asked[None, None]) -> App:
        user, secret = await _self(factors, asked), totp.new_secret()
        await kept.begin_totp(user.id, secret)
        address = totp.app_address(secret, user.email, factors.company)
        return App(secret=secret, address=address, qr_svg=qr_svg(address))

    async def confirm(asked: Asked[None, Code]) -> RecoveryCodes:
        user = await _self(factors, asked)
        app = await kept.totp(user.id)
        step = totp.step_of(app.secret, asked.body.code, factors.clock.now()) if app is not None else None
        codes = totp.recovery_codes()
        if step is None or not await kept.confirm_totp(user.id, step, codes):
            raise BadInput("the code is not right: look whether the clock of the app is, and take the next")
        return RecoveryCodes(recovery_codes=codes)

    async def remove(asked: Asked[None, None]) -> None:
        await kept.remove_totp((await _fresh(factors, asked)).id)

    own, at = Scope.SELF, "/v1/users/{id}/totp"
    first = "The app's first code; gives recovery codes"
    return [
        Route("POST", at, begin, own, "A secret for an app", answer=App, replays=False),
        Route("PUT", at, confirm, own, first, body=Code, answer=RecoveryCodes),
        Route("DELETE", at, remove, own, "Ask for codes no more", status=204),
    ]


def _passkeys(factors: Factors) -> Table:
    kept = factors.passkeys

    async def ask(asked: Asked[None, None]) -> WebauthnOptions:
        user, site = await _self(factors, asked), factors.peers.site(asked.request)
        options, challenge = webauthn.registration(site, user, await kept.of(user.id))
        await factors.sign_ins.challenge(cookie_of(asked.request), challenge)
        return WebauthnOptions(options)

    async def add(asked: Asked[None, PasskeyOrder]) -> PasskeyOut:
        user, site = await _self(factors, asked), factors.peers.site(asked.request)
        challenge = await factors.sign_ins.take_challenge(cookie_of(asked.request))
        if challenge is None:
            raise BadInput("ask for the options first: a challenge is good once")
        made = webauthn.registered(site, challenge, asked.body.credential)
        name = asked.body.name or "passkey"
        return _shown(await kept.add(made.id, user.id, name, made.public_key, made.counter))

    async def listed(asked: Asked[None, None]) -> Passkeys:
        user = await _self(factors, asked)
        return Passkeys(data=[_shown(one) for one in await kept.of(user.id)])

    async def remove(asked: Asked[None, None]) -> None:
        user, name = await _fresh(factors, asked), asked.part("passkey")
        if not await kept.remove(user.id, name):
            raise NoSuch("passkey", name)

    own, at = Scope.SELF, "/v1/users/{id}/webauthn"
    made_from = "What the browser makes a passkey from"
    return [
        Route("POST", f"{at}/options", ask, own, made_from, answer=WebauthnOptions, replays=False),
        Route(
            "POST",
            at,
            add,
            own,
            "Add a passkey",
            body=PasskeyOrder,
            answer=PasskeyOut,
            status=201,
            replays=False,
        ),
        Route("GET", at, listed, own, "One's own passkeys", answer=Passkeys),
        Route("DELETE", f"{at}/{{passkey}}", remove, own, "Remove a passkey", status=204),
    ]


async def _self(factors: Factors, asked: Asked[Any, Any]) -> User:
    """Whoever asks, when the path names them, by id or as `me`. Any: whatever they asked for."""
    if asked.part("id") not in ("me", asked.who.id):
        raise NotDone(403, "not_allowed", "second factors are for their owner alone; reset the user instead")
    user = await factors.users.find(asked.who.id)
    if user is None:
        raise NotDone(403, "not_allowed", "a key has no second factor")
    return user


async def _fresh(factors: Factors, asked: Asked[Any, Any]) -> User:
    """The same, who signed in a moment ago: a browser that was left open takes no factor away."""
    user, found = await _self(factors, asked), await factors.sign_ins.find(cookie_of(asked.request))
    if found is None or factors.clock.now() - found.since > IDLE:
        raise NotDone(403, "sign_in_again", "sign in again to remove a second factor")
    return user


def _shown(passkey: Passkey) -> PasskeyOut:
    return PasskeyOut.model_validate(passkey, from_attributes=True)
