"""Signing in, step by step: password, then what the user has beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.access import passkeys as webauthn
from api.access import totp
from api.access.passkeys import BadPasskey, Options, Site
from api.access.passwords import Passwords
from api.problem import NotDone
from core.clock import Clock
from db.access_trail import AccessTrail
from db.actor import Actor
from db.factors import StoredFactors
from db.passkeys import Passkey, StoredPasskeys
from db.sign_ins import Browser, SignIn, StoredSignIns
from db.tries import StoredTries
from db.users import StoredUsers, User

_WRONG: Final = "the address, the password or the code is not right"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A cookie for a browser; not `whole` while one of `factors` is waited for."""

    cookie: str
    user: User
    whole: bool
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigningIn:
    """What signing in stands on."""

    users: StoredUsers
    sign_ins: StoredSignIns
    tries: StoredTries
    factors: StoredFactors
    passkeys: StoredPasskeys
    trail: AccessTrail
    passwords: Passwords
    clock: Clock

    async def by_password(self, email: str, password: str, browser: Browser) -> SignedIn:
        """The first step. Raises NotDone: the same words, after the same time, for whatever is wrong."""
        await self._count(email, browser)
        found = await self.users.with_password(email)
        user, hashed = found or (None, None)
        right = await self.passwords.same(hashed, password)
        if user is None or not right or not self._may_come_in(user):
            raise await self._refused(user, "password", browser)
        factors = factors_of(user)
        if factors:
            await self.tries.uncount(email)
        else:
            await self.tries.forget(email)
        cookie = await self.sign_ins.begin(user, browser, whole=not factors)
        return SignedIn(cookie, user, not factors, factors)

    async def by_code(self, cookie: str, code: str, browser: Browser) -> SignedIn:
        """The second step: a code of the app, or a recovery code. Raises NotDone."""
        user = (await self._waiting(cookie)).user
        await self._count(user.email, browser)
        if totp.is_code(code):
            right, factor = await self._totp(user, code), "totp"
        else:
            right, factor = await self.factors.use_recovery(user.id, totp.plain(code)), "recovery"
        if not right:
            raise await self._refused(user, factor, browser)
        return await self._whole(cookie, user, factor, browser)

    async def ask_passkey(self, cookie: str, site: Site) -> Options:
        """What the browser is to have signed. Raises NotDone."""
        user = (await self._waiting(cookie)).user
        options, challenge = webauthn.assertion(site, await self.passkeys.of(user.id))
        await self.sign_ins.challenge(cookie, challenge)
        return options

    async def by_passkey(
        self, cookie: str, answer: Mapping[str, Any], site: Site, browser: Browser
    ) -> SignedIn:
        """The second step, by a passkey that signed what `ask_passkey` gave out. Raises NotDone."""
        user = (await self._waiting(cookie)).user
        await self._count(user.email, browser)
        challenge = await self.sign_ins.take_challenge(cookie)
        known = {one.id: one for one in await self.passkeys.of(user.id)}
        passkey = known.get(str(answer.get("id")))
        if challenge is None or passkey is None or not await self._signed(site, challenge, answer, passkey):
            raise await self._refused(user, "webauthn", browser)
        return await self._whole(cookie, user, "webauthn", browser)

    async def confirm(self, user: User, password: str, browser: Browser) -> None:
        """Whether somebody who is signed in knows the password, before it is changed. Raises NotDone."""
        await self._count(user.email, browser)
        found = await self.users.with_password(user.email)
        if not await self.passwords.same(found[1] if found else None, password):
            raise await self._refused(user, "password", browser)
        await self.tries.forget(user.email)

    async def _totp(self, user: User, code: str) -> bool:
        app = await self.factors.totp(user.id)
        step = totp.step_of(app.secret, code, self.clock.now()) if app is not None and app.confirmed else None
        return step is not None and await self.factors.use_step(user.id, step)

    async def _signed(
        self, site: Site, challenge: bytes, answer: Mapping[str, Any], passkey: Passkey
    ) -> bool:
        try:
            counter = webauthn.asserted(site, challenge, answer, passkey)
        except BadPasskey:
            return False
        return await self.passkeys.used(passkey.id, counter)

    async def _whole(self, cookie: str, user: User, factor: str, browser: Browser) -> SignedIn:
        new = await self.sign_ins.complete(cookie, user, browser, factor)
        if new is None:
            raise _begin_again()
        await self.tries.forget(user.email)
        return SignedIn(new, user, True, factors_of(user))

    async def _waiting(self, cookie: str) -> SignIn:
        found = await self.sign_ins.find(cookie) if cookie else None
        if found is None or found.whole:
            raise _begin_again()
        return found

    async def _count(self, email: str, browser: Browser) -> None:
        until = await self.tries.count(email)
        if until is not None:
            raise locked(until, self.clock.now())

    async def _refused(self, user: User | None, factor: str, browser: Browser) -> NotDone:
        actor = Actor("nobody", browser.address)
        await self.trail.note(actor, "sign-in refused", user.id if user else "unknown", {"factor": factor})
        return NotDone(401, "wrong_credentials", _WRONG)

    def _may_come_in(self, user: User) -> bool:
        over = user.password_until is not None and user.password_until < self.clock.now()
        return user.locked_at is None and not over


def factors_of(user: User) -> tuple[str, ...]:
    """What a user has beside the password, the strongest first."""
    return (*(("webauthn",) if user.passkeys else ()), *(("totp",) if user.totp else ()))


def locked(until: datetime, now: datetime) -> NotDone:
    """Too many tries: also for an address that nobody has."""
    left_s = max(1, round((until - now).total_seconds()))
    told = f"too many wrong tries: this address is locked for {-(-left_s // 60)} minutes"
    return NotDone(429, "locked", told, {"Retry-After": str(left_s)})


def _begin_again() -> NotDone:
    return NotDone(401, "unauthorized", "begin again with address and password")
