"""Short tokens between programs (JWT, RFC 7519): HS256, five minutes, no wider than their key."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from core.clock import Clock
from core.ids import new_id

LASTS: Final = timedelta(minutes=5)
_ALGORITHM: Final = "HS256"
_US: Final = "tellerline"


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose token it is: the id of a key, and the rights that were asked for."""

    key: str
    scopes: frozenset[str]


class Tokens:
    """Makes and reads tokens; `secret` gives 32 bytes or more, the same on all nodes."""

    def __init__(self, secret: Callable[[], Awaitable[bytes]], clock: Clock) -> None:
        self._secret, self._clock = secret, clock
        self._key: OctKey | None = None

    async def make(self, key: str, scopes: Iterable[str]) -> str:
        """A token of a key."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": _US,
            "aud": _US,
            "sub": key,
            "iat": now,
            "nbf": now,
            "exp": now + int(LASTS.total_seconds()),
            "jti": new_id("tok"),
            "scope": " ".join(sorted(scopes)),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, await self._signing())

    async def read(self, token: str) -> Claims | None:
        """What a token says; None for one that is not ours, not for us, or over."""
        wanted = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            iss={"essential": True, "value": _US},
            aud={"essential": True, "value": _US},
            sub={"essential": True},
            exp={"essential": True},
            scope={"essential": True, "allow_blank": True},
        )
        key = await self._signing()
        try:
            claims = jwt.decode(token, key, algorithms=[_ALGORITHM]).claims
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError):
            return None
        return Claims(str(claims["sub"]), frozenset(str(claims["scope"]).split()))

    async def _signing(self) -> OctKey:
        if self._key is None:
            self._key = OctKey.import_key(await self._secret())
        return self._key
